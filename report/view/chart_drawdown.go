package view

import (
	"fmt"

	"github.com/vaultperf/vaultperf/report/marts"
)

// drawdownChart draws how far the price stood below its highest mark.
func drawdownChart(v *marts.Vault, prices *Series) *Chart {
	c := &Chart{
		ID: "drawdown", Title: "Drawdown", Note: "Share price against its highest mark so far.",
		Format: Percent, Filled: true,
	}
	if len(v.Marks) < 2 {
		c.Words = "There is one mark so far; a drawdown needs two."
		return c
	}
	zero := 0.0
	points := []Point{{v.Marks[0].At, &zero}}
	for i := range v.Marks[1:] {
		points = append(points, Point{v.Marks[i+1].At, v.Marks[i+1].Drawdown})
	}
	deepest := deepestOf(v.Marks[1:])
	if deepest == 0 {
		c.Words = "No drawdown: no mark is below an earlier one."
		return c
	}
	c.Points = thin(points)
	c.X, c.Y = moments(v.Marks[0].At, v.Marks[len(v.Marks)-1].At), levels(deepest, 0, percentTick)
	c.Alt = fmt.Sprintf("Area below zero that shows the drawdown at each mark; the deepest is %s.", percent(deepest))
	marks := v.Marks[len(v.Marks)-prices.Len:]
	y := levels(deepestOf(marks), 0, percentTick)
	c.Native = &Native{
		Title: c.Title, Series: prices, X: prices.Column("date"), Y: prices.Column("drawdown"),
		Dates: dateAxis(marks), Scale: y, Code: fixedCode(stepDecimals(y.Step()*100)) + "%",
	}
	return c
}

func deepestOf(marks []marts.Mark) float64 {
	deepest := 0.0
	for i := range marks {
		if x := marks[i].Drawdown; x != nil {
			deepest = min(deepest, *x)
		}
	}
	return deepest
}
