package archive

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/snippet"
	"github.com/vaultperf/vaultperf/extract/store"
)

// A column is one column of a file, with DuckDB's name for its type; in text files that
// is always VARCHAR, so that no integer passes through a float.
type column struct {
	name     string
	dataType string
}

type container string

const (
	inParquet container = "parquet"
	inCSV     container = "csv"
	inLines   container = "lines" // one flat JSON object per line, which DuckDB reads itself
	inJSON    container = "json"  // any other arrangement of JSON
)

// A source is one file as found on disk: its kind and its contents.
type source struct {
	path      string // for messages
	file      string // what DuckDB is to read
	container container
	gzipped   bool
	columns   []column
	first     map[string]string // a text file's first row
	nested    bool              // JSON whose logs lie inside answers, receipts or wrappers
	empty     bool              // an empty JSON array
	walked    bool              // the file is our own, with "@line" and "@chain"
	comment   rune              // what begins a line of CSV that is none; 0: nothing
}

func (s source) has(name string) bool { return has(s.columns, name) }

func has(columns []column, name string) bool {
	return slices.ContainsFunc(columns, func(c column) bool { return c.name == name })
}

// typeOf is the type of the named column, or empty.
func (s source) typeOf(name string) string {
	for _, c := range s.columns {
		if c.name == name {
			return c.dataType
		}
	}
	return ""
}

func (s source) blobs() int {
	n := 0
	for _, c := range s.columns {
		if c.dataType == "BLOB" {
			n++
		}
	}
	return n
}

func (s source) list() []string {
	names := make([]string, len(s.columns))
	for i, c := range s.columns {
		names[i] = c.name
	}
	return names
}

func (s source) names() string {
	return snippet.Of(strings.Join(s.list(), ", "), 120)
}

// inspect looks at the file's first bytes and finds its columns. It ignores the file's
// name.
func inspect(ctx context.Context, conn *sql.Conn, path, file string, comment rune) (source, error) {
	s := source{path: path, file: file, comment: comment}
	f, err := os.Open(file)
	if err != nil {
		return s, unreadable(path, err)
	}
	defer func() { _ = f.Close() }()
	r := bufio.NewReaderSize(f, 1<<16)
	magic, err := r.Peek(4)
	if len(magic) == 0 {
		if errors.Is(err, io.EOF) {
			return s, &input.Error{File: path, Want: "rows", Got: "an empty file"}
		}
		return s, unreadable(path, err)
	}
	switch {
	case string(magic) == "PAR1":
		s.container = inParquet
		if !endsAsParquet(f) {
			return s, &input.Error{File: path, Want: "a whole Parquet file", Got: "one that ends early"}
		}
		s.columns, err = describe(ctx, conn, path, file)
		return s, err
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		s.gzipped = true
		unzipped, err := gzip.NewReader(r)
		if err != nil {
			return s, broken(s, err)
		}
		r = bufio.NewReaderSize(unzipped, 1<<16)
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return s, &input.Error{File: path, Want: "text, gzip or Parquet", Got: "zstd"}
	}
	return s.text(r)
}

// endsAsParquet looks at a Parquet file's end: truncation is the most likely damage and
// deserves a clear message.
func endsAsParquet(f *os.File) bool {
	const least, magic = 12, "PAR1" // the magic twice and a footer's length
	info, err := f.Stat()
	if err != nil || info.Size() < least {
		return false
	}
	tail := make([]byte, len(magic))
	_, err = f.ReadAt(tail, info.Size()-int64(len(tail)))
	return err == nil && string(tail) == magic
}

func describe(ctx context.Context, conn *sql.Conn, path, file string) ([]column, error) {
	s := source{path: path, file: file, container: inParquet}
	query := "select column_name, column_type from (describe select * from " + s.reader() + ")"
	columns, err := store.Collect(ctx, conn, query, nil, func(rows *sql.Rows, c *column) error {
		return rows.Scan(&c.name, &c.dataType)
	})
	if err != nil {
		return nil, importError(s, err)
	}
	return columns, nil
}

// open opens a text file, decompressed; the caller closes it. What is not UTF-8 is an
// error with its line.
func (s source) open() (io.ReadCloser, error) {
	f, err := os.Open(s.file)
	if err != nil {
		return nil, unreadable(s.path, err)
	}
	text := &textReader{in: f, path: s.path, line: 1}
	if s.gzipped {
		unzipped, err := gzip.NewReader(bufio.NewReaderSize(f, 1<<20))
		if err != nil {
			return nil, errors.Join(broken(s, err), f.Close())
		}
		text.in = unzipped
	}
	if s.container == inLines && !s.walked {
		text.most = mostLine
	}
	return struct {
		io.Reader
		io.Closer
	}{text, f}, nil
}

func unreadable(path string, err error) error {
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return &input.Error{File: path, Want: "a file that can be read", Got: snippet.Of(err.Error(), 80)}
}

// broken is the error of a text file that ends early or cannot be decompressed.
func broken(s source, err error) error { return brokenAt(s, 0, err) }

// brokenAt is broken where the line is known.
func brokenAt(s source, line int64, err error) error {
	var refused *input.Error
	if errors.As(err, &refused) {
		return refused
	}
	if damage := gzipDamage(err); s.gzipped && damage != "" {
		return &input.Error{File: s.path, Want: "a whole gzip file", Got: damage}
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return &input.Error{File: s.path, Line: line, Want: "JSON that can be parsed", Got: snippet.Of(err.Error(), 80)}
}

// gzipDamage says what an error of decompression means, or nothing.
func gzipDamage(err error) string {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return "one that ends early"
	case errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt):
		return "one that is damaged"
	}
	return ""
}

// quote writes a string as an SQL literal.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// ident writes a string as an SQL identifier.
func ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
