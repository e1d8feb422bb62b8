package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
)

// bandsShown is how many drawdowns the price chart shades.
const bandsShown = 5

// priceChart draws the share price over its whole life, the deepest drawdowns
// shaded and numbered as in the table of drawdowns.
func priceChart(v *Vault) (chart, error) {
	c := chart{ID: "price", Title: "Share price"}
	if len(v.Marks) < 2 {
		c.Words = "There is one mark so far; a line needs two."
		return c, nil
	}
	low, high := v.Marks[0], v.Marks[0]
	points := make([]point, len(v.Marks))
	for i := range v.Marks {
		m := v.Marks[i]
		points[i] = point{m.At, &v.Marks[i].SharePrice}
		if m.SharePrice < low.SharePrice {
			low = m
		}
		if m.SharePrice > high.SharePrice {
			high = m
		}
	}
	first, last := v.Marks[0], v.Marks[len(v.Marks)-1]
	if high.SharePrice-low.SharePrice <= 1e-12*high.SharePrice {
		c.Words = fmt.Sprintf("The share price has been %s at every one of %s, from %s to %s.",
			Price(&last.SharePrice), Counted(int64(len(v.Marks)), "mark"), Date(&first.At), Date(&last.At))
		return c, nil
	}
	plot := linePlot{
		kind: "price", name: "Share price", points: points, bands: bands(v),
		x: moments(first.At, last.At), y: levels(low.SharePrice, high.SharePrice, PriceTick),
		tip: func(p point) string { return DateTime(&p.at) + "\n" + Price(p.y) },
	}
	c.Alt = fmt.Sprintf("Line of the share price in %s from %s on %s to %s on %s; lowest %s on %s, highest %s on %s.",
		Text(v.AssetSymbol, 16), Price(&first.SharePrice), Date(&first.At), Price(&last.SharePrice), Date(&last.At),
		Price(&low.SharePrice), Date(&low.At), Price(&high.SharePrice), Date(&high.At))
	c.Note = Text(v.AssetSymbol, 16) + " per share at each mark."
	if len(plot.bands) > 0 {
		c.Note += " Shaded: the deepest drawdowns, peak to recovery, numbered as in the table of drawdowns."
	}
	var err error
	c.Data, err = plot.encode()
	return c, err
}

func bands(v *Vault) []band {
	var out []band
	last := v.Marks[len(v.Marks)-1].At
	for i, e := range worst(v.Drawdowns, bandsShown) {
		to := last
		if e.RecoveryAt != nil {
			to = *e.RecoveryAt
		}
		out = append(out, band{float64(e.PeakAt.UnixMilli()), float64(to.UnixMilli()), strconv.Itoa(i + 1)})
	}
	return out
}

// worst returns the n deepest drawdowns, the deepest first.
func worst(episodes []Drawdown, n int) []Drawdown {
	sorted := slices.Clone(episodes)
	slices.SortStableFunc(sorted, func(a, b Drawdown) int {
		return cmp.Or(cmp.Compare(a.Depth, b.Depth), cmp.Compare(a.Episode, b.Episode))
	})
	return sorted[:min(n, len(sorted))]
}
