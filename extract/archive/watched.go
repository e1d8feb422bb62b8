package archive

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/vaultperf/vaultperf/extract/vault"
)

// createWatched makes temp.tracked, by which the import recognises relevant rows.
func createWatched(ctx context.Context, conn *sql.Conn, vaults []vault.Vault) error {
	const table = `create or replace temp table tracked (
    tracked_chain_id bigint, tracked_address blob, tracked_number integer, is_shared boolean, tracked_keys varchar[])`
	if _, err := conn.ExecContext(ctx, table); err != nil {
		return fmt.Errorf("write what is tracked: %w", err)
	}
	all := vault.Watches(vaults)
	if len(all) == 0 {
		return nil
	}
	chains, addresses, shared, keys := make([]int64, len(all)), make([]string, len(all)), make([]bool, len(all)), make([]string, len(all))
	for i, w := range all {
		chains[i], addresses[i], shared[i], keys[i] = int64(w.ChainID), w.Address[2:], w.IsShared, strings.Join(w.Keys(), ",")
	}
	_, err := conn.ExecContext(ctx, `
insert into temp.tracked
select
    unnest($1::bigint[]), unhex(unnest($2::varchar[])), unnest(range(len($2::varchar[]))),
    unnest($3::boolean[]), string_split(unnest($4::varchar[]), ',')`, chains, addresses, shared, keys)
	if err != nil {
		return fmt.Errorf("write what is tracked: %w", err)
	}
	return nil
}
