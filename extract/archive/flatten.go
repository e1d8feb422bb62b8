package archive

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/snippet"
)

// flatten writes every log of a JSON file, whether inside answers, batches, receipts or
// wrappers, as one line of a temporary file that DuckDB then reads like any other. Each
// line also has "@line", where its log began, and "@chain", the chain id of what
// enclosed it. Values are copied unchanged. The caller removes the file.
func flatten(ctx context.Context, s source) (flat source, drop func(), err error) {
	in, err := s.open()
	if err != nil {
		return s, nil, err
	}
	defer func() { _ = in.Close() }()
	out, err := os.CreateTemp("", "vaultperf-*.ndjson")
	if err != nil {
		return s, nil, fmt.Errorf("flatten %s: %w", s.path, err)
	}
	drop = func() { _ = os.Remove(out.Name()) }
	w := &walker{source: s, in: in, out: bufio.NewWriterSize(out, 1<<20), line: 1}
	err = errors.Join(w.file(ctx), w.out.Flush(), out.Close())
	if err != nil {
		drop()
		var refused *input.Error
		if errors.As(err, &refused) {
			return s, nil, refused
		}
		return s, nil, fmt.Errorf("flatten %s: %w", s.path, err)
	}
	flat = source{path: s.path, file: out.Name(), container: inLines, walked: true, columns: s.columns}
	flat.columns = append(flat.jsonColumns(), column{"@line", "VARCHAR"}, column{"@chain", "VARCHAR"})
	return flat, drop, nil
}

// jsonColumns are all names that logs in such a file may use, since a later log may have
// fields that the first one lacks. DuckDB ignores case, so of names that differ only in
// case it selects one. In a file that DuckDB reads itself, all logs must use the same
// spelling, blockNumber or block_number: one of the other kind lacks required fields.
func (s source) jsonColumns() []column {
	var columns []column
	for _, field := range logColumns {
		isTopic := strings.HasPrefix(field, "topic")
		for _, alias := range aliases[field] {
			isOdd := alias == "timestamp" || alias == "number"
			isForeign := !s.walked && len(aliases[field]) > 1 && field != "chain_id" &&
				s.has("blockNumber") == (alias == strings.ToLower(alias)) && alias != "address"
			if isOdd || isForeign || isTopic && (alias == "topics") == s.has("topic0") {
				continue
			}
			columns = append(columns, column{alias, "VARCHAR"})
		}
	}
	if first := s.first["topics"]; first == "" || strings.HasPrefix(first, "[") { // a list too long to be kept
		if i := slices.IndexFunc(columns, func(c column) bool { return c.name == "topics" }); i >= 0 {
			columns[i].dataType = "VARCHAR[]"
		}
	}
	return columns
}

// A walker goes through one JSON file value by value, so that only the largest
// answer must fit into memory.
type walker struct {
	source source
	in     io.Reader
	out    *bufio.Writer
	buf    []byte
	pos    int   // of the next unread byte in buf
	line   int64 // of buf[pos]
	ended  bool
	depth  int // of the value being walked

	answers int // lists of logs seen, empty ones too
	logs    int // logs seen
	blocks  int // blocks seen, which carry no logs
}

func (w *walker) refuse(line int64, want, got string) error {
	return &input.Error{File: w.source.path, Line: line, Want: want, Got: snippet.Of(got, 120)}
}

// file walks all values of the file, and those of an array one by one.
func (w *walker) file(ctx context.Context) error {
	depth := 0
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := w.peek()
		if errors.Is(err, io.EOF) {
			if depth > 0 {
				return w.refuse(w.line, "the end of a JSON array", "the end of the file")
			}
			break
		}
		if err != nil {
			return err
		}
		switch b {
		case '[':
			depth++
			w.pos++
		case ']', ',':
			if depth == 0 {
				return w.refuse(w.line, "JSON that can be parsed", string(b))
			}
			if b == ']' {
				depth--
			}
			w.pos++
		default:
			line := w.line
			value, err := w.value()
			if err != nil {
				return err
			}
			if err := w.walk(value, line, ""); err != nil {
				return err
			}
			w.line += int64(bytes.Count(value, []byte{'\n'}))
		}
	}
	if w.blocks > 0 && w.answers+w.logs == 0 {
		return w.refuse(0, "logs", "blocks without their logs")
	}
	return nil
}

// peek skips white space and gives the next byte.
func (w *walker) peek() (byte, error) {
	for {
		for ; w.pos < len(w.buf); w.pos++ {
			switch w.buf[w.pos] {
			case '\n':
				w.line++
			case ' ', '\t', '\r', 0xef, 0xbb, 0xbf:
			default:
				return w.buf[w.pos], nil
			}
		}
		if w.ended {
			return 0, io.EOF
		}
		if err := w.more(); err != nil {
			return 0, err
		}
	}
}

// more reads on, keeping what is unread.
func (w *walker) more() error {
	n := copy(w.buf, w.buf[w.pos:])
	w.buf, w.pos = w.buf[:n], 0
	if cap(w.buf)-n < 1<<20 {
		w.buf = slices.Grow(w.buf, max(1<<20, n))
	}
	read, err := w.in.Read(w.buf[n : n+1<<20])
	w.buf = w.buf[:n+read]
	if errors.Is(err, io.EOF) {
		w.ended = true
		return nil
	}
	if err != nil {
		return broken(w.source, err)
	}
	return nil
}

// value takes one whole value; the bytes hold until the next call.
func (w *walker) value() ([]byte, error) {
	var at scanner
	for {
		if at.value(w.buf[w.pos:]) {
			value := w.buf[w.pos : w.pos+at.i]
			w.pos += at.i
			return value, nil
		}
		if w.ended {
			return nil, w.refuse(w.line, "a whole JSON value", "the end of the file")
		}
		if err := w.more(); err != nil {
			return nil, err
		}
	}
}
