package archive

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/vaultperf/vaultperf/extract/snippet"
)

// maxObject is the most bytes one JSON object may have: a reading has a few hundred, and
// a file whose first object is never closed must not fill the memory.
const maxObject = 1 << 20

const wantObject = "a whole JSON object"

// readLines reads the rows of NDJSON: an object on every line that is not blank.
func (r *readings) readLines(text *bufio.Reader) error {
	objects := r.objects()
	var long []byte
	for line := int64(1); ; line++ {
		part, err := text.ReadSlice('\n')
		for errors.Is(err, bufio.ErrBufferFull) {
			if long = append(long, part...); len(long) > maxObject {
				return r.refuse(line, fmt.Sprintf("a JSON object of at most %d bytes", maxObject), snippet.Quoted(string(long[:400])))
			}
			part, err = text.ReadSlice('\n')
		}
		if len(long) > 0 {
			long = append(long, part...)
			part, long = long, long[:0]
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return r.readError(err)
		}
		if part = bytes.TrimSpace(part); len(part) > 0 {
			if err := objects(line, part); err != nil {
				return err
			}
		}
		if err != nil {
			return r.checkUnseen()
		}
	}
}

// readArray reads the rows of one JSON array of objects, however it is broken into
// lines; a row's line is where its object opens.
func (r *readings) readArray(text *bufio.Reader) error {
	objects := r.objects()
	elements := &arrayReader{text: text, line: 1}
	for {
		line, object, err := elements.next()
		if errors.Is(err, io.EOF) {
			return r.checkUnseen()
		}
		if errors.Is(err, errArray) {
			return r.refuse(line, "a JSON array of objects, closed by ]", elements.found)
		}
		if err != nil {
			return r.readError(err)
		}
		if err := objects(line, object); err != nil {
			return err
		}
	}
}

// objects returns a function that reads one JSON object as a row. The keys of the first
// are the file's columns; a later object without one of them has an empty cell there. Keys
// to choose rows by may come later, since exports leave out what is null. An object without
// a vault belongs to the archive's vault.
func (r *readings) objects() func(line int64, text []byte) error {
	fields := map[string]json.RawMessage{}
	isFirst := true
	return func(line int64, text []byte) error {
		clear(fields)
		if err := json.Unmarshal(text, &fields); err != nil || fields == nil {
			return r.refuse(line, wantObject, snippet.Quoted(string(text[:min(len(text), 400)])))
		}
		if isFirst {
			if err := r.setColumns(slices.Sorted(maps.Keys(fields))); err != nil {
				return err
			}
			for _, c := range r.layout.where {
				r.unseen = append(r.unseen, c.name)
			}
			isFirst = false
		}
		r.unseen = slices.DeleteFunc(r.unseen, func(name string) bool {
			_, isThere := fields[name]
			return isThere
		})
		if !r.wantsObject(fields) {
			r.filter()
			return nil
		}
		var cells readingRow
		for column, name := range r.layout.names {
			if _, isThere := fields[name]; column == colVault && (!isThere || r.layout.unread[column]) {
				cells[column] = r.in.archive.Vault
				continue
			}
			if r.layout.unread[column] {
				continue
			}
			value, ok := jsonText(fields[name])
			if !ok {
				return r.refuseCell(line, column, "text, a number or null", string(fields[name]))
			}
			cells[column] = value
		}
		return r.take(line, &cells)
	}
}

// checkUnseen refuses a file of JSON in which no object has a key to choose rows by.
func (r *readings) checkUnseen() error {
	if len(r.unseen) == 0 {
		return nil
	}
	return r.refuseCondition(r.unseen[0], "no object that has it")
}

// jsonText is a JSON string's text or a number's digits as written; null and a missing
// key are empty.
func jsonText(raw json.RawMessage) (text string, ok bool) {
	if len(raw) == 0 {
		return "", true
	}
	switch c := raw[0]; {
	case c == 'n':
		return "", true
	case c == '-' || c >= '0' && c <= '9':
		return string(raw), true
	case c != '"':
		return "", false
	case bytes.IndexByte(raw, '\\') < 0:
		return string(raw[1 : len(raw)-1]), true
	}
	err := json.Unmarshal(raw, &text)
	return text, err == nil
}

// errArray says that a file that opens with [ is not a JSON array of objects.
var errArray = errors.New("not an array of objects")

// arrayReader cuts a JSON array into its objects without reading it whole.
type arrayReader struct {
	text   *bufio.Reader
	line   int64
	isOpen bool
	object []byte
	found  string // what was found in place of the next part of the array
}

// next returns the text of the next object, valid until the following call, and the line
// it opens on. After the closing bracket the error is io.EOF.
func (a *arrayReader) next() (line int64, object []byte, err error) {
	c, err := a.skipSpace()
	if err == nil && !a.isOpen { // c is the opening bracket, as the caller saw
		a.isOpen = true
		if c, err = a.skipSpace(); err == nil && c == ']' {
			return a.line, nil, a.end()
		}
	} else if err == nil && c == ',' {
		c, err = a.skipSpace()
	} else if err == nil && c == ']' {
		return a.line, nil, a.end()
	} else if err == nil {
		return a.line, nil, a.broken(c)
	}
	switch {
	case errors.Is(err, io.EOF):
		a.found = "the end of the file"
		return a.line, nil, errArray
	case err != nil:
		return a.line, nil, err
	case c != '{':
		return a.line, nil, a.broken(c)
	}
	line = a.line
	err = a.readObject()
	return line, a.object, err
}

// readObject reads on to the brace that closes the object just opened.
func (a *arrayReader) readObject() error {
	a.object = append(a.object[:0], '{')
	inString, escaped := false, false
	for depth := 1; depth > 0; {
		c, err := a.text.ReadByte()
		if errors.Is(err, io.EOF) || err == nil && len(a.object) >= maxObject {
			a.found = "an object that is not closed: " + snippet.Quoted(string(a.object[:min(len(a.object), 400)]))
			return errArray
		}
		if err != nil {
			return err
		}
		a.object = append(a.object, c)
		switch {
		case c == '\n':
			a.line++
		case escaped:
			escaped = false
		case inString && c == '\\':
			escaped = true
		case c == '"':
			inString = !inString
		case !inString && c == '{':
			depth++
		case !inString && c == '}':
			depth--
		}
	}
	return nil
}

// end allows only white space after the closing bracket.
func (a *arrayReader) end() error {
	c, err := a.skipSpace()
	if err == nil {
		return a.broken(c)
	}
	return err
}

func (a *arrayReader) broken(c byte) error {
	a.found = snippet.Quoted(string(rune(c)))
	return errArray
}

func (a *arrayReader) skipSpace() (byte, error) {
	for {
		c, err := a.text.ReadByte()
		if err != nil {
			return 0, err
		}
		switch c {
		case '\n':
			a.line++
		case ' ', '\t', '\r':
		default:
			return c, nil
		}
	}
}
