package extract

import (
	"context"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
)

// ReadBalances asks a token for the balances of holders at a block, each on its own,
// and returns what came of each, in their order.
func ReadBalances(ctx context.Context, node rpc.Caller, chainID uint64, token common.Address, holders []common.Address, block int64) ([]stateRead, error) {
	a := asker{node: node, chainID: chainID, alone: map[int]bool{}}
	asks, which := make([]ask, len(holders)), make([]int, len(holders))
	for i, h := range holders {
		asks[i], which[i] = ask{block, i}, i
		a.targets = append(a.targets, target{
			read: family.Read{Name: "balanceOf"}, to: token,
			data: append(selector("balanceOf(address)"), common.LeftPadBytes(h[:], 32)...),
		})
	}
	reads := make([]stateRead, len(asks))
	return reads, a.readAlone(ctx, asks, which, reads)
}
