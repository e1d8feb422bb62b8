package report

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
)

// exact is the largest whole number below which a spreadsheet keeps every digit.
const exact = 1 << 53

// longestText is as much of a stranger's text as a cell is given; a cell could
// hold 32,767 characters.
const longestText = 2000

func (s *sheet) cell(l look, value any) excelize.Cell {
	id, err := s.style(l)
	s.try(err)
	return excelize.Cell{StyleID: id, Value: value}
}

// label is a text of ours.
func (s *sheet) label(l look, text string) excelize.Cell {
	if text == "" {
		return s.cell(l, nil)
	}
	return s.cell(l, text)
}

// text is anyone's text. It is stored as text, so that no first character makes
// a formula of it.
func (s *sheet) text(l look, text string) excelize.Cell {
	return s.label(l, Text(text, longestText))
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
	x := serial(*t)
	if x < 61 || x >= 2958466 { // 1 March 1900 to the end of 9999
		return s.label(l.with(textFormat), DateTime(t))
	}
	return s.cell(l, t.UTC())
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

// value is a metric's number or, in its place, the reason's words: then a sum
// that uses the cell fails, where a blank cell would count as zero.
func (s *sheet) value(l look, m Metric, v Value) excelize.Cell {
	if v.Number == nil {
		return s.why(l, v.Reason)
	}
	l.format, l.align, l.shrink = m.format(*v.Number), "right", true
	if *v.Number < 0 && m.Unit != "ratio" {
		l.color = lossColor
	}
	return s.number(l, v.Number)
}

// why is the words of a reason, in the place of a figure.
func (s *sheet) why(l look, code string) excelize.Cell {
	r := reason
	r.fill, r.rule, r.middle = l.fill, l.rule, l.middle
	if code == "" {
		return s.label(r, Dash)
	}
	return s.text(r, Words(code))
}
