// Package html writes reports as pages that need nothing but themselves: styles,
// scripts and figures are in the file. It chooses no figure, word or order; what
// package view says is put into templates.
package html

import (
	"fmt"
	"html/template"
	"io"

	"github.com/vaultperf/vaultperf/report/view"
)

// A Renderer writes pages. It may be used by several goroutines at once.
type Renderer struct {
	templates *template.Template
	page      chrome
	index     chrome
	compare   chrome
}

// New prepares the templates, and the chart library where the program was built
// with it.
func New() (*Renderer, error) {
	library, err := library()
	if err != nil {
		return nil, err
	}
	return newRenderer(library)
}

// newRenderer uses a chart library; nil is the public one.
func newRenderer(library []byte) (*Renderer, error) {
	templates, err := template.ParseFS(files, "page/*.html")
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	r := &Renderer{templates: templates}
	if r.page, err = chartChrome(library); err != nil {
		return nil, err
	}
	if r.index, err = plainChrome(); err != nil {
		return nil, err
	}
	r.compare, err = compareChrome(library)
	return r, err
}

// Report writes the page of one vault. A number that JSON cannot hold is an error.
func (r *Renderer) Report(w io.Writer, report *view.Report) error {
	chapters, err := chapters(report.Chapters)
	if err != nil {
		return err
	}
	page := struct {
		Chrome   chrome
		Name     string
		AsOf     string
		Badges   []cell
		Source   string
		Facts    []fact
		Chapters [][]section
	}{r.page, report.Name, report.AsOf, nil, report.Source, newFacts(report.Facts), chapters}
	for _, b := range report.Badges {
		page.Badges = append(page.Badges, cell{Text: b.Text, Class: class(view.Text, b.Tone)})
	}
	return r.templates.ExecuteTemplate(w, "vault.html", page)
}

// Index writes the list of all vaults.
func (r *Renderer) Index(w io.Writer, index *view.Index) error {
	chapters, err := chapters(index.Chapters)
	if err != nil {
		return err
	}
	return r.templates.ExecuteTemplate(w, "index.html", struct {
		Chrome   chrome
		AsOf     string
		Summary  string
		Chapters [][]section
	}{r.index, index.AsOf, index.Summary, chapters})
}

// A section is a view's, its blocks as the templates take them. Here as in what
// follows nothing is embedded: templates would look for its fields by name each
// time.
type section struct {
	ID, Title     string
	Whole, Hidden bool
	Blocks        []block
}

// A block is one of these; the templates know which.
type block struct {
	Table    *table
	Sortable *table
	Chart    *chart
	Cards    *cards
	Facts    []fact
	Defined  view.Definitions
	Terms    *view.Terms
	Alert    *alert
	Warnings []view.Cell
	Prose    string
}

// An alert is warnings under a title.
type alert struct {
	ID, Title, Class string
	Badge            cell
	Texts            []view.Cell
}

// cards are the headline figures as their template takes them.
type cards struct {
	Label string
	Cards []card
}

type card struct {
	Name  name
	Value string
	Class string
	Note  []string
}

func chapters(all []view.Chapter) ([][]section, error) {
	out := make([][]section, len(all))
	for i, chapter := range all {
		for _, s := range chapter {
			blocks := make([]block, len(s.Blocks))
			for j, b := range s.Blocks {
				var err error
				if blocks[j], err = prepared(b); err != nil {
					return nil, err
				}
			}
			out[i] = append(out[i], section{s.ID, s.Title, s.Whole, s.Hidden, blocks})
		}
	}
	return out, nil
}

// prepared is a block as its template takes it.
func prepared(b view.Block) (block, error) {
	switch b := b.(type) {
	case *view.Table:
		if b.Shape == view.Sortable {
			return block{Sortable: newSortable(b)}, nil
		}
		return block{Table: newTable(b)}, nil
	case *view.Chart:
		c, err := newChart(b)
		if err != nil {
			return block{}, fmt.Errorf("draw %s: %w", b.ID, err)
		}
		return block{Chart: c}, nil
	case *view.Cards:
		return block{Cards: newCards(b)}, nil
	case *view.Facts:
		return block{Facts: newFacts(*b)}, nil
	case view.Definitions:
		return block{Defined: b}, nil
	case *view.Terms:
		return block{Terms: b}, nil
	case *view.Warnings:
		if b.Title != "" {
			return block{Alert: &alert{b.ID, b.Title, toneClasses[b.Tone], cell{Text: b.Badge.Text, Class: toneClasses[b.Badge.Tone]}, b.Texts}}, nil
		}
		return block{Warnings: b.Texts}, nil
	case view.Prose:
		return block{Prose: string(b)}, nil
	}
	return block{}, fmt.Errorf("a page has no form for %T", b)
}

// A name is a figure's, and the id of its definition. Heads and cells have the same fields.
type name struct{ Text, Is string }

// id is that of a definition on the page, or nothing.
func id(d *view.Definition) string {
	if d == nil {
		return ""
	}
	return d.ID
}

// A fact is a view's as its template takes it.
type fact struct {
	Name  name
	Value string
}

func newFacts(facts []view.Fact) []fact {
	out := make([]fact, len(facts))
	for i := range facts {
		out[i] = fact{name{facts[i].Label, id(facts[i].Is)}, facts[i].Value.String()}
	}
	return out
}

func newCards(b *view.Cards) *cards {
	out := &cards{Label: b.Label}
	for i := range b.Cards {
		c := &b.Cards[i]
		classes := "value"
		if c.Value.Tone == view.Why || c.Value.Tone == view.Loss || c.Value.Tone == view.Void {
			classes += " " + toneClasses[c.Value.Tone]
		}
		out.Cards = append(out.Cards, card{name{c.Label, id(c.Is)}, c.Value.String(), classes, c.Note})
	}
	return out
}
