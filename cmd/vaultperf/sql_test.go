package main

import (
	"encoding/csv"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	models "github.com/vaultperf/vaultperf/sql"
)

// asked is a database for queries.
func asked(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "asked.duckdb")
	db, err := models.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "create table marts.vaults as select 'alpha' as vault_id"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSQLFormats(t *testing.T) {
	db := asked(t)
	const query = `select 'alpha' as vault_id, 1.5::double as price, null as nothing,
		timestamptz '2025-09-04 12:00:00+02' as observed_at, date '2025-09-04' as day`
	for format, want := range map[string]string{
		"table": "vault_id  price  nothing  observed_at           day\n" +
			"alpha     1.5             2025-09-04T10:00:00Z  2025-09-04\n",
		"csv": "vault_id,price,nothing,observed_at,day\nalpha,1.5,,2025-09-04T10:00:00Z,2025-09-04\n",
		"json": "[\n" + `  {"vault_id": "alpha", "price": 1.5, "nothing": null, ` +
			`"observed_at": "2025-09-04T10:00:00Z", "day": "2025-09-04"}` + "\n]\n",
		"markdown": "| vault\\_id | price | nothing | observed\\_at | day |\n| --- | ---: | ---: | --- | --- |\n" +
			"| alpha | 1.5 |  | 2025-09-04T10:00:00Z | 2025-09-04 |\n",
	} {
		if got := mustCall(t, exitDone, "sql", query, "--db", db, "--format", format); got.stdout != want {
			t.Errorf("%s:\n%s\nwant\n%s", format, got.stdout, want)
		}
	}
}

func TestSQLValues(t *testing.T) {
	db := asked(t)
	for query, want := range map[string]string{
		"42":               "42",
		"9007199254740993": `"9007199254740993"`,
		"(170141183460469231731687303715884105727)::hugeint":                                              `"170141183460469231731687303715884105727"`,
		"(2::bignum * 57896044618658097711785492504343953926634992332820282019728792003956564819967 + 1)": "",
		"0.1":                                 "0.1",
		"1.10::decimal(38, 18)":               "1.1",
		"12345678901234567.1::decimal(38, 1)": `"12345678901234567.1"`,
		"0.1::double":                         "0.1",
		"1e300":                               "1e+300",
		"1234567.25::double":                  "1234567.25",
		"0.1::float":                          "0.1",
		"'nan'::double":                       `"NaN"`,
		"'-inf'::double":                      `"-Inf"`,
		"true":                                "true",
		"null":                                "null",
		"''":                                  `""`,
		`'"\'`:                                `"\"\\"`,
		"chr(27) || '[31m' || chr(8238)":      `"\u001b[31m\u202e"`,
		"'\\xAB\\x01'::blob":                  `"0xab01"`,
		"'12345678-1234-1234-1234-123456789abc'::uuid": `"12345678-1234-1234-1234-123456789abc"`,
		"timestamp '2025-09-04 12:00:00.5'":            `"2025-09-04T12:00:00.5"`,
		"time '12:30:00'":                              `"12:30:00"`,
		"[1, 2, null]":                                 "[1,2,null]",
		"[0.5, null]":                                  "[0.5,null]",
		"{'a': 1, 'b': ['x', 'y']}":                    `{"a":1,"b":["x","y"]}`,
		"map {'k': 9007199254740993}":                  `{"k":"9007199254740993"}`,
		"interval 3 day":                               `{"days":3,"months":0,"micros":0}`,
	} {
		got := mustCall(t, exitDone, "sql", "select "+query+" as x", "--db", db, "--format", "json")
		var any any
		if err := json.Unmarshal([]byte(got.stdout), &any); err != nil {
			t.Errorf("%s: %v: %s", query, err, got.stdout)
		}
		if want != "" && got.stdout != "[\n  {\"x\": "+want+"}\n]\n" {
			t.Errorf("%s gives %s, want %s", query, got.stdout, want)
		}
	}
}

func TestSQLOfNoRows(t *testing.T) {
	db := asked(t)
	for format, want := range map[string]string{"table": "x\n", "csv": "x\n", "json": "[]\n", "markdown": "| x |\n| ---: |\n"} {
		if got := mustCall(t, exitDone, "sql", "select 1 as x where false", "--db", db, "--format", format); got.stdout != want {
			t.Errorf("%s: %q, want %q", format, got.stdout, want)
		}
	}
}

func TestCSVTextCannotBecomeAFormula(t *testing.T) {
	db := asked(t)
	const query = `select * from (values ('=1+1', -1.5::double), ('+1', 2), ('-1', 3), ('@SUM(A1)', 4),
		(chr(9) || 'tab', 5), (chr(13) || 'cr', 6), ('plain', 7), (null, 8)) as t(name, number)`
	got := mustCall(t, exitDone, "sql", query, "--db", db, "--format", "csv")
	records, err := csv.NewReader(strings.NewReader(got.stdout)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"name", "'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\ttab", "'cr", "plain", ""}
	for i, record := range records {
		if record[0] != want[i] {
			t.Errorf("row %d: %q, want %q", i, record[0], want[i])
		}
	}
	if records[1][1] != "-1.5" {
		t.Errorf("a number became %q", records[1][1])
	}
}

func TestMarkdownTextStaysInItsCell(t *testing.T) {
	db := asked(t)
	got := mustCall(t, exitDone, "sql", "select 'a|b`c<script>' || chr(10) || '[x](y)' as x", "--db", db, "--format", "markdown")
	const want = "| x |\n| --- |\n| a\\|b\\`c&lt;script> \\[x](y) |\n"
	if got.stdout != want {
		t.Errorf("%q, want %q", got.stdout, want)
	}
}

func TestTableTextIsHarmless(t *testing.T) {
	db := asked(t)
	got := mustCall(t, exitDone, "sql", "select chr(27) || ']0;x' || chr(7) || chr(8238) || 'y' as x", "--db", db)
	if got.stdout != "x\n]0;xy\n" {
		t.Errorf("%q", got.stdout)
	}
}

func TestQueryFromStdin(t *testing.T) {
	db := asked(t)
	got := callWith(t, now, "select vault_id\nfrom marts.vaults\n", "sql", "-", "--db", db, "--format", "csv")
	if got.code != exitDone || got.stdout != "vault_id\nalpha\n" {
		t.Errorf("%d %s%s", got.code, got.stdout, got.stderr)
	}
}

func TestSQLCannotWriteOrReachOut(t *testing.T) {
	db := asked(t)
	dir := filepath.Dir(db)
	secret := writeFile(t, filepath.Join(dir, "secret.csv"), "secret\n")
	before := published(t, dir)
	for _, query := range []string{
		"create table marts.x as select 1",
		"insert into marts.vaults values ('b')",
		"update marts.vaults set vault_id = 'b'",
		"delete from marts.vaults",
		"drop table marts.vaults",
		"select 1; drop table marts.vaults",
		"copy marts.vaults to '" + filepath.Join(dir, "x.csv") + "'",
		"copy (select 1) to '" + filepath.Join(dir, "x.parquet") + "' (format parquet)",
		"export database '" + filepath.Join(dir, "x") + "'",
		"attach '" + filepath.Join(dir, "x.duckdb") + "'",
		"attach '" + db + "' as again; create table again.marts.x as select 1",
		"select * from read_csv('" + secret + "')",
		"select * from read_text('" + secret + "')",
		"select * from '" + secret + "'",
		"select * from glob('" + dir + "/*')",
		"create temp table x as select * from read_csv('" + secret + "')",
		"copy marts.vaults from '" + secret + "'",
		"import database '" + dir + "'",
		"install httpfs",
		"load httpfs",
		"set enable_external_access = true",
		"reset enable_external_access",
		"set temp_directory = '" + dir + "'",
		"pragma enable_external_access",
		"call enable_logging(level = 'trace')",
		"call pragma_version()",
		"from enable_logging('QueryLog', storage = 'file', storage_path = '" + filepath.Join(dir, "log.csv") + "')",
		"with a as (select 1) select (select count(*) from \"Enable_Logging\"()) from a",
		"explain analyze select * from enable_profiling()",
		"explain analyze call enable_logging()",
		"from query('from enable' || '_logging()')",
		"from json_execute_serialized_sql(json_serialize_sql('from enable_logging()'))",
		"from arrow_scan(1, 2, 3)",
		"from checkpoint()",
		"prepare x as select 1",
		"begin",
		"select 1; call enable_logging()",
	} {
		got := call(t, "sql", query, "--db", db)
		if got.code != exitFailed || !strings.HasPrefix(got.stderr, "vaultperf: query: ") {
			t.Errorf("%s: exit code %d, %s%s", query, got.code, got.stderr, got.stdout)
		}
		if after := published(t, dir); !maps.Equal(before, after) {
			t.Fatalf("%s changed files: %v", query, after)
		}
	}
}

// What only asks is let through, in all its forms.
func TestSQLThatOnlyAsks(t *testing.T) {
	db := asked(t)
	for query, want := range map[string]string{
		"from marts.vaults": "vault_id\nalpha\n",
		" -- a comment\nwith a as (select 1 as x) select * from a;": "x\n1\n",
		"values (1)":                                       "col0\n1\n",
		"table marts.vaults":                               "vault_id\nalpha\n",
		"select * from range(2) as r(i)":                   "i\n0\n1\n",
		"select unnest([1, 2]) as x":                       "x\n1\n2\n",
		"describe marts.vaults":                            "column_name,",
		"show all tables":                                  "database,",
		"summarize marts.vaults":                           "column_name,",
		"explain select 1":                                 "explain_key,",
		"explain analyze from marts.vaults":                "explain_key,",
		"pivot (select 1 as a) on a in (1)":                "1\n1\n",
		"unpivot (select 1 as a) on a":                     "name,value\na,1\n",
		"select count(*) > 0 as any from duckdb_columns()": "any\ntrue\n",
	} {
		if got := mustCall(t, exitDone, "sql", query, "--db", db, "--format", "csv"); !strings.HasPrefix(got.stdout, want) {
			t.Errorf("%s: %s", query, got.stdout)
		}
	}
	for query, want := range map[string]string{
		"selec 1": "syntax error", "select x from marts.vaults": `"x"`, "from marts.none": "none",
		"select 1; select 2": "want one query, got 2", "explain select 1; from marts.vaults;": "want one query, got 2",
		"describe marts.vaults; values (1)": "want one query, got 2", " ; ": "empty query",
	} {
		if got := mustCall(t, exitFailed, "sql", query, "--db", db); !strings.Contains(got.stderr, want) {
			t.Errorf("%s: %s", query, got.stderr)
		}
	}
}

func TestSQLWithoutADatabase(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	got := mustCall(t, exitFailed, "sql", "select 1", "--out", out)
	if !strings.Contains(got.stderr, "run vaultperf run first") {
		t.Errorf("stderr: %s", got.stderr)
	}
	if err := os.Mkdir(out, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := mustCall(t, exitFailed, "sql", "select 1", "--db", out); !strings.Contains(got.stderr, "is a folder") {
		t.Errorf("stderr: %s", got.stderr)
	}
	text := writeFile(t, filepath.Join(out, "text.duckdb"), strings.Repeat("no database\n", 1000))
	if got := mustCall(t, exitFailed, "sql", "select 1", "--db", text); !strings.Contains(got.stderr, "not a valid DuckDB") {
		t.Errorf("stderr: %s", got.stderr)
	}
}
