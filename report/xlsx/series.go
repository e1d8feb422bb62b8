package xlsx

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/vaultperf/vaultperf/report/view"
)

// rows writes a series' heads, and lets its rows be written when the workbook is saved:
// excelize cuts a number off at fifteen digits, with which returns of a steady yield
// would keep too few for their deviation, and it holds a sheet twice.
func (s *sheet) rows(series *view.Series) {
	columns := make([]seriesColumn, len(series.Columns))
	heads := make([]any, len(columns))
	for i := range series.Columns {
		c := &series.Columns[i]
		head, cell := seriesLooks(c)
		columns[i] = s.seriesColumn(series, c, cell, i+1)
		heads[i] = s.named(head, c.Head, i+1, c.Is)
	}
	s.line(40, heads...)
	first := s.row + 1
	s.link(series, first)
	s.row += series.Len
	s.filter(1, len(columns), max(s.row, 1))
	s.asText(series)
	s.later[s.part()] = func(w io.Writer) error {
		r := rowWriter{w: w, columns: columns}
		for row := range series.Len {
			if err := r.write(row, first+row); err != nil {
				return fmt.Errorf("sheet %s: %w", s.name, err)
			}
		}
		return r.flush()
	}
}

// mostLinks is how many rows of a series lead outside: excelize compares each link with
// all others.
const mostLinks = 2000

// link lets cells lead outside.
func (s *sheet) link(series *view.Series, first int) {
	for i := range series.Columns {
		if of := series.Columns[i].Link; of != nil {
			for row := range min(series.Len, mostLinks) {
				s.outside(i+1, first+row, of(row))
			}
		}
	}
}

// part is the sheet's part of the archive.
func (s *sheet) part() string {
	for i := range s.Sheets {
		if s.Sheets[i].Name == s.name {
			return "xl/worksheets/sheet" + strconv.Itoa(i+1) + ".xml"
		}
	}
	return ""
}

// A seriesColumn is a series' column, and what its cells begin with.
type seriesColumn struct {
	*view.SeriesColumn
	letters     string
	style, text string // XML of a number's look and, where none can be shown, of a text's
	formula     []piece
}

func (s *sheet) seriesColumn(series *view.Series, c *view.SeriesColumn, l look, column int) seriesColumn {
	out := seriesColumn{SeriesColumn: c, letters: strings.TrimSuffix(at(column, 1), "1")}
	out.style = s.styleOf(l)
	if c.Whole != nil {
		l.align = "right"
	}
	out.text = s.styleOf(l.with(textFormat))
	if c.Text != nil {
		out.text = out.style
	}
	if c.Formula != "" {
		out.formula = s.pieces(series, c.Formula)
	}
	return out
}

// styleOf is a look as a cell's attribute.
func (s *sheet) styleOf(l look) string {
	id, err := s.style(l)
	s.try(err)
	return ` s="` + strconv.Itoa(id) + `"`
}

// A piece is a part of a formula: a text, then a cell in some row, if it has a column.
type piece struct {
	text   string // XML
	column string // with the sheet, if it is another
	offset int    // of the cell's row
}

// pieces reads a formula of a column once for all rows.
func (s *sheet) pieces(series *view.Series, formula string) []piece {
	var out []piece
	for {
		text, rest, found := strings.Cut(formula, "{")
		p := piece{text: escaped(text)}
		if !found {
			return append(out, p)
		}
		name, after, _ := strings.Cut(rest, "}")
		formula = after
		if i := strings.IndexAny(name, "+-"); i > 0 {
			n, err := strconv.Atoi(name[i:])
			s.try(err)
			name, p.offset = name[:i], n
		}
		of := series
		if id, column, isOther := strings.Cut(name, "."); isOther {
			name, of = column, s.ids[id]
		}
		if of == nil || of.Column(name) < 0 {
			s.try(fmt.Errorf("a formula knows no column %s", name))
			return nil
		}
		if of != series {
			p.column = "'" + s.series[of] + "'!"
		}
		p.column += strings.TrimSuffix(at(of.Column(name)+1, 1), "1")
		out = append(out, p)
	}
}

// A rowWriter writes rows as XML.
type rowWriter struct {
	w       io.Writer
	columns []seriesColumn
	b       []byte
}

// write writes a series' row, which is some row of the sheet.
func (r *rowWriter) write(row, number int) error {
	r.b = append(r.b, `<row r="`...)
	r.b = strconv.AppendInt(r.b, int64(number), 10)
	r.b = append(r.b, `" ht="15" customHeight="1">`...)
	for i := range r.columns {
		if err := r.cell(&r.columns[i], row, number); err != nil {
			return fmt.Errorf("row %d: %w", number, err)
		}
	}
	r.b = append(r.b, `</row>`...)
	if len(r.b) < 1<<16 {
		return nil
	}
	return r.flush()
}

func (r *rowWriter) flush() error {
	_, err := r.w.Write(r.b)
	r.b = r.b[:0]
	return err
}

func (r *rowWriter) cell(c *seriesColumn, row, number int) error {
	switch {
	case c.Text != nil:
		r.words(c, number, c.Text(row))
	case c.At != nil:
		r.moment(c, number, c.At(row))
	case c.Whole != nil:
		if n := c.Whole(row); n != nil && *n <= exact && *n >= -exact {
			r.begin(c, c.style, number)
			r.b = append(r.b, `><v>`...)
			r.b = strconv.AppendInt(r.b, *n, 10)
			r.b = append(r.b, `</v></c>`...)
		} else if n != nil {
			r.words(c, number, strconv.FormatInt(*n, 10))
		}
	default:
		return r.number(c, row, number)
	}
	return nil
}

// begin begins a cell.
func (r *rowWriter) begin(c *seriesColumn, style string, number int) {
	r.b = append(r.b, `<c r="`...)
	r.b = append(r.b, c.letters...)
	r.b = strconv.AppendInt(r.b, int64(number), 10)
	r.b = append(r.b, '"')
	r.b = append(r.b, style...)
}

// words writes a text, stored as text so that no first character makes a formula of it.
func (r *rowWriter) words(c *seriesColumn, number int, text string) {
	if text == "" {
		return
	}
	r.begin(c, c.text, number)
	r.b = append(r.b, ` t="inlineStr"><is><t>`...)
	r.b = append(r.b, escapedCell(text)...)
	r.b = append(r.b, `</t></is></c>`...)
}

// moment writes a time, as text where a spreadsheet knows no such time.
func (r *rowWriter) moment(c *seriesColumn, number int, t *time.Time) {
	if t == nil {
		return
	}
	if !isTime(*t) {
		r.words(c, number, view.Second.Moment(t))
		return
	}
	r.begin(c, c.style, number)
	r.b = append(r.b, `><v>`...)
	r.b = strconv.AppendFloat(r.b, serial(*t), 'f', -1, 64)
	r.b = append(r.b, `</v></c>`...)
}

// number writes a figure with all its digits, and its formula; nil is a blank cell.
func (r *rowWriter) number(c *seriesColumn, row, number int) error {
	x := c.Number(row)
	if x == nil {
		return nil
	}
	if math.IsNaN(*x) || math.IsInf(*x, 0) {
		return fmt.Errorf("%v is not a number a workbook can hold", *x)
	}
	r.begin(c, c.style, number)
	r.b = append(r.b, '>')
	if c.formula != nil && row >= c.From {
		r.b = append(r.b, `<f>`...)
		for i := range c.formula {
			p := &c.formula[i]
			r.b = append(r.b, p.text...)
			if p.column != "" {
				r.b = append(r.b, p.column...)
				r.b = strconv.AppendInt(r.b, int64(number+p.offset), 10)
			}
		}
		r.b = append(r.b, `</f>`...)
	}
	r.b = append(r.b, `<v>`...)
	r.b = strconv.AppendFloat(r.b, *x+0, 'g', -1, 64)
	r.b = append(r.b, `</v></c>`...)
	return nil
}

// escapedCell makes a text fit for a cell's XML, in which "_x0041_" would be an "A".
func escapedCell(text string) string {
	plain := true
	for i := range len(text) {
		c := text[i]
		plain = plain && c >= ' ' && c < 0x7f && c != '<' && c != '>' && c != '&' && c != '"' && c != '\'' && c != '_'
	}
	if plain {
		return text
	}
	return strings.ReplaceAll(escaped(text), "_x", "_x005F_x")
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

// cells names the rows of a series' column from one to another, counted from 0.
func (b *book) cells(series *view.Series, column, from, to int) string {
	return fmt.Sprintf("'%s'!$%s:$%s", b.series[series], fixed(column+1, from+2), fixed(column+1, to+2))
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

// spliced passes a sheet's XML on, with rows before the end of its data.
type spliced struct {
	held bytes.Buffer
	rows func(io.Writer) error
}

var endOfRows = []byte("</sheetData>")

// to writes the whole sheet.
func (s *spliced) to(w io.Writer) error {
	before, after, found := bytes.Cut(s.held.Bytes(), endOfRows)
	if !found {
		return &xml.SyntaxError{Msg: "a sheet has no end of its rows"}
	}
	if _, err := w.Write(before); err != nil {
		return err
	}
	if err := s.rows(w); err != nil {
		return err
	}
	if _, err := w.Write(endOfRows); err != nil {
		return err
	}
	_, err := w.Write(after)
	return err
}
