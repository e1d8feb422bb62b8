package fetch

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/vaultperf/vaultperf/extract/store"
)

const (
	// fetchMemory bounds the database's cache, which would otherwise grow with all that
	// is written, although none of it is read again.
	fetchMemory = 96 << 20
	// checkpointLogs is after how many logs the database is checkpointed. Left alone, it
	// would do so with the one thread it has.
	checkpointLogs = 1_000_000
)

// limitDatabase limits a database, until restoreLimits, to what it needs while logs arrive
// batch by batch: little memory, and one thread, because a second one would have nothing
// to do and the first would busy-wait for it.
func limitDatabase(ctx context.Context, db *sql.DB) error {
	return store.ExecAll(ctx, db, fmt.Sprintf("set memory_limit = '%dB'", fetchMemory), "set threads = 1")
}

// checkpoint checkpoints a limited database with all threads.
func checkpoint(ctx context.Context, db *sql.DB) error {
	err := store.ExecAll(ctx, db, "reset threads", "checkpoint")
	return errors.Join(err, store.ExecAll(ctx, db, "set threads = 1"))
}

// restoreLimits restores a database's settings, even in a cancelled run. Resetting
// memory_limit changes the displayed value but not the limit in effect. Setting it to the
// displayed value changes that, but rounds it to one decimal, so it is then reset again.
func restoreLimits(ctx context.Context, db *sql.DB) error {
	return store.ExecAll(context.WithoutCancel(ctx), db, "reset threads", "reset memory_limit",
		"set memory_limit = current_setting('memory_limit')", "reset memory_limit")
}
