package view

import (
	"math"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
)

// What the signs after a month's or a year's return mean.
const (
	partNote   = "* Part of a month or year: from the vault's first price point, or to its last."
	longerNote = "† Longer than the month or year: from the last price point before those without one."
)

// monthsTable lays the calendar months out by year, coloured by size.
func (w *View) monthsTable(v *marts.Vault) *Table {
	t := &Table{
		ID: "months", Caption: "In percent: the last price point of each month against that of the month before.",
		Shape: Calendar, Height: 20, Columns: []Column{{Head: "Year", Is: w.column("annual_returns", "year", "Year"), Kind: Ordinal, Width: 9}},
	}
	month := w.column("monthly_returns", "total_return", "Return of a month")
	for m := time.January; m <= time.December; m++ {
		t.Columns = append(t.Columns, Column{Head: m.String()[:3], Is: month, Kind: Figure, Width: 10.5})
	}
	t.Columns = append(t.Columns, Column{Head: "Year", Sheet: "Whole year", Is: w.column("annual_returns", "total_return", "Return of a year"), Kind: Figure, Tone: Total, Width: 12})
	if len(v.Months) == 0 {
		t.Words = "There is no month to show."
		return t
	}
	for i := range v.Months {
		if x := v.Months[i].Return; x != nil {
			t.Largest = max(t.Largest, math.Abs(*x))
		}
	}
	c := calendar{why: &explained{data: w.data}, largest: t.Largest}
	first, last := v.Months[0].Month.Year(), v.Months[len(v.Months)-1].Month.Year()
	for year := last; year >= first; year-- {
		t.Rows = append(t.Rows, Row{Cells: c.year(v, year)})
	}
	t.Lead = len(t.Rows)
	if c.partial {
		t.Notes = append(t.Notes, Note{"", partNote})
	}
	if c.longer {
		t.Notes = append(t.Notes, Note{"", longerNote})
	}
	t.Notes = append(t.Notes, c.why.notes()...)
	return t
}

// A calendar remembers what its cells need explained.
type calendar struct {
	why             *explained
	largest         float64
	partial, longer bool
}

// year is the row of one year.
func (c *calendar) year(v *marts.Vault, year int) []Cell {
	n := int64(year)
	cells := []Cell{integer(&n, Integer)}
	for range 13 {
		cells = append(cells, Cell{Tone: Empty})
	}
	for i := range v.Months {
		if m := &v.Months[i]; m.Month.Year() == year {
			at := m.Month.Month()
			cells[at] = c.part(m.Return, m.Reason, m.IsPartial, m.SpansGap)
		}
	}
	for i := range v.Years {
		if y := &v.Years[i]; y.Year == year {
			cells[13] = c.part(y.Return, y.Reason, y.IsPartial, y.SpansGap)
			cells[13].Tone = Total
		}
	}
	return cells
}

// part is the return of a month or year; an asterisk marks a part of one, a dagger
// more than one.
func (c *calendar) part(x *float64, reason string, isPartial, spansGap bool) Cell {
	if x == nil {
		return c.why.reason(reason)
	}
	cell := Cell{Number: x, Format: Points, Tone: shade(*x, c.largest)}
	if isPartial {
		cell.Signs = "*"
		cell.Title = "part of the period"
		c.partial = true
	}
	if spansGap {
		cell.Signs += "†"
		cell.Title = strings.TrimPrefix(cell.Title+", longer than the period", ", ")
		c.longer = true
	}
	return cell
}

// shade is the colour of a return: up or down, 1 to 5 by its size.
func shade(x, largest float64) Tone {
	if x == 0 || largest == 0 {
		return Flat
	}
	level := Tone(min(Shades, 1+int(math.Abs(x)/largest*Shades)) - 1)
	if x < 0 {
		return down + level
	}
	return up + level
}

// monthsSheet is the same grid with all that its signs could mean.
func monthsSheet(months *Table) Sheet {
	t := *months
	t.Notes = []Note{
		{"", "Each figure is the last price point of the month over the last one before the month; the colour is its size, red for a loss."},
		{"", partNote},
		{"", longerNote},
	}
	for _, n := range months.Notes {
		if n.Term != "" {
			t.Notes = append(t.Notes, n)
		}
	}
	return Sheet{Name: "Monthly returns", Landscape: true, Frozen: 1, Widths: t.widths(), Blocks: []Block{&t}}
}
