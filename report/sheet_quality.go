package report

import "fmt"

// filesShown is how many files of the night a workbook lists.
const filesShown = 1000

// quality says how well the prices cover the vault's life, and which files the
// night read.
func (b *book) quality() error {
	s := b.begin(sheetQuality, layout{
		widths:    []float64{42, 12, 18, 12, 11, 11, 11, 11, 13, 38, 38},
		landscape: true,
	})
	s.title("How well the prices cover the vault's life")
	for _, fact := range b.data.qualityFacts(b.vault) {
		s.line(rowHeight, s.text(soft, fact.Term), s.text(plain, fact.Text))
	}
	s.listWarnings("Warnings of this vault", b.vault.Warnings, b.leftOut())
	s.listWarnings("Warnings of the night, for all vaults", b.data.Warnings)
	s.files()
	s.setAside()
	return s.end()
}

// leftOut says that the sheet of prices does not hold all marks, if so.
func (b *book) leftOut() string {
	left := len(b.vault.Marks) - len(b.marks)
	if left == 0 {
		return ""
	}
	return fmt.Sprintf("The sheet %s holds the last %s; %s before them are in marts.share_prices of the published database. "+
		"All figures are of all marks.", sheetPrices, Counted(int64(len(b.marks)), "mark"), Count(int64(left)))
}

// listWarnings writes a block of sentences, or nothing.
func (s *sheet) listWarnings(title string, warnings []Warning, more ...string) {
	var texts []string
	for _, w := range warnings {
		texts = append(texts, Sentence(Text(w.Message, longestText)))
	}
	for _, text := range more {
		if text != "" {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		return
	}
	s.skip()
	s.title(title)
	for _, text := range texts {
		s.paragraph(look{fill: warnColor}, 1, 10, nil, text)
	}
}

// files lists the night's files and what each gave.
func (s *sheet) files() {
	s.skip()
	s.title("Files read tonight, for all vaults")
	imports := s.data.Imports
	if left := len(imports) - filesShown; left > 0 {
		imports = imports[:filesShown]
		s.line(rowHeight, s.text(plain, Counted(int64(left), "further file")+" in marts.imports of the published database."))
	}
	s.headers(26, "File", "Kind", "Format", "Rows read\t", "Kept\t", "Filtered out\t", "Set aside\t",
		"After as-of\t", "Bytes\t", "\tSHA-256", "\tNote")
	first := s.row
	count := plain.with(countFormat)
	for i := range imports {
		f := &imports[i]
		s.wrapped(s.text(prose, Text(f.Path, 300)), s.text(plain, f.Kind), s.text(plain, f.Format),
			s.integer(count, f.Read), s.integer(count, f.Kept), s.integer(count, f.Filtered),
			s.integer(count, f.SetAside), s.integer(count, f.After), s.integer(count, f.Bytes),
			s.text(look{format: textFormat, size: 8, wrap: true, middle: true, align: "left", indent: 1}, f.SHA256), s.text(look{wrap: true, middle: true, align: "left", indent: 1}, Text(f.Note, 300)))
	}
	s.filter(first, 11, max(first, s.row))
}

// setAside lists the rows that were not used and why.
func (s *sheet) setAside() {
	begun := false
	for i := range s.data.Imports {
		for _, r := range s.data.Imports[i].Reasons {
			if !begun {
				begun = true
				s.skip()
				s.title("Rows set aside")
				s.headers(26, "File", "Rows\t", "\tReason", "First line\t", "\tSuch as")
			}
			first := s.cell(plain, nil)
			if r.FirstLine > 0 {
				first = s.integer(plain.with(countFormat), r.FirstLine)
			}
			s.line(rowHeight, s.text(plain.shrunk(), s.data.Imports[i].Path), s.integer(plain.with(countFormat), r.Rows),
				s.text(after, Words(r.Reason)), first, s.text(after.with(textFormat), Text(r.Example, 200)))
		}
	}
}
