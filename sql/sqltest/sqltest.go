// Package sqltest opens databases for tests, and shows their rows as text.
package sqltest

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"

	models "github.com/vaultperf/vaultperf/sql"
)

// Open opens a database in memory, which is closed with the test.
func Open(t testing.TB) *sql.DB {
	t.Helper()
	db, err := models.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Query joins a query's one text column, a line per row.
func Query(t testing.TB, db *sql.DB, q string) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	all := ""
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		all += line + "\n"
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// OpenFile opens a database on disk; the test closes it.
func OpenFile(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := models.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// OpenConn returns a connection to a database in memory with the raw tables.
func OpenConn(t testing.TB) *sql.Conn {
	t.Helper()
	db, err := models.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// Exec runs a statement.
func Exec(t testing.TB, conn *sql.Conn, q string, args ...any) {
	t.Helper()
	if _, err := conn.ExecContext(context.Background(), q, args...); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}

// Lines returns a query's rows as text, cells parted by a bar, null as NULL.
func Lines(t testing.TB, conn *sql.Conn, q string, args ...any) []string {
	t.Helper()
	rows, err := conn.QueryContext(t.Context(), q, args...)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		cells, to := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range cells {
			to[i] = &cells[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		var line []string
		for _, c := range cells {
			if !c.Valid {
				c.String = "NULL"
			}
			line = append(line, c.String)
		}
		lines = append(lines, strings.Join(line, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// EqualLines fails the test where lines are not those wanted, and shows both from the
// first that differs.
func EqualLines(t testing.TB, got []string, want ...string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	equal := 0
	for equal < min(len(got), len(want)) && got[equal] == want[equal] {
		equal++
	}
	t.Errorf("after %d equal lines: got\n%s\nwant\n%s", equal, strings.Join(got[equal:], "\n"), strings.Join(want[equal:], "\n"))
}

// EqualList is EqualLines of lines that must be there, and says what they are.
func EqualList(t testing.TB, what string, got, want []string) {
	t.Helper()
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("%s: %d lines, want %d, more than none", what, len(got), len(want))
	}
	EqualLines(t, got, want...)
}
