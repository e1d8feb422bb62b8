package archive

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/input"
	models "github.com/vaultperf/vaultperf/sql"
)

var benchmarkNow = time.Date(2025, 9, 5, 0, 0, 0, 0, time.UTC)

// importOnly runs a run whose only input are these benchmarks, and returns
// the values by benchmark and day, and the files.
func importOnly(t *testing.T, benchmarks ...Benchmark) ([]string, []input.File, error) {
	t.Helper()
	db, err := models.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	files, err := tryImport(t.Context(), db, Options{Benchmarks: benchmarks, Now: benchmarkNow})
	if err != nil {
		return nil, nil, err
	}
	rows, err := db.QueryContext(t.Context(), "select format('{} {} {}', benchmark, observed_on, value) from raw.benchmarks order by all")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		out = append(out, line)
	}
	return out, files, rows.Err()
}

func TestBenchmarks(t *testing.T) {
	columns := map[string]string{"observed_on": "DATE", "value": "SOFR"}
	for _, c := range []struct {
		name, text string
		with       Benchmark
		want       []string
		counts     string // read, kept, filtered, set aside
	}{
		{
			"holidays are set aside", "DATE,SOFR\n2025-09-01,.\n2025-09-02,4.4\n2025-09-03,\n2025-09-04,5\n",
			Benchmark{Columns: columns, Percent: true, Kind: "annual_rate"},
			[]string{"b 2025-09-02 0.044000000000000004", "b 2025-09-04 0.05"},
			"4 2 0 2",
		},
		{"our own names", "value,observed_on\n2,2025-09-02\n", Benchmark{Kind: "price"}, []string{"b 2025-09-02 2.0"}, "1 1 0 0"},
		{"negative rates", "DATE,SOFR\n2025-09-02,-0.5\n", Benchmark{Columns: columns, Percent: true, Kind: "annual_rate"}, []string{"b 2025-09-02 -0.005"}, "1 1 0 0"},
		{
			"rows of others are filtered", "observed_on,value,asset\n2025-09-02,2,a\n2025-09-02,3,b\n2025-09-03,4,b\n",
			Benchmark{Kind: "index", Where: map[string]string{"asset": "b"}},
			[]string{"b 2025-09-02 3.0", "b 2025-09-03 4.0"},
			"3 2 1 0",
		},
		{
			"of one day the last time stands", "observed_on,value\n2025-09-02T23:00:00Z,3\n2025-09-02T01:00:00+02:00,1\n2025-09-02T08:00:00Z,2\n",
			Benchmark{Kind: "price"},
			[]string{"b 2025-09-01 1.0", "b 2025-09-02 3.0"},
			"3 3 0 0",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "b.csv"), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			c.with.Name, c.with.Dir, c.with.Path = "b", dir, "b.csv"
			got, files, err := importOnly(t, c.with)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got %q, want %q", got, c.want)
			}
			f := files[0]
			if counts := fmt.Sprint(f.Read, f.Kept, f.Filtered, f.SetAside); counts != c.counts || f.Kind != "benchmark" {
				t.Errorf("%s %s, want %s", f.Kind, counts, c.counts)
			}
		})
	}
}

func TestBenchmarksRefused(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty file", "", "b.csv:1: want a line of column names"},
		{"no such column", "date,value\n", "b.csv:1: want a column observed_on, got date,value"},
		{"a header below", "\n\ndate,value\n", "b.csv:3: want a column observed_on, got date,value"},
		{"no day", "observed_on,value\n2 Sep 2025,1\n", "b.csv:2: want a day as 2025-09-04 or a time as 2025-09-04T10:00:00Z, got 2 Sep 2025"},
		{"a day to come", "observed_on,value\n2025-09-07,1\n", "b.csv:2: want a day that has been, got 2025-09-07"},
		{"no number", "observed_on,value\n2025-09-01,1\n2025-09-02,one\n", "b.csv:3: want a number above 0, got one"},
		{"zero", "observed_on,value\n2025-09-02,0\n", "b.csv:2: want a number above 0, got 0"},
		{"infinite", "observed_on,value\n2025-09-02,1e999\n", "b.csv:2: want a number above 0, got 1e999"},
		{"not a number", "observed_on,value\n2025-09-02,NaN\n", "b.csv:2: want a number above 0, got NaN"},
		{"ragged", "observed_on,value\n2025-09-02,1,2\n", "b.csv:2: want 2 columns of CSV"},
		{"a bare quote in the first field", "observed_on,value\n2025-09-01,1\n2024-01\"-02,5.3\n", "b.csv:3: want 2 columns of CSV, got bare \" in non-quoted-field"},
		{"a bare quote in the last field", "observed_on,value\n2025-09-01,5\".3\n", "b.csv:2: want 2 columns of CSV, got bare \" in non-quoted-field"},
		{"a quote that is not closed", "observed_on,value\n\"2025-09-01,1\n2025-09-02,1\n", "b.csv:2: want 2 columns of CSV, got extraneous or missing \" in quoted-field"},
		{"two values of one day", "observed_on,value\n2025-09-02,1\n2025-09-02,2\n", "b.csv:3: want 1 again, as line 2 has it for the same time, got 2"},
		{"nothing in it", "observed_on,value\n2025-09-02,.\n", "b.csv: want a value of the benchmark b, got none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "b.csv"), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, _, err := importOnly(t, Benchmark{Name: "b", Kind: "price", Dir: dir, Path: "b.csv"})
			var input *input.Error
			if !errors.As(err, &input) || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	if _, _, err := importOnly(t, Benchmark{Name: "b", Kind: "price", Dir: t.TempDir(), Path: "none.csv"}); err == nil || !strings.HasPrefix(err.Error(), "none.csv: want") {
		t.Errorf("no file: %v", err)
	}
}

// TestSharedBenchmarks reads the rates of the New York Fed and of Aave whole.
func TestSharedBenchmarks(t *testing.T) {
	const dir = "../../../shared/data"
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the shared data is not beside this checkout")
	}
	later := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	benchmarkNow, later = later, benchmarkNow
	defer func() { benchmarkNow = later }()
	got, files, err := importOnly(
		t,
		Benchmark{Name: "sofr", Kind: "annual_rate", Percent: true, DayCount: 360, Dir: dir, Path: "sofr/SOFR.csv", Columns: map[string]string{"observed_on": "DATE", "value": "SOFR"}},
		Benchmark{
			Name: "aave", Kind: "annual_rate", DayCount: 365, Dir: dir, Path: "aave-v3-daily/aave_v3_stable_daily.csv",
			Columns: map[string]string{"observed_on": "generated_at", "value": "current_liquidity_rate"},
			Where:   map[string]string{"network": "ethereum", "asset_address": "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48"},
		},
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		t.Logf("%+v", f)
		if f.Read != f.Kept+f.Filtered+f.SetAside {
			t.Errorf("%s: rows are missing", f.Path)
		}
	}
	if files[1].Read != 1306 || files[1].SetAside != 56 || files[0].Read != 19643 || len(got) != 1250+395 {
		t.Errorf("%d values of %+v", len(got), files)
	}
}
