package transform

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform/model"
)

// An execer is a transaction or a connection.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// fewRows is up to how many archived rows a run is quicker on one thread: most of its
// time is planning, and to hand tiny pieces to other threads takes longer than to do them.
const fewRows = 50_000

// suitedTo takes one thread for a run of few rows, and returns the models as they are to
// be built then, and whether it is one.
func suitedTo(ctx context.Context, conn *sql.Conn, list []model.Model) (suited []model.Model, isFew bool, err error) {
	var rows int64
	err = conn.QueryRowContext(ctx, `
		select (select count(*) from raw.readings) + (select count(*) from raw.events) + (select count(*) from raw.states)`).Scan(&rows)
	if err != nil {
		return nil, false, fmt.Errorf("count rows: %w", err)
	}
	if rows > fewRows {
		return list, false, nil
	}
	if _, err := conn.ExecContext(ctx, "set threads = 1"); err != nil {
		return nil, false, fmt.Errorf("take one thread: %w", err)
	}
	list = slices.Clone(list)
	for i := range list {
		list[i].Header.OneThread = false
		list[i].Header.Stored = list[i].Header.Stored || list[i].Header.StoredIfFew
	}
	return list, true, nil
}

// build makes every model inside tx, in the order of list, but for those that have no
// rows because of what there is none of in this run: they stand there empty.
// It returns the models as it built them.
func build(ctx context.Context, tx querier, list []model.Model, isFew bool, progress func(step string)) ([]model.Model, error) {
	if err := createMacros(ctx, tx, "", false); err != nil {
		return nil, err
	}
	present, err := look(ctx, tx, isFew)
	if err != nil {
		return nil, err
	}
	list = slices.Clone(list)
	for i, m := range list {
		mayHave, err := present.allows(ctx, m.Needs)
		if err != nil {
			return nil, err
		}
		if !mayHave && len(m.Columns) > 0 {
			m = without(m)
			list[i] = m
		}
		rows, err := create(ctx, tx, m)
		if err != nil {
			return nil, err
		}
		present.isEmpty[m.String()] = !mayHave || rows == 0
		progress("build " + m.String())
	}
	return list, nil
}

// create makes one model, and returns how many rows it stored, or -1 where it does not
// know.
func create(ctx context.Context, tx querier, m model.Model) (rows int64, err error) {
	rows = -1
	switch query := m.String() + " as\n" + m.Query; {
	case !m.IsTable():
		_, err = tx.ExecContext(ctx, "create view "+query)
	case m.Header.OneThread:
		_, err = tx.ExecContext(ctx, "set threads = 1; create table "+query+"; reset threads")
	default:
		err = tx.QueryRowContext(ctx, "create table "+query).Scan(&rows)
	}
	if err != nil {
		return 0, fmt.Errorf("build %s: %w", m, err)
	}
	return rows, nil
}

// createMacros makes the macros for people, or those for models, which come
// before what calls them; the marts come before the macros for people. catalog
// is empty or ends in a point.
func createMacros(ctx context.Context, db execer, catalog string, forPeople bool) error {
	list, err := model.Macros(models.Files)
	if err != nil {
		return err
	}
	var script strings.Builder
	for _, m := range list {
		if forPeople != m.IsTable() {
			continue
		}
		name := catalog + m.Schema() + "." + m.Name
		kind, body := "macro", "("+m.Body+")"
		if m.IsTable() {
			kind, body = "macro table", "table\n"+m.Body
		}
		arguments := m.Header.Fields["arguments"]
		if arguments == "none" {
			arguments = ""
		}
		fmt.Fprintf(&script, "create macro %s(%s) as %s;\n", name, arguments, body)
		if forPeople {
			fmt.Fprintf(&script, "comment on %s %s is %s;\n", kind, name, quoted(m.Header.Sentence))
		}
	}
	if _, err := db.ExecContext(ctx, script.String()); err != nil {
		return fmt.Errorf("create macros: %w", err)
	}
	return nil
}

// quoted is a text as SQL writes it.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// clear drops every model of the last run, those without a file today too.
func clear(ctx context.Context, tx execer) error {
	var script strings.Builder
	for _, schema := range models.Schemas[1:] { // raw is extract's
		fmt.Fprintf(&script, "drop schema %s cascade; create schema %s;\n", schema, schema)
	}
	if _, err := tx.ExecContext(ctx, script.String()); err != nil {
		return fmt.Errorf("drop the last run's models: %w", err)
	}
	return nil
}
