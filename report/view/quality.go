package view

import (
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/report/marts"
)

// qualityFacts says how well the vault's prices cover its life.
func (w *View) qualityFacts(v *marts.Vault) []Fact {
	missing := v.DaysCount - v.DaysWithPrice
	fact := func(label, text, column string) Fact {
		return Fact{label, words(text), w.column("vaults", column, label)}
	}
	facts := []Fact{
		fact("Readings accepted", count(v.ReadingsCount), "readings_count"),
		fact("Price points (first reading, then the last of each day)", count(v.PricesCount), "price_points_count"),
		fact("Days from first to last price point", count(v.DaysCount), "days_count"),
		fact("Days with a price point", count(v.DaysWithPrice)+", without one "+count(missing), "days_with_price"),
		fact("Coverage", Percent.Text(v.Coverage), "coverage"),
		fact("Longest gap between price points", inDays(v.LongestGapDays), "longest_gap_days"),
		{"First price point", words(dateTime(v.FirstAt)), nil},
		{"Last price point", words(w.age(v)), nil},
		fact("Last share price, all digits", allDigits(v.SharePrice), "share_price"),
		{"Last change of price", words(dateTime(v.LastChangeAt)), nil},
		{"Kind of price", words(sources(v.Prices)), nil},
	}
	if v.InexactPoints > 0 {
		const label = "Price points from inexact amounts"
		facts = append(facts, Fact{label, words(count(v.InexactPoints)), w.column("quality", "inexact_points", label)})
	}
	return append(facts, Fact{"Start rule", words(w.startRule(v)), nil})
}

// age is when the last price point was and how long before the end of the as-of day.
func (w *View) age(v *marts.Vault) string {
	if v.LastAt == nil {
		return Dash
	}
	return dateTime(v.LastAt) + ", " + duration(w.data.Until.Sub(*v.LastAt)) + " before the end of the as-of day"
}

// startRule says which rule set the inception.
func (w *View) startRule(v *marts.Vault) string {
	if w.data.MinTotalAssets == nil {
		return "none: history starts at the first reading"
	}
	rule := Amount.Text(w.data.MinTotalAssets) + " " + symbol(v)
	if !v.StartRuleApplied {
		return "total assets of at least " + rule + ", not applied: see the notes"
	}
	return "history starts at the first reading with total assets of at least " + rule
}

// sources counts the kinds of price among the points.
func sources(points []marts.PricePoint) string {
	counts := map[string]int64{}
	for i := range points {
		counts[points[i].Source]++
	}
	var names, parts []string
	for name := range counts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		parts = append(parts, sourceLabel(name)+" ("+count(counts[name])+")")
	}
	return strings.Join(parts, ", ")
}

// qualitySheet says how well the prices cover the vault's life, and what is to be
// warned of.
func (w *View) qualitySheet(p *parts) Sheet {
	return Sheet{
		Name: sheetQuality, Landscape: true, Across: 10,
		Widths: []float64{42, 12, 18, 12, 11, 11, 11, 11, 13, 38, 38},
		Blocks: []Block{
			Heading("How well the prices cover the vault's life"),
			&p.quality,
			&Warnings{Title: "Warnings of this vault", Texts: p.prices.withLeftOut(p.warnings)},
			&Warnings{Title: "Warnings of the run, for all vaults", Texts: w.warnings.Texts},
		},
	}
}
