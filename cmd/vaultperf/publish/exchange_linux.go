package publish

import (
	"errors"

	"golang.org/x/sys/unix"
)

// exchange swaps two names at once; errors.ErrUnsupported where the file system
// cannot.
func exchange(from, to string) error {
	err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_EXCHANGE)
	if errors.Is(err, unix.EINVAL) {
		return errors.ErrUnsupported
	}
	return err // ENOSYS and EOPNOTSUPP are errors.ErrUnsupported
}
