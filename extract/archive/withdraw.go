package archive

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/store"
)

// sameLog says whether two logs at one place are the same.
const sameLog = `a.address = b.address and a.data = b.data
    and a.topic0 is not distinct from b.topic0 and a.topic1 is not distinct from b.topic1
    and a.topic2 is not distinct from b.topic2 and a.topic3 is not distinct from b.topic3
    and a.transaction_hash is not distinct from b.transaction_hash`

// withdraw takes the logs of files that have changed or gone out of raw.logs before any
// file is read, so that a file's new content is judged against what is still vouched for. A
// log that a node has too stays, as the node's. Of one that another file has, what each had
// said of it is not known any more: that file is read again. Logs that come back are as
// if they had stayed.
func (n *importer) withdraw(ctx context.Context, jobs []job) error {
	ids, err := n.stale(ctx, jobs)
	if err == nil {
		ids, err = n.holders(ctx, ids)
	}
	if err != nil || len(ids) == 0 {
		return err
	}
	list := listOf(ids)
	for _, q := range []string{
		// what a node has too is the node's
		`
update raw.logs as a
set file_id = b.file_id
from (
    select chain_id, block_number, log_index, min(file_id) as file_id
    from raw.log_copies
    where file_id in ` + input.NodeFiles + `
    group by all
) as b
where a.file_id in ` + list + ` and ` + sameKey,
		`
delete from raw.log_copies as a
using raw.logs as b
where a.file_id = b.file_id and ` + sameKey,
		`
create or replace temp table withdrawn as
select a.*
from raw.logs as a
where a.file_id in ` + list + `
    or (
        a.file_id not in ` + input.NodeFiles + `
        and exists (select 1 from raw.log_copies as b where b.file_id in ` + list + ` and ` + sameKey + `)
        and not exists (select 1 from raw.log_copies as b where b.file_id in ` + input.NodeFiles + ` and ` + sameKey + `)
    )`,
	} {
		if _, err := n.conn.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("withdraw logs: %w", err)
		}
	}
	err = store.Each(ctx, n.conn, `
select file_id from temp.withdrawn
union
select b.file_id from raw.log_copies as b inner join temp.withdrawn as a on `+sameKey, nil, func(rows *sql.Rows) error {
		var id int
		err := rows.Scan(&id)
		n.again[id] = true
		return err
	})
	if err != nil {
		return fmt.Errorf("find files that share logs: %w", err)
	}
	for _, q := range []string{
		"delete from raw.log_copies as a using temp.withdrawn as b where " + sameKey,
		"delete from raw.log_copies where file_id in " + list,
		"delete from raw.logs as a using temp.withdrawn as b where " + sameKey,
		"delete from raw.spans where file_id in " + list,
	} {
		if _, err := n.conn.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("withdraw logs: %w", err)
		}
	}
	n.isWithdrawn = true
	return nil
}

// stale are the files of logs that are not what they were: of other bytes, asked for
// something else, or gone. Those that are as they were it remembers by their digest.
func (n *importer) stale(ctx context.Context, jobs []job) ([]int, error) {
	var ids []int
	isThere := map[string]bool{}
	for _, j := range jobs {
		isThere[j.path] = true
		old, isKnown := n.known[j.path]
		if !isKnown || old.file.Kind != input.KindLogs {
			continue
		}
		if old.file.State != input.StateAbsent && old.selection == j.selection(n.opt.Vaults) {
			sum, err := digest(ctx, j)
			if err != nil {
				return nil, err
			}
			if sum == old.sha256 {
				n.same[j.path] = true
				continue
			}
		}
		n.again[old.id] = true
		ids = append(ids, old.id)
	}
	for path, old := range n.known {
		if !isThere[path] && old.file.Kind == input.KindLogs && old.file.Format != input.FormatNode {
			ids = append(ids, old.id)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// holders are those of the files that the database holds anything of: one that was gone
// before the last run has nothing left to withdraw.
func (n *importer) holders(ctx context.Context, ids []int) ([]int, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list := listOf(ids)
	holders, err := store.Collect(ctx, n.conn, `
select file_id from raw.logs where file_id in `+list+`
union
select file_id from raw.log_copies where file_id in `+list+`
union
select file_id from raw.spans where file_id in `+list+`
order by file_id`, nil, func(rows *sql.Rows, id *int) error { return rows.Scan(id) })
	if err != nil {
		return nil, fmt.Errorf("find files to withdraw: %w", err)
	}
	return holders, nil
}

// listOf writes files' ids as an SQL list.
func listOf(ids []int) string {
	return "(" + strings.ReplaceAll(strings.Trim(fmt.Sprint(ids), "[]"), " ", ", ") + ")"
}

// returned is how many of a file's logs are those that were withdrawn.
func (n *importer) returned(ctx context.Context, id int) (int64, error) {
	if !n.isWithdrawn {
		return 0, nil
	}
	var rows int64
	err := n.conn.QueryRowContext(ctx, `
select count(*)
from raw.logs as a
inner join temp.withdrawn as b on `+sameKey+`
where a.file_id = ? and `+sameLog, id).Scan(&rows)
	if err != nil {
		return 0, fmt.Errorf("count logs that are back: %w", err)
	}
	return rows, nil
}

// forgetWithdrawn deletes what was decoded of logs that did not come back as they were.
func (n *importer) forgetWithdrawn(ctx context.Context) error {
	if !n.isWithdrawn {
		return nil
	}
	_, err := n.conn.ExecContext(ctx, `
create or replace temp table forgotten as
select chain_id, block_number, log_index
from temp.withdrawn as b
where not exists (select 1 from raw.logs as a where `+sameKey+` and `+sameLog+`)`)
	for _, q := range []string{
		"delete from raw.events as a using temp.forgotten as b where " + sameKey,
		"delete from raw.undecoded as a using temp.forgotten as b where " + sameKey,
		"drop table temp.forgotten",
		"drop table temp.withdrawn",
	} {
		if err == nil {
			_, err = n.conn.ExecContext(ctx, q)
		}
	}
	if err != nil {
		return fmt.Errorf("forget withdrawn logs: %w", err)
	}
	return nil
}

// recordCopies notes which of a file's logs another file or a node has given already.
func recordCopies(ctx context.Context, conn *sql.Conn, in fileInput) error {
	_, err := conn.ExecContext(ctx, fmt.Sprintf(`
insert into raw.log_copies
select a.chain_id, a.block_number, a.log_index, %[1]d
from incoming as a
inner join raw.logs as b on %[2]s and b.file_id <> %[1]d
where a.fate = %[3]d
    and not exists (
        select 1 from raw.log_copies as b where b.file_id = %[1]d and %[2]s
    )`, in.id, sameKey, keptRow))
	if err != nil {
		return fmt.Errorf("record logs that %s has too: %w", in.path, err)
	}
	return nil
}
