package extract

import (
	"context"
	"errors"
	"time"

	"github.com/ethereum/go-ethereum/common"
)

// prove reads what the vaults' prices follow from, if the node is an archive, and
// verifies the history as deep as the config asks.
func (n *chain) prove(ctx context.Context) error {
	to := int64(n.head.Number)
	if n.node.Archive {
		count, err := ReadStates(ctx, n.db, n.pool, StateOptions{
			ChainID: n.node.ChainID, Vaults: n.vaults, To: to, Progress: n.proving("states"),
			InTurn: n.opt.Record != "" || n.opt.Replay != "",
		})
		if err != nil {
			return err
		}
		if count.Failed > 0 {
			n.notice("chain %d: %d of %d values at %d blocks were not answered", n.node.ChainID, count.Failed, count.Reads, count.Blocks)
		}
	}
	all, err := Verify(ctx, n.db, n.pool, VerifyOptions{
		ChainID: n.node.ChainID, Vaults: n.vaults, To: to, Level: n.node.Verify, Progress: n.proving("verify"),
	})
	if err != nil {
		return err
	}
	for _, v := range all {
		if v.FaultBlock > 0 {
			n.notice("vault %s is not complete, %s: %s", v.VaultID, v.Level, v.Detail)
		}
	}
	return nil
}

// proving tells of progress in a stage after the logs.
func (n *chain) proving(stage string) func(done, total int64) {
	start, before := time.Now(), n.pool.Stats()
	return func(done, total int64) {
		if n.opt.NodeProgress == nil {
			return
		}
		stats := n.pool.Stats()
		stats.Calls -= before.Calls
		n.opt.NodeProgress(NodeProgress{
			ChainID: n.node.ChainID, Stage: stage, Done: uint64(done), Total: uint64(total),
			Elapsed: time.Since(start), Stats: stats,
		})
	}
}

// probeDepth makes sure, before any log is fetched, that a node which is said to
// be an archive has the state of the first block that may be wanted.
func (n *chain) probeDepth(ctx context.Context) error {
	if !n.node.Archive {
		return nil
	}
	first, to := int64(n.head.Number), int64(n.head.Number)
	for _, v := range n.vaults {
		// where the contract was not made yet there is no state to read
		first = min(first, max(int64(v.StartBlock), v.first, 1))
	}
	a := &asker{node: n.pool, chainID: n.node.ChainID}
	_, err := a.codes(ctx, common.HexToAddress(n.vaults[0].Address), first)
	var pruned *PrunedError
	if !errors.As(err, &pruned) {
		return err
	}
	return a.depth(ctx, pruned, to)
}

// DiscoverVault asks a chain's endpoints what a vault is, at the last final block. Of
// opt it takes recordings and notices.
func DiscoverVault(ctx context.Context, opt Options, node Node, address string) (Discovery, error) {
	n, err := dialNode(ctx, nil, opt, node, nil)
	if err != nil {
		return Discovery{}, asNodeError(ctx, node.ChainID, err)
	}
	d, err := Discover(ctx, n.pool, node.ChainID, address, int64(n.head.Number))
	if err != nil {
		return d, asNodeError(ctx, node.ChainID, err)
	}
	return d, nil
}
