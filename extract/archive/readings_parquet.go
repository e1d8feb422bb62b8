package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/vaultperf/vaultperf/extract/snippet"
	"github.com/vaultperf/vaultperf/extract/store"
)

// importParquet reads the rows of a Parquet file through DuckDB; a row's number serves as
// its line. Every cell is read as text, so that no integer passes through a float and a
// float keeps its shortest digits.
func (r *readings) importParquet(ctx context.Context, conn *sql.Conn) error {
	path, err := filepath.Abs(r.in.file)
	if err != nil {
		return fmt.Errorf("read %s: %w", r.in.path, err)
	}
	path = literalPath.Replace(path)
	columns, err := parquetColumns(ctx, conn, path)
	if err != nil {
		return r.parquetError(ctx, err)
	}
	if err := r.setColumns(columns); err != nil {
		return err
	}
	if err := r.checkConditions(columns); err != nil {
		return err
	}
	cells := make([]string, columnCount, columnCount+1)
	for column, at := range r.layout.at {
		cells[column] = "null::varchar"
		if at >= 0 {
			cells[column] = fmt.Sprintf("cast(%s as varchar)", ident(columns[at]))
		}
	}
	cells = append(cells, r.wantedSQL(columns))
	query := "select " + strings.Join(cells, ", ") + " from " + readParquet
	pages, err := store.NewPages(ctx, conn, query, path)
	if err != nil {
		return r.parquetError(ctx, err)
	}
	line := int64(0)
	for {
		page, err := readingsPage(ctx, pages)
		if err != nil {
			return fmt.Errorf("read %s: %w", r.in.path, err)
		}
		if len(page) == 0 {
			return pages.Drop(ctx)
		}
		err = r.write(ctx, conn, func() error {
			for i := range page {
				line++
				if !page[i].isWanted {
					r.filter()
					continue
				}
				cells := &page[i].cells
				if !r.layout.has(colVault) {
					cells[colVault] = r.in.archive.Vault
				}
				if err := r.take(line, cells); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// readParquet reads one file, without columns from the names of its folders.
const readParquet = "read_parquet(?, hive_partitioning = false)"

// literalPath escapes the characters of a path that DuckDB would read as a pattern.
var literalPath = strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]")

func parquetColumns(ctx context.Context, conn *sql.Conn, path string) ([]string, error) {
	rows, err := conn.QueryContext(ctx, "select * from "+readParquet+" limit 0", path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	return columns, errors.Join(err, rows.Err())
}

// A parquetRow is a row's cells, and whether it has what the archive asks of its rows.
type parquetRow struct {
	cells    readingRow
	isWanted bool
}

func readingsPage(ctx context.Context, pages *store.Pages) ([]parquetRow, error) {
	var page []parquetRow
	var cells [columnCount]sql.NullString
	var isWanted bool
	to := make([]any, columnCount, columnCount+1)
	for i := range cells {
		to[i] = &cells[i]
	}
	to = append(to, &isWanted)
	err := pages.Next(ctx, func(rows *sql.Rows) error {
		var texts readingRow
		err := rows.Scan(to...)
		for i := range cells {
			texts[i] = cells[i].String
		}
		page = append(page, parquetRow{texts, isWanted})
		return err
	})
	return page, err
}

// parquetError reports what DuckDB says about a file, without the file's path on this
// machine.
func (r *readings) parquetError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("read %s: %w", r.in.path, ctx.Err())
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	if path, abs := filepath.Abs(r.in.file); abs == nil {
		text = strings.ReplaceAll(text, path, r.in.path)
	}
	return r.refuse(0, "a whole Parquet file", snippet.Line(text))
}
