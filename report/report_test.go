package report

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/report/marts/martstest"
)

// writeReport writes the fixture's report into a fresh folder.
func writeReport(t *testing.T, rate *float64, vaults ...martstest.Vault) (dir string, files []File) {
	t.Helper()
	dir = t.TempDir()
	files, err := Run(t.Context(), martstest.Open(t, rate, vaults...), Options{Dir: dir, MaxPages: 5, Version: "v0.0.0-test"})
	if err != nil {
		t.Fatal(err)
	}
	return dir, files
}

func TestSameMartsGiveTheSameBytes(t *testing.T) {
	first, a := writeReport(t, &martstest.Rate, martstest.Vaults()...)
	second, b := writeReport(t, &martstest.Rate, martstest.Vaults()...)
	if !slices.Equal(a, b) {
		t.Fatalf("files differ:\n%v\n%v", a, b)
	}
	for _, f := range a {
		x, errX := os.ReadFile(filepath.Join(first, f.Path))
		y, errY := os.ReadFile(filepath.Join(second, f.Path))
		if errX != nil || errY != nil {
			t.Fatal(errX, errY)
		}
		if !bytes.Equal(x, y) || int64(len(x)) != f.Bytes {
			t.Errorf("%s: %d and %d bytes differ, %d reported", f.Path, len(x), len(y), f.Bytes)
		}
	}
}

func TestOnlyTheLargestVaultsHavePages(t *testing.T) {
	dir, files := writeReport(t, &martstest.Rate, martstest.Vaults()...)
	var paths []string
	for _, f := range files {
		paths = append(paths, f.Path)
	}
	want := []string{
		"compare.html", "etc-passwd-3754d6cb/report.html", "etc-passwd-3754d6cb/report.xlsx", "flat/report.html", "flat/report.xlsx",
		"gappy/report.html", "gappy/report.xlsx", "index.html", "one-mark/report.html", "one-mark/report.xlsx",
		"usual/report.html", "usual/report.xlsx", "vaults.xlsx",
	}
	if !slices.Equal(paths, want) {
		t.Errorf("files %q", paths)
	}
	var found []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	if !slices.Equal(found, paths) {
		t.Errorf("on disk %q, reported %q", found, paths)
	}
	index := read(t, dir, "index.html")
	for _, link := range []string{`href="stale/`, `href="absent/`} {
		if strings.Contains(index, link) {
			t.Errorf("the index links a page that is not there: %s", link)
		}
	}
	if !strings.Contains(index, "No price was observed by the as-of date") {
		t.Error("the index does not say why a vault is not measured")
	}
}

func read(t *testing.T, dir, path string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(dir, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// A page's text is what a reader sees of its content: no script, no markup.
var notText = regexp.MustCompile(`(?s)<style>.*?</style>|<script.*?</script>|<[^>]*>`)

func text(page string) string {
	return strings.Join(strings.Fields(notText.ReplaceAllString(page, " ")), " ")
}

func TestPageSays(t *testing.T) {
	dir, _ := writeReport(t, &martstest.Rate, martstest.Vaults()...)
	without, _ := writeReport(t, nil, martstest.Vaults()...)
	for _, test := range []struct {
		name, dir, path string
		want            []string
	}{
		{"reasons in words", dir, "gappy", []string{"no anchor", "The record does not reach back that far."}},
		{"the period it annualised from", dir, "gappy", []string{"annualised from 86 days"}},
		{"its warnings", dir, "gappy", []string{"Read these figures with care", "18 of 87 days have no price"}},
		{"where its prices are from", dir, "gappy", []string{"published by a third party, not chain-verified"}},
		{"one price in words", dir, "one-mark", []string{"There is one price point so far; a line needs two.", "insufficient data", "Too few prices or returns to compute it."}},
		{"a flat price in words", dir, "flat", []string{"The share price has been 1.0500 at every one of 60 price points", "No drawdown: no price point is below an earlier one.", "Flat for a week or more"}},
		{"what is lost though the price counts it", dir, "flat", []string{"Counts lost assets", "Of these lost 3.00 USDT, still counted in the price", "Part that is lost 25.00 %"}},
		{"what is paused, and since when", dir, "flat", []string{"Paused accountant, since 2025-09-04 17:00", "or shortly before"}},
		{"how long a redemption takes, and what waits", dir, "flat", []string{"Redemptions cool down", "paid after a cooldown of 7 days", "1,234.50 shares asked to be redeemed and not known to be paid"}},
		{"the rate", dir, "usual", []string{"Sharpe ratio (4.30 %): ", "The risk-free rate is 4.30 % a year"}},
		{"that there is no rate", without, "usual", []string{"Sharpe ratio, headline", "Sharpe ratio at 0: ", "no risk-free rate configured", "no risk free rate"}},
		{"the drawdowns and which is open", dir, "usual", []string{"not recovered", "64 lesser drawdowns in the workbook."}},
		{"what was read", dir, "usual", []string{"3 rows set aside: conflicting reading, first at line 12", "SHA-256 of readings/usual.csv"}},
		{"its conventions", dir, "usual", []string{"365 days.", "UTC.", "net of the fees", "Losses and drawdowns are negative."}},
		{"verdicts with evidence", dir, "usual", []string{"Claims checked", "The vault never borrows. broken It borrowed 20,000 at block 19000000"}},
		{"where there is no event", dir, "gappy", []string{"The archive holds no events that tell of claims checked, flows,"}},
		{"why a listed figure is undefined", dir, "usual", []string{"Passed over", "waiting", "26 3 1.0500 no anchor"}},
		{"how it did against benchmarks", dir, "usual", []string{
			"Against benchmarks", "Steady Dollar Vault 30 days 2025-08-06 30 −1.23 % −0.25 −3.45 % −0.0041 0.020 % 1.50 −2.00 no downside",
			"sofr Since inception 2025-08-06 700 25.00 % 0.50 1.00 % 0.75 2.00 % 12,346 1.25 0.24",
			"sofr 7 days 2025-08-06 1 0.00 % insufficient data no risk free rate insufficient data",
		}},
		{"rows left to the workbook", dir, "usual", []string{"2 more rows in the workbook."}},
		{"groups of figures", dir, "usual", []string{"Risk-adjusted Volatility"}},
		{"its start rule", dir, "usual", []string{"none: history starts at the first reading"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			page := text(read(t, test.dir, test.path+"/report.html"))
			for _, want := range test.want {
				if !strings.Contains(page, want) {
					t.Errorf("the page does not say %q", want)
				}
			}
			for _, never := range []string{"NaN", "+Inf", "&lt;nil&gt;", "%!"} {
				if strings.Contains(page, never) {
					t.Errorf("the page says %q", never)
				}
			}
		})
	}
}

// TestHoldersAreNotNamed: addresses of holders are in the database and never in
// a report.
func TestHoldersAreNotNamed(t *testing.T) {
	dir, _ := writeReport(t, &martstest.Rate, martstest.Vaults()...)
	page := read(t, dir, "usual/report.html")
	if strings.Contains(page, "0x00000000000000000000000000000000000000ad") {
		t.Error("the page names a holder")
	}
	if !strings.Contains(page, "First in 2025-08") {
		t.Error("the page does not show cohorts")
	}
}

func TestHostileTextLosesItsControlCharacters(t *testing.T) {
	dir, _ := writeReport(t, &martstest.Rate, martstest.Vaults()...)
	for _, path := range []string{"index.html", "compare.html", "etc-passwd-3754d6cb/report.html"} {
		page := read(t, dir, path)
		if i := strings.IndexAny(page, "\u202e\u2066\x00\x1b"); i >= 0 {
			t.Errorf("%s: %q", path, page[max(0, i-40):i+10])
		}
	}
}

func TestATearSheetIsUnderAMegabyte(t *testing.T) {
	_, files := writeReport(t, &martstest.Rate, martstest.Vaults()...)
	for _, f := range files {
		if f.Bytes > 1_000_000 {
			t.Errorf("%s: %d bytes", f.Path, f.Bytes)
		}
	}
}

func TestANumberThatIsNoneStopsTheReport(t *testing.T) {
	for _, test := range []struct{ name, change string }{
		{"not a number among the prices", "update marts.share_prices set share_price = 'nan' where is_inception"},
		{"infinite metric", "update marts.performance set apy = 'inf' where period = 'itd'"},
		{"infinite month", "update marts.monthly_returns set total_return = '-inf'"},
	} {
		t.Run(test.name, func(t *testing.T) {
			db := martstest.Open(t, &martstest.Rate, martstest.Vaults()...)
			if _, err := db.ExecContext(t.Context(), test.change); err != nil {
				t.Fatal(err)
			}
			_, err := Run(t.Context(), db, Options{Dir: t.TempDir(), MaxPages: 5})
			if err == nil || !strings.Contains(err.Error(), "want a finite number") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestDatedRates: where the rate is a series, its name stands where the rate would.
func TestDatedRates(t *testing.T) {
	db := martstest.Open(t, nil, martstest.Vault{ID: "alusd", Name: "alUSD", Symbol: "USDC", Prices: martstest.Walk(400, 0.08, 0.004)})
	if _, err := db.ExecContext(t.Context(), "update marts.run set risk_free_series = 'so<fr>'"); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files, err := Run(t.Context(), db, Options{Dir: dir, MaxPages: 5, Version: "v0.0.0-test"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Path, "report.html") {
			continue
		}
		page, err := os.ReadFile(filepath.Join(dir, f.Path))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"dated rates of so&lt;fr&gt;", "Sharpe ratio (so&lt;fr&gt;)"} {
			if !strings.Contains(string(page), want) {
				t.Errorf("the page does not say %s", want)
			}
		}
		if strings.Contains(string(page), "isk-free rate configured") {
			t.Error("the page says that no rate is configured")
		}
		return
	}
	t.Error("no page was written")
}
