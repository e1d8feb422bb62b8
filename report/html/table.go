package html

import (
	"html/template"
	"strconv"
	"strings"

	"github.com/vaultperf/vaultperf/report/view"
)

// A table is a view's, its texts ready to print.
type table struct {
	Caption string
	Class   string
	Head    []cell
	Rows    []row
	Notes   []view.Note
	Words   string
}

// A row begins with its heading.
type row struct {
	Head  cell
	Cells []cell
	Span  int // above 0: a heading over the rows below, this wide
}

// A cell is one text; Title explains it on hover, Class styles it, Sort orders it.
type cell struct {
	Text  string
	Title string
	Class string
	Sort  string
	Link  string
	Small string // a second line
	Kind  string // of a sortable table: text, number, trend or status
	Spark template.HTML
}

// tableClasses style the shapes of tables.
var tableClasses = map[view.Shape]string{
	view.Crowded: "many", view.Calendar: "months", view.Lexicon: "prose", view.Files: "roomy",
}

// toneClasses style the tones.
var toneClasses = map[view.Tone]string{
	view.Loss: "loss", view.Why: "why", view.Good: "good", view.Mild: "mild", view.Bad: "bad", view.Hash: "code",
	view.Total: "total", view.Empty: "empty", view.Flat: "flat",
}

// class styles a cell by what its column holds and by its tone.
func class(kind view.Kind, tone view.Tone) string {
	name, number := toneClasses[tone], kind == view.Figure || kind == view.Moment
	if level, ok := tone.Up(); ok {
		name = "up" + strconv.Itoa(level)
	} else if level, ok := tone.Down(); ok {
		name = "down" + strconv.Itoa(level)
	}
	switch {
	case !number:
		return name
	case name == "":
		return "n"
	}
	return "n " + name
}

// newTable takes the columns and rows that a page shows.
func newTable(t *view.Table) *table {
	out := &table{Caption: t.Caption, Class: tableClasses[t.Shape], Notes: t.Notes, Words: t.Words}
	sortable := t.Shape == view.Sortable
	for i := range t.Columns {
		if c := &t.Columns[i]; c.In != view.OnSheets {
			out.Head = append(out.Head, newHead(c, i == 0, sortable))
		}
	}
	for i := range t.Rows[:t.Lead] {
		r := &t.Rows[i]
		if r.Group != "" {
			out.Rows = append(out.Rows, row{Head: cell{Text: r.Group}, Span: len(out.Head)})
			continue
		}
		cells := make([]cell, 0, len(out.Head))
		for j := range r.Cells {
			if c := &t.Columns[j]; c.In != view.OnSheets {
				cells = append(cells, newCell(c, &r.Cells[j], sortable))
			}
		}
		out.Rows = append(out.Rows, row{Head: cells[0], Cells: cells[1:]})
	}
	return out
}

func newHead(c *view.Column, first, sortable bool) cell {
	head := cell{Text: c.Head, Title: c.Title}
	if !first {
		head.Class = class(c.Kind, c.Tone)
	}
	if sortable {
		head.Kind = sortKind(c.Kind)
	}
	return head
}

// sortKind is what a sortable column holds.
func sortKind(k view.Kind) string {
	switch k {
	case view.Figure:
		return "number"
	case view.Trend:
		return "trend"
	default:
		return "text"
	}
}

func newCell(c *view.Column, v *view.Cell, sortable bool) cell {
	out := cell{Text: v.String(), Title: v.Explained(), Class: class(c.Kind, v.Tone), Small: v.Small}
	if !sortable {
		return out
	}
	out.Sort = v.SortKey()
	if v.Link != "" {
		out.Link = v.Link + "/report.html"
	}
	if c.Kind == view.Trend {
		out.Kind, out.Spark = "trend", spark(v.Spark)
	}
	if c.Kind == view.Status {
		out.Kind = "status"
	}
	return out
}

// Sparkline's size in its own units.
const (
	sparkWidth  = 120
	sparkHeight = 28
)

// spark draws prices as a line of an inline SVG; it holds nothing but numbers.
func spark(prices []view.Point) template.HTML {
	if len(prices) < 2 {
		return ""
	}
	low, high := *prices[0].Y, *prices[0].Y
	for _, p := range prices {
		low, high = min(low, *p.Y), max(high, *p.Y)
	}
	first := prices[0].At
	life := prices[len(prices)-1].At.Sub(first).Seconds()
	var b strings.Builder
	b.WriteString(`<svg class="spark" viewBox="0 0 120 28" width="120" height="28" aria-hidden="true"><polyline points="`)
	for i, p := range prices {
		x, y := 0.0, sparkHeight/2.0
		if life > 0 {
			x = p.At.Sub(first).Seconds() / life * sparkWidth
		}
		if high > low {
			y = sparkHeight - 2 - (*p.Y-low)/(high-low)*(sparkHeight-4)
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.FormatFloat(x, 'f', 1, 64) + "," + strconv.FormatFloat(y, 'f', 1, 64))
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String())
}
