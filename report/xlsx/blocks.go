package xlsx

import (
	"cmp"

	"github.com/xuri/excelize/v2"

	"github.com/vaultperf/vaultperf/report/view"
)

// title writes the first lines of a sheet.
func (s *sheet) title(t view.Title) {
	s.line(30, s.text(look{bold: true, size: 20, middle: true}, t.Text))
	s.line(18, s.text(look{color: softColor, size: 11}, t.Below))
}

// heading writes a line over a part of the sheet.
func (s *sheet) heading(text string) {
	if s.row > 0 {
		s.skip()
	}
	s.line(20, s.text(heading, text))
}

// profile writes facts at the left and at the right, and below those that are
// wide.
func (s *sheet) profile(p *view.Profile) {
	s.skip()
	row := s.row
	left, right := make([]excelize.Cell, len(p.Left)), make([]excelize.Cell, len(p.Right))
	for i := range p.Left {
		left[i] = s.fact(&p.Left[i].Value, false)
	}
	for i := range p.Right {
		right[i] = s.fact(&p.Right[i].Value, true)
	}
	for i := range max(len(left), len(right)) {
		cells := make([]any, 8)
		if i < len(left) {
			cells[0], cells[1] = s.named(soft, p.Left[i].Label, 1, p.Left[i].Is), left[i]
		}
		if i < len(right) {
			cells[5], cells[7] = s.named(soft, p.Right[i].Label, 6, p.Right[i].Is), right[i]
		}
		s.line(rowHeight, cells...)
		s.merge(2, 5)
		s.merge(6, 7)
		s.merge(8, s.across)
	}
	for i := range p.Left {
		s.outside(2, row+1+i, p.Left[i].Value.URL)
	}
	for _, n := range p.Wide {
		s.paragraph(plain, 2, s.across, []any{s.text(soft, n.Term)}, n.Text)
	}
}

// fact is a value of a profile; one that may be long is made to fit.
func (s *sheet) fact(c *view.Cell, shrink bool) excelize.Cell {
	switch {
	case c.URL != "":
		return s.text(look{color: priceColor}, c.Long())
	case c.Tone == view.Good:
		return s.text(look{bold: true, color: goodColor}, c.Long())
	case c.Tone == view.Bad:
		return s.text(look{bold: true, color: lossColor}, c.Long())
	case c.IsUndefined() && c.Tone != view.Absent:
		return s.text(plain, c.Long())
	}
	return s.value(look{format: c.Code(), align: "left", shrink: shrink}, c)
}

// cards writes figures side by side under their labels: the first one column wide,
// the others two.
func (s *sheet) cards(b *view.Cards) {
	big := look{size: 16, bold: true, align: "left", shrink: true, rule: "bottom", middle: true}
	small := soft
	small.rule = "top"
	s.skip()
	labels, values := make([]any, s.across), make([]any, s.across)
	for i := range s.across {
		labels[i], values[i] = s.text(small, ""), s.text(big, "")
	}
	for i := range b.Cards {
		c, column := &b.Cards[i], max(0, 2*i-1)
		labels[column] = s.named(small, c.Label, column+1, c.Is)
		switch {
		case c.Value.Tone == view.Why:
			values[column] = s.text(look{color: softColor, italic: true, rule: "bottom", middle: true}, c.Value.Long())
		case c.Value.IsUndefined():
			values[column] = s.text(big, c.Value.Long())
		default:
			l := big.with(c.Value.Code())
			if c.Value.Tone == view.Loss {
				l.color = lossColor
			}
			if c.Value.Tone == view.Void {
				l.color, l.strike = softColor, true
			}
			values[column] = s.value(l, &c.Value)
		}
	}
	s.pairs(16, labels)
	s.pairs(26, values)
}

// pairs writes a row whose cells, from the second on, are two columns wide.
func (s *sheet) pairs(height float64, cells []any) {
	s.line(height, cells...)
	for column := 2; column < s.across; column += 2 {
		s.merge(column, column+1)
	}
}

// warnings writes a block of sentences, or nothing.
func (s *sheet) warnings(w *view.Warnings) {
	if len(w.Texts) == 0 {
		return
	}
	l := look{fill: warnColor}
	switch w.Tone {
	case view.Bad:
		l = look{fill: graveColor, color: lossColor, bold: true}
	case view.Good:
		l = look{fill: goodFill, color: goodColor}
	case view.Flat:
		l = look{fill: faintColor, color: softColor}
	default:
	}
	if w.Badge.Text == "" {
		s.heading(w.Title)
	} else {
		s.skip()
		first := look{bold: true, size: 14, fill: l.fill, color: l.color, middle: true}
		s.paragraph(first, 1, s.across, nil, w.Badge.Text+" "+w.Title)
	}
	if !s.landscape {
		l.size = 9
	}
	for i := range w.Texts {
		s.paragraph(l, 1, s.across, nil, w.Texts[i].Long())
	}
}

// facts writes a line for each.
func (s *sheet) facts(facts view.Facts) {
	for _, f := range facts {
		l := plain
		if f.Value.URL != "" {
			l.color = priceColor
		}
		s.line(rowHeight, s.named(soft, f.Label, 1, f.Is), s.text(l, f.Value.Long()))
		s.outside(2, s.row, f.Value.URL)
	}
}

// terms writes a block of terms and their texts.
func (s *sheet) terms(t *view.Terms) {
	if len(t.Notes) == 0 {
		return
	}
	s.heading(t.Title)
	for _, n := range t.Notes {
		s.paragraph(plain, 2, 5, []any{s.text(look{bold: true, wrap: true}, n.Term)}, n.Text)
	}
}

// notes writes remarks below a table.
func (s *sheet) notes(notes []view.Note) {
	for _, n := range notes {
		text := n.Text
		if n.Term != "" {
			text = n.Term + ": " + text
		}
		s.line(rowHeight, s.text(soft, text))
	}
}

// paragraph writes a text across columns.
func (s *sheet) paragraph(l look, from, to int, lead []any, text string) {
	l.wrap = true
	width := 0.0
	for _, w := range s.widths[from-1 : min(to, len(s.widths))] {
		width += w
	}
	cells := append(lead, s.text(l, text))
	for range to - from {
		cells = append(cells, s.text(l, ""))
	}
	size := cmp.Or(l.size, 10)
	s.line(min(4+1.3*size*lines(text, width*10.5/size), excelize.MaxRowHeight), cells...)
	s.merge(from, to)
}

// contents leads to the other sheets.
func (s *sheet) contents(c *view.Contents) {
	s.heading(c.Title)
	for _, l := range c.Lines {
		s.line(rowHeight, s.text(look{color: priceColor}, l.Sheet), s.text(soft, l.Holds))
		if s.err == nil {
			s.try(s.file.SetCellHyperLink(s.name, at(1, s.row), "'"+l.Sheet+"'!A1", "Location"))
		}
	}
}

// outside lets a cell lead to a page of the web; an empty one leads nowhere.
func (s *sheet) outside(column, row int, url string) {
	if url != "" && s.err == nil {
		s.try(s.file.SetCellHyperLink(s.name, at(column, row), url, "External"))
	}
}
