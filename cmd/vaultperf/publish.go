package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A stagedNight is a whole night beside the published one, on the same file
// system, so that publishing it is renaming.
type stagedNight struct {
	pages    string // folder
	database string // file
	latest   string // symbolic link, made when publishing
}

// publish puts the staged night in place of whatever was there: the pages, the
// database, then the link to the latest. Each step shows the old or the new,
// never half of one; if a step fails the ones before it are taken back.
func (s stagedNight) publish(out folder, day time.Time) (err error) {
	if err := os.Symlink(day.Format(time.DateOnly), s.latest); err != nil {
		return err
	}
	var undo []func() error
	defer func() {
		for i := len(undo) - 1; err != nil && i >= 0; i-- {
			err = errors.Join(err, undo[i]())
		}
	}()
	steps := []struct{ from, to string }{
		{s.pages, out.of(day)},
		{s.database, out.published()},
		{s.latest, out.latest()},
	}
	for _, step := range steps {
		back, err := swap(step.from, step.to)
		if err != nil {
			return fmt.Errorf("put %s in place: %w", step.to, err)
		}
		undo = append(undo, back)
	}
	return syncPath(string(out))
}

// swap moves from to the name to. What had that name before, if anything, is
// afterwards called from. undo takes it back.
func swap(from, to string) (undo func() error, err error) {
	old, err := os.Lstat(to)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return func() error { return os.Rename(to, from) }, os.Rename(from, to)
	case err != nil:
		return nil, err
	}
	now, err := os.Lstat(from)
	if err != nil {
		return nil, err
	}
	if old.Mode().Type() != now.Mode().Type() {
		return nil, fmt.Errorf("%s is there and no %s: move it away", to, kind(now.Mode()))
	}
	return func() error { return exchange(from, to) }, exchange(from, to)
}

func kind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "folder"
	case mode&fs.ModeSymlink != 0:
		return "symbolic link"
	}
	return "file"
}

// exchangeByRenaming swaps two names where the system cannot do it at once. For
// a moment there is nothing at the name to.
func exchangeByRenaming(from, to string) error {
	aside := from + ".old"
	if err := os.Rename(to, aside); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return errors.Join(err, os.Rename(aside, to))
	}
	return os.Rename(aside, from)
}

// sync makes the staged night safe on disk, so that a power cut after the
// renames cannot leave empty files.
func (s stagedNight) sync() error {
	return filepath.WalkDir(filepath.Dir(s.pages), func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("sync: %w", err)
		}
		return syncPath(path)
	})
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
