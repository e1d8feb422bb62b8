package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/vaultperf/vaultperf/extract/input"
)

// mostLine is how many bytes a line of logs in JSON may have: DuckDB's own limit, which
// it keeps in plain files only.
const mostLine = 16 << 20

// A textReader passes text on and refuses what is not UTF-8, which readers of JSON would
// replace in silence, and lines that are too long.
type textReader struct {
	in   io.Reader
	path string
	most int64 // bytes of a line; 0: no limit

	line   int64  // of the next byte, from 1
	length int64  // of the line so far
	part   []byte // of a character that the last chunk ended in
}

func (r *textReader) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	if fault := r.check(p[:n], errors.Is(err, io.EOF)); fault != nil {
		return 0, fault
	}
	return n, err
}

func (r *textReader) check(b []byte, isEnd bool) error {
	for len(r.part) > 0 && (len(b) > 0 || isEnd) {
		if len(b) > 0 {
			r.part, b = append(r.part, b[0]), b[1:]
		}
		if !utf8.FullRune(r.part) && (len(b) > 0 || !isEnd) {
			continue
		}
		if !utf8.Valid(r.part) {
			return r.notText(0, r.part)
		}
		r.length += int64(len(r.part))
		r.part = nil
	}
	whole := len(b)
	for k := 1; k <= min(len(b), utf8.UTFMax-1) && !isEnd; k++ {
		if tail := b[len(b)-k:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				whole -= k
			}
			break
		}
	}
	if !utf8.Valid(b[:whole]) {
		at := 0
		for {
			c, size := utf8.DecodeRune(b[at:])
			if c == utf8.RuneError && size == 1 {
				return r.notText(bytes.Count(b[:at], []byte{'\n'}), b[at:])
			}
			at += size
		}
	}
	r.part = append(r.part, b[whole:]...)
	return r.measure(b[:whole])
}

// measure counts lines and their bytes.
func (r *textReader) measure(b []byte) error {
	for {
		end := bytes.IndexByte(b, '\n')
		length := r.length + int64(len(b))
		if end >= 0 {
			length = r.length + int64(end)
		}
		if r.most > 0 && length > r.most {
			return &input.Error{File: r.path, Line: r.line, Want: fmt.Sprintf("a line of at most %d bytes", r.most), Got: "a longer one"}
		}
		if end < 0 {
			r.length = length
			return nil
		}
		r.line++
		r.length, b = 0, b[end+1:]
	}
}

func (r *textReader) notText(lines int, b []byte) error {
	return &input.Error{File: r.path, Line: r.line + int64(lines), Want: "text in UTF-8", Got: fmt.Sprintf("the byte 0x%02x", b[0])}
}
