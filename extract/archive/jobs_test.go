package archive

import (
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// TestRunTellsBlockTimesFromLogs: a pattern for logs may match the files of block
// times, in whichever archive they are named.
func TestRunTellsBlockTimesFromLogs(t *testing.T) {
	dir := t.TempDir()
	copyParquet(t, filepath.Join(dir, "logs.parquet"), parquetFormats["cryo hex"].query)
	extracttest.WriteFile(t, filepath.Join(dir, "blocks.csv"), []byte("block_number,timestamp\n100,1683030000\n"))
	opt := testOptions(dir, "*")
	opt.Archives[0].Blocks = "blocks.csv"
	files := mustImport(t, sqltest.Open(t), opt)
	if len(files) != 2 || files[0].Kind != "blocks" || files[1].Kind != "logs" || files[1].Kept != 2 {
		t.Errorf("got %+v", files)
	}
	opt.Archives = append([]Archive{{Dir: dir, Path: "*", Format: "auto", ChainID: 1}}, opt.Archives...)
	if files := mustImport(t, sqltest.Open(t), opt); len(files) != 2 {
		t.Errorf("got %+v", files)
	}
	opt.Archives[0].Path = "blocks.csv"
	refused(t, sqltest.Open(t), opt, "blocks.csv: want at least one file other than those of block times, got none")
}

// TestRunTakesRegularFilesOnly: reading a pipe that nobody writes to takes for ever.
func TestRunTakesRegularFilesOnly(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Skip(err)
	}
	within(t, time.Minute, func() {
		refused(t, sqltest.Open(t), testOptions(dir, "pipe"), "pipe: want at least one regular file, got none")
		extracttest.WriteFile(t, filepath.Join(dir, "readings.csv"), []byte("vault,observed_at,share_price\nv,2025-01-01,1\n"))
		if files := mustImport(t, sqltest.Open(t), testOptions(dir, "*")); len(files) != 1 {
			t.Errorf("got %+v", files)
		}
	})
}

// within fails the test if work takes longer.
func within(t *testing.T, limit time.Duration, work func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	select {
	case <-done:
	case <-time.After(limit):
		t.Errorf("still at work after %v", limit)
	}
}
