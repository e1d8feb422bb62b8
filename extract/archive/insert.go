package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/vaultperf/vaultperf/extract/input"
)

// contents are the columns in which one log must not differ between two files; the last
// three are compared only where both files have them.
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

// insertLogs adds the kept rows that are not in the database yet, and returns their
// number.
func insertLogs(ctx context.Context, conn *sql.Conn, st *statement, in fileInput) (int64, error) {
	s := st.source
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
		if err := recordCopies(ctx, conn, in); err != nil {
			return 0, err
		}
		isNew = "and not exists (select 1 from raw.logs as b where " + sameKey + ")"
	}
	if err := st.checkHashes(ctx, conn); err != nil {
		return 0, err
	}
	if filling > 0 {
		if err := fill(ctx, conn, s); err != nil {
			return 0, err
		}
	}
	// sorted rows are written by all cores, and in the same order every time
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

// dropRepeats merges the copies of a log that the file has more than once, and refuses
// copies that differ.
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
		return input.Conflict(s.path, s.path, chain, block, index)
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
	return input.Conflict(s.path, other, chain, block, index)
}

// fill completes logs in the database with values that only this file has.
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
