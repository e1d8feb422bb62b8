package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/report/marts"
)

// A Comparison is what a reader needs to set vaults of their own choice side by side:
// of each vault that has a page its weekly closes and its figures. What follows from a
// choice (growth from a common week, drawdowns, correlations) is computed where it is
// made.
type Comparison struct {
	AsOf     string
	Intro    string
	Weeks    []string // the last day of each week, the oldest first
	Vaults   []Compared
	Figures  *Table // the rows' heads; their cells are the vaults'
	Growth   *Chart // without points: they are those of a choice
	Drawdown *Chart // as Growth
	Common   string // caption of the table of what all chosen weeks give
	Pairs    string // caption of the table of correlations
	Least    int    // returns in common that a correlation needs
	Most     int    // vaults that can be compared at once
	Chapters []Chapter
}

// A Compared is one vault that can be chosen.
type Compared struct {
	ID     string // the folder of its report, and its name in an address
	Name   string
	Small  string // tells it apart from others of its name
	Asset  string
	Badge  Badge
	Source string     // what the config says of its price files, or empty
	Closes []*float64 // as marts.Vault has them
	Cells  []Cell     // one for each row of Figures that is no group
}

const (
	mostCompared  = 8  // at once
	leastInCommon = 12 // returns: of fewer than a quarter's weeks one decides the correlation
	weeklyCloses  = "of weekly closes"
)

// comparedPeriods are the groups of the table of figures.
var comparedPeriods = []string{"30d", "90d", "365d", "itd"}

// Comparison prepares the comparison of the vaults that have a page.
func (w *View) Comparison() *Comparison {
	week := "A week ends with a " + w.data.AsOf.UTC().Weekday().String() + ", the weekday of the as-of day, at 24:00 UTC; its close is its last price."
	first, last := w.data.WeekEnd(0), w.data.WeekEnd(marts.Weeks-1)
	c := &Comparison{
		AsOf:     date(&w.data.AsOf),
		Intro:    fmt.Sprintf("Two to %s vaults side by side, each in its own asset: growth, drawdowns and correlation %s from %s to %s, and the figures of their reports.", inLetters(mostCompared), weeklyCloses, date(&first), date(&last)),
		Growth:   &Chart{ID: "growth", Title: "Growth of 1", Format: Price},
		Drawdown: &Chart{ID: "below", Title: "Drawdown of weekly closes", Format: Percent, Words: "No drawdown: no close is below an earlier one."},
		Common:   "From the first week in which all chosen vaults have a close. Figures " + weeklyCloses + ": a fall that is made up for within a week is not in them.",
		Pairs:    fmt.Sprintf("Correlation of the weekly returns of each two vaults, and of how many. Only weeks in which both have a close, and had one the week before, count; under %d of them there is none.", leastInCommon),
		Least:    leastInCommon,
		Most:     mostCompared,
	}
	for i := range marts.Weeks {
		end := w.data.WeekEnd(i)
		c.Weeks = append(c.Weeks, date(&end))
	}
	why := &explained{data: w.data}
	c.Figures = w.comparedFigures()
	for _, v := range w.data.Vaults {
		if v.HasPage {
			c.Vaults = append(c.Vaults, w.compared(v, why))
		}
	}
	chapters := []Chapter{{{ID: "figures", Title: "Figures by period", Blocks: rowsOf(c.Figures)}}}
	notes := []Note{
		{"Weekly closes", week + " A week without a price point is a gap in the line, and the returns into it and out of it are left out. Shown are the last " + count(marts.Weeks) + " weeks."},
		{"Growth of 1", "What 1 in each vault's own asset has become since the first week in which all chosen vaults have a close. Vaults of different assets are not converted: what their assets did against each other is not in it."},
		{"Drawdown", "How far a close stands below the highest since that week. The drawdowns of the reports are of all price points, and so at least as deep over the same time."},
		{"Correlation", "Pearson's, of the simple returns from one week's close to the next. Figures of daily returns differ."},
		{"Figures by period", "The figures of the vaults' own reports, made of all price points and not of weekly closes. Each period ends at the vault's own last price point, which for a vault that ended is earlier than for the others. Volatility and the Sharpe ratio are by the year; an APY stands where the period can have a year."},
	}
	if slices.ContainsFunc(c.Vaults, func(v Compared) bool { return v.Badge.Tone == Bad }) {
		notes = append(notes, Note{"Not ranked", "Vaults whose figures are no result can be compared, and keep their badge; struck out is a rate that nobody can have."})
	}
	c.Chapters = []Chapter{{
		w.glossary().section(chapters),
		{ID: "notes", Title: "How to read this", Blocks: []Block{&Terms{
			Notes: append(notes, why.notes()...),
			Closing: "Made by vaultperf " + clean(w.opt.Version, 80) +
				". Past performance does not say what will come. Figures are not audited; this page is not an offer.",
		}}},
	}}
	return c
}

// inLetters writes a small whole number as a word.
func inLetters(n int) string {
	return strings.Fields("zero one two three four five six seven eight nine ten")[n]
}

// comparedMetrics are those of a period; of one that cannot have a year none is an APY.
func (w *View) comparedMetrics(period string) []marts.Metric {
	names := []string{"total_return", "apy", "volatility", headlineSharpe, "max_drawdown"}
	if period == "30d" || period == "90d" {
		names = slices.DeleteFunc(names, func(name string) bool { return name == "apy" })
	}
	out := make([]marts.Metric, len(names))
	for i, name := range names {
		out[i] = w.metric(name)
	}
	return out
}

// comparedFigures are the rows of the table of figures, without cells.
func (w *View) comparedFigures() *Table {
	t := &Table{
		ID: "figures", Caption: "Figures of the vaults' reports, of all price points; each period ends at the vault's own last price point.",
		Columns: []Column{{Head: "Figure"}},
	}
	for _, period := range comparedPeriods {
		t.Rows = append(t.Rows, Row{Group: periodLabel(period)},
			Row{Cells: []Cell{{Text: "Days", Is: w.column("performance", "elapsed_days", "Days")}}})
		for _, m := range w.comparedMetrics(period) {
			t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: w.metricLabel(m), Is: w.defined(m)}}})
		}
	}
	t.Lead = len(t.Rows)
	return t
}

func (w *View) compared(v *marts.Vault, why *explained) Compared {
	c := Compared{
		ID: v.Slug, Name: displayName(v), Small: middle(v.ID, 20) + " · " + chainLabel(v.ChainID), Asset: symbol(v),
		Badge: badges(v)[0], Source: clean(v.SourceNote, 100), Closes: v.Closes,
	}
	for _, period := range comparedPeriods {
		var days *float64
		if p := v.Period(period); p != nil {
			days = p.ElapsedDays
		}
		c.Cells = append(c.Cells, orDash(days, Days))
		for _, m := range w.comparedMetrics(period) {
			cell := why.of(v, m, v.Value(period, m.Name))
			if m.Name == "apy" && cell.Number != nil && days != nil && *days < 364.5 {
				cell.Small = "annualised from " + inDays(days)
			}
			c.Cells = append(c.Cells, cell)
		}
	}
	return c
}
