package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// A busyError says that another process works in the out folder.
type busyError struct {
	out    string
	holder string // what it wrote into the lock file, may be empty
}

func (e *busyError) Error() string {
	holder := e.holder
	if holder == "" {
		holder = "another process"
	}
	return fmt.Sprintf("%s is in use by %s: wait for it, or give another --out", e.out, holder)
}

// lockOut takes the out folder for this process until unlock is called or the
// process dies. The file stays: removing it would let two processes hold locks
// on two files of one name.
func lockOut(out, path string, now time.Time) (unlock func() error, err error) {
	lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o644))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", out, err)
	}
	if !held {
		holder, _ := os.ReadFile(path) // only for the message, which stands without it
		return nil, &busyError{out: out, holder: strings.TrimSpace(string(holder))}
	}
	host, _ := os.Hostname() // likewise
	holder := fmt.Sprintf("process %d on %s since %s\n", os.Getpid(), host, now.Format(time.RFC3339))
	if err := os.WriteFile(path, []byte(holder), 0o644); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", out, err), lock.Unlock())
	}
	return func() error {
		return errors.Join(os.Truncate(path, 0), lock.Unlock())
	}, nil
}

// A folder is the layout of an out folder.
type folder string

// databaseName is a night's database in its folder, and the link to the latest
// night's in the out folder.
const databaseName = "vaultperf.duckdb"

func (f folder) published() string { return filepath.Join(string(f), databaseName) }

func (f folder) latest() string { return filepath.Join(string(f), "latest") }

func (f folder) of(day time.Time) string {
	return filepath.Join(string(f), day.Format(time.DateOnly))
}

func (f folder) work(parts ...string) string {
	return filepath.Join(append([]string{string(f), ".work"}, parts...)...)
}
