package extract

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// pageRows is how many rows are held in Go at once.
const pageRows = 100_000

// pages hands out a query's rows piece by piece, since a connection cannot
// append while it reads. The rows wait in a temporary table, which the database
// moves to disk when it is large.
type pages struct {
	conn *sql.Conn
	from int64
}

// newPages runs the query. Its rows keep their order, as DuckDB does without an
// order by; the caller reads pages to the end and drops them, or rolls back.
func newPages(ctx context.Context, conn *sql.Conn, query string, args ...any) (*pages, error) {
	_, err := conn.ExecContext(ctx, `
create or replace temp table pages as
select row_number() over () as row_number, source.* from (`+query+`) as source`, args...)
	return &pages{conn: conn}, err
}

// next calls scan for each of the next rows, the query's columns only; for none
// at the end.
func (p *pages) next(ctx context.Context, scan func(*sql.Rows) error) (err error) {
	const q = `
select * exclude (row_number) from temp.pages
where row_number > ? and row_number <= ?`
	rows, err := p.conn.QueryContext(ctx, q, p.from, p.from+pageRows)
	if err != nil {
		return fmt.Errorf("read a page: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	p.from += pageRows
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("read a page: %w", err)
		}
	}
	return rows.Err()
}

func (p *pages) drop(ctx context.Context) error {
	_, err := p.conn.ExecContext(ctx, "drop table temp.pages")
	return err
}
