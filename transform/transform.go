// Package transform builds the SQL models: from the raw tables that extract
// wrote to the marts that report reads.
//
// All models are built in a database of figures of their own, which the working
// database shows, by one transaction, once all checks have passed. A model that breaks
// its grain, or a check that finds rows, throws it away, and the last run's marts stand.
// It reads and writes nothing but the database, and no clock.
package transform

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/vaultperf/vaultperf/crash"
	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform/model"
)

// Options are the parameters of a run. They are written to raw.run, so that
// the models read them as data.
type Options struct {
	AsOf           time.Time // the last day included, midnight UTC
	RiskFreeRate   *float64  // fraction per year; nil: the Sharpe ratio has none
	MinTotalAssets *float64  // start rule, in units of the asset; nil: none

	// Thresholds are those of sql/seeds/thresholds.csv that differ from the usual ones.
	Thresholds map[string]float64

	Progress func(step string) // called after each step, one at a time; nil: not wanted
}

// Run builds every model and runs every check. The error is a *CheckError if the data
// broke a promise.
func Run(ctx context.Context, db *sql.DB, opt Options) (err error) {
	if opt.Progress == nil {
		opt.Progress = func(string) {}
	}
	opt.Progress = oneAtATime(opt.Progress)
	list, err := model.All()
	if err != nil {
		return err
	}
	figures, err := models.NewFigures(ctx, db)
	if err != nil {
		return err
	}
	isShown := false
	defer func() {
		if !isShown {
			err = errors.Join(err, figures.Drop(context.WithoutCancel(ctx)))
		}
	}()
	b, err := newBuilder(ctx, db, figures, opt.Progress)
	if err != nil {
		return err
	}
	err = b.prepare(ctx, opt)
	if err == nil {
		list, err = b.build(ctx, b.suited(list))
	}
	if err == nil {
		err = finish(ctx, db, figures, b, list, opt)
		isShown = err == nil
	}
	if isShown {
		err = figures.DropOthers(ctx)
	}
	return errors.Join(err, b.close(ctx))
}

// finish checks and saves what was built, and shows it if all is well.
func finish(ctx context.Context, db *sql.DB, figures *models.Figures, b *builder, list []model.Model, opt Options) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	group, all := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer crash.Watch()
		return check(all, b.conns[0], models.Files, list, opt.Progress)
	})
	group.Go(func() error {
		defer crash.Watch()
		err := figures.Save(all)
		opt.Progress("save")
		return err
	})
	group.Go(func() error {
		defer crash.Watch()
		err := showFigures(all, tx, figures, list, opt)
		opt.Progress("show")
		return err
	})
	if err := group.Wait(); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	opt.Progress("commit")
	return nil
}

// showFigures has the working database show the models of list, with the macros of all.
// A view that no model reads is made there alone: to make one takes longer than to read
// it from a few rows.
func showFigures(ctx context.Context, tx *sql.Tx, figures *models.Figures, list []model.Model, opt Options) error {
	if err := writeRun(ctx, tx, opt); err != nil {
		return err
	}
	seeds, err := seedFiles(models.Files)
	if err != nil {
		return err
	}
	var built []string
	for _, file := range seeds {
		built = append(built, "seeds."+seedName(file))
	}
	isEnd := ending(list)
	var ends []model.Model
	for _, m := range list {
		if isEnd(m) {
			ends = append(ends, m)
			continue
		}
		built = append(built, m.String())
	}
	if err := models.Clear(ctx, tx); err != nil {
		return err
	}
	if err := createMacros(ctx, tx, "", false); err != nil {
		return err
	}
	if err := figures.Show(ctx, tx, built); err != nil {
		return err
	}
	for _, m := range ends {
		if _, err := create(ctx, tx, m); err != nil {
			return err
		}
	}
	return createMacros(ctx, tx, "", true)
}

// ignoreDone drops the error of rolling back what a failed statement has
// already rolled back.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// oneAtATime calls a function that several connections call.
func oneAtATime(progress func(step string)) func(step string) {
	var mu sync.Mutex
	return func(step string) {
		mu.Lock()
		defer mu.Unlock()
		progress(step)
	}
}

func writeRun(ctx context.Context, db models.Execer, opt Options) error {
	if _, err := db.ExecContext(ctx, "delete from raw.run"); err != nil {
		return fmt.Errorf("write raw.run: %w", err)
	}
	day := time.Date(opt.AsOf.Year(), opt.AsOf.Month(), opt.AsOf.Day(), 0, 0, 0, 0, time.UTC)
	_, err := db.ExecContext(ctx, "insert into raw.run values (?, ?, ?, ?)",
		day, day.AddDate(0, 0, 1), opt.RiskFreeRate, opt.MinTotalAssets)
	if err != nil {
		return fmt.Errorf("write raw.run: %w", err)
	}
	return nil
}

// setThresholds writes what the config says next to the usual thresholds.
func setThresholds(ctx context.Context, db models.Execer, thresholds map[string]float64) error {
	for _, name := range slices.Sorted(maps.Keys(thresholds)) {
		result, err := db.ExecContext(ctx, "update seeds.thresholds set value = ? where threshold = ?",
			strconv.FormatFloat(thresholds[name], 'g', -1, 64), name)
		if err != nil {
			return fmt.Errorf("set threshold %s: %w", name, err)
		}
		if n, err := result.RowsAffected(); err != nil || n != 1 {
			return fmt.Errorf("set threshold %s: there is none of that name", name)
		}
	}
	return nil
}
