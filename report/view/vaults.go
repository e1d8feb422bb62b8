package view

import (
	"slices"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
)

// Vaults is the workbook of all vaults: one row for each, with its figures since
// inception, and one for each period of it.
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

// vaultsSheet has a row for each vault, in the config's order.
func (w *View) vaultsSheet() Sheet {
	all := w.data.Vaults
	is := func(column, label string) *Definition { return w.column("vaults", column, label) }
	text := func(head string, width float64, of func(v *marts.Vault) string) SeriesColumn {
		return SeriesColumn{Head: head, Kind: Term, Width: width, Text: func(i int) string { return of(all[i]) }}
	}
	at := func(head string, of func(v *marts.Vault) *time.Time) SeriesColumn {
		return SeriesColumn{Head: head, Kind: Moment, Left: true, Width: 17, Code: minuteCode, At: func(i int) *time.Time { return of(all[i]) }}
	}
	number := func(head, column string, width float64, code string, of func(v *marts.Vault) *float64) SeriesColumn {
		return SeriesColumn{Head: head, Is: is(column, head), Kind: Figure, Width: width, Code: code, Number: func(i int) *float64 { return of(all[i]) }}
	}
	s := &Series{ID: "vaults", Len: len(all), Columns: []SeriesColumn{
		text("Vault", 34, displayName),
		text("Id", 24, func(v *marts.Vault) string { return clean(v.ID, longestText) }),
		text("Chain", 20, func(v *marts.Vault) string { return chainLabel(v.ChainID) }),
		text("Address", 44, func(v *marts.Vault) string { return clean(v.Address, longestText) }),
		text("Kind", 18, func(v *marts.Vault) string { return clean(v.Family, 80) }),
		text("Asset", 12, symbol),
		text("Status", 14, func(v *marts.Vault) string { return statusLabel(v.Status) }),
		text("Not ranked, because", 30, notRankedBecause),
		at("First price point (UTC)", func(v *marts.Vault) *time.Time { return v.FirstAt }),
		at("Last price point (UTC)", func(v *marts.Vault) *time.Time { return v.LastAt }),
		number("Share price", "share_price", 16, "0.00000000", func(v *marts.Vault) *float64 { return v.SharePrice }),
		number("Total assets", "total_assets", 18, "#,##0.00", func(v *marts.Vault) *float64 { return v.TotalAssets }),
		number("Coverage", "coverage", 11, "0.0%", func(v *marts.Vault) *float64 { return v.Coverage }),
	}}
	s.Columns = append(s.Columns, w.metricColumns(func(i int) *marts.Period { return all[i].Period("itd") })...)
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
	return s.sheet("Periods")
}

// metricColumns are a period's figures, blank where undefined, and why they are.
func (w *View) metricColumns(period func(row int) *marts.Period) []SeriesColumn {
	var out []SeriesColumn
	for _, m := range w.data.Metrics {
		code := "#,##0.0000"
		switch {
		case strings.HasPrefix(m.Unit, "fraction"):
			code = "#,##0.0000%"
		case m.Unit == "count":
			code = countCode
		}
		out = append(out, SeriesColumn{
			Head: w.metricLabel(m), Is: w.defined(m), Kind: Figure, Width: max(12, float64(len(w.metricLabel(m)))), Code: code,
			Number: func(i int) *float64 {
				if p := period(i); p != nil {
					return p.Values[m.Name].Number
				}
				return nil
			},
		})
	}
	return append(out, SeriesColumn{Head: "Undefined", Kind: Text, Soft: true, Width: 60, Text: func(i int) string { return w.undefined(period(i)) }})
}

// undefined says why figures of a period have no value, by reason.
func (w *View) undefined(p *marts.Period) string {
	if p == nil {
		return "no price point"
	}
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
