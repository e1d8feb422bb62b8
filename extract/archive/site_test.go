package archive

import (
	"math"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/extract/input"
	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// TestSiteFigures imports captured figures: every row is kept, set aside or refuses the
// file with its line.
func TestSiteFigures(t *testing.T) {
	const header = "site,figure,vault,observed_at,value\n"
	for _, c := range []struct {
		name, text string
		with       Archive
		want       []string // rows, or the refusal
		aside      int64
	}{
		{
			"fractions and per cent", header + "Lagoon,apr_30d,alusd,2025-09-04T12:32:47Z,7.18%\nYearn,net_apy," + other + ",1756989167,-0.0051\n",
			Archive{ChainID: 1},
			[]string{"2|Lagoon|apr_30d|alusd|0.0718|0.0001", "3|Yearn|net_apy|twin|-0.0051|0.0001"},
			0,
		},
		{
			"mapped columns, one vault", "\ufeffwhen,what,who,apr\n2025-09-04,apr_30d,Lagoon,7 %\n",
			Archive{Vault: "alusd", Columns: map[string]string{"site": "who", "figure": "what", "observed_at": "when", "value": "apr"}},
			[]string{"2|Lagoon|apr_30d|alusd|0.07|0.01"},
			0,
		},
		{
			"set aside", header + "Lagoon,apr_30d,nobody,2025-09-04,1\nLagoon,apr_30d,alusd,2025-09-04,N/A\nLagoon,apr_30d,alusd,2025-09-04,1\n",
			Archive{},
			[]string{"4|Lagoon|apr_30d|alusd|1|1"},
			2,
		},
		{"no number", header + "Lagoon,apr_30d,alusd,2025-09-04,0x1p2\n", Archive{}, []string{`figures.csv:2: want value as a number as a fraction (0.0718) or in per cent (7.18%), got "0x1p2"`}, 0},
		{"not finite", header + "\nLagoon,apr_30d,alusd,2025-09-04,inf\n", Archive{}, []string{`figures.csv:3: want value as a number as a fraction (0.0718) or in per cent (7.18%), got "inf"`}, 0},
		{"odd name", header + "La\x1bgoon,apr_30d,alusd,2025-09-04,1\n", Archive{}, []string{`figures.csv:2: want site as 1 to 100 printable characters, got "La\x1bgoon"`}, 0},
		{"no time", header + "Lagoon,apr_30d,alusd,soon,1\n", Archive{}, []string{`figures.csv:2: want observed_at as a time (RFC 3339, 2025-09-04 10:00:00 or Unix seconds), got "soon"`}, 0},
		{"no column", "site,figure,vault,value\nLagoon,apr_30d,alusd,1\n", Archive{}, []string{`figures.csv:1: want a column observed_at, got columns site, figure, vault, value`}, 0},
		{"a header below", "\n\r\nsite,figure,vault,value\n", Archive{}, []string{`figures.csv:3: want a column observed_at, got columns site, figure, vault, value`}, 0},
		{"a bare quote", header + "Lagoon,apr_30d,alusd,2025-09\"-04,1\n", Archive{}, []string{`figures.csv:2: want a CSV line with its quotes closed, got bare " in non-quoted-field`}, 0},
		{"a field too many", header + "Lagoon,apr_30d,alusd,2025-09-04,1,2\n", Archive{}, []string{`figures.csv:2: want 5 fields as in the header, got 6`}, 0},
		{"JSON", `{"site":"Lagoon"}`, Archive{}, []string{`figures.csv: want a CSV file with the columns site, figure, vault, observed_at, value, got another kind of file`}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.with.Kind = input.KindSite
			in := readingsFile(t, "figures.csv", []byte(c.text), c.with)
			conn := sqltest.OpenConn(t)
			sqltest.Exec(t, conn, "begin")
			s, err := inspect(t.Context(), conn, in.path, in.file, in.archive.Rows.comment())
			var got counts
			if err == nil {
				got, err = importSite(t.Context(), conn, s, in)
			}
			if err != nil {
				sqltest.EqualLines(t, []string{err.Error()}, c.want...)
				return
			}
			sqltest.EqualLines(t, sqltest.Lines(t, conn, "select line, site, figure, vault_id, value, printed_step from raw.site_figures order by line"), c.want...)
			aside := int64(0)
			for _, a := range got.aside {
				aside += a.rows
			}
			if aside != c.aside || got.read != got.kept+aside || got.kept != int64(len(c.want)) {
				t.Errorf("%+v, %d set aside", got, aside)
			}
		})
	}
}

// TestSiteFileIsReplaced: a file that changed takes its figures with it.
func TestSiteFileIsReplaced(t *testing.T) {
	db, err := models.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	const header = "site,figure,vault,observed_at,value\n"
	for _, c := range []struct{ text, state, want string }{
		{header + "Lagoon,apr_30d,alusd,2025-09-04,7.18%\n", input.StateNew, "0.0718"},
		{header + "Lagoon,apr_30d,alusd,2025-09-04,7.18%\n", input.StateUnchanged, "0.0718"},
		{header + "Lagoon,apr_30d,alusd,2025-09-04,7.2%\n", input.StateReplaced, "0.072"},
	} {
		in := readingsFile(t, "figures.csv", []byte(c.text), Archive{})
		archive := Archive{Dir: strings.TrimSuffix(in.file, "/figures.csv"), Path: "figures.csv", Kind: input.KindSite}
		files, err := tryImport(t.Context(), db, Options{Vaults: readingVaults, Archives: []Archive{archive}, Now: readingsNow})
		if err != nil || len(files) != 1 || files[0].State != c.state || files[0].Kind != input.KindSite {
			t.Fatalf("%+v, %v", files, err)
		}
		var got string
		if err := db.QueryRowContext(t.Context(), "select string_agg(round(value, 6)::varchar, ' ') from raw.site_figures").Scan(&got); err != nil || got != c.want {
			t.Errorf("got %s, want %s, %v", got, c.want, err)
		}
	}
}

func TestParsePrinted(t *testing.T) {
	for text, want := range map[string][2]float64{
		"0.0718": {0.0718, 1e-4}, "7.18%": {0.0718, 1e-4}, "7.180 %": {0.0718, 1e-5}, "-1": {-1, 1}, "7.18e-2": {0.0718, 1e-4}, "1.5E3%": {15, 1}, ".5": {0.5, 0.1},
	} {
		value, step, ok := parsePrinted(text)
		if !ok || value != want[0] || math.Abs(step/want[1]-1) > 1e-12 {
			t.Errorf("%s: got %v, %v, %v", text, value, step, ok)
		}
	}
	for _, text := range []string{"", "%", "nan", "1e400", "1e-400", "0x10", "1_000", "1,5", "--1", "1e16", strings.Repeat("1", 41), "7%%", "1.2.3"} {
		if value, step, ok := parsePrinted(text); ok {
			t.Errorf("%q: got %v, %v", text, value, step)
		}
	}
}
