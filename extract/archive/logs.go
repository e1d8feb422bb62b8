package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/snippet"
)

// importLogs reads one file of logs into raw.logs. Every row is checked,
// whichever contract it belongs to; those of configured vaults are kept.
func importLogs(ctx context.Context, conn *sql.Conn, s source, in fileInput) (counts, error) {
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
	if err := recordSpans(ctx, conn, in); err != nil {
		return c, err
	}
	c.new, err = insertLogs(ctx, conn, st, in)
	return c, err
}

// recordSpans records which blocks the file covers for each configured contract, even if
// it has no log of that contract: only a file that would have had a log proves that there
// was none.
func recordSpans(ctx context.Context, conn *sql.Conn, in fileInput) error {
	if _, err := conn.ExecContext(ctx, "delete from raw.spans where file_id = ?", in.id); err != nil {
		return fmt.Errorf("record the span of %s: %w", in.path, err)
	}
	_, err := conn.ExecContext(ctx, fmt.Sprintf(`
insert into raw.spans
with kept as (
    select tracked_number, count(*) as logs, min(block_number) as from_block, max(block_number) as to_block
    from incoming
    where tracked_number is not null
    group by all
),
reach as (
    select chain_id, min(block_number) as from_block, max(block_number) as to_block
    from incoming
    where %[1]t
    group by all
)
select
    ?, ?, tracked_chain_id, '0x' || lower(hex(tracked_address)), coalesce(logs, 0),
    coalesce(reach.from_block, kept.from_block), coalesce(reach.to_block, kept.to_block), %[1]t
from temp.tracked
left join kept using (tracked_number)
left join reach on tracked_chain_id = reach.chain_id
where kept.from_block is not null or reach.from_block is not null`, in.archive.Complete), in.id, in.archive.Path)
	if err != nil {
		return fmt.Errorf("record the span of %s: %w", in.path, err)
	}
	return nil
}

// createUnordered fills the table incoming in any order, which takes DuckDB half the
// time. The position of a malformed row is then looked up in the file itself.
func createUnordered(ctx context.Context, conn *sql.Conn, query string) error {
	if _, err := conn.ExecContext(ctx, "set preserve_insertion_order = false"); err != nil {
		return err
	}
	_, err := conn.ExecContext(ctx, "create or replace temp table incoming as "+query)
	_, back := conn.ExecContext(context.WithoutCancel(ctx), "set preserve_insertion_order = true")
	if err != nil {
		return err // the file's own error, which importError must recognise
	}
	return back
}

// tally counts what became of the rows, and refuses the file if one is malformed.
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

// removedLog is a log that a reorganisation undid.
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
	return &input.Error{File: st.source.path, Line: line, Want: st.checks[fate-firstBad].want, Got: snippet.Of(got, 80)}
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
	return &input.Error{File: st.source.path, Line: line, Want: input.TimesRise, Got: input.TwoTimes(chain, block, at, otherBlock, other)}
}

// checkHashes refuses a file by which a block has two hashes, whichever of its logs have
// them: two in the file, or one in it and another in the database.
func (st *statement) checkHashes(ctx context.Context, conn *sql.Conn) error {
	if st.source.column("block_hash") == "" {
		return nil
	}
	var chain, block int64
	var hash, other []byte
	var index sql.NullInt64
	var path sql.NullString
	err := conn.QueryRowContext(ctx, fmt.Sprintf(`
with hashes as (
    select distinct chain_id, block_number, block_hash
    from incoming
    where fate = %d and block_hash is not null
),
wrong as (
    select hashes.chain_id, hashes.block_number, hashes.block_hash, logs.block_hash as other_hash, logs.log_index, files.path
    from hashes
    inner join raw.logs as logs
        on hashes.chain_id = logs.chain_id and hashes.block_number = logs.block_number
        and hashes.block_hash <> logs.block_hash
    inner join raw.files as files on logs.file_id = files.file_id
    union all
    select chain_id, block_number, max(block_hash), min(block_hash), null, null
    from hashes
    group by chain_id, block_number
    having count(*) > 1
)
select chain_id, block_number, block_hash, other_hash, log_index, path
from wrong
order by chain_id, block_number, log_index
limit 1`, keptRow)).Scan(&chain, &block, &hash, &other, &index, &path)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("compare block hashes of %s: %w", st.source.path, err)
	}
	line, err := st.lineOfHash(ctx, conn, chain, block, hash)
	if err != nil {
		return err
	}
	if path.Valid {
		return input.TwoHashes(st.source.path, line, chain, block, fmt.Sprintf("log %d of %s", index.Int64, path.String), hash, other)
	}
	second, err := st.lineOfHash(ctx, conn, chain, block, other)
	if err != nil {
		return err
	}
	if second > line {
		line, second, hash, other = second, line, other, hash
	}
	return input.TwoHashes(st.source.path, line, chain, block, fmt.Sprintf("line %d", second), hash, other)
}

// lineOfHash is the line of the file's first kept log in a block with this hash.
func (st *statement) lineOfHash(ctx context.Context, conn *sql.Conn, chain, block int64, hash []byte) (int64, error) {
	var row int64
	q := fmt.Sprintf(`select min("@row") from (%s) where fate = %d and chain_id = ? and block_number = ? and block_hash = ?`, st.judged(true), keptRow)
	if err := conn.QueryRowContext(ctx, q, chain, block, hash).Scan(&row); err != nil {
		return 0, fmt.Errorf("find the block hash in %s: %w", st.source.path, err)
	}
	return lineOf(st.source, row)
}

// plainHex says whether a Parquet file has hex without 0x, as HyperSync can be set to
// write it.
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
