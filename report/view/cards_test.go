package view

import (
	"slices"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/report/marts"
	"github.com/vaultperf/vaultperf/report/marts/martstest"
)

// TestOneHeadlineSharpe: page, index and workbook show one Sharpe ratio under the name
// of its header, and none that autocorrelation flatters; the plain ones stand beside it
// under theirs.
func TestOneHeadlineSharpe(t *testing.T) {
	d := read(t)
	v := martstest.Find(t, d, "usual")
	honest, flattering := 1.41, 2.25
	values := v.Period("itd").Values
	values["headline_sharpe"] = marts.Value{Number: &honest}
	values["sharpe_ratio_zero"], values["sharpe_ratio"] = marts.Value{Number: &flattering}, marts.Value{Number: &flattering}
	w := New(d, Options{SheetRows: 1000})
	for place, cards := range map[string][]Card{"page": w.cards(v, nil), "workbook": w.headline(v)} {
		if got := cards[len(cards)-1]; got.Label != d.Metric("headline_sharpe").Label || got.Value.String() != "1.41" {
			t.Errorf("the %s shows %s %s", place, got.Label, got.Value.String())
		}
	}
	note := strings.Join(w.sharpeCard(v).Note, " ")
	if want := "since inception; Sharpe ratio at 0: 2.25; Sharpe ratio (4.30 %): 2.25"; note != want {
		t.Errorf("beside it stands %q, want %q", note, want)
	}
	vaults := w.Index().Chapters[1][0].Blocks[0].(*Table)
	i := slices.IndexFunc(vaults.Columns, func(c Column) bool { return c.Head == "Sharpe ratio, headline" })
	if i < 0 || vaults.Rows[0].Cells[i].String() != "1.41" {
		t.Errorf("the index has it in column %d of %v", i, vaults.Columns)
	}
}
