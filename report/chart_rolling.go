package report

import "fmt"

// rollingDays is the window of the rolling chart.
const rollingDays = 30

// rollingChart draws the APY of each window of 30 days, on the price chart's
// time axis; a window without one breaks the line.
func (d *Data) rollingChart(v *Vault) (chart, error) {
	c := chart{ID: "rolling", Title: "Rolling 30-day APY"}
	var points []point
	var low, high *float64
	var last Rolling
	for i := range v.Rolling {
		r := &v.Rolling[i]
		if r.Days != rollingDays {
			continue
		}
		points = append(points, point{r.At, r.APY})
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
			c.Words += " " + Sentence(Text(d.Meaning(last.Reason), 300)) + "."
		}
		return c, nil
	}
	plot := linePlot{
		kind: "rolling", name: c.Title, points: points,
		x: moments(v.Marks[0].At, v.Marks[len(v.Marks)-1].At), y: levels(min(*low, 0), max(*high, 0), PercentTick),
		tip: func(p point) string { return DateTime(&p.at) + "\n" + Percent(p.y) },
	}
	c.Note = "The return of the 30 days before each mark, compounded to a year. It starts when 30 days have passed."
	c.Alt = fmt.Sprintf("Line of the rolling 30-day APY between %s and %s; the last, on %s, is %s.",
		Percent(low), Percent(high), Date(&last.At), Percent(last.APY))
	var err error
	c.Data, err = plot.encode()
	return c, err
}
