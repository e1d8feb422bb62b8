package report

import (
	"cmp"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"
)

// The colours of the page.
const (
	inkColor   = "14181F"
	softColor  = "5B6472"
	lineColor  = "C9CED6"
	faintColor = "EEF1F5"
	lossColor  = "A83A1A"
	goodColor  = "1C6B4A"
	warnColor  = "FDF3DC"
	priceColor = "1F4E8C"
	fallColor  = "BE4822"
)

// A look is how a cell is shown.
type look struct {
	format string  // number format; empty: as it comes
	size   float64 // 10 if zero
	bold   bool
	italic bool
	wrap   bool
	shrink bool   // rather than "####" or a cut text
	color  string // inkColor if empty
	fill   string
	align  string
	indent int    // of a text that follows a number
	middle bool   // a text that wraps is else at the top
	rule   string // a line at its top or bottom, or all round: box
}

// Number formats that never change. Excel reads them as US English and shows
// them as the reader's country writes numbers; dates stay as they are here.
const (
	dateFormat     = "yyyy-mm-dd"
	dateTimeFormat = "yyyy-mm-dd hh:mm:ss"
	countFormat    = "#,##0"
	textFormat     = "@"
)

// Looks used in many places.
var (
	plain   = look{}
	prose   = look{wrap: true, middle: true}
	soft    = look{color: softColor, size: 9}
	heading = look{bold: true, size: 12}
	header  = look{bold: true, size: 9, wrap: true, middle: true, fill: faintColor, rule: "bottom"}
	reason  = look{color: softColor, size: 8, italic: true, shrink: true, align: "right"}
	after   = look{align: "left", indent: 1}
	textual = look{format: textFormat}
	// dates stand at the left of a sheet
	leftward = look{align: "left"}
)

func (l look) with(format string) look {
	l.format = format
	return l
}

func (l look) right() look {
	l.align = "right"
	return l
}

func (l look) shrunk() look {
	l.shrink = true
	return l
}

// style returns the number by which a workbook knows a look.
func (b *book) style(l look) (int, error) {
	if id, ok := b.looks[l]; ok {
		return id, nil
	}
	s := &excelize.Style{
		Font: &excelize.Font{
			Family: "Calibri", Size: cmp.Or(l.size, 10), Bold: l.bold, Italic: l.italic, Color: cmp.Or(l.color, inkColor),
		},
		Alignment: &excelize.Alignment{Horizontal: l.align, Vertical: "top", WrapText: l.wrap, ShrinkToFit: l.shrink, Indent: l.indent},
	}
	if l.middle || !l.wrap {
		s.Alignment.Vertical = "center"
	}
	if l.format != "" {
		s.CustomNumFmt = &l.format
	}
	if l.fill != "" {
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		if l.rule == side || l.rule == "box" {
			s.Border = append(s.Border, excelize.Border{Type: side, Color: lineColor, Style: 1})
		}
	}
	id, err := b.file.NewStyle(s)
	if err == nil {
		b.looks[l] = id
	}
	return id, err
}

// fixedFormat shows n decimals and separators.
func fixedFormat(n int) string {
	if n <= 0 {
		return countFormat
	}
	return countFormat + "." + strings.Repeat("0", n)
}

// percentFormat shows a fraction as the page does: see percent.
func percentFormat(fraction float64) string {
	switch a := math.Abs(fraction * 100); {
	case a >= 1e9:
		return `0.00E+00"×"` // of a start of 1
	case a >= 1e4:
		return "#,##0%"
	case a < 0.1:
		return fixedFormat(significantDecimals(a, 2, 6)) + "%"
	}
	return fixedFormat(2) + "%"
}

// percentColumn is one format for fractions of which the largest is given.
func percentColumn(largest float64) string {
	if largest == 0 || largest >= 1 {
		return percentFormat(largest)
	}
	return fixedFormat(significantDecimals(largest*100, 4, 6)) + "%"
}

// ratioFormat shows a number as the page does: see Ratio.
func ratioFormat(x float64) string {
	switch a := math.Abs(x); {
	case a >= 1e9 || (a != 0 && a < 1e-6):
		return "0.00E+00"
	case a >= 1e4:
		return countFormat
	case a < 0.1:
		return fixedFormat(significantDecimals(a, 2, 7))
	}
	return fixedFormat(2)
}

// priceFormat shows the first eight digits of the largest of some prices.
func priceFormat(largest float64) string {
	if largest >= 1e12 || (largest != 0 && largest < 1e-7) {
		return "0.0000000E+00"
	}
	return fixedFormat(significantDecimals(largest, 8, 14))
}

// amountFormat shows amounts of which the largest is given.
func amountFormat(largest float64) string {
	switch {
	case largest >= 1e15 || (largest != 0 && largest < 1e-8):
		return "0.000E+00"
	case largest >= 1e9:
		return countFormat
	case largest >= 100:
		return fixedFormat(2)
	}
	return fixedFormat(max(4, significantDecimals(largest, 4, 12)))
}

// format is how a metric's value is shown.
func (m Metric) format(x float64) string {
	switch {
	case strings.HasPrefix(m.Unit, "fraction"):
		return percentFormat(x)
	case m.Unit == "count":
		return countFormat
	}
	return ratioFormat(x)
}
