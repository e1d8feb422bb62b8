package extract

import (
	"context"
	"database/sql"
	"errors"
)

// A querier is a database or one of its connections.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// spansBy reads rows of what blocks belong to, the first of them and the last.
func spansBy(ctx context.Context, db querier, query string, args ...any) (spans map[string][]span, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	spans = map[string][]span{}
	for rows.Next() {
		var of string
		var s span
		if err := rows.Scan(&of, &s.from, &s.to); err != nil {
			return nil, err
		}
		spans[of] = append(spans[of], s)
	}
	return spans, rows.Err()
}

// An execer is a database or one of its connections.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}
