package fetch

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// TestDatabaseLimits looks at the database's settings and at its log's file as the
// limits come, fold and go.
func TestDatabaseLimits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "limited.duckdb")
	db := sqltest.OpenFile(t, path)
	defer func() { _ = db.Close() }()
	settings := func() string {
		return sqltest.Query(t, db, "select current_setting('threads') || ' ' || current_setting('memory_limit')")
	}
	before := settings()
	if err := limitDatabase(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	const limited = "1 96.0 MiB\n"
	if got := settings(); got != limited {
		t.Errorf("limited: got %s", got)
	}
	if _, err := db.ExecContext(t.Context(), "insert into raw.undecoded select 1, i, 0, 'r', 'd' from range(10000) as r (i)"); err != nil {
		t.Fatal(err)
	}
	size := func() int64 {
		info, err := os.Stat(path + ".wal")
		if os.IsNotExist(err) {
			return 0
		}
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	if size() == 0 {
		t.Fatal("nothing to fold")
	}
	if err := checkpoint(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if got := settings(); got != limited || size() > 0 {
		t.Errorf("folded: got %s and %d bytes left", got, size())
	}
	if err := restoreLimits(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if got := settings(); got != before {
		t.Errorf("lifted: got %s, want %s", got, before)
	}
	// What a setting shows is not always what holds.
	if _, err := db.ExecContext(t.Context(), "create temp table large as select i, hash(i) as h from range(20_000_000) as r (i)"); err != nil {
		t.Fatal(err)
	}
	if got := sqltest.Query(t, db, "select sum(memory_usage_bytes) > 192 * 1024 * 1024 from duckdb_memory()"); got != "true\n" {
		t.Errorf("lifted, but a large table is not kept in memory: %s", sqltest.Query(t, db, "select memory_limit from pragma_database_size()"))
	}
}
