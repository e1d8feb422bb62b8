package extract

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	gzipMagic    = "\x1f\x8b"
	parquetMagic = "PAR1"
	bom          = "\ufeff"
)

// bufferBytes is how much of a text file is read at once.
const bufferBytes = 1 << 18

// readText takes every row of a CSV, NDJSON or JSON array file, gzipped or not,
// told apart by the first bytes.
func (r *readings) readText(ctx context.Context) (err error) {
	file, err := os.Open(r.in.file)
	if err != nil {
		return fmt.Errorf("open %s: %w", r.in.path, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()

	var text io.Reader = bufio.NewReaderSize(withContext{ctx, file}, bufferBytes)
	if head, _ := text.(*bufio.Reader).Peek(len(gzipMagic)); string(head) == gzipMagic {
		unzipped, err := gzip.NewReader(text)
		if err != nil {
			return r.readError(err)
		}
		text = unzipped
	}
	return r.readRows(bufio.NewReaderSize(text, bufferBytes))
}

// readRows tells CSV, NDJSON and a JSON array apart by the first character.
func (r *readings) readRows(text *bufio.Reader) error {
	head, err := text.Peek(512)
	if len(head) == 0 && errors.Is(err, io.EOF) {
		return r.refuse(0, "a CSV header, JSON objects or a Parquet file", "an empty file")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return r.readError(err)
	}
	if bytes.HasPrefix(head, []byte(bom)) {
		if _, err := text.Discard(len(bom)); err != nil {
			return r.readError(err)
		}
		head = head[len(bom):]
	}
	switch start := bytes.TrimLeft(head, " \t\r\n"); {
	case bytes.HasPrefix(start, []byte("{")):
		return r.readLines(text)
	case bytes.HasPrefix(start, []byte("[")):
		return r.readArray(text)
	}
	return r.readCSV(text)
}

// readCSV takes the rows of a CSV file with a header.
func (r *readings) readCSV(text *bufio.Reader) error {
	lines := csv.NewReader(text)
	lines.ReuseRecord = true
	header, err := lines.Read()
	if errors.Is(err, io.EOF) {
		return r.refuse(0, "a CSV header", "an empty file")
	}
	if err != nil {
		return r.csvError(err, 0, 0)
	}
	if err := r.setHeader(header); err != nil {
		return err
	}
	width := len(header)
	for {
		record, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return r.csvError(err, width, len(record))
		}
		var cells readingRow
		for column, at := range r.layout.at {
			if at >= 0 {
				cells[column] = record[at]
			} else if column == colVault {
				cells[column] = r.in.archive.Vault
			}
		}
		line, _ := lines.FieldPos(0)
		if err := r.take(int64(line), &cells); err != nil {
			return err
		}
	}
}

// setHeader keeps a header's names, which may not repeat.
func (r *readings) setHeader(header []string) error {
	names := make([]string, len(header))
	seen := make(map[string]bool, len(header))
	for i, name := range header {
		names[i] = strings.TrimSpace(name)
		if names[i] != "" && seen[names[i]] {
			return r.refuse(1, "every column once", "column "+quoted(names[i])+" twice")
		}
		seen[names[i]] = true
	}
	return r.setColumns(names)
}

// csvError words an error of the CSV reader; width and got count the fields of
// the header and of the line that does not have as many.
func (r *readings) csvError(err error, width, got int) error {
	var syntax *csv.ParseError
	if !errors.As(err, &syntax) {
		return r.readError(err)
	}
	if errors.Is(err, csv.ErrFieldCount) {
		return r.refuse(int64(syntax.StartLine), fmt.Sprintf("%d fields as in the header", width), fmt.Sprint(got))
	}
	return r.refuse(int64(syntax.StartLine), "a CSV line with its quotes closed", syntax.Err.Error())
}

// readError tells a file that is broken from a disk that is.
func (r *readings) readError(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return r.refuse(0, "a whole gzip file", "one that ends early")
	case errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt):
		return r.refuse(0, "a whole gzip file", "one that is damaged")
	}
	return fmt.Errorf("read %s: %w", r.in.path, err)
}

// withContext ends a long read when the night is cancelled.
type withContext struct {
	ctx context.Context
	io.Reader
}

func (c withContext) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.Reader.Read(p)
}

// hasParquetMagic looks at a file's first bytes.
func hasParquetMagic(path string) (is bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	head := make([]byte, len(parquetMagic))
	if _, err := io.ReadFull(file, head); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return false, nil
		}
		return false, err
	}
	return string(head) == parquetMagic, nil
}
