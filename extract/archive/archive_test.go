package archive

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// refused wants an InputError that begins so, and a database as before.
func refused(t *testing.T, db *sql.DB, opt Options, want string) {
	t.Helper()
	const everything = `
select 'logs ' || count(*) from raw.logs union all select 'blocks ' || count(*) from raw.blocks
union all select 'readings ' || count(*) from raw.readings union all select 'files ' || count(*) from raw.files
union all select 'vaults ' || count(*) from raw.vaults union all select 'set aside ' || count(*) from raw.set_aside
union all select 'events ' || count(*) from raw.events union all select 'undecoded ' || count(*) from raw.undecoded`
	before := sqltest.Query(t, db, everything)
	files, err := tryImport(t.Context(), db, opt)
	var input *input.Error
	if !errors.As(err, &input) || files != nil {
		t.Fatalf("got files %v and error %v, want an InputError %q", files, err, want)
	}
	if !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error is\n%s\nwant\n%s", err, want)
	}
	if after := sqltest.Query(t, db, everything); after != before {
		t.Errorf("tables were\n%s\nand are\n%s", before, after)
	}
}

func TestRunAddsNothingTwice(t *testing.T) {
	dir := t.TempDir()
	formats := textFormats(t)
	extracttest.WriteFile(t, filepath.Join(dir, "a"), []byte(formats["rpc array"].text))
	db := sqltest.Open(t)
	opt := testOptions(dir, "a")
	mustImport(t, db, opt)
	extracttest.WriteFile(t, filepath.Join(dir, "b"), []byte(formats["ethereum-etl csv"].text))
	copyParquet(t, filepath.Join(dir, "c"), parquetFormats["cryo binary"].query)
	opt.Archives[0].Path = "?"
	files := mustImport(t, db, opt)
	for i, want := range []input.File{
		{Path: "a", State: "unchanged", Read: 3, Kept: 2, Filtered: 1},
		{Path: "b", State: "new", Read: 3, Kept: 2, Filtered: 1},
		{Path: "c", State: "new", Read: 3, Kept: 2, Filtered: 1},
	} {
		want.Kind, want.Format, want.SHA256 = files[i].Kind, files[i].Format, files[i].SHA256
		if files[i] != want {
			t.Errorf("got %+v, want %+v", files[i], want)
		}
	}
	if got := sqltest.Query(t, db, "select count(*)::varchar from raw.logs"); got != "2\n" {
		t.Errorf("%s logs, want 2", got)
	}
}

func TestRunMergesRepeatsWithinAFile(t *testing.T) {
	dir := t.TempDir()
	known := archivedLogs[0].object()
	less := archivedLogs[0].object()
	delete(less, "blockTimestamp")
	extracttest.WriteFile(t, filepath.Join(dir, "file"), []byte(extracttest.JSON(t, []any{less, known, less})))
	db := sqltest.Open(t)
	if f := mustImport(t, db, testOptions(dir, "file"))[0]; f.Read != 3 || f.Kept != 3 || f.New != 1 {
		t.Errorf("got %+v, want 3 kept and 1 new", f)
	}
	if got := sqltest.Query(t, db, "select block_timestamp::varchar from raw.logs"); got != "2023-05-02 12:20:00+00\n" {
		t.Errorf("got %s", got)
	}
}

func TestRunRefusesOtherContentAtTheSameKey(t *testing.T) {
	tests := []struct {
		name string
		key  string
		to   any
	}{
		{"data", "data", "0x01"},
		{"topics", "topics", archivedLogs[0].topics[:2]},
		{"one topic more", "topics", append(slices.Clone(archivedLogs[0].topics), "0x"+extracttest.MaxWord)},
		{"transaction", "transactionHash", "0x" + extracttest.MaxWord},
		{"block", "blockHash", "0x" + extracttest.MaxWord},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			other := archivedLogs[0].object()
			other[test.key] = test.to
			db := sqltest.Open(t)
			extracttest.WriteFile(t, filepath.Join(dir, "first.json"), []byte(extracttest.JSON(t, archivedLogs[0].object())))
			mustImport(t, db, testOptions(dir, "first.json"))
			extracttest.WriteFile(t, filepath.Join(dir, "second.json"), []byte(extracttest.JSON(t, other)))
			refused(t, db, testOptions(dir, "[fs]*.json"),
				"second.json: want the log that first.json has at chain 1 block 100 log 0, got other content at the same place")

			extracttest.WriteFile(t, filepath.Join(dir, "both"), []byte(extracttest.JSON(t, []any{archivedLogs[0].object(), other})))
			refused(t, sqltest.Open(t), testOptions(dir, "both"),
				"both: want the log that both has at chain 1 block 100 log 0, got other content at the same place")
		})
	}
}

// TestRunRefusesTwoHashesOfABlock: two logs of one block were in two blocks, which cannot
// both be of the chain, whether they come in one file or in two.
func TestRunRefusesTwoHashesOfABlock(t *testing.T) {
	dir := t.TempDir()
	first, second := archivedLogs[0].object(), archivedLogs[1].object()
	hash, other := first["blockHash"], "0x"+strings.Repeat("5a", 32)
	second["blockHash"] = other
	extracttest.WriteFile(t, filepath.Join(dir, "first"), []byte(extracttest.JSON(t, first)))
	extracttest.WriteFile(t, filepath.Join(dir, "second"), []byte(extracttest.JSON(t, archivedLogs[2].object())+"\n"+extracttest.JSON(t, second)))
	extracttest.WriteFile(t, filepath.Join(dir, "both"), []byte(extracttest.JSON(t, second)+"\n"+extracttest.JSON(t, first)))
	refused(t, sqltest.Open(t), testOptions(dir, "[fs]*"),
		fmt.Sprintf("second:2: want one hash of block 100 of chain 1: %s, as log 0 of first has it, got %s", hash, other))
	refused(t, sqltest.Open(t), testOptions(dir, "both"),
		fmt.Sprintf("both:2: want one hash of block 100 of chain 1: %s, as line 1 has it, got %s", other, hash))
	db := sqltest.Open(t)
	mustImport(t, db, testOptions(dir, "first"))
	refused(t, db, testOptions(dir, "[fs]*"), "second:2: want one hash of block 100 of chain 1")
}

func TestImportKeepsNothingAfterAFailure(t *testing.T) {
	dir := t.TempDir()
	extracttest.WriteFile(t, filepath.Join(dir, "1-good"), []byte(textFormats(t)["rpc array"].text))
	extracttest.WriteFile(t, filepath.Join(dir, "2-bad"), []byte(secondBad(t, "data", "0xabc")))
	refused(t, sqltest.Open(t), testOptions(dir, "*"), "2-bad:3: want data")
}

func TestRunFillsInWhatALaterFileKnows(t *testing.T) {
	dir := t.TempDir()
	db := sqltest.Open(t)
	copyParquet(t, filepath.Join(dir, "cryo"), parquetFormats["cryo hex"].query)
	mustImport(t, db, testOptions(dir, "cryo"))
	const missing = "select count(*)::varchar from raw.logs where block_timestamp is null and block_hash is null"
	if got := sqltest.Query(t, db, missing); got != "2\n" {
		t.Fatalf("%s logs lack time and hash, want 2", got)
	}
	extracttest.WriteFile(t, filepath.Join(dir, "rpc"), []byte(textFormats(t)["rpc array"].text))
	if f := mustImport(t, db, testOptions(dir, "rpc"))[0]; f.New != 0 || f.Kept != 2 {
		t.Errorf("got %+v, want nothing new", f)
	}
	if got := sqltest.Query(t, db, "select block_timestamp || ' ' || (block_hash is null) from raw.logs"); got != strings.Repeat("2023-05-02 12:20:00+00 false\n", 2) {
		t.Errorf("got %s", got)
	}
	if got := sqltest.Query(t, db, "select path || ' ' || state from raw.files order by path"); got != "cryo absent\nrpc new\n" {
		t.Errorf("files are %s", got)
	}
}

func TestRunReadsAChangedFileAgain(t *testing.T) {
	dir := t.TempDir()
	db := sqltest.Open(t)
	opt := testOptions(dir, "logs.json")
	path := filepath.Join(dir, "logs.json")
	extracttest.WriteFile(t, path, []byte(extracttest.JSON(t, []any{archivedLogs[0].object()})))
	mustImport(t, db, opt)
	extracttest.WriteFile(t, path, []byte(textFormats(t)["rpc array"].text))
	if f := mustImport(t, db, opt)[0]; f.State != "extended" || f.Read != 3 || f.New != 1 {
		t.Errorf("got %+v, want an extended file with 1 new log", f)
	}
	opt.Vaults = append(opt.Vaults, vault.Vault{ID: "w", Name: "W", ChainID: 1, Address: archivedLogs[2].address, Family: "observed"})
	if f := mustImport(t, db, opt)[0]; f.State != "reread" || f.Kept != 3 || f.Filtered != 0 || f.New != 1 {
		t.Errorf("got %+v, want the new vault's log", f)
	}
	if got := sqltest.Query(t, db, "select vault_id || config_position from raw.vaults order by config_position"); got != "v1\nw2\n" {
		t.Errorf("vaults are %s", got)
	}
	if got := sqltest.Query(t, db, "select file_id || ' ' || rows_kept || ' ' || rows_new from raw.files"); got != "1 3 1\n" {
		t.Errorf("raw.files has %s", got)
	}
}

func TestRunReplacesChangedReadings(t *testing.T) {
	dir := t.TempDir()
	db := sqltest.Open(t)
	opt := testOptions(dir, "readings.csv")
	opt.Archives[0].Note = "somebody else's"
	path := filepath.Join(dir, "readings.csv")
	extracttest.WriteFile(t, path, []byte("vault,observed_at,share_price\nv,2025-01-01,1\nv,2025-01-02,1.5\nv,2025-01-03,\n"))
	f := mustImport(t, db, opt)[0]
	if f.Kind != "readings" || f.State != "new" || f.Read != 3 || f.SetAside != 1 {
		t.Errorf("got %+v", f)
	}
	if f := mustImport(t, db, opt)[0]; f.State != "unchanged" || f.SetAside != 1 || f.New != 0 {
		t.Errorf("got %+v, want it unchanged", f)
	}
	extracttest.WriteFile(t, path, []byte("vault,observed_at,share_price\nv,2025-01-01,2\n"))
	if f := mustImport(t, db, opt)[0]; f.State != "replaced" || f.Read != 1 || f.SetAside != 0 {
		t.Errorf("got %+v, want it replaced", f)
	}
	opt.Archives[0].Vault = "v" // the config asks otherwise, the file is the same
	if f := mustImport(t, db, opt)[0]; f.State != "reread" || f.Read != 1 || f.New != 1 {
		t.Errorf("got %+v, want it read again", f)
	}
	if got := sqltest.Query(t, db, "select share_price::varchar from raw.readings"); got != "2.0\n" {
		t.Errorf("prices are %s", got)
	}
	if got := sqltest.Query(t, db, "select note || (select count(*) from raw.set_aside) from raw.files"); got != "somebody else's0\n" {
		t.Errorf("got %s", got)
	}
}

func TestRunSetsRemovedLogsAside(t *testing.T) {
	dir := t.TempDir()
	gone, foreign := archivedLogs[1].object(), archivedLogs[2].object()
	gone["removed"], foreign["removed"] = true, true
	extracttest.WriteFile(t, filepath.Join(dir, "file"), []byte(extracttest.JSON(t, archivedLogs[0].object())+"\n"+extracttest.JSON(t, gone)+"\n"+extracttest.JSON(t, foreign)+"\n"))
	db := sqltest.Open(t)
	if f := mustImport(t, db, testOptions(dir, "file"))[0]; f.Kept != 1 || f.SetAside != 1 || f.Filtered != 1 {
		t.Errorf("got %+v", f)
	}
	const asides = "select reason || ' ' || rows || ' ' || first_line || ' ' || example from raw.set_aside"
	if got := sqltest.Query(t, db, asides); got != "removed_log 1 2 block 100, log 5\n" {
		t.Errorf("set aside: %s", got)
	}
}

func TestRunReadsAFileOnceForArchivesThatAgree(t *testing.T) {
	dir := t.TempDir()
	extracttest.WriteFile(t, filepath.Join(dir, "a.json"), []byte(textFormats(t)["rpc array"].text))
	opt := testOptions(dir, "a.json")
	opt.Archives = append(opt.Archives, opt.Archives[0])
	opt.Archives[1].Path = "*.json"
	if files := mustImport(t, sqltest.Open(t), opt); len(files) != 1 {
		t.Errorf("got %v, want one file", files)
	}
	opt.Archives[1].ChainID = 10
	refused(t, sqltest.Open(t), opt, "a.json (2): want one archive that matches a file of logs, got two that ask different things of it")
}

func TestRunReportsProgress(t *testing.T) {
	dir := t.TempDir()
	extracttest.WriteFile(t, filepath.Join(dir, "a"), []byte(textFormats(t)["rpc array"].text))
	extracttest.WriteFile(t, filepath.Join(dir, "b"), []byte(textFormats(t)["ethereum-etl csv"].text))
	var done, total int64
	calls := 0
	opt := testOptions(dir, "*")
	opt.Progress = func(d, n int64) {
		if d < done {
			t.Errorf("progress went from %d to %d", done, d)
		}
		done, total = d, n
		calls++
	}
	mustImport(t, sqltest.Open(t), opt)
	if calls < 2 || done != total || total == 0 {
		t.Errorf("%d calls, the last with %d of %d", calls, done, total)
	}
}

func TestRunFindsFilesInFoldersWithOddNames(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "50% [old] *", "date=2023-05-02")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	copyParquet(t, filepath.Join(t.TempDir(), "x"), parquetFormats["aws"].query)
	copyParquet(t, filepath.Join(dir, "it's.parquet"), parquetFormats["aws"].query)
	extracttest.WriteFile(t, filepath.Join(dir, "a?.csv"), []byte(textFormats(t)["ethereum-etl csv"].text))
	files := mustImport(t, sqltest.Open(t), testOptions(filepath.Dir(dir), "date=*/*"))
	if len(files) != 2 || files[0].Path != "date=2023-05-02/a?.csv" || files[1].Kept != 2 {
		t.Errorf("got %+v", files)
	}
}
