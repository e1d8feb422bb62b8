package report

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// shades is how many strengths a gain's or a loss's colour has.
const shades = 5

// What the signs beside a month's or a year's return mean.
const (
	partNote   = "* Part of a month or year: from the vault's first mark, or to its last."
	longerNote = "† Longer than the month or year: from the last mark before those without one."
)

// monthsTable lays the calendar months out by year, coloured by size.
func (d *Data) monthsTable(v *Vault) table {
	t := table{ID: "months", Caption: "In percent: the last mark of each month against the last mark of the month before.", Class: "months", Head: []cell{words("Year")}}
	if len(v.Months) == 0 {
		t.Words = "There is no month to show."
		return t
	}
	for month := time.January; month <= time.December; month++ {
		t.Head = append(t.Head, number(month.String()[:3]))
	}
	t.Head = append(t.Head, cell{Text: "Year", Class: "n total"})

	why := &explained{data: d}
	largest := largestMonth(v.Months)
	partial, longer := false, false
	show := func(x *float64, reason string, isPartial, spansGap bool) cell {
		if x == nil {
			return why.reason(reason)
		}
		c := cell{Text: PercentPoints(x), Class: "n " + shade(*x, largest)}
		if isPartial {
			c.Text += "*"
			c.Title = "part of the period"
			partial = true
		}
		if spansGap {
			c.Text += "†"
			c.Title = strings.TrimPrefix(c.Title+", longer than the period", ", ")
			longer = true
		}
		return c
	}
	rows := map[int]*row{}
	for first, last := v.Months[0].Month.Year(), v.Months[len(v.Months)-1].Month.Year(); last >= first; last-- {
		t.Rows = append(t.Rows, row{Head: words(strconv.Itoa(last)), Cells: make([]cell, 13)})
	}
	for i := range t.Rows {
		for m := range t.Rows[i].Cells {
			t.Rows[i].Cells[m].Class = "n empty"
		}
		year, _ := strconv.Atoi(t.Rows[i].Head.Text)
		rows[year] = &t.Rows[i]
	}
	for _, m := range v.Months {
		if r := rows[m.Month.Year()]; r != nil {
			r.Cells[m.Month.Month()-1] = show(m.Return, m.Reason, m.IsPartial, m.SpansGap)
		}
	}
	for _, y := range v.Years {
		if r := rows[y.Year]; r != nil {
			r.Cells[12] = show(y.Return, y.Reason, y.IsPartial, y.SpansGap)
			r.Cells[12].Class = "n total"
		}
	}
	if partial {
		t.Notes = append(t.Notes, note{"", partNote})
	}
	if longer {
		t.Notes = append(t.Notes, note{"", longerNote})
	}
	t.Notes = append(t.Notes, why.notes()...)
	return t
}

func largestMonth(months []Month) float64 {
	largest := 0.0
	for _, m := range months {
		if m.Return != nil {
			largest = max(largest, math.Abs(*m.Return))
		}
	}
	return largest
}

// shade names the colour of a return: up or down, 1 to 5 by its size.
func shade(x, largest float64) string {
	if x == 0 || largest == 0 {
		return "flat"
	}
	level := strconv.Itoa(min(shades, 1+int(math.Abs(x)/largest*shades)))
	if x < 0 {
		return "down" + level
	}
	return "up" + level
}
