//go:build !race

package realvaults

import (
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
)

// A world is one scenario's chain: its node, clock and chance, and who acts on it.
type world struct {
	t     testing.TB
	node  *node
	dice  dice
	seed  uint64
	now   uint64 // of the last block, unix seconds
	head  uint64
	users []common.Address

	isHolding bool          // transactions wait for one block
	waiting   []common.Hash // those that do
	blockAt   map[uint64]time.Time
	deployed  map[common.Address]uint64 // the block that contracts came with
}

func newWorld(t testing.TB, seed uint64, name string, flags ...string) *world {
	t.Helper()
	n := startNode(t, flags...)
	return &world{t: t, node: n, dice: newDice(seed, name), seed: seed, now: genesisTime, users: n.accounts, blockAt: map[uint64]time.Time{}, deployed: map[common.Address]uint64{}}
}

// together puts what act sends into one block, in that order.
func (w *world) together(act func()) {
	w.t.Helper()
	w.isHolding = true
	act()
	w.isHolding = false
	w.mine()
	for _, hash := range w.waiting {
		if r := w.receipt(hash); r.Status != types.ReceiptStatusSuccessful {
			w.t.Fatalf("seed %d: transaction %d of block %d reverted", w.seed, r.TransactionIndex, w.head)
		}
	}
	w.waiting = nil
}

// send sends a transaction in a block of its own, unless it is one of several
// together. It must succeed.
func (w *world) send(what string, from common.Address, to *common.Address, data []byte) *types.Receipt {
	w.t.Helper()
	message := map[string]any{"from": from, "data": hexutil.Bytes(data), "gas": hexutil.Uint64(30_000_000)}
	if to != nil {
		message["to"] = to
	}
	var hash common.Hash
	w.node.must(w.t, &hash, "eth_sendTransaction", message)
	if w.isHolding {
		w.waiting = append(w.waiting, hash)
		return nil
	}
	w.mine()
	r := w.receipt(hash)
	if r.Status != types.ReceiptStatusSuccessful {
		delete(message, "gas")
		err := w.node.rpc.CallContext(w.t.Context(), new(string), "eth_call", message, blockArg(w.head-1))
		w.t.Fatalf("seed %d: %s in block %d, %s: %v", w.seed, what, w.head, time.Unix(int64(w.now), 0).UTC(), err)
	}
	return r
}

func (w *world) receipt(hash common.Hash) *types.Receipt {
	w.t.Helper()
	var r types.Receipt
	w.node.must(w.t, &r, "eth_getTransactionReceipt", hash)
	return &r
}

// blockOf is the block that a contract came with.
func (w *world) blockOf(c *contract) uint64 { return w.deployed[c.address] }

// timeOf is a block's time.
func (w *world) timeOf(block uint64) time.Time {
	w.t.Helper()
	at, known := w.blockAt[block]
	if !known {
		h, err := w.node.eth.HeaderByNumber(w.t.Context(), new(big.Int).SetUint64(block))
		if err != nil {
			w.t.Fatalf("header %d: %v", block, err)
		}
		at = time.Unix(int64(h.Time), 0).UTC()
		w.blockAt[block] = at
	}
	return at
}
