package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// PageRows is how many rows are held in Go at once.
const PageRows = 100_000

// Pages hands out a query's rows piece by piece, since a connection cannot
// append while it reads. The rows wait in a temporary table, which the database
// moves to disk when it is large.
type Pages struct {
	conn     *sql.Conn
	from, to int64 // rowids yet to come
}

// NewPages runs the query. Its rows keep their order, as DuckDB does without an
// order by, and are found by rowid: to number them would take three times as
// long. The caller reads pages to the end and drops them, or rolls back.
func NewPages(ctx context.Context, conn *sql.Conn, query string, args ...any) (*Pages, error) {
	p := &Pages{conn: conn}
	if _, err := conn.ExecContext(ctx, "create or replace temp table pages as "+query, args...); err != nil {
		return nil, err
	}
	// rows that are not committed have rowids from 2^62 on
	err := conn.QueryRowContext(ctx, "select coalesce(min(rowid), 0), coalesce(max(rowid) + 1, 0) from temp.pages").Scan(&p.from, &p.to)
	return p, err
}

// Next calls scan for each of the next rows; for none at the end.
func (p *Pages) Next(ctx context.Context, scan func(*sql.Rows) error) (err error) {
	if p.from >= p.to {
		return nil
	}
	end := min(p.from+PageRows, p.to)
	rows, err := p.conn.QueryContext(ctx, "select * from temp.pages where rowid >= ? and rowid < ?", p.from, end)
	if err != nil {
		return fmt.Errorf("read a page: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for ; rows.Next(); p.from++ {
		if err := scan(rows); err != nil {
			return fmt.Errorf("read a page: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read a page: %w", err)
	}
	if p.from != end {
		return fmt.Errorf("read a page: %d rows are missing", end-p.from)
	}
	return nil
}

// Drop forgets the rows.
func (p *Pages) Drop(ctx context.Context) error {
	_, err := p.conn.ExecContext(ctx, "drop table temp.pages")
	return err
}
