// Package publish puts a run's pages, workbooks and database in place in the out
// folder, so that whoever reads there finds a whole run at any moment: the one
// before or the new one.
//
// A run takes the folder's lock, makes its files in a staging folder and publishes
// them by renaming. What a killed run leaves behind is put right by the next one.
package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A Folder is the path of an out folder. In it lie a folder for each as-of day,
// the links to the latest day and to its database, and .work, which no reader
// needs.
type Folder string

// databaseName is a run's database in its folder, and the link to the latest
// run's in the out folder.
const databaseName = "vaultperf.duckdb"

// Database is the published database: a link to the latest run's.
func (f Folder) Database() string { return filepath.Join(string(f), databaseName) }

// Latest is the link to the folder of the latest run.
func (f Folder) Latest() string { return filepath.Join(string(f), "latest") }

// Of is the folder of the run as of a day.
func (f Folder) Of(day time.Time) string {
	return filepath.Join(string(f), day.Format(time.DateOnly))
}

// DatabaseOf is the database of the run as of a day.
func (f Folder) DatabaseOf(day time.Time) string { return filepath.Join(f.Of(day), databaseName) }

// Work is a path in the command's own folder.
func (f Folder) Work(parts ...string) string {
	return filepath.Join(append([]string{string(f), ".work"}, parts...)...)
}

// IsPublished says whether a path, however it is spelt, is the published database
// or that of a run.
func (f Folder) IsPublished(path string) bool {
	if sameName(path, f.Database()) {
		return true
	}
	if a, err := os.Stat(path); err == nil {
		if b, err := os.Stat(f.Database()); err == nil && os.SameFile(a, b) {
			return true
		}
	}
	_, err := os.Stat(filepath.Join(filepath.Dir(path), manifestName))
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

// Newer is the day that latest stays at when a run as of an earlier day is
// published, empty where that run is the one to show. Latest never goes back to an
// earlier day, unless what it shows is gone, or is the embedded sample and the run
// is not.
func (f Folder) Newer(day time.Time, isSample bool) (string, error) {
	target, err := os.Readlink(f.Latest())
	if err != nil {
		return "", nil //nolint:nilerr // nothing was published, or Publish will say what is in the way
	}
	shown, err := time.ParseInLocation(time.DateOnly, target, time.UTC)
	if err != nil || !shown.After(day) {
		return "", nil //nolint:nilerr // it is no run of ours
	}
	last, err := ReadManifest(f.Latest())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("read the latest run: %w", err)
	}
	if last.Config.Sample && !isSample {
		return "", nil
	}
	return target, nil
}
