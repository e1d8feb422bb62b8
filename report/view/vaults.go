package view

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
)

// Vaults is the workbook of all vaults: one row for each, and one with all figures for
// each period of it.
func (w *View) Vaults() *Workbook {
	sheets := []Sheet{w.vaultsSheet(), w.periodsSheet(), w.provenanceSheet(nil)}
	t := w.definitionsTable(sheets)
	sheets = append(sheets, Sheet{
		Name: sheetDefinitions, Landscape: true, Frozen: 1, Widths: t.widths(), Blocks: []Block{
			t,
			&Terms{Title: "Conventions", Notes: append(w.rules(), Note{"Rate", w.rate()})},
			&Terms{Title: "Why a figure is undefined", Notes: w.reasons},
		},
	})
	return &Workbook{
		Title:   "Performance of all vaults as of " + date(&w.data.AsOf),
		Subject: counted(int64(len(w.data.Vaults)), "vault"),
		Creator: "vaultperf",
		Written: w.data.Until,
		Footer:  "All vaults, as of " + date(&w.data.AsOf),
		Sheets:  sheets,
	}
}

// vaultsSheet has a row for each vault, in the config's order, with what the index shows
// of it and a few figures more.
func (w *View) vaultsSheet() Sheet {
	all := w.data.Vaults
	is := func(column, label string) *Definition { return w.column("vaults", column, label) }
	text := func(head string, width float64, of func(v *marts.Vault) string) SeriesColumn {
		return SeriesColumn{Head: head, Kind: Term, Width: width, Text: func(i int) string { return of(all[i]) }}
	}
	number := func(head string, is *Definition, width float64, code string, of func(v *marts.Vault) *float64) SeriesColumn {
		return SeriesColumn{Head: head, Is: is, Kind: Figure, Width: width, Code: code, Number: func(i int) *float64 { return of(all[i]) }}
	}
	name := text("Vault", 30, displayName)
	name.Link = func(i int) string {
		if !all[i].HasPage {
			return ""
		}
		return all[i].Slug + "/report.xlsx"
	}
	address := text("Address", 44, func(v *marts.Vault) string { return clean(v.Address, longestText) })
	address.Link = func(i int) string { return explorer(all[i].ChainID, all[i].Address) }
	s := &Series{ID: "vaults", Len: len(all), Columns: []SeriesColumn{
		name,
		text("Chain", 20, func(v *marts.Vault) string { return chainLabel(v.ChainID) }),
		text("Asset", 12, symbol),
		text("Status", 12, func(v *marts.Vault) string { return statusLabel(v.Status) }),
		text("Not ranked, because", 22, notRankedBecause),
		{Head: "Last price (UTC)", Kind: Moment, Left: true, Width: 16, Code: minuteCode, At: func(i int) *time.Time { return all[i].LastAt }},
		number("Share price", is("share_price", "Share price"), 14, bounded(1e5, "0.00000000"), func(v *marts.Vault) *float64 { return v.SharePrice }),
		number("Total assets", is("total_assets", "Total assets"), 16, bounded(1e11, "#,##0.00"), func(v *marts.Vault) *float64 { return v.TotalAssets }),
	}}
	metrics := append(w.indexFigures(), indexFigure{"itd", w.metric("volatility")})
	for _, f := range metrics {
		head := w.metricLabel(f.metric)
		if f.period != "itd" {
			head += ", " + strings.ToLower(periodLabel(f.period))
		}
		s.Columns = append(s.Columns, number(head, w.defined(f.metric), max(11, 0.9*float64(len(head))), metricCode(f.metric), func(v *marts.Vault) *float64 {
			return v.Value(f.period, f.metric.Name).Number
		}))
	}
	s.Columns = append(s.Columns,
		address)
	return s.sheet("Vaults")
}

// notRankedBecause is empty of a vault that may be ranked.
func notRankedBecause(v *marts.Vault) string {
	var badges []string
	for _, reason := range v.Ineligible {
		badges = append(badges, clean(reason.Badge, 40))
	}
	return strings.Join(badges, ", ")
}

// periodsSheet has a row for each period of each vault.
func (w *View) periodsSheet() Sheet {
	type row struct {
		vault  *marts.Vault
		period *marts.Period
	}
	var rows []row
	for _, v := range w.data.Vaults {
		for i := range v.Periods {
			rows = append(rows, row{v, &v.Periods[i]})
		}
	}
	rows = rows[:min(len(rows), max(w.opt.SheetRows, 0))]
	returns := w.column("performance", "returns_count", "Returns")
	s := &Series{ID: "periods", Len: len(rows), Columns: []SeriesColumn{
		{Head: "Vault", Kind: Term, Width: 34, Text: func(i int) string { return displayName(rows[i].vault) }},
		{Head: "Id", Kind: Term, Width: 24, Text: func(i int) string { return clean(rows[i].vault.ID, longestText) }},
		{Head: "Period", Kind: Term, Width: 16, Text: func(i int) string { return periodLabel(rows[i].period.Period) }},
		{Head: "From (UTC)", Kind: Moment, Left: true, Width: 17, Code: minuteCode, At: func(i int) *time.Time { return rows[i].period.StartAt }},
		{Head: "To (UTC)", Kind: Moment, Left: true, Width: 17, Code: minuteCode, At: func(i int) *time.Time { return rows[i].period.EndAt }},
		{Head: "Days", Is: w.column("performance", "elapsed_days", "Days"), Kind: Figure, Width: 10, Code: "#,##0.00", Number: func(i int) *float64 { return rows[i].period.ElapsedDays }},
		{Head: "Returns", Is: returns, Kind: Figure, Width: 10, Code: countCode, Whole: func(i int) *int64 { return &rows[i].period.ReturnsCount }},
	}}
	s.Columns = append(s.Columns, w.metricColumns(func(i int) *marts.Period { return rows[i].period })...)
	sheet := s.sheet("Periods")
	sheet.Wide = true
	return sheet
}

// metricColumns are a period's figures, blank where undefined, and why they are.
func (w *View) metricColumns(period func(row int) *marts.Period) []SeriesColumn {
	var out []SeriesColumn
	for _, m := range w.data.Metrics {
		out = append(out, SeriesColumn{
			Head: w.metricLabel(m), Is: w.defined(m), Kind: Figure, Width: max(12, float64(len(w.metricLabel(m)))), Code: metricCode(m),
			Number: func(i int) *float64 { return period(i).Values[m.Name].Number },
		})
	}
	return append(out, SeriesColumn{Head: "Undefined", Kind: Text, Soft: true, Width: 60, Text: func(i int) string { return w.undefined(period(i)) }})
}

// metricCode is one number format for figures of all vaults.
func metricCode(m marts.Metric) string {
	switch {
	case strings.HasPrefix(m.Unit, "fraction"):
		return bounded(1e3, "#,##0.0000%")
	case m.Unit == "count":
		return countCode
	}
	return bounded(1e5, "#,##0.0000")
}

// bounded shows as powers of ten what would be too wide for its column.
func bounded(largest float64, code string) string {
	bound := strconv.FormatFloat(largest, 'f', -1, 64)
	return "[>=" + bound + "]0.000E+00;[<=-" + bound + "]-0.000E+00;" + code
}

// undefined says why figures of a period have no value, by reason.
func (w *View) undefined(p *marts.Period) string {
	var reasons []string
	labels := map[string][]string{}
	defined := 0
	for _, m := range w.data.Metrics {
		value := p.Values[m.Name]
		switch {
		case value.Number != nil:
			defined++
		case value.Reason != "":
			words := inWords(value.Reason)
			if labels[words] == nil {
				reasons = append(reasons, words)
			}
			labels[words] = append(labels[words], w.metricLabel(m))
		}
	}
	slices.Sort(reasons)
	var parts []string
	for _, reason := range reasons {
		of := strings.Join(labels[reason], ", ")
		if defined == 0 && len(reasons) == 1 {
			of = "all figures"
		}
		parts = append(parts, reason+": "+of)
	}
	return strings.Join(parts, "; ")
}
