package view

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
)

// prices are all points, one row each, or the last that fit a sheet.
func (w *View) prices(v *marts.Vault) *Series {
	left := max(0, len(v.Prices)-w.opt.SheetRows)
	points := v.Prices[left:]
	rolling, peaks := rollingAt(points, v.Rolling), peaksOf(v.Prices)[left:]
	days := daysBefore(points)
	c := codesOf(points)
	dateOf := func(i int) *time.Time { return &points[i].Date }
	s := &Series{ID: "prices", Len: len(points), Columns: []SeriesColumn{
		{ID: "time", Head: "Time (UTC)", Kind: Moment, Left: true, Width: 19, Code: secondCode, At: func(i int) *time.Time { return &points[i].At }},
		{ID: "date", Head: "Date", Kind: Moment, Left: true, Width: 11, Code: dateCode, At: dateOf},
		{ID: "price", Name: "share_prices", Head: "Share price" + unit(v), Is: w.column("share_prices", "share_price", "Share price"), Kind: Figure, Width: 15, Code: c.price, Number: func(i int) *float64 { return &points[i].SharePrice }},
		{ID: "return", Head: "Return since the price point before", Is: w.column("returns", "simple_return", "Return since the price point before"), Kind: Figure, Width: 13, Code: c.change, Number: func(i int) *float64 { return points[i].Return }},
		{ID: "drawdown", Head: "Drawdown", Is: w.column("returns", "drawdown", "Drawdown"), Kind: Figure, Width: 12, Code: c.fall, Number: func(i int) *float64 { return points[i].Drawdown }},
		{ID: "peak", Head: "Highest price so far", Is: w.column("returns", "peak_price", "Highest price so far"), Kind: Figure, Width: 15, Code: c.price, Number: func(i int) *float64 { return &peaks[i] }, Formula: "MAX({peak-1},{price})", From: 1},
		{ID: "days", Head: "Days since the price point before", Is: w.column("returns", "elapsed_seconds", "Days since the price point before").in("days", "elapsed_seconds / 86400"), Kind: Figure, Width: 13, Code: "0.000", Number: func(i int) *float64 { return days[i] }},
		{Head: fmt.Sprintf("APY over %d days", rollingDays), Is: w.column("rolling", "apy", "Rolling APY"), Kind: Figure, Width: 12, Code: "#,##0.00%", Number: func(i int) *float64 {
			if rolling[i] == nil {
				return nil
			}
			return rolling[i].APY
		}},
		{Head: "Total assets" + unit(v), Is: w.column("share_prices", "total_assets", "Total assets"), Kind: Figure, Width: 17, Code: c.assets, Number: func(i int) *float64 { return points[i].TotalAssets }},
		{Head: "Total supply (shares)", Is: w.column("share_prices", "total_supply", "Total supply"), Kind: Figure, Width: 17, Code: c.supply, Number: func(i int) *float64 { return points[i].TotalSupply }},
		w.exactColumn("Total assets, raw integer", "total_assets_raw", points, func(m *marts.PricePoint) string { return m.TotalAssetsRaw }),
		w.exactColumn("Total supply, raw integer", "total_supply_raw", points, func(m *marts.PricePoint) string { return m.TotalSupplyRaw }),
		{Head: "Block", Is: w.column("share_prices", "block_number", "Block"), Kind: Figure, Width: 12, Code: "0", Exact: true, Whole: func(i int) *int64 { return points[i].BlockNumber }},
		{Head: "Source", Kind: Term, Width: 24, Text: func(i int) string { return sourceLabel(points[i].Source) }},
		{Head: "Note", Kind: Text, Soft: true, Width: 44, Text: func(i int) string { return priceNote(&points[i], rolling[i]) }},
	}}
	if left > 0 {
		s.leftOut = fmt.Sprintf("The sheet %s holds the last %s; %s before them are in marts.share_prices of the published database. "+
			"All figures are of all price points.", sheetPrices, counted(int64(len(points)), "price point"), count(int64(left)))
	}
	return s
}

// exactColumn are exact integers, as text.
func (w *View) exactColumn(head, column string, points []marts.PricePoint, raw func(*marts.PricePoint) string) SeriesColumn {
	width := 14
	for i := range points {
		width = max(width, len(raw(&points[i])))
	}
	return SeriesColumn{
		Head: head, Is: w.column("share_prices", column, head), Kind: Code, Exact: true, Code: textCode, Width: float64(min(width, 80))*1.1 + 1,
		Text: func(i int) string { return clean(raw(&points[i]), longestText) },
	}
}

// peaksOf are the highest prices so far.
func peaksOf(points []marts.PricePoint) []float64 {
	out := make([]float64, len(points))
	peak := 0.0
	for i := range points {
		peak = max(peak, points[i].SharePrice)
		out[i] = peak
	}
	return out
}

// daysBefore are the days since the price point before each; nil for the first.
func daysBefore(points []marts.PricePoint) []*float64 {
	out, days := make([]*float64, len(points)), make([]float64, len(points))
	for i := range points {
		if seconds := points[i].ElapsedSeconds; seconds != nil {
			days[i] = *seconds / 86400
			out[i] = &days[i]
		}
	}
	return out
}

// priceNote says what a reader of a price point's row must know, blank cells first.
func priceNote(m *marts.PricePoint, rolling *marts.Rolling) string {
	if !m.IsInception && !m.IsInexact && (rolling == nil || rolling.APY != nil) {
		return ""
	}
	var notes []string
	if m.IsInception {
		notes = append(notes, "inception")
	}
	if m.IsInexact {
		notes = append(notes, "from an inexact amount")
	}
	if rolling != nil && rolling.APY == nil && rolling.Reason != "" {
		notes = append(notes, "no APY: "+inWords(rolling.Reason))
	}
	return strings.Join(notes, "; ")
}

// rollingAt are the rolling figures of some points, both in the order of time; nil
// where there is none.
func rollingAt(points []marts.PricePoint, all []marts.Rolling) []*marts.Rolling {
	out := make([]*marts.Rolling, len(points))
	next := 0
	for i := range points {
		for next < len(all) && (all[next].Days != rollingDays || all[next].At.Before(points[i].At)) {
			next++
		}
		if next < len(all) && all[next].At.Equal(points[i].At) {
			out[i] = &all[next]
		}
	}
	return out
}

// codes are the number formats of the columns, chosen by their largest values so
// that a column has one format.
type codes struct{ price, change, fall, assets, supply string }

func codesOf(points []marts.PricePoint) codes {
	var price, change, fall, assets, supply float64
	largest := func(to *float64, x *float64) {
		if x != nil {
			*to = max(*to, math.Abs(*x))
		}
	}
	for i := range points {
		m := &points[i]
		largest(&price, &m.SharePrice)
		largest(&change, m.Return)
		largest(&fall, m.Drawdown)
		largest(&assets, m.TotalAssets)
		largest(&supply, m.TotalSupply)
	}
	return codes{
		price: Price.Column(price), change: Percent.Column(change), fall: Percent.Column(fall),
		assets: Amount.Column(assets), supply: Amount.Column(supply),
	}
}
