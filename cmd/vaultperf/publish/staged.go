package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/vaultperf/vaultperf/crash"
)

// A Staged is a run in the staging folder, which is on the same file system as the
// published ones, so that publishing it is renaming.
type Staged struct{ out Folder }

// Stage makes an empty staging folder. The caller holds the lock and calls Discard
// in the end.
func (f Folder) Stage() (*Staged, error) {
	s := &Staged{f}
	for _, dir := range []string{s.Dir(), f.staging("links")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (f Folder) staging(parts ...string) string {
	return f.Work(append([]string{"staging"}, parts...)...)
}

// Dir is the folder for pages and workbooks. The manifest and the database lie
// there too, so that one rename puts all of them in place.
func (s *Staged) Dir() string { return s.out.staging("pages") }

// Database is where the run's database is to be made.
func (s *Staged) Database() string { return filepath.Join(s.Dir(), databaseName) }

// Discard clears away what is staged. After Publish that is the run before.
func (s *Staged) Discard() error { return os.RemoveAll(s.out.staging()) }

// Publish puts the run as of a day in place. What a reader sees changes with one
// rename: that of the run's folder where latest shows it already, else that of the
// link latest, through which the published database is found too. A run that is
// not the latest gets its folder and changes nothing else. If a step fails the
// ones before it are taken back; a process killed between two leaves the old run
// or the new, whole.
func (s *Staged) Publish(day time.Time, isLatest bool, r Renames) (err error) {
	if err := s.sync(); err != nil {
		return err
	}
	var undo []func() error
	defer func() {
		for i := len(undo) - 1; err != nil && i >= 0; i-- {
			err = errors.Join(err, undo[i]())
		}
	}()
	if isLatest {
		if err := s.adopt(r); err != nil {
			return fmt.Errorf("put %s in place: %w", s.out.Database(), err)
		}
	}
	back, err := r.swap(s.Dir(), s.out.Of(day))
	if err != nil {
		return fmt.Errorf("put %s in place: %w", s.out.Of(day), err)
	}
	undo = append(undo, back)
	r.after("pages")
	if !isLatest {
		return syncPath(string(s.out))
	}
	for _, link := range []struct{ name, to string }{
		{s.out.Database(), databaseOfLatest},
		{s.out.Latest(), day.Format(time.DateOnly)},
	} {
		back, err := s.point(link.name, link.to)
		if err != nil {
			return fmt.Errorf("put %s in place: %w", link.name, err)
		}
		undo = append(undo, back)
		r.after(filepath.Base(link.name))
	}
	return syncPath(string(s.out))
}

// sync makes the staged run safe on disk, so that a power cut after the renames
// cannot leave empty files. A disk takes many syncs at once in the time of one.
func (s *Staged) sync() error {
	var group errgroup.Group
	group.SetLimit(16)
	err := filepath.WalkDir(s.out.staging(), func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("sync: %w", err)
		}
		group.Go(func() error {
			defer crash.Watch()
			return syncPath(path)
		})
		return nil
	})
	return errors.Join(err, group.Wait())
}

// syncPath makes a folder's entries, or a file's content, safe on disk.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync %s: %w", path, err)
	}
	return nil
}
