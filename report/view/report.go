// Package view turns what the marts hold into reports: one value for each vault,
// and one for the index of all, that says every figure, word, order, warning and
// definition. A renderer writes such a value in one medium and chooses nothing:
// how a figure is written is its Format's to say. Words about a medium itself,
// such as that a script did not run, are the renderer's.
package view

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
)

// A Report is all that is said of one vault.
type Report struct {
	Name   string  // the vault's
	AsOf   string  // the last UTC day seen
	Badges []Badge // how current it is
	Source string  // what the files of its prices say of themselves, or empty
	Facts  []Note  // what it is

	Chapters []Chapter // what a page or a memo says, in the order of reading
	Workbook Workbook  // the same in a grid, with the series that figures are made of
}

// An Index is all that is said of all vaults together.
type Index struct {
	AsOf     string
	Summary  string
	Chapters []Chapter
}

// A Chapter is some sections that belong together.
type Chapter []Section

// A Section is a part of a page under a title. Without a title its blocks stand
// for themselves; without blocks it has nothing to say.
type Section struct {
	ID     string // unique on the page, fit for an anchor
	Title  string
	Whole  bool // not to be torn apart by the end of a sheet of paper
	Hidden bool // the title is for who cannot see the page
	Blocks []Block
}

// A Workbook is a report as a spreadsheet has it.
type Workbook struct {
	Title   string
	Subject string
	Creator string
	Written time.Time // the end of the as-of day: no clock is read
	Footer  string    // at the foot of every printed page
	Sheets  []Sheet
}

// A Sheet is one grid of a workbook.
type Sheet struct {
	Name      string    // ours, at most 31 characters: nothing from a chain or a config is in it
	Widths    []float64 // of the columns, in digits
	Across    int       // columns that a paragraph spans
	Landscape bool
	Frozen    int // columns that stay in view with the heads of its one table; 0: nothing does
	Blocks    []Block
}

// Options are what a view is made with.
type Options struct {
	Version   string // of the program, printed on each report
	SheetRows int    // rows that a sheet can have below its heads
}

// A View makes reports of the marts. It holds what the reports of all vaults have
// in common, and may be used by several goroutines at once.
type View struct {
	data        *marts.Data
	opt         Options
	imports     *Table
	setAside    *Table // nil: nothing was
	definitions *Table
	reasons     []Note
	hashes      []Note
	warnings    *Warnings // of the whole run
}

// New makes the view of some marts.
func New(d *marts.Data, opt Options) *View {
	v := &View{data: d, opt: opt}
	v.imports, v.setAside = importsTable(d), setAsideTable(d)
	v.definitions = definitionsTable(d)
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

// parts are what the page and the workbook of a vault both show.
type parts struct {
	warnings  []Cell
	deepest   []marts.Drawdown // all of them, the deepest first
	prices    *Series
	price     *Chart
	drawdown  *Chart
	months    *Table
	drawdowns *Table
	listings  []*listed
	quality   Facts
}

func (w *View) parts(v *marts.Vault) *parts {
	p := &parts{warnings: sentences(v.Warnings), prices: w.prices(v)}
	p.deepest = deepest(v.Drawdowns)
	p.price, p.drawdown = priceChart(v, p.deepest, p.prices), drawdownChart(v, p.prices)
	p.months, p.drawdowns = w.monthsTable(v), drawdownsTable(v, p.deepest)
	p.listings = w.listings(v)
	p.quality = Facts(w.qualityFacts(v))
	return p
}

// chapters is a page from top to bottom.
func (w *View) chapters(v *marts.Vault, p *parts) []Chapter {
	return []Chapter{
		{{Blocks: []Block{&Cards{Label: "Headline figures", Cards: w.cards(v, p.deepest)}}}},
		{alert("Read these figures with care", p.warnings)},
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
		{
			{ID: "definitions", Title: "Definitions", Blocks: []Block{w.definitions}},
			whole("conventions", "Conventions", &Terms{Notes: w.conventions(v)}),
			whole("provenance", "Provenance", w.provenance(v)),
		},
	}
}

// The sheets' names that other sheets mention.
const (
	sheetPrices      = "Share prices"
	sheetQuality     = "Data quality"
	sheetDefinitions = "Definitions"
)

// workbook is all sheets from first to last.
func (w *View) workbook(v *marts.Vault, p *parts) Workbook {
	sheets := []Sheet{
		w.summarySheet(v, p),
		p.prices.sheet(),
		monthsSheet(p.months),
		drawdownsSheet(p.drawdowns),
	}
	for _, l := range p.listings {
		sheets = append(sheets, l.sheet())
	}
	return Workbook{
		Title:   displayName(v) + ", performance as of " + date(&w.data.AsOf),
		Subject: "Performance of the vault " + clean(v.ID, 80),
		Creator: "vaultperf",
		Written: w.data.Until,
		Footer:  clean(displayName(v), 50) + ", as of " + date(&w.data.AsOf),
		Sheets:  append(sheets, w.qualitySheet(p), w.definitionsSheet(v)),
	}
}

func bare(b Block) Section { return Section{Blocks: []Block{b}} }

func whole(id, title string, b Block) Section {
	return Section{ID: id, Title: title, Whole: true, Blocks: []Block{b}}
}

// alert is a section of warnings, empty where there are none.
func alert(title string, texts []Cell) Section {
	if len(texts) == 0 {
		return Section{}
	}
	return bare(&Warnings{Title: title, Texts: texts})
}
