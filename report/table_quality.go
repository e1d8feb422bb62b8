package report

import (
	"slices"
	"strings"
)

// qualityFacts says how well the vault's prices cover its life.
func (d *Data) qualityFacts(v *Vault) []note {
	missing := v.DaysCount - v.DaysWithMark
	facts := []note{
		{"Readings accepted", Count(v.ReadingsCount)},
		{"Marks (first reading, then the last of each day)", Count(v.MarksCount)},
		{"Days from first to last mark", Count(v.DaysCount)},
		{"Days without a mark", Count(missing)},
		{"Coverage", Percent(v.Coverage)},
		{"Longest gap between marks", withUnit(Days(v.LongestGapDays), "days")},
		{"First mark", DateTime(v.FirstAt)},
		{"Last mark", d.age(v)},
		{"Last share price, all digits", FullPrice(v.SharePrice)},
		{"Last change of price", DateTime(v.LastChangeAt)},
		{"Kind of price", sources(v.Marks)},
	}
	inexact := int64(0)
	for _, m := range v.Marks {
		if m.IsInexact {
			inexact++
		}
	}
	if inexact > 0 {
		facts = append(facts, note{"Marks from integers their source had rounded", Count(inexact)})
	}
	return append(facts, note{"Start rule", d.startRule(v)})
}

// age is when the last mark was and how long before the end of the as-of day.
func (d *Data) age(v *Vault) string {
	if v.LastAt == nil {
		return Dash
	}
	return DateTime(v.LastAt) + ", " + Duration(d.Until.Sub(*v.LastAt)) + " before the end of the as-of day"
}

// startRule says which rule set the inception.
func (d *Data) startRule(v *Vault) string {
	if d.MinTotalAssets == nil {
		return "none: history starts at the first reading"
	}
	rule := Amount(d.MinTotalAssets) + " " + Text(v.AssetSymbol, 16)
	if !v.StartRuleApplied {
		return "total assets of at least " + rule + ", not applied: see the notes"
	}
	return "history starts at the first reading with total assets of at least " + rule
}

func withUnit(text, unit string) string {
	if text == Dash {
		return text
	}
	return text + " " + unit
}

// sources counts the kinds of price among the marks.
func sources(marks []Mark) string {
	counts := map[string]int64{}
	for _, m := range marks {
		counts[m.Source]++
	}
	var names, parts []string
	for name := range counts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		parts = append(parts, SourceLabel(name)+" ("+Count(counts[name])+")")
	}
	return strings.Join(parts, ", ")
}

// importsTable lists the night's files and what each gave. What was new tonight
// is left to marts.imports: a page says the same when its night is run again.
func (d *Data) importsTable() table {
	t := table{
		ID: "imports", Caption: "Files read tonight, for all vaults", Class: "roomy",
		Head: []cell{
			words("File"), words("Format"), number("Rows read"), number("Kept"),
			number("Filtered out"), number("Set aside"), number("After as-of"),
		},
	}
	if len(d.Imports) == 0 {
		t.Words = "No file was read."
	}
	for _, f := range d.Imports {
		t.Rows = append(t.Rows, row{
			Head: cell{Text: Text(f.Path, 120), Small: Text(f.Note, 200), Title: "sha256 " + Text(f.SHA256, 64)},
			Cells: []cell{
				words(Text(formatOf(f), 60)), number(Count(f.Read)), number(Count(f.Kept)),
				number(Count(f.Filtered)), number(Count(f.SetAside)), number(Count(f.After)),
			},
		})
		for _, s := range f.Reasons {
			text := Counted(s.Rows, "row") + " set aside: " + Words(s.Reason)
			if s.FirstLine > 0 {
				text += ", first at line " + Count(s.FirstLine)
			}
			if s.Example != "" {
				text += ", such as " + Text(s.Example, 80)
			}
			t.Notes = append(t.Notes, note{Text(f.Path, 120), text})
		}
	}
	return t
}

// formatOf says what kind of file it was and how it was laid out.
func formatOf(f Import) string {
	if f.Format == f.Kind || f.Format == "" {
		return f.Kind
	}
	return f.Kind + ", " + f.Format
}

// definitionsTable lists every metric as its model's header defines it.
func (d *Data) definitionsTable() table {
	t := table{
		ID: "definitions", Caption: "Read from the models that compute the figures.", Class: "prose",
		Head: []cell{words("Figure"), words("Definition"), words("Formula"), words("Unit"), words("Source"), words("Undefined when")},
	}
	for _, m := range d.Metrics {
		t.Rows = append(t.Rows, row{Head: words(Text(m.Label, 60)), Cells: []cell{
			words(Text(m.Definition, 600)),
			{Text: Text(m.Formula, 300), Class: "code"},
			words(Text(m.Unit, 40)),
			words(Text(m.Source, 300)),
			words(Text(m.NullWhen, 300)),
		}})
	}
	return t
}
