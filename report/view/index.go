package view

import (
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/report/marts"
)

// An indexFigure is a metric of the index, and of which period.
type indexFigure struct {
	period string
	metric marts.Metric
}

func (w *View) indexFigures() []indexFigure {
	return []indexFigure{
		{"30d", w.metric("total_return")},
		{"ytd", w.metric("total_return")},
		{"itd", w.metric("total_return")},
		{"itd", w.metric("apy")},
		{"itd", w.metric("max_drawdown")},
		{"itd", w.metric(headlineSharpe)},
	}
}

// unrankedFigures are those of a vault that is not ranked: as many as leave room for why.
func unrankedFigures(all []indexFigure) []indexFigure {
	return slices.DeleteFunc(slices.Clone(all), func(f indexFigure) bool {
		return f.period == "ytd" || f.metric.Name == headlineSharpe
	})
}

// Index is the list of all vaults.
func (w *View) Index() *Index {
	figures := w.indexFigures()
	vaults := &Table{
		ID: "vaults", Caption: "Vaults; press a heading to sort by it", Shape: Sortable, Columns: w.indexColumns(figures, true), Facets: vaultFacets,
	}
	unranked := &Table{
		ID: "unranked", Caption: "Vaults that are not ranked; press a heading to sort by it", Shape: Sortable, Columns: w.indexColumns(unrankedFigures(figures), false), Facets: vaultFacets,
	}
	absent := &Table{
		ID: "absent", Caption: "Vaults without a reading", Shape: Files,
		Columns: []Column{{Head: "Vault"}, {Head: "Address"}, {Head: "Reason"}},
	}
	why := &explained{data: w.data}
	pages := int64(0)
	for _, v := range byPlace(w.data.Vaults) {
		if v.PricesCount == 0 {
			absent.Rows = append(absent.Rows, absentRow(v))
			continue
		}
		if v.HasPage {
			pages++
		}
		if isRanked(v) {
			vaults.Rows = append(vaults.Rows, w.indexRow(v, figures, why))
		} else {
			unranked.Rows = append(unranked.Rows, w.indexRow(v, unrankedFigures(figures), why))
		}
	}
	vaults.Lead, unranked.Lead, absent.Lead = len(vaults.Rows), len(unranked.Rows), len(absent.Rows)
	notes := append(w.rules(), Note{"APY", "Since inception, by the days shown beside it; of less than a year it is an extrapolation, not a result."})
	notes = append(notes, w.placeNotes()...)
	if len(unranked.Rows) > 0 {
		notes = append(notes, Note{"Not ranked", "Struck out is what is no result: a rate that nobody can have, of a vault whose price does not hold or has ended, or that holds too little to show that it does."})
	}
	notes = append(notes, Note{"Backing", "What is known of the assets behind the price at the end of the as-of day. Unbacked: " +
		w.threshold("unbacked_share") + " or more of what the vault claims to have is known to be lost; impaired: " + w.threshold("impaired_share") +
		" or more; illiquid: nothing comes out of " + w.threshold("illiquid_share") + " or more, or a request to redeem stayed unpaid; backed: none of these, and the worth of " +
		w.threshold("backed_share") + " or more is known; unknown: too little was looked at, which says nothing for or against the vault."})
	version := clean(w.opt.Version, 80)
	var metrics []marts.Metric
	for _, f := range figures {
		metrics = append(metrics, f.metric)
	}
	chapters := []Chapter{
		{alert(&Warnings{ID: "warnings", Title: "About this run", Texts: w.warnings.Texts})},
		{
			{ID: "vaults", Title: "Performance", Hidden: true, Blocks: rowsOf(vaults)},
			{ID: "unranked", Title: "Not ranked", Blocks: rowsOf(unranked)},
		},
		{
			{ID: "absent", Title: "Not measured", Blocks: rowsOf(absent)},
			{ID: "imports", Title: "Input", Blocks: []Block{w.imports}},
		},
	}
	return &Index{
		AsOf: date(&w.data.AsOf),
		Summary: counted(int64(len(w.data.Vaults)), "vault") + ", " + count(int64(len(vaults.Rows)+len(unranked.Rows))) + " with prices, " +
			count(int64(len(unranked.Rows))) + " of these not ranked, " + count(pages) + " with a page of their own" + w.howManyRanked(),
		Chapters: append(chapters, Chapter{
			w.glossary(metrics...).section(chapters),
			{ID: "notes", Title: "How to read this", Blocks: []Block{&Terms{
				Notes: append(notes, why.notes()...),
				Closing: "Made by vaultperf " + version +
					". Past performance does not say what will come. Figures are not audited; this page is not an offer.",
			}}},
		}),
	}
}

// rowsOf is a table, if it has rows.
func rowsOf(t *Table) []Block {
	if len(t.Rows) == 0 {
		return nil
	}
	return []Block{t}
}

// indexColumns name each figure as its header does, and of which time it is above. Of
// vaults that are not ranked the badge and the reason come before the figures.
func (w *View) indexColumns(figures []indexFigure, areRanked bool) []Column {
	columns := []Column{
		{Head: "Vault"},
		{Head: "Backing", Kind: Status, Filter: true},
	}
	last := Column{Head: "Last price point", Kind: Status}
	if !areRanked {
		columns = append(columns, last)
	}
	columns = append(columns, Column{Head: "Share price", Is: w.column("share_prices", "share_price", "Share price"), Kind: Trend})
	if !areRanked {
		columns = append(columns, Column{Head: "Why it is not ranked"})
	} else {
		columns = append(columns, w.placeColumn())
	}
	for _, f := range figures {
		columns = append(columns, Column{Head: w.metricLabel(f.metric), Small: strings.ToLower(periodLabel(f.period)), Is: w.defined(f.metric), Kind: Figure})
	}
	if areRanked {
		columns = append(columns, w.deflatedColumn())
	}
	columns = append(columns,
		Column{Head: "Days", Is: w.column("performance", "elapsed_days", "Days"), Kind: Figure},
		Column{Head: "Total assets", Is: w.column("vaults", "total_assets", "Total assets"), Kind: Figure},
	)
	if areRanked {
		columns = append(columns, last)
	}
	return columns
}

func (w *View) indexRow(v *marts.Vault, figures []indexFigure, why *explained) Row {
	name := displayName(v)
	head := Cell{Text: name, Small: middle(v.ID, 20) + " · " + chainLabel(v.ChainID), Entry: &Entry{Sort: strings.ToLower(name)}}
	if v.HasPage {
		head.Entry.Link = v.Slug
	}
	last := w.lastCell(v)
	cells := append(make([]Cell, 0, len(figures)+9), head, backingCell(v))
	if !isRanked(v) {
		cells = append(cells, last)
	}
	cells = append(cells, Cell{Entry: &Entry{Spark: spark(v.Spark)}})
	if !isRanked(v) {
		cells = append(cells, Cell{Text: texts(whyNot(v, true)), Entry: &Entry{Sort: v.Ineligible[0].Code}})
	} else {
		cells = append(cells, placeCell(v))
	}
	for _, f := range figures {
		cells = append(cells, why.of(v, f.metric, v.Value(f.period, f.metric.Name)))
	}
	if isRanked(v) {
		cells = append(cells, deflatedCell(v, why))
	}
	var days *float64
	if p := v.Period("itd"); p != nil {
		days = p.ElapsedDays
	}
	assets := orDash(v.TotalAssets, ShortAmount)
	assets.Small, assets.Title = symbol(v), Amount.Text(v.TotalAssets)
	cells = append(cells, orDash(days, Days), assets)
	if isRanked(v) {
		cells = append(cells, last)
	}
	return Row{Facets: facetsOf(v), Cells: cells}
}

// lastCell is when the last price point was, with a badge on how current it is or what else
// is wrong with the vault; its verdict has a column of its own.
func (w *View) lastCell(v *marts.Vault) Cell {
	all := badges(v)
	badge := all[0]
	if len(all) > 1 && (isRanked(v) && isLapsed(&v.Backing) || !isRanked(v) && v.Ineligible[0].Code == v.Backing.Verdict) {
		badge = all[1]
	}
	if v.IsFlat && v.Status == "live" && isRanked(v) {
		badge = Badge{"Flat", Mild}
	}
	if v.Paused != "" && v.Status == "live" && isRanked(v) {
		badge = Badge{"Paused", Bad}
	}
	return Cell{Text: badge.Text, Tone: badge.Tone, Small: date(v.LastAt), Entry: &Entry{Sort: date(v.LastAt)}, Title: w.age(v)}
}

// texts are sentences in one cell.
func texts(cells []Cell) string {
	all := make([]string, len(cells))
	for i := range cells {
		all[i] = ended(cells[i].Text)
	}
	return strings.Join(all, " ")
}

// spark are the prices of a sparkline.
func spark(prices []marts.Spark) []Point {
	out := make([]Point, len(prices))
	for i := range prices {
		out[i] = Point{prices[i].At, &prices[i].SharePrice}
	}
	return out
}

// absentRow is a vault that cannot be measured, with the reason its warnings
// give.
func absentRow(v *marts.Vault) Row {
	reason := statusLabel(v.Status)
	for _, w := range v.Warnings {
		if w.Code == v.Status {
			reason = sentence(clean(w.Message, 300)) + "."
		}
	}
	return Row{Cells: []Cell{
		{Text: displayName(v), Small: clean(v.ID, 40)},
		{Text: clean(v.Address, 64), Small: chainLabel(v.ChainID), Tone: Hash},
		words(reason),
	}}
}
