package xlsx

import (
	"cmp"

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
	goodFill   = "E4F2EC"
	graveColor = "FBE9E3"
	priceColor = "1F4E8C"
	fallColor  = "BE4822"
)

// A look is how a cell is shown.
type look struct {
	format string  // number format; empty: the spreadsheet chooses
	size   float64 // 10 if zero
	bold   bool
	italic bool
	strike bool // struck out
	wrap   bool
	shrink bool   // rather than "####" or a cut text
	color  string // inkColor if empty
	fill   string
	align  string
	indent int    // of a text that follows a number
	middle bool   // a text that wraps is else at the top
	rule   string // a line at its top or bottom, or all round: box
}

// textFormat shows what is a text, though it looks like a number.
const textFormat = "@"

// Looks used in many places.
var (
	plain   = look{}
	soft    = look{color: softColor, size: 9}
	heading = look{bold: true, size: 12}
	header  = look{bold: true, size: 9, wrap: true, middle: true, fill: faintColor, rule: "bottom"}
	reason  = look{color: softColor, size: 8, italic: true, shrink: true, align: "right"}
	after   = look{align: "left", indent: 1}
)

func (l look) with(format string) look {
	l.format = format
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
			Family: "Calibri", Size: cmp.Or(l.size, 10), Bold: l.bold, Italic: l.italic, Strike: l.strike, Color: cmp.Or(l.color, inkColor),
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
