// Package view turns the marts into reports: one value per vault, and one for the
// index, which decide every figure, word, order, rounding, warning and definition.
// A renderer writes such a value in one medium and decides none of these; it asks a
// figure's Format for its text or its number format. Only words about the medium
// itself, such as that a script did not run, are the renderer's own.
package view

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
)

// A Report is everything to be said about one vault.
type Report struct {
	Name   string  // the vault's
	AsOf   string  // the last UTC day seen
	Badges []Badge // how current it is
	Source string  // what the config says of its price files, or empty
	Facts  Facts   // what it is

	Chapters []Chapter // for reading from top to bottom: a page, a memo
	Workbook Workbook  // for looking up and computing: sheets, with the price series
}

// An Index is the report of all vaults together.
type Index struct {
	AsOf     string
	Summary  string
	Chapters []Chapter
}

// A Chapter is a group of sections that belong together.
type Chapter []Section

// A Section is a titled part of a page. Without a title its blocks stand alone;
// without blocks it has nothing to show.
type Section struct {
	ID     string // unique on the page, fit for an anchor
	Title  string
	Whole  bool // keep on one sheet of paper
	Hidden bool // the title is for screen readers only
	Blocks []Block
}

// A Workbook is the spreadsheet form of a report.
type Workbook struct {
	Title   string
	Subject string
	Creator string
	Written time.Time // the end of the as-of day: no clock is read
	Footer  string    // at the foot of every printed page
	Sheets  []Sheet
}

// A Sheet is one sheet of a workbook.
type Sheet struct {
	Name      string    // a constant of at most 31 characters, never a stranger's text
	Widths    []float64 // of the columns, in digits
	Across    int       // columns that a paragraph spans
	Landscape bool
	Wide      bool // printed, its columns go on over several pages
	Frozen    int  // columns that stay in view, along with the row of heads; 0: nothing does
	Blocks    []Block
}

// Options are what a view needs to know besides the marts.
type Options struct {
	Version   string // of the program, printed on each report
	SheetRows int    // rows that a sheet can have below its heads
}

// A View makes the reports of one set of marts. It holds what all vaults' reports
// share, and is safe for concurrent use.
type View struct {
	data     *marts.Data
	opt      Options
	imports  *Table
	setAside *Table                 // nil: nothing was
	metrics  map[string]*Definition // by name
	reasons  []Note
	hashes   []Note
	warnings *Warnings // of the whole run
}

// New prepares a view of d, which must not change while reports are made.
func New(d *marts.Data, opt Options) *View {
	v := &View{data: d, opt: opt}
	v.imports, v.setAside = v.importsTable(), v.setAsideTable()
	v.metrics = v.definitionsOf(d.Metrics)
	v.reasons = reasonNotes(d)
	v.hashes = hashes(d)
	v.warnings = &Warnings{Texts: sentences(d.Warnings)}
	return v
}

// Report makes the report of one vault whose series were read. A price, drawdown or
// rolling APY that is not finite is an error: no axis spans it.
func (w *View) Report(v *marts.Vault) (*Report, error) {
	if err := drawable(v); err != nil {
		return nil, err
	}
	p := w.parts(v)
	return &Report{
		Name:     displayName(v),
		AsOf:     date(&w.data.AsOf),
		Badges:   badges(v),
		Source:   clean(v.SourceNote, 300),
		Facts:    w.identity(v),
		Chapters: w.chapters(v, p),
		Workbook: w.workbook(v, p),
	}, nil
}

// drawable refuses what the charts' axes could not span.
func drawable(v *marts.Vault) error {
	check := func(at time.Time, x *float64) error {
		if x != nil && (math.IsNaN(*x) || math.IsInf(*x, 0)) {
			return fmt.Errorf("price point of %s: %v is no finite number", dateTime(&at), *x)
		}
		return nil
	}
	for i := range v.Prices {
		m := &v.Prices[i]
		if err := cmp.Or(check(m.At, &m.SharePrice), check(m.At, m.Drawdown)); err != nil {
			return err
		}
	}
	for i := range v.Rolling {
		if err := check(v.Rolling[i].At, v.Rolling[i].APY); err != nil {
			return err
		}
	}
	return nil
}

// parts are what a vault's page and workbook both show.
type parts struct {
	verdict   *Warnings
	warnings  []Cell           // all of them
	others    []Cell           // that the verdict does not say
	deepest   []marts.Drawdown // all of them, the deepest first
	prices    *Series
	price     *Chart
	drawdown  *Chart
	months    *Table
	drawdowns *Table
	listings  []*listed
	quality   Facts
	audit     *auditor // nil: nothing can be computed again
	returns   *Series
}

func (w *View) parts(v *marts.Vault) *parts {
	p := &parts{verdict: verdict(v), warnings: sentences(v.Warnings), others: sentences(others(v)), prices: w.prices(v)}
	p.deepest = deepest(v.Drawdowns)
	p.price, p.drawdown = w.priceChart(v, p.deepest, p.prices), w.drawdownChart(v, p.prices)
	p.months, p.drawdowns = w.monthsTable(v), w.drawdownsTable(v, p.deepest)
	p.listings = w.listings(v)
	p.quality = Facts(w.qualityFacts(v))
	p.audit = w.auditor(v, p.prices)
	p.returns = w.returns(p.audit)
	return p
}

// chapters lists a page from top to bottom.
func (w *View) chapters(v *marts.Vault, p *parts) []Chapter {
	chapters := []Chapter{
		{alert(p.verdict), {Blocks: []Block{&Cards{Label: "Headline figures", Cards: w.cards(v, p.deepest)}}}},
		{alert(care(p.others))},
		{w.evidence(v, p)},
		append(Chapter{bare(p.price), bare(p.drawdown)}, p.listed(true)...),
		{
			whole("months", "Monthly returns", p.months),
			whole("returns", "Returns", w.returnsTable(v)),
			bare(w.rollingChart(v)),
			whole("risk", "Risk", w.riskTable(v)),
			whole("drawdowns", "Drawdowns", p.drawdowns),
		},
		append(p.listed(false), p.missingSections()...),
		{{ID: "quality", Title: "Data quality", Blocks: []Block{&p.quality, w.warnings, w.imports}}},
	}
	facts := Facts(w.identity(v))
	g := w.glossary(w.data.Metrics...)
	g.block("What the vault is", &facts, OnPages)
	return append(chapters, Chapter{
		g.section(chapters),
		whole("conventions", "Conventions", &Terms{Notes: w.conventions(v)}),
		whole("provenance", "Provenance", w.provenance(v)),
	})
}

// Names of sheets that texts mention.
const (
	sheetPrices      = "Share prices"
	sheetQuality     = "Data quality"
	sheetDefinitions = "Definitions"
)

// workbook lists the sheets from first to last.
func (w *View) workbook(v *marts.Vault, p *parts) Workbook {
	sheets := []Sheet{
		w.summarySheet(v, p),
		p.prices.sheet(sheetPrices),
	}
	sheets = append(sheets, w.auditSheets(v, p)...)
	sheets = append(sheets,
		monthsSheet(p.months),
		drawdownsSheet(p.drawdowns),
	)
	for _, l := range p.listings {
		sheets = append(sheets, l.sheet())
	}
	sheets = append(sheets, w.qualitySheet(p), w.provenanceSheet(v))
	sheets = append(sheets, w.definitionsSheet(v, sheets))
	sheets[0].Blocks = append(sheets[0].Blocks, contentsOf(sheets))
	return Workbook{
		Title:   displayName(v) + ", performance as of " + date(&w.data.AsOf),
		Subject: "Performance of the vault " + clean(v.ID, 80),
		Creator: "vaultperf",
		Written: w.data.Until,
		Footer:  clean(displayName(v), 50) + ", as of " + date(&w.data.AsOf),
		Sheets:  sheets,
	}
}

func bare(b Block) Section { return Section{Blocks: []Block{b}} }

func whole(id, title string, b Block) Section {
	return Section{ID: id, Title: title, Whole: true, Blocks: []Block{b}}
}

// alert is a section of warnings, empty where there are none.
func alert(w *Warnings) Section {
	if len(w.Texts) == 0 {
		return Section{}
	}
	return bare(w)
}

// care are the warnings of a report, besides its verdict.
func care(texts []Cell) *Warnings {
	return &Warnings{ID: "warnings", Title: "Read these figures with care", Texts: texts}
}
