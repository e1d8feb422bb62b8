package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/publish"
	"github.com/vaultperf/vaultperf/report"
	"github.com/vaultperf/vaultperf/transform"
)

func (a *app) reportCommand() *cobra.Command {
	return a.nightly("report", "Write pages and workbooks from the last transform, and publish", publishReport)
}

// publishReport is the last stage: everything is made in a staging folder, and
// published by renaming when it is whole.
func publishReport(ctx context.Context, n *night) (err error) {
	state, err := readOutcome(ctx, n.db)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := n.checkAsked(ctx); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := n.checkComputed(state); err != nil {
		return err
	}
	if err := n.conclude(ctx, state); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	day, err := parseDay(state.AsOf)
	if err != nil {
		return fmt.Errorf("report: as_of in marts.run: %w", err)
	}
	if n.app.asOf != "" && !day.Equal(n.asOf) {
		return usageErrorf("--as-of %s: the figures are as of %s, run vaultperf transform for another day",
			n.app.asOf, state.AsOf)
	}
	newer, err := n.out.Newer(day, n.sample)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	lines, err := n.readSummary(ctx)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	staged, err := n.out.Stage()
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	defer func() { err = errors.Join(err, staged.Discard()) }()
	if err := n.stage(ctx, staged, day); err != nil {
		return err
	}
	if err := staged.Publish(day, newer == "", n.app.renames); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	n.results = func() error { return n.summary(state, day, newer, lines) }
	return nil
}

// checkComputed refuses figures that were computed by other parameters than the
// config's: the manifest would name a config that did not make them.
func (n *night) checkComputed(state outcome) error {
	for _, p := range []struct {
		key       string
		was, want *float64
	}{
		{"risk_free_rate", state.RiskFreeRate, n.config.RiskFreeRate},
		{"min_total_assets", state.MinTotalAssets, n.config.MinTotalAssets},
	} {
		if (p.was == nil) != (p.want == nil) || p.was != nil && *p.was != *p.want {
			return usageErrorf("%s: the figures were computed with another %s: run vaultperf transform first", n.config.Name, p.key)
		}
	}
	return nil
}

// stage writes a whole night into the staging folder. Pages and database are made
// side by side, each from the marts, while DuckDB folds its log into the working
// database, which it would else do when that is closed.
func (n *night) stage(ctx context.Context, staged *publish.Staged, day time.Time) error {
	var files []report.File
	var rows map[string]int64
	group, both := errgroup.WithContext(ctx)
	group.Go(func() error {
		return n.timed("report", func() (facts []any, err error) {
			bar := n.app.progress("report", false)
			defer bar.done()
			files, err = report.Run(both, n.db, report.Options{
				Dir:      staged.Dir(),
				MaxPages: n.config.MaxPages,
				Version:  version(),
				Progress: func(done, total int) { bar.set(int64(done), int64(total)) },
			})
			return []any{"files", len(files)}, err
		})
	})
	group.Go(func() error {
		return n.timed("publish", func() ([]any, error) {
			if err := transform.Publish(both, n.db, staged.Database()); err != nil {
				return nil, err
			}
			// A client that opens it without asking for read-only is refused, where
			// it would otherwise keep all others out.
			return nil, os.Chmod(staged.Database(), 0o444)
		})
	})
	group.Go(func() (err error) {
		if rows, err = countRows(both, n.db); err != nil {
			return fmt.Errorf("write run.json: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		if _, err := n.db.ExecContext(both, "checkpoint"); err != nil {
			return fmt.Errorf("save the working database: %w", err)
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return err
	}
	m, err := n.manifest(ctx, files, rows, day)
	if err == nil {
		err = staged.WriteManifest(m)
	}
	if err != nil {
		return fmt.Errorf("write run.json: %w", err)
	}
	return nil
}
