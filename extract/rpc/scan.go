package rpc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// A scanner reads JSON as it arrives, through a window no larger than the longest string.
// It does a tenth of the work of encoding/json, because it knows what it looks for and
// keeps nothing. The first error is permanent.
type scanner struct {
	in     io.Reader
	buf    []byte
	r, w   int // buf[r:w] is read from in and not yet consumed
	offset int64
	isEnd  bool
	err    error
	key    []byte // of the current member
}

func newScanner(in io.Reader, buf []byte) *scanner {
	return &scanner{in: in, buf: buf[:cap(buf)]}
}

// fill appends more input to the window; false at the end.
func (s *scanner) fill() bool {
	if s.isEnd || s.err != nil {
		return false
	}
	if s.r > 0 {
		copy(s.buf, s.buf[s.r:s.w])
		s.offset += int64(s.r)
		s.w -= s.r
		s.r = 0
	}
	if s.w == len(s.buf) {
		s.buf = append(s.buf, make([]byte, max(4096, len(s.buf)))...)
	}
	for range 100 {
		n, err := s.in.Read(s.buf[s.w:])
		s.w += n
		if err != nil {
			s.isEnd = true
			if !errors.Is(err, io.EOF) {
				s.err = err
			}
			return n > 0
		}
		if n > 0 {
			return true
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// fail records the first error.
func (s *scanner) fail(format string, args ...any) {
	if s.err == nil {
		s.err = fmt.Errorf(format+" at byte %d", append(args, s.offset+int64(s.r))...)
	}
}

// errCut says that an answer ends too early.
var errCut = errors.New("the answer is cut short")

// next returns the next byte that is not white space, without consuming it; 0 at the end.
func (s *scanner) next() byte {
	for {
		for s.r < s.w {
			switch c := s.buf[s.r]; c {
			case ' ', '\t', '\n', '\r':
				s.r++
			default:
				return c
			}
		}
		if !s.fill() {
			return 0
		}
	}
}

// eat consumes the next byte if it is c.
func (s *scanner) eat(c byte) bool {
	if s.isAt(c) || s.next() == c {
		s.r++
		return true
	}
	return false
}

// isAt says whether the next byte is c, without skipping white space.
func (s *scanner) isAt(c byte) bool { return s.r < s.w && s.buf[s.r] == c }

// want consumes the next byte, which must be c.
func (s *scanner) want(c byte) bool {
	if s.eat(c) {
		return true
	}
	if s.r >= s.w {
		if s.err == nil {
			s.err = errCut
		}
		return false
	}
	s.fail("want %q, got %q", c, firstWords(s.buf[s.r:s.w]))
	return false
}

// text is the content of the next string, still escaped and valid until the next call.
func (s *scanner) text() []byte {
	if !s.want('"') {
		return nil
	}
	for from := 0; ; {
		if i := bytes.IndexByte(s.buf[s.r+from:s.w], '"'); i >= 0 {
			end := s.r + from + i
			if end == s.r || s.buf[end-1] != '\\' || !isEscaped(s.buf[s.r:end]) {
				text := s.buf[s.r:end]
				s.r = end + 1
				return text
			}
			from += i + 1
			continue
		}
		from = s.w - s.r
		if !s.fill() {
			if s.err == nil {
				s.err = errCut
			}
			return nil
		}
	}
}

// isEscaped says whether a quote after text is part of it.
func isEscaped(text []byte) bool {
	n := 0
	for n < len(text) && text[len(text)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// word is the next bare word: a number, true, false or null.
func (s *scanner) word() []byte {
	s.next()
	for n := 0; ; n++ {
		if s.r+n >= s.w && !s.fill() {
			return s.bare(n)
		}
		switch s.buf[s.r+n] {
		case ',', '}', ']', ' ', '\t', '\n', '\r', ':', '"', '{', '[':
			return s.bare(n)
		}
	}
}

func (s *scanner) bare(n int) []byte {
	word := s.buf[s.r : s.r+n]
	if n == 0 {
		if s.r >= s.w {
			if s.err == nil {
				s.err = errCut
			}
		} else {
			s.fail("want a value, got %q", firstWords(s.buf[s.r:s.w]))
		}
	}
	s.r += n
	return word
}

// object calls member for each key, which is valid until the next one is read; member
// consumes the value.
func (s *scanner) object(member func(key []byte)) {
	if !s.want('{') || s.eat('}') {
		return
	}
	for s.err == nil {
		key := s.text()
		if s.isAt(':') {
			s.r++
		} else {
			s.key = append(s.key[:0], key...) // looking for the colon may move the window
			if key = s.key; !s.want(':') {
				return
			}
		}
		member(key)
		if s.err != nil || s.eat('}') {
			return
		}
		s.want(',')
	}
}

// array calls element for each element, which it consumes.
func (s *scanner) array(element func()) {
	if !s.want('[') || s.eat(']') {
		return
	}
	for s.err == nil {
		element()
		if s.err != nil || s.eat(']') {
			return
		}
		s.want(',')
	}
}

// deepest is how deeply skipped values may be nested.
const deepest = 100

// skip consumes any value. If keep is not nil, the value's text is appended to it.
func (s *scanner) skip(keep *[]byte) { s.skipAt(keep, 0) }

func (s *scanner) skipAt(keep *[]byte, depth int) {
	add := func(parts ...[]byte) {
		if keep != nil {
			for _, part := range parts {
				*keep = append(*keep, part...)
			}
		}
	}
	if depth > deepest {
		s.fail("nested too deep")
		return
	}
	quote := []byte{'"'}
	isFirst := true
	comma := func() {
		if !isFirst {
			add([]byte{','})
		}
		isFirst = false
	}
	switch s.next() {
	case '"':
		text := s.text()
		add(quote, text, quote)
	case '{':
		add([]byte{'{'})
		s.object(func(key []byte) {
			comma()
			add(quote, key, []byte(`":`))
			s.skipAt(keep, depth+1)
		})
		add([]byte{'}'})
	case '[':
		add([]byte{'['})
		s.array(func() {
			comma()
			s.skipAt(keep, depth+1)
		})
		add([]byte{']'})
	default:
		add(s.word())
	}
}

// isNull consumes null, if that is next.
func (s *scanner) isNull() bool {
	if s.next() != 'n' {
		return false
	}
	if word := s.word(); string(word) != "null" && s.err == nil {
		s.fail("want a value, got %q", firstWords(word))
	}
	return true
}

// quantity reads a whole number: "0x1f", "0x" (zero, by some nodes), "31" or 31. Leading
// zeros are allowed.
func (s *scanner) quantity() uint64 {
	var text []byte
	if s.next() == '"' {
		text = s.text()
	} else {
		text = s.word()
	}
	if s.err != nil {
		return 0
	}
	if len(text) >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') {
		n := uint64(0)
		for _, c := range text[2:] {
			d := nibbles[c]
			if d == noNibble || n>>60 != 0 {
				s.fail("want a hex number of 64 bits, got %q", firstWords(text))
				return 0
			}
			n = n<<4 | uint64(d)
		}
		return n
	}
	n, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil {
		s.fail("want a whole number, got %q", firstWords(text))
	}
	return n
}

// fixed reads hex of exactly len(into) bytes.
func (s *scanner) fixed(into []byte) {
	if end := s.r + 3 + 2*len(into); s.isAt('"') && end < s.w && s.buf[end] == '"' && fromHex(into, s.buf[s.r+1:end]) {
		s.r = end + 1
		return
	}
	text := s.text()
	if s.err != nil {
		return
	}
	if len(text) != 2+2*len(into) || !fromHex(into, text) {
		s.fail("want 0x and %d hex digits, got %q", 2*len(into), firstWords(text))
	}
}

// fromHex decodes 0x and 2*len(into) digits.
func fromHex(into, text []byte) bool {
	if text[0] != '0' || text[1] != 'x' && text[1] != 'X' {
		return false
	}
	digits := text[2 : 2+2*len(into)]
	bad := byte(0)
	for i := range into {
		pair := digits[2*i : 2*i+2 : 2*i+2]
		high, low := nibbles[pair[0]], nibbles[pair[1]]
		bad |= high | low
		into[i] = high<<4 | low
	}
	return bad < 0x10
}
