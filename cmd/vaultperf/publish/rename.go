package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Renames are how Publish puts files in place. Only tests of what a kill between two
// renames leaves behind need other than the zero value.
type Renames struct {
	NoExchange bool              // do without the system's exchange of two names
	After      func(step string) // called after each rename; nil: nothing is
}

func (r Renames) after(step string) {
	if r.After != nil {
		r.After(step)
	}
}

// swap moves a folder to the name to. A folder that had that name before, if any,
// is afterwards called from. undo takes it back.
func (r Renames) swap(from, to string) (undo func() error, err error) {
	old, err := os.Lstat(to)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return func() error { return os.Rename(to, from) }, os.Rename(from, to)
	case err != nil:
		return nil, err
	case !old.IsDir():
		return nil, fmt.Errorf("%s is there and no folder: move it away", to)
	}
	return func() error { return r.exchange(from, to) }, r.exchange(from, to)
}

// exchange swaps two names, at once where the system can.
func (r Renames) exchange(from, to string) error {
	if !r.NoExchange {
		if err := exchange(from, to); !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	return r.exchangeInSteps(from, to)
}

// exchangeInSteps swaps two names by three renames. For a moment there is nothing
// at the name to; Recover mends it if that moment was the last of the process.
func (r Renames) exchangeInSteps(from, to string) error {
	aside := filepath.Join(filepath.Dir(from), "aside", filepath.Base(to))
	if err := os.MkdirAll(filepath.Dir(aside), 0o755); err != nil {
		return err
	}
	if err := os.Rename(to, aside); err != nil {
		return err
	}
	r.after("aside")
	if err := os.Rename(from, to); err != nil {
		return errors.Join(err, os.Rename(aside, to))
	}
	return errors.Join(os.Rename(aside, from), os.Remove(filepath.Dir(aside)))
}

// Recover gives a run its name back if exchangeInSteps was killed after putting it
// aside, then removes whatever else a killed run has staged. The caller holds the
// lock.
func (f Folder) Recover() error {
	aside, err := os.ReadDir(f.staging("aside"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, entry := range aside {
		name := filepath.Join(string(f), entry.Name())
		if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.Rename(f.staging("aside", entry.Name()), name); err != nil {
			return err
		}
	}
	return os.RemoveAll(f.staging())
}
