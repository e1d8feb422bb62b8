package fetch

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/vaultperf/vaultperf/extract/store"
)

const (
	// fetchMemory is how much the database may keep of what it has written: to read
	// it again is nobody's wish, and it would keep all.
	fetchMemory = 96 << 20
	// foldedLogs is after how many logs the database folds its log into its file. By
	// itself it would do so with the one thread that it is left.
	checkpointLogs = 1_000_000
)

// limitDatabase holds a database, until liftLimits, to what it needs while logs come,
// one batch after another: little memory, and one thread, because a second one has
// nothing to do, and the first goes in circles until it has done that.
func limitDatabase(ctx context.Context, db *sql.DB) error {
	return store.ExecAll(ctx, db, fmt.Sprintf("set memory_limit = '%dB'", fetchMemory), "set threads = 1")
}

// foldLog folds a limited database's log into its file, with all threads.
func checkpoint(ctx context.Context, db *sql.DB) error {
	err := store.ExecAll(ctx, db, "reset threads", "checkpoint")
	return errors.Join(err, store.ExecAll(ctx, db, "set threads = 1"))
}

// liftLimits gives a database back what it is opened with, also in a cancelled run.
// To reset memory_limit is to change what is shown and not what holds. To set it makes
// it hold, but as it is written, with one decimal; so it is reset once more.
func restoreLimits(ctx context.Context, db *sql.DB) error {
	return store.ExecAll(context.WithoutCancel(ctx), db, "reset threads", "reset memory_limit",
		"set memory_limit = current_setting('memory_limit')", "reset memory_limit")
}
