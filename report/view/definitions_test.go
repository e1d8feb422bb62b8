package view

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/report/marts/martstest"
	models "github.com/vaultperf/vaultperf/sql"
)

// TestEveryFigureIsDefined walks all that index, comparison, pages and workbooks show:
// each column, row, card, chart and series of figures leads to a definition, which its
// page or workbook has once, in the words of the file that it names.
func TestEveryFigureIsDefined(t *testing.T) {
	d := read(t)
	index := New(d, Options{SheetRows: 1000}).Index()
	walkPage(t, "index", nil, index.Chapters)
	comparison := New(d, Options{}).Comparison()
	walkPage(t, "comparison", nil, append([]Chapter{{bare(comparison.Figures)}}, comparison.Chapters...))
	for _, v := range d.Vaults {
		if !v.HasPage {
			continue
		}
		r := report(t, d, v.ID)
		walkPage(t, "page of "+v.ID, r.Facts, r.Chapters)
		w := walk{tb: t, place: "workbook of " + v.ID, used: map[string]*Definition{}}
		var defined []string
		for _, s := range r.Workbook.Sheets {
			for _, b := range s.Blocks {
				if table, ok := b.(*Table); ok && table.Shape == Lexicon {
					for _, row := range table.Rows {
						defined = append(defined, row.Cells[0].Is.ID)
						for _, k := range []int{0, 2, 3, 6, 7} { // figure, definition, unit, column, file
							if row.Cells[k].Text == "" {
								t.Errorf("%s: the row of %s lacks its %s", w.place, row.Cells[0].Is.ID, table.Columns[k].Head)
							}
						}
					}
					continue
				}
				w.block(b, OnSheets)
			}
		}
		w.all(defined)
	}
}

func walkPage(t *testing.T, place string, facts Facts, chapters []Chapter) {
	t.Helper()
	w := walk{tb: t, place: place, used: map[string]*Definition{}}
	w.block(&facts, OnPages)
	var defined []string
	for _, chapter := range chapters {
		for _, s := range chapter {
			for _, b := range s.Blocks {
				if groups, ok := b.(Definitions); ok {
					for _, group := range groups {
						for _, d := range group.Of {
							defined = append(defined, d.ID)
						}
					}
				}
				w.block(b, OnPages)
			}
		}
	}
	w.all(defined)
}

// A walk remembers which definitions are led to.
type walk struct {
	tb    testing.TB
	place string
	used  map[string]*Definition
	count int
}

// all wants each definition once, and no other than those that are led to.
func (w *walk) all(defined []string) {
	w.tb.Helper()
	slices.Sort(defined)
	var used []string
	for id, d := range w.used {
		used = append(used, id)
		w.sound(d)
	}
	slices.Sort(used)
	if !slices.Equal(defined, used) {
		w.tb.Errorf("%s: defined are %v, led to %v", w.place, defined, used)
	}
	if w.count < 10 {
		w.tb.Errorf("%s: only %d figures were met", w.place, w.count)
	}
}

var spaces = regexp.MustCompile(`[\s-]+`)

// sound holds a definition against the header of the file it names.
func (w *walk) sound(d *Definition) {
	w.tb.Helper()
	text, err := fs.ReadFile(models.Files, strings.TrimPrefix(d.File, "sql/"))
	if err != nil {
		w.tb.Errorf("%s: the file of %s: %v", w.place, d.ID, err)
		return
	}
	header, _, _ := strings.Cut(string(text), "\nwith\n")
	header, _, _ = strings.Cut(header, "\nselect\n")
	header = " " + spaces.ReplaceAllString(header, " ")
	column := d.Column[strings.LastIndex(d.Column, ".")+1:]
	if d.Formula != "" { // of a metric of the fixture, which has a text of its own
		if !strings.HasSuffix(d.File, "/"+column+".sql") || d.NullWhen == "" || d.Source == "" {
			w.tb.Errorf("%s: %s is defined in %s, undefined when %q, by %q", w.place, column, d.File, d.NullWhen, d.Source)
		}
		return
	}
	said := " " + column + ": " + spaces.ReplaceAllString(strings.TrimSuffix(d.Text, "."), " ")
	if !strings.Contains(strings.ToLower(header), strings.ToLower(said)) {
		w.tb.Errorf("%s: %s does not say%s", w.place, d.File, said)
	}
	unit, _, _ := strings.Cut(strings.TrimPrefix(d.Unit, "units of the "), ", shown")
	if strings.HasPrefix(unit, "days: elapsed_seconds") {
		unit = "seconds"
	}
	if !regexp.MustCompile(` ` + unit + `: (?:[a-z_0-9]+, )*` + column + `\b`).MatchString(header) {
		w.tb.Errorf("%s: %s does not say that %s is in %s", w.place, d.File, column, unit)
	}
}

// led notes that something leads to a definition.
func (w *walk) led(what string, d *Definition) {
	w.tb.Helper()
	w.count++
	if d == nil {
		w.tb.Errorf("%s: nothing says what %s is", w.place, what)
		return
	}
	w.used[d.ID] = d
}

func (w *walk) block(b Block, on Medium) {
	w.tb.Helper()
	switch b := b.(type) {
	case *Cards:
		for i := range b.Cards {
			w.led("the card "+b.Cards[i].Label, b.Cards[i].Is)
		}
	case *Chart:
		w.led("the chart "+b.Title, b.Is)
		for i := range b.Lines {
			if d := b.Lines[i].Is; d != nil {
				w.led("the line "+b.Lines[i].Name, d)
			}
		}
	case *Charts:
		for _, c := range *b {
			w.led("the chart "+c.Title, c.Is)
		}
	case *Series:
		for i := range b.Columns {
			if c := &b.Columns[i]; c.Number != nil || c.Whole != nil || c.Exact {
				w.led("the series "+c.Head, c.Is)
			}
		}
	case *Audit:
		for i := range b.Groups {
			for j := range b.Groups[i].Rows {
				if r := &b.Groups[i].Rows[j]; b.Groups[i].Judged {
					w.led("the audit of "+r.Label, r.Is)
				}
			}
		}
	case *Facts:
		w.facts(*b)
	case *Profile:
		w.facts(b.Left)
		w.facts(b.Right)
	case *Table:
		w.table(b, on)
	}
}

// facts wants of those that begin with a digit, and are neither times nor codes, that
// they are figures.
func (w *walk) facts(facts []Fact) {
	w.tb.Helper()
	for i := range facts {
		f := &facts[i]
		text := f.Value.String()
		isFigure := f.Value.Number != nil || f.Value.Whole != nil || len(text) > 0 && strings.Contains("0123456789", text[:1])
		isCode := strings.HasPrefix(text, "0x") || f.Value.At != nil || strings.Contains(text, "UTC")
		if f.Is != nil || isFigure && !isCode {
			w.led("the fact "+f.Label, f.Is)
		}
	}
}

// table wants of each column of numbers that its head or all of its rows lead on; one that
// only counts the rows needs not.
func (w *walk) table(t *Table, on Medium) {
	w.tb.Helper()
	if len(t.Rows) == 0 {
		return
	}
	byRow := true
	for i := range t.Rows {
		if cells := t.Rows[i].Cells; len(cells) > 0 && cells[0].Is == nil && !cells[len(cells)-1].Format.IsTime() {
			byRow = false
		}
	}
	for i := range t.Rows {
		if cells := t.Rows[i].Cells; len(cells) > 0 && cells[0].Is != nil {
			w.led("the row "+cells[0].Text, cells[0].Is)
		}
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.In != Everywhere && c.In != on || c.Is == nil && (c.Head == "No." || byRow) {
			continue
		}
		isNumber := c.Kind == Figure || c.Kind == Ordinal || c.Kind == Trend
		for j := range t.Rows {
			if cells := t.Rows[j].Cells; len(cells) > 0 && (cells[i].Number != nil || cells[i].Whole != nil) {
				isNumber = true
			}
		}
		if isNumber {
			w.led("the column "+c.Head+" of "+t.ID+t.Title, c.Is)
		}
	}
}

// TestAFigureWithoutAHeaderIsFound: the walk can fail.
func TestAFigureWithoutAHeaderIsFound(t *testing.T) {
	d := read(t)
	for _, gone := range []string{"fees.fee_assets", "returns.drawdown", "annual_returns.year"} {
		kept := d.Columns[gone]
		delete(d.Columns, gone)
		into := &quiet{TB: t}
		r := report(t, d, "usual")
		w := walk{tb: into, place: gone, used: map[string]*Definition{}}
		for _, chapter := range r.Chapters {
			for _, s := range chapter {
				for _, b := range s.Blocks {
					w.block(b, OnPages)
				}
			}
		}
		if into.faults != 1 {
			t.Errorf("without %s the walk finds %d faults, want 1", gone, into.faults)
		}
		d.Columns[gone] = kept
	}
}

// quiet counts errors.
type quiet struct {
	testing.TB
	faults int
}

func (q *quiet) Errorf(string, ...any) { q.faults++ }

// TestReturnsStandUnderReturns: all metrics that their headers put under the returns are
// columns of the table of returns and no rows of the table of risk.
func TestReturnsStandUnderReturns(t *testing.T) {
	d := read(t)
	w := New(d, Options{SheetRows: 1000})
	v := martstest.Find(t, d, "usual")
	var heads, rows []string
	for _, c := range w.returnsTable(v).Columns {
		heads = append(heads, c.Head)
	}
	for _, r := range w.riskTable(v).Rows {
		rows = append(rows, r.Group)
		if len(r.Cells) > 0 {
			rows = append(rows, r.Cells[0].Text)
		}
	}
	for _, m := range d.Metrics {
		text, err := fs.ReadFile(models.Files, "metrics/"+m.Name+".sql")
		if err != nil {
			t.Fatal(err)
		}
		isReturn := strings.Contains(string(text), "\n-- group: returns, ")
		if isReturn != slices.Contains(heads, m.Label) {
			t.Errorf("%s under the returns: %t, its header says %t", m.Name, !isReturn, isReturn)
		}
		if isReturn == slices.ContainsFunc(rows, func(s string) bool { return strings.HasPrefix(s, m.Label) }) {
			t.Errorf("%s under the risks: %t", m.Name, isReturn)
		}
	}
	if slices.Contains(rows, "Returns") {
		t.Error("the table of risk has a group of returns")
	}
}
