package state

import (
	"context"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
)

// ReadBalances asks a token for the balances of holders at a block, each on its own, and
// returns the results in the same order.
func ReadBalances(ctx context.Context, node rpc.Caller, chainID uint64, token common.Address, holders []common.Address, block int64) ([]ReadResult, error) {
	a := multicaller{node: node, chainID: chainID, alone: map[int]bool{}}
	asks, which := make([]dueRead, len(holders)), make([]int, len(holders))
	for i, h := range holders {
		asks[i], which[i] = dueRead{block, i}, i
		a.targets = append(a.targets, callTarget{
			read: family.Read{Name: "balanceOf"}, to: token,
			data: append(Selector("balanceOf(address)"), common.LeftPadBytes(h[:], 32)...),
		})
	}
	reads := make([]ReadResult, len(asks))
	return reads, a.readAlone(ctx, asks, which, reads)
}
