package extract

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/vaultperf/vaultperf/extract/rpc"
)

// mostAddresses are asked for in one request; geth allows 1000, others less.
const mostAddresses = 50

// Missing is the work there is: what coverage lacks of each filter of the vaults' logs
// up to the last final block.
func Missing(ctx context.Context, db *sql.DB, chainID uint64, head rpc.Block, vaults []Vault) ([]piece, error) {
	filters, err := filtersOf(vaults)
	if err != nil {
		return nil, err
	}
	have, err := covered(ctx, db, chainID)
	if err != nil {
		return nil, err
	}
	lacking := map[string][]span{}
	for _, f := range filters {
		lacking[f.digest] = span{f.from, head.Number}.without(have[f.digest])
	}
	return pieces(lacking, filters, mostAddresses), nil
}

// covered are the spans of raw.coverage by filter.
func covered(ctx context.Context, db *sql.DB, chainID uint64) (map[string][]span, error) {
	have, err := spansBy(ctx, db, "select filter, from_block, to_block from raw.coverage where chain_id = ?", int64(chainID))
	if err != nil {
		return nil, fmt.Errorf("read coverage: %w", err)
	}
	return have, nil
}
