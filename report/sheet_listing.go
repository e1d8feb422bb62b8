package report

import "math"

// listing writes all rows of a listing.
func (b *book) listing(l listed) error {
	layout := layout{landscape: true, header: 1, columns: 1}
	heads := make([]string, len(l.columns))
	for i, c := range l.columns {
		layout.widths = append(layout.widths, c.width)
		heads[i] = c.head
		switch c.kind {
		case asPercent, asAmount, asPrice, asRatio, asDays, asCount, asMoment, asDate:
			heads[i] += "\t"
		default:
			if i > 0 {
				heads[i] = "\t" + heads[i]
			}
		}
	}
	s := b.begin(l.sheet, layout)
	s.headers(30, heads...)
	looks := listLooks(l)
	rows := l.rows[:min(len(l.rows), sheetRows)]
	for _, values := range rows {
		cells := make([]any, len(values))
		for i, v := range values {
			cells[i] = s.listed(l.columns[i], looks[i], v)
		}
		s.wrapped(cells...)
	}
	s.filter(1, len(l.columns), max(s.row, 1))
	return s.end()
}

// listLooks are the looks of a listing's columns; a column of numbers has one
// format, for its largest, but for ratios: a beta may be a hundred times another.
func listLooks(l listed) []look {
	looks := make([]look, len(l.columns))
	for i, c := range l.columns {
		largest := 0.0
		for _, values := range l.rows {
			if x := values[i].number; x != nil {
				largest = max(largest, math.Abs(*x))
			}
		}
		switch c.kind {
		case asPercent:
			looks[i] = plain.with(percentColumn(largest))
		case asAmount:
			looks[i] = plain.with("#,##0.00")
		case asPrice:
			looks[i] = plain.with(priceFormat(largest))
		case asRatio:
			looks[i] = plain
		case asDays:
			looks[i] = plain.with("#,##0.0")
		case asCount:
			looks[i] = plain.with(countFormat)
		case asMoment:
			looks[i] = plain.with(dateTimeFormat[:16])
		case asDate:
			looks[i] = plain.with(dateFormat)
		default:
			looks[i] = look{wrap: true}
			if i > 0 {
				looks[i].align, looks[i].indent = after.align, after.indent
			}
		}
	}
	return looks
}

// listed is one cell of a listing's sheet; where a figure is undefined, the
// reason's words stand.
func (s *sheet) listed(c listColumn, l look, v listValue) any {
	switch {
	case c.kind.isNumber() && v.number == nil && v.reason != "":
		return s.why(l, v.reason)
	case c.kind == asRatio && v.number != nil:
		return s.number(l.with(ratioFormat(*v.number)), v.number)
	case c.kind.isNumber():
		return s.number(l, v.number)
	case c.kind.isTime():
		return s.moment(l, v.at)
	case c.kind == asWords || c.kind == asVerdict:
		return s.text(l, Words(v.text))
	case c.kind == asPeriod:
		return s.text(l, PeriodLabel(v.text))
	}
	return s.text(l, v.text)
}
