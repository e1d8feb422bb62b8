package state

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// A pool is one that trades shares of a vault, once however many vaults name it.
type pool struct {
	address string
	family  family.Family
	first   int64 // block of its first log that is held
}

// findPools finds the pools that have logs, and adds to their vaults the blocks of trades:
// a price that was paid is compared with what shares were worth in that very block. Where
// a price stands until the next settlement such a block need not be read.
func (s *stateRun) findPools(ctx context.Context) error {
	s.pools = nil
	for _, v := range s.vaults {
		for _, c := range v.vault.Contracts {
			f, _ := family.Of(c.Family)
			if c.Role != vault.RolePool || f.Trades == "" {
				continue
			}
			if v.family.LogPrices != family.BySettlements {
				traded, err := s.tradeBlocks(ctx, c, f, v.first)
				if err != nil {
					return fmt.Errorf("find trades of pool %s: %w", c.Address, err)
				}
				v.events = append(v.events, traded...)
			}
			if len(f.Pool) == 0 || slices.ContainsFunc(s.pools, func(p pool) bool { return p.address == c.Address }) {
				continue
			}
			var first sql.NullInt64
			err := s.conn.QueryRowContext(ctx, "select min(block_number) from raw.logs where chain_id = ? and address = ? and block_number <= ?",
				int64(s.opt.ChainID), common.HexToAddress(c.Address).Bytes(), s.opt.To).Scan(&first)
			if err != nil {
				return fmt.Errorf("find logs of pool %s: %w", c.Address, err)
			}
			if first.Valid {
				s.pools = append(s.pools, pool{c.Address, f, first.Int64})
			}
		}
	}
	return nil
}

func (s *stateRun) tradeBlocks(ctx context.Context, c vault.Contract, f family.Family, from int64) ([]int64, error) {
	return store.Collect(ctx, s.conn, `
select distinct block_number
from raw.events
where
    chain_id = $1 and address = $2 and event = $3 and block_number between $4 and $5
    and ($6 = '' or arguments->>'id' = $6)
order by block_number`, []any{int64(s.opt.ChainID), c.Address, f.Trades, from, s.opt.To, c.PoolID},
		func(rows *sql.Rows, block *int64) error { return rows.Scan(block) })
}

// planPools plans what each pool is asked: at its first log, so that a run as of any later
// day knows it, and at the head.
func (s *stateRun) planPools(ctx context.Context) error {
	for k, p := range s.pools {
		number := int32(len(s.vaults) + k)
		_, err := s.conn.ExecContext(ctx, "insert into temp.due_blocks select distinct ?, 'pool', unnest([?, ?]::bigint[])", number, p.first, s.opt.To)
		if err != nil {
			return err
		}
		for _, r := range p.family.Pool {
			t := callTarget{
				read: r, address: p.address, to: common.HexToAddress(p.address), data: callData(r, 0, 0), argument: argumentOf(r, 0, 0),
			}
			s.caller.targets = append(s.caller.targets, t)
			_, err := s.conn.ExecContext(ctx, "insert into temp.due_reads values (?, 'pool', ?, ?, ?, ?)",
				number, int32(len(s.caller.targets)-1), p.address, r.Field(), t.argument)
			if err != nil {
				return err
			}
		}
	}
	return nil
}
