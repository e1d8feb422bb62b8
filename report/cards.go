package report

// cards are the headline figures, in the order a reader asks for them.
func (d *Data) cards(v *Vault) []card {
	price := card{Label: "Share price", Value: Price(v.SharePrice), Note: []string{Text(v.AssetSymbol, 16)}}
	if v.LastAt != nil {
		price.Note = append(price.Note, "on "+Date(v.LastAt))
	}
	return []card{price, d.totalCard(v), d.monthCard(v), d.drawdownCard(v), d.sharpeCard(v)}
}

// figure is a card of one metric, or of the reason it has none.
func (d *Data) figure(v *Vault, label, period, metric string) card {
	value := v.Value(period, metric)
	if value.Number == nil {
		c := card{Label: label, Value: Words(value.Reason), Why: true, Note: []string{Sentence(Text(d.Meaning(value.Reason), 160))}}
		if value.Reason == "" {
			c.Value, c.Note = Dash, nil
		}
		return c
	}
	m := d.metric(metric)
	return card{Label: label, Value: m.Number(value.Number), Loss: *value.Number < 0 && m.Unit != "ratio"}
}

func (d *Data) totalCard(v *Vault) card {
	c := d.figure(v, "Since inception", "itd", "total_return")
	if p, apy := v.Period("itd"), v.Value("itd", "apy"); !c.Why && p != nil {
		c.Note = []string{d.figure(v, "", "itd", "apy").Value + " annualised", "from " + withUnit(Days(p.ElapsedDays), "days")}
		if apy.Number == nil {
			c.Note = []string{"not annualised:", Words(apy.Reason)}
		}
	}
	return c
}

func (d *Data) monthCard(v *Vault) card {
	c := d.figure(v, "APY, last 30 days", "30d", "apy")
	if p := v.Period("30d"); !c.Why && p != nil {
		c.Note = []string{d.figure(v, "", "30d", "total_return").Value + " in " + withUnit(Days(p.ElapsedDays), "days") + ",", "compounded to a year"}
	}
	return c
}

func (d *Data) drawdownCard(v *Vault) card {
	c := d.figure(v, "Maximum drawdown", "itd", "max_drawdown")
	deepest := worst(v.Drawdowns, 1)
	switch {
	case c.Why:
	case len(deepest) == 0:
		c.Note = []string{"no mark below", "an earlier one"}
	case deepest[0].RecoveryAt == nil:
		c.Note = []string{"from " + Date(&deepest[0].PeakAt) + ",", "not recovered"}
	default:
		c.Note = []string{Date(&deepest[0].PeakAt), "to " + Date(deepest[0].RecoveryAt)}
	}
	return c
}

// sharpeCard shows the Sharpe ratio that autocorrelation cannot flatter, and
// beside it the one at the configured rate.
func (d *Data) sharpeCard(v *Vault) card {
	c := d.figure(v, "Sharpe ratio at 0 %", "itd", "headline_sharpe")
	if c.Why {
		return c
	}
	c.Note = []string{"since inception;"}
	if p := v.Value("itd", "ljung_box_p").Number; p != nil && *p < 0.05 {
		c.Note = append(c.Note, "by Newey-West, as returns", "are serially correlated;")
	}
	if d.RiskFreeRate == nil {
		c.Note = append(c.Note, "no risk-free rate configured")
	} else if rated := d.figure(v, "", "itd", "sharpe_ratio"); !rated.Why {
		c.Note = append(c.Note, rated.Value+" plain at "+Percent(d.RiskFreeRate))
	}
	return c
}
