package xlsx

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/vaultperf/vaultperf/report/view"
)

// check writes figures, formulas for them, and whether both agree.
func (s *sheet) check(c *view.Check) {
	s.heading(c.Title)
	heads := make([]any, len(c.Heads))
	for i, h := range c.Heads {
		l := header
		if i > 0 {
			l.align = "right"
		}
		heads[i] = s.text(l, h)
	}
	s.line(15, heads...)
	ranges := s.ranges(c.Series)
	for i := range c.Rows {
		s.checkRow(&c.Rows[i], ranges)
	}
	s.line(0, s.text(soft, c.Note))
}

// differenceFormat shows a difference by its size; rounding alone is no number to read.
const differenceFormat = `[>0.000000001]0.0E+00;[<-0.000000001]-0.0E+00;"≈ 0"`

// checkRow writes one figure, its formula and their difference.
func (s *sheet) checkRow(r *view.CheckRow, ranges *strings.Replacer) {
	number := look{format: r.Code, align: "right", shrink: true}
	row := s.row + 1
	agrees := "NO"
	if r.Agrees() {
		agrees = "yes"
	}
	s.line(0, s.named(plain, r.Label, 1, r.Is),
		s.number(number, r.Reported),
		s.formula(number, ranges.Replace(r.Formula), r.Value),
		s.formula(look{format: differenceFormat, align: "right"}, fmt.Sprintf("C%d-B%d", row, row), r.Value-*r.Reported),
		s.formula(look{bold: true, align: "right"},
			fmt.Sprintf(`IF(ABS(D%d)<=%s*MAX(1,ABS(B%d)),"yes","NO")`, row, strconv.FormatFloat(view.Tolerance, 'f', -1, 64), row), agrees))
}

// ranges puts the cells of a series in the place of its columns' ids.
func (b *book) ranges(series *view.Series) *strings.Replacer {
	var names []string
	for i, c := range series.Columns {
		if c.ID != "" {
			names = append(names,
				"{"+c.ID+"}", b.cells(series, i, 0),
				"{"+c.ID+":later}", b.cells(series, i, 1),
				"{"+c.ID+":first}", b.cellAt(series, i, 0),
				"{"+c.ID+":last}", b.cellAt(series, i, series.Len-1))
		}
	}
	return strings.NewReplacer(names...)
}
