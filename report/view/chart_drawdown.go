package view

import (
	"fmt"

	"github.com/vaultperf/vaultperf/report/marts"
)

// drawdownChart draws how far the price stood below its highest so far.
func (w *View) drawdownChart(v *marts.Vault, prices *Series) *Chart {
	c := &Chart{
		ID: "drawdown", Title: "Drawdown", Note: "Share price against its highest so far.",
		Format: Percent, Filled: true, Is: w.column("returns", "drawdown", "Drawdown"),
	}
	if len(v.Prices) < 2 {
		c.Words = "There is one price point so far; a drawdown needs two."
		return c
	}
	zero := 0.0
	points := []Point{{v.Prices[0].At, &zero}}
	for i := range v.Prices[1:] {
		points = append(points, Point{v.Prices[i+1].At, v.Prices[i+1].Drawdown})
	}
	deepest := deepestOf(v.Prices[1:])
	if deepest == 0 {
		c.Words = "No drawdown: no price point is below an earlier one."
		return c
	}
	c.Points = thin(points)
	c.X, c.Y = moments(v.Prices[0].At, v.Prices[len(v.Prices)-1].At), levels(deepest, 0, percentTick)
	c.Alt = fmt.Sprintf("Area below zero that shows the drawdown at each price point; the deepest is %s.", percent(deepest))
	shown := v.Prices[len(v.Prices)-prices.Len:]
	y := levels(deepestOf(shown), 0, percentTick)
	c.Native = &Native{
		Title: c.Title, Series: prices, X: prices.Column("date"), Y: prices.Column("drawdown"),
		Dates: dateAxis(shown), Scale: y, Code: fixedCode(stepDecimals(y.Step()*100)) + "%",
	}
	return c
}

func deepestOf(shown []marts.PricePoint) float64 {
	deepest := 0.0
	for i := range shown {
		if x := shown[i].Drawdown; x != nil {
			deepest = min(deepest, *x)
		}
	}
	return deepest
}
