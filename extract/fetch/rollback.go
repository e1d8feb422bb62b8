package fetch

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/store"
)

// rollBack compares the hashes of blocks fetched by earlier runs with the node's. If the
// chain was reorganised, everything from the first chunk that is no longer part of the
// chain is deleted, to be fetched again.
func (n *Chain) rollBack(ctx context.Context) error {
	ends, err := n.ends(ctx)
	if err != nil {
		return err
	}
	for len(ends) > 0 && ends[0].number > n.opt.Head.Number {
		// a node that is behind proves nothing
		n.notice("chain %d: the node's last final block is %d, logs are held up to %d", n.opt.ChainID, n.opt.Head.Number, ends[0].number)
		for len(ends) > 0 && ends[0].number > n.opt.Head.Number {
			ends = ends[1:]
		}
	}
	var wrong *end
	for size := 1; len(ends) > 0; size = min(size*10, 500) {
		part := ends[:min(size, len(ends))]
		ends = ends[len(part):]
		stands, err := n.firstThatStands(ctx, part)
		if err != nil {
			return err
		}
		if stands > 0 {
			wrong = &part[stands-1]
		}
		if stands < len(part) {
			break
		}
	}
	if wrong == nil {
		return nil
	}
	return n.forget(ctx, wrong.number)
}

// An end is the last block of a chunk.
type end struct {
	number uint64
	hash   rpc.Word
}

// ends are the last blocks of all chunks, the highest first. If chunks of several
// filters end at one block with different hashes, each is an end.
func (n *Chain) ends(ctx context.Context) ([]end, error) {
	ends, err := store.Collect(ctx, n.db, `
select distinct to_block, end_hash
from raw.coverage
where chain_id = ?
order by all desc`, []any{int64(n.opt.ChainID)}, func(rows *sql.Rows, e *end) error {
		var hash []byte
		err := rows.Scan(&e.number, &hash)
		copy(e.hash[:], hash)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read coverage: %w", err)
	}
	return ends, nil
}

// firstThatStands is the index of the first end that is still part of the chain, or
// len(ends) if none is.
func (n *Chain) firstThatStands(ctx context.Context, ends []end) (int, error) {
	var numbers []uint64
	blocks := map[uint64]rpc.Block{n.opt.Head.Number: n.opt.Head}
	for _, e := range ends {
		if e.number != n.opt.Head.Number {
			numbers = append(numbers, e.number)
		}
	}
	if len(numbers) > 0 {
		found, err := n.opt.Pool.Blocks(ctx, numbers)
		if err != nil {
			return 0, err
		}
		for number, block := range found {
			blocks[number] = block
		}
	}
	for i, e := range ends {
		block, isThere := blocks[e.number]
		if !isThere {
			return 0, fmt.Errorf("read header %d: %w", e.number, &rpc.Error{
				Class: rpc.NotYet, Message: "the node does not have it, though it is below its last final block",
			})
		}
		if block.Hash == e.hash {
			return i, nil
		}
	}
	return len(ends), nil
}

// forget deletes everything that was fetched for any filter from the chunk on that ends
// at block number: logs and their events, block times, states, and the coverage. What
// came from files stays.
func (n *Chain) forget(ctx context.Context, number uint64) error {
	chain := int64(n.opt.ChainID)
	var cut uint64
	var logs int64
	err := store.InTransaction(ctx, n.db, func(conn *sql.Conn) error {
		cut = number
		for { // a chunk of another filter may begin before the cut and end after it
			var from sql.NullInt64
			err := conn.QueryRowContext(ctx, "select min(from_block) from raw.coverage where chain_id = ? and to_block >= ?", chain, int64(cut)).Scan(&from)
			if err != nil {
				return fmt.Errorf("find what to fetch again: %w", err)
			}
			if !from.Valid || uint64(from.Int64) >= cut {
				break
			}
			cut = uint64(from.Int64)
		}
		var err error
		logs, err = n.forgetFrom(ctx, conn, int64(cut))
		return err
	})
	if err == nil {
		n.notice("chain %d: block %d is not the one it was: %d logs from block %d on are forgotten and fetched again", n.opt.ChainID, number, logs, cut)
	}
	return err
}

func (n *Chain) forgetFrom(ctx context.Context, conn *sql.Conn, cut int64) (logs int64, err error) {
	for _, q := range []string{
		// what a file has too is the file's, and stays
		`
update raw.logs as a
set file_id = b.file_id
from (
    select chain_id, block_number, log_index, min(file_id) as file_id
    from raw.log_copies
    where chain_id = $1 and block_number >= $2 and file_id not in ` + input.NodeFiles + `
    group by all
) as b
where a.chain_id = b.chain_id and a.block_number = b.block_number and a.log_index = b.log_index and a.file_id in ` + input.NodeFiles,
		"delete from raw.log_copies where chain_id = $1 and block_number >= $2 and file_id in " + input.NodeFiles,
		`
delete from raw.log_copies as a
using raw.logs as b
where a.chain_id = $1 and a.block_number >= $2
    and a.chain_id = b.chain_id and a.block_number = b.block_number and a.log_index = b.log_index and a.file_id = b.file_id`,
	} {
		if _, err := conn.ExecContext(ctx, q, int64(n.opt.ChainID), cut); err != nil {
			return 0, fmt.Errorf("forget blocks from %d on: %w", cut, err)
		}
	}
	for i, q := range []string{
		"delete from raw.logs where chain_id = ? and block_number >= ? and file_id in " + input.NodeFiles,
		`
delete from raw.events as events
where chain_id = ? and block_number >= ?
    and not exists (
        select 1 from raw.logs as logs
        where events.chain_id = logs.chain_id and events.block_number = logs.block_number and events.log_index = logs.log_index
    )`,
		`
delete from raw.undecoded as undecoded
where chain_id = ? and block_number >= ?
    and not exists (
        select 1 from raw.logs as logs
        where undecoded.chain_id = logs.chain_id and undecoded.block_number = logs.block_number and undecoded.log_index = logs.log_index
    )`,
		"delete from raw.blocks where chain_id = ? and block_number >= ? and file_id in " + input.NodeFiles,
		"delete from raw.states where chain_id = ? and block_number >= ?",
		"delete from raw.headers where chain_id = ? and block_number >= ?",
		"delete from raw.verified_blocks where chain_id = ? and block_number >= ?",
		"delete from raw.coverage where chain_id = ? and to_block >= ?",
	} {
		result, err := conn.ExecContext(ctx, q, int64(n.opt.ChainID), cut)
		if err != nil {
			return 0, fmt.Errorf("forget blocks from %d on: %w", cut, err)
		}
		if i == 0 {
			if logs, err = result.RowsAffected(); err != nil {
				return 0, err
			}
		}
	}
	return logs, nil
}
