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
	pages string // folder: pages, workbooks, run.json and the database
	links string // folder for links on their way to their names
}

// database is the night's database, which lies with its pages so that one rename
// puts both in place.
func (s stagedNight) database() string { return filepath.Join(s.pages, databaseName) }

// Tests end the process after a rename, and do without the system's exchange.
var (
	afterRename     = func(string) {}
	exchangeFolders = exchange
)

// publish puts the staged night in place. What a reader sees changes with one
// rename: that of the night's folder where latest shows it already, else that of
// the link latest, through which the published database is found too. An earlier
// night than the latest gets its folder and changes nothing else. If a step fails
// the ones before it are taken back; a process killed between two leaves the old
// night or the new, whole.
func (s stagedNight) publish(out folder, day time.Time, isLatest bool) (err error) {
	var undo []func() error
	defer func() {
		for i := len(undo) - 1; err != nil && i >= 0; i-- {
			err = errors.Join(err, undo[i]())
		}
	}()
	if isLatest {
		if err := adopt(out, s.links); err != nil {
			return fmt.Errorf("put %s in place: %w", out.published(), err)
		}
	}
	back, err := swap(s.pages, out.of(day))
	if err != nil {
		return fmt.Errorf("put %s in place: %w", out.of(day), err)
	}
	undo = append(undo, back)
	afterRename("pages")
	if !isLatest {
		return syncPath(string(out))
	}
	for _, link := range []struct{ name, to string }{
		{out.published(), databaseOfLatest},
		{out.latest(), day.Format(time.DateOnly)},
	} {
		back, err := point(s.links, link.name, link.to)
		if err != nil {
			return fmt.Errorf("put %s in place: %w", link.name, err)
		}
		undo = append(undo, back)
		afterRename(filepath.Base(link.name))
	}
	return syncPath(string(out))
}

// databaseOfLatest is what the published database's name leads to.
var databaseOfLatest = filepath.Join("latest", databaseName)

// adopt turns a database that an earlier version published as a file into one that
// lies with its night and is found through the link, both names always there.
func adopt(out folder, links string) error {
	info, err := os.Lstat(out.published())
	if err != nil || !info.Mode().IsRegular() {
		return nil //nolint:nilerr // there is none
	}
	if _, err := os.Stat(out.latest()); err != nil {
		return fmt.Errorf("it is there without a night: move it away: %w", err)
	}
	err = os.Link(out.published(), filepath.Join(out.latest(), databaseName))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	afterRename("adopted")
	return replaceLink(links, out.published(), databaseOfLatest)
}

// point makes name a link to another place. undo takes it back.
func point(links, name, to string) (undo func() error, err error) {
	old, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return func() error { return os.Remove(name) }, replaceLink(links, name, to)
	}
	if err != nil {
		return nil, err
	}
	if old.Mode()&fs.ModeSymlink == 0 {
		return nil, fmt.Errorf("%s is there and no symbolic link: move it away", name)
	}
	was, err := os.Readlink(name)
	if err != nil || was == to {
		return func() error { return nil }, err
	}
	return func() error { return replaceLink(links, name, was) }, replaceLink(links, name, to)
}

// replaceLink makes name a link by renaming one made in the folder links, so that
// name is never missing.
func replaceLink(links, name, to string) error {
	staged := filepath.Join(links, filepath.Base(name))
	if err := os.Symlink(to, staged); err != nil {
		return err
	}
	return os.Rename(staged, name)
}

// newest says whether a night of that day is the one to show: latest never goes
// back to an earlier day, unless what it shows is the embedded sample and this is
// not, or is gone. newer is the day it stays at.
func (n *night) newest(day time.Time) (isLatest bool, newer string, err error) {
	target, err := os.Readlink(n.out.latest())
	if err != nil {
		return true, "", nil //nolint:nilerr // nothing was published, or publish will say what is in the way
	}
	shown, err := parseDay(target)
	if err != nil || !shown.After(day) {
		return true, "", nil //nolint:nilerr // it is no night of ours
	}
	last, err := readManifest(n.out.latest())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, "", nil
	case err != nil:
		return false, "", fmt.Errorf("read the latest night: %w", err)
	}
	if last.Config.Sample && !n.sample {
		return true, "", nil
	}
	return false, target, nil
}

// swap moves a folder to the name to. A folder that had that name before, if any,
// is afterwards called from. undo takes it back.
func swap(from, to string) (undo func() error, err error) {
	old, err := os.Lstat(to)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return func() error { return os.Rename(to, from) }, os.Rename(from, to)
	case err != nil:
		return nil, err
	case !old.IsDir():
		return nil, fmt.Errorf("%s is there and no folder: move it away", to)
	}
	return func() error { return exchangeFolders(from, to) }, exchangeFolders(from, to)
}

// exchangeByRenaming swaps two names where the system cannot do it at once. For
// a moment there is nothing at the name to; putBack mends it if that moment was
// the last of the process.
func exchangeByRenaming(from, to string) error {
	aside := filepath.Join(filepath.Dir(from), "aside", filepath.Base(to))
	if err := os.MkdirAll(filepath.Dir(aside), 0o755); err != nil {
		return err
	}
	if err := os.Rename(to, aside); err != nil {
		return err
	}
	afterRename("aside")
	if err := os.Rename(from, to); err != nil {
		return errors.Join(err, os.Rename(aside, to))
	}
	return errors.Join(os.Rename(aside, from), os.Remove(filepath.Dir(aside)))
}

// putBack gives a night its name back that a killed exchangeByRenaming had put
// aside, then clears away what else a killed night has staged.
func putBack(out folder) error {
	aside, err := os.ReadDir(out.work("staging", "aside"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, entry := range aside {
		name := filepath.Join(string(out), entry.Name())
		if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.Rename(out.work("staging", "aside", entry.Name()), name); err != nil {
			return err
		}
	}
	return os.RemoveAll(out.work("staging"))
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
