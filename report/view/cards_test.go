package view

import (
	"testing"

	"github.com/vaultperf/vaultperf/report/marts"
	"github.com/vaultperf/vaultperf/report/marts/martstest"
)

// TestOneHeadlineSharpe: page, index and workbook show one Sharpe ratio, and none
// that autocorrelation flatters.
func TestOneHeadlineSharpe(t *testing.T) {
	d := read(t)
	v := martstest.Find(t, d, "usual")
	honest, flattering := 1.41, 2.25
	values := v.Period("itd").Values
	values["headline_sharpe"] = marts.Value{Number: &honest}
	values["sharpe_ratio_zero"], values["sharpe_ratio"] = marts.Value{Number: &flattering}, marts.Value{Number: &flattering}
	w := New(d, Options{SheetRows: 1000})
	for place, cards := range map[string][]Card{"page": w.cards(v, nil), "workbook": w.headline(v)} {
		if got := cards[len(cards)-1]; got.Label != "Sharpe ratio at 0 %" || got.Value.String() != "1.41" {
			t.Errorf("the %s shows %s %s", place, got.Label, got.Value.String())
		}
	}
	vaults := w.Index().Chapters[1][0].Blocks[0].(*Table)
	for i, c := range vaults.Columns {
		if got := vaults.Rows[0].Cells[i].String(); c.Head == "Sharpe" && got != "1.41" {
			t.Errorf("the index shows %s", got)
		}
	}
}
