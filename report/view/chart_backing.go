package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
)

// backingChart draws what the vault claims to have against what is known of it, day by
// day; a day on which nothing was looked at is a gap.
func (w *View) backingChart(v *marts.Vault, days [][]marts.Field) *Chart {
	l := listingOf(backingList)
	c := &Chart{
		ID: "backing", Title: "Claimed assets, and what is known of them", Format: Amount,
		Is: w.column(l.mart(), "claimed_assets", "Claimed"),
	}
	at := dayOf(days)
	if len(at) < 2 {
		c.Words = "Something was looked at on one day so far; a line needs two."
		return c
	}
	var missing []string
	for _, line := range []Line{
		{Name: "Claimed", column: "claimed_assets"},
		{Name: "Withdrawable", column: "withdrawable_assets", Colour: 1},
		{Name: "Stuck: nothing comes out", column: "stuck_assets", Colour: 2, Filled: true},
		{Name: "Known to be lost", column: "known_loss", Colour: 3, Filled: true},
	} {
		i := l.at(line.column)
		line.Is = w.column(l.mart(), line.column, l.columns[i].head)
		line.Points = blanks(at)
		isTold := false
		for _, fields := range days {
			if k := at[fields[0].At.Unix()]; k < len(line.Points) {
				line.Points[k].Y = fields[i].Number
				isTold = isTold || fields[i].Number != nil
			}
		}
		if isTold {
			c.Lines = append(c.Lines, line)
		} else {
			missing = append(missing, strings.ToLower(strings.Split(line.Name, ":")[0]))
		}
	}
	if len(c.Lines) == 0 {
		c.Words = "What the vault claims to have is not told on any day on which something was looked at."
		return c
	}
	c.Note = "At the end of each day, in " + symbol(v) + "; a gap is a day on which nothing was looked at."
	if len(missing) > 0 {
		c.Note += " Not told on any day: " + strings.Join(missing, ", ") + "."
	}
	c.span(0, amountTick)
	return c
}

// marketsDrawn is how many lines of markets can be told apart.
const marketsDrawn = 8

// utilisationChart draws how much of each market is lent out, on the days on which the
// vault was in it.
func (w *View) utilisationChart(rows [][]marts.Field) *Chart {
	l := listingOf(marketsList)
	c := &Chart{
		ID: "utilisation", Title: "Utilisation of its markets", Format: Percent,
		Is: w.column(l.mart(), "utilisation", "Utilisation"),
	}
	at := dayOf(rows)
	market, collateral, assets, utilisation := l.at("market"), l.at("collateral"), l.at("assets"), l.at("utilisation")
	lines, largest := map[string]*Line{}, map[string]float64{}
	for _, fields := range rows {
		k, name := at[fields[0].At.Unix()], fields[market].Text
		line := lines[name]
		if line == nil {
			line = &Line{Name: marketName(fields[collateral].Text, name), Points: blanks(at)}
			lines[name] = line
		}
		if x := fields[assets].Number; x != nil {
			largest[name] = max(largest[name], *x)
		}
		if k < len(line.Points) && fields[utilisation].Number != nil {
			line.Points[k].Y = fields[utilisation].Number
		}
	}
	var names []string
	for name, line := range lines {
		if slices.ContainsFunc(line.Points, func(p Point) bool { return p.Y != nil }) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(largest[b], largest[a]), cmp.Compare(a, b))
	})
	if len(names) == 0 {
		c.Words = "The state of no market that it was in is known."
		return c
	}
	if !slices.ContainsFunc(names, func(name string) bool { return isLine(lines[name].Points) }) {
		c.Words = "It was in no market of known state on two days or more; a line needs two."
		return c
	}
	c.Note = "Part of each market that is lent out, on days on which the vault had something there. What is lent out in full gives nothing back."
	if len(names) > marketsDrawn {
		c.Note += fmt.Sprintf(" Drawn are the %d of %d in which it had most.", marketsDrawn, len(names))
		names = names[:marketsDrawn]
	}
	for i, name := range names {
		lines[name].Colour = i
		c.Lines = append(c.Lines, *lines[name])
	}
	c.span(1, percentTick)
	return c
}

// isLine says that there are two values.
func isLine(points []Point) bool {
	told := 0
	for _, p := range points {
		if p.Y != nil {
			told++
		}
	}
	return told > 1
}

// dayOf numbers the days from the first row's to the last's, gaps too, by their second;
// rows begin with their day, the latest first. Of very many the latest are kept: the
// others have numbers beyond.
func dayOf(rows [][]marts.Field) map[int64]int {
	last, first := *rows[0][0].At, *rows[len(rows)-1][0].At
	if longest := last.AddDate(0, 0, 1-mostPoints); first.Before(longest) {
		first = longest
	}
	at := map[int64]int{}
	for t := first; !t.After(last); t = t.AddDate(0, 0, 1) {
		at[t.Unix()] = len(at)
	}
	return at
}

// blanks are points of these days without a value.
func blanks(at map[int64]int) []Point {
	out := make([]Point, len(at))
	for second, k := range at {
		out[k].At = time.Unix(second, 0).UTC()
	}
	return out
}

// span sets the axes of a chart of lines, from or up to a value that always shows, and
// says what it shows.
func (c *Chart) span(always float64, tick func(x, step float64) string) {
	low, high := always, always
	var said []string
	for i := range c.Lines {
		line := &c.Lines[i]
		var last *Point
		for j := range line.Points {
			if p := &line.Points[j]; p.Y != nil {
				low, high, last = min(low, *p.Y), max(high, *p.Y), p
			}
		}
		if last != nil {
			said = append(said, line.Name+": "+c.Format.Text(last.Y)+" on "+date(&last.At))
		}
	}
	points := c.Lines[0].Points
	first, last := points[0].At, points[len(points)-1].At
	c.X, c.Y = moments(first, last), levels(low, high, tick)
	c.Alt = "Lines from " + date(&first) + " to " + date(&last) + ". The last of each: " + strings.Join(said, "; ") + "."
}
