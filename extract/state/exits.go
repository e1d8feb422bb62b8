package state

import (
	"bytes"
	"container/heap"
	"context"
	"database/sql"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/store"
)

// planExits plans what vaults are asked about what can be withdrawn of them: at each day's
// last block about whoever has the most shares by then, as their transfers tell.
func (s *stateRun) planExits(ctx context.Context, ends []dayEnd) error {
	for i, v := range s.vaults {
		ofHolder, ofVault := v.family.ExitReads()
		at, address := common.HexToAddress(v.vault.Address), v.vault.Address
		blocks := v.blocks(ends, s.opt.To)[daily]
		for _, r := range ofVault {
			if err := s.planOf(ctx, accountTarget(i, address, at, r, at, daily)); err != nil {
				return err
			}
		}
		if len(ofHolder) == 0 {
			continue
		}
		holders, err := s.largestHolders(ctx, at, blocks)
		if err != nil {
			return fmt.Errorf("find the largest holders of vault %s: %w", v.vault.ID, err)
		}
		for _, holder := range holders {
			often := holderOften + rpc.HexText(holder.account[:])
			const insert = "insert into temp.due_blocks select distinct ?, ?, unnest(string_split(?, ','))::bigint"
			if _, err := s.conn.ExecContext(ctx, insert, int32(i), often, store.JoinInts(holder.blocks)); err != nil {
				return err
			}
			for _, r := range ofHolder {
				if err := s.planOf(ctx, accountTarget(i, address, at, r, holder.account, often)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// holderOften precedes the holder in the frequency of reads about one.
const holderOften = "holder "

// accountTarget is a read of a vault's function that takes an account.
func accountTarget(v int, address string, at common.Address, r family.Read, account common.Address, often string) callTarget {
	return callTarget{
		read: r, vault: v, address: address, to: at, often: often, argument: rpc.HexText(account[:]),
		isResolved: r.On == family.OnHolder,
		data:       append(Selector(r.Name+"(address)"), common.LeftPadBytes(account[:], 32)...),
	}
}

// planOf plans a target that no list of the vault's family has.
func (s *stateRun) planOf(ctx context.Context, t callTarget) error {
	s.caller.targets = append(s.caller.targets, t)
	_, err := s.conn.ExecContext(ctx, "insert into temp.due_reads values (?, ?, ?, ?, ?, ?)",
		int32(t.vault), t.often, int32(len(s.caller.targets)-1), t.address, t.read.Field(), t.argument)
	return err
}

// A topHolder is an account and the blocks, of those asked for, at whose end it had the
// most shares.
type topHolder struct {
	account common.Address
	blocks  []int64
}

// largestHolders follows a token's transfers and finds who has the most at the end of each
// block; of two with as much it is the lower address. The token's own account is no holder.
func (s *stateRun) largestHolders(ctx context.Context, token common.Address, blocks []int64) ([]*topHolder, error) {
	blocks = slices.Compact(slices.Sorted(slices.Values(blocks)))
	book := newShareBook(token)
	var found []*topHolder
	finish := func() { // the first of blocks
		if account, ok := book.largest(); ok {
			k := slices.IndexFunc(found, func(h *topHolder) bool { return h.account == account })
			if k < 0 {
				k = len(found)
				found = append(found, &topHolder{account: account})
			}
			found[k].blocks = append(found[k].blocks, blocks[0])
		}
		blocks = blocks[1:]
	}
	err := store.Each(ctx, s.conn, `
select block_number, topic1, topic2, data
from raw.logs
where
    chain_id = ? and address = ? and block_number <= ?
    and topic0 = unhex('ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef')
    and octet_length(topic1) = 32 and octet_length(topic2) = 32 and octet_length(data) = 32
order by block_number`, []any{int64(s.opt.ChainID), token.Bytes(), s.opt.To}, func(rows *sql.Rows) error {
		var block int64
		var from, to, amount sql.RawBytes
		if err := rows.Scan(&block, &from, &to, &amount); err != nil {
			return err
		}
		for len(blocks) > 0 && blocks[0] < block {
			finish()
		}
		book.move(common.BytesToAddress(from), common.BytesToAddress(to), new(big.Int).SetBytes(amount))
		return nil
	})
	for len(blocks) > 0 {
		finish()
	}
	return found, err
}

// A shareBook keeps the balances that transfers add up to. Its heap has the balances that
// accounts had when they were last looked at; those that are no longer right are dropped
// when they come up.
type shareBook struct {
	balances map[common.Address]*big.Int
	changed  map[common.Address]bool // since the largest was last asked for
	heap     balanceHeap
}

// newShareBook is the book of a token, in which neither the zero address nor the token
// itself holds anything.
func newShareBook(token common.Address) *shareBook {
	return &shareBook{map[common.Address]*big.Int{{}: nil, token: nil}, map[common.Address]bool{}, nil}
}

func (b *shareBook) move(from, to common.Address, amount *big.Int) {
	b.add(from, new(big.Int).Neg(amount))
	b.add(to, amount)
}

func (b *shareBook) add(account common.Address, amount *big.Int) {
	balance, known := b.balances[account]
	switch {
	case known && balance == nil:
		return
	case known:
		balance = new(big.Int).Add(balance, amount)
	default:
		balance = amount
	}
	b.balances[account] = balance
	b.changed[account] = true
}

// largest is who has the most; not ok: nobody has anything.
func (b *shareBook) largest() (common.Address, bool) {
	for account := range b.changed {
		if balance := b.balances[account]; balance.Sign() > 0 {
			heap.Push(&b.heap, accountBalance{account, balance})
		}
	}
	clear(b.changed)
	for len(b.heap) > 0 {
		if top := b.heap[0]; b.balances[top.account] == top.balance {
			return top.account, true
		}
		heap.Pop(&b.heap)
	}
	return common.Address{}, false
}

type accountBalance struct {
	account common.Address
	balance *big.Int // the very one of the book, as long as it is right
}

// A balanceHeap has the largest balance first.
type balanceHeap []accountBalance

func (h balanceHeap) Len() int { return len(h) }

func (h balanceHeap) Less(i, j int) bool {
	if c := h[i].balance.Cmp(h[j].balance); c != 0 {
		return c > 0
	}
	return bytes.Compare(h[i].account[:], h[j].account[:]) < 0
}

func (h balanceHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push is heap.Interface's.
func (h *balanceHeap) Push(x any) { *h = append(*h, x.(accountBalance)) }

// Pop is heap.Interface's.
func (h *balanceHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
