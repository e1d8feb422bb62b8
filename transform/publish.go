package transform

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/vaultperf/vaultperf/transform/model"
)

// Publish writes the marts and the macros for people, with their comments, to a
// new database file at path, which must not exist. Any DuckDB since 1.0 opens it.
// The caller moves the file to where people read it: a reader of the working
// database would keep the next run from running.
func Publish(ctx context.Context, db *sql.DB, path string) error {
	list, err := model.All()
	if err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	defer conn.Close()
	file := "'" + strings.ReplaceAll(path, "'", "''") + "'"
	if err := execAll(ctx, conn, "attach "+file+" as published (storage_version 'v1.0.0')"); err != nil {
		return err
	}
	// in one transaction, which is synced once and not table by table
	if err = execAll(ctx, conn, "begin"); err == nil {
		if err = copyMarts(ctx, conn, list); err == nil {
			err = execAll(ctx, conn, "commit")
		} else {
			err = errors.Join(err, execAll(context.WithoutCancel(ctx), conn, "rollback"))
		}
	}
	// detaching writes everything to the file, so its error is ours too
	return errors.Join(err, execAll(context.WithoutCancel(ctx), conn, "detach published"))
}

func copyMarts(ctx context.Context, conn *sql.Conn, list []model.Model) error {
	if err := execAll(ctx, conn, "create schema published.marts"); err != nil {
		return err
	}
	metrics := metricComments(list)
	for _, m := range list {
		if m.Schema != "marts" {
			continue
		}
		query := fmt.Sprintf("create table published.%s as from %s order by %s", m, m, strings.Join(m.Header.Grain, ", "))
		if m.StaysView() {
			query = fmt.Sprintf("create view published.%s as\n%s", m, m.Query)
		}
		if err := execAll(ctx, conn, query); err != nil {
			return err
		}
		if err := comment(ctx, conn, m, metrics); err != nil {
			return err
		}
	}
	return createMacros(ctx, conn, "published.", true)
}

func execAll(ctx context.Context, conn *sql.Conn, queries ...string) error {
	for _, query := range queries {
		if _, err := conn.ExecContext(ctx, query); err != nil {
			return fmt.Errorf("publish: %w", err)
		}
	}
	return nil
}

// comment documents a mart inside the published database: the table with its
// sentence, each column with its description.
func comment(ctx context.Context, db execer, m model.Model, metrics map[string]string) error {
	relation := "published." + m.String()
	var script strings.Builder // one call, because a hundred take a while
	on := func(what, text string) {
		fmt.Fprintf(&script, "comment on %s is %s;\n", what, quoted(text))
	}
	on("table "+relation, m.Header.Sentence)
	for name, text := range m.Header.Columns {
		on("column "+relation+"."+name, text)
	}
	if m.Name == "performance" {
		for name, text := range metrics {
			on("column "+relation+"."+name, text)
		}
	}
	if _, err := db.ExecContext(ctx, script.String()); err != nil {
		return fmt.Errorf("comment on %s: %w", relation, err)
	}
	return nil
}

// metricComments describes each metric by its own file's header.
func metricComments(list []model.Model) map[string]string {
	comments := map[string]string{}
	for _, m := range list {
		if m.IsMetric() {
			f := m.Header.Fields
			comments[m.Name] = m.Header.Sentence + " Formula: " + f["formula"] + ". Unit: " + f["unit"] + "."
		}
	}
	return comments
}
