package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// databaseOfLatest is what the published database's name leads to.
var databaseOfLatest = filepath.Join("latest", databaseName)

// adopt turns a database that an earlier version published as a file into one that
// lies with its run and is found through the link, both names always there.
func (s *Staged) adopt(r Renames) error {
	info, err := os.Lstat(s.out.Database())
	if err != nil || !info.Mode().IsRegular() {
		return nil //nolint:nilerr // there is none
	}
	if _, err := os.Stat(s.out.Latest()); err != nil {
		return fmt.Errorf("it is there without a run: move it away: %w", err)
	}
	err = os.Link(s.out.Database(), filepath.Join(s.out.Latest(), databaseName))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	r.after("adopted")
	return s.replaceLink(s.out.Database(), databaseOfLatest)
}

// point makes name a link to another place. undo takes it back.
func (s *Staged) point(name, to string) (undo func() error, err error) {
	old, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return func() error { return os.Remove(name) }, s.replaceLink(name, to)
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
	return func() error { return s.replaceLink(name, was) }, s.replaceLink(name, to)
}

// replaceLink makes name a link by renaming one that was made in the staging
// folder: name is never missing, and a kill leaves nothing where readers look.
func (s *Staged) replaceLink(name, to string) error {
	staged := filepath.Join(s.out.staging("links"), filepath.Base(name))
	if err := os.Symlink(to, staged); err != nil {
		return err
	}
	return os.Rename(staged, name)
}
