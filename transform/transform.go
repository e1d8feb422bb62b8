// Package transform builds the SQL models: from the raw tables that extract
// wrote to the marts that report reads.
//
// All models are built and all checks are run in one transaction. A model that
// breaks its grain, or a check that finds rows, rolls it back, and the last
// run's marts stand. It reads and writes nothing but the database, and no clock.
package transform

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform/model"
)

// Options are the parameters of a run. They are written to raw.run, so that
// the models read them as data.
type Options struct {
	AsOf           time.Time // the last day included, midnight UTC
	RiskFreeRate   *float64  // fraction per year; nil: the Sharpe ratio has none
	MinTotalAssets *float64  // start rule, in units of the asset; nil: none

	Progress func(step string) // called after each step; nil: not wanted
}

// Run builds every model and runs every check in one transaction. The error is
// a *CheckError if the data broke a promise.
func Run(ctx context.Context, db *sql.DB, opt Options) (err error) {
	if opt.Progress == nil {
		opt.Progress = func(string) {}
	}
	list, err := model.All()
	if err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() {
		// a model of one thread that failed has left it at that
		_, reset := conn.ExecContext(context.WithoutCancel(ctx), "reset threads")
		err = errors.Join(err, reset, conn.Close())
	}()
	list, isFew, err := suitedTo(ctx, conn, list)
	if err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := rebuild(ctx, conn, tx, list, isFew, opt); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	opt.Progress("commit")
	return nil
}

// rebuild does all of a run in tx, which is conn's.
func rebuild(ctx context.Context, conn *sql.Conn, tx *sql.Tx, list []model.Model, isFew bool, opt Options) error {
	if err := writeRun(ctx, tx, opt); err != nil {
		return err
	}
	if err := clear(ctx, tx); err != nil {
		return err
	}
	opt.Progress("clear")
	if err := loadSeeds(ctx, conn, models.Files); err != nil {
		return err
	}
	opt.Progress("load seeds")
	list, err := build(ctx, tx, list, isFew, opt.Progress)
	if err != nil {
		return err
	}
	if err := createMacros(ctx, tx, "", true); err != nil {
		return err
	}
	return check(ctx, tx, models.Files, list, opt.Progress)
}

// ignoreDone drops the error of rolling back what a failed statement has
// already rolled back.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

func writeRun(ctx context.Context, tx *sql.Tx, opt Options) error {
	if _, err := tx.ExecContext(ctx, "delete from raw.run"); err != nil {
		return fmt.Errorf("write raw.run: %w", err)
	}
	day := time.Date(opt.AsOf.Year(), opt.AsOf.Month(), opt.AsOf.Day(), 0, 0, 0, 0, time.UTC)
	_, err := tx.ExecContext(ctx, "insert into raw.run values (?, ?, ?, ?)",
		day, day.AddDate(0, 0, 1), opt.RiskFreeRate, opt.MinTotalAssets)
	if err != nil {
		return fmt.Errorf("write raw.run: %w", err)
	}
	return nil
}
