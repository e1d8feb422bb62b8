package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// scan appends a query's rows to values; into says where a row's columns go.
func scan[T any](ctx context.Context, db *sql.DB, query string, into func(*T) []any, values *[]T) (err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return fmt.Errorf("read marts: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var value T
		if err := rows.Scan(into(&value)...); err != nil {
			return fmt.Errorf("read marts: %w", err)
		}
		*values = append(*values, value)
	}
	return rows.Err()
}

// column is a query's only column.
func column(ctx context.Context, db *sql.DB, query string) (values []string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("read marts: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			return nil, fmt.Errorf("read marts: %w", err)
		}
		values = append(values, value)
	}
	return values, rows.Err()
}
