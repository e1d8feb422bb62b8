package extract

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// flatten writes every log that lies anywhere in a JSON file, be it inside
// answers, batches, receipts or wrappers, as one line of a temporary file that
// DuckDB then reads like any other. Each line also carries "@line", where its
// log began, and "@chain", the chain id of what was around it. The values
// themselves pass through untouched. The caller drops the file.
func flatten(ctx context.Context, s source) (flat source, drop func(), err error) {
	in, err := s.open()
	if err != nil {
		return s, nil, err
	}
	defer in.Close()
	out, err := os.CreateTemp("", "vaultperf-*.ndjson")
	if err != nil {
		return s, nil, fmt.Errorf("flatten %s: %w", s.path, err)
	}
	drop = func() { _ = os.Remove(out.Name()) }
	w := &walker{ctx: ctx, source: s, in: in, out: bufio.NewWriterSize(out, 1<<20), line: 1}
	err = errors.Join(w.file(), w.out.Flush(), out.Close())
	if err != nil {
		drop()
		var refused *InputError
		if errors.As(err, &refused) {
			return s, nil, refused
		}
		return s, nil, fmt.Errorf("flatten %s: %w", s.path, err)
	}
	flat = source{path: s.path, file: out.Name(), container: inLines, walked: true, columns: s.columns}
	flat.columns = append(flat.jsonColumns(), column{"@line", "VARCHAR"}, column{"@chain", "VARCHAR"})
	return flat, drop, nil
}

// jsonColumns are all names that logs in such a file may use: what the first
// one lacks, the next may have. Names that differ in case only are one to
// DuckDB, so the two that do are never asked together.
func (s source) jsonColumns() []column {
	var columns []column
	for _, ours := range logColumns {
		isTopic := strings.HasPrefix(ours, "topic")
		for _, theirs := range aliases[ours] {
			isOdd := theirs == "timestamp" || theirs == "number"
			if isOdd || isTopic && (theirs == "topics") == s.has("topic0") {
				continue
			}
			columns = append(columns, column{theirs, "VARCHAR"})
		}
	}
	return columns
}

// A walker goes through one JSON file value by value, so that only the largest
// answer must fit into memory.
type walker struct {
	ctx    context.Context
	source source
	in     io.Reader
	out    *bufio.Writer
	buf    []byte
	pos    int   // next unread byte of buf
	line   int64 // of buf[pos]
	ended  bool

	answers int // lists of logs seen, empty ones too
	logs    int // logs seen
	blocks  int // blocks seen, which carry no logs
}

func (w *walker) refuse(line int64, want, got string) error {
	return &InputError{File: w.source.path, Line: line, Want: want, Got: snippet(got, 120)}
}

// file walks all values of the file, and those of an array one by one.
func (w *walker) file() error {
	depth := 0
	for {
		if err := w.ctx.Err(); err != nil {
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

// A scanner finds where a JSON value ends, and can go on when more of it came.
// It trusts what lies between: DuckDB parses every log again.
type scanner struct {
	i      int
	depth  int
	inText bool
}

func (s *scanner) value(b []byte) bool {
	for s.i < len(b) {
		if s.inText {
			quote := bytes.IndexByte(b[s.i:], '"')
			if quote < 0 {
				s.i = len(b)
				return false
			}
			s.i += quote + 1
			if escaped(b[:s.i-1]) {
				continue
			}
			s.inText = false
			if s.depth == 0 {
				return true
			}
			continue
		}
		switch b[s.i] {
		case '"':
			s.inText = true
		case '{', '[':
			s.depth++
		case '}', ']':
			if s.depth == 0 {
				return true
			}
			s.depth--
			if s.depth == 0 {
				s.i++
				return true
			}
		case ',', '\n':
			if s.depth == 0 {
				return true
			}
		}
		s.i++
	}
	return false
}

// escaped tells whether an odd number of backslashes ends b.
func escaped(b []byte) bool {
	n := 0
	for n < len(b) && b[len(b)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// An object holds the members of a JSON object that say what it is.
type object struct {
	keys    []string
	members map[string][]byte
}

func (o object) has(key string) bool { return o.members[key] != nil }

// isSet tells whether a member is there and not null.
func (o object) isSet(key string) bool { return o.has(key) && string(o.members[key]) != "null" }

func (o object) chain(outer string) string {
	for _, key := range []string{"chain_id", "chainId"} {
		if o.isSet(key) {
			return strings.Trim(string(o.members[key]), `"`)
		}
	}
	return outer
}

func (w *walker) walk(value []byte, line int64, chain string) error {
	if len(value) == 0 || value[0] != '[' && value[0] != '{' {
		return w.refuse(line, someLogs, string(value))
	}
	if value[0] == '[' {
		w.answers++
		return w.elements(value, line, chain)
	}
	if isLog(value) {
		return w.emit(value, line, chain)
	}
	o, err := w.object(value, line)
	if err != nil {
		return err
	}
	chain = o.chain(chain)
	switch {
	case o.has("topics") || o.has("data") && (o.has("logIndex") || o.has("log_index")):
		return w.emit(value, line, chain)
	case o.isSet("error"):
		return w.refuse(line, someLogs, "an error in place of an answer: "+compact(o.members["error"]))
	case o.has("logs"):
		return w.inside(value, o.members["logs"], line, chain, "logs as a list")
	case o.has("result"):
		return w.inside(value, o.members["result"], line, chain, "an answer with a result")
	case o.has("parentHash"), o.has("parent_hash"):
		w.blocks++
		return nil
	}
	return w.wrapper(value, o, line, chain)
}

// someLogs is what a JSON file must hold somewhere.
const someLogs = "logs, receipts, or answers with either"

func compact(value []byte) string { return strings.Join(strings.Fields(string(value)), " ") }

// isLog is a fast yes for logs as nodes write them.
func isLog(value []byte) bool {
	return bytes.HasPrefix(value, []byte(`{"address":"`)) && bytes.Contains(value[:min(len(value), 400)], []byte(`"topics":[`)) &&
		bytes.IndexByte(value[1:], '{') < 0 && !bytes.Contains(value, []byte(`chain`))
}

func (w *walker) inside(outer, value []byte, line int64, chain, want string) error {
	if len(value) == 0 || value[0] != '[' && value[0] != '{' {
		return w.refuse(line, want, string(value))
	}
	return w.walk(value, line+newlines(outer, value), chain)
}

// newlines counts the lines from the start of outer to that of its part, which
// was sliced from it and so shares its end.
func newlines(outer, part []byte) int64 {
	offset := cap(outer) - cap(part)
	return int64(bytes.Count(outer[:offset], []byte{'\n'}))
}

// wrapper walks whatever an object with a chain id, or with a telling name,
// holds; a request beside its answer is no answer.
func (w *walker) wrapper(value []byte, o object, line int64, chain string) error {
	walked := false
	for _, key := range o.keys {
		member := o.members[key]
		isNested := len(member) > 0 && (member[0] == '{' || member[0] == '[')
		if key == "request" || key == "params" || !isNested || chain == "" && !slices.Contains(wrapping, key) {
			continue
		}
		walked = true
		if err := w.walk(member, line+newlines(value, member), chain); err != nil {
			return err
		}
	}
	if !walked {
		return w.refuse(line, someLogs, "an object with "+strings.Join(o.keys, ", "))
	}
	return nil
}

func (w *walker) elements(list []byte, line int64, chain string) error {
	i := 1
	for {
		start := i
		i = skipSpace(list, i)
		line += int64(bytes.Count(list[start:i], []byte{'\n'}))
		if i >= len(list) {
			return w.refuse(line, "JSON that can be parsed", "a list without an end")
		}
		if list[i] == ']' {
			return nil
		}
		if list[i] == ',' {
			i++
			continue
		}
		var at scanner
		at.value(list[i:])
		if at.i == 0 {
			return w.refuse(line, "JSON that can be parsed", string(list[i:]))
		}
		element := list[i : i+at.i]
		if err := w.walk(element, line, chain); err != nil {
			return err
		}
		line += int64(bytes.Count(element, []byte{'\n'}))
		i += at.i
	}
}

// object finds an object's members without parsing their values.
func (w *walker) object(value []byte, line int64) (object, error) {
	o := object{members: map[string][]byte{}}
	malformed := func(i int) (object, error) {
		return o, w.refuse(line+int64(bytes.Count(value[:min(i, len(value))], []byte{'\n'})), "JSON that can be parsed", string(value[min(i, len(value)):]))
	}
	i := 1
	for {
		i = skipSpace(value, i)
		if i < len(value) && value[i] == '}' {
			return o, nil
		}
		if i < len(value) && value[i] == ',' {
			i = skipSpace(value, i+1)
		}
		var at scanner
		if i >= len(value) || value[i] != '"' || !at.value(value[i:]) {
			return malformed(i)
		}
		var key string
		if err := json.Unmarshal(value[i:i+at.i], &key); err != nil {
			return malformed(i)
		}
		i = skipSpace(value, i+at.i)
		if i >= len(value) || value[i] != ':' {
			return malformed(i)
		}
		i = skipSpace(value, i+1)
		at = scanner{}
		at.value(value[i:])
		if at.i == 0 {
			return malformed(i)
		}
		o.keys = append(o.keys, key)
		o.members[key] = bytes.TrimSpace(value[i : i+at.i])
		i += at.i
	}
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// emit writes one log as one line.
func (w *walker) emit(log []byte, line int64, chain string) error {
	body := bytes.TrimLeft(log[1:], " \t\r\n")
	if bytes.ContainsAny(body, "\n\r") {
		body = bytes.ReplaceAll(bytes.ReplaceAll(body, []byte{'\n'}, []byte{' '}), []byte{'\r'}, []byte{' '})
	}
	encoded, err := json.Marshal(chain)
	if err != nil {
		return err
	}
	w.logs++
	_, _ = fmt.Fprintf(w.out, `{"@line":%d,"@chain":%s,`, line, encoded)
	_, _ = w.out.Write(body)
	return w.out.WriteByte('\n')
}
