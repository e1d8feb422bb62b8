package view

import "github.com/vaultperf/vaultperf/report/marts"

// filesShown is how many files a workbook lists.
const filesShown = 1000

// importsTable lists the files read and what each gave. Which of it was new is
// left to marts.imports: a report of the same day says the same again.
func (w *View) importsTable() *Table {
	d := w.data
	is := func(column, label string) *Definition { return w.column("imports", column, label) }
	t := &Table{
		ID: "imports", Caption: "Files read in this run, for all vaults", Shape: Files, Height: 26, Lead: len(d.Imports),
		Columns: []Column{
			{Head: "File", Kind: Text},
			{Head: "Format", Kind: Term, In: OnPages},
			{Head: "Kind", Kind: Term, In: OnSheets},
			{Head: "Format", Kind: Term, In: OnSheets},
			{Head: "Rows read", Is: is("rows_read", "Rows read"), Kind: Figure},
			{Head: "Kept", Is: is("rows_kept", "Kept"), Kind: Figure},
			{Head: "Filtered out", Is: is("rows_filtered", "Filtered out"), Kind: Figure},
			{Head: "Set aside", Is: is("rows_set_aside", "Set aside"), Kind: Figure},
			{Head: "After as-of", Is: is("rows_after_as_of", "After as-of"), Kind: Figure},
			{Head: "Bytes", Is: is("bytes", "Bytes"), Kind: Figure, In: OnSheets},
			{Head: "SHA-256", Kind: Code, In: OnSheets},
			{Head: "Note", Kind: Text, In: OnSheets},
		},
	}
	if len(d.Imports) == 0 {
		t.Words = "No file was read."
	}
	for i := range d.Imports {
		f := &d.Imports[i]
		note := clean(f.Note, 300)
		file := Cell{
			Text: clean(f.Path, 120), Full: clean(f.Path, 300),
			Small: clean(note, 200), Title: "sha256 " + clean(f.SHA256, 64),
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			file, words(clean(formatOf(f), 60)), words(clean(f.Kind, longestText)), words(clean(f.Format, longestText)),
			integer(&f.Read, Count), integer(&f.Kept, Count), integer(&f.Filtered, Count),
			integer(&f.SetAside, Count), integer(&f.After, Count), integer(&f.Bytes, Count),
			words(clean(f.SHA256, longestText)), words(note),
		}})
		for _, s := range f.Reasons {
			text := counted(s.Rows, "row") + " set aside: " + inWords(s.Reason)
			if s.FirstLine > 0 {
				text += ", first at line " + count(s.FirstLine)
			}
			if s.Example != "" {
				text += ", such as " + clean(s.Example, 80)
			}
			t.Notes = append(t.Notes, Note{file.Text, text})
		}
	}
	return t
}

// formatOf says what kind of file it was and how it was laid out.
func formatOf(f *marts.Import) string {
	if f.Format == f.Kind || f.Format == "" {
		return f.Kind
	}
	return f.Kind + ", " + f.Format
}

// filesTable is the same on a sheet, which has a table of its own for the rows set
// aside.
func filesTable(imports *Table) *Table {
	t := *imports
	t.Title, t.Words, t.Notes = imports.Caption, "", nil
	if left := len(t.Rows) - filesShown; left > 0 {
		t.Rows = t.Rows[:filesShown]
		t.Before = counted(int64(left), "further file") + " in marts.imports of the published database."
	}
	return &t
}

// setAsideTable lists the rows that were not used and why; nil if all were.
func (w *View) setAsideTable() *Table {
	d := w.data
	t := &Table{
		Title: "Rows set aside", Height: 26,
		Columns: []Column{
			{Head: "File", Kind: Code},
			{Head: "Rows", Is: w.column("import_reasons", "rows_set_aside", "Rows"), Kind: Figure},
			{Head: "Reason", Kind: Term},
			{Head: "First line", Is: w.column("import_reasons", "first_line", "First line"), Kind: Figure, Blank: true},
			{Head: "Such as", Kind: Code},
		},
	}
	for i := range d.Imports {
		f := &d.Imports[i]
		for j := range f.Reasons {
			s := &f.Reasons[j]
			first := Cell{Tone: Absent}
			if s.FirstLine > 0 {
				first = integer(&s.FirstLine, Count)
			}
			t.Rows = append(t.Rows, Row{Cells: []Cell{
				words(clean(f.Path, longestText)), integer(&s.Rows, Count), words(inWords(s.Reason)), first, words(clean(s.Example, 200)),
			}})
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}
