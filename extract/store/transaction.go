// Package store helps with the database that all steps write to: transactions, rows read
// into slices, and queries too large for memory read page by page. Opening it and
// appending to it is in package sql.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// InTransaction runs work in a transaction: it commits, or rolls back after an error.
func InTransaction(ctx context.Context, db *sql.DB, work func(*sql.Conn) error) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return InTransactionOn(ctx, conn, func() error { return work(conn) })
}

// InTransactionOn is InTransaction on a given connection.
func InTransactionOn(ctx context.Context, conn *sql.Conn, work func() error) (err error) {
	// an interrupted begin may have begun a transaction
	if _, err := conn.ExecContext(context.WithoutCancel(ctx), "begin"); err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	if err = work(); err == nil {
		if _, err = conn.ExecContext(ctx, "commit"); err == nil {
			return nil
		}
		err = fmt.Errorf("commit the import: %w", err)
	}
	// also roll back in a cancelled run; after a failed commit there is nothing to roll back
	for _, q := range []string{"rollback", "set preserve_insertion_order = true"} {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), q)
	}
	return err
}

// ExecAll runs statements in order, up to the first that fails.
func ExecAll(ctx context.Context, db *sql.DB, queries ...string) error {
	for _, q := range queries {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}
