package report

import "github.com/xuri/excelize/v2"

// A fact is a label and a value in the block at the top.
type fact struct {
	label string
	value excelize.Cell
}

// facts writes who the vault is, at the left, and how current, at the right.
func (s *sheet) facts() {
	left, right := s.identity(), s.currency()
	for i := range max(len(left), len(right)) {
		cells := make([]any, 8)
		if i < len(left) {
			cells[0], cells[1] = s.label(soft, left[i].label), left[i].value
		}
		if i < len(right) {
			cells[5], cells[7] = s.label(soft, right[i].label), right[i].value
		}
		s.line(rowHeight, cells...)
		s.merge(2, 5)
		s.merge(6, 7)
		s.merge(8, summaryColumns)
	}
	s.wide("Start rule", s.data.startRule(s.vault))
	s.wide("Prices", sources(s.vault.Marks))
	if s.vault.SourceNote != "" {
		s.wide("The source says", Text(s.vault.SourceNote, 300))
	}
}

func (s *sheet) wide(label, text string) {
	s.paragraph(plain, 2, summaryColumns, []any{s.label(soft, label)}, text)
}

func (s *sheet) identity() []fact {
	v := s.vault
	facts := []fact{
		{"Vault", s.text(plain, Text(v.ID, 80))},
		{"Address", s.text(plain, v.Address)},
		{"Chain", s.text(plain, ChainLabel(v.ChainID))},
		{"Kind", s.text(plain, FamilyLabel(v.Family))},
		{"Asset", s.text(plain, Text(v.AssetSymbol, 16)+", "+Counted(int64(v.AssetDecimals), "decimal"))},
		{"Share", s.text(plain, Counted(int64(v.ShareDecimals), "decimal"))},
	}
	if v.Safe != "" {
		facts = append(facts, fact{"Safe", s.text(plain, v.Safe)})
	}
	rate := s.label(plain, "none configured")
	switch {
	case s.data.RiskFreeSeries != "":
		rate = s.text(plain, s.data.hurdle())
	case s.data.RiskFreeRate != nil:
		rate = s.number(look{format: percentFormat(*s.data.RiskFreeRate), align: "left"}, s.data.RiskFreeRate)
	}
	return append(facts, fact{"Risk-free rate, a year", rate})
}

func (s *sheet) currency() []fact {
	v := s.vault
	status := look{bold: true, color: lossColor}
	if v.Status == "live" {
		status.color = goodColor
	}
	words := StatusLabel(v.Status)
	if v.IsFlat {
		words += ", flat for a week or more"
	}
	left := func(format string) look { return look{format: format, align: "left", shrink: true} }
	amount := countFormat
	if v.TotalAssets != nil {
		amount = amountFormat(*v.TotalAssets)
	}
	block := s.label(plain, Dash)
	if v.BlockNumber != nil {
		block = s.integer(left("0"), *v.BlockNumber)
	}
	return []fact{
		{"Status", s.label(status, words)},
		{"Total assets" + assetUnit(v), s.number(left(amount), v.TotalAssets)},
		{"Last mark (UTC)", s.moment(left(dateTimeFormat), v.LastAt)},
		{"Block of the last mark", block},
		{"First mark (UTC)", s.moment(left(dateTimeFormat), v.FirstAt)},
		{"Marks; days with one", s.text(plain, Count(v.MarksCount)+"; "+Count(v.DaysWithMark)+" of "+Count(v.DaysCount))},
	}
}

// listSummaryWarnings writes what the reader must see before the figures.
func (s *sheet) listSummaryWarnings() {
	warnings := s.vault.Warnings
	if text := s.leftOut(); text != "" {
		warnings = append(warnings[:len(warnings):len(warnings)], Warning{Message: text})
	}
	if len(warnings) == 0 {
		return
	}
	s.skip()
	s.line(20, s.label(heading, "Read these figures with care"))
	for _, w := range warnings {
		s.paragraph(look{fill: warnColor, size: 9}, 1, summaryColumns, nil, Sentence(Text(w.Message, longestText)))
	}
}

// headline writes the six figures a reader asks for first, as on the page.
func (s *sheet) headline() {
	v := s.vault
	sharpe := "sharpe_ratio"
	if s.data.hurdle() == "" {
		sharpe = "sharpe_ratio_zero"
	}
	big := look{size: 16, bold: true, align: "left", shrink: true, rule: "bottom", middle: true}
	small := soft
	small.rule = "top"
	labels, values := make([]any, summaryColumns), make([]any, summaryColumns)
	for i := range summaryColumns {
		labels[i], values[i] = s.label(small, ""), s.label(big, "")
	}
	price := s.label(big, Dash)
	if v.SharePrice != nil {
		price = s.number(big.with(priceFormat(*v.SharePrice)), v.SharePrice)
	}
	labels[0], values[0] = s.text(small, "Share price"+assetUnit(v)), price
	for i, h := range []struct{ label, period, metric string }{
		{"Return since inception", "itd", "total_return"},
		{"APY since inception", "itd", "apy"},
		{"APY, last 30 days", "30d", "apy"},
		{"Maximum drawdown", "itd", "max_drawdown"},
		{s.data.metricLabel(s.data.metric(sharpe)), "itd", sharpe},
	} {
		labels[1+2*i] = s.text(small, h.label)
		m, value := s.data.metric(h.metric), v.Value(h.period, h.metric)
		if value.Number == nil {
			values[1+2*i] = s.text(look{color: softColor, italic: true, rule: "bottom", middle: true}, wordsOr(value.Reason))
			continue
		}
		l := big.with(m.format(*value.Number))
		if *value.Number < 0 && m.Unit != "ratio" {
			l.color = lossColor
		}
		values[1+2*i] = s.number(l, value.Number)
	}
	s.skip()
	s.pairs(16, labels)
	s.pairs(26, values)
}

// pairs writes a row whose cells, from the second on, are two columns wide.
func (s *sheet) pairs(height float64, cells []any) {
	s.line(height, cells...)
	for column := 2; column < summaryColumns; column += 2 {
		s.merge(column, column+1)
	}
}

func wordsOr(code string) string {
	if code == "" {
		return Dash
	}
	return Words(code)
}
