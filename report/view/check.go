package view

import (
	"fmt"
	"math"

	"github.com/vaultperf/vaultperf/report/marts"
)

// A Check compares figures since inception with spreadsheet formulas over a series,
// so that a reader can trace a headline back to the prices it comes from.
type Check struct {
	Title  string
	Heads  []string // of the figure, its value, the formula's, their difference, and whether they agree
	Rows   []CheckRow
	Note   string
	Series *Series
}

// A CheckRow is a figure, a spreadsheet's formula for it, and what the formula
// gives: the value is computed here for readers that show a workbook without
// computing it. In the formula "{price}" stands for the rows of the series' column
// of that id, "{price:first}" and "{price:last}" for one of them, "{price:later}"
// for all but the first.
type CheckRow struct {
	Label    string
	Is       *Definition
	Reported *float64
	Formula  string
	Value    float64
	Code     string // number format
}

// Agrees says whether a formula gives the reported figure: whether the difference
// is under Tolerance of the figure, or of one where the figure is smaller.
func (r *CheckRow) Agrees() bool {
	return math.Abs(r.Value-*r.Reported) <= Tolerance*max(1, math.Abs(*r.Reported))
}

// Tolerance is how far a formula may be off, relative to the figure.
const Tolerance = 1e-9

// check is nil where there is nothing to compute, or where the series does not
// hold all points since inception.
func (w *View) check(v *marts.Vault, prices *Series) *Check {
	p := v.Period("itd")
	points := v.Prices[len(v.Prices)-prices.Len:]
	if p == nil || p.StartAt == nil || p.EndAt == nil || len(points) < 2 {
		return nil
	}
	if !points[0].At.Equal(*p.StartAt) || !points[len(points)-1].At.Equal(*p.EndAt) {
		return nil
	}
	c := &Check{
		Title:  "Check: figures since inception, computed again from the prices in this workbook",
		Heads:  []string{"Figure", "Report", "Formula", "Difference", "Agrees"},
		Note:   "Agrees: the difference is under a billionth of the figure, or of one where the figure is smaller.",
		Series: prices,
	}
	for _, f := range formulas(points) {
		reported := v.Value("itd", f.metric).Number
		if reported == nil || math.IsNaN(f.value) || math.IsInf(f.value, 0) {
			continue
		}
		m := w.metric(f.metric)
		code := "#,##0.00000000"
		if m.Unit != "ratio" {
			code = "#,##0.000000%"
		}
		if math.Abs(*reported) >= 1e6 {
			code = "0.00000000E+00"
		}
		c.Rows = append(c.Rows, CheckRow{Label: w.metricLabel(m), Is: w.defined(m), Reported: reported, Formula: f.formula, Value: f.value, Code: code})
	}
	return c
}

// A formula is a metric's, and what it gives.
type formula struct {
	metric  string
	formula string
	value   float64
}

// formulas are such that every spreadsheet reads alike: nothing spills, and an
// array is only ever inside SUMPRODUCT.
func formulas(points []marts.PricePoint) []formula {
	var sum, squares, days, wins, n float64
	peak, deepest := points[0].SharePrice, 0.0
	for i := range points[1:] {
		m := &points[i+1]
		peak = max(peak, m.SharePrice)
		deepest = min(deepest, m.SharePrice/peak-1)
		if m.ElapsedSeconds != nil {
			days += *m.ElapsedSeconds / 86400
		}
		if m.Return != nil {
			n++
			sum += *m.Return
			if *m.Return > 0 {
				wins++
			}
		}
	}
	mean := sum / n
	for i := range points {
		if r := points[i].Return; r != nil {
			squares += (*r - mean) * (*r - mean)
		}
	}
	deviation := math.Sqrt(squares / (n - 1))
	root := math.Sqrt(n / (days / 365))
	growth := points[len(points)-1].SharePrice / points[0].SharePrice
	const perYear = "SQRT(COUNT({return:later})/(SUM({days:later})/365))"
	return []formula{
		{"total_return", "{price:last}/{price:first}-1", growth - 1},
		{"apy", "({price:last}/{price:first})^(365/SUM({days:later}))-1", math.Pow(growth, 365/days) - 1},
		{"volatility", fmt.Sprintf("STDEV({return:later})*%s", perYear), deviation * root},
		{"sharpe_ratio_zero", fmt.Sprintf("AVERAGE({return:later})/STDEV({return:later})*%s", perYear), mean / deviation * root},
		{"max_drawdown", "SUMPRODUCT(MIN({price}/{peak}))-1", deepest},
		{"win_rate", `COUNTIF({return:later},">0")/COUNT({return:later})`, wins / n},
	}
}
