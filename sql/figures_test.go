package sql

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// newFigures makes figures of one table, marts.run, with this word in it, and saves them.
func newFigures(t *testing.T, db *sql.DB, word string) *Figures {
	t.Helper()
	f, err := NewFigures(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := f.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.ExecContext(t.Context(), "create table marts.run as select '"+word+"' as word, count(*) as vaults from raw.vaults")
	if err := errors.Join(err, f.Release(t.Context(), conn), f.Save(t.Context())); err != nil {
		t.Fatal(err)
	}
	return f
}

func show(t *testing.T, db *sql.DB, f *Figures) {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(Clear(t.Context(), tx), f.Show(t.Context(), tx, []string{"marts.run"})); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(tx.Commit(), f.DropOthers(t.Context())); err != nil {
		t.Fatal(err)
	}
}

// TestFigures: what is shown outlives the process, what a process left unfinished does
// not, and figures whose file is gone are no longer shown.
func TestFigures(t *testing.T) {
	const query = "select word || vaults from marts.run"
	path := filepath.Join(t.TempDir(), "it's \"work\".duckdb")
	wantFiles := func(want ...string) {
		t.Helper()
		got, err := filepath.Glob(path[:len(path)-len(".duckdb")] + "*figures*")
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			got[i] = strings.TrimPrefix(got[i], path)
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("files of figures: %q, want %q", got, want)
		}
	}
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	show(t, db, newFigures(t, db, "first"))
	show(t, db, newFigures(t, db, "second"))
	if got := text(t, db, query); got != "second0" {
		t.Errorf("shows %q, want the second", got)
	}
	wantFiles(".figures_2")
	newFigures(t, db, "third") // and then its process ends
	wantFiles(".figures_1", ".figures_2")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		db = open(t, path)
		if got := text(t, db, query); got != "second0" {
			t.Errorf("after a restart it shows %q, want the second", got)
		}
		wantFiles(".figures_2")
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(path + ".figures_2"); err != nil {
		t.Fatal(err)
	}
	db = open(t, path)
	if got := text(t, db, "select count(*)::varchar from duckdb_views() where database_name = current_database() and schema_name = 'marts'"); got != "0" {
		t.Errorf("%s views are left of figures that are gone", got)
	}
	show(t, db, newFigures(t, db, "fourth"))
	if got := text(t, db, query); got != "fourth0" {
		t.Errorf("shows %q, want the fourth", got)
	}
}

// TestFailedFiguresLeaveNothing: they are dropped with their file, and a connection
// that is given back is again one to the working database.
func TestFailedFiguresLeaveNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "work.duckdb")
	db := open(t, path)
	db.SetMaxOpenConns(1)
	f := newFigures(t, db, "failed")
	if err := f.Drop(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + ".figures_1"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is left: %v", err)
	}
	if got := text(t, db, "select current_database()"); got != "work" {
		t.Errorf("a connection given back is to %s", got)
	}
}
