package sql

import (
	"database/sql"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// holdVariable makes this test binary a second process that holds a database.
const holdVariable = "VAULTPERF_TEST_HOLD"

func TestMain(m *testing.M) {
	if path := os.Getenv(holdVariable); path != "" {
		os.Exit(hold(path))
	}
	os.Exit(m.Run())
}

// hold opens path, says so on stdout and waits until stdin ends.
func hold(path string) int {
	db, err := connect(path)
	if err != nil {
		return 1
	}
	defer func() { _ = db.Close() }()
	if err := db.Ping(); err != nil {
		return 2
	}
	if _, err := os.Stdout.WriteString("open\n"); err != nil {
		return 3
	}
	if _, err := os.Stdin.Read(make([]byte, 1)); err == nil {
		return 4
	}
	return 0
}

func open(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func text(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	var got string
	if err := db.QueryRowContext(t.Context(), query).Scan(&got); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return got
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "work.duckdb")
	for _, state := range []string{"new", "existing"} {
		db := open(t, path)
		if got := text(t, db, "select current_setting('TimeZone')"); got != "UTC" {
			t.Errorf("%s database: time zone %s, want UTC", state, got)
		}
		tables := text(t, db, `
			select string_agg(table_name, ' ' order by table_name) from duckdb_tables() where schema_name = 'raw'`)
		if want := "allocations asked asset_prices asset_references benchmark_sources benchmarks blocks contracts coverage events families files headers log_copies logs markets reading_facts readings run set_aside site_figures spans states synchronous thresholds token_prices undecoded usd_readings vaults verifications verified_blocks"; tables != want {
			t.Errorf("%s database: raw tables %s, want %s", state, tables, want)
		}
		schemas := text(t, db, `
			select count(*)::varchar from duckdb_schemas()
			where schema_name in ('raw', 'seeds', 'staging', 'intermediate', 'metrics', 'marts')
				and database_name = current_database()`)
		if schemas != strconv.Itoa(len(Schemas)) {
			t.Errorf("%s database: %s of %d layers are there", state, schemas, len(Schemas))
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOpenIsUTC is about every connection of the pool, not only the first.
func TestOpenIsUTC(t *testing.T) {
	db := open(t, "")
	var kept []*sql.Conn
	for range 3 {
		conn, err := db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, conn)
		var day string
		err = conn.QueryRowContext(t.Context(), "select (timestamptz '2025-09-04 23:30:00-02')::date::varchar").Scan(&day)
		if err != nil {
			t.Fatal(err)
		}
		if day != "2025-09-05" {
			t.Errorf("got day %s, want 2025-09-05", day)
		}
	}
	for _, conn := range kept {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "work.duckdb")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	holder := exec.CommandContext(t.Context(), program)
	holder.Env = append(os.Environ(), holdVariable+"="+path)
	stdin, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := stdout.Read(make([]byte, 5)); err != nil {
		t.Fatalf("the other process does not open the database: %v", err)
	}

	_, err = Open(t.Context(), path)
	var locked *LockedError
	if !errors.As(err, &locked) {
		t.Fatalf("got %v, want a LockedError", err)
	}
	if locked.Path != path || locked.PID != strconv.Itoa(holder.Process.Pid) {
		t.Errorf("got %s held by %s, want %s held by %d", locked.Path, locked.PID, path, holder.Process.Pid)
	}
	if !strings.Contains(locked.Error(), "process "+locked.PID) {
		t.Errorf("the message names no process: %v", locked)
	}

	if err := stdin.Close(); err != nil {
		t.Fatal(err)
	}
	if err := holder.Wait(); err != nil {
		t.Fatal(err)
	}
	open(t, path)
}

func TestOpenNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database\n", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	if db, err := Open(t.Context(), path); err == nil {
		_ = db.Close()
		t.Fatal("a text file was opened as a database")
	}
	if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "no", "such", "folder", "x.duckdb")); err == nil {
		t.Fatal("a database was opened in a folder that is not there")
	}
}

func TestOpenReadOnly(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "published.duckdb")
	secret := filepath.Join(folder, "secret.csv")
	if err := os.WriteFile(secret, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	db := open(t, path)
	if _, err := db.ExecContext(t.Context(), "create table marts.run as select date '2025-09-04' as as_of"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	db, err := OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if got := text(t, db, "select as_of::varchar from marts.run"); got != "2025-09-04" {
		t.Errorf("got %s, want 2025-09-04", got)
	}
	for name, query := range map[string]string{
		"write":            "insert into marts.run values (date '2025-09-05')",
		"drop":             "drop table marts.run",
		"read a file":      "select * from read_csv('" + secret + "')",
		"read by name":     "select * from '" + secret + "'",
		"write a file":     "copy marts.run to '" + filepath.Join(folder, "out.csv") + "'",
		"attach":           "attach '" + filepath.Join(folder, "other.duckdb") + "' as other",
		"reopen the door":  "set enable_external_access = true",
		"change a setting": "set threads = 1",
		"load code":        "load httpfs",
		"fetch code":       "install httpfs",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := db.ExecContext(t.Context(), query); err == nil {
				t.Errorf("%s was let through", query)
			}
		})
	}
}

func TestAppend(t *testing.T) {
	db := open(t, "")
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), "create table raw.amounts (id bigint, amount bignum)"); err != nil {
		t.Fatal(err)
	}
	largest := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
	err = Append(t.Context(), conn, "raw", "amounts", func(add func(...any) error) error {
		for i, v := range []any{largest, new(big.Int).Neg(largest), big.NewInt(0), nil} {
			if err := add(int64(i), v); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got := text(t, db, "select string_agg(coalesce(amount::varchar, 'null'), ' ' order by id) from raw.amounts")
	if want := largest.String() + " -" + largest.String() + " 0 null"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAppendFailure(t *testing.T) {
	db := open(t, "")
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	stop := errors.New("no more rows")
	for name, fill := range map[string]func(add func(...any) error) error{
		"source fails": func(add func(...any) error) error {
			if err := add(int64(1)); err != nil {
				return err
			}
			return stop
		},
		"column missing": func(add func(...any) error) error { return add() },
		"wrong type":     func(add func(...any) error) error { return add("one") },
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := conn.ExecContext(t.Context(), "create or replace table raw.numbers (n bigint not null)"); err != nil {
				t.Fatal(err)
			}
			err := Append(t.Context(), conn, "raw", "numbers", fill)
			if err == nil || !strings.HasPrefix(err.Error(), "append to raw.numbers: ") {
				t.Errorf("got %v, want an error that names the table", err)
			}
			if name == "source fails" && !errors.Is(err, stop) {
				t.Errorf("got %v, want the source's error inside", err)
			}
		})
	}
	if err := Append(t.Context(), conn, "raw", "nothing", func(func(...any) error) error { return nil }); err == nil {
		t.Error("rows were appended to a table that is not there")
	}
}

// TestOpenRenewsWhatAnEarlierVersionMade: arguments that were of the JSON type stay
// as they are, and are read as before; families of fewer columns are gone, for the next
// run to write, and those of all columns stay.
func TestOpenRenewsWhatAnEarlierVersionMade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.duckdb")
	old, err := connect(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		"create schema raw",
		`create table raw.events (chain_id bigint, block_number bigint, log_index bigint, transaction_hash varchar, address varchar, event varchar, signature varchar, arguments json not null)`,
		`insert into raw.events values (1, 2, 3, null, '0x', 'E', 'E(uint256)', '{"a":"5"}')`,
		"create table raw.families (family varchar not null, market varchar)",
		"insert into raw.families values ('any', null)",
	} {
		if _, err := old.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		db := open(t, path)
		if got := text(t, db, "select count(*)::varchar from raw.families"); got != strconv.Itoa(i) {
			t.Errorf("opened %d times before: %s families", i, got)
		}
		if _, err := db.ExecContext(t.Context(), `
			insert into raw.families (family, position, is_vault, label, tells_every_mint, mints_fees_to_itself, has_sub_accounts, keeps_assets_elsewhere, burns_locked_profit, is_supply_in_logs, lends_silently, tells_withdrawable)
			values ('any', 1, true, 'Any', true, false, false, false, false, true, false, false)`); err != nil {
			t.Fatal(err)
		}
		if got := text(t, db, "select any_value(typeof(arguments) || ' ' || arguments || ' ' || (arguments->>'a')) from raw.events"); got != `VARCHAR {"a":"5"} 5` {
			t.Errorf("got %s", got)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOpenKeepsWhatANodeVouchesFor opens a database that an earlier version made, which did
// not note whose logs a node has too: chain 1 was fetched whole up to block 20, and the last
// run on chain 2 failed.
func TestOpenKeepsWhatANodeVouchesFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.duckdb")
	exec := func(db *sql.DB, queries ...string) {
		t.Helper()
		for _, q := range queries {
			if _, err := db.ExecContext(t.Context(), q); err != nil {
				t.Fatalf("%s: %v", q, err)
			}
		}
	}
	const state = `
		select (select coalesce(string_agg(concat_ws(' ', chain_id, block_number, log_index, file_id), ', ' order by block_number), '') from raw.log_copies)
			|| '; ' || (select string_agg(concat_ws(' ', chain_id, from_block, to_block), ', ' order by chain_id) from raw.coverage)`
	db := open(t, path)
	for id, q := range []string{"'a.csv', 'logs', 'csv'", "'node (chain 1)', 'logs', 'eth_getLogs'", "'node (chain 2)', 'logs', 'eth_getLogs'"} {
		exec(db, "insert into raw.files values ("+strconv.Itoa(id+1)+", "+q+", '', 0, '', 'new', '', 0, 0, 0, 0)")
	}
	for _, at := range []string{
		"1, 10, 0, '\\xAA', 1", // of the file, and the node has it
		"1, 15, 0, '\\xAA', 2", // the node's own
		"1, 21, 0, '\\xAA', 1", // beyond what the node has shown
		"1, 10, 1, '\\xBB', 1", // of a contract that the node was not asked for
		"2, 10, 0, '\\xAA', 1", // shown, but by which node is not known any more
	} {
		exec(db, "insert into raw.logs (chain_id, block_number, log_index, address, data, file_id) select a, b, c, d::blob, ''::blob, e from (values ("+at+")) as given(a, b, c, d, e)")
	}
	exec(db,
		"insert into raw.spans values (0, 'node', 1, '0xaa', 2, 5, 20, true), (1, 'a.csv', 2, '0xaa', 1, 10, 10, true)",
		"insert into raw.coverage select chain, 'filter', 5, 20, ''::blob, 2, '', '', '2026-01-01' from (values (1), (2)) as given(chain)",
		"drop table raw.log_copies")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time it is no earlier version's
		db := open(t, path)
		if got, want := text(t, db, state), "1 10 0 2; 1 5 20"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}

	// what cannot be filled is not created either
	db = open(t, path)
	exec(db, "drop table raw.log_copies", "alter table raw.spans rename address to contract")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path); err == nil {
		t.Fatal("opened, though the copies could not be noted")
	}
	db, err := connect(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if got := text(t, db, "select count(*)::varchar from duckdb_tables() where table_name = 'log_copies'"); got != "0" {
		t.Error("the table is there and will never be filled")
	}
}
