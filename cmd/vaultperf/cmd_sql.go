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
		Short: "Query the published database; - reads the query from stdin",
		Long: `Query the published database. It is opened read-only and isolated: no query can
write, read another file or reach the network.

In every format times are UTC in RFC 3339, and undefined values are empty (null in
JSON). csv puts ' before text that a spreadsheet would take for a formula. json
writes numbers of more than 15 digits as strings, so that no reader rounds them.`,
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
			return a.query(cmd.Context(), args[0], write)
		},
	}
	cmd.Flags().StringVar(&a.out, "out", "out", "out `folder` whose published database is queried")
	cmd.Flags().StringVar(&a.db, "db", "", "database `file` (default: vaultperf.duckdb in the out folder)")
	cmd.Flags().StringVar(&format, "format", "table", "table, csv, json or markdown")
	return cmd
}

// query runs a query on the published database and writes its result.
func (a *app) query(ctx context.Context, query string, write writer) (err error) {
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
