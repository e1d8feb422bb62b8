package xlsx

import (
	"github.com/vaultperf/vaultperf/report/view"
)

// table writes all rows of a table, and of its columns those that sheets show.
func (s *sheet) table(t *view.Table) {
	if t.Title != "" {
		s.heading(t.Title)
	}
	if t.Before != "" {
		s.line(rowHeight, s.text(plain, t.Before))
	}
	var columns []column
	for i := range t.Columns {
		if c := &t.Columns[i]; c.In != view.OnPages {
			head, cell := columnLooks(t.Shape, c, len(columns) == 0)
			columns = append(columns, column{c, i, head, cell})
		}
	}
	heads := make([]any, len(columns))
	for i, c := range columns {
		heads[i] = s.named(c.head, c.SheetHead(), i+1, c.Is)
	}
	s.line(t.Height, heads...)
	switch t.Shape {
	case view.Matrix:
		s.matrix(t)
	case view.Calendar:
		s.calendar(t)
	default:
		s.list(t, columns)
	}
}

// A column is one that the sheet shows.
type column struct {
	*view.Column
	cell       int // its place in the table's rows
	head, look look
}

// columnLooks are the looks of a column's head and cells.
func columnLooks(shape view.Shape, c *view.Column, first bool) (head, cell look) {
	head = header
	if c.Kind >= view.Ordinal && (!first || shape != view.Calendar) {
		head.align = "right"
		return head, plain
	}
	switch shape {
	case view.Listing, view.Crowded:
		cell = look{wrap: true}
		if first {
			return head, cell
		}
		cell.align, cell.indent = after.align, after.indent
	case view.Lexicon:
		return head, look{wrap: true, rule: "bottom", bold: first}
	case view.Files:
		switch {
		case c.Kind == view.Term:
			return head, plain
		case c.Kind == view.Code:
			cell = look{format: textFormat, size: 8, wrap: true, middle: true, align: after.align, indent: after.indent}
		case first:
			return head, look{wrap: true, middle: true}
		default:
			cell = look{wrap: true, middle: true, align: after.align, indent: after.indent}
		}
	case view.Plain:
		switch {
		case first:
			return head, plain.shrunk()
		case c.Kind == view.Code:
			cell = after.with(textFormat)
		default:
			cell = after
		}
	default:
		return head, plain
	}
	head.align, head.indent = after.align, after.indent
	return head, cell
}

// list writes rows that can be filtered, and are as high as their texts need.
func (s *sheet) list(t *view.Table, columns []column) {
	first := s.row
	wraps := false
	for _, c := range columns {
		wraps = wraps || c.look.wrap
	}
	for i := range t.Rows {
		cells := make([]any, len(columns))
		for j, c := range columns {
			cells[j] = s.listed(t.Shape, &columns[j], &t.Rows[i].Cells[c.cell])
		}
		if wraps {
			s.wrapped(cells...)
		} else {
			s.line(rowHeight, cells...)
		}
	}
	if !s.filtered { // a sheet has one filter
		s.filtered = true
		s.filter(first, len(columns), max(first, s.row))
	}
	if t.Words != "" {
		s.skip()
		s.line(rowHeight, s.text(plain, t.Words))
	}
}

// listed is one cell of a list; where a figure is undefined, the reason's words
// stand.
func (s *sheet) listed(shape view.Shape, column *column, c *view.Cell) any {
	l := column.look
	switch {
	case column.Kind < view.Ordinal:
		if c.Tone == view.Absent {
			return s.text(l, "")
		}
		return s.text(l, c.Long())
	case c.IsUndefined() && c.Tone == view.Why && !column.Blank:
		return s.why(l, c.Text)
	case c.Tone == view.Loss && shape == view.Plain:
		l.color = lossColor
	}
	return s.value(l.with(c.Code()), c)
}

// matrix writes figures by period, under facts about the periods.
func (s *sheet) matrix(t *view.Table) {
	for i := range t.Rows {
		r := &t.Rows[i]
		cells := make([]any, len(r.Cells))
		for j := range r.Cells {
			switch c := &r.Cells[j]; {
			case r.Soft:
				cells[j] = s.about(c, j == 0, r.Last)
			case j == 0:
				cells[j] = s.named(look{middle: true, rule: bottom(r.Last)}, c.Long(), 1, c.Is)
			default:
				cells[j] = s.figure(look{middle: true, rule: bottom(r.Last)}, c)
			}
		}
		s.line(rowHeight, cells...)
	}
	s.line(5)
	s.notes(t.Notes)
}

func bottom(last bool) string {
	if last {
		return "bottom"
	}
	return ""
}
