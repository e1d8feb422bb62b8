package xlsx

import (
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/vaultperf/vaultperf/report/view"
)

// calendar writes months by year, each in its box.
func (s *sheet) calendar(t *view.Table) {
	if t.Words != "" {
		s.skip()
		s.line(rowHeight, s.text(plain, t.Words))
		return
	}
	first := s.row + 1
	for i := range t.Rows {
		r := &t.Rows[i]
		cells := []any{s.value(look{rule: "box", middle: true, bold: true, align: "left", format: r.Cells[0].Code()}, &r.Cells[0])}
		for j := 1; j < len(r.Cells); j++ {
			c, total := &r.Cells[j], t.Columns[j].Tone == view.Total
			switch {
			case c.Tone == view.Empty && total:
			case c.Tone == view.Empty:
				cells = append(cells, s.text(look{rule: "box", fill: faintColor}, ""))
			case total:
				cells = append(cells, s.figure(look{rule: "box", middle: true, bold: true, fill: faintColor}, c))
			default:
				cells = append(cells, s.figure(look{rule: "box", middle: true}, c))
			}
		}
		s.line(24, cells...)
	}
	s.shade(first, s.row, t.Largest)
	s.skip()
	s.notes(t.Notes)
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
