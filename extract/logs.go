package extract

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// importLogs reads one file of logs into raw.logs. Every row is checked,
// whichever contract it belongs to; those of configured vaults are kept.
func importLogs(ctx context.Context, conn *sql.Conn, s source, in input) (counts, error) {
	if s.empty {
		return counts{}, nil
	}
	if s.container == inLines {
		s.columns = s.jsonColumns()
	}
	if s.container == inJSON {
		flat, drop, err := flatten(ctx, s)
		if err != nil {
			return counts{}, err
		}
		defer drop()
		s = flat
	} else if err := whole(s); err != nil {
		return counts{}, err
	}
	plain, err := plainHex(ctx, conn, s, in.format)
	if err != nil {
		return counts{}, err
	}
	st := newStatement(s, in, plain)
	if err := createUnordered(ctx, conn, st.judged(false)); err != nil {
		return counts{}, importError(s, err)
	}
	c, err := st.tally(ctx, conn)
	if err != nil {
		return c, err
	}
	if err := st.checkTimes(ctx, conn); err != nil {
		return c, err
	}
	c.new, err = insertLogs(ctx, conn, s, in)
	return c, err
}

// createUnordered fills the table incoming. Its rows may come in any order,
// which DuckDB does in half the time; where a row lies in its file is asked of
// the file itself.
func createUnordered(ctx context.Context, conn *sql.Conn, query string) error {
	if _, err := conn.ExecContext(ctx, "set preserve_insertion_order = false"); err != nil {
		return err
	}
	_, err := conn.ExecContext(ctx, "create or replace temp table incoming as "+query)
	_, back := conn.ExecContext(context.WithoutCancel(ctx), "set preserve_insertion_order = true")
	if err != nil {
		return err // of the file, which must be told apart
	}
	return back
}

// tally counts what became of the rows, and refuses the file if one is
// malformed.
func (st *statement) tally(ctx context.Context, conn *sql.Conn) (counts, error) {
	var c counts
	var removed, bad int64
	err := conn.QueryRowContext(ctx, fmt.Sprintf(`
select
    count(*), count(*) filter (fate = %d), count(*) filter (fate = %d),
    count(*) filter (fate = %d), count(*) filter (fate >= %d)
from incoming`, keptRow, filteredRow, removedRow, firstBad)).Scan(&c.read, &c.kept, &c.filtered, &removed, &bad)
	if err != nil {
		return c, fmt.Errorf("count rows of %s: %w", st.source.path, err)
	}
	if bad > 0 {
		return c, st.firstBad(ctx, conn)
	}
	if removed > 0 {
		row, block, index, err := st.firstRemoved(ctx, conn)
		if err != nil {
			return c, err
		}
		c.aside = map[string]*aside{removedLog: {rows: removed, firstLine: row, example: fmt.Sprintf("block %d, log %d", block, index)}}
	}
	return c, nil
}

// removedLog is a log that a reorganisation took back.
const removedLog = "removed_log"

func (st *statement) firstRemoved(ctx context.Context, conn *sql.Conn) (row, block, index int64, err error) {
	q := fmt.Sprintf(`select "@row", block_number, log_index from (%s) where fate = %d order by 1 limit 1`, st.judged(true), removedRow)
	if err := conn.QueryRowContext(ctx, q).Scan(&row, &block, &index); err != nil {
		return 0, 0, 0, fmt.Errorf("find the removed log in %s: %w", st.source.path, err)
	}
	row, err = lineOf(st.source, row)
	return row, block, index, err
}

// firstBad names the first malformed row and what is wrong with it.
func (st *statement) firstBad(ctx context.Context, conn *sql.Conn) error {
	q := fmt.Sprintf(`select "@row", fate, coalesce(got, 'nothing') from (%s) where fate >= %d order by 1 limit 1`, st.judged(true), firstBad)
	var row int64
	var fate int
	var got string
	if err := conn.QueryRowContext(ctx, q).Scan(&row, &fate, &got); err != nil {
		return fmt.Errorf("find the malformed row in %s: %w", st.source.path, err)
	}
	line, err := lineOf(st.source, row)
	if err != nil {
		return err
	}
	if got == "" {
		got = "nothing"
	}
	return &InputError{File: st.source.path, Line: line, Want: st.checks[fate-firstBad].want, Got: snippet(got, 80)}
}

// checkTimes refuses a file in which one block has two times, or a later block
// an earlier time. Rows of other contracts count too.
func (st *statement) checkTimes(ctx context.Context, conn *sql.Conn) error {
	if st.source.column("block_timestamp") == "" {
		return nil
	}
	var chain, block int64
	var at, other string
	var otherBlock int64
	err := conn.QueryRowContext(ctx, `
with blocks as (
    select
        chain_id, block_number,
        min(block_timestamp) as first_at, max(block_timestamp) as last_at
    from incoming
    where block_timestamp is not null
    group by all
),
followed as (
    select
        *,
        lag(last_at) over by_block as previous_at,
        lag(block_number) over by_block as previous_number
    from blocks
    window by_block as (partition by chain_id order by block_number)
)
select chain_id, block_number, last_at::varchar, block_number, first_at::varchar
from followed
where first_at <> last_at
union all
select chain_id, block_number, first_at::varchar, previous_number, previous_at::varchar
from followed
where first_at < previous_at
order by 1, 2
limit 1`).Scan(&chain, &block, &at, &otherBlock, &other)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("check block times of %s: %w", st.source.path, err)
	}
	var row int64
	q := fmt.Sprintf(`select min("@row") from (%s) where chain_id = ? and block_number = ? and block_timestamp = cast(? as timestamptz)`, st.judged(true))
	if err := conn.QueryRowContext(ctx, q, chain, block, at).Scan(&row); err != nil {
		return fmt.Errorf("find the block time in %s: %w", st.source.path, err)
	}
	line, err := lineOf(st.source, row)
	if err != nil {
		return err
	}
	return &InputError{File: st.source.path, Line: line, Want: timesRise, Got: twoTimes(chain, block, at, otherBlock, other)}
}

const timesRise = "one time per block, rising with the block number"

func twoTimes(chain, block int64, at string, otherBlock int64, other string) string {
	return fmt.Sprintf("chain %d block %d at %s and block %d at %s", chain, block, at, otherBlock, other)
}

// contents are the columns in which one log cannot differ between two files;
// the last three only where both know them.
const (
	contents = "address, topic0, topic1, topic2, topic3, data"
	differs  = `(a.address, a.data) is distinct from (b.address, b.data)
    or a.topic0 is distinct from b.topic0 or a.topic1 is distinct from b.topic1
    or a.topic2 is distinct from b.topic2 or a.topic3 is distinct from b.topic3
    or a.transaction_hash <> b.transaction_hash
    or a.block_hash <> b.block_hash
    or a.block_timestamp <> b.block_timestamp`
	fills = `(a.block_timestamp is not null and b.block_timestamp is null)
    or (a.block_hash is not null and b.block_hash is null)
    or (a.transaction_hash is not null and b.transaction_hash is null)
    or (a.transaction_index is not null and b.transaction_index is null)`
	sameKey = "a.chain_id = b.chain_id and a.block_number = b.block_number and a.log_index = b.log_index"
)

// insertLogs adds the kept rows that the database does not have and says how
// many they were.
func insertLogs(ctx context.Context, conn *sql.Conn, s source, in input) (int64, error) {
	if err := dropRepeats(ctx, conn, s); err != nil {
		return 0, err
	}
	var known, filling int64
	err := conn.QueryRowContext(ctx, fmt.Sprintf(`
select count(*), count(*) filter (%s)
from incoming as a
inner join raw.logs as b on %s
where a.fate = %d`, fills, sameKey, keptRow)).Scan(&known, &filling)
	if err != nil {
		return 0, fmt.Errorf("compare logs of %s: %w", s.path, err)
	}
	isNew := ""
	if known > 0 {
		if err := checkKnown(ctx, conn, s); err != nil {
			return 0, err
		}
		isNew = "and not exists (select 1 from raw.logs as b where " + sameKey + ")"
	}
	if filling > 0 {
		if err := fill(ctx, conn, s); err != nil {
			return 0, err
		}
	}
	// sorted rows are written by all cores, and lie the same every time
	result, err := conn.ExecContext(ctx, fmt.Sprintf(`
insert into raw.logs
select
    a.chain_id, a.block_number, a.log_index, a.block_hash, a.block_timestamp,
    a.transaction_hash, a.transaction_index, a.address,
    a.topic0, a.topic1, a.topic2, a.topic3, a.data, %d
from incoming as a
where a.fate = %d %s
order by a.chain_id, a.block_number, a.log_index`, in.id, keptRow, isNew))
	if err != nil {
		return 0, fmt.Errorf("insert logs of %s: %w", s.path, err)
	}
	return result.RowsAffected()
}

// dropRepeats leaves one row of each log that the file holds more than once,
// with all that its copies know, and refuses copies that differ.
func dropRepeats(ctx context.Context, conn *sql.Conn, s source) error {
	var repeated int64
	err := conn.QueryRowContext(ctx, fmt.Sprintf(`
select count(*)
from (
    select 1 from incoming where fate = %d
    group by chain_id, block_number, log_index having count(*) > 1
)`, keptRow)).Scan(&repeated)
	if err != nil {
		return fmt.Errorf("look for repeated logs in %s: %w", s.path, err)
	}
	if repeated == 0 {
		return nil
	}
	var chain, block, index int64
	err = conn.QueryRowContext(ctx, fmt.Sprintf(`
select chain_id, block_number, log_index
from incoming
where fate = %d
group by all
having count(distinct (%s)) > 1 or count(distinct transaction_hash) > 1
    or count(distinct block_hash) > 1 or count(distinct block_timestamp) > 1
order by all
limit 1`, keptRow, contents)).Scan(&chain, &block, &index)
	switch {
	case err == nil:
		return conflict(s.path, s.path, chain, block, index)
	case !errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("compare repeated logs in %s: %w", s.path, err)
	}
	_, err = conn.ExecContext(ctx, fmt.Sprintf(`
create or replace temp table incoming as
select
    fate, chain_id, block_number, log_index,
    any_value(block_timestamp) as block_timestamp, any_value(block_hash) as block_hash,
    any_value(transaction_hash) as transaction_hash, %s,
    any_value(transaction_index) as transaction_index
from incoming
where fate = %d
group by all`, contents, keptRow))
	if err != nil {
		return fmt.Errorf("merge repeated logs of %s: %w", s.path, err)
	}
	return nil
}

// checkKnown refuses a file whose log is in the database with other content.
func checkKnown(ctx context.Context, conn *sql.Conn, s source) error {
	var chain, block, index int64
	var other string
	err := conn.QueryRowContext(ctx, fmt.Sprintf(`
select a.chain_id, a.block_number, a.log_index, files.path
from incoming as a
inner join raw.logs as b on %s
inner join raw.files as files on b.file_id = files.file_id
where a.fate = %d and (%s)
order by 1, 2, 3
limit 1`, sameKey, keptRow, differs)).Scan(&chain, &block, &index, &other)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("compare logs of %s: %w", s.path, err)
	}
	return conflict(s.path, other, chain, block, index)
}

func conflict(path, other string, chain, block, index int64) error {
	return &InputError{
		File: path,
		Want: fmt.Sprintf("the log that %s has at chain %d block %d log %d", other, chain, block, index),
		Got:  "other content at the same place",
	}
}

// fill adds to logs in the database what only this file knows of them.
func fill(ctx context.Context, conn *sql.Conn, s source) error {
	var set []string
	for _, name := range []string{"block_timestamp", "block_hash", "transaction_hash", "transaction_index"} {
		set = append(set, fmt.Sprintf("%[1]s = coalesce(b.%[1]s, a.%[1]s)", name))
	}
	_, err := conn.ExecContext(ctx, fmt.Sprintf(`
update raw.logs as b
set %s
from incoming as a
where a.fate = %d and %s and (%s)`, strings.Join(set, ", "), keptRow, sameKey, fills))
	if err != nil {
		return fmt.Errorf("complete logs from %s: %w", s.path, err)
	}
	return nil
}

// plainHex tells whether a Parquet file writes hex without 0x, as HyperSync
// can be asked to.
func plainHex(ctx context.Context, conn *sql.Conn, s source, format string) (bool, error) {
	if s.container != inParquet || s.dataType("address") != "VARCHAR" || format != "hypersync" {
		return false, nil
	}
	var plain sql.NullBool
	q := fmt.Sprintf("select not bool_or(starts_with(address, '0x')) from (select address from %s limit 1000)", s.reader())
	if err := conn.QueryRowContext(ctx, q).Scan(&plain); err != nil {
		return false, importError(s, err)
	}
	return plain.Bool, nil
}
