package state

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// How often a target is read, besides at the blocks where prices can change.
const (
	daily = "daily"
	once  = "once"
)

// A lookup is a function of a contract that names the contract to read.
type lookup struct {
	at   common.Address
	data string
}

// listPositions lists what is read of the places where a vault may have something or owe.
func (s *stateRun) listPositions(ctx context.Context) error {
	for i, v := range s.vaults {
		asset, hasAsset := assetOf(v.vault)
		for _, c := range v.vault.Contracts {
			f, known := family.Of(c.Family)
			if !known || !vault.IsPlace(c.Role, f) {
				continue
			}
			market, address := common.HexToAddress(c.Address), strings.ToLower(c.Address)
			accounts, err := s.accountsIn(ctx, v.vault, market, f)
			if err != nil {
				return err
			}
			items, err := s.itemsOf(ctx, market, f, accounts)
			if err != nil {
				return err
			}
			if f.Items == family.ItemCoins && hasAsset && !slices.Contains(items, common.BytesToHash(asset[:])) {
				items = append(items, common.BytesToHash(asset[:]))
			}
			for _, r := range f.PositionReads() {
				for _, words := range combinations(r.Key(), accounts, items, asset, hasAsset) {
					s.caller.targets = append(s.caller.targets, positionTarget(i, market, address, r, f, words))
				}
			}
		}
	}
	return nil
}

// positionTarget is a read with its arguments in the order of the read's key.
func positionTarget(v int, market common.Address, address string, r family.PositionRead, f family.Family, words []common.Hash) callTarget {
	texts := make([]string, len(words))
	for i, kind := range r.Key() {
		switch {
		case kind == family.ByShares:
			texts[i] = words[i].Big().String()
		case kind == family.ByItem && f.Items == family.ItemIDs:
			texts[i] = words[i].Hex()
		default:
			texts[i] = rpc.HexText(words[i][12:])
		}
	}
	t := callTarget{read: r.Read, vault: v, to: market, address: address, argument: strings.Join(texts, " "), often: daily}
	if r.IsLasting {
		t.often = once
	}
	if r.Of != "" {
		t.of, t.ofWord = &lookup{market, string(withWords(r.Of, words[:1]))}, r.OfWord
		words = words[1:]
	}
	t.data = withWords(r.Signature, words)
	return t
}

// withWords is the data of a call with arguments.
func withWords(signature string, words []common.Hash) []byte {
	data := Selector(signature)
	for _, w := range words {
		data = append(data, w[:]...)
	}
	return data
}

// combinations are all lists of arguments of the given kinds.
func combinations(kinds []family.Argument, accounts []common.Address, items []common.Hash, asset common.Address, hasAsset bool) [][]common.Hash {
	lists := [][]common.Hash{nil}
	for _, kind := range kinds {
		var values []common.Hash
		switch kind {
		case family.ByAccount:
			for _, a := range accounts {
				values = append(values, common.BytesToHash(a[:]))
			}
		case family.ByItem:
			values = items
		case family.ByAsset:
			if hasAsset {
				values = []common.Hash{common.BytesToHash(asset[:])}
			}
		case family.ByShares:
			values = []common.Hash{common.BigToHash(family.PositionShares)}
		}
		var longer [][]common.Hash
		for _, list := range lists {
			for _, v := range values {
				longer = append(longer, append(slices.Clone(list), v))
			}
		}
		lists = longer
	}
	return lists
}

func assetOf(v vault.Vault) (common.Address, bool) {
	for _, c := range v.Contracts {
		if c.Role == vault.RoleAsset {
			return common.HexToAddress(c.Address), true
		}
	}
	return common.Address{}, false
}

// accountsIn are a vault's accounts, with those sub-accounts of theirs that a market's logs
// name, where it knows such.
func (s *stateRun) accountsIn(ctx context.Context, v vault.Vault, market common.Address, f family.Family) ([]common.Address, error) {
	var accounts []common.Address
	for _, text := range v.Accounts() {
		accounts = append(accounts, common.HexToAddress(text))
	}
	if !f.HasSubAccounts {
		return accounts, nil
	}
	named, err := s.topicsOf(ctx, market, "topic1", "topic2", "topic3")
	if err != nil {
		return nil, err
	}
	owners := slices.Clone(accounts)
	for _, word := range named {
		account := common.BytesToAddress(word[12:])
		isOurs := slices.ContainsFunc(owners, func(o common.Address) bool { return bytes.Equal(o[:19], account[:19]) })
		if isAddress(word) && isOurs && !slices.Contains(accounts, account) {
			accounts = append(accounts, account)
		}
	}
	return accounts, nil
}

// itemsOf are the markets or tokens about which a contract is asked.
func (s *stateRun) itemsOf(ctx context.Context, market common.Address, f family.Family, accounts []common.Address) ([]common.Hash, error) {
	if f.Items == family.NoItems {
		return nil, nil
	}
	named, err := s.topicsOf(ctx, market, "topic1")
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(named, func(word common.Hash) bool {
		if f.Items == family.ItemIDs {
			return isAddress(word)
		}
		return !isAddress(word) || slices.Contains(accounts, common.BytesToAddress(word[12:]))
	}), nil
}

func isAddress(word common.Hash) bool { return IsZero(word[:12]) && !IsZero(word[12:]) }

// topicsOf are the words that a contract's logs have in some topics, in order.
func (s *stateRun) topicsOf(ctx context.Context, at common.Address, topics ...string) ([]common.Hash, error) {
	var words []common.Hash
	err := store.Each(ctx, s.conn, fmt.Sprintf(`
select distinct unnest([%s]) as word
from raw.logs
where chain_id = ? and address = ? and block_number <= ?
order by word`, strings.Join(topics, ", ")), []any{int64(s.opt.ChainID), at.Bytes(), s.opt.To}, func(rows *sql.Rows) error {
		var word []byte
		if err := rows.Scan(&word); err != nil {
			return err
		}
		if len(word) == common.HashLength {
			words = append(words, common.BytesToHash(word))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the topics of %s: %w", at, err)
	}
	return words, nil
}

// findSilentLoans finds the very block in which an account came to owe a market that lends
// without a log: its balances of two days say that it did, and the node's states in between
// when. The first block of each such debt is kept under a name of its own.
func (s *stateRun) findSilentLoans(ctx context.Context) error {
	for _, t := range s.caller.targets {
		c := s.contractOf(t)
		if f, known := family.Of(c.Family); !known || !f.LendsSilently || t.read.Name != silentDebt {
			continue
		}
		spans, err := store.Pairs(ctx, s.conn, `
with
debts as (
    select
        block_number,
        coalesce(value, 0::bignum) as debt,
        lag(block_number) over so_far as block_before,
        lag(coalesce(value, 0::bignum)) over so_far as debt_before
    from raw.states
    where chain_id = $1 and address = $2 and field = $3 and argument = $4 and status in ('ok', 'no_code')
    window so_far as (order by block_number)
)
select block_before, block_number
from debts
where
    debt > 0::bignum and debt_before = 0::bignum
    and not exists (
        select 1 from raw.states as found
        where
            found.chain_id = $1 and found.address = $2 and found.field = $5 and found.argument = $4
            and found.block_number > debts.block_before and found.block_number <= debts.block_number
    )
order by block_number`, int64(s.opt.ChainID), t.address, t.read.Field(), t.argument, t.read.Field()+firstOfDebt)
		if err != nil {
			return err
		}
		for _, span := range spans {
			if err := s.findLoan(ctx, t, span[0], span[1]); err != nil {
				return err
			}
		}
	}
	return nil
}

const (
	silentDebt  = "borrowBalanceOf"
	firstOfDebt = ".first" // follows the field of a debt's first block
)

// findLoan finds the first block after low, where nothing was owed, in which something was,
// as it is at high.
func (s *stateRun) findLoan(ctx context.Context, t callTarget, low, high int64) error {
	var debt *big.Int
	for low+1 < high || debt == nil {
		n := high
		if debt != nil {
			n = low + (high-low)/2
		}
		data, ok, err := AskOne(ctx, s.node, t.to, t.data, n)
		if failed, is := errors.AsType[*rpc.Error](err); is && failed.Class == rpc.StateMissing {
			return nil // the days alone tell of the debt
		}
		if err != nil {
			return err
		}
		if owed := new(big.Int).SetBytes(data[:min(32, len(data))]); ok && owed.Sign() > 0 {
			debt, high = owed, n
			continue
		}
		if n == high {
			return nil // it is no longer so
		}
		low = n
	}
	headers, err := rpc.FetchHeaders(ctx, s.node, []int64{high})
	if err != nil {
		return err
	}
	return store.InTransactionOn(ctx, s.conn, func() error {
		if err := WriteHeaders(ctx, s.conn, s.opt.ChainID, headers); err != nil {
			return err
		}
		_, err := s.conn.ExecContext(ctx, "insert into raw.states values (?, ?, ?, ?, ?, ?, ?, ?::bignum, null)",
			int64(s.opt.ChainID), high, headers[0].At, t.address, t.read.Field()+firstOfDebt, t.argument, ReadOK, debt.String())
		return err
	})
}

// contractOf is the contract that a position's read is about.
func (s *stateRun) contractOf(t callTarget) vault.Contract {
	for _, c := range s.vaults[t.vault].vault.Contracts {
		if strings.EqualFold(c.Address, t.address) {
			return c
		}
	}
	return vault.Contract{}
}
