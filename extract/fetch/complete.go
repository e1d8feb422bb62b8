package fetch

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/vaultperf/vaultperf/extract/blocks"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// recordCompleteRanges writes to raw.spans the blocks for which all relevant logs of each
// contract are stored: those that every filter of the contract covers. Until it is called
// nothing counts as complete, so that an interrupted run proves nothing.
func (n *Chain) recordCompleteRanges(ctx context.Context) error {
	filters, err := vault.Filters(n.vaults)
	if err != nil {
		return err
	}
	have, err := covered(ctx, n.db, n.opt.ChainID)
	if err != nil {
		return err
	}
	whole, lacking := map[rpc.Address]blocks.Span{}, map[rpc.Address][]blocks.Span{}
	for _, f := range filters {
		wants := blocks.Span{From: f.From, To: n.opt.Head.Number}
		if _, known := whole[f.Address]; !known {
			whole[f.Address] = blocks.None
		}
		whole[f.Address] = whole[f.Address].Include(wants)
		lacking[f.Address] = append(lacking[f.Address], wants.Without(have[f.Digest])...)
	}
	return store.InTransaction(ctx, n.db, func(conn *sql.Conn) error {
		if err := n.forgetCompleteRanges(ctx, conn); err != nil {
			return err
		}
		var values []string
		for address, wants := range whole {
			for _, s := range wants.Without(lacking[address]) {
				values = append(values, fmt.Sprintf("('%x', %d, %d)", address, s.From, s.To))
			}
		}
		if len(values) == 0 {
			return nil
		}
		_, err := conn.ExecContext(ctx, `
insert into raw.spans
with complete (address, from_block, to_block) as (values `+strings.Join(values, ", ")+`),
blocks as (
    select address, block_number, count(*) as logs
    from raw.logs
    where chain_id = $1
    group by address, block_number
),
stored as (
    select complete.address, from_block, to_block, sum(blocks.logs)::bigint as logs
    from blocks
    inner join complete
        on blocks.address = unhex(complete.address)
        and block_number between from_block and to_block
    group by all
)
select 0, 'node', $1, '0x' || address, coalesce(logs, 0), from_block, to_block, true
from complete
left join stored using (address, from_block, to_block)`, int64(n.opt.ChainID))
		if err != nil {
			return fmt.Errorf("record what is complete: %w", err)
		}
		return nil
	})
}

func (n *Chain) forgetCompleteRanges(ctx context.Context, db store.Execer) error {
	if _, err := db.ExecContext(ctx, "delete from raw.spans where file_id = 0 and chain_id = ?", int64(n.opt.ChainID)); err != nil {
		return fmt.Errorf("record what is complete: %w", err)
	}
	return nil
}
