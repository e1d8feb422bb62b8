package view

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
)

// bandsShown is how many drawdowns the price chart shades.
const bandsShown = 5

// priceChart draws the share price over its whole life, the deepest drawdowns
// shaded and numbered as in the table of drawdowns.
func (w *View) priceChart(v *marts.Vault, deepest []marts.Drawdown, prices *Series) *Chart {
	c := &Chart{ID: "price", Title: "Share price", Format: Price, Is: w.column("share_prices", "share_price", "Share price")}
	if len(v.Prices) < 2 {
		c.Words = "There is one price point so far; a line needs two."
		return c
	}
	low, high := &v.Prices[0], &v.Prices[0]
	points := make([]Point, len(v.Prices))
	for i := range v.Prices {
		m := &v.Prices[i]
		points[i] = Point{m.At, &m.SharePrice}
		if m.SharePrice < low.SharePrice {
			low = m
		}
		if m.SharePrice > high.SharePrice {
			high = m
		}
	}
	first, last := &v.Prices[0], &v.Prices[len(v.Prices)-1]
	if high.SharePrice-low.SharePrice <= 1e-12*high.SharePrice {
		c.Words = fmt.Sprintf("The share price has been %s at every one of %s, from %s to %s.",
			price(last.SharePrice), counted(int64(len(v.Prices)), "price point"), date(&first.At), date(&last.At))
		return c
	}
	c.Points, c.Bands = thin(points), bands(deepest[:min(bandsShown, len(deepest))], last.At)
	c.X, c.Y = moments(first.At, last.At), levels(low.SharePrice, high.SharePrice, priceTick)
	c.Alt = fmt.Sprintf("Line of the share price in %s from %s on %s to %s on %s; lowest %s on %s, highest %s on %s.",
		symbol(v), price(first.SharePrice), date(&first.At), price(last.SharePrice), date(&last.At),
		price(low.SharePrice), date(&low.At), price(high.SharePrice), date(&high.At))
	c.Note = symbol(v) + " per share at each price point."
	if len(c.Bands) > 0 {
		c.Note += " Shaded: the deepest drawdowns, peak to recovery, numbered as in the table of drawdowns."
	}
	c.Native = nativePrice(v, prices, c.Title)
	return c
}

// nativePrice is the same over the shown of the series.
func nativePrice(v *marts.Vault, prices *Series, title string) *Native {
	shown := v.Prices[len(v.Prices)-prices.Len:]
	low, high := math.Inf(1), math.Inf(-1)
	for i := range shown {
		low, high = min(low, shown[i].SharePrice), max(high, shown[i].SharePrice)
	}
	y := levels(low, high, priceTick)
	code := fixedCode(stepDecimals(y.Step()))
	if high >= 1e9 || y.Step() < 1e-9 {
		code = "0.00E+00"
	}
	return &Native{
		Title: title + unit(v), Series: prices, X: prices.Column("date"), Y: prices.Column("price"),
		Dates: dateAxis(shown), Scale: y, Code: code,
	}
}

// bands are the stretches of drawdowns, of an open one to the last price point.
func bands(episodes []marts.Drawdown, last time.Time) []Band {
	var out []Band
	for i, e := range episodes {
		to := last
		if e.RecoveryAt != nil {
			to = *e.RecoveryAt
		}
		out = append(out, Band{float64(e.PeakAt.UnixMilli()), float64(to.UnixMilli()), strconv.Itoa(i + 1)})
	}
	return out
}
