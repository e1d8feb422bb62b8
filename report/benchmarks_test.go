package report

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestComparisonsAreTheMarts holds every cell of the page's table against the
// figure of the mart, or against its reason, each asked for alone.
func TestComparisonsAreTheMarts(t *testing.T) {
	db := openFixture(t, &rate, fixtureVaults()...)
	d, err := Read(t.Context(), db, 5)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"usual", "../../etc/passwd"} {
		v := bookVault(t, d, id)
		shown := comparisonsOf(t, d, v)
		if len(shown.Rows) != 8 {
			t.Fatalf("%s: %d rows, want four periods against two benchmarks", id, len(shown.Rows))
		}
		names := []string{"sofr", v.Name}
		if v.Name < names[0] {
			names[0], names[1] = names[1], names[0]
		}
		for i, r := range shown.Rows {
			benchmark, period := names[i/4], []string{"7d", "30d", "365d", "itd"}[i%4]
			if r.Head.Text != Text(benchmark, 300) || r.Cells[0].Text != PeriodLabel(period) {
				t.Errorf("%s: row %d is of %q, %q, want %q, %q", id, i, r.Head.Text, r.Cells[0].Text, benchmark, PeriodLabel(period))
				continue
			}
			for j, c := range []struct {
				figure string
				print  func(*float64) string
			}{
				{"returns_count", func(x *float64) string { return Count(int64(*x)) }},
				{"excess_return", Percent},
				{"beta", Ratio},
				{"alpha", Percent},
				{"correlation", Ratio},
				{"tracking_error", Percent},
				{"information_ratio", Ratio},
				{"up_capture", Ratio},
				{"down_capture", Ratio},
			} {
				number, reason := comparison(t, db, id, period, benchmark, c.figure)
				want := Words(reason)
				if number != nil {
					want = c.print(number)
				}
				if got := r.Cells[2+j].Text; got != want {
					t.Errorf("%s: %s against %q: %s is %q, want %q", id, period, benchmark, c.figure, got, want)
				}
			}
		}
	}
}

// comparison is one figure of the mart, or why it has none.
func comparison(t *testing.T, db *sql.DB, vault, period, benchmark, figure string) (number *float64, reason string) {
	t.Helper()
	err := db.QueryRowContext(t.Context(), fmt.Sprintf(
		"select %s::double from marts.benchmark_comparison where vault_id = ? and period = ? and benchmark = ?", figure,
	), vault, period, benchmark).Scan(&number)
	if err != nil {
		t.Fatal(err)
	}
	err = db.QueryRowContext(t.Context(),
		"select reason from marts.benchmark_reasons where vault_id = ? and period = ? and benchmark = ? and figure = ?",
		vault, period, benchmark, figure,
	).Scan(&reason)
	if err != nil && !errors.Is(err, sql.ErrNoRows) || (number == nil) != (reason != "") {
		t.Fatalf("%s of %s against %q: %v, %q: %v", figure, period, benchmark, number, reason, err)
	}
	return number, reason
}

// comparisonsOf is the page's table of them.
func comparisonsOf(t *testing.T, d *Data, v *Vault) table {
	t.Helper()
	tables, _ := d.listingTables(v)
	for _, shown := range tables {
		if shown.ID == "benchmarks" {
			return shown
		}
	}
	t.Fatalf("%s has no table of benchmarks", v.ID)
	return table{}
}

// TestALowRatioIsNoLoss: red is for losses, which a beta below zero is not.
func TestALowRatioIsNoLoss(t *testing.T) {
	d := bookData(t, &rate)
	month := comparisonsOf(t, d, bookVault(t, d, "usual")).Rows[1]
	for column, want := range map[int]string{3: "n loss", 4: "n", 5: "n loss", 6: "n", 9: "n"} {
		if got := month.Cells[column]; !strings.HasPrefix(got.Text, minus) || got.Class != want {
			t.Errorf("column %d is %q of class %q, want a number below zero of class %q", column, got.Text, got.Class, want)
		}
	}
}

// TestNoBenchmarkIsNothingMissing: a vault without a comparison has no section, no
// sheet, and no sentence that the archive lacks something.
func TestNoBenchmarkIsNothingMissing(t *testing.T) {
	dir, _ := writeReport(t, &rate, fixtureVaults()...)
	for path, want := range map[string]bool{"usual": true, "gappy": false} {
		page := strings.ToLower(text(read(t, dir, path+"/report.html")))
		if got := strings.Contains(page, "against benchmarks"); got != want {
			t.Errorf("the page of %s names benchmarks: %t, want %t", path, got, want)
		}
	}
	d := bookData(t, &rate)
	for id, want := range map[string]bool{"usual": true, "gappy": false} {
		sheets := openBook(t, d, bookVault(t, d, id), sheetRows).GetSheetList()
		if got := slices.Contains(sheets, "Benchmarks"); got != want {
			t.Errorf("the workbook of %s has the sheet: %t, want %t", id, got, want)
		}
	}
}

// TestHostileBenchmark: a name is text wherever it stands, and none is a formula.
func TestHostileBenchmark(t *testing.T) {
	vault := fixtureVaults()[0]
	vault.name = "=HYPERLINK(\"http://example.com\")<b>\u202eX</b>"
	d, err := Read(t.Context(), openFixture(t, &rate, vault), 1)
	if err != nil {
		t.Fatal(err)
	}
	b := openBook(t, d, d.Vaults[0], sheetRows)
	if got, err := b.GetCellFormula("Benchmarks", "A2"); err != nil || got != "" || !b.isText("Benchmarks", "A2") {
		t.Errorf("a benchmark's name is a formula %q, or no text: %v", got, err)
	}
	if got, want := b.shown("Benchmarks", "A2"), "=HYPERLINK(\"http://example.com\")<b>X</b>"; got != want {
		t.Errorf("the name is %q, want %q", got, want)
	}
	dir, _ := writeReport(t, &rate, vault)
	page := read(t, dir, "usual/report.html")
	if _, after, found := strings.Cut(page, "h-benchmarks"); !found || !strings.Contains(after, "&lt;b&gt;X&lt;/b&gt;</th>") || strings.Contains(after, "<b>X") {
		t.Error("the page does not escape a benchmark's name")
	}
}
