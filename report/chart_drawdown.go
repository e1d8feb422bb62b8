package report

import "fmt"

// drawdownChart draws how far the price stood below its highest mark.
func drawdownChart(v *Vault) (chart, error) {
	c := chart{ID: "drawdown", Title: "Drawdown", Note: "Share price against its highest mark so far."}
	if len(v.Marks) < 2 {
		c.Words = "There is one mark so far; a drawdown needs two."
		return c, nil
	}
	zero, deepest := 0.0, 0.0
	points := []point{{v.Marks[0].At, &zero}}
	for i := range v.Marks[1:] {
		m := &v.Marks[i+1]
		points = append(points, point{m.At, m.Drawdown})
		if m.Drawdown != nil {
			deepest = min(deepest, *m.Drawdown)
		}
	}
	if deepest == 0 {
		c.Words = "No drawdown: no mark is below an earlier one."
		return c, nil
	}
	plot := linePlot{
		kind: "drawdown", name: "Drawdown", points: points, filled: true,
		x: moments(v.Marks[0].At, v.Marks[len(v.Marks)-1].At), y: levels(deepest, 0, PercentTick),
		tip: func(p point) string { return DateTime(&p.at) + "\n" + Percent(p.y) },
	}
	c.Alt = fmt.Sprintf("Area below zero that shows the drawdown at each mark; the deepest is %s.", Percent(&deepest))
	var err error
	c.Data, err = plot.encode()
	return c, err
}
