package report

// summaryColumns are a label and one column per period.
const summaryColumns = 11

// summary is the sheet an investor reads: who, how current, what to beware of,
// the charts, every figure of every period, and a check of the main ones.
func (b *book) summary() error {
	widths := []float64{27}
	for range summaryColumns - 1 {
		widths = append(widths, 12)
	}
	s := b.begin(sheetSummary, layout{widths: widths})
	v := b.vault
	s.line(30, s.label(look{bold: true, size: 20, middle: true}, displayName(v)))
	s.line(18, s.text(look{color: softColor, size: 11}, "Performance of one share, as of "+Date(&b.data.AsOf)+" UTC"))
	s.skip()
	s.facts()
	s.headline()
	s.listSummaryWarnings()
	s.skip()
	s.charts()
	s.periods()
	s.checks()
	s.skip()
	s.paragraph(soft, 1, summaryColumns, nil, "Past performance does not say what will come. Figures are computed from the "+
		"readings named on "+sheetQuality+" and are not audited; this workbook is not an offer. "+
		"What each figure means is on "+sheetDefinitions+".")
	return s.end()
}

// periods writes every metric of every period.
func (s *sheet) periods() {
	v := s.vault
	s.title("Figures by period")
	heads := []string{"Figure"}
	partial := false
	for _, p := range v.Periods {
		head := PeriodLabel(p.Period)
		if p.IsPartial {
			head, partial = head+"*", true
		}
		heads = append(heads, head+"\t")
	}
	s.headers(28, heads...)
	s.periodFacts()
	why := &explained{data: s.data}
	for i, m := range s.data.Metrics {
		l := look{middle: true}
		if i+1 == len(growth) || i+1 == len(s.data.Metrics) {
			l.rule = "bottom"
		}
		cells := []any{s.text(l, s.data.metricLabel(m))}
		for _, p := range v.Periods {
			value := p.Values[m.Name]
			if value.Number == nil {
				why.reason(value.Reason)
			}
			cells = append(cells, s.value(l, m, value))
		}
		s.line(rowHeight, cells...)
	}
	s.line(5)
	if partial {
		s.line(rowHeight, s.label(soft, "* The vault is younger than the period: counted from its first mark."))
	}
	for _, n := range why.notes() {
		s.line(rowHeight, s.text(soft, n.Term+": "+n.Text))
	}
}

// periodFacts writes from when to when a period runs.
func (s *sheet) periodFacts() {
	date, days := look{format: dateFormat, align: "right", color: softColor}, look{format: "#,##0.0", color: softColor}
	from, to := []any{s.label(soft, "From")}, []any{s.label(soft, "To")}
	long, count := []any{s.label(soft, "Days")}, []any{s.label(look{color: softColor, size: 9, rule: "bottom"}, "Returns")}
	for _, p := range s.vault.Periods {
		from, to = append(from, s.moment(date, p.StartAt)), append(to, s.moment(date, p.EndAt))
		long = append(long, s.number(days, p.ElapsedDays))
		count = append(count, s.integer(look{format: countFormat, color: softColor, rule: "bottom"}, p.ReturnsCount))
	}
	s.line(rowHeight, from...)
	s.line(rowHeight, to...)
	s.line(rowHeight, long...)
	s.line(rowHeight, count...)
}

// charts draws the share price and the drawdown side by side, or says why not.
func (s *sheet) charts() {
	const rows = 18
	var drawn []nativeChart
	for _, draw := range []func() (nativeChart, string, error){s.nativePrice, s.nativeDrawdown} {
		c, words, err := draw()
		s.try(err)
		if words == "" {
			drawn = append(drawn, c)
		} else {
			s.line(rowHeight, s.text(plain, words))
		}
	}
	from := 1
	for _, c := range drawn {
		to := from + 4
		if from > 1 || len(drawn) == 1 {
			to = summaryColumns
		}
		s.draw(c, from, to, s.row+1, s.row+rows)
		from = to + 1
	}
	if len(drawn) > 0 {
		// Said aloud, since programs differ in the height of an empty row and a
		// chart would lie over what follows it.
		for range rows {
			s.line(rowHeight)
		}
	}
	s.skip()
}
