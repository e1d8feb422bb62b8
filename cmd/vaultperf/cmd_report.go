package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/vaultperf/vaultperf/crash"
	"github.com/vaultperf/vaultperf/report"
	"github.com/vaultperf/vaultperf/transform"
)

func (a *app) reportCommand() *cobra.Command {
	return a.stagesCommand("report", "Write pages and workbooks from the last transform, and publish", prepareDatabase, publishReport)
}

// prepareDatabase starts to make the database that will be published, in the staging
// folder, while other stages find out what goes into it.
func prepareDatabase(ctx context.Context, r *run) (err error) {
	if r.staged, err = r.out.Stage(); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	ctx, r.stopPreparing = context.WithCancel(ctx)
	r.preparing.Go(func() error {
		defer crash.Watch()
		return transform.Prepare(ctx, r.staged.Database())
	})
	return nil
}

// discard waits until nothing is written any more, and clears away what is staged.
func (r *run) discard() error {
	if r.staged == nil {
		return nil
	}
	r.stopPreparing()
	_ = r.preparing.Wait() // a run that needed the database has said so
	return r.staged.Discard()
}

// publishReport is the last stage: everything is made in the staging folder, and
// published by renaming once it is complete.
func publishReport(ctx context.Context, r *run) error {
	state, err := readOutcome(ctx, r.db)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := r.checkExtracted(ctx); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := r.checkComputed(state); err != nil {
		return err
	}
	if err := r.conclude(ctx, state); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	day, err := parseDay(state.AsOf)
	if err != nil {
		return fmt.Errorf("report: as_of in marts.run: %w", err)
	}
	if r.app.asOf != "" && !day.Equal(r.asOf) {
		return usageErrorf("--as-of %s: the figures are as of %s, run vaultperf transform for another day",
			r.app.asOf, state.AsOf)
	}
	newer, err := r.out.Newer(day, r.sample)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	lines, err := r.readSummary(ctx)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := r.stage(ctx, day); err != nil {
		return err
	}
	if err := r.staged.Publish(day, newer == "", r.app.renames); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	r.results = func() error { return r.summary(state, day, newer, lines) }
	return nil
}

// checkComputed refuses figures that were computed with other parameters than the
// config's: the manifest would name a config that did not produce them.
func (r *run) checkComputed(state outcome) error {
	for _, p := range []struct {
		key       string
		was, want *float64
	}{
		{"risk_free_rate", state.RiskFreeRate, r.config.RiskFreeRate},
		{"min_total_assets", state.MinTotalAssets, r.config.MinTotalAssets},
	} {
		if (p.was == nil) != (p.want == nil) || p.was != nil && *p.was != *p.want {
			return usageErrorf("%s: the figures were computed with another %s: run vaultperf transform first", r.config.Name, p.key)
		}
	}
	for name, t := range state.Thresholds {
		want, isSet := r.config.Thresholds[name]
		if !isSet {
			want = t.Usual
		}
		if t.Value != want {
			return usageErrorf("%s: the figures were computed with another %s: run vaultperf transform first", r.config.Name, name)
		}
	}
	return nil
}

// stage writes a whole run into the staging folder. Pages and database are made
// concurrently, each from the marts, while DuckDB checkpoints the working database,
// which it would otherwise do when that is closed.
func (r *run) stage(ctx context.Context, day time.Time) error {
	staged := r.staged
	var files []report.File
	var rows map[string]int64
	group, both := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer crash.Watch()
		return r.timed("report", func() (facts []any, err error) {
			bar := r.app.progress("report", false)
			defer bar.done()
			files, err = report.Run(both, r.db, report.Options{
				Dir:      staged.Dir(),
				MaxPages: r.config.MaxPages,
				Version:  version(),
				Progress: func(done, total int) { bar.set(int64(done), int64(total)) },
			})
			return []any{"files", len(files)}, err
		})
	})
	group.Go(func() error {
		defer crash.Watch()
		return r.timed("publish", func() ([]any, error) {
			if err := r.preparing.Wait(); err != nil {
				return nil, err
			}
			if err := transform.Publish(both, r.db, staged.Database()); err != nil {
				return nil, err
			}
			// A client that opens it without asking for read-only is refused, where
			// it would otherwise keep all others out.
			return nil, os.Chmod(staged.Database(), 0o444)
		})
	})
	group.Go(func() (err error) {
		defer crash.Watch()
		if rows, err = countRows(both, r.db); err != nil {
			return fmt.Errorf("write run.json: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		defer crash.Watch()
		if _, err := r.db.ExecContext(both, "checkpoint"); err != nil {
			return fmt.Errorf("save the working database: %w", err)
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return err
	}
	m, err := r.manifest(ctx, files, rows, day)
	if err == nil {
		err = staged.WriteManifest(m)
	}
	if err != nil {
		return fmt.Errorf("write run.json: %w", err)
	}
	return nil
}
