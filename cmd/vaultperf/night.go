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

	"github.com/vaultperf/vaultperf/cmd/vaultperf/config"
	"github.com/vaultperf/vaultperf/cmd/vaultperf/publish"
	models "github.com/vaultperf/vaultperf/sql"
)

// A night is what its stages share.
type night struct {
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
}

// night runs the stages under the lock of the out folder. Nothing is touched
// before the call and its config are known to be sound.
func (a *app) night(ctx context.Context, stages []stage) (err error) {
	defer func() { err = interrupted(ctx, err) }()
	n := &night{app: a, out: publish.Folder(a.out), log: a.log()}
	if err := n.settle(); err != nil {
		return err
	}
	unlock, err := n.out.Lock(a.now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := n.work(ctx, stages); err != nil {
		return err
	}
	if n.results != nil {
		return n.results()
	}
	return nil
}

// settle reads the config and resolves the as-of day.
func (n *night) settle() error {
	a := n.app
	if err := checkPaths(a.out, a.db); err != nil {
		return err
	}
	if a.db != "" && n.out.IsPublished(a.db) {
		return usageErrorf("--db: want a working database, %s is a published one", a.db)
	}
	var err error
	if a.config != "" {
		n.config, err = config.Read(a.config)
	} else {
		n.sample = true
		n.config, err = readSample(n.out.Work("sample"))
		if err == nil {
			err = n.refuseSample()
		}
	}
	if err != nil {
		return err
	}
	n.asOf, err = a.resolveAsOf(n.config)
	return err
}

// resolveAsOf is the day of --as-of, else of the config, else the last that is
// over in UTC.
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
// published night by the sample's.
func (n *night) refuseSample() error {
	last, err := publish.ReadManifest(n.out.Latest())
	if err == nil && !last.Config.Sample {
		return usageErrorf("%s holds a night of %s: give its --config, or another --out for the embedded sample",
			n.app.out, last.Config.Name)
	}
	return nil
}

// work opens the working database and runs the stages on it.
func (n *night) work(ctx context.Context, stages []stage) (err error) {
	if err := n.out.Recover(); err != nil { // of a night that was killed
		return fmt.Errorf("clear staging: %w", err)
	}
	if n.sample {
		n.log.Info("no --config: using the embedded sample")
		if err := unpackSample(n.out.Work("sample")); err != nil {
			return err
		}
	}
	path := n.app.db
	if path == "" {
		path = n.out.Work("vaultperf.duckdb")
	}
	n.db, err = models.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.db.Close()) }()
	for _, stage := range stages {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := stage(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// timed runs one stage and writes its line of the log: what it did and how
// long it took. Stages may run side by side.
func (n *night) timed(stage string, do func() ([]any, error)) error {
	start := time.Now()
	facts, err := do()
	if err != nil {
		return fmt.Errorf("%s: %w", stage, err)
	}
	took := time.Since(start).Seconds()
	n.timing.Lock()
	n.timings = append(n.timings, publish.Timing{Stage: stage, Seconds: round(took)})
	n.timing.Unlock()
	n.log.Info(stage, append(facts, "seconds", round(took))...)
	return nil
}

func round(seconds float64) float64 {
	return float64(int64(seconds*1000+0.5)) / 1000
}
