package archive

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/snippet"
)

// dropBOM skips the byte order mark that some programs write before text.
func dropBOM(r *bufio.Reader) error {
	const bom = "\ufeff"
	head, err := r.Peek(len(bom))
	if string(head) == bom {
		_, err = r.Discard(len(bom))
	}
	if errors.Is(err, io.EOF) {
		return nil // shorter text, which is left to its reader
	}
	return err
}

func (s source) text(r *bufio.Reader) (source, error) {
	if err := dropBOM(r); err != nil {
		return s, broken(s, err)
	}
	line := 1
	for {
		b, err := r.Peek(1)
		if errors.Is(err, io.EOF) {
			return s, &input.Error{File: s.path, Want: "rows", Got: "an empty file"}
		}
		if err != nil {
			return s, broken(s, err)
		}
		switch {
		case b[0] == '{' || b[0] == '[':
			return s.json(r, line)
		case unicode.IsSpace(rune(b[0])):
			line += bytes.Count(b, []byte{'\n'})
			_, _ = r.Discard(1)
		case b[0] == 0 || b[0] >= 0x80:
			return s, &input.Error{File: s.path, Want: "CSV, JSON or Parquet, each text also gzipped", Got: "other bytes"}
		default:
			return s.csv(r, line)
		}
	}
}

// csv reads the column names and the first row. The text begins on a line; comments and
// blank lines may stand before the header.
func (s source) csv(r io.Reader, line int) (source, error) {
	s.container = inCSV
	rows := csv.NewReader(r)
	rows.FieldsPerRecord = -1
	rows.Comment = s.comment
	header, err := rows.Read()
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		return s, &input.Error{File: s.path, Line: int64(line + syntax.StartLine - 1), Want: "a line of column names", Got: snippet.Of(syntax.Err.Error(), 80)}
	}
	if errors.Is(err, io.EOF) {
		return s, &input.Error{File: s.path, Want: "a line of column names", Got: "comments alone"}
	}
	if err != nil {
		return s, broken(s, err)
	}
	below, _ := rows.FieldPos(0)
	line += below - 1
	first, _ := rows.Read()
	s.first = map[string]string{}
	seen := map[string]bool{}
	for i, name := range header {
		name = nameOf(name, i)
		if seen[strings.ToLower(name)] {
			return s, &input.Error{File: s.path, Line: int64(line), Want: "column names that differ", Got: snippet.Of(strings.Join(header, ","), 80)}
		}
		seen[strings.ToLower(name)] = true
		s.columns = append(s.columns, column{name, "VARCHAR"})
		if i < len(first) {
			s.first[name] = first[i]
		}
	}
	return s, nil
}

// nameOf is a column's name in a header; one without is called by its position, from 1.
func nameOf(name string, i int) string {
	if strings.TrimSpace(name) == "" {
		return strconv.Itoa(i + 1)
	}
	return name
}

// wrapping names the keys that only answers, receipts and their wrappers have.
var wrapping = []string{"jsonrpc", "result", "error", "receipt", "receipts", "response", "responses", "log", "logs"}

// json reads the first object's keys, and no further than necessary. The text begins on
// a line.
func (s source) json(r io.Reader, line int) (source, error) {
	s.container = inJSON
	s.first = map[string]string{}
	var head bytes.Buffer
	dec := json.NewDecoder(io.TeeReader(r, &head))
	dec.UseNumber()
	malformed := func(err error) error {
		text := head.Bytes()[:min(int(dec.InputOffset()), head.Len())]
		return brokenAt(s, int64(line+bytes.Count(text, []byte{'\n'})), err)
	}
	inArray := false
	for {
		token, err := dec.Token()
		if err != nil {
			return s, malformed(err)
		}
		switch token {
		case json.Delim('{'):
			err := s.keys(dec)
			if err != nil {
				return s, malformed(err)
			}
			object := head.Bytes()[:min(int(dec.InputOffset()), head.Len())]
			if !s.nested && !inArray && !bytes.ContainsAny(bytes.TrimSpace(object), "\n\r") {
				s.container = inLines
			}
			return s, nil
		case json.Delim('['):
			if inArray {
				s.nested = true
				return s, nil
			}
			inArray = true
		case json.Delim(']'):
			s.empty = true
			return s, nil
		default:
			return s, &input.Error{File: s.path, Line: int64(line), Want: "JSON objects", Got: snippet.Of(fmt.Sprint(token), 40)}
		}
	}
}

func (s *source) keys(dec *json.Decoder) error {
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		key := fmt.Sprint(token)
		if slices.Contains(wrapping, key) {
			s.nested = true
			return nil
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return err
		}
		if len(value) < 200 {
			s.first[key] = strings.Trim(string(value), `"`)
		}
		s.columns = append(s.columns, column{key, "VARCHAR"})
	}
	_, err := dec.Token()
	return err
}
