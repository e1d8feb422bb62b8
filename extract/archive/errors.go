package archive

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/snippet"
)

var (
	csvLine  = regexp.MustCompile(`CSV Error on Line: (\d+)`)
	jsonLine = regexp.MustCompile(`at byte \d+ in line (\d+)`)
	// what DuckDB says about a malformed file, as opposed to a full disk or a cancelled
	// query
	badInput = regexp.MustCompile(`CSV Error|Malformed JSON|JSON transform error|No magic bytes|too small to be a Parquet|` +
		`Could not read enough bytes|[Pp]arquet|Snappy|ZSTD|LZ4|GZIP|gzip|Thrift|TProtocol|Invalid Input Error|Invalid unicode|maximum_object_size`)
	notInput = regexp.MustCompile(`No space left|Out of Memory|could not allocate|INTERRUPT|context canceled|TransactionContext Error`)
)

// importError turns what DuckDB says about a file into an InputError with the line
// concerned. Errors that are not the file's fault are returned unchanged.
func importError(s source, err error) error {
	text := strings.ReplaceAll(err.Error(), s.file, s.path)
	if notInput.MatchString(text) || !badInput.MatchString(text) {
		return fmt.Errorf("import %s: %w", s.path, err)
	}
	switch s.container {
	case inParquet:
		return &input.Error{File: s.path, Want: "a whole Parquet file", Got: snippet.Of(firstLine(text), 100)}
	case inCSV:
		if found := brokenRow(s); found != nil {
			return found
		}
		line := int64(0)
		if m := csvLine.FindStringSubmatch(text); m != nil {
			line, _ = strconv.ParseInt(m[1], 10, 64)
		}
		return &input.Error{File: s.path, Line: line, Want: "CSV that can be parsed", Got: snippet.Of(firstLine(text), 100)}
	default:
		if found := brokenLine(s); found != nil {
			return found
		}
		line := int64(0)
		if m := jsonLine.FindStringSubmatch(text); m != nil && !s.walked {
			line, _ = strconv.ParseInt(m[1], 10, 64)
		}
		return &input.Error{File: s.path, Line: line, Want: "JSON that can be parsed", Got: snippet.Of(firstLine(text), 100)}
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// brokenRow looks for the CSV row that DuckDB failed on, because the line numbers of its
// parallel reader are not reliable.
func brokenRow(s source) error {
	in, err := s.open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	rows := csv.NewReader(bufio.NewReaderSize(in, 1<<20))
	rows.ReuseRecord = true
	rows.FieldsPerRecord = -1
	var returned error // of a carriage return alone, which ends a line for DuckDB
	for {
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return returned
		case err != nil:
			return brokenCSV(s, err)
		}
		if len(row) != len(s.columns) {
			line, _ := rows.FieldPos(0)
			return &input.Error{File: s.path, Line: int64(line), Want: fmt.Sprintf("%d columns", len(s.columns)), Got: strconv.Itoa(len(row))}
		}
		if i := slices.IndexFunc(row, func(cell string) bool { return strings.Contains(cell, "\r") }); i >= 0 && returned == nil {
			line, _ := rows.FieldPos(i)
			returned = &input.Error{File: s.path, Line: int64(line), Want: "lines that end in LF or in CR LF", Got: snippet.Of(row[i], 80)}
		}
	}
}

// brokenCSV is the error of a CSV file of which a row cannot be read.
func brokenCSV(s source, err error) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return broken(s, err)
	}
	return &input.Error{File: s.path, Line: int64(parse.StartLine), Want: "a CSV row that can be parsed", Got: snippet.Of(parse.Err.Error(), 80)}
}

// brokenLine looks for the first line that is not a JSON object.
func brokenLine(s source) error {
	in, err := s.open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	r := bufio.NewReaderSize(in, 1<<20)
	for line := int64(1); ; line++ {
		text, err := r.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return broken(s, err)
		}
		text = bytes.TrimSpace(text)
		if len(text) > 0 && (!json.Valid(text) || text[0] != '{') {
			return &input.Error{File: s.path, Line: originalLine(s, text, line), Want: "a whole JSON object", Got: snippet.Of(string(text), 80)}
		}
		if half := loneSurrogate(text); half != "" {
			return &input.Error{File: s.path, Line: originalLine(s, text, line), Want: "surrogates in pairs", Got: snippet.Of(half, 20)}
		}
		if topics, odd := oddTopics(text); odd {
			return &input.Error{File: s.path, Line: originalLine(s, text, line), Want: "topics as a list", Got: snippet.Of(topics, 80)}
		}
		if err != nil {
			return nil
		}
	}
}

var surrogates = regexp.MustCompile(`\\+u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\+u[dD][89a-fA-F][0-9a-fA-F]{2}`)

// loneSurrogate is the first half of a character that is written without the other, which
// Go reads and DuckDB does not.
func loneSurrogate(text []byte) string {
	for _, found := range surrogates.FindAll(text, -1) {
		backslashes := bytes.IndexByte(found, 'u')
		if isEscape := backslashes%2 == 1; isEscape && len(found) == backslashes+len("ud800") {
			return string(found[backslashes-1:])
		}
	}
	return ""
}

// oddTopics says whether a log's topics are not a list, which DuckDB would refuse to read.
func oddTopics(log []byte) (string, bool) {
	var members struct{ Topics json.RawMessage }
	if err := json.Unmarshal(log, &members); err != nil || len(members.Topics) == 0 {
		return "", false
	}
	return string(members.Topics), members.Topics[0] != '[' && string(members.Topics) != "null"
}

var walkedLine = regexp.MustCompile(`^\{"@line":(\d+)`)

// originalLine is the original line of a line in a flattened file.
func originalLine(s source, text []byte, line int64) int64 {
	if !s.walked {
		return line
	}
	if m := walkedLine.FindSubmatch(text); m != nil {
		line, _ = strconv.ParseInt(string(m[1]), 10, 64)
	}
	return line
}

// lineOf is the line of a text file that its n-th row begins at.
func lineOf(s source, row int64) (int64, error) {
	if s.container == inParquet || s.walked {
		return row, nil
	}
	in, err := s.open()
	if err != nil {
		return 0, err
	}
	defer func() { _ = in.Close() }()
	r := bufio.NewReaderSize(in, 1<<20)
	if s.container == inCSV {
		return lineOfRow(s, r, row)
	}
	for line := int64(1); ; line++ {
		text, err := r.ReadBytes('\n')
		if len(bytes.TrimSpace(text)) > 0 {
			row--
		}
		if row == 0 {
			return line, nil
		}
		if err != nil {
			return 0, broken(s, err)
		}
	}
}

func lineOfRow(s source, r io.Reader, row int64) (int64, error) {
	rows := csv.NewReader(r)
	rows.ReuseRecord = true
	rows.FieldsPerRecord = -1
	for n := int64(0); ; n++ {
		if _, err := rows.Read(); err != nil {
			return 0, brokenCSV(s, err)
		}
		if n == row {
			line, _ := rows.FieldPos(0)
			return int64(line), nil
		}
	}
}

// whole refuses a truncated gzip file, of which DuckDB would take the remaining rows for
// all there are, and JSON that is not UTF-8, or in lines too long.
func whole(s source) error {
	if s.container == inParquet || s.container == inCSV && !s.gzipped {
		return nil
	}
	in, err := s.open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	if _, err := io.CopyBuffer(io.Discard, struct{ io.Reader }{in}, make([]byte, 1<<18)); err != nil {
		return broken(s, err)
	}
	return nil
}
