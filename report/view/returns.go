package view

import "time"

// secondsPerYear are those of 365 days.
const secondsPerYear = 31536000

// returns are the returns that the figures since inception are made of, each by a
// formula from the prices; nil where there are none, or where not all of the prices
// are on the sheet.
func (w *View) returns(a *auditor) *Series {
	if a == nil {
		return nil
	}
	points, c := a.points[1:], codesOf(a.points)
	simple := w.column("returns", "simple_return", "Return")
	change := "{prices.price+1}/{prices.price}-1"
	if a.hasZero { // after a total loss nothing is left to lose
		change = "IF({prices.price}=0,0,{prices.price+1}/{prices.price}-1)"
	}
	figure := func(id, name, head string, is *Definition, width float64, code, formula string, of []float64) SeriesColumn {
		return SeriesColumn{
			ID: id, Name: name, Head: head, Is: is, Kind: Figure, Width: width, Code: code, Formula: formula,
			Number: func(i int) *float64 { return &of[i] },
		}
	}
	s := &Series{ID: "returns", Len: len(points), Columns: []SeriesColumn{
		{Head: "To (UTC)", Kind: Moment, Left: true, Width: 19, Code: secondCode, At: func(i int) *time.Time { return &points[i].At }},
		figure("second", "seconds", "Seconds", w.column("returns", "elapsed_seconds", "Seconds since the price point before"),
			12, countCode, "ROUND(({prices.time+1}-{prices.time})*86400,5)", a.seconds),
		figure("return", "returns", "Return", simple, 16, "0.000000000000%", change, a.returns),
		{ID: "database", Name: "database_returns", Head: "In the database", Is: simple, Kind: Figure, Width: 16, Code: "0.000000000000%", Number: func(i int) *float64 { return points[i].Return }},
		figure("fall", "falls", "Drawdown", w.column("returns", "drawdown", "Drawdown"), 14, c.fall, "{prices.price+1}/{prices.peak+1}-1", a.falls),
		figure("deviation", "deviations", "Less the mean", w.metrics["newey_west_sharpe"], 16, "0.00E+00", "{return}-mean_return", a.deviations),
	}}
	if a.rate != nil {
		s.Columns = append(s.Columns,
			figure("riskfree", "", "Risk-free return", w.metrics["sharpe_ratio"],
				16, "0.000000000000%", "(1+risk_free_rate)^({second}/31536000)-1", a.riskFree),
			figure("excess", "excess_returns", "Above risk-free", w.metrics["sharpe_ratio"], 16, "0.000000000000%", "{return}-{riskfree}", a.excess),
		)
	}
	return s
}
