package transform

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform/model"
)

// Prepare makes the database that Publish fills, at path, which must not exist: the
// marts, empty, and the macros for people, with their comments. Any DuckDB since 1.0
// opens it. It needs nothing that a run computes, so it may be done meanwhile: the
// comments of hundreds of columns take longer than the copies of a few vaults' rows.
func Prepare(ctx context.Context, path string) (err error) {
	list, err := model.All()
	if err != nil {
		return err
	}
	metrics, err := model.Metrics(list)
	if err != nil {
		return err
	}
	db, err := models.Open(ctx, "")
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return attached(ctx, db, path, func(conn *sql.Conn) error {
		// so that a view over marts is bound to those beside it
		if err := execAll(ctx, conn, "create schema published.marts", "use published"); err != nil {
			return err
		}
		for _, m := range list {
			if m.Schema != "marts" {
				continue
			}
			if err := execAll(ctx, conn, definition(m)); err != nil {
				return err
			}
			if err := comment(ctx, conn, m, metrics); err != nil {
				return err
			}
		}
		if err := createMacros(ctx, conn, "published.", true); err != nil {
			return err
		}
		return execAll(ctx, conn, "use memory")
	})
}

// Publish fills the database at path, which Prepare made, with the marts. The caller
// moves the file to where people read it: a reader of the working database would keep
// the next run from running.
func Publish(ctx context.Context, db *sql.DB, path string) error {
	list, err := model.All()
	if err != nil {
		return err
	}
	return attached(ctx, db, path, func(conn *sql.Conn) error {
		for _, m := range list {
			if m.Schema != "marts" || m.StaysView() {
				continue
			}
			query := fmt.Sprintf("insert into published.%s from %s order by %s", m, m, strings.Join(m.Header.Grain, ", "))
			if err := execAll(ctx, conn, query); err != nil {
				return err
			}
		}
		return nil
	})
}

// attached does something with the database at path, as published, in one transaction,
// which is synced once and not table by table.
func attached(ctx context.Context, db *sql.DB, path string, do func(conn *sql.Conn) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	defer conn.Close()
	file := "'" + strings.ReplaceAll(path, "'", "''") + "'"
	if err := execAll(ctx, conn, "attach "+file+" as published (storage_version 'v1.0.0')"); err != nil {
		return err
	}
	if err = execAll(ctx, conn, "begin"); err == nil {
		if err = do(conn); err == nil {
			err = execAll(ctx, conn, "commit")
		} else {
			err = errors.Join(err, execAll(context.WithoutCancel(ctx), conn, "rollback"))
		}
	}
	// detaching writes everything to the file, so its error is ours too, unless what
	// failed before is the reason
	detached := execAll(context.WithoutCancel(ctx), conn, "detach published")
	if err != nil {
		return err
	}
	return detached
}

// definition makes a mart, empty, in the published database.
func definition(m model.Model) string {
	if m.StaysView() {
		return fmt.Sprintf("create view published.%s as\n%s", m, m.Query)
	}
	columns := make([]string, len(m.Columns))
	for i, c := range m.Columns {
		columns[i] = c.Name + " " + c.Type
	}
	return fmt.Sprintf("create table published.%s (%s)", m, strings.Join(columns, ", "))
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
// sentence, each column with its description, unit and file.
func comment(ctx context.Context, db models.Execer, m model.Model, metrics []model.Model) error {
	relation := "published." + m.String()
	var script strings.Builder // one call, because a hundred take a while
	on := func(what, text string) {
		fmt.Fprintf(&script, "comment on %s is %s;\n", what, quoted(text))
	}
	on("table "+relation, m.Header.Sentence+" File: "+m.File+".")
	for _, name := range m.Header.Order {
		text := strings.TrimSuffix(m.Header.Columns[name], ".") + "."
		if unit := m.Header.Units[name]; unit != "" {
			text += " Unit: " + unit + "."
		}
		on("column "+relation+"."+name, text+" File: "+m.File+".")
	}
	if m.Name == "performance" {
		for _, metric := range metrics { // each is described by its own file
			f := metric.Header.Fields
			on("column "+relation+"."+metric.Name, metric.Header.Sentence+
				" Formula: "+f["formula"]+". Unit: "+f["unit"]+". File: "+metric.File+".")
		}
	}
	if _, err := db.ExecContext(ctx, script.String()); err != nil {
		return fmt.Errorf("comment on %s: %w", relation, err)
	}
	return nil
}
