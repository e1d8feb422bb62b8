package xlsx

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/vaultperf/vaultperf/report/view"
)

// audit writes figures, formulas for them, and whether both agree, then the steps.
func (s *sheet) audit(a *view.Audit) {
	for i := range a.Groups {
		g := &a.Groups[i]
		s.heading(g.Title)
		heads := []any{s.text(header, g.Head)}
		for i, h := range a.Heads {
			l := header
			if l.align = "right"; i > 3 {
				l.align, l.indent = after.align, after.indent
			}
			if (i == 2 || i == 3) && !g.Judged {
				h = ""
			}
			heads = append(heads, s.text(l, h))
		}
		s.line(15, heads...)
		first := s.row + 1
		for j := range g.Rows {
			s.auditRow(g, &g.Rows[j])
		}
		s.call(g.Name, 3, first, s.row)
		s.call(g.Numbers, 1, first, s.row)
		if g.Judged {
			s.judge(first, s.row)
		}
	}
}

// differenceFormat shows a difference by its size; rounding alone is no number to read.
const differenceFormat = `[>0.000000001]0.0E+00;[<-0.000000001]-0.0E+00;"≈ 0"`

// auditRow writes one value by its formula and, if it is to be judged, its difference
// from the database's.
func (s *sheet) auditRow(g *view.AuditGroup, r *view.AuditRow) {
	number := look{format: r.Code, align: "right", shrink: true}
	row := s.row + 1
	label := s.named(plain, r.Label, 1, r.Is)
	if g.Numbers != "" {
		label = s.cell(look{align: "left"}, r.Number)
	}
	cells := []any{label, nil, s.formula(number, s.references(r.Formula), r.Value), nil, nil, s.text(look{color: softColor, size: 9, indent: after.indent, align: after.align}, r.Name), s.text(look{color: softColor, size: 9, indent: after.indent, align: after.align}, r.Note)}
	if r.Reported != nil {
		cells[1] = s.database(number, r.Reported)
	}
	if g.Judged {
		var difference any = ""
		if x, ok := r.Value.(float64); ok && r.Reported.Number != nil {
			difference = x - *r.Reported.Number
		}
		verdict := "NO"
		if r.Agrees() {
			verdict = "yes"
		}
		both := fmt.Sprintf("AND(ISNUMBER(B%[1]d),ISNUMBER(C%[1]d))", row)
		cells[3] = s.formula(look{format: differenceFormat, align: "right"}, fmt.Sprintf(`IF(%[2]s,C%[1]d-B%[1]d,"")`, row, both), difference)
		cells[4] = s.formula(look{bold: true, align: "right"}, fmt.Sprintf(`IF(%[2]s,IF(ABS(D%[1]d)<=%[3]s*MAX(1,ABS(B%[1]d)),"yes","NO"),IF(B%[1]d=C%[1]d,"yes","NO"))`,
			row, both, strconv.FormatFloat(view.Tolerance, 'E', 0, 64)), verdict)
	}
	s.line(rowHeight, cells...)
	s.call(r.Name, 3, row, row)
}

// database is what the database holds, or the words of its reason.
func (s *sheet) database(l look, c *view.Cell) excelize.Cell {
	if c.IsUndefined() {
		return s.why(l, c.Text)
	}
	return s.value(l, c)
}

// call gives cells of a column a name.
func (s *sheet) call(name string, column, from, to int) {
	if name == "" || s.err != nil {
		return
	}
	cells := fixed(column, from)
	if to > from {
		cells += ":$" + fixed(column, to)
	}
	s.try(s.file.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: "'" + s.name + "'!$" + cells}))
}

// judge colours verdicts.
func (s *sheet) judge(from, to int) {
	if s.err != nil {
		return
	}
	style := func(color, fill string) *int {
		id, err := s.file.NewConditionalStyle(&excelize.Style{
			Font: &excelize.Font{Color: color}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}},
		})
		s.try(err)
		return &id
	}
	s.try(s.file.SetConditionalFormat(s.name, at(5, from)+":"+at(5, to), []excelize.ConditionalFormatOptions{
		{Type: "cell", Criteria: "==", Value: `"NO"`, Format: style(lossColor, graveColor)},
		{Type: "cell", Criteria: "==", Value: `"yes"`, Format: style(goodColor, "FFFFFF")},
	}))
}

// references puts cells in the place of columns and rows of series.
func (s *sheet) references(formula string) string {
	var out strings.Builder
	for {
		text, rest, found := strings.Cut(formula, "{")
		out.WriteString(text)
		if !found {
			return out.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		formula = after
		parts := strings.Split(name, ":")
		id, column, _ := strings.Cut(parts[0], ".")
		series := s.ids[id]
		if series == nil || series.Column(column) < 0 || len(parts) < 2 {
			s.try(fmt.Errorf("a formula knows no cells %s", name))
			return ""
		}
		from, err := strconv.Atoi(parts[1])
		s.try(err)
		if len(parts) == 2 {
			out.WriteString(s.cellAt(series, series.Column(column), from))
			continue
		}
		to, err := strconv.Atoi(parts[2])
		s.try(err)
		out.WriteString(s.cells(series, series.Column(column), from, to))
	}
}
