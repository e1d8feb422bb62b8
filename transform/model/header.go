package model

import (
	"fmt"
	"regexp"
	"strings"
)

// A Header is what a model says of itself in the comment above its query.
type Header struct {
	Sentence string   // the first line: what one row is
	Grain    []string // columns that together are unique and never null
	Stored   bool     // a table, though not a mart
	InOrder  bool     // stored in the order of its grain
	// StoredIfFew stores a view that many models read where rows are few: a run then
	// spends its time on planning, and each reader would plan the view anew.
	StoredIfFew bool
	View        bool // a view, though a mart
	// OneThread builds a model whose sums must come out the same in every run:
	// threads share out the rows anew each time, and a float sum's last digit
	// depends on the order.
	OneThread bool
	// InHalves builds a model for the vaults of even and of odd number side by side,
	// because DuckDB scans a table of the open transaction with one thread. That thread
	// reads in the stored order, so what is summed as it is read repeats itself. The
	// text that does so is generated.
	InHalves bool
	Fields   map[string]string // label, group, formula, unit, source, null when, arguments
	Columns  map[string]string // column to description, of marts
	Order    []string          // the same columns as the header lists them
	Units    map[string]string // column to unit, of those that hold numbers
}

var (
	field  = regexp.MustCompile(`^-- (label|group|grain|arguments|formula|unit|source|null when): (.+)$`)
	column = regexp.MustCompile(`^--   ([a-z_0-9]+): (.+)$`)
	// unit is the columns that have one.
	unit = regexp.MustCompile(`^--   ([a-z][a-z ]*): ([a-z_0-9, ]+)$`)
	// more continues a column's description, or a unit's columns.
	more = regexp.MustCompile(`^--     (\S.*)$`)
	// leadingComments are the header's lines.
	leadingComments = regexp.MustCompile(`\A(?:--[^\n]*\n)+`)
)

// parseHeader reads the comment lines that a file begins with.
func parseHeader(text string) (Header, error) {
	h := headerFields(text)
	if h.Fields["grain"] == "" {
		return Header{}, fmt.Errorf(`want a "-- grain: column, column" line in the header`)
	}
	h.Grain = strings.Split(h.Fields["grain"], ", ")
	return h, nil
}

func headerFields(text string) Header {
	h := Header{Fields: map[string]string{}, Columns: map[string]string{}, Units: map[string]string{}}
	first, last, areUnits := true, "", false
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "--") {
			break
		}
		line = strings.TrimSuffix(line, "\n")
		if first {
			h.Sentence, first = strings.TrimPrefix(line, "-- "), false
		}
		switch line {
		case "-- stored":
			h.Stored = true
		case "-- stored where rows are few":
			h.StoredIfFew = true
		case "-- stored in order":
			h.Stored, h.InOrder = true, true
		case "-- view":
			h.View = true
		case "-- in halves":
			h.InHalves = true
		case "-- one thread":
			h.OneThread = true
		case "-- units:":
			last, areUnits = "", true
		case "-- columns:":
			last, areUnits = "", false
		}
		if m := field.FindStringSubmatch(line); m != nil {
			h.Fields[m[1]] = m[2]
		}
		switch m, isMore := column.FindStringSubmatch(line), more.FindStringSubmatch(line); {
		case areUnits:
			if u := unit.FindStringSubmatch(line); u != nil {
				last = u[1]
				h.have(last, u[2])
			} else if isMore != nil {
				h.have(last, isMore[1])
			}
		case m != nil:
			h.Columns[m[1]], last = m[2], m[1]
			h.Order = append(h.Order, last)
		case isMore != nil && last != "":
			h.Columns[last] += " " + isMore[1]
		}
	}
	return h
}

// have says of a list of columns that they have a unit.
func (h *Header) have(unit, list string) {
	for _, name := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		h.Units[name] = unit
	}
}
