package view

import (
	"fmt"

	"github.com/vaultperf/vaultperf/report/marts"
)

// rollingDays is the window of the rolling chart.
const rollingDays = 30

// rollingChart draws the APY of each window of 30 days, on the price chart's
// time axis; a window without one breaks the line.
func (w *View) rollingChart(v *marts.Vault) *Chart {
	c := &Chart{ID: "rolling", Title: "Rolling 30-day APY", Format: Percent, Is: w.column("rolling", "apy", "Rolling APY")}
	var points []Point
	var low, high *float64
	var last marts.Rolling
	for i := range v.Rolling {
		r := &v.Rolling[i]
		if r.Days != rollingDays {
			continue
		}
		points = append(points, Point{r.At, r.APY})
		if r.APY != nil {
			if low == nil || *r.APY < *low {
				low = r.APY
			}
			if high == nil || *r.APY > *high {
				high = r.APY
			}
			last = *r
		} else if last.APY == nil {
			last.Reason = r.Reason
		}
	}
	if low == nil {
		c.Words = "No window of 30 days has an APY yet."
		if last.Reason != "" {
			c.Words += " " + sentence(clean(meaning(w.data, last.Reason), 300)) + "."
		}
		return c
	}
	c.Points = thin(points)
	c.X, c.Y = moments(v.Prices[0].At, v.Prices[len(v.Prices)-1].At), levels(min(*low, 0), max(*high, 0), percentTick)
	c.Note = "The return of the 30 days before each price point, compounded to a year. It starts when 30 days have passed."
	c.Alt = fmt.Sprintf("Line of the rolling 30-day APY between %s and %s; the last, on %s, is %s.",
		percent(*low), percent(*high), date(&last.At), Percent.Text(last.APY))
	return c
}
