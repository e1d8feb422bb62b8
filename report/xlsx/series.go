package xlsx

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/vaultperf/vaultperf/report/view"
)

// rows writes a series, one row after the other.
func (s *sheet) rows(series *view.Series) {
	columns := make([]seriesColumn, len(series.Columns))
	heads := make([]any, len(columns))
	for i := range series.Columns {
		c := &series.Columns[i]
		head, cell := seriesLooks(c)
		columns[i] = seriesColumn{SeriesColumn: c, look: cell}
		if c.HighestOf != "" {
			columns[i].highestOf = series.Column(c.HighestOf) + 1
		}
		heads[i] = s.named(head, c.Head, i+1, c.Is)
	}
	s.line(40, heads...)
	cells := make([]any, len(columns))
	for row := range series.Len {
		for i := range columns {
			cells[i] = s.seriesCell(&columns[i], i+1, row)
		}
		s.line(rowHeight, cells...)
	}
	s.filter(1, len(columns), max(s.row, 1))
	s.asText(series)
}

// A seriesColumn is a series' column and how its cells look.
type seriesColumn struct {
	*view.SeriesColumn
	look      look
	highestOf int // column of the sheet, from 1; 0: none
}

func seriesLooks(c *view.SeriesColumn) (head, cell look) {
	head = header
	switch {
	case c.Soft:
		cell = soft
	case c.Left:
		cell = look{align: "left", format: c.Code}
	case c.Kind == view.Term:
		head.align, head.indent = after.align, after.indent
		cell = after
	case c.Kind == view.Code:
		head.align = "right"
		cell = look{align: "right", format: c.Code}
	default:
		head.align = "right"
		cell = look{format: c.Code}
	}
	return head, cell
}

func (s *sheet) seriesCell(c *seriesColumn, column, row int) any {
	switch {
	case c.Text != nil:
		return s.text(c.look, c.Text(row))
	case c.At != nil:
		return s.moment(c.look, c.At(row))
	case c.Whole != nil:
		if n := c.Whole(row); n != nil {
			return s.integer(c.look, *n)
		}
		return s.cell(plain, nil)
	}
	cell := s.number(c.look, c.Number(row))
	if c.highestOf > 0 && row > 0 { // the row is not written yet
		cell.Formula = fmt.Sprintf("MAX(%s,%s)", at(column, s.row), at(c.highestOf, s.row+1))
	}
	return cell
}

// asText says of the columns of exact integers that their numbers are text on
// purpose.
func (s *sheet) asText(series *view.Series) {
	from, to := 0, 0
	for i, c := range series.Columns {
		if c.Exact {
			if from == 0 {
				from = i + 1
			}
			to = i + 1
		}
	}
	if s.err == nil && from > 0 {
		s.try(s.file.AddIgnoredErrors(s.name, at(from, 2)+":"+at(to, max(2, s.row)), excelize.IgnoredErrorsNumberStoredAsText))
	}
}

// cells names the rows of a series' column, counted from 0, without the first skip
// of them.
func (b *book) cells(series *view.Series, column, skip int) string {
	return fmt.Sprintf("'%s'!$%s:$%s", b.series[series], fixed(column+1, skip+2), fixed(column+1, series.Len+1))
}

// cellAt names one cell of a series' column; row -1 is its head.
func (b *book) cellAt(series *view.Series, column, row int) string {
	return fmt.Sprintf("'%s'!$%s", b.series[series], fixed(column+1, row+2))
}

// fixed is a cell's name without its first "$": fixed(2, 3) is "B$3".
func fixed(column, row int) string {
	name := at(column, row)
	digits := strconv.Itoa(row)
	return strings.TrimSuffix(name, digits) + "$" + digits
}
