package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// A writer writes a result in one format.
type writer func(w io.Writer, r *result) error

var formats = map[string]writer{
	"table":    writeTable,
	"csv":      writeCSV,
	"json":     writeJSON,
	"markdown": writeMarkdown,
}

// writeTable aligns columns for a terminal.
func writeTable(w io.Writer, r *result) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(texts []string) error {
		_, err := fmt.Fprintln(table, strings.TrimRight(strings.Join(texts, "\t"), "\t"))
		return err
	}
	if err := line(mapped(r.columns, oneLine)); err != nil {
		return err
	}
	texts := make([]string, len(r.columns))
	err := r.each(func(cells []cell) error {
		for i, c := range cells {
			texts[i] = oneLine(c.text)
		}
		return line(texts)
	})
	if err != nil {
		return err
	}
	return table.Flush()
}

// writeCSV writes RFC 4180 with a header. Undefined values are empty.
func writeCSV(w io.Writer, r *result) error {
	out := csv.NewWriter(w)
	if err := out.Write(mapped(r.columns, csvText)); err != nil {
		return err
	}
	record := make([]string, len(r.columns))
	err := r.each(func(cells []cell) error {
		for i, c := range cells {
			record[i] = c.text
			if c.kind == textCell || c.kind == nestedCell {
				record[i] = csvText(c.text)
			}
		}
		return out.Write(record)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// csvText keeps a spreadsheet from taking text for a formula, and a terminal from
// obeying it.
func csvText(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		s = "'" + s
	}
	return harmless(s)
}

// writeJSON writes an array of objects, keys in the order of the columns, one
// object a line.
func writeJSON(w io.Writer, r *result) error {
	keys := mapped(r.columns, jsonString)
	lead := "[\n"
	err := r.each(func(cells []cell) error {
		fields := make([]string, len(cells))
		for i, c := range cells {
			fields[i] = keys[i] + ": " + c.json()
		}
		_, err := fmt.Fprintf(w, "%s  {%s}", lead, strings.Join(fields, ", "))
		lead = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	end := "\n]\n"
	if lead == "[\n" { // no row
		end = "[]\n"
	}
	_, err = io.WriteString(w, end)
	return err
}

// writeMarkdown writes a table as GitHub renders it.
func writeMarkdown(w io.Writer, r *result) error {
	line := func(texts []string) error {
		_, err := fmt.Fprintf(w, "| %s |\n", strings.Join(texts, " | "))
		return err
	}
	rule := make([]string, len(r.columns))
	for i, name := range r.types {
		rule[i] = "---"
		if isNumeric(name) {
			rule[i] = "---:"
		}
	}
	if err := line(mapped(r.columns, markdownText)); err != nil {
		return err
	}
	if err := line(rule); err != nil {
		return err
	}
	texts := make([]string, len(r.columns))
	return r.each(func(cells []cell) error {
		for i, c := range cells {
			texts[i] = markdownText(c.text)
		}
		return line(texts)
	})
}

var markdownEscapes = strings.NewReplacer(`\`, `\\`, "|", `\|`, "`", "\\`", "<", "&lt;", "[", `\[`, "*", `\*`, "_", `\_`)

// markdownText shows s as it is in a cell of a Markdown table.
func markdownText(s string) string {
	return markdownEscapes.Replace(oneLine(s))
}

func isNumeric(dbType string) bool {
	switch dbType {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
		"UBIGINT", "UHUGEINT", "BIGNUM", "DECIMAL", "FLOAT", "DOUBLE":
		return true
	}
	return false
}

func mapped(texts []string, to func(string) string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = to(s)
	}
	return out
}
