package report

import "slices"

// growth are the metrics of the table of returns; all others are in the table
// of risk.
var growth = []string{"total_return", "apy", "apr"}

// riskPeriods are the columns of the table of risk.
var riskPeriods = []string{"itd", "365d", "180d", "90d", "30d"}

// returnsTable lists all periods.
func (d *Data) returnsTable(v *Vault) table {
	t := table{
		ID: "returns", Caption: "Each period ends at the last mark and starts at the last mark at or before its first moment.",
		Head: []cell{words("Period"), number("From"), number("To"), number("Days"), number("No. of returns")},
	}
	why := &explained{data: d}
	metrics := d.metricsNamed(growth)
	for _, m := range metrics {
		t.Head = append(t.Head, cell{Text: m.Label, Title: Text(m.Definition, 400), Class: "n"})
	}
	partial := false
	for _, p := range v.Periods {
		head := words(PeriodLabel(p.Period))
		if p.IsPartial {
			head.Text += " *"
			partial = true
		}
		r := row{Head: head, Cells: []cell{
			{Text: Date(p.StartAt), Title: DateTime(p.StartAt), Class: "n"},
			{Text: Date(p.EndAt), Title: DateTime(p.EndAt), Class: "n"},
			number(Days(p.ElapsedDays)),
			number(Count(p.ReturnsCount)),
		}}
		for _, m := range metrics {
			r.Cells = append(r.Cells, why.value(m, p.Values[m.Name]))
		}
		t.Rows = append(t.Rows, r)
	}
	t.Notes = append(why.notes(), note{"", "The APY and APR of less than a year extrapolate: they say what the period's return would come to if it went on for a year."})
	if partial {
		t.Notes = append([]note{{"", "* The vault is younger than the period: counted from its first mark."}}, t.Notes...)
	}
	return t
}

// riskTable lists every metric that is not growth, by period.
func (d *Data) riskTable(v *Vault) table {
	t := table{ID: "risk", Caption: "Over the whole record and over windows that end at the last mark.", Head: []cell{words("Figure")}}
	var periods []*Period
	for _, name := range riskPeriods {
		if p := v.Period(name); p != nil {
			periods = append(periods, p)
			t.Head = append(t.Head, number(PeriodLabel(name)))
		}
	}
	why := &explained{data: d}
	group := ""
	for _, m := range d.Metrics {
		if slices.Contains(growth, m.Name) {
			continue
		}
		if m.Group != group {
			group = m.Group
			t.Rows = append(t.Rows, row{Head: words(Sentence(Text(group, 40))), Span: len(t.Head)})
		}
		r := row{Head: cell{Text: d.metricLabel(m), Title: Text(m.Definition, 400)}}
		for _, p := range periods {
			r.Cells = append(r.Cells, why.value(m, p.Values[m.Name]))
		}
		t.Rows = append(t.Rows, r)
	}
	t.Notes = why.notes()
	return t
}

// metricLabel is a metric's label, with the rate where it uses one.
func (d *Data) metricLabel(m Metric) string {
	if m.Name == "sharpe_ratio" && d.RiskFreeRate != nil {
		return Text(m.Label, 60) + " (" + Percent(d.RiskFreeRate) + ")"
	}
	return Text(m.Label, 60)
}

// metricsNamed returns the definitions of some metrics.
func (d *Data) metricsNamed(names []string) []Metric {
	var out []Metric
	for _, name := range names {
		out = append(out, d.metric(name))
	}
	return out
}

// metric returns a metric's definition, or one that has only its name.
func (d *Data) metric(name string) Metric {
	for _, m := range d.Metrics {
		if m.Name == name {
			return m
		}
	}
	return Metric{Name: name, Label: Words(name)}
}
