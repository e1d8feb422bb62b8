package archive

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/snippet"
)

// bufferBytes is how much of a text file is read at once.
const bufferBytes = 1 << 18

// readText reads every row of a CSV, NDJSON or JSON array file.
func (r *readings) readText(ctx context.Context, s source) (err error) {
	file, err := s.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return r.readRows(s, bufio.NewReaderSize(readUntilDone(ctx, file), bufferBytes))
}

func (r *readings) readRows(s source, text *bufio.Reader) error {
	if err := dropBOM(text); err != nil {
		return r.readError(err)
	}
	if s.container == inCSV {
		return r.readCSV(text)
	}
	// the reader of logs treats an array and objects on lines as one container
	if first, err := firstOf(text); err != nil {
		return r.readError(err)
	} else if first == '[' {
		return r.readArray(text)
	}
	return r.readLines(text)
}

// firstOf is the first byte that is not white space, without consuming it.
func firstOf(text *bufio.Reader) (byte, error) {
	for n := 1; ; n++ {
		head, err := text.Peek(n)
		if err != nil {
			return 0, err
		}
		if !unicode.IsSpace(rune(head[n-1])) {
			return head[n-1], nil
		}
	}
}

// readCSV reads the rows of a CSV file with a header.
func (r *readings) readCSV(text *bufio.Reader) error {
	lines := csv.NewReader(text)
	lines.ReuseRecord = true
	lines.Comment = r.in.archive.Rows.comment()
	header, err := lines.Read()
	if errors.Is(err, io.EOF) {
		return r.refuse(0, "a CSV header", "an empty file")
	}
	if err != nil {
		return r.csvError(err, 0, 0)
	}
	line, _ := lines.FieldPos(0)
	if err := r.setHeader(int64(line), header); err != nil {
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
		if !r.isWanted(record) {
			r.filter()
			continue
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

// setHeader stores a header's names, which must be unique.
func (r *readings) setHeader(line int64, header []string) error {
	names := make([]string, len(header))
	seen := make(map[string]bool, len(header))
	for i, name := range header {
		names[i] = nameOf(strings.TrimSpace(name), i)
		if seen[names[i]] {
			return r.refuse(line, "every column once", "column "+snippet.Quoted(names[i])+" twice")
		}
		seen[names[i]] = true
	}
	if err := r.setColumns(names); err != nil {
		return err
	}
	return r.checkConditions(names)
}

// csvError describes an error of the CSV reader; width and got are the numbers of fields
// in the header and in the line that does not have as many.
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

// readError distinguishes a malformed file from a failure to read it.
func (r *readings) readError(err error) error {
	var refused *input.Error
	if errors.As(err, &refused) {
		return refused
	}
	if damage := gzipDamage(err); damage != "" {
		return r.refuse(0, "a whole gzip file", damage)
	}
	return fmt.Errorf("read %s: %w", r.in.path, err)
}

// readUntilDone reads from r, and stops a long read when the run is cancelled.
func readUntilDone(ctx context.Context, r io.Reader) io.Reader {
	return readerFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return r.Read(p)
	})
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
