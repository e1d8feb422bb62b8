package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/vaultperf/vaultperf/extract/blocks"
)

// A Querier is a database or one of its connections.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Each calls scan for each row of a query, up to the first error.
func Each(ctx context.Context, db Querier, query string, args []any, scan func(*sql.Rows) error) (err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Collect reads the rows of a query into a slice; scan fills in one element, which is zero
// before. It is nil if there are no rows, and after an error.
func Collect[T any](ctx context.Context, db Querier, query string, args []any, scan func(rows *sql.Rows, into *T) error) ([]T, error) {
	var all []T
	err := Each(ctx, db, query, args, func(rows *sql.Rows) error {
		var zero T
		all = append(all, zero)
		return scan(rows, &all[len(all)-1])
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// SpansBy reads rows of a key, a first block and a last block into spans by key.
func SpansBy(ctx context.Context, db Querier, query string, args ...any) (map[string][]blocks.Span, error) {
	spans := map[string][]blocks.Span{}
	err := Each(ctx, db, query, args, func(rows *sql.Rows) error {
		var key string
		var s blocks.Span
		err := rows.Scan(&key, &s.From, &s.To)
		spans[key] = append(spans[key], s)
		return err
	})
	if err != nil {
		return nil, err
	}
	return spans, nil
}

// Pairs reads rows of two integers.
func Pairs(ctx context.Context, db Querier, query string, args ...any) ([][2]int64, error) {
	return Collect(ctx, db, query, args, func(rows *sql.Rows, pair *[2]int64) error {
		return rows.Scan(&pair[0], &pair[1])
	})
}

// An Execer is a database or one of its connections.
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// JoinInts joins numbers with commas, for string_split.
func JoinInts(list []int64) string {
	var b strings.Builder
	for i, n := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprint(&b, n)
	}
	return b.String()
}
