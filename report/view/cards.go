package view

import (
	"strings"

	"github.com/vaultperf/vaultperf/report/marts"
)

// headlineSharpe is the Sharpe ratio wherever a vault has only one: at a rate of 0,
// and such that autocorrelation cannot flatter it.
const headlineSharpe = "headline_sharpe"

// cards are the headline figures, in the order a reader asks for them.
func (w *View) cards(v *marts.Vault, deepest []marts.Drawdown) []Card {
	price := Card{Label: "Share price", Value: orDash(v.SharePrice, Price), Note: []string{symbol(v)}, Is: w.lastPrice()}
	if v.LastAt != nil {
		price.Note = append(price.Note, "on "+date(v.LastAt))
	}
	if isAgainst(v.Backing.Verdict) {
		price.Note = append(price.Note, "by its own word:", v.Backing.Verdict)
	}
	return []Card{price, w.totalCard(v), w.monthCard(v), w.drawdownCard(v, deepest), w.sharpeCard(v)}
}

// lastPrice is what the share price at the head of a report is.
func (w *View) lastPrice() *Definition { return w.column("vaults", "share_price", "Share price") }

// headline are the figures at the head of a workbook.
func (w *View) headline(v *marts.Vault) []Card {
	return []Card{
		{Label: "Share price" + unit(v), Value: orDash(v.SharePrice, Price), Is: w.lastPrice()},
		w.figure(v, "Return since inception", "itd", "total_return"),
		w.figure(v, "APY since inception", "itd", "apy"),
		w.figure(v, "APY, last 30 days", "30d", "apy"),
		w.figure(v, "Maximum drawdown", "itd", "max_drawdown"),
		w.figure(v, w.metricLabel(w.metric(headlineSharpe)), "itd", headlineSharpe),
	}
}

// figure is a card of one metric, or of the reason it has none.
func (w *View) figure(v *marts.Vault, label, period, metric string) Card {
	value, m := v.Value(period, metric), w.metric(metric)
	c := Card{Label: label, Value: (&explained{data: w.data}).of(v, m, value), Is: w.defined(m)}
	if value.Number == nil {
		c.Value.Title, c.Value.Tone = "", Why
		if value.Reason != "" {
			c.Note = []string{sentence(clean(meaning(w.data, value.Reason), 160))}
		}
	}
	return c
}

// text is one metric as a card's note mentions it.
func (w *View) text(v *marts.Vault, period, metric string) string {
	c := w.figure(v, "", period, metric)
	return c.Value.String()
}

func (w *View) totalCard(v *marts.Vault) Card {
	c := w.figure(v, "Since inception", "itd", "total_return")
	if p, apy := v.Period("itd"), v.Value("itd", "apy"); !c.isReason() && p != nil {
		c.Note = []string{w.text(v, "itd", "apy") + " annualised", "from " + inDays(p.ElapsedDays)}
		switch {
		case apy.Number == nil:
			c.Note = []string{"not annualised:", inWords(apy.Reason)}
		case !isRanked(v):
			c.Note = []string{"not annualised:", inWords(v.Ineligible[0].Code)}
		}
	}
	return c
}

func (w *View) monthCard(v *marts.Vault) Card {
	c := w.figure(v, "APY, last 30 days", "30d", "apy")
	if p := v.Period("30d"); !c.isReason() && p != nil {
		c.Note = []string{w.text(v, "30d", "total_return") + " in " + inDays(p.ElapsedDays) + ",", "compounded to a year"}
	}
	return c
}

func (w *View) drawdownCard(v *marts.Vault, deepest []marts.Drawdown) Card {
	c := w.figure(v, "Maximum drawdown", "itd", "max_drawdown")
	switch {
	case c.isReason():
	case len(deepest) == 0:
		c.Note = []string{"no price point below", "an earlier one"}
	case deepest[0].RecoveryAt == nil:
		c.Note = []string{"from " + date(&deepest[0].PeakAt) + ",", "not recovered"}
	default:
		c.Note = []string{date(&deepest[0].PeakAt), "to " + date(deepest[0].RecoveryAt)}
	}
	return c
}

// sharpeCard shows the headline Sharpe ratio, how it was computed, and beside it the
// plain ones under their own names.
func (w *View) sharpeCard(v *marts.Vault) Card {
	c := w.figure(v, w.metricLabel(w.metric(headlineSharpe)), "itd", headlineSharpe)
	if c.isReason() {
		return c
	}
	c.Note = []string{"since inception;"}
	if p := v.Value("itd", "ljung_box_p").Number; p != nil && *p < 0.05 {
		c.Note = append(c.Note, "by Newey-West, as returns", "are serially correlated;")
	}
	for _, name := range []string{"sharpe_ratio_zero", "sharpe_ratio"} {
		label := w.metricLabel(w.metric(name))
		if plain := w.figure(v, label, "itd", name); !plain.isReason() {
			c.Note = append(c.Note, label+":", plain.Value.String()+";")
		}
	}
	if w.riskFreeLabel() == "" {
		c.Note = append(c.Note, "no risk-free rate configured")
	}
	last := len(c.Note) - 1
	c.Note[last] = strings.TrimSuffix(c.Note[last], ";")
	return c
}

// isReason says that the card has no figure.
func (c *Card) isReason() bool { return c.Value.Tone == Why }
