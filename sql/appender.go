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
	rows, err := Gather(ctx, conn, schema, table, fill)
	if err != nil {
		return err
	}
	return rows.Write(conn)
}

// MostGathered is how many rows Gather keeps; of more it would write the first.
const MostGathered = 200_000

// Rows are rows for one table, in DuckDB's form, that no transaction has yet.
type Rows struct {
	name     string
	appender *duckdb.Appender
}

// Gather makes rows ready to be written, as Append describes, before the
// transaction that writes them begins: most of the work of appending is this, and
// another connection can commit meanwhile. It must be one of Write and Drop that ends
// the rows, before conn is closed.
func Gather(ctx context.Context, conn *sql.Conn, schema, table string, fill func(add func(values ...any) error) error) (*Rows, error) {
	rows := &Rows{name: schema + "." + table}
	err := conn.Raw(func(c any) (err error) {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows.appender, err = duckdb.NewAppenderFromConn(c.(driver.Conn), schema, table)
		return err
	})
	if err != nil {
		return nil, rows.failed(err)
	}
	var row []driver.Value
	err = fill(func(values ...any) error {
		row = row[:0]
		for _, v := range values {
			row = append(row, v)
		}
		return rows.appender.AppendRow(row...)
	})
	if err != nil {
		return nil, errors.Join(rows.failed(err), rows.Drop())
	}
	return rows, nil
}

// Write puts the rows into their table, inside whatever transaction conn is in. It
// must be the connection that they were gathered on.
func (r *Rows) Write(conn *sql.Conn) error {
	return r.failed(conn.Raw(func(any) error { return r.appender.Close() }))
}

// Drop forgets the rows, whatever has become of their connection.
func (r *Rows) Drop() error {
	return r.failed(errors.Join(r.appender.Clear(), r.appender.Close()))
}

func (r *Rows) failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("append to %s: %w", r.name, err)
}
