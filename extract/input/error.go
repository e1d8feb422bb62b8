package input

import (
	"fmt"
)

// An Error is input that cannot be read at all; nothing of its file is
// kept.
type Error struct {
	File string // relative to the config
	Line int64  // from 1, or a row number in Parquet; 0: the whole file
	Want string // what was expected there
	Got  string // what was found, shortened and harmless to a terminal; may be empty
}

// Error names the file, the line, what was expected and what was found.
func (e *Error) Error() string {
	where := e.File
	if e.Line > 0 {
		where = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	if e.Got == "" {
		return where + ": want " + e.Want
	}
	return fmt.Sprintf("%s: want %s, got %s", where, e.Want, e.Got)
}

// Conflict is the error of a log that differs from what another source has in its place.
func Conflict(path, other string, chain, block, index int64) error {
	return &Error{
		File: path,
		Want: fmt.Sprintf("the log that %s has at chain %d block %d log %d", other, chain, block, index),
		Got:  "other content at the same place",
	}
}
