package report

import (
	"html/template"
	"io"
	"strconv"
	"strings"
)

// An indexPage is all texts of the index.
type indexPage struct {
	Chrome   chrome
	AsOf     string
	Summary  string
	Warnings []Warning
	Head     []column
	Rows     []indexRow
	Absent   table
	Imports  table
	Notes    []note
}

// A column is a heading the index sorts by; Text is its kind of value.
type column struct {
	Label string
	Title string
	Text  bool
}

type indexRow struct {
	Name   cell
	Spark  template.HTML
	Cells  []cell
	Status cell
}

// writeIndex writes the list of all vaults.
func (p *pages) writeIndex(w io.Writer, d *Data) error {
	page := indexPage{
		Chrome: p.index, AsOf: Date(&d.AsOf), Warnings: shown(d.Warnings), Head: d.indexHead(),
		Absent:  table{ID: "absent", Class: "roomy", Caption: "Vaults without a reading", Head: []cell{words("Vault"), words("Address"), words("Reason")}},
		Imports: d.importsTable(),
		Notes:   d.conventions(&Vault{StartRuleApplied: true})[:4],
	}
	why := &explained{data: d}
	pages := int64(0)
	for _, v := range d.Vaults {
		if v.MarksCount == 0 {
			page.Absent.Rows = append(page.Absent.Rows, absentRow(v))
			continue
		}
		if v.HasPage {
			pages++
		}
		page.Rows = append(page.Rows, d.indexRow(v, why))
	}
	page.Notes = append(page.Notes, note{"APY", "Since inception, by the days shown beside it; of less than a year it is an extrapolation, not a result."})
	page.Notes = append(page.Notes, why.notes()...)
	page.Summary = Counted(int64(len(d.Vaults)), "vault") + ", " + Count(int64(len(page.Rows))) + " with prices, " +
		Count(pages) + " with a page of their own"
	return p.templates.ExecuteTemplate(w, "index.html", page)
}

func (d *Data) indexHead() []column {
	sharpe := column{Label: "Sharpe", Title: "Sharpe ratio since inception at a rate of 0"}
	if rate := d.hurdle(); rate != "" {
		sharpe.Title = "Sharpe ratio since inception at a rate of " + rate
	}
	return []column{
		{Label: "Vault", Text: true},
		{Label: "30 days", Title: "Total return of the last 30 days"},
		{Label: "Year to date", Title: "Total return since the last mark of the year before"},
		{Label: "Inception", Title: "Total return since inception"},
		{Label: "APY", Title: "Since inception, compounded to a year"},
		{Label: "Max drawdown", Title: "Since inception"},
		sharpe,
		{Label: "Days", Title: "From the first mark to the last"},
		{Label: "Assets", Title: "Total assets at the last mark, in the vault's asset"},
		{Label: "Last mark", Text: true},
	}
}

func (d *Data) indexRow(v *Vault, why *explained) indexRow {
	sharpe := "sharpe_ratio_zero"
	if d.hurdle() != "" {
		sharpe = "sharpe_ratio"
	}
	r := indexRow{
		Name:  cell{Text: displayName(v), Small: Middle(v.ID, 20) + " · " + ChainLabel(v.ChainID), Sort: strings.ToLower(displayName(v))},
		Spark: spark(v.Spark),
	}
	if v.HasPage {
		r.Name.Link = v.Slug + "/report.html"
	}
	for _, figure := range [][2]string{
		{"30d", "total_return"}, {"ytd", "total_return"}, {"itd", "total_return"}, {"itd", "apy"}, {"itd", "max_drawdown"}, {"itd", sharpe},
	} {
		value := v.Value(figure[0], figure[1])
		c := why.value(d.metric(figure[1]), value)
		c.Sort = sortKey(value.Number)
		r.Cells = append(r.Cells, c)
	}
	var days *float64
	if p := v.Period("itd"); p != nil {
		days = p.ElapsedDays
	}
	r.Cells = append(r.Cells,
		cell{Text: Days(days), Class: "n", Sort: sortKey(days)},
		cell{Text: ShortAmount(v.TotalAssets), Small: Text(v.AssetSymbol, 16), Class: "n", Sort: sortKey(v.TotalAssets), Title: Amount(v.TotalAssets)})
	badge := badges(v)[0]
	r.Status = cell{Text: badge.Text, Class: badge.Class, Small: Date(v.LastAt), Sort: Date(v.LastAt), Title: d.age(v)}
	if v.IsFlat && v.Status == "live" {
		r.Status.Text, r.Status.Class = "Flat", "mild"
	}
	return r
}

// absentRow is a vault that cannot be measured, with the reason its warnings
// give.
func absentRow(v *Vault) row {
	reason := StatusLabel(v.Status)
	for _, w := range v.Warnings {
		if w.Code == v.Status {
			reason = Sentence(Text(w.Message, 300)) + "."
		}
	}
	return row{
		Head:  cell{Text: displayName(v), Small: Text(v.ID, 40)},
		Cells: []cell{{Text: Text(v.Address, 64), Small: ChainLabel(v.ChainID), Class: "code"}, words(reason)},
	}
}

// sortKey is a number the index's script can compare; empty sorts last.
func sortKey(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'g', 9, 64)
}

// Sparkline's size in its own units.
const (
	sparkWidth  = 120
	sparkHeight = 28
)

// spark draws prices as a line of an inline SVG; it holds nothing but numbers.
func spark(prices []Spark) template.HTML {
	if len(prices) < 2 {
		return ""
	}
	low, high := prices[0].SharePrice, prices[0].SharePrice
	for _, p := range prices {
		low, high = min(low, p.SharePrice), max(high, p.SharePrice)
	}
	first := prices[0].At
	life := prices[len(prices)-1].At.Sub(first).Seconds()
	var b strings.Builder
	b.WriteString(`<svg class="spark" viewBox="0 0 120 28" width="120" height="28" aria-hidden="true"><polyline points="`)
	for i, p := range prices {
		x, y := 0.0, sparkHeight/2.0
		if life > 0 {
			x = p.At.Sub(first).Seconds() / life * sparkWidth
		}
		if high > low {
			y = sparkHeight - 2 - (p.SharePrice-low)/(high-low)*(sparkHeight-4)
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.FormatFloat(x, 'f', 1, 64) + "," + strconv.FormatFloat(y, 'f', 1, 64))
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String())
}
