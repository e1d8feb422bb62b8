package sql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// Figures are a database beside the working one, in which one run builds its models. It
// is new in each run and has no log: several connections can build at the same time,
// and what fails is thrown away with its file. The working database shows the figures
// of the last run that was complete, by a view for each model.
type Figures struct {
	db      *sql.DB
	catalog string // its name for DuckDB
	file    string // empty: in memory
	working string // the working database's name for DuckDB
}

// figuresCatalogs are the names of the figures that are shown and of those that are being
// made, in turn.
var figuresCatalogs = []string{"vaultperf_figures_1", "vaultperf_figures_2"}

// NewFigures makes an empty database of figures, with all schemas, a view of each raw
// table, and of the parameters of a run a table of its own. It must end by Show or Drop.
func NewFigures(ctx context.Context, db *sql.DB) (f *Figures, err error) {
	shown, err := shownFigures(ctx, db)
	if err != nil {
		return nil, fmt.Errorf("make a database of figures: %w", err)
	}
	next := figuresCatalogs[0]
	if shown == next {
		next = figuresCatalogs[1]
	}
	f, err = figuresOf(ctx, db, next)
	if err != nil {
		return nil, fmt.Errorf("make a database of figures: %w", err)
	}
	if err := f.create(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("make a database of figures: %w", err), f.Drop(ctx))
	}
	return f, nil
}

// create makes the file and what is in it from the beginning.
func (f *Figures) create(ctx context.Context) error {
	if err := f.Drop(ctx); err != nil { // of a run that was killed
		return err
	}
	if err := f.attach(ctx); err != nil {
		return err
	}
	tables, err := RawTables()
	if err != nil {
		return err
	}
	var script strings.Builder
	for _, schema := range Schemas {
		fmt.Fprintf(&script, "create schema %s.%s;\n", f.catalog, schema)
	}
	for _, table := range tables {
		if slices.Contains(ofTransform, table) {
			fmt.Fprintf(&script, "create table %s.raw.%s as from %s.raw.%s limit 0;\n", f.catalog, table, f.working, table)
			continue
		}
		fmt.Fprintf(&script, "create view %s.raw.%s as from %s.raw.%s;\n", f.catalog, table, f.working, table)
	}
	_, err = f.db.ExecContext(ctx, script.String())
	return err
}

// Conn is a connection on which unqualified names are those of the figures. It is given
// back by Release.
func (f *Figures) Conn(ctx context.Context) (*sql.Conn, error) {
	conn, err := f.db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "use "+f.catalog); err != nil {
		return nil, errors.Join(fmt.Errorf("connect: %w", err), f.Release(ctx, conn))
	}
	return conn, nil
}

// Release gives a connection back, outside of any transaction.
func (f *Figures) Release(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(context.WithoutCancel(ctx), "use "+f.working)
	if err != nil { // nobody else may get it
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	return errors.Join(err, conn.Close())
}

// Save writes the figures to their file. Only then may they be shown.
func (f *Figures) Save(ctx context.Context) error {
	if f.file == "" {
		return nil
	}
	if _, err := f.db.ExecContext(ctx, "checkpoint "+f.catalog); err != nil {
		return fmt.Errorf("save the figures: %w", err)
	}
	return nil
}

// Execer is a connection or a transaction.
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Clear has the working database show no figures any more, not even of models that have
// no file today.
func Clear(ctx context.Context, db Execer) error {
	var script strings.Builder
	for _, schema := range Schemas[1:] { // raw is extract's
		fmt.Fprintf(&script, "drop schema if exists %s cascade; create schema %[1]s;\n", schema)
	}
	if _, err := db.ExecContext(ctx, script.String()); err != nil {
		return fmt.Errorf("show no figures: %w", err)
	}
	return nil
}

// Show has the working database show these relations of the figures, given as
// schema.name, once its transaction tx is committed.
func (f *Figures) Show(ctx context.Context, tx Execer, relations []string) error {
	var script strings.Builder
	for _, name := range relations {
		fmt.Fprintf(&script, "create view %s as from %s.%[1]s;\n", name, f.catalog)
	}
	if _, err := tx.ExecContext(ctx, script.String()); err != nil {
		return fmt.Errorf("show the figures: %w", err)
	}
	return nil
}

// DropOthers drops the figures that were shown before.
func (f *Figures) DropOthers(ctx context.Context) error {
	for _, name := range figuresCatalogs {
		if name == f.catalog {
			continue
		}
		other, err := figuresOf(ctx, f.db, name)
		if err != nil {
			return fmt.Errorf("drop the last figures: %w", err)
		}
		if err := other.Drop(ctx); err != nil {
			return fmt.Errorf("drop the last figures: %w", err)
		}
	}
	return nil
}

// Drop removes the figures and their file, if they are there.
func (f *Figures) Drop(ctx context.Context) error {
	if _, err := f.db.ExecContext(ctx, "detach database if exists "+f.catalog); err != nil {
		return err
	}
	if f.file == "" {
		return nil
	}
	if err := os.Remove(f.file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// attach attaches the file, which is made if it is not there.
func (f *Figures) attach(ctx context.Context) error {
	query := "attach ':memory:' as " + f.catalog
	if f.file != "" {
		query = fmt.Sprintf("attach '%s' as %s (recovery_mode no_wal_writes)", strings.ReplaceAll(f.file, "'", "''"), f.catalog)
	}
	_, err := f.db.ExecContext(ctx, query)
	return err
}

// figuresOf are the figures of that name beside the working database, there or not.
func figuresOf(ctx context.Context, db *sql.DB, catalog string) (*Figures, error) {
	f := &Figures{db: db, catalog: catalog}
	var file sql.NullString
	err := db.QueryRowContext(ctx, `
select '"' || replace(database_name, '"', '""') || '"', path
from duckdb_databases()
where database_name = current_database()`).Scan(&f.working, &file)
	if err != nil {
		return nil, err
	}
	if file.String != "" {
		f.file = file.String + "." + strings.TrimPrefix(catalog, "vaultperf_")
	}
	return f, nil
}

// shownFigures is the catalog of the figures that the working database shows, or empty.
func shownFigures(ctx context.Context, db *sql.DB) (string, error) {
	var catalog sql.NullString
	err := db.QueryRowContext(ctx, `
select any_value(regexp_extract(sql, 'vaultperf_figures_\d'))
from duckdb_views()
where database_name = current_database() and schema_name = 'marts' and view_name = 'run'`).Scan(&catalog)
	return catalog.String, err
}

// openFigures attaches the figures that the working database shows. Where their file is
// gone it shows none. Those of a run that was killed are removed.
func openFigures(ctx context.Context, db *sql.DB) error {
	shown, err := shownFigures(ctx, db)
	if err != nil {
		return err
	}
	for _, name := range figuresCatalogs {
		f, err := figuresOf(ctx, db, name)
		if err != nil {
			return err
		}
		if name != shown {
			if err := f.Drop(ctx); err != nil {
				return err
			}
			continue
		}
		if _, err := os.Stat(f.file); errors.Is(err, fs.ErrNotExist) {
			if err := Clear(ctx, db); err != nil {
				return err
			}
			continue
		}
		if err := f.attach(ctx); err != nil {
			return err
		}
	}
	return nil
}

// ofTransform are the raw tables of a run's parameters, which transform writes.
var ofTransform = []string{"run", "thresholds"}

// RawTables are the names, in order, of the raw tables.
func RawTables() ([]string, error) {
	files, err := fs.Glob(Files, "raw/*.sql")
	if err != nil {
		return nil, err
	}
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = strings.TrimSuffix(path.Base(file), ".sql")
	}
	return names, nil
}
