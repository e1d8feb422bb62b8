package publish

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// A BusyError says that another process works in the out folder.
type BusyError struct {
	Out    string
	Holder string // what that process wrote into the lock file; may be empty
}

func (e *BusyError) Error() string {
	holder := e.Holder
	if holder == "" {
		holder = "another process"
	}
	return fmt.Sprintf("%s is in use by %s: wait for it, or give another --out", e.Out, holder)
}

// Lock makes the folder where it is not there yet, and takes it for this process
// until unlock is called or the process dies. now is for the message to
// others. A folder that another process holds is a *BusyError. The lock's file
// stays: removing it would let two processes hold locks on two files of one name.
func (f Folder) Lock(now time.Time) (unlock func() error, err error) {
	if err := os.MkdirAll(f.Work(), 0o755); err != nil {
		return nil, fmt.Errorf("make out folder: %w", err)
	}
	path := f.Work("lock")
	lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o644))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", f, err)
	}
	if !held {
		holder, _ := os.ReadFile(path) // only for the message, which stands without it
		return nil, &BusyError{Out: string(f), Holder: strings.TrimSpace(string(holder))}
	}
	host, _ := os.Hostname() // likewise
	holder := fmt.Sprintf("process %d on %s since %s\n", os.Getpid(), host, now.Format(time.RFC3339))
	if err := os.WriteFile(path, []byte(holder), 0o644); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", f, err), lock.Unlock())
	}
	return func() error {
		return errors.Join(os.Truncate(path, 0), lock.Unlock())
	}, nil
}
