package xlsx

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/vaultperf/vaultperf/report/view"
)

// exact is the largest whole number below which a spreadsheet keeps every digit.
const exact = 1 << 53

func (s *sheet) cell(l look, value any) excelize.Cell {
	id, err := s.style(l)
	s.try(err)
	return excelize.Cell{StyleID: id, Value: value}
}

// text is a text. It is stored as text, so that no first character makes a formula
// of it; an empty one is a blank cell.
func (s *sheet) text(l look, text string) excelize.Cell {
	if text == "" {
		return s.cell(l, nil)
	}
	return s.cell(l, text)
}

// named is a figure's name, which leads to its definition and shows its first words.
func (s *sheet) named(l look, text string, column int, is *view.Definition) excelize.Cell {
	if is == nil || s.defined[is.ID] == "" || s.err != nil {
		return s.text(l, text)
	}
	tip := []rune(is.Text + " Unit: " + is.Unit + ".")
	if len(tip) > longestTip {
		tip = append(tip[:longestTip-1], '…')
	}
	words := string(tip)
	s.try(s.file.SetCellHyperLink(s.name, at(column, s.row+1), s.defined[is.ID], "Location", excelize.HyperlinkOpts{Tooltip: &words}))
	return s.text(l, text)
}

// longestTip is as much as a spreadsheet shows of a cell that is pointed at.
const longestTip = 250

// define finds the rows of a table of definitions, which begins on the first row of its
// sheet.
func (b *book) define(sheet string, t *view.Table) {
	if t.Shape != view.Lexicon {
		return
	}
	for i := range t.Rows {
		if is := t.Rows[i].Cells[0].Is; is != nil {
			b.defined[is.ID] = fmt.Sprintf("'%s'!%s", sheet, at(1, i+2))
		}
	}
}

// value is what a view's cell holds, blank where it is undefined.
func (s *sheet) value(l look, c *view.Cell) excelize.Cell {
	switch {
	case c.Number != nil:
		return s.number(l, c.Number)
	case c.Whole != nil:
		return s.integer(l, *c.Whole)
	}
	return s.moment(l, c.At)
}

// figure is what a view's cell holds or, in its place, the reason's words: then a
// sum that uses the cell fails, where a blank cell would count as zero.
func (s *sheet) figure(l look, c *view.Cell) excelize.Cell {
	if c.IsUndefined() {
		return s.why(l, c.Text)
	}
	l.format, l.align, l.shrink = c.Code(), "right", true
	if c.Tone == view.Loss {
		l.color = lossColor
	}
	if c.Tone == view.Void {
		l.color, l.strike = softColor, true
	}
	return s.value(l, c)
}

// why is the words of a reason, in the place of a figure.
func (s *sheet) why(l look, words string) excelize.Cell {
	r := reason
	r.fill, r.rule, r.middle = l.fill, l.rule, l.middle
	return s.text(r, words)
}

// about is a cell of a row that says something of the columns.
func (s *sheet) about(c *view.Cell, first, last bool) excelize.Cell {
	l := look{color: softColor, rule: bottom(last)}
	switch {
	case first:
		l.size = soft.size
		return s.named(l, c.Long(), 1, c.Is)
	case c.Format.IsTime():
		l.align = "right"
	}
	return s.value(l.with(c.Code()), c)
}

// number is a figure; nil is a blank cell.
func (s *sheet) number(l look, x *float64) excelize.Cell {
	if x == nil {
		return s.cell(l, nil)
	}
	if math.IsNaN(*x) || math.IsInf(*x, 0) {
		s.try(fmt.Errorf("row %d: %v is not a number a workbook can hold", s.row+1, *x))
		return excelize.Cell{}
	}
	return s.cell(l, fifteen(*x))
}

// fifteen rounds to the fifteen digits a spreadsheet works with. excelize would
// cut the others off. A negative zero loses its sign.
func fifteen(x float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 14, 64), 64)
	if err != nil {
		return x + 0 // beyond the largest number by rounding: cut off is right
	}
	return rounded + 0
}

// integer is a whole number, as text where a spreadsheet would round it.
func (s *sheet) integer(l look, n int64) excelize.Cell {
	if n > exact || n < -exact {
		l.format, l.align = textFormat, "right"
		return s.cell(l, strconv.FormatInt(n, 10))
	}
	return s.cell(l, n)
}

// moment is a time, in UTC.
func (s *sheet) moment(l look, t *time.Time) excelize.Cell {
	if t == nil {
		return s.cell(l, nil)
	}
	if !isTime(*t) {
		return s.text(l.with(textFormat), view.Second.Moment(t))
	}
	return s.cell(l, t.UTC())
}

// isTime says whether a spreadsheet knows a time: from 1 March 1900 to the end of 9999.
func isTime(t time.Time) bool {
	x := serial(t)
	return x >= 61 && x < 2958466
}

// serial is the days since the end of 1899 by which a spreadsheet knows a time.
func serial(t time.Time) float64 {
	const day = 24 * 60 * 60
	seconds := t.Unix()
	days := seconds / day
	if seconds < 0 {
		days--
	}
	rest := float64(seconds-days*day) + float64(t.Nanosecond())/1e9
	return float64(days) + 25569 + rest/day
}

// formula is a formula of ours, with the value that was computed for it here.
func (s *sheet) formula(l look, formula string, value any) excelize.Cell {
	if x, ok := value.(float64); ok {
		c := s.number(l, &x)
		c.Formula = formula
		return c
	}
	c := s.cell(l, value)
	c.Formula = formula
	return c
}
