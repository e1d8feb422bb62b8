package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/config"
	"github.com/vaultperf/vaultperf/cmd/vaultperf/publish"
	models "github.com/vaultperf/vaultperf/sql"
)

// A run is one call of the stages, and what they share.
type run struct {
	app     *app
	config  *config.Config
	sample  bool      // the config is the embedded one
	asOf    time.Time // midnight UTC of the as-of day
	out     publish.Folder
	db      *sql.DB
	log     *slog.Logger
	timings []publish.Timing // by when they were done
	timing  sync.Mutex
	results func() error // prints the results once all is done; nil: none

	staged    *publish.Staged // what will be published; nil: nothing
	preparing errgroup.Group  // makes its database
	// stopPreparing ends that; nil where staged is
	stopPreparing context.CancelFunc
}

// run runs the stages under the lock of the out folder. Nothing is written before
// the call and its config have been checked.
func (a *app) run(ctx context.Context, stages []stage) (err error) {
	defer func() { err = interrupted(ctx, err) }()
	r := &run{app: a, out: publish.Folder(a.out), log: a.log()}
	if err := r.loadConfig(); err != nil {
		return err
	}
	unlock, err := r.out.Lock(a.now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := r.work(ctx, stages); err != nil {
		return err
	}
	if r.results != nil {
		return r.results()
	}
	return nil
}

// loadConfig reads the config and resolves the as-of day.
func (r *run) loadConfig() error {
	a := r.app
	if err := checkPaths(a.out, a.db); err != nil {
		return err
	}
	if a.db != "" && r.out.IsPublished(a.db) {
		return usageErrorf("--db: want a working database, %s is a published one", a.db)
	}
	var err error
	if a.config != "" {
		r.config, err = config.Read(a.config)
	} else {
		r.sample = true
		r.config, err = readSample(r.out.Work("sample"))
		if err == nil {
			err = r.refuseSample()
		}
	}
	if err != nil {
		return err
	}
	r.asOf, err = a.resolveAsOf(r.config)
	return err
}

// resolveAsOf is the day of --as-of, else the config's, else the last complete UTC
// day.
func (a *app) resolveAsOf(c *config.Config) (time.Time, error) {
	today := a.now.Truncate(24 * time.Hour)
	day, where := c.AsOf, c.Place("as_of")+": as_of"
	if a.asOf != "" {
		where = "--as-of"
		var err error
		if day, err = parseDay(a.asOf); err != nil {
			return time.Time{}, usageErrorf("--as-of: want a day as 2025-09-04, got %q", a.asOf)
		}
	}
	if day.IsZero() {
		return today.AddDate(0, 0, -1), nil
	}
	if day.After(today) {
		return time.Time{}, usageErrorf("%s: want a day up to today, %s, got %s",
			where, today.Format(time.DateOnly), day.Format(time.DateOnly))
	}
	return day, nil
}

func parseDay(s string) (time.Time, error) {
	return time.ParseInLocation(time.DateOnly, s, time.UTC)
}

// checkPaths refuses paths that would be read as something else.
func checkPaths(out, db string) error {
	if out == "" {
		return usageErrorf("--out: want a folder")
	}
	for _, path := range []string{out, db} {
		if strings.ContainsAny(path, "?\n\r\x00") {
			return usageErrorf("want a path without ? and line breaks, got %q", path)
		}
	}
	return nil
}

// refuseSample keeps a forgotten --config from replacing somebody's own
// published run with the sample's.
func (r *run) refuseSample() error {
	last, err := publish.ReadManifest(r.out.Latest())
	if err == nil && !last.Config.Sample {
		return usageErrorf("%s holds a run of %s: give its --config, or another --out for the embedded sample",
			r.app.out, last.Config.Name)
	}
	return nil
}

// work opens the working database and runs the stages on it.
func (r *run) work(ctx context.Context, stages []stage) (err error) {
	if err := r.out.Recover(); err != nil { // from a run that was killed
		return fmt.Errorf("clear staging: %w", err)
	}
	if r.sample {
		r.log.Info("no --config: using the embedded sample")
		if err := unpackSample(r.out.Work("sample")); err != nil {
			return err
		}
	}
	path := r.app.db
	if path == "" {
		path = r.out.Work("vaultperf.duckdb")
	}
	r.db, err = models.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.discard(), r.db.Close()) }()
	for _, stage := range stages {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := stage(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// timed runs one stage and logs a line: what it did and how long it took. It may
// be called concurrently.
func (r *run) timed(stage string, do func() ([]any, error)) error {
	start := time.Now()
	facts, err := do()
	if err != nil {
		return fmt.Errorf("%s: %w", stage, err)
	}
	took := time.Since(start).Seconds()
	r.timing.Lock()
	r.timings = append(r.timings, publish.Timing{Stage: stage, Seconds: round(took)})
	r.timing.Unlock()
	r.log.Info(stage, append(facts, "seconds", round(took))...)
	return nil
}

func round(seconds float64) float64 {
	return float64(int64(seconds*1000+0.5)) / 1000
}
