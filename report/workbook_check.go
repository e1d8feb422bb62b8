package report

import (
	"fmt"
	"math"
)

// checks sets some figures since inception beside formulas over sheetPrices, so
// that a reader can follow a price to a headline and see both agree.
func (s *sheet) checks() {
	w := s.window()
	if w == nil {
		return
	}
	s.skip()
	s.title("Check: figures since inception, computed again from the prices in this workbook")
	s.headers(15, "Figure", "Report\t", "Formula\t", "Difference\t", "Agrees\t")
	for _, c := range w.checks() {
		reported := s.vault.Value("itd", c.metric)
		if reported.Number == nil || math.IsNaN(c.value) || math.IsInf(c.value, 0) {
			continue
		}
		s.check(c, *reported.Number)
	}
	s.line(0, s.label(soft, "Agrees: the difference is under a billionth of the figure, or of one where the figure is smaller."))
}

// check writes one figure, its formula and their difference.
func (s *sheet) check(c check, reported float64) {
	m := s.data.metric(c.metric)
	format := "#,##0.00000000"
	if m.Unit != "ratio" {
		format = "#,##0.000000%"
	}
	if math.Abs(reported) >= 1e6 {
		format = "0.00000000E+00"
	}
	number := look{format: format, align: "right", shrink: true}
	row := s.row + 1
	agrees := "NO"
	if math.Abs(c.value-reported) <= 1e-9*max(1, math.Abs(reported)) {
		agrees = "yes"
	}
	s.line(0, s.text(plain, s.data.metricLabel(m)),
		s.number(number, &reported),
		s.formula(number, c.formula, c.value),
		s.formula(look{format: "0.0E+00", align: "right"}, fmt.Sprintf("C%d-B%d", row, row), c.value-reported),
		s.formula(look{bold: true, align: "right"},
			fmt.Sprintf(`IF(ABS(D%d)<=0.000000001*MAX(1,ABS(B%d)),"yes","NO")`, row, row), agrees))
}

// A check is a formula, and what it gives. The value is computed here for
// readers that show a workbook without computing it.
type check struct {
	metric  string
	formula string
	value   float64
}

// A window is the marks since inception and the cells that hold them.
type window struct {
	marks                      []Mark
	firstPrice, lastPrice      string
	prices, peaks, changes, at string // ranges; at: days since the mark before
}

// window is nil where there is nothing to compute, or where the sheet does not
// hold all marks since inception.
func (s *sheet) window() *window {
	p := s.vault.Period("itd")
	if p == nil || p.StartAt == nil || p.EndAt == nil || len(s.marks) < 2 {
		return nil
	}
	if !s.marks[0].At.Equal(*p.StartAt) || !s.marks[len(s.marks)-1].At.Equal(*p.EndAt) {
		return nil
	}
	n := len(s.marks)
	return &window{
		marks: s.marks, firstPrice: s.priceCell(priceValue, 0), lastPrice: s.priceCell(priceValue, n-1),
		prices: s.priceRange(priceValue, n), peaks: s.priceRange(pricePeak, n),
		changes: s.priceRange(priceReturn, n-1), at: s.priceRange(priceDays, n-1),
	}
}

// checks are formulas that every spreadsheet reads alike: nothing spills, and
// an array is only ever inside SUMPRODUCT.
func (w *window) checks() []check {
	var sum, squares, days, wins, n float64
	peak, deepest := w.marks[0].SharePrice, 0.0
	for i := range w.marks[1:] {
		m := &w.marks[i+1]
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
	for i := range w.marks {
		if r := w.marks[i].Return; r != nil {
			squares += (*r - mean) * (*r - mean)
		}
	}
	deviation := math.Sqrt(squares / (n - 1))
	root := math.Sqrt(n / (days / 365))
	growth := w.marks[len(w.marks)-1].SharePrice / w.marks[0].SharePrice
	perYear := fmt.Sprintf("SQRT(COUNT(%s)/(SUM(%s)/365))", w.changes, w.at)
	return []check{
		{"total_return", w.lastPrice + "/" + w.firstPrice + "-1", growth - 1},
		{"apy", fmt.Sprintf("(%s/%s)^(365/SUM(%s))-1", w.lastPrice, w.firstPrice, w.at), math.Pow(growth, 365/days) - 1},
		{"volatility", fmt.Sprintf("STDEV(%s)*%s", w.changes, perYear), deviation * root},
		{"sharpe_ratio_zero", fmt.Sprintf("AVERAGE(%s)/STDEV(%s)*%s", w.changes, w.changes, perYear), mean / deviation * root},
		{"max_drawdown", fmt.Sprintf("SUMPRODUCT(MIN(%s/%s))-1", w.prices, w.peaks), deepest},
		{"win_rate", fmt.Sprintf(`COUNTIF(%s,">0")/COUNT(%s)`, w.changes, w.changes), wins / n},
	}
}
