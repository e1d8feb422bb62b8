// Package fetch brings the logs of a chain's contracts from its endpoints into raw.logs,
// once each, and decodes them on the way. It knows which blocks are covered, and deletes
// what a reorganisation has undone.
package fetch

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/vaultperf/vaultperf/extract/blocks"
	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// Options say what is fetched from where.
type Options struct {
	ChainID  uint64
	Pool     *rpc.Pool
	Head     rpc.Block         // the last final one
	InTurn   bool              // for recordings: requests must not depend on how fast answers arrive
	Now      time.Time         // no log may be later
	Progress func(Progress)    // called now and then from other goroutines; may be nil
	Notice   func(text string) // messages for the user; may be nil
}

// Progress is how far the logs of a chain are.
type Progress struct {
	Done, Total uint64        // blocks, each counted once per separate filter
	Logs        int64         // fetched in this run
	Elapsed     time.Duration // since Open
	Stats       rpc.Stats     // its calls are those since Open
}

// A Chain is one chain whose logs are fetched.
type Chain struct {
	opt    Options
	vaults []vault.Vault
	db     *sql.DB

	sources  map[string]*nodeSource // by endpoint
	families map[rpc.Address]string // of the contracts, whose logs are decoded as they come
	fresh    blocks.Span            // blocks with logs that are new in this run
	occupied []blocks.Span          // blocks outside of which no log was stored before the current chunk
	start    time.Time
	before   int64 // calls before that

	mu        sync.Mutex
	reporting sync.Mutex // held while Progress is called
	progress  Progress
}

// Open makes the database ready for new logs: it deletes what a reorganisation has undone,
// and nothing counts as complete until Fetch has returned.
func Open(ctx context.Context, db *sql.DB, opt Options) (*Chain, error) {
	n := &Chain{
		opt: opt, db: db, sources: map[string]*nodeSource{}, fresh: blocks.None,
		start: time.Now(), before: opt.Pool.Stats().Calls,
	}
	if err := n.readSources(ctx); err != nil {
		return nil, err
	}
	if err := n.forgetCompleteRanges(ctx, n.db); err != nil {
		return nil, err
	}
	return n, n.rollBack(ctx)
}

// Fetch brings the logs of the vaults' contracts up to the last final block. Each batch of
// logs is a transaction of its own, so that it is kept whatever happens later. work must be
// what Missing returned for the same vaults.
func (n *Chain) Fetch(ctx context.Context, vaults []vault.Vault, work []WorkRange) error {
	n.vaults, n.families = vaults, decodedAs(vaults)
	for _, s := range work {
		n.progress.Total += s.Count()
	}
	if err := n.fetch(ctx, work); err != nil {
		return err
	}
	if err := n.fillTimes(ctx); err != nil {
		return err
	}
	if err := n.finish(ctx); err != nil {
		return err
	}
	return n.recordCompleteRanges(ctx)
}

// Files are the endpoints that have answered, in this run or before.
func (n *Chain) Files() []input.File {
	var files []input.File
	for _, s := range n.sources {
		if !s.isNew {
			files = append(files, s.file)
		}
	}
	return files
}

// finish checks what no single chunk can show.
func (n *Chain) finish(ctx context.Context) error {
	if n.fresh.IsEmpty() {
		return nil
	}
	return store.InTransaction(ctx, n.db, func(conn *sql.Conn) error {
		return errors.Join(input.CheckBlockTimes(ctx, conn), input.CheckBlockHashes(ctx, conn, int64(n.opt.ChainID), int64(n.fresh.From), int64(n.fresh.To)))
	})
}

// report calls Progress, one call at a time.
func (n *Chain) report() {
	if n.opt.Progress == nil {
		return
	}
	n.reporting.Lock()
	defer n.reporting.Unlock()
	n.mu.Lock()
	n.progress.Elapsed = time.Since(n.start)
	n.progress.Stats = n.opt.Pool.Stats()
	n.progress.Stats.Calls -= n.before
	progress := n.progress
	n.mu.Unlock()
	n.opt.Progress(progress)
}

func (n *Chain) notice(format string, args ...any) {
	if n.opt.Notice != nil {
		n.opt.Notice(fmt.Sprintf(format, args...))
	}
}

// decodedAs is the family by whose events the logs of each contract are decoded: the same
// one that package decode uses.
func decodedAs(vaults []vault.Vault) map[rpc.Address]string {
	families := map[rpc.Address]string{}
	for _, v := range vaults {
		for _, c := range v.All() {
			address, err := vault.ParseAddress(c.Address)
			if err != nil {
				continue // vault.Filters returns the error
			}
			if other, isThere := families[address]; !isThere || c.Family < other {
				families[address] = c.Family
			}
		}
	}
	return families
}
