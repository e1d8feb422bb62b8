package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/config"
	"github.com/vaultperf/vaultperf/cmd/vaultperf/publish"
	"github.com/vaultperf/vaultperf/extract"
	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform"
)

// Exit codes. After any but exitDone and exitIncomplete, what was published before
// is unchanged.
const (
	exitDone       = 0
	exitFailed     = 1 // something failed, input was refused, or an internal error
	exitUsage      = 2 // wrong usage or config
	exitIncomplete = 3 // done, but rows were set aside or a vault has no reading
	exitCheck      = 4 // a check of the figures failed
	exitLocked     = 5 // another process holds the out folder or the database
	exitNode       = 6 // a chain's endpoints cannot be used; what was fetched before is kept
)

// A usageError is a call that cannot be carried out as written.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usageErrorf(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// exitCode says how a command that returned err ends.
func exitCode(err error) int {
	var (
		usage  *usageError
		check  *transform.CheckError
		config *config.Error
		busy   *publish.BusyError
		locked *models.LockedError
		node   *extract.NodeError
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage), errors.As(err, &config):
		return exitUsage
	case errors.As(err, &check):
		return exitCheck
	case errors.As(err, &busy), errors.As(err, &locked):
		return exitLocked
	case errors.As(err, &node):
		return exitNode
	}
	return exitFailed
}

// interrupted replaces the errors that a signal caused by one line: each stage that
// it stopped has an error of its own, and they say nothing more.
func interrupted(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		where, _, _ := strings.Cut(err.Error(), "\n")
		return fmt.Errorf("interrupted; what was published before is unchanged (%s)", where)
	}
	return err
}
