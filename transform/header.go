package transform

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
)

// A header is what a model says of itself in the comment above its query.
type header struct {
	sentence string   // the first line: what one row is
	grain    []string // columns that together are unique and never null
	stored   bool     // a table, though not a mart
	inOrder  bool     // stored in the order of its grain
	view     bool     // a view, though a mart
	// oneThread builds a model whose sums must come out the same every night:
	// threads share out the rows anew each time, and a float sum's last digit
	// depends on the order.
	oneThread bool
	// inHalves builds a model for the vaults of even and of odd number side by side,
	// because DuckDB scans a table of the open transaction with one thread. That thread
	// reads in the stored order, so what is summed as it is read repeats itself.
	inHalves bool
	fields   map[string]string // label, group, formula, unit, source, null when
	columns  map[string]string // column to description, of marts
}

var (
	field  = regexp.MustCompile(`^-- (label|group|grain|arguments|formula|unit|source|null when): (.+)$`)
	column = regexp.MustCompile(`^--   ([a-z_0-9]+): (.+)$`)
)

// parseHeader reads the comment lines a model's file begins with.
func parseHeader(text string) (header, error) {
	h := headerFields(text)
	if h.fields["grain"] == "" {
		return header{}, fmt.Errorf(`want a "-- grain: column, column" line in the header`)
	}
	h.grain = strings.Split(h.fields["grain"], ", ")
	return h, nil
}

func headerFields(text string) header {
	h := header{fields: map[string]string{}, columns: map[string]string{}}
	for i, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "--") {
			break
		}
		if i == 0 {
			h.sentence = strings.TrimPrefix(line, "-- ")
		}
		switch line {
		case "-- stored":
			h.stored = true
		case "-- stored in order":
			h.stored, h.inOrder = true, true
		case "-- view":
			h.view = true
		case "-- in halves":
			h.inHalves = true
		case "-- one thread":
			h.oneThread = true
		}
		if m := field.FindStringSubmatch(line); m != nil {
			h.fields[m[1]] = m[2]
		}
		if m := column.FindStringSubmatch(line); m != nil {
			h.columns[m[1]] = m[2]
		}
	}
	return h
}

// An execer is a transaction or a connection.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// comment documents a mart inside the published database: the table with its
// sentence, each column with its description.
func comment(ctx context.Context, db execer, m model, metrics map[string]string) error {
	relation := "published." + m.String()
	var script strings.Builder // one call, because a hundred take a while
	on := func(what, text string) {
		fmt.Fprintf(&script, "comment on %s is '%s';\n", what, strings.ReplaceAll(text, "'", "''"))
	}
	on("table "+relation, m.header.sentence)
	for name, text := range m.header.columns {
		on("column "+relation+"."+name, text)
	}
	if m.name == "performance" {
		for name, text := range metrics {
			on("column "+relation+"."+name, text)
		}
	}
	if _, err := db.ExecContext(ctx, script.String()); err != nil {
		return fmt.Errorf("comment on %s: %w", relation, err)
	}
	return nil
}
