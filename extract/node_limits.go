package extract

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

const (
	// fetchMemory is how much the database may keep of what it has written: to read
	// it again is nobody's wish, and it would keep all.
	fetchMemory = 96 << 20
	// foldedLogs is after how many logs the database folds its log into its file. By
	// itself it would do so with the one thread that it is left.
	foldedLogs = 1_000_000
)

// databaseLimits are what a database is held to while logs come, one batch after
// another: little memory, and one thread, because a second one has nothing to do, and
// the first goes in circles until it has done that.
type databaseLimits struct {
	db              *sql.DB
	memory, threads string // before
}

// limitDatabase holds db to the limits until they are lifted.
func limitDatabase(ctx context.Context, db *sql.DB) (*databaseLimits, error) {
	l := &databaseLimits{db: db}
	const ask = "select current_setting('memory_limit'), current_setting('threads')"
	if err := db.QueryRowContext(ctx, ask).Scan(&l.memory, &l.threads); err != nil {
		return nil, fmt.Errorf("limit the database: %w", err)
	}
	return l, l.exec(ctx, fmt.Sprintf("set memory_limit = '%dB'", fetchMemory), "set threads = 1")
}

// fold folds the database's log into its file with all threads.
func (l *databaseLimits) fold(ctx context.Context) error {
	err := l.exec(ctx, "set threads = "+l.threads, "checkpoint")
	return errors.Join(err, l.exec(ctx, "set threads = 1"))
}

func (l *databaseLimits) lift(ctx context.Context) error {
	return l.exec(context.WithoutCancel(ctx), "set threads = "+l.threads, "set memory_limit = '"+l.memory+"'")
}

func (l *databaseLimits) exec(ctx context.Context, queries ...string) error {
	for _, q := range queries {
		if _, err := l.db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}
