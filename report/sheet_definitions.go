package report

// definitions says what every figure is, and the rules all figures follow.
func (b *book) definitions() error {
	s := b.begin(sheetDefinitions, layout{widths: []float64{22, 20, 46, 48, 16, 40, 40}, landscape: true, header: 1, columns: 1})
	s.headers(20, "Figure", "Column", "Definition", "Formula", "Unit", "Source", "Undefined when")
	line := look{wrap: true, rule: "bottom"}
	name := line
	name.bold = true
	for _, m := range b.data.Metrics {
		s.wrapped(s.text(name, m.Label), s.text(line, m.Name), s.text(line, m.Definition), s.text(line, m.Formula),
			s.text(line, m.Unit), s.text(line, m.Source), s.text(line, m.NullWhen))
	}
	s.filter(1, 7, max(1, s.row))
	s.terms("Conventions", b.data.conventions(b.vault))
	s.terms("In this workbook", workbookTerms)
	var reasons []note
	for _, r := range b.data.Reasons {
		reasons = append(reasons, note{Words(r.Code), Sentence(r.Meaning) + "."})
	}
	s.terms("Why a figure is undefined", reasons)
	return s.end()
}

// workbookTerms explain what the page has no need to.
var workbookTerms = []note{
	{"Column", "The name of the figure in marts.performance of the published database, one row per vault and period."},
	{"Undefined figures", "On Summary and Monthly returns the reason stands in the cell as text, so that a formula that uses the cell fails instead of taking a zero. On the sheets of one row per item the cell is blank and the last columns say why."},
	{"Exact integers", "Total assets and total supply are also given as the integers of the chain, before decimals. They are text, because a spreadsheet keeps 15 digits of a number; so is any whole number above 9,007,199,254,740,992."},
	{"Times", "All times are UTC. They are real dates: they sort, filter and subtract."},
	{"Digits", "Figures hold fifteen digits, as many as a spreadsheet works with; the number format shows some of them. The published database holds all."},
	{"Formulas", "Only the column of highest prices and the check on Summary are formulas. All other figures are values as they were computed, and recalculating cannot change them."},
}

// terms writes a block of terms and their texts.
func (s *sheet) terms(title string, terms []note) {
	if len(terms) == 0 {
		return
	}
	s.skip()
	s.title(title)
	for _, term := range terms {
		s.paragraph(plain, 2, 5, []any{s.text(look{bold: true, wrap: true}, term.Term)}, Text(term.Text, longestText))
	}
}
