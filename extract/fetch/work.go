package fetch

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/vaultperf/vaultperf/extract/blocks"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
)

func (p WorkRange) query() rpc.Query {
	q := rpc.Query{From: p.From, To: p.To, Topics: p.Filters[0].Topics}
	for _, f := range p.Filters {
		q.Addresses = append(q.Addresses, f.Address)
	}
	return q
}

// A WorkRange is blocks of which some filters, all with the same topics, lack logs.
type WorkRange struct {
	blocks.Span
	Filters  []vault.Filter
	isHalved bool // because of an unrecognised error; done only once
}

// workRanges turns the missing blocks of each filter into ranges that the same filters
// lack, with at most most filters each, so that one request serves many. They are ordered
// by block, then by filter.
func workRanges(lacking map[string][]blocks.Span, filters []vault.Filter, most int) []WorkRange {
	var all []WorkRange
	for len(filters) > 0 {
		n := 1
		for n < len(filters) && filters[n].Group == filters[0].Group {
			n++
		}
		all = append(all, sweep(lacking, filters[:n], most)...)
		filters = filters[n:]
	}
	slices.SortStableFunc(all, func(a, b WorkRange) int { return cmp.Compare(a.From, b.From) })
	return all
}

// sweep visits, in order, the blocks at which missing ranges of filters begin or end.
func sweep(lacking map[string][]blocks.Span, filters []vault.Filter, most int) []WorkRange {
	var cuts []uint64
	for _, f := range filters {
		for _, s := range lacking[f.Digest] {
			cuts = append(cuts, s.From, s.To+1)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var all []WorkRange
	for i := 1; i < len(cuts); i++ {
		s := blocks.Span{From: cuts[i-1], To: cuts[i] - 1}
		var who []vault.Filter
		for _, f := range filters {
			if slices.ContainsFunc(lacking[f.Digest], func(l blocks.Span) bool { return l.From <= s.From && s.To <= l.To }) {
				who = append(who, f)
			}
		}
		for part := range slices.Chunk(who, most) {
			all = append(all, WorkRange{Span: s, Filters: part})
		}
	}
	return all
}

// mostAddresses is how many addresses one request may have; geth allows 1000, others less.
const mostAddresses = 50

// Missing is the work to do: the blocks up to the last final one that raw.coverage does
// not have for each filter of the vaults' logs.
func Missing(ctx context.Context, db *sql.DB, chainID uint64, head rpc.Block, vaults []vault.Vault) ([]WorkRange, error) {
	filters, err := vault.Filters(vaults)
	if err != nil {
		return nil, err
	}
	have, err := covered(ctx, db, chainID)
	if err != nil {
		return nil, err
	}
	lacking := map[string][]blocks.Span{}
	for _, f := range filters {
		lacking[f.Digest] = blocks.Span{From: f.From, To: head.Number}.Without(have[f.Digest])
	}
	return workRanges(lacking, filters, mostAddresses), nil
}

// covered are the spans of raw.coverage by filter.
func covered(ctx context.Context, db *sql.DB, chainID uint64) (map[string][]blocks.Span, error) {
	have, err := store.SpansBy(ctx, db, "select filter, from_block, to_block from raw.coverage where chain_id = ?", int64(chainID))
	if err != nil {
		return nil, fmt.Errorf("read coverage: %w", err)
	}
	return have, nil
}
