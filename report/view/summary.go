package view

import "github.com/vaultperf/vaultperf/report/marts"

// summaryColumns are a label and one column per period.
const summaryColumns = 11

// summarySheet is the sheet an investor reads: who, how current, what to beware
// of, the charts, every figure of every period, and a check of the main ones.
func (w *View) summarySheet(v *marts.Vault, p *parts) Sheet {
	s := Sheet{Name: "Summary", Widths: []float64{27}, Across: summaryColumns}
	for range summaryColumns - 1 {
		s.Widths = append(s.Widths, 12)
	}
	s.Blocks = []Block{
		Title{displayName(v), "Performance of one share, as of " + date(&w.data.AsOf) + " UTC"},
		p.verdict,
		w.profile(v),
		&Cards{Cards: w.headline(v)},
		care(p.prices.withLeftOut(p.others)),
		&Charts{p.price, p.drawdown},
		w.periodsTable(v),
	}
	s.Blocks = append(s.Blocks, Prose("Past performance does not say what will come. Figures are computed from the "+
		"readings named on "+sheetProvenance+" and are not audited; this workbook is not an offer. "+
		"What each figure means is on "+sheetDefinitions+"."))
	return s
}
