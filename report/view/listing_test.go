package view

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/report/marts"
	"github.com/vaultperf/vaultperf/report/marts/martstest"
)

// TestComparisonsAreTheMarts holds every cell of the page's table against the
// figure of the mart, or against its reason, each asked for alone.
func TestComparisonsAreTheMarts(t *testing.T) {
	db := martstest.Open(t, &martstest.Rate, martstest.Vaults()...)
	d, err := marts.Read(t.Context(), db, 5, Listings())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"usual", "../../etc/passwd"} {
		v := martstest.Find(t, d, id)
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
			if r.Cells[0].Text != clean(benchmark, 300) || r.Cells[1].Text != periodLabel(period) {
				t.Errorf("%s: row %d is of %q, %q, want %q, %q", id, i, r.Cells[0].Text, r.Cells[1].Text, benchmark, periodLabel(period))
				continue
			}
			for j, c := range []struct {
				figure string
				format Format
			}{
				{"returns_count", Count},
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
				want := inWords(reason)
				if number != nil {
					want = c.format.Text(number)
				}
				if got := r.Cells[3+j].String(); got != want {
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

// comparisonsOf is the table of them.
func comparisonsOf(t *testing.T, d *marts.Data, v *marts.Vault) *Table {
	t.Helper()
	for _, l := range New(d, Options{SheetRows: 1000}).listings(v) {
		if l.id == "benchmarks" {
			return l.table
		}
	}
	t.Fatalf("%s has no table of benchmarks", v.ID)
	return nil
}

// TestALowRatioIsNoLoss: red is for losses, which a beta below zero is not.
func TestALowRatioIsNoLoss(t *testing.T) {
	d := read(t)
	month := comparisonsOf(t, d, martstest.Find(t, d, "usual")).Rows[1]
	for column, want := range map[int]Tone{4: Loss, 5: Neutral, 6: Loss, 7: Neutral, 10: Neutral} {
		if got := month.Cells[column]; !strings.HasPrefix(got.String(), minus) || got.Tone != want {
			t.Errorf("column %d is %q of tone %d, want a number below zero of tone %d", column, got.String(), got.Tone, want)
		}
	}
}

// TestNoBenchmarkIsNothingMissing: a vault without a comparison has no section, no
// sheet, and no sentence that the archive lacks something.
func TestNoBenchmarkIsNothingMissing(t *testing.T) {
	d := read(t)
	for id, want := range map[string]bool{"usual": true, "gappy": false} {
		r := report(t, d, id)
		section, missing := false, ""
		for _, chapter := range r.Chapters {
			for _, s := range chapter {
				section = section || s.ID == "benchmarks"
				for _, b := range s.Blocks {
					if p, ok := b.(Prose); ok {
						missing = strings.ToLower(string(p))
					}
				}
			}
		}
		if section != want {
			t.Errorf("the page of %s has a section of benchmarks: %t, want %t", id, section, want)
		}
		if id == "gappy" && !strings.Contains(missing, "claims checked, flows,") || strings.Contains(missing, "benchmarks") {
			t.Errorf("%s: what is missing: %q", id, missing)
		}
		sheet := slices.ContainsFunc(r.Workbook.Sheets, func(s Sheet) bool { return s.Name == "Benchmarks" })
		if sheet != want {
			t.Errorf("the workbook of %s has the sheet: %t, want %t", id, sheet, want)
		}
	}
}

// read reads the marts of all vaults of the fixture.
func read(t *testing.T) *marts.Data {
	t.Helper()
	return martstest.Read(t, &martstest.Rate, 10, Listings(), martstest.Vaults()...)
}

// report is that of one vault.
func report(t *testing.T, d *marts.Data, id string) *Report {
	t.Helper()
	r, err := New(d, Options{SheetRows: 1000}).Report(martstest.Find(t, d, id))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestPowersNameContractAndObject: two contracts of which the same changed are told
// apart, and an object that holds an address keeps its words.
func TestPowersNameContractAndObject(t *testing.T) {
	d := read(t)
	v := martstest.Find(t, d, "usual")
	var shown *Table
	for _, l := range New(d, Options{SheetRows: 1000}).listings(v) {
		if l.id == "permissions" {
			shown = l.table
		}
	}
	at := map[string]int{}
	for i, c := range shown.Columns {
		at[c.Head] = i
	}
	for i, name := range []string{v.Name, "governor"} { // the latest has a name, the one before none
		cells := shown.Rows[i].Cells
		want := []string{clean(name, 300), fmt.Sprintf("0x%040x", 0x9000+19-i), "owner", "of " + clean(v.Name, 300)}
		for j, head := range []string{"Contract", "Address", "What", "Object"} {
			if got := cells[at[head]].Long(); got != want[j] {
				t.Errorf("row %d, %s: got %q, want %q", i, head, got, want[j])
			}
		}
	}
	const long = "0x00000000000000000000000000000000000000c1 transfer(address,uint256)"
	if c := term(long); c.Text != "0x000000…00c1 transfer(address,uint256)" || c.Long() != long {
		t.Errorf("got %q, whole %q", c.Text, c.Long())
	}
}
