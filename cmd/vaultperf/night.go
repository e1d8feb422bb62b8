package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	models "github.com/vaultperf/vaultperf/sql"
)

// A night is what its stages share.
type night struct {
	app     *app
	config  *Config
	sample  bool      // the config is the embedded one
	asOf    time.Time // midnight UTC of the as-of day
	out     folder
	db      *sql.DB
	log     *slog.Logger
	timings []timing // by when they were done
	timing  sync.Mutex
	results func() error // prints the results once all is done; nil: none
}

// A timing says how long a stage took.
type timing struct {
	Stage   string  `json:"stage"`
	Seconds float64 `json:"seconds"`
}

// night runs the stages under the lock of the out folder. Nothing is touched
// before the call and its config are known to be sound.
func (a *app) night(ctx context.Context, stages []stage) (err error) {
	defer func() { err = interrupted(ctx, err) }()
	n := &night{app: a, out: folder(filepath.Clean(a.out)), log: a.log()}
	if err := n.settle(); err != nil {
		return err
	}
	if err := os.MkdirAll(n.out.work(), 0o755); err != nil {
		return fmt.Errorf("make out folder: %w", err)
	}
	unlock, err := lockOut(a.out, n.out.work("lock"), a.now)
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
	if err := checkPaths(a.out, a.db, n.out); err != nil {
		return err
	}
	var err error
	if a.config != "" {
		n.config, err = readConfig(a.config)
	} else {
		n.sample = true
		n.config, err = readSample(n.out.work("sample"))
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
func (a *app) resolveAsOf(c *Config) (time.Time, error) {
	today := a.now.Truncate(24 * time.Hour)
	day, err := c.asOfDate()
	if err != nil {
		return time.Time{}, &usageError{err}
	}
	where := fmt.Sprintf("%s:%d: as_of", c.name, c.lineOf("as_of"))
	if a.asOf != "" {
		where = "--as-of"
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

// checkPaths refuses names that would be read as something else.
func checkPaths(out, db string, f folder) error {
	if out == "" {
		return usageErrorf("--out: want a folder")
	}
	for _, path := range []string{out, db} {
		if strings.ContainsAny(path, "?\n\r\x00") {
			return usageErrorf("want a path without ? and line breaks, got %q", path)
		}
	}
	if db != "" && f != "" && isPublished(db, f) {
		return usageErrorf("--db: want a working database, %s is a published one", db)
	}
	return nil
}

// isPublished says whether a path, however it is spelt, is the published database
// or that of a night.
func isPublished(path string, f folder) bool {
	if sameName(path, f.published()) {
		return true
	}
	if a, err := os.Stat(path); err == nil {
		if b, err := os.Stat(f.published()); err == nil && os.SameFile(a, b) {
			return true
		}
	}
	_, err := os.Stat(filepath.Join(filepath.Dir(path), "run.json"))
	return err == nil && filepath.Base(path) == databaseName
}

// sameName says whether two paths name one entry of one folder, whether or not it
// is there.
func sameName(a, b string) bool {
	if fullA, err := filepath.Abs(a); err == nil {
		if fullB, err := filepath.Abs(b); err == nil && fullA == fullB {
			return true
		}
	}
	dirA, errA := os.Stat(filepath.Dir(filepath.Clean(a)))
	dirB, errB := os.Stat(filepath.Dir(filepath.Clean(b)))
	return errA == nil && errB == nil && os.SameFile(dirA, dirB) && filepath.Base(a) == filepath.Base(b)
}

// refuseSample keeps a forgotten --config from replacing somebody's own
// published night by the sample's.
func (n *night) refuseSample() error {
	last, err := readManifest(n.out.latest())
	if err == nil && !last.Config.Sample {
		return usageErrorf("%s holds a night of %s: give its --config, or another --out for the embedded sample",
			n.app.out, last.Config.Name)
	}
	return nil
}

// work opens the working database and runs the stages on it.
func (n *night) work(ctx context.Context, stages []stage) (err error) {
	if err := putBack(n.out); err != nil { // of a night that was killed
		return fmt.Errorf("clear staging: %w", err)
	}
	if n.sample {
		n.log.Info("no --config: using the embedded sample")
		if err := unpackSample(n.out.work("sample")); err != nil {
			return err
		}
	}
	path := n.app.db
	if path == "" {
		path = n.out.work("vaultperf.duckdb")
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
	n.timings = append(n.timings, timing{stage, round(took)})
	n.timing.Unlock()
	n.log.Info(stage, append(facts, "seconds", round(took))...)
	return nil
}

func round(seconds float64) float64 {
	return float64(int64(seconds*1000+0.5)) / 1000
}
