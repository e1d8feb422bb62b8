package view

import (
	"strings"

	"github.com/vaultperf/vaultperf/report/marts"
)

// A Definition says what a figure is, in the words of the header of the model that
// computes it.
type Definition struct {
	ID     string // unique on a page, fit for an anchor
	Label  string // the figure's name; of a column where it is first shown
	Column string // of the published database
	Text   string
	Unit   string
	File   string // of the model, below the project's root

	Group                     string // of a metric: the group of metrics
	Formula, Source, NullWhen string // of a metric
}

// Definitions are those of all figures of a page, each once.
type Definitions []DefinitionGroup

// A DefinitionGroup is what is defined under a heading.
type DefinitionGroup struct {
	Title string
	Of    []*Definition
}

// column is the definition of a mart's column that holds numbers, which is shown under a
// label; nil if its header says nothing of it.
func (w *View) column(mart, name, label string) *Definition {
	d, known := w.data.Columns[mart+"."+name]
	if !known {
		return nil
	}
	return &Definition{
		ID: anchor(mart + "-" + name), Label: label, Column: "marts." + mart + "." + name,
		Text: definitionText(d.Text), Unit: unitWords(clean(d.Unit, 60)), File: clean(d.File, 200),
	}
}

// definitionText is a header's text as a sentence, but for a column's name at its start.
func definitionText(text string) string {
	text = clean(text, 600)
	if first, _, _ := strings.Cut(text, " "); !strings.Contains(first, "_") {
		text = sentence(text)
	}
	return strings.TrimSuffix(text, ".") + "."
}

// anchor is a name fit for one, whatever it holds.
func anchor(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, name)
}

// in is the same definition of a figure that is shown in another unit, by an expression.
func (d *Definition) in(unit, expression string) *Definition {
	if d == nil {
		return nil
	}
	out := *d
	out.Unit = unit + ": " + expression
	return &out
}

// definitionsOf are those of the metrics, by name.
func (w *View) definitionsOf(metrics []marts.Metric) map[string]*Definition {
	out := map[string]*Definition{}
	for _, m := range metrics {
		out[m.Name] = &Definition{
			ID: anchor(m.Name), Label: w.metricLabel(m), Column: "marts.performance." + clean(m.Name, longestText),
			Text: clean(m.Definition, 600), Unit: unitWords(clean(m.Unit, 60)), File: clean(w.data.Columns["performance."+m.Name].File, 200),
			Group: sentence(clean(m.Group, 40)), Formula: clean(m.Formula, 300), Source: clean(m.Source, 300), NullWhen: clean(m.NullWhen, 300),
		}
	}
	return out
}

// defined is a metric's definition; nil if it has none.
func (w *View) defined(m marts.Metric) *Definition { return w.metrics[m.Name] }

// unitWords is a unit as people read it.
func unitWords(unit string) string {
	switch {
	case strings.HasPrefix(unit, "fraction"):
		return unit + ", shown in %"
	case unit == "asset" || unit == "asset per share":
		return "units of the " + unit
	}
	return unit
}

// A glossary collects definitions in the order in which they are met, the metrics first.
type glossary struct {
	seen   map[string]bool // by ID
	groups Definitions
}

func (g *glossary) add(title string, d *Definition) {
	if d == nil || g.seen[d.ID] {
		return
	}
	g.seen[d.ID] = true
	if d.Group != "" {
		title = d.Group
	}
	for i := range g.groups {
		if g.groups[i].Title == title {
			g.groups[i].Of = append(g.groups[i].Of, d)
			return
		}
	}
	g.groups = append(g.groups, DefinitionGroup{title, []*Definition{d}})
}

// block adds the definitions of what a block shows on a page or, if on is OnSheets, on a
// sheet.
func (g *glossary) block(title string, b Block, on Medium) {
	switch b := b.(type) {
	case *Table:
		if len(b.Rows) == 0 {
			return
		}
		for i := range b.Columns {
			if c := &b.Columns[i]; c.In == Everywhere || c.In == on {
				g.add(title, c.Is)
			}
		}
		for i := range b.Rows {
			if len(b.Rows[i].Cells) > 0 {
				g.add(title, b.Rows[i].Cells[0].Is)
			}
		}
	case *Series:
		for i := range b.Columns {
			g.add(title, b.Columns[i].Is)
		}
	case *Chart:
		g.add("Charts", b.Is)
		if b.Words == "" {
			for i := range b.Lines {
				g.add("Charts", b.Lines[i].Is)
			}
		}
	case *Charts:
		for _, c := range *b {
			g.add(title, c.Is)
		}
	case *Cards:
		for i := range b.Cards {
			g.add("Headline figures", b.Cards[i].Is)
		}
	case *Facts:
		g.facts(title, *b)
	case *Profile:
		g.facts(title, b.Left)
		g.facts(title, b.Right)
	case *Audit:
		for i := range b.Groups {
			for j := range b.Groups[i].Rows {
				g.add(title, b.Groups[i].Rows[j].Is)
			}
		}
	}
}

func (g *glossary) facts(title string, facts []Fact) {
	for i := range facts {
		g.add(title, facts[i].Is)
	}
}

// glossary begins with metrics, so that they stand in their own order.
func (w *View) glossary(metrics ...marts.Metric) *glossary {
	g := &glossary{seen: map[string]bool{}}
	for _, m := range metrics {
		g.add("", w.defined(m))
	}
	return g
}

// section says what all figures of a page are.
func (g *glossary) section(chapters []Chapter) Section {
	for _, chapter := range chapters {
		for _, s := range chapter {
			for _, b := range s.Blocks {
				g.block(s.Title, b, OnPages)
			}
		}
	}
	return Section{ID: "definitions", Title: "Definitions", Blocks: []Block{g.groups}}
}

// definitionsTable lists what all figures of a workbook are, by its sheets.
func (w *View) definitionsTable(sheets []Sheet) *Table {
	g := w.glossary(w.data.Metrics...)
	for i := range sheets {
		for _, b := range sheets[i].Blocks {
			g.block(sheets[i].Name, b, OnSheets)
		}
	}
	t := &Table{
		ID: "definitions", Shape: Lexicon, Height: 20,
		Columns: []Column{
			{Head: "Figure", Width: 24},
			{Head: "Of", Width: 16},
			{Head: "Definition", Width: 46},
			{Head: "Unit", Width: 24},
			{Head: "Formula", Width: 44},
			{Head: "Undefined when", Width: 30},
			{Head: "Column", Width: 42},
			{Head: "SQL file", Width: 36},
			{Head: "Source", Width: 36},
		},
	}
	for _, group := range g.groups {
		for _, d := range group.Of {
			formula := words(d.Formula)
			formula.Tone = Hash
			t.Rows = append(t.Rows, Row{Cells: []Cell{
				{Text: d.Label, Is: d},
				words(group.Title), words(d.Text), words(d.Unit), formula, words(d.NullWhen),
				words(d.Column), words(d.File), words(d.Source),
			}})
		}
	}
	t.Lead = len(t.Rows)
	return t
}

// conventions are the rules all figures follow, and of the vault's its start rule.
func (w *View) conventions(v *marts.Vault) []Note {
	return append(w.rules(),
		Note{"Rate", w.rate()},
		Note{"Start rule", w.startRule(v)},
		Note{"Undefined", "A figure that cannot be computed is left out and the reason stands in its place. It is never zero."},
		Note{"Young vaults", "An annualised figure of less than a year is an extrapolation, not a result."},
	)
}

// rules are those that the index states too.
func (w *View) rules() []Note {
	return []Note{
		{"Year", "365 days. Returns are annualised over the actual time between two price points."},
		{"Days", "UTC. A day's price point is its last accepted reading; a day without a reading has none, and none is made up."},
		{"Signs", "Losses and drawdowns are negative."},
		{"Fees", "Figures follow the share price, so they are net of the fees the vault takes from it and before any fee outside it, such as for entry or exit."},
	}
}

// rate says what the Sharpe ratio is measured against.
func (w *View) rate() string {
	switch {
	case w.data.RiskFreeSeries != "":
		return "The risk-free return is that of an account at the dated rates of " + w.riskFreeLabel() + ", over the days of each return."
	case w.data.RiskFreeRate != nil:
		return "The risk-free rate is " + w.riskFreeLabel() + " a year, less for shorter returns by their true length."
	}
	return "No risk-free rate is configured; the Sharpe ratio is then given at a rate of 0 only."
}

// workbookTerms explain what the page has no need to.
var workbookTerms = []Note{
	{"Column", "Where the figure stands in the published database, of which each column carries the same definition as a comment."},
	{"SQL file", "The model whose header the definition is read from and which computes the figure, in the source of vaultperf. A press on a figure's name on another sheet leads to its row here."},
	{"Undefined figures", "On Summary and Monthly returns the reason stands in the cell as text, so that a formula that uses the cell fails instead of taking a zero. On the sheets of one row per item the cell is blank and the last columns say why."},
	{"Exact integers", "Total assets and total supply are also given as the integers of the chain, before decimals. They are text, because a spreadsheet keeps 15 digits of a number; so is any whole number above 9,007,199,254,740,992."},
	{"Times", "All times are UTC. They are real dates: they sort, filter and subtract."},
	{"Digits", "Series hold all digits of the database, all other figures fifteen, as many as a spreadsheet shows; the number format shows some of them."},
	{"Formulas", "Formulas are the column of highest prices, the sheet " + sheetReturns + " and, on " + sheetAudit + ", the values under Formula, Difference and Agrees. All other figures are values as they were computed, and recalculating cannot change them. What formulas call a value is a name of this workbook, which the name manager leads to."},
}

// definitionsSheet says what every figure is, and the rules all figures follow.
func (w *View) definitionsSheet(v *marts.Vault, sheets []Sheet) Sheet {
	t := w.definitionsTable(sheets)
	return Sheet{
		Name: sheetDefinitions, Landscape: true, Frozen: 1, Widths: t.widths(), Blocks: []Block{
			t,
			&Terms{Title: "Conventions", Notes: w.conventions(v)},
			&Terms{Title: "In this workbook", Notes: workbookTerms},
			&Terms{Title: "Why a figure is undefined", Notes: w.reasons},
		},
	}
}

// provenance says what made the page from what.
func (w *View) provenance(v *marts.Vault) *Terms {
	return &Terms{
		Notes: []Note{
			{"Vault id", clean(v.ID, 80)},
			{"As of", date(&w.data.AsOf) + ", nothing after " + dateTime(&w.data.Until)},
			{"Made by", strings.TrimSpace("vaultperf " + clean(w.opt.Version, 80))},
			{"Same figures", "report.xlsx beside this page, and marts.performance in the published database, where vault_id is the vault id above"},
		},
		Digests: w.hashes,
		Closing: "Past performance does not say what will come. Figures are computed from the readings named above and are not audited; this page is not an offer.",
	}
}

// hashes are the digests of the files read.
func hashes(d *marts.Data) []Note {
	var out []Note
	for _, f := range d.Imports {
		out = append(out, Note{"SHA-256 of " + clean(f.Path, 120), clean(f.SHA256, 64)})
	}
	return out
}
