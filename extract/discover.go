package extract

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/vaultperf/vaultperf/extract/discover"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// Discover asks a chain's endpoints what a vault is, at the last final block. It uses
// only the recordings and notices of opt.
func Discover(ctx context.Context, opt Options, node Node, address string) (discover.Discovery, error) {
	r := &runner{opt: opt}
	d, _, err := r.discover(ctx, node, address, nil)
	if err != nil {
		return d, asNodeError(ctx, node.ChainID, err)
	}
	return d, nil
}

func (r *runner) discover(ctx context.Context, node Node, address string, named []vault.Contract) (d discover.Discovery, at time.Time, err error) {
	link, err := r.dial(ctx, node)
	if err != nil {
		return d, at, err
	}
	d, err = discover.Vault(ctx, link.pool, node.ChainID, address, int64(link.head.Number), named...)
	return d, time.Unix(link.head.Time, 0).UTC(), err
}

// ask discovers, through its chain's node, what a vault of unknown family is.
func (r *runner) ask(ctx context.Context, v vault.Vault) (discover.Discovery, time.Time, error) {
	i := slices.IndexFunc(r.opt.Nodes, func(n Node) bool { return n.ChainID == v.ChainID })
	if i < 0 {
		return discover.Discovery{}, time.Time{}, fmt.Errorf("chain %d: %w", v.ChainID, discover.ErrNoNode)
	}
	d, at, err := r.discover(ctx, r.opt.Nodes[i], v.Address, v.All()[1:])
	if err != nil {
		return d, at, asNodeError(ctx, v.ChainID, err)
	}
	for _, note := range d.Notes {
		r.notice("vault %s: %s", v.ID, note)
	}
	return d, at, nil
}
