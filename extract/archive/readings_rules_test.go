package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/input"
	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// TestRowRules: what the config says of the rows of readings, in each kind of file.
func TestRowRules(t *testing.T) {
	conn := sqltest.OpenConn(t)
	const plain = "alusd|2025-09-04T10:00:00.000000|NULL|"
	units := func(pairs ...string) RowRules {
		u := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			u[pairs[i]] = pairs[i+1]
		}
		return RowRules{Units: u}
	}
	tests := []struct {
		name     string
		archive  Archive
		text     string
		want     []string
		filtered int64
	}{
		{
			"a column that is not read",
			Archive{Columns: map[string]string{"total_assets": ""}},
			"vault,observed_at,share_price,total_assets\nalusd,1756980000,1.5,7.5 dollars\n",
			[]string{"2|" + plain + "1.5|NULL|NULL|NULL|false"},
			0,
		},
		{
			"a key that is not read",
			Archive{Vault: "alusd", Columns: map[string]string{"total_assets": "", "vault": ""}},
			`{"vault":"beta","observed_at":1756980000,"share_price":1.5,"total_assets":{"usd":1}}`,
			[]string{"1|" + plain + "1.5|NULL|NULL|NULL|false"},
			0,
		},
		{
			"a price that is not read",
			Archive{Columns: map[string]string{"share_price": ""}},
			"vault,observed_at,share_price,total_assets,total_supply\nalusd,1756980000,x,1,2\n",
			[]string{"2|" + plain + "NULL|NULL|1|2|false"},
			0,
		},
		{
			"decimals by point and exponent",
			Archive{Rows: units("total_assets", "asset", "total_supply", "asset")},
			"vault,observed_at,share_price,total_assets,total_supply\n" +
				"alusd,1756980000,1,7225.18246,0.5\n" + // written as decimals
				"alusd,1756980000,1,7225,1\n" + // exact
				"alusd,1756980000,1,4e-7,1.0000000000000000005\n" + // rounded down, and up
				"alusd,1756980000,1,-0.0,9.9999999e+5\n",
			[]string{
				"2|" + plain + "1|NULL|7225182460|500000000000000000|true",
				"3|" + plain + "1|NULL|7225000000|1000000000000000000|false",
				"4|" + plain + "1|NULL|0|1000000000000000001|true",
				"5|" + plain + "1|NULL|0|999999990000000000000000|true",
			},
			0,
		},
		{
			"rows of CSV by their text",
			Archive{Vault: "alusd", Rows: RowRules{Where: map[string]string{"name": "A, the first", "errors": ""}}},
			"name,observed_at,share_price,errors\n\"A, the first\",1756980000,1.5,\nB,never,x,\n\"A, the first\",1756980000,y,failed\n",
			[]string{"2|" + plain + "1.5|NULL|NULL|NULL|false"},
			2,
		},
		{
			"rows of JSON by their text",
			Archive{Vault: "alusd", Rows: RowRules{Where: map[string]string{"id": "5", "ok": "true"}}},
			`[{"id":5,"ok":true,"observed_at":1756980000,"share_price":1.5},{"id":"5","ok":"true","observed_at":1756980000,"share_price":2},{"id":6,"ok":true},{"id":5}]`,
			[]string{"1|" + plain + "1.5|NULL|NULL|NULL|false", "2|" + plain + "2|NULL|NULL|NULL|false"},
			2,
		},
		{
			"objects that leave out what is null",
			Archive{Vault: "alusd", Rows: RowRules{Where: map[string]string{"errors": ""}}},
			"{\"observed_at\":1756980000,\"share_price\":1.5}\n{\"observed_at\":1756980000,\"share_price\":0,\"errors\":\"reverted\"}\n",
			[]string{"1|" + plain + "1.5|NULL|NULL|NULL|false"},
			1,
		},
		{
			"comments and columns without a name",
			Archive{Vault: "alusd", Columns: map[string]string{"observed_at": "1", "share_price": "3"}, Rows: RowRules{Comment: "#"}},
			"# from somebody, with a \"quote\n,note, \n1756980000,a,1.5\n# 1756980000,a,x\n1756980000,\"b\n# c\",2\n",
			[]string{"3|" + plain + "1.5|NULL|NULL|NULL|false", "5|" + plain + "2|NULL|NULL|NULL|false"},
			0,
		},
		{
			"times of another form",
			Archive{Vault: "alusd", Rows: RowRules{DateFormat: "%d.%m.%Y %H:%M"}},
			"observed_at,share_price\n04.09.2025 10:00,1.5\n4.9.2025 10:00,2\n",
			[]string{"2|" + plain + "1.5|NULL|NULL|NULL|false", "3|" + plain + "2|NULL|NULL|NULL|false"},
			0,
		},
		{
			"what is older than any chain",
			Archive{},
			"vault,observed_at,share_price,chain_id\ntwin,1990-02-28,2,1\n",
			[]string{"2|twin|1990-02-28T00:00:00.000000|NULL|2|NULL|NULL|NULL|false"},
			0,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sqltest.Exec(t, conn, "delete from raw.readings")
			in := readingsFile(t, "r", []byte(test.text), test.archive)
			got, err := importInto(t.Context(), t, conn, in)
			if err != nil {
				t.Fatal(err)
			}
			sqltest.EqualLines(t, sqltest.Lines(t, conn, readingsQuery), test.want...)
			if got.filtered != test.filtered || got.kept != int64(len(test.want)) || got.read != got.kept+got.filtered {
				t.Errorf("counts %+v, want %d filtered", got, test.filtered)
			}
		})
	}
}

func wantRefused(t *testing.T, in fileInput, want string) {
	t.Helper()
	_, err := importInto(t.Context(), t, sqltest.OpenConn(t), in)
	var refusal *input.Error
	if !errors.As(err, &refusal) || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// TestRowRulesOfParquet: a row is chosen by what its cells are as text, whatever their type.
func TestRowRulesOfParquet(t *testing.T) {
	conn := sqltest.OpenConn(t)
	content := parquetFile(t, conn, `
select * from (values
    (timestamp '2025-09-04 10:00:00', 1.5::double, 1000.25::double, 4::double, 8453::integer, null::varchar),
    (timestamp '2025-09-04 11:00:00', 'nan'::double, null, null, 1, null),
    (timestamp '2025-09-04 12:00:00', 2, 3, 4, 8453, 'reverted')
) as t(timestamp, share_price, total_assets, total_supply, chain, errors)`)
	got, err := importInto(t.Context(), t, conn, readingsFile(t, "r.parquet", content, Archive{
		Vault: "twin-base", Columns: map[string]string{"observed_at": "timestamp", "chain_id": "chain"},
		Rows: RowRules{
			Units: map[string]string{"total_assets": "asset", "total_supply": "asset"},
			Where: map[string]string{"chain": "8453", "errors": ""},
		},
	}))
	if err != nil || got.read != 3 || got.kept != 1 || got.filtered != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	sqltest.EqualLines(t, sqltest.Lines(t, conn, readingsQuery),
		"1|twin-base|2025-09-04T10:00:00.000000|NULL|1.5|NULL|1000250000|4000000000000000000|true")
}

func TestRowRulesRefused(t *testing.T) {
	const head = "vault,observed_at,share_price,total_assets\n"
	for _, test := range []struct {
		name    string
		archive Archive
		text    string
		want    string
	}{
		{"no column to choose by", Archive{Rows: RowRules{Where: map[string]string{"kind": "x"}}}, head, `f: want a column "kind" to choose rows by, got columns vault, observed_at, share_price, total_assets`},
		{"no key to choose by", Archive{Rows: RowRules{Where: map[string]string{"kind": ""}}}, `{"vault":"alusd","observed_at":1756980000,"share_price":1}`, `f: want a column "kind" to choose rows by, got no object that has it`},
		{"no key of an array to choose by", Archive{Rows: RowRules{Where: map[string]string{"kind": "x"}}}, `[{"vault":"alusd","observed_at":1756980000,"share_price":1}]`, `f: want a column "kind" to choose rows by, got no object that has it`},
		{"another form of time", Archive{Rows: RowRules{DateFormat: "%d/%m/%Y"}}, head + "alusd,2025-09-04,1,1\n", `f:2: want observed_at as a time as "%d/%m/%Y", got "2025-09-04"`},
		{"negative", Archive{Rows: RowRules{Units: map[string]string{"total_assets": "asset"}}}, head + "alusd,1756980000,1,-1.5\n", `f:2: want total_assets as ` + wantDecimal + `, got "-1.5"`},
		{"no digit before the point", Archive{Rows: RowRules{Units: map[string]string{"total_assets": "asset"}}}, head + "alusd,1756980000,1,0.5\nalusd,1756980000,1,.5\n", `f:3: want total_assets as ` + wantDecimal + `, got ".5"`},
		{"too much", Archive{Rows: RowRules{Units: map[string]string{"total_assets": "asset"}}}, head + "alusd,1756980000,1,1e72\n", `f:2: want total_assets as ` + wantDecimal + `, got "1e72"`},
		{"no number of dollars", Archive{Rows: RowRules{Units: map[string]string{"share_price": "usd"}}}, head + "alusd,1756980000,$1,1\n", `f:2: want share_price as a finite number not below 0, got "$1"`},
		{"a name that is a position", Archive{}, "2,,observed_at\n", `f:1: want column names that differ, got 2,,observed_at`},
		{"a header below a comment", Archive{Rows: RowRules{Comment: "#"}}, "\n# c\n\nvault,vault,observed_at\n", `f:4: want column names that differ, got vault,vault,observed_at`},
		{"a header below blank lines, names in spaces", Archive{}, "\n\nvault, vault,observed_at\n", `f:3: want every column once, got column "vault" twice`},
		{"no header that can be read", Archive{Rows: RowRules{Comment: "#"}}, "\n# c\nvault,\"a\"b\n", `f:3: want a line of column names, got extraneous or missing " in quoted-field`},
		{"comments alone", Archive{Rows: RowRules{Comment: "#"}}, "# c\n# d\n", `f: want a line of column names, got comments alone`},
		{"before any chain, on one", Archive{}, head + "alusd,1990-01-01,1,1\n", `f:2: want observed_at as a time from 2015-07-30 on, when Ethereum began, got "1990-01-01"`},
		{"before anything", Archive{ChainID: 1}, head + "twin,1899-12-31,1,1\n", `f:2: want observed_at as a time from 1900-01-01 on, got "1899-12-31"`},
		{"a time that is not known", Archive{ChainID: 1}, head + "twin,0,1,1\n", `f:2: want observed_at as a time from 1900-01-01 on, got "0"`},
	} {
		t.Run(test.name, func(t *testing.T) { wantRefused(t, readingsFile(t, "f", []byte(test.text), test.archive), test.want) })
	}
}

// TestRulesAreOfReadings: logs would be read without them, which is not what was asked.
func TestRulesAreOfReadings(t *testing.T) {
	dir := t.TempDir()
	extracttest.WriteFile(t, filepath.Join(dir, "a.json"), []byte(textFormats(t)["rpc array"].text))
	opt := testOptions(dir, "a.json")
	opt.Archives[0].Rows.Where = map[string]string{"chain": "1"}
	refused(t, sqltest.Open(t), opt, "a.json: want readings, which alone have units, where, date_format and comment, got logs")
}

// TestOneFileServesSeveralArchives: each takes its own rows, is known again by itself and
// goes by itself.
func TestOneFileServesSeveralArchives(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "funds.csv")
	extracttest.WriteFile(t, path, []byte("day,a,b\n2025-01-01,1,10\n2025-01-02,2,20\n2025-01-03,,30\n"))
	opt := testOptions(dir, "funds.csv")
	one := opt.Archives[0]
	one.Columns = map[string]string{"observed_at": "day", "share_price": "a"}
	one.Vault = "v"
	two := one
	two.Columns = map[string]string{"observed_at": "day", "share_price": "b"}
	two.Rows.Where = map[string]string{"a": ""}
	opt.Archives = []Archive{one, two, two}
	db := sqltest.Open(t)
	const prices = "select share_price::varchar from raw.readings semi join raw.files using (file_id) where share_price > 0 order by 1"
	states := func(want string) {
		t.Helper()
		var got []string
		for _, f := range mustImport(t, db, opt) {
			got = append(got, fmt.Sprint(f.Path, " ", f.State, " ", f.Read, f.Kept, f.Filtered, f.SetAside))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
	states("funds.csv new 3 2 0 1, funds.csv (2) new 3 1 2 0")
	if got := sqltest.Query(t, db, prices); got != "1.0\n2.0\n30.0\n" {
		t.Errorf("prices %q", got)
	}
	states("funds.csv unchanged 3 2 0 1, funds.csv (2) unchanged 3 1 2 0")
	extracttest.WriteFile(t, path, []byte("day,a,b\n2025-01-01,5,10\n"))
	states("funds.csv replaced 1 1 0 0, funds.csv (2) replaced 1 0 1 0")
	opt.Archives = opt.Archives[:1]
	states("funds.csv unchanged 1 1 0 0")
	if got := sqltest.Query(t, db, "select path || ' ' || state from raw.files order by 1"); got != "funds.csv (2) absent\nfunds.csv unchanged\n" {
		t.Errorf("files %q", got)
	}
}

// TestDateFormat: times are read as strptime reads them, with names in English.
func TestDateFormat(t *testing.T) {
	for _, c := range []struct{ format, text, want string }{
		{"%Y-%m-%d", "2025-09-04", "2025-09-04T00:00:00Z"},
		{"%Y%m%d", "20250904", "2025-09-04T00:00:00Z"},
		{"%m/%d/%y", "9/4/25", "2025-09-04T00:00:00Z"},
		{"%d-%b-%Y", "04-SEP-1969", "1969-09-04T00:00:00Z"},
		{"%y-%j", "69-001", "1969-01-01T00:00:00Z"},
		{"%Y-%j", "2024-366", "2024-12-31T00:00:00Z"},
		{"%B %d, %Y %I:%M %p", "September  4, 2025 12:05 am", "2025-09-04T00:05:00Z"},
		{"%a, %d %b %Y %T %z", "Thu, 04 Sep 2025 10:00:00 +0200", "2025-09-04T08:00:00Z"},
		{"%A %d %b %Y %T %z", "Friday 05 Sep 2025 01:00:00 +0200", "2025-09-04T23:00:00Z"}, // Thursday in UTC
		{"%FT%T.%f%z", "2025-09-04T10:00:00.1234567-01:30", "2025-09-04T11:30:00.123456Z"},
		{"%s", "1756980000", "2025-09-04T10:00:00Z"},
		{"%d.%m.%Y um %R Uhr", "04.09.2025 um 10:00 Uhr", "2025-09-04T10:00:00Z"},
		{"%Y-%m-%d", "2025-02-30", ""},
		{"%Y-%m-%d", "2025-09-04 ", ""},
		{"%Y-%m-%d", "25-09-04", ""},
		{"%Y-%j", "2025-366", ""},
		{"%Y-%m-%d %H", "2025-09-04 24", ""},
		{"%Y-%m-%d %I %p", "2025-09-04 13 PM", ""},
		{"%d %b %Y", "4 Sept 2025", ""},
		{"%A %d %b %Y", "Friday 4 Sep 2025", ""},
		{"%d %b %Y %a", "4 Sep 2025 Wed", ""},
		{"%d %b %Y %a", "7 Sep 2025 Sun", "2025-09-07T00:00:00Z"},
		{"%Y-%m-%d", "", ""},
	} {
		f, err := newDateFormat(c.format)
		if err != nil {
			t.Fatal(err)
		}
		at, ok := f.parse(c.text)
		got := ""
		if ok {
			got = at.Format(time.RFC3339Nano)
		}
		if got != c.want {
			t.Errorf("%q as %s: got %q, want %q", c.text, c.format, got, c.want)
		}
	}
	for _, c := range []string{"", "%", "%Y", "%Y-%m", "%Q", "YYYY-MM-DD", "%Y-%m-%d %I", "%Y-%m-%d %\x1b", "%H:%M", "%Y-%j-%m-%d", "%F %j", "%j %b %Y", "%j %B %Y", "%j %d %Y", "%Y-%m-%d %b", "%d %B %m %Y", "%d %b (%B) %Y", "%d %d.%m.%Y", "%F %y", "%F %H %I %p", "%F %a %A"} {
		if err := CheckDateFormat(c); err == nil {
			t.Errorf("%q is no format, but is taken for one", c)
		}
	}
}

// TestReadingsInUSD: what is in US dollars is kept apart, for the models to convert; a row
// whose dollars may give a price is no failed read.
func TestReadingsInUSD(t *testing.T) {
	conn := sqltest.OpenConn(t)
	got, err := importInto(t.Context(), t, conn, readingsFile(t, "r", []byte(
		"vault,observed_at,nav,tvl,total_supply\nalusd,1756980000,1.5,7.5,4\nalusd,1756980001,,7.5,4\nalusd,1756980002,,7.5,\nalusd,1756980003,,,4\n",
	), Archive{
		Columns: map[string]string{"share_price": "nav", "total_assets": "tvl"},
		Rows:    RowRules{Units: map[string]string{"share_price": "usd", "total_assets": "usd"}},
	}))
	if err != nil || got.kept != 1 || got.aside[emptyPrice] == nil || got.aside[emptyPrice].rows != 3 {
		t.Fatalf("a price that is mapped: %+v, %v", got, err)
	}
	sqltest.EqualLines(t, sqltest.Lines(t, conn, "select * from raw.usd_readings order by line"), "7|2|1.5|7.5")
	sqltest.Exec(t, conn, "delete from raw.usd_readings; delete from raw.readings")
	got, err = importInto(t.Context(), t, conn, readingsFile(t, "r.json", []byte(
		`[{"vault":"alusd","observed_at":1756980000,"total_assets_usd":"7.5","total_supply":"4"},{"vault":"alusd","observed_at":1756980001,"total_assets":"1","total_assets_usd":1,"total_supply":"4"}]`,
	), Archive{}))
	if err != nil || got.kept != 2 {
		t.Fatalf("assets in US dollars and supply: %+v, %v", got, err)
	}
	sqltest.EqualLines(t, sqltest.Lines(t, conn, "select line, share_price_usd, total_assets_usd from raw.usd_readings order by total_assets_usd"), "2|NULL|1", "1|NULL|7.5")
	sqltest.EqualLines(t, sqltest.Lines(t, conn, "select total_assets::varchar, total_supply::varchar, is_inexact from raw.readings order by total_assets is null"), "1|4|false", "NULL|4|true")
}

// TestInUSDMemoryIsFlat: what a file states in US dollars is not kept until its end. The memory
// of DuckDB, which can move to disk, is not counted.
func TestInUSDMemoryIsFlat(t *testing.T) {
	conn := sqltest.OpenConn(t)
	const rows = models.MostGathered + 10_000
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	r := newReadings(fileInput{id: 7, path: "f", vaults: readingVaults, now: readingsNow, archive: Archive{Vault: "alusd"}})
	text := bytes.NewBufferString("observed_at,total_assets_usd,total_supply\n")
	row := 0
	var early, late int64
	generated := readerFunc(func(p []byte) (int, error) {
		for row < rows && text.Len() < len(p) {
			row++
			fmt.Fprintf(text, "%d,%d.5,4\n", 1_500_000_000+row, row)
			if row == rows/10 {
				early = heap()
			}
		}
		if text.Len() == 0 {
			late = heap()
		}
		return text.Read(p)
	})
	sqltest.Exec(t, conn, "begin")
	err := r.write(t.Context(), conn, func() error {
		return r.readRows(source{container: inCSV}, bufio.NewReaderSize(generated, 1<<12))
	})
	if err != nil || r.counts.kept != rows {
		t.Fatalf("%+v, %v", r.counts, err)
	}
	if late > early+4<<20 {
		t.Errorf("%d bytes more after %d rows in US dollars", late-early, rows)
	}
	const whole = `
select count(*)
from raw.readings
inner join raw.usd_readings as usd using (file_id, line)
where usd.total_assets_usd = line - 0.5 and epoch(observed_at) = 1_499_999_999 + line`
	sqltest.EqualLines(t, sqltest.Lines(t, conn, whole), fmt.Sprint(rows))
	sqltest.Exec(t, conn, "rollback")
}
