package transform

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestAbsentReadings: what an earlier run read from a file that is in no archive
// any more prices nothing, so that a corrected file under a new name does not
// conflict with its old self; once it is back it counts again.
func TestAbsentReadings(t *testing.T) {
	t.Parallel()
	db := database(t)
	addVault(t, db, "v", "observed")
	addReadings(t, db, 1, []reading{{vault: "v", at: date("2025-09-01"), price: ptr(1.0)}, {vault: "v", at: date("2025-09-02"), price: ptr(1.1)}, {vault: "v", at: date("2025-09-09")}})
	addReadings(t, db, 2, []reading{{vault: "v", at: date("2025-09-01"), price: ptr(1.0)}, {vault: "v", at: date("2025-09-02"), price: ptr(1.2)}})
	exec(t, db, "update raw.files set rows_read = 3, rows_kept = 2 where file_id = 1")
	exec(t, db, "update raw.files set rows_read = 2, rows_kept = 2 where file_id = 2")
	exec(t, db, "insert into raw.set_aside values (1, 'empty_price', 1, 4, 'v')")
	for _, c := range []struct{ state, last, conflicts, aside, imports string }{
		{"unchanged", "1", "1", "3", "file-1.csv|unchanged|3|1|2"},
		{"absent", "1.2", "null", "0", "file-1.csv|absent|3|0|0"},
		{"unchanged", "1", "1", "3", "file-1.csv|unchanged|3|1|2"},
	} {
		exec(t, db, "update raw.files set state = ? where file_id = 1", c.state)
		run(t, db, Options{AsOf: date("2025-09-03")})
		equalLines(t, lines(t, db, "select format('{:g}', arg_max(share_price, observed_at)) from marts.share_prices"), c.last)
		equalLines(t, lines(t, db, "select sum(rows) from marts.warnings where warning = 'conflicting_readings'"), c.conflicts)
		equalLines(t, lines(t, db, "select coalesce(sum(rows_set_aside), 0)::bigint from marts.imports"), c.aside)
		equalLines(t, lines(t, db, "select path, state, rows_read, rows_kept, rows_set_aside from marts.imports where path = 'file-1.csv'"), c.imports)
	}
}

// TestAgreeingReadingsStandByPath: of readings that agree the last stands, by the
// files' paths and then their lines, whatever file was imported first.
func TestAgreeingReadingsStandByPath(t *testing.T) {
	for name, paths := range map[string][2]string{"AFirst": {"a.csv", "b.csv"}, "BFirst": {"b.csv", "a.csv"}} {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			addVault(t, db, "v", "observed")
			prices := map[string]float64{"a.csv": 1, "b.csv": 1 + 4e-10}
			for i, path := range paths {
				addReadings(t, db, i+1, []reading{
					{vault: "v", at: date("2025-09-01"), price: ptr(1 + 2e-10)}, {vault: "v", at: date("2025-09-01"), price: ptr(prices[path])},
				})
				exec(t, db, "update raw.files set path = ? where file_id = ?", path, i+1)
			}
			run(t, db, Options{AsOf: date("2025-09-03")})
			equalLines(t, lines(t, db, "select share_price from marts.share_prices"), fmt.Sprint(1+4e-10))
		})
	}
}

// TestLaterLogsDoNotChangeAPastRun: what came after the as-of date, be it a log
// that cannot be decoded or one that shows that logs are missing, leaves a run
// built again from the newer archive as it was.
func TestLaterLogsDoNotChangeAPastRun(t *testing.T) {
	t.Parallel()
	v := liveLagoon(lagoonAddress)
	asOf := hours(0).AddDate(0, 0, 8).Truncate(24 * time.Hour)
	until := asOf.AddDate(0, 0, 1)
	then := slices.IndexFunc(v.logs, func(l chainLog) bool { return !l.at.Before(until) })
	lost := then + slices.IndexFunc(v.logs[then:], func(l chainLog) bool { return l.arguments["to"] == receiver })
	newer := slices.Delete(slices.Clone(v.logs), lost, lost+1)
	var runs []map[string][]string
	for _, logs := range [][]chainLog{v.logs[:then], newer} {
		db := lagoonRun(t, logs)
		exec(t, db, `
			insert into raw.undecoded
			select chain_id, block_number, log_index, if(log_index % 2 = 0, 'undecodable', 'unknown_event'), 'detail'
			from raw.logs where block_timestamp >= ?`, until)
		run(t, db, Options{AsOf: asOf})
		rows := content(t, db)
		delete(rows, "imports") // it counts the newer archive's rows
		rows["warnings"] = slices.DeleteFunc(rows["warnings"], func(row string) bool { return strings.Contains(row, "rows_after_as_of") })
		equalLines(t, lines(t, db, "select sum(rows_set_aside) from marts.imports"), "0")
		runs = append(runs, rows)
	}
	sameContent(t, runs[1], runs[0])
	if len(runs[0]["share_prices"]) < 5 {
		t.Errorf("%d marks: the test sees little", len(runs[0]["share_prices"]))
	}
}
