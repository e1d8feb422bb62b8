package sql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"
)

// Append writes rows to schema.table on conn, inside whatever transaction conn
// is in. It calls fill once with a function that adds one row, its values in
// the table's column order; *big.Int fits a bignum column, nil is null.
//
// The error must be heeded before a commit: after a failed append DuckDB's
// commit reports success though nothing was written.
func Append(ctx context.Context, conn *sql.Conn, schema, table string, fill func(add func(values ...any) error) error) error {
	return conn.Raw(func(c any) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		appender, err := duckdb.NewAppenderFromConn(c.(driver.Conn), schema, table)
		if err != nil {
			return fmt.Errorf("append to %s.%s: %w", schema, table, err)
		}
		var row []driver.Value
		err = fill(func(values ...any) error {
			row = row[:0]
			for _, v := range values {
				row = append(row, v)
			}
			return appender.AppendRow(row...)
		})
		if err := errors.Join(err, appender.Close()); err != nil {
			return fmt.Errorf("append to %s.%s: %w", schema, table, err)
		}
		return nil
	})
}
