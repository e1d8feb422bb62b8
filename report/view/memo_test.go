package view_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/report/marts/martstest"
	"github.com/vaultperf/vaultperf/report/view"
)

// TestAReportCanBeWrittenAsAMemo: a renderer for a third medium needs nothing that
// this package does not export, and chooses nothing.
func TestAReportCanBeWrittenAsAMemo(t *testing.T) {
	d := martstest.Read(t, &martstest.Rate, 10, view.Listings(), martstest.Vaults()...)
	r, err := view.New(d, view.Options{SheetRows: 1000}).Report(martstest.Find(t, d, "usual"))
	if err != nil {
		t.Fatal(err)
	}
	m := &memo{tb: t}
	fmt.Fprintf(&m.out, "# %s\n\nas of %s\n", r.Name, r.AsOf)
	for _, chapter := range r.Chapters {
		for _, s := range chapter {
			if s.Title != "" {
				fmt.Fprintf(&m.out, "\n## %s\n", s.Title)
			}
			for _, b := range s.Blocks {
				m.block(b)
			}
		}
	}
	for _, want := range []string{
		"# Steady Dollar Vault\n\nas of 2025-09-04", "- Sharpe ratio, headline: ", "- Days to trough: Calendar days from peak to trough, with fractions. (days, sql/marts/drawdowns.sql)", "## Monthly returns", "| Benchmark | Period | From |",
		"| sofr | Since inception | 2025-08-06 | 700 | 25.00 % |", "## Conventions", "- Signs: Losses and drawdowns are negative.",
		"64 lesser drawdowns in the workbook.",
	} {
		if !strings.Contains(m.out.String(), want) {
			t.Errorf("the memo does not say %q", want)
		}
	}
}

// A memo is Markdown.
type memo struct {
	tb  testing.TB
	out strings.Builder
}

func (m *memo) block(b view.Block) {
	switch b := b.(type) {
	case *view.Cards:
		for _, c := range b.Cards {
			fmt.Fprintf(&m.out, "- %s: %s (%s)\n", c.Label, c.Value.String(), strings.Join(c.Note, " "))
		}
	case *view.Table:
		m.table(b)
	case *view.Chart:
		fmt.Fprintf(&m.out, "\n%s. %s%s\n", b.Title, b.Alt, b.Words)
	case *view.Facts:
		for _, f := range *b {
			fmt.Fprintf(&m.out, "- %s: %s\n", f.Label, f.Value.String())
		}
	case view.Definitions:
		for _, group := range b {
			fmt.Fprintf(&m.out, "\n### %s\n", group.Title)
			for _, d := range group.Of {
				fmt.Fprintf(&m.out, "- %s: %s (%s, %s)\n", d.Label, d.Text, d.Unit, d.File)
			}
		}
	case *view.Terms:
		m.notes(b.Notes)
	case *view.Warnings:
		for _, c := range b.Texts {
			fmt.Fprintf(&m.out, "> %s\n", c.String())
		}
	case view.Prose:
		fmt.Fprintf(&m.out, "\n%s\n", b)
	default:
		m.tb.Errorf("a memo has no form for %T", b)
	}
}

func (m *memo) table(t *view.Table) {
	fmt.Fprintf(&m.out, "\n%s\n%s\n\n|", t.Caption, t.Words)
	for _, c := range t.Columns {
		if c.In != view.OnSheets {
			fmt.Fprintf(&m.out, " %s |", c.Head)
		}
	}
	for _, r := range t.Rows[:t.Lead] {
		m.out.WriteString("\n|" + r.Group)
		for i := range r.Cells {
			if t.Columns[i].In != view.OnSheets {
				fmt.Fprintf(&m.out, " %s |", r.Cells[i].String())
			}
		}
	}
	m.out.WriteString("\n")
	m.notes(t.Notes)
}

func (m *memo) notes(notes []view.Note) {
	for _, n := range notes {
		fmt.Fprintf(&m.out, "- %s: %s\n", n.Term, n.Text)
	}
}
