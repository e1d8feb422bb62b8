package prove

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/blocks"
	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/snippet"
	"github.com/vaultperf/vaultperf/extract/state"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
)

// Samples of holders: the largest, and some at random.
const (
	largestHolders = 3
	randomHolders  = 5
)

// A movement is a share transfer, or a settlement that states the totals.
type movement struct {
	block, index int64
	from, to     common.Address
	value        *big.Int

	event          string // of a settlement; empty: a transfer
	assets, supply *big.Int
}

var transferLog = crypto.Keccak256Hash([]byte("Transfer(address,address,uint256)"))

// settlementLogs are the names of the events that state the totals, by topic0;
// valuationLogs are the topics of others that change the total assets.
var settlementLogs, valuationLogs = func() (map[common.Hash]string, []common.Hash) {
	settlements := map[common.Hash]string{}
	var valuations []common.Hash
	for _, f := range family.All() {
		for _, signature := range f.Settlements {
			name, _, _ := strings.Cut(signature, "(")
			settlements[crypto.Keccak256Hash([]byte(signature))] = name
		}
		for _, signature := range f.OtherValuations {
			valuations = append(valuations, crypto.Keccak256Hash([]byte(signature)))
		}
	}
	return settlements, valuations
}()

// accounts is L3: the sums of the logs must equal what the contract says.
func (v *verifier) accounts(ctx context.Context, one vault.Vault) (Verification, error) {
	result, err := v.sums(ctx, one)
	var refused *rpc.Error
	if errors.As(err, new(*state.PrunedError)) || errors.As(err, &refused) && refused.Class == rpc.StateMissing {
		return Verification{Verdict: Unproved, Detail: "the node has pruned the state that the sums are compared with"}, nil
	}
	return result, err
}

func (v *verifier) sums(ctx context.Context, one vault.Vault) (Verification, error) {
	f, known := family.Of(one.Family)
	if !known || len(f.Price) == 0 {
		return Verification{Verdict: Unproved, Detail: "the sums of this family are not known"}, nil
	}
	movements, err := v.movements(ctx, one)
	if err != nil {
		return Verification{}, err
	}
	points, err := v.checkpoints(ctx, one, "totalSupply")
	if err != nil {
		return Verification{}, err
	}
	if len(points) == 0 {
		return Verification{Verdict: Unproved, Detail: "the supply was read at no block"}, nil
	}
	if f.IsSupplyInLogs {
		if found, err := v.checkSupply(ctx, one, movements, points); err != nil || found.FaultBlock > 0 {
			return found, err
		}
	}
	if found, err := v.checkSettlements(ctx, one, movements); err != nil || found.FaultBlock > 0 {
		return found, err
	}
	holders, found, err := v.checkHolders(ctx, one, movements, points[len(points)-1].block)
	if err != nil || found.FaultBlock > 0 {
		return found, err
	}
	result := Verification{Blocks: int64(len(points)), Verdict: Proved}
	result.Detail = fmt.Sprintf("mints less burns are the supply at %d blocks, %d holders' balances are the sums of their transfers", len(points), holders)
	if !f.IsSupplyInLogs {
		result.Verdict = Checked
		result.Detail = fmt.Sprintf("%d holders' balances are the sums of their transfers; the supply of this family is not", holders)
	}
	return result, nil
}

// movements are a vault's share transfers and settlements, in order.
func (v *verifier) movements(ctx context.Context, one vault.Vault) (all []movement, err error) {
	var topics [3]sql.RawBytes
	var data sql.RawBytes
	err = store.Each(ctx, v.conn, `
select block_number, log_index, topic0, topic1, topic2, data
from raw.logs
where
    chain_id = ? and address = unhex(?) and block_number <= ? and topic2 is not null and topic3 is null
order by block_number, log_index`, []any{int64(one.ChainID), one.Address[2:], v.opt.To}, func(rows *sql.Rows) error {
		var m movement
		if err := rows.Scan(&m.block, &m.index, &topics[0], &topics[1], &topics[2], &data); err != nil {
			return err
		}
		name := settlementLogs[common.BytesToHash(topics[0])]
		switch {
		case bytes.Equal(topics[0], transferLog[:]) && len(data) == 32:
			m.from, m.to = common.BytesToAddress(topics[1]), common.BytesToAddress(topics[2])
			m.value = new(big.Int).SetBytes(data)
		case name != "" && len(data) == 128:
			m.event = name
			m.assets, m.supply = new(big.Int).SetBytes(data[:32]), new(big.Int).SetBytes(data[32:64])
		default:
			return nil
		}
		all = append(all, m)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read transfers: %w", err)
	}
	return all, nil
}

// A point is a value read at a block.
type point struct {
	block int64
	at    time.Time
	value *big.Int
}

func (v *verifier) checkpoints(ctx context.Context, one vault.Vault, field string) ([]point, error) {
	points, err := store.Collect(ctx, v.conn, `
select block_number, block_timestamp, value::varchar
from raw.states
where chain_id = ? and address = ? and field = ? and status = 'ok' and block_number <= ?
order by block_number`, []any{int64(one.ChainID), one.Address, field, v.opt.To}, func(rows *sql.Rows, p *point) error {
		var text string
		if err := rows.Scan(&p.block, &p.at, &text); err != nil {
			return err
		}
		var ok bool
		if p.value, ok = new(big.Int).SetString(text, 10); !ok {
			return fmt.Errorf("%s is no number", snippet.Of(text, 40))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read states: %w", err)
	}
	return points, nil
}

// supplyAt is the sum of mints less burns by the end of a block.
func supplyAt(movements []movement, block int64) *big.Int {
	sum := new(big.Int)
	for _, m := range movements {
		if m.block > block {
			break
		}
		m.addTo(sum)
	}
	return sum
}

func (m movement) addTo(supply *big.Int) {
	if m.event != "" {
		return
	}
	if m.from == (common.Address{}) {
		supply.Add(supply, m.value)
	}
	if m.to == (common.Address{}) {
		supply.Sub(supply, m.value)
	}
}

// checkSupply compares the running supply with the supply that was read. If they differ it
// searches, by asking the node for the supply at blocks in between, for the block whose
// mint or burn is missing.
func (v *verifier) checkSupply(ctx context.Context, one vault.Vault, movements []movement, points []point) (Verification, error) {
	sum := new(big.Int)
	next, sound := 0, v.spans[one.ID].first-1
	for _, p := range points {
		for ; next < len(movements) && movements[next].block <= p.block; next++ {
			movements[next].addTo(sum)
		}
		if sum.Cmp(p.value) == 0 {
			sound = p.block
			continue
		}
		at, err := blocks.First(ctx, sound+1, p.block, func(ctx context.Context, n int64) (bool, error) {
			data, ok, err := state.AskOne(ctx, v.node, common.HexToAddress(one.Address), state.Selector("totalSupply()"), n)
			if err != nil || !ok || len(data) < 32 {
				return false, err
			}
			return new(big.Int).SetBytes(data[:32]).Cmp(supplyAt(movements, n)) != 0, nil
		})
		if err != nil {
			return Verification{}, err
		}
		found := fault(at, "mints less burns in the logs no longer make the supply; by block %d they make %s, totalSupply is %s", p.block, sum, p.value)
		if one.StartBlock > 0 && at == v.spans[one.ID].first {
			found.Detail += fmt.Sprintf("; logs are asked for from start_block %d on: was the vault made before?", one.StartBlock)
		}
		return found, nil
	}
	return Verification{}, nil
}

// checkSettlements compares the totals that settlements state with the running supply, and
// with the assets read at the end of the block if no later log changes them.
func (v *verifier) checkSettlements(ctx context.Context, one vault.Vault, movements []movement) (Verification, error) {
	sum := new(big.Int)
	last := map[int64]movement{} // of each block
	for _, m := range movements {
		m.addTo(sum)
		if m.event == "" {
			continue
		}
		last[m.block] = m
		if m.supply.Cmp(sum) != 0 {
			return fault(m.block, "%s of log %d says a supply of %s, mints less burns make %s", m.event, m.index, m.supply, sum), nil
		}
	}
	if len(last) == 0 {
		return Verification{}, nil
	}
	later, err := v.laterValuations(ctx, one)
	if err != nil {
		return Verification{}, err
	}
	points, err := v.checkpoints(ctx, one, "totalAssets")
	if err != nil {
		return Verification{}, err
	}
	for _, p := range points {
		m, isSettled := last[p.block]
		if !isSettled || later[p.block] > m.index {
			continue
		}
		if m.assets.Cmp(p.value) != 0 {
			return fault(p.block, "%s of log %d says total assets of %s, the vault %s", m.event, m.index, m.assets, p.value), nil
		}
	}
	return Verification{}, nil
}

// laterValuations are, by block, the last log that changes the total assets without
// settling.
func (v *verifier) laterValuations(ctx context.Context, one vault.Vault) (map[int64]int64, error) {
	topics := make([]string, len(valuationLogs))
	for i, topic := range valuationLogs {
		topics[i] = hex.EncodeToString(topic[:])
	}
	rows, err := store.Pairs(ctx, v.conn, `
select block_number, max(log_index)
from raw.logs
where
    chain_id = ? and address = unhex(?)
    and lower(hex(topic0)) in (select unnest(string_split(?, ',')))
group by block_number`, int64(one.ChainID), one.Address[2:], strings.Join(topics, ","))
	later := map[int64]int64{}
	for _, row := range rows {
		later[row[0]] = row[1]
	}
	return later, err
}

// checkHolders compares some holders' balances at a block with the sums of their transfers.
// Balances are kept in raw.states, so that each is read only once.
func (v *verifier) checkHolders(ctx context.Context, one vault.Vault, movements []movement, block int64) (int, Verification, error) {
	balances := map[common.Address]*big.Int{}
	change := func(holder common.Address, value *big.Int, sign int64) {
		if holder == (common.Address{}) || holder == common.HexToAddress(one.Address) {
			return // a vault's own shares may be locked profit, which shrinks without a transfer
		}
		if balances[holder] == nil {
			balances[holder] = new(big.Int)
		}
		balances[holder].Add(balances[holder], new(big.Int).Mul(value, big.NewInt(sign)))
	}
	for _, m := range movements {
		if m.event == "" && m.block <= block {
			change(m.from, m.value, -1)
			change(m.to, m.value, 1)
		}
	}
	holders := v.sampleHolders(balances)
	known, err := v.knownBalances(ctx, one, block)
	if err != nil {
		return 0, Verification{}, err
	}
	var unknown []common.Address
	for _, h := range holders {
		if _, isKnown := known[h]; !isKnown {
			unknown = append(unknown, h)
		}
	}
	if len(unknown) > 0 {
		reads, err := state.ReadBalances(ctx, v.node, v.opt.ChainID, common.HexToAddress(one.Address), unknown, block)
		if err != nil {
			return 0, Verification{}, err
		}
		if err := v.keepBalances(ctx, one, block, unknown, reads); err != nil {
			return 0, Verification{}, err
		}
		for i, h := range unknown {
			if reads[i].Status == state.ReadOK {
				known[h] = reads[i].Value
			}
		}
	}
	checked := 0
	for _, h := range holders {
		got, isKnown := known[h]
		if !isKnown {
			continue
		}
		if got.Cmp(balances[h]) != 0 {
			return 0, fault(block, "the transfers of holder %s make %s, balanceOf is %s", rpc.HexText(h[:]), balances[h], got), nil
		}
		checked++
	}
	return checked, Verification{}, nil
}

// sampleHolders picks the largest holders and a random sample that is the same every time.
func (v *verifier) sampleHolders(balances map[common.Address]*big.Int) []common.Address {
	all := make([]common.Address, 0, len(balances))
	for h := range balances {
		all = append(all, h)
	}
	slices.SortFunc(all, func(a, b common.Address) int {
		if c := balances[b].Cmp(balances[a]); c != 0 {
			return c
		}
		return a.Cmp(b)
	})
	out := slices.Clone(all[:min(largestHolders, len(all))])
	rest := all[len(out):]
	order := func(h common.Address) uint64 {
		return Scramble(new(big.Int).SetBytes(h[12:]).Uint64() ^ v.opt.Seed)
	}
	slices.SortFunc(rest, func(a, b common.Address) int {
		if order(a) < order(b) {
			return -1
		}
		return 1
	})
	return append(out, rest[:min(randomHolders, len(rest))]...)
}

func (v *verifier) knownBalances(ctx context.Context, one vault.Vault, block int64) (map[common.Address]*big.Int, error) {
	known := map[common.Address]*big.Int{}
	err := store.Each(ctx, v.conn, `
select argument, value::varchar
from raw.states
where chain_id = ? and address = ? and field = 'balanceOf' and status = 'ok' and block_number = ?`, []any{int64(one.ChainID), one.Address, block}, func(rows *sql.Rows) error {
		var holder, text string
		if err := rows.Scan(&holder, &text); err != nil {
			return err
		}
		if n, ok := new(big.Int).SetString(text, 10); ok {
			known[common.HexToAddress(holder)] = n
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read states: %w", err)
	}
	return known, nil
}

func (v *verifier) keepBalances(ctx context.Context, one vault.Vault, block int64, holders []common.Address, reads []state.ReadResult) error {
	var at time.Time
	err := v.conn.QueryRowContext(ctx, "select min(block_timestamp) from raw.states where chain_id = ? and block_number = ?",
		int64(one.ChainID), block).Scan(&at)
	if err != nil {
		return err
	}
	return store.InTransactionOn(ctx, v.conn, func() error {
		_, err := v.conn.ExecContext(ctx, "delete from raw.states where chain_id = ? and address = ? and field = 'balanceOf' and status <> 'ok' and block_number = ?",
			int64(one.ChainID), one.Address, block)
		if err != nil {
			return err
		}
		return models.Append(ctx, v.conn, "raw", "states", func(add func(values ...any) error) error {
			for i, h := range holders {
				var value any
				if reads[i].Status == state.ReadOK {
					value = reads[i].Value
				}
				err := add(int64(one.ChainID), block, at, one.Address, "balanceOf", rpc.HexText(h[:]), reads[i].Status, value, nil)
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
}
