package main

import (
	"errors"

	"golang.org/x/sys/unix"
)

// exchange swaps two names at once.
func exchange(from, to string) error {
	err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_EXCHANGE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EOPNOTSUPP) {
		return exchangeByRenaming(from, to) // some file systems cannot
	}
	return err
}
