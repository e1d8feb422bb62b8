package extract

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/vaultperf/vaultperf/extract/rpc"
)

// mostAddresses are asked for in one request; geth allows 1000, others less.
const mostAddresses = 50

// missing is tonight's work: what coverage lacks of each filter up to the last
// final block.
func (n *chain) missing(ctx context.Context) ([]piece, error) {
	filters, err := filtersOf(n.vaults)
	if err != nil {
		return nil, err
	}
	have, err := n.covered(ctx)
	if err != nil {
		return nil, err
	}
	lacking := map[string][]span{}
	for _, f := range filters {
		lacking[f.digest] = span{f.from, n.head.Number}.without(have[f.digest])
	}
	return pieces(lacking, filters, mostAddresses), nil
}

// covered are the spans of raw.coverage by filter.
func (n *chain) covered(ctx context.Context) (map[string][]span, error) {
	have, err := spansBy(ctx, n.db, "select filter, from_block, to_block from raw.coverage where chain_id = ?", int64(n.node.ChainID))
	if err != nil {
		return nil, fmt.Errorf("read coverage: %w", err)
	}
	return have, nil
}

// A querier is a database or one of its connections.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// spansBy reads rows of what blocks belong to, the first of them and the last.
func spansBy(ctx context.Context, db querier, query string, args ...any) (spans map[string][]span, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	spans = map[string][]span{}
	for rows.Next() {
		var of string
		var s span
		if err := rows.Scan(&of, &s.from, &s.to); err != nil {
			return nil, err
		}
		spans[of] = append(spans[of], s)
	}
	return spans, rows.Err()
}

// rollBack compares the last block of what was fetched before with the node's.
// Where the chain has another block now, everything from the first unit on that
// does not stand any more is forgotten, to be fetched again.
func (n *chain) rollBack(ctx context.Context) error {
	ends, err := n.ends(ctx)
	if err != nil {
		return err
	}
	for len(ends) > 0 && ends[0].number > n.head.Number {
		// a node that is behind proves nothing
		n.notice("chain %d: the node's last final block is %d, logs are held up to %d", n.node.ChainID, n.head.Number, ends[0].number)
		for len(ends) > 0 && ends[0].number > n.head.Number {
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

// An end is the last block of a unit.
type end struct {
	number uint64
	hash   rpc.Word
}

// ends are the last blocks of all units, the highest first. Where units of
// several filters end, they have one hash, or the lower one decides.
func (n *chain) ends(ctx context.Context) (ends []end, err error) {
	rows, err := n.db.QueryContext(ctx, `
select distinct to_block, end_hash
from raw.coverage
where chain_id = ?
order by all desc`, int64(n.node.ChainID))
	if err != nil {
		return nil, fmt.Errorf("read coverage: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var e end
		var hash []byte
		if err := rows.Scan(&e.number, &hash); err != nil {
			return nil, fmt.Errorf("read coverage: %w", err)
		}
		copy(e.hash[:], hash)
		ends = append(ends, e)
	}
	return ends, rows.Err()
}

// firstThatStands is the place of the first end that the chain still has, the
// number of ends if it has none.
func (n *chain) firstThatStands(ctx context.Context, ends []end) (int, error) {
	var numbers []uint64
	blocks := map[uint64]rpc.Block{n.head.Number: n.head}
	for _, e := range ends {
		if e.number != n.head.Number {
			numbers = append(numbers, e.number)
		}
	}
	if len(numbers) > 0 {
		found, err := n.headers(ctx, numbers)
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

// forget deletes all that was fetched from the unit on that ends with block
// number, of every filter: logs and their events, block times and states, and
// the coverage. What files gave stays.
func (n *chain) forget(ctx context.Context, number uint64) error {
	chain := int64(n.node.ChainID)
	var cut uint64
	var logs int64
	err := inTransaction(ctx, n.db, func(conn *sql.Conn) error {
		cut = number
		for { // a unit of another filter may begin before the cut and end after
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
		n.notice("chain %d: block %d is not the one it was: %d logs from block %d on are forgotten and fetched again", n.node.ChainID, number, logs, cut)
	}
	return err
}

func (n *chain) forgetFrom(ctx context.Context, conn *sql.Conn, cut int64) (logs int64, err error) {
	const fromNode = "file_id in (select file_id from raw.files where format = '" + formatNode + "')"
	for i, q := range []string{
		"delete from raw.logs where chain_id = ? and block_number >= ? and " + fromNode,
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
		"delete from raw.blocks where chain_id = ? and block_number >= ? and " + fromNode,
		"delete from raw.states where chain_id = ? and block_number >= ?",
		"delete from raw.headers where chain_id = ? and block_number >= ?",
		"delete from raw.verified_blocks where chain_id = ? and block_number >= ?",
		"delete from raw.coverage where chain_id = ? and to_block >= ?",
	} {
		result, err := conn.ExecContext(ctx, q, int64(n.node.ChainID), cut)
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
