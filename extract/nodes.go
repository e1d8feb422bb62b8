package extract

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/decode"
	"github.com/vaultperf/vaultperf/extract/discover"
	"github.com/vaultperf/vaultperf/extract/fetch"
	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/prove"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/state"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// fetchNode brings a chain's vaults up to the last final block: their logs, the state
// that prices are computed from, and the proofs.
func (r *runner) fetchNode(ctx context.Context, node Node) ([]input.File, error) {
	if len(discover.OnChain(r.vaults, node.ChainID)) == 0 {
		return nil, nil
	}
	link, err := r.dial(ctx, node)
	if err != nil {
		return nil, err
	}
	logs, err := fetch.Open(ctx, r.db, fetch.Options{
		ChainID: node.ChainID, Pool: link.pool, Head: link.head, Now: r.opt.Now, Notice: r.opt.Notice, Progress: r.fetching(node.ChainID), InTurn: r.isInTurn(),
	})
	if err != nil {
		return nil, err
	}
	if err := r.followProxies(ctx, node, link); err != nil {
		return nil, err
	}
	r.vaults, err = discover.FollowFromStart(ctx, r.db, link.pool, link.head, r.vaults, node.ChainID, node.Archive)
	if err != nil {
		return nil, err
	}
	known := discover.OnChain(r.vaults, node.ChainID)
	vaults := discover.Vaults(known)
	work, err := fetch.Missing(ctx, r.db, node.ChainID, link.head, vaults)
	if err != nil {
		return nil, err
	}
	if len(work) > 0 && node.Archive {
		var pruned *state.PrunedError
		switch err := checkDepth(ctx, node, link, known); {
		case errors.As(err, &pruned): // its logs may be there all the same
			r.notice("%v", pruned)
		case err != nil:
			return nil, err
		}
	}
	if err := logs.Fetch(ctx, vaults, work); err != nil {
		return nil, err
	}
	if err := r.readAndVerify(ctx, node, link, vaults); err != nil {
		return nil, err
	}
	return logs.Files(), nil
}

// A dialedChain is the endpoints that serve a chain, and its last final block.
type dialedChain struct {
	pool *rpc.Pool
	head rpc.Block
}

// dial finds the endpoints that serve a chain. It does so once per run, because a
// recording can only be begun once and what was learnt about the endpoints is kept.
func (r *runner) dial(ctx context.Context, node Node) (dialedChain, error) {
	if known, isThere := r.dialed[node.ChainID]; isThere {
		return known, nil
	}
	pool, err := rpc.Dial(ctx, rpc.Options{
		ChainID: node.ChainID, URLs: node.URLs, RequestsPerSecond: node.RequestsPerSecond, MaxBatch: node.MaxBatch,
		Record: r.opt.Record, Replay: r.opt.Replay, Notice: r.opt.Notice, Tries: node.tries, Backoff: node.backoff,
		GiveUpAfter: node.GiveUpAfter, Transport: node.transport,
	})
	if err != nil {
		return dialedChain{}, err
	}
	head, err := pool.LastFinal(ctx, node.Confirmations)
	if err != nil {
		return dialedChain{}, err
	}
	link := dialedChain{pool, head}
	if r.dialed != nil {
		r.dialed[node.ChainID] = link
	}
	return link, nil
}

// followProxies adds the contracts that govern proxies no run has read yet, and decodes
// those of their logs that came from files.
func (r *runner) followProxies(ctx context.Context, node Node, link dialedChain) error {
	found, err := discover.FindProxies(ctx, link.pool, link.head, r.vaults, node.ChainID, r.opt.Notice)
	if err != nil || found.IsEmpty() {
		return err
	}
	r.vaults = found.Vaults
	return store.InTransaction(ctx, r.db, func(conn *sql.Conn) error {
		if err := found.Write(ctx, conn); err != nil || !found.IsNew {
			return err
		}
		vaults := discover.Vaults(r.vaults)
		if err := vault.WriteContracts(ctx, conn, vaults); err != nil {
			return err
		}
		if err := decode.Logs(ctx, conn, vaults); err != nil {
			return fmt.Errorf("decode logs: %w", err)
		}
		return nil
	})
}

// checkDepth tells before any log is fetched whether a node configured as an archive has
// the state of the first block that will be read; if not, the error is a
// *state.PrunedError.
func checkDepth(ctx context.Context, node Node, link dialedChain, known []discover.Known) error {
	first, to := int64(link.head.Number), int64(link.head.Number)
	for _, v := range known {
		// before the contract was created there is no state to read
		first = min(first, max(int64(v.StartBlock), v.First, 1))
	}
	return state.CheckDepth(ctx, link.pool, node.ChainID, common.HexToAddress(known[0].Address), first, to)
}

// isInTurn says whether a recording is made or replayed, which must ask for the same
// things in the same order.
func (r *runner) isInTurn() bool { return r.opt.Record != "" || r.opt.Replay != "" }

// readAndVerify reads the state that the vaults' prices are computed from, if the node
// is an archive, and verifies the history to the configured level.
func (r *runner) readAndVerify(ctx context.Context, node Node, link dialedChain, vaults []vault.Vault) error {
	to := int64(link.head.Number)
	if node.Archive {
		count, err := state.Read(ctx, r.db, link.pool, state.Options{
			ChainID: node.ChainID, Vaults: vaults, To: to, Progress: r.proving(node.ChainID, link, "states"),
			InTurn: r.isInTurn(),
		})
		if err != nil {
			return err
		}
		if count.Failed > 0 {
			r.notice("chain %d: %d of %d values at %d blocks were not answered", node.ChainID, count.Failed, count.Reads, count.Blocks)
		}
		switch {
		case count.Missing > 0 && count.Since > 0:
			r.notice("chain %d: %d values before block %d were not read, because the node has pruned their state", node.ChainID, count.Missing, count.Since)
		case count.Missing > 0:
			r.notice("chain %d: %d values were not read, because the node has no state, not even of its last final block", node.ChainID, count.Missing)
		}
	}
	all, err := prove.Verify(ctx, r.db, link.pool, prove.Options{
		ChainID: node.ChainID, Vaults: vaults, To: to, Level: node.Verify, Progress: r.proving(node.ChainID, link, "verify"),
	})
	if err != nil {
		return err
	}
	for _, v := range all {
		if v.FaultBlock > 0 {
			r.notice("vault %s is not complete, %s: %s", v.VaultID, v.Level, v.Detail)
		}
	}
	return nil
}

func (r *runner) notice(format string, args ...any) {
	if r.opt.Notice != nil {
		r.opt.Notice(fmt.Sprintf(format, args...))
	}
}

// fetching reports progress with the logs.
func (r *runner) fetching(chainID uint64) func(fetch.Progress) {
	if r.opt.NodeProgress == nil {
		return nil
	}
	return func(p fetch.Progress) {
		r.opt.NodeProgress(NodeProgress{
			ChainID: chainID, Done: p.Done, Total: p.Total, Logs: p.Logs, Elapsed: p.Elapsed, Stats: p.Stats,
		})
	}
}

// proving reports progress in a stage after the logs.
func (r *runner) proving(chainID uint64, link dialedChain, stage string) func(done, total int64) {
	if r.opt.NodeProgress == nil {
		return nil
	}
	start, before := time.Now(), link.pool.Stats()
	return func(done, total int64) {
		stats := link.pool.Stats()
		stats.Calls -= before.Calls
		r.opt.NodeProgress(NodeProgress{
			ChainID: chainID, Stage: stage, Done: uint64(done), Total: uint64(total),
			Elapsed: time.Since(start), Stats: stats,
		})
	}
}

// asNodeError turns errors that are the endpoints' fault into a *NodeError.
func asNodeError(ctx context.Context, chain uint64, err error) error {
	var refused *rpc.Error
	var none *rpc.NoEndpointError
	var pruned *state.PrunedError
	if ctx.Err() == nil && (errors.As(err, &refused) || errors.As(err, &none) || errors.As(err, &pruned)) {
		return &NodeError{chain, err}
	}
	return err
}
