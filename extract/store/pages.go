package store

import (
	"context"
	"database/sql"
	"fmt"
)

// PageRows is how many rows a page has.
const PageRows = 100_000

// Pages reads a query's rows page by page, since a connection cannot append while it reads.
// The rows are in a temporary table, which the database can move to disk.
type Pages struct {
	conn     *sql.Conn
	from, to int64 // rowids yet to come
}

// NewPages runs the query. Pages keep the order of its rows, which DuckDB preserves, and
// select them by rowid: numbering the rows would take three times as long. The caller reads
// all pages and drops them, or rolls back.
func NewPages(ctx context.Context, conn *sql.Conn, query string, args ...any) (*Pages, error) {
	p := &Pages{conn: conn}
	if _, err := conn.ExecContext(ctx, "create or replace temp table pages as "+query, args...); err != nil {
		return nil, err
	}
	// uncommitted rows have rowids from 2^62 on
	err := conn.QueryRowContext(ctx, "select coalesce(min(rowid), 0), coalesce(max(rowid) + 1, 0) from temp.pages").Scan(&p.from, &p.to)
	return p, err
}

// Next calls scan for each row of the next page; not at all after the last.
func (p *Pages) Next(ctx context.Context, scan func(*sql.Rows) error) error {
	if p.from >= p.to {
		return nil
	}
	end := min(p.from+PageRows, p.to)
	query := "select * from temp.pages where rowid >= ? and rowid < ?"
	err := Each(ctx, p.conn, query, []any{p.from, end}, func(rows *sql.Rows) error {
		p.from++
		return scan(rows)
	})
	if err != nil {
		return fmt.Errorf("read a page: %w", err)
	}
	if p.from != end {
		return fmt.Errorf("read a page: %d rows are missing", end-p.from)
	}
	return nil
}

// Drop drops the temporary table.
func (p *Pages) Drop(ctx context.Context) error {
	_, err := p.conn.ExecContext(ctx, "drop table temp.pages")
	return err
}
