package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

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
	defer func() { err = errors.Join(err, os.RemoveAll(n.out.work("staging"))) }()
	staged := stagedNight{pages: n.out.work("staging", "pages"), links: n.out.work("staging", "links")}
	isLatest, newer, err := n.newest(day)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	lines, err := n.readSummary(ctx)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := n.stage(ctx, staged, day); err != nil {
		return err
	}
	if err := staged.publish(n.out, day, isLatest); err != nil {
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
		{"min_total_assets", state.MinTotalAssets, n.config.Start.MinTotalAssets},
	} {
		if (p.was == nil) != (p.want == nil) || p.was != nil && *p.was != *p.want {
			return usageErrorf("%s: the figures were computed with another %s: run vaultperf transform first", n.config.name, p.key)
		}
	}
	return nil
}

// stage writes a whole night into the staging folder. Pages and database are made
// side by side, each from the marts, while DuckDB folds its log into the working
// database, which it would else do when that is closed.
func (n *night) stage(ctx context.Context, staged stagedNight, day time.Time) error {
	for _, dir := range []string{staged.pages, staged.links} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	var files []report.File
	var rows map[string]int64
	group, both := errgroup.WithContext(ctx)
	group.Go(func() error {
		return n.timed("report", func() (facts []any, err error) {
			bar := n.app.progress("report", false)
			defer bar.done()
			files, err = report.Run(both, n.db, report.Options{
				Dir:      staged.pages,
				MaxPages: n.config.MaxPages,
				Version:  version(),
				Progress: func(done, total int) { bar.set(int64(done), int64(total)) },
			})
			return []any{"files", len(files)}, err
		})
	})
	group.Go(func() error {
		return n.timed("publish", func() ([]any, error) {
			if err := transform.Publish(both, n.db, staged.database()); err != nil {
				return nil, err
			}
			// A client that opens it without asking for read-only is refused, where
			// it would otherwise keep all others out.
			return nil, os.Chmod(staged.database(), 0o444)
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
	if err := n.writeManifest(ctx, staged, files, rows, day); err != nil {
		return fmt.Errorf("write run.json: %w", err)
	}
	return staged.sync()
}
