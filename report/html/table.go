package html

import (
	"html/template"
	"strconv"
	"strings"

	"github.com/vaultperf/vaultperf/report/view"
)

// A table is a view's, its texts ready to print.
type table struct {
	ID      string // of a sortable one
	Caption string
	Class   string
	Head    []head
	Rows    []row
	Notes   []view.Note
	Words   string
	Facets  string // of a sortable one: what its rows can be filtered by, separated by tabs
}

// A row begins with its heading.
type row struct {
	Head   cell
	Cells  []cell
	Span   int    // above 0: a heading over the rows below, this wide
	Facets string // as the table's
}

// A cell is one text; Is and Title explain it on hover, Class styles it, Sort orders it.
type cell struct {
	Text  string
	Is    string // the id of the definition of its row
	Title string
	Class string
	Sort  string
	Link  string
	Small string // a second line

	// Of a sortable table a cell may be a line or a badge.
	IsTrend, IsBadge bool
	Spark            template.HTML
}

// A head is a column's; Is the id of its definition; Kind is what a sortable one is
// sorted by: text, number, or nothing where it holds a line.
type head struct {
	Text, Is, Small, Class, Kind string
	Filter                       bool // rows can be filtered by its cells
}

// tableClasses style the shapes of tables.
var tableClasses = map[view.Shape]string{
	view.Crowded: "many", view.Calendar: "months", view.Lexicon: "prose", view.Files: "roomy", view.Tree: "tree",
}

// toneClasses style the tones.
var toneClasses = [view.Tones]string{
	view.Loss: "loss", view.Why: "why", view.Good: "good", view.Mild: "mild", view.Bad: "bad", view.Hash: "code",
	view.Total: "total", view.Empty: "empty", view.Flat: "flat", view.Void: "void",
}

// textClasses and figureClasses style cells by what their columns hold and by their
// tones.
var textClasses, figureClasses = classes()

func classes() (text, figure [view.Tones]string) {
	for tone := range view.Tones {
		name := toneClasses[tone]
		if level, ok := tone.Up(); ok {
			name = "up" + strconv.Itoa(level)
		} else if level, ok := tone.Down(); ok {
			name = "down" + strconv.Itoa(level)
		}
		text[tone], figure[tone] = name, strings.TrimSuffix("n "+name, " ")
	}
	return text, figure
}

func class(kind view.Kind, tone view.Tone) string {
	if kind == view.Figure || kind == view.Moment {
		return figureClasses[tone]
	}
	return textClasses[tone]
}

// newTable takes the columns and rows that a page shows.
func newTable(t *view.Table) *table {
	out := &table{Caption: t.Caption, Class: tableClasses[t.Shape], Notes: t.Notes, Words: t.Words}
	for i := range t.Columns {
		if c := &t.Columns[i]; c.In != view.OnSheets {
			out.Head = append(out.Head, newHead(c, i == 0))
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
				cells = append(cells, newCell(c, &r.Cells[j]))
			}
		}
		out.Rows = append(out.Rows, row{Head: cells[0], Cells: cells[1:]})
	}
	return out
}

// newSortable is the same of a table whose rows can be sorted.
func newSortable(t *view.Table) *table {
	out := &table{ID: t.ID, Caption: t.Caption, Facets: strings.Join(t.Facets, "\t")}
	for i := range t.Columns {
		h := newHead(&t.Columns[i], i == 0)
		switch t.Columns[i].Kind {
		case view.Trend:
		case view.Figure:
			h.Kind = "number"
		default:
			h.Kind = "text"
		}
		out.Head = append(out.Head, h)
	}
	for i := range t.Rows {
		cells := make([]cell, 0, len(t.Columns))
		for j := range t.Rows[i].Cells {
			v := &t.Rows[i].Cells[j]
			c := newCell(&t.Columns[j], v)
			c.Sort = v.SortKey()
			if v.Entry != nil && v.Entry.Link != "" {
				c.Link = v.Entry.Link + "/report.html"
			}
			switch t.Columns[j].Kind {
			case view.Trend:
				c.IsTrend, c.Spark = true, spark(v.Entry.Spark)
			case view.Status:
				c.IsBadge = true
			default:
			}
			cells = append(cells, c)
		}
		out.Rows = append(out.Rows, row{Head: cells[0], Cells: cells[1:], Facets: strings.Join(t.Rows[i].Facets, "\t")})
	}
	return out
}

func newHead(c *view.Column, first bool) head {
	h := head{Text: c.Head, Is: id(c.Is), Small: c.Small, Filter: c.Filter}
	if !first {
		h.Class = class(c.Kind, c.Tone)
	}
	return h
}

func newCell(c *view.Column, v *view.Cell) cell {
	out := cell{Text: v.String(), Is: id(v.Is), Title: v.Explained(), Class: class(c.Kind, v.Tone), Small: v.Small}
	if v.Level > 0 {
		out.Class = strings.TrimSpace("below l" + strconv.Itoa(v.Level) + " " + out.Class)
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
