package archive

import (
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

const heldLogs = "select block_number || ' ' || log_index || ' ' || lower(hex(data)) || ' ' || coalesce(lower(hex(block_hash)), '') from raw.logs order by block_number, log_index"

// changed is an archived log with other values.
func changed(i int, pairs ...any) map[string]any {
	o := archivedLogs[i].object()
	for p := 0; p < len(pairs); p += 2 {
		o[pairs[p].(string)] = pairs[p+1]
	}
	return o
}

// TestACorrectedFileTakesItsLogs: what no present file says any more is gone, with what was
// decoded of it; what another says stays, as that one says it.
func TestACorrectedFileTakesItsLogs(t *testing.T) {
	dir := t.TempDir()
	db := sqltest.Open(t)
	opt := testOptions(dir, "*")
	write := func(name string, logs ...any) {
		t.Helper()
		extracttest.WriteFile(t, filepath.Join(dir, name), []byte(extracttest.JSON(t, logs)))
	}
	wrong, right := strings.Repeat("5a", 32), strings.TrimPrefix(archivedLogs[0].hash("block"), "0x")
	held := func(want ...string) {
		t.Helper()
		if got := sqltest.Query(t, db, heldLogs); got != strings.Join(append(want, ""), "\n") {
			t.Errorf("logs\n%swant\n%s", got, strings.Join(want, "\n"))
		}
		if got := sqltest.Query(t, db, "select count(*) - (select count(*) from raw.logs) from (select chain_id, block_number, log_index from raw.events union select chain_id, block_number, log_index from raw.undecoded)"); got != "0\n" {
			t.Errorf("%s results of decoding more than logs", got)
		}
	}
	// two files agree on a wrong hash and wrong data; both are corrected in one run, the
	// later of them has a log of its own of the block
	write("a", changed(0, "blockHash", "0x"+wrong, "data", "0x01"))
	write("b", changed(0, "blockHash", "0x"+wrong, "data", "0x01"), changed(1, "blockHash", "0x"+wrong))
	mustImport(t, db, opt)
	held("100 0 01 "+wrong, "100 5  "+wrong)
	write("a", changed(0, "data", "0x02"))
	refused(t, db, opt, "a:1: want one hash of block 100 of chain 1: 0x"+wrong+", as log 5 of b has it, got 0x"+right)
	write("b", changed(1, "blockHash", "0x"+wrong))
	refused(t, db, opt, "b:1: want one hash of block 100 of chain 1: 0x"+right+", as log 0 of a has it, got 0x"+wrong)
	write("b", changed(1))
	files := mustImport(t, db, opt)
	held("100 0 02 "+right, "100 5  "+right)
	if files[0].State != "extended" || files[0].New != 1 || files[1].New != 0 {
		t.Errorf("files %+v", files)
	}
	// a log that stays is not new, and one that goes is forgotten
	write("b", changed(1), changed(0, "data", "0x02"))
	if f := mustImport(t, db, opt)[1]; f.New != 0 || f.Kept != 2 {
		t.Errorf("got %+v, want nothing new", f)
	}
	if err := os.Remove(filepath.Join(dir, "a")); err != nil {
		t.Fatal(err)
	}
	if f := mustImport(t, db, opt)[0]; f.State != "reread" || f.New != 0 {
		t.Errorf("got %+v, want the file read again that shares a log with one that is gone", f)
	}
	held("100 0 02 "+right, "100 5  "+right)
	if got := sqltest.Query(t, db, "select distinct path from raw.logs inner join raw.files using (file_id)"); got != "b\n" {
		t.Errorf("logs are of %s", got)
	}
	// what a file had filled in goes with it, too
	without := changed(0, "data", "0x02")
	delete(without, "blockHash")
	write("b", without)
	write("c", changed(0, "data", "0x02", "blockHash", "0x"+wrong))
	mustImport(t, db, opt)
	held("100 0 02 " + wrong)
	write("c", changed(0, "data", "0x02"))
	mustImport(t, db, opt)
	held("100 0 02 " + right)
	// a node has it, too: it stays without any file, and the rest goes
	_, err := db.ExecContext(t.Context(), `
insert into raw.files values (99, 'node (chain 1)', 'logs', 'eth_getLogs', '', 0, '', 'new', '', 0, 0, 0, 0);
insert into raw.log_copies values (1, 100, 0, 99)`)
	if err != nil {
		t.Fatal(err)
	}
	write("b", without, changed(1))
	mustImport(t, db, opt)
	write("d", changed(2)) // another contract's
	for _, name := range []string{"b", "c"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	mustImport(t, db, opt)
	held("100 0 02 " + right)
	if got := sqltest.Query(t, db, "select file_id || ' ' || (select count(*) from raw.log_copies) || ' ' || (select count(*) from raw.spans) from raw.logs"); got != "99 0 0\n" {
		t.Errorf("got %s, want the node's log alone", got)
	}
	// a file that is back gives its logs again
	write("b", without, changed(1))
	mustImport(t, db, opt)
	held("100 0 02 "+right, "100 5  "+right)
}

// TestAGoneFileIsWithdrawnOnce: later runs have nothing to do for it; but where an earlier
// version left its logs they go.
func TestAGoneFileIsWithdrawnOnce(t *testing.T) {
	dir := t.TempDir()
	db := sqltest.Open(t)
	opt := testOptions(dir, "*")
	for i, name := range []string{"a", "b"} {
		extracttest.WriteFile(t, filepath.Join(dir, name), []byte(extracttest.JSON(t, []any{changed(i)})))
	}
	mustImport(t, db, opt)
	withdrawn := func() (isWithdrawn bool) {
		t.Helper()
		err := store.InTransaction(t.Context(), db, func(conn *sql.Conn) error {
			jobs, _, err := plan(opt)
			if err != nil {
				return err
			}
			known, err := knownFiles(t.Context(), conn)
			if err != nil {
				return err
			}
			n := &importer{conn: conn, opt: opt, known: known, same: map[string]bool{}, again: map[int]bool{}}
			if err := n.withdraw(t.Context(), jobs); err != nil {
				return err
			}
			isWithdrawn = n.isWithdrawn
			return n.forgetWithdrawn(t.Context())
		})
		if err != nil {
			t.Fatal(err)
		}
		return isWithdrawn
	}
	if err := os.Remove(filepath.Join(dir, "a")); err != nil {
		t.Fatal(err)
	}
	// an earlier version knew of the file that it was gone, and kept its logs
	sqltest.Query(t, db, "update raw.files set state = 'absent' where path = 'a' returning state")
	if !withdrawn() || sqltest.Query(t, db, "select distinct path from raw.logs inner join raw.files using (file_id)") != "b\n" {
		t.Error("the logs of a file that is gone stay")
	}
	mustImport(t, db, opt)
	if withdrawn() {
		t.Error("nothing is left of the file that is gone, but it is withdrawn again")
	}
}

// TestLogsAreWhatFilesHave: whatever happens to files, the logs are those of the files that
// are there, each with one row and a copy for each further file.
func TestLogsAreWhatFilesHave(t *testing.T) {
	dir := t.TempDir()
	db := sqltest.Open(t)
	opt := testOptions(dir, "*")
	random := rand.New(rand.NewPCG(7, 7))
	version := map[int]int{}
	files := map[string][]int{}
	steps := 40
	if testing.Short() {
		steps = 8
	}
	for step := range steps {
		if len(files) > 0 && random.IntN(3) == 0 { // a log turns out to be another
			version[random.IntN(6)]++
		}
		for range 1 + random.IntN(2) {
			name := string(rune('a' + random.IntN(4)))
			if random.IntN(4) == 0 && len(files) > 1 {
				delete(files, name)
			} else {
				files[name] = random.Perm(6)[:1+random.IntN(5)]
			}
		}
		want, copies := map[int]bool{}, 0
		for _, name := range []string{"a", "b", "c", "d"} {
			path := filepath.Join(dir, name)
			if files[name] == nil {
				_ = os.Remove(path)
				continue
			}
			var logs []any
			for _, i := range files[name] {
				logs = append(logs, changed(0, "blockNumber", fmt.Sprintf("%#x", 100+i/2), "logIndex", fmt.Sprintf("%#x", i), "data", fmt.Sprintf("0x%02x%02x", i, version[i])))
				if want[i] {
					copies++
				}
				want[i] = true
			}
			extracttest.WriteFile(t, path, []byte(extracttest.JSON(t, logs)))
		}
		mustImport(t, db, opt)
		var lines []string
		for _, i := range slices.Sorted(maps.Keys(want)) {
			lines = append(lines, fmt.Sprintf("%d %02x%02x\n", i, i, version[i]))
		}
		if got := sqltest.Query(t, db, "select log_index || ' ' || lower(hex(data)) from raw.logs order by log_index"); got != strings.Join(lines, "") {
			t.Fatalf("step %d: logs\n%swant\n%s", step, got, strings.Join(lines, ""))
		}
		rest := sqltest.Query(t, db, `
select concat_ws(
    ' ', (select count(*) from raw.log_copies),
    (select count(*) from (select distinct * from raw.log_copies)),
    (select count(*) from raw.log_copies anti join raw.logs using (chain_id, block_number, log_index)),
    (select count(*) from raw.log_copies semi join raw.logs using (chain_id, block_number, log_index, file_id)),
    (select count(*) from raw.undecoded) + (select count(*) from raw.events)
)`)
		if want := fmt.Sprintf("%d %d 0 0 %d\n", copies, copies, len(want)); rest != want {
			t.Fatalf("step %d: copies, distinct, of no log, of the log's own file, results: got %s, want %s", step, rest, want)
		}
	}
}
