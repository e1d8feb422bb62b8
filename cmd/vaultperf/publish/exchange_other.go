//go:build !linux

package publish

import "errors"

// exchange would swap two names at once, which this system cannot.
func exchange(_, _ string) error { return errors.ErrUnsupported }
