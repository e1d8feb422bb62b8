package view

import (
	"github.com/vaultperf/vaultperf/report/marts"
)

// isReturn says of a metric that its header puts it under the returns, as the table of
// returns does; all others are in the table of risk.
func isReturn(m marts.Metric) bool { return m.Group == "returns" }

// riskPeriods are the columns of the table of risk.
var riskPeriods = []string{"itd", "365d", "180d", "90d", "30d"}

const youngerNote = "* The vault is younger than the period: counted from its first price point."

// returnsTable lists all periods.
func (w *View) returnsTable(v *marts.Vault) *Table {
	t := &Table{
		ID: "returns", Shape: Crowded, Caption: "Each period ends at the last price point and starts at the last one at or before its first moment.",
		Columns: []Column{
			{Head: "Period"},
			{Head: "From", Kind: Moment},
			{Head: "To", Kind: Moment},
			{Head: "Days", Is: w.column("performance", "elapsed_days", "Days"), Kind: Figure},
			{Head: "No. of returns", Is: w.column("performance", "returns_count", "No. of returns"), Kind: Figure},
		},
		Lead: len(v.Periods),
	}
	why := &explained{data: w.data}
	var metrics []marts.Metric
	for _, m := range w.data.Metrics {
		if isReturn(m) {
			metrics = append(metrics, m)
			t.Columns = append(t.Columns, Column{Head: w.metricLabel(m), Is: w.defined(m), Kind: Figure})
		}
	}
	partial := false
	for i := range v.Periods {
		p := &v.Periods[i]
		head := words(periodLabel(p.Period))
		if p.IsPartial {
			head.Text += " *"
			partial = true
		}
		r := Row{Cells: []Cell{
			head, moment(p.StartAt, Minute), moment(p.EndAt, Minute), orDash(p.ElapsedDays, Days), integer(&p.ReturnsCount, Count),
		}}
		for _, m := range metrics {
			r.Cells = append(r.Cells, why.of(v, m, p.Values[m.Name]))
		}
		t.Rows = append(t.Rows, r)
	}
	t.Notes = append(why.notes(), Note{"", "The APY and APR of less than a year extrapolate: they say what the period's return would come to if it went on for a year."})
	if partial {
		t.Notes = append([]Note{{"", youngerNote}}, t.Notes...)
	}
	return t
}

// riskTable lists every metric that is no return, by period.
func (w *View) riskTable(v *marts.Vault) *Table {
	t := &Table{ID: "risk", Caption: "Over the whole record and over windows that end at the last price point.", Columns: []Column{{Head: "Figure"}}}
	var periods []*marts.Period
	for _, name := range riskPeriods {
		if p := v.Period(name); p != nil {
			periods = append(periods, p)
			t.Columns = append(t.Columns, Column{Head: periodLabel(name), Kind: Figure})
		}
	}
	why := &explained{data: w.data}
	group := ""
	for _, m := range w.data.Metrics {
		if isReturn(m) {
			continue
		}
		if m.Group != group {
			group = m.Group
			t.Rows = append(t.Rows, Row{Group: sentence(clean(group, 40))})
		}
		r := Row{Cells: []Cell{{Text: w.metricLabel(m), Is: w.defined(m)}}}
		for _, p := range periods {
			r.Cells = append(r.Cells, why.of(v, m, p.Values[m.Name]))
		}
		t.Rows = append(t.Rows, r)
	}
	t.Lead = len(t.Rows)
	t.Notes = why.notes()
	return t
}

// periodsTable lists every metric of every period, and from when to when each
// runs.
func (w *View) periodsTable(v *marts.Vault) *Table {
	t := &Table{Title: "Figures by period", Shape: Matrix, Height: 28, Columns: []Column{{Head: "Figure"}}}
	from, to := Row{Soft: true, Cells: []Cell{words("From")}}, Row{Soft: true, Cells: []Cell{words("To")}}
	long, returns := Row{Soft: true, Cells: []Cell{{Text: "Days", Is: w.column("performance", "elapsed_days", "Days")}}},
		Row{Soft: true, Last: true, Cells: []Cell{{Text: "Returns", Is: w.column("performance", "returns_count", "No. of returns")}}}
	partial := false
	for i := range v.Periods {
		p := &v.Periods[i]
		head := periodLabel(p.Period)
		if p.IsPartial {
			head, partial = head+"*", true
		}
		t.Columns = append(t.Columns, Column{Head: head, Kind: Figure})
		from.Cells, to.Cells = append(from.Cells, moment(p.StartAt, Date)), append(to.Cells, moment(p.EndAt, Date))
		long.Cells = append(long.Cells, orDash(p.ElapsedDays, Days))
		returns.Cells = append(returns.Cells, integer(&p.ReturnsCount, Count))
	}
	t.Rows = []Row{from, to, long, returns}
	why := &explained{data: w.data}
	for i, m := range w.data.Metrics {
		r := Row{Cells: []Cell{{Text: w.metricLabel(m), Is: w.defined(m)}}}
		for j := range v.Periods {
			r.Cells = append(r.Cells, why.of(v, m, v.Periods[j].Values[m.Name]))
		}
		r.Last = i+1 == len(w.data.Metrics) || isReturn(m) && !isReturn(w.data.Metrics[i+1])
		t.Rows = append(t.Rows, r)
	}
	if partial {
		t.Notes = append(t.Notes, Note{"", youngerNote})
	}
	t.Notes = append(t.Notes, why.notes()...)
	return t
}

// metricLabel is a metric's label, with the rate where it uses one.
func (w *View) metricLabel(m marts.Metric) string {
	if rate := w.riskFreeLabel(); m.Name == "sharpe_ratio" && rate != "" {
		return clean(m.Label, 60) + " (" + rate + ")"
	}
	return clean(m.Label, 60)
}

// riskFreeLabel is what the Sharpe ratio is measured against: a rate, or the name of a
// series of rates; empty if there is none.
func (w *View) riskFreeLabel() string {
	switch {
	case w.data.RiskFreeSeries != "":
		return clean(w.data.RiskFreeSeries, 40)
	case w.data.RiskFreeRate != nil:
		return Percent.Text(w.data.RiskFreeRate)
	}
	return ""
}

// metric returns a metric's definition, or one that has only its name in words.
func (w *View) metric(name string) marts.Metric {
	m := w.data.Metric(name)
	if m.Label == "" {
		m.Label = inWords(name)
	}
	return m
}
