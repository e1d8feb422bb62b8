package transform

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	models "github.com/vaultperf/vaultperf/sql"
)

var update = flag.Bool("update", false, "rewrite expected outputs")

// A reading is a row of raw.readings; nil amounts are null.
type reading struct {
	vault          string
	at             time.Time
	price          *float64
	assets, supply *big.Int
}

// newFigures is a builder in figures of their own, as a run of few rows has one.
func newFigures(t testing.TB, db *sql.DB) *builder {
	t.Helper()
	figures, err := models.NewFigures(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	b, err := newBuilder(t.Context(), db, figures, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(b.close(context.Background()), figures.Drop(context.Background())); err != nil {
			t.Error(err)
		}
	})
	return b
}

// shownFigures is a connection to the figures that db shows, which can change them.
func shownFigures(t testing.TB, db *sql.DB) *sql.Conn {
	t.Helper()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Raw(func(any) error { return driver.ErrBadConn }) }) // nobody else may get it
	catalog := one[string](t, db, "select database_name from duckdb_databases() where database_name like 'vaultperf_figures_%'")
	if _, err := conn.ExecContext(t.Context(), "use "+catalog); err != nil {
		t.Fatal(err)
	}
	return conn
}

// addVault configures a vault with an asset of 6 decimals and a share of 18.
func addVault(t testing.TB, db *sql.DB, id, family string) {
	t.Helper()
	exec(t, db, `
		insert into raw.vaults
		select ?, count(*) + 1, 1, format('0x{:040x}', count(*) + 1), ?, ?, 'USD', 6, 18, null
		from raw.vaults`, id, id, family)
	exec(t, db, "insert into raw.contracts select vault_id, chain_id, address, 'vault', family, name, false, '', '' from raw.vaults where vault_id = ?", id)
}

func address(t testing.TB, db *sql.DB, id string) string {
	t.Helper()
	return one[string](t, db, "select address from raw.vaults where vault_id = ?", id)
}

// addReadings writes readings as one archived file with this number.
func addReadings(t testing.TB, db *sql.DB, file int, readings []reading) {
	t.Helper()
	addFile(t, db, file, "readings")
	appendRows(t, db, "readings", func(add func(...any) error) error {
		for i, r := range readings {
			err := add(int32(file), int64(i+2), r.vault, r.at, nil, orNull(r.price), nil, orNull(r.assets), orNull(r.supply), false)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func addFile(t testing.TB, db *sql.DB, file int, kind string) {
	t.Helper()
	exec(t, db, "insert into raw.files values (?, ?, ?, 'csv', '', 0, '', 'new', '', 0, 0, 0, 0)", file, fmt.Sprintf("file-%d.csv", file), kind)
}

func appendRows(t testing.TB, db *sql.DB, table string, fill func(add func(...any) error) error) {
	t.Helper()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := models.Append(t.Context(), conn, "raw", table, fill); err != nil {
		t.Fatal(err)
	}
}

// orNull keeps a nil pointer from becoming a value that is not nil.
func orNull(v any) any {
	switch v := v.(type) {
	case *float64:
		if v == nil {
			return nil
		}
		return *v
	case *big.Int:
		if v == nil {
			return nil
		}
		return v
	}
	return v
}

func run(t testing.TB, db *sql.DB, opt Options) {
	t.Helper()
	if err := Run(t.Context(), db, opt); err != nil {
		t.Fatal(err)
	}
	if !testing.Short() {
		emptyIsEmpty(t, db)
	}
}

// one is the only value of the only row.
func one[T any](t testing.TB, db *sql.DB, query string, args ...any) T {
	t.Helper()
	var v T
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// scan calls each with every row; it gets the row's Scan.
func scan(t testing.TB, db *sql.DB, each func(scan func(...any) error) error, query string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// lines are the rows of a query, their values joined by bars, null as "null".
func lines(t testing.TB, db *sql.DB, query string) []string {
	t.Helper()
	var out []string
	rows, err := db.QueryContext(t.Context(), "select columns(*)::varchar from ("+query+")")
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values := make([]sql.NullString, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(names))
		for i, v := range values {
			texts[i] = "null"
			if v.Valid {
				texts[i] = v.String
			}
		}
		out = append(out, strings.Join(texts, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func equalLines(t testing.TB, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func date(text string) time.Time {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return at
}

// near says whether two figures are the same number: to 1e-9, or to 1e-11 where
// they are tiny.
func near(a, b float64) bool {
	return math.Abs(a-b) <= math.Max(1e-11, 1e-9*math.Abs(b))
}
