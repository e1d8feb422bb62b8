package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/vaultperf/vaultperf/extract/blocks"
)

// A querier is a database or one of its connections.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// SpansBy reads rows of a key, a first block and a last block into spans by key.
func SpansBy(ctx context.Context, db querier, query string, args ...any) (spans map[string][]blocks.Span, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	spans = map[string][]blocks.Span{}
	for rows.Next() {
		var of string
		var s blocks.Span
		if err := rows.Scan(&of, &s.From, &s.To); err != nil {
			return nil, err
		}
		spans[of] = append(spans[of], s)
	}
	return spans, rows.Err()
}

// An Execer is a database or one of its connections.
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Pairs reads rows of two integers.
func Pairs(ctx context.Context, conn *sql.Conn, query string, args ...any) (out [][2]int64, err error) {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var row [2]int64
		if err := rows.Scan(&row[0], &row[1]); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
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
