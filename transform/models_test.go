package transform

import (
	"database/sql"
	"testing"
	"time"

	models "github.com/vaultperf/vaultperf/sql"
)

// database is a working database in memory that knows the families and nothing else.
func database(t testing.TB) *sql.DB {
	t.Helper()
	db, err := models.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	addFamilies(t, db)
	return db
}

// addFamilies writes what extract knows of the families.
func addFamilies(t testing.TB, db *sql.DB) {
	t.Helper()
	exec(t, db, "insert into raw.families from read_csv('../sql/generated/families.csv')")
}

func exec(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func TestRunOnNothing(t *testing.T) {
	db := database(t)
	if err := Run(t.Context(), db, Options{AsOf: time.Date(2025, 9, 4, 0, 0, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
}
