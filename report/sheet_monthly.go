package report

import (
	"fmt"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
)

// monthly lays the months out by year, the latest first as on the page.
func (b *book) monthly() error {
	widths := []float64{9}
	heads := []string{"Year"}
	for month := time.January; month <= time.December; month++ {
		widths, heads = append(widths, 10.5), append(heads, month.String()[:3]+"\t")
	}
	s := b.begin(sheetMonthly, layout{widths: append(widths, 12), landscape: true, header: 1, columns: 1})
	s.headers(20, append(heads, "Whole year\t")...)
	v := b.vault
	if len(v.Months) == 0 {
		s.skip()
		s.line(rowHeight, s.label(plain, "There is no month to show."))
		return s.end()
	}
	months := map[string]*Month{}
	for i := range v.Months {
		months[v.Months[i].Month.Format("2006-01")] = &v.Months[i]
	}
	years := map[int]*Year{}
	for i := range v.Years {
		years[v.Years[i].Year] = &v.Years[i]
	}
	why := &explained{data: b.data}
	first, last := v.Months[0].Month.Year(), v.Months[len(v.Months)-1].Month.Year()
	for year := last; year >= first; year-- {
		s.year(year, months, years[year], why)
	}
	s.shade(2, s.row, largestMonth(v.Months))
	s.monthNotes(why)
	return s.end()
}

// year writes the row of one year.
func (s *sheet) year(year int, months map[string]*Month, whole *Year, why *explained) {
	box := look{rule: "box", middle: true}
	cells := []any{s.cell(look{rule: "box", middle: true, bold: true, align: "left", format: "0"}, year)}
	for month := time.January; month <= time.December; month++ {
		if m := months[fmt.Sprintf("%04d-%02d", year, month)]; m != nil {
			cells = append(cells, s.part(box, m.Return, m.Reason, m.IsPartial, m.SpansGap, why))
		} else {
			cells = append(cells, s.cell(look{rule: "box", fill: faintColor}, nil))
		}
	}
	box.bold, box.fill = true, faintColor
	if whole != nil {
		cells = append(cells, s.part(box, whole.Return, whole.Reason, whole.IsPartial, whole.SpansGap, why))
	}
	s.line(24, cells...)
}

// part is the return of a month or year; an asterisk, which is in the number
// format and not in the number, marks a part of one, a dagger more than one.
func (s *sheet) part(l look, x *float64, code string, partial, longer bool, why *explained) excelize.Cell {
	if x == nil {
		why.reason(code)
		return s.why(l, code)
	}
	l.format, l.align, l.shrink = percentFormat(*x), "right", true
	if partial {
		l.format += `"*"`
	}
	if longer {
		l.format += `"†"`
	}
	return s.number(l, x)
}

// shade colours the months by size, the same for a loss as for a gain.
func (s *sheet) shade(firstRow, lastRow int, largest float64) {
	if s.err != nil || largest == 0 {
		return
	}
	end := strconv.FormatFloat(largest, 'g', -1, 64)
	s.try(s.file.SetConditionalFormat(s.name, at(2, firstRow)+":"+at(13, lastRow), []excelize.ConditionalFormatOptions{{
		Type: "3_color_scale", Criteria: "=",
		MinType: "num", MinValue: "-" + end, MinColor: "#E9A58B",
		MidType: "num", MidValue: "0", MidColor: "#FFFFFF",
		MaxType: "num", MaxValue: end, MaxColor: "#86C3A9",
	}}))
}

// monthNotes explains what the grid shows.
func (s *sheet) monthNotes(why *explained) {
	s.skip()
	texts := []string{
		"Each figure is the last mark of the month over the last mark before the month; the colour is its size, red for a loss.",
		partNote,
		longerNote,
	}
	for _, n := range why.notes() {
		texts = append(texts, n.Term+": "+n.Text)
	}
	for _, text := range texts {
		s.line(rowHeight, s.text(soft, text))
	}
}
