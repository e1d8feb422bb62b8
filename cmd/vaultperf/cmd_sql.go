package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/publish"
	models "github.com/vaultperf/vaultperf/sql"
)

func (a *app) sqlCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   `sql "select …" | sql -`,
		Short: "Ask the published database; a query of - is read from stdin",
		Long: `Ask the published database. It is opened read-only and cut off: no query can
write, read another file or reach a network.

In every format times are UTC in RFC 3339 and undefined is empty (null in JSON).
csv puts ' before text that a spreadsheet would take for a formula. json writes a
number of more than 15 digits as a string, so that no reader rounds it.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 || strings.TrimSpace(args[0]) == "" {
				return usageErrorf("want one query in quotes, or - to read it from stdin (see %s --help)", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			write, known := formats[format]
			if !known {
				return usageErrorf("--format: want table, csv, json or markdown, got %q", format)
			}
			return a.ask(cmd.Context(), args[0], write)
		},
	}
	cmd.Flags().StringVar(&a.out, "out", "out", "out `folder` whose published database is asked")
	cmd.Flags().StringVar(&a.db, "db", "", "database `file` (default: vaultperf.duckdb in the out folder)")
	cmd.Flags().StringVar(&format, "format", "table", "table, csv, json or markdown")
	return cmd
}

// ask runs query on the published database and writes its result.
func (a *app) ask(ctx context.Context, query string, write writer) (err error) {
	if query == "-" {
		text, err := io.ReadAll(a.std.in)
		if err != nil {
			return fmt.Errorf("read query from stdin: %w", err)
		}
		query = string(text)
	}
	path := a.db
	if path == "" {
		path = publish.Folder(a.out).Database()
	}
	if err := checkPaths(a.out, ""); err != nil {
		return err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s does not exist: run vaultperf run first, or give --db", path)
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a folder: want a database file", path)
	}
	db, err := models.OpenReadOnly(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := models.CheckSelect(ctx, db, query); err != nil {
		return fmt.Errorf("query: %w", err)
	}
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	table, err := newResult(rows)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	return write(a.std.out, table)
}

// A result is a query's answer, read row by row.
type result struct {
	rows    *sql.Rows
	columns []string
	types   []string // DuckDB's names, without parameters
}

func newResult(rows *sql.Rows) (*result, error) {
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	r := &result{rows: rows, columns: columns}
	for _, t := range types {
		name, _, _ := strings.Cut(t.DatabaseTypeName(), "(")
		r.types = append(r.types, name)
	}
	return r, nil
}

// each calls row with the cells of every row.
func (r *result) each(row func(cells []cell) error) error {
	values := make([]any, len(r.columns))
	into := make([]any, len(values))
	for i := range values {
		into[i] = &values[i]
	}
	cells := make([]cell, len(values))
	for r.rows.Next() {
		if err := r.rows.Scan(into...); err != nil {
			return fmt.Errorf("read row: %w", err)
		}
		for i, v := range values {
			cells[i] = newCell(v, r.types[i])
		}
		if err := row(cells); err != nil {
			return err
		}
	}
	if err := r.rows.Err(); err != nil {
		return fmt.Errorf("read row: %w", err)
	}
	return nil
}
