package archive

import (
	"bytes"
)

// A scanner finds where a JSON value ends, and can continue when more of it has been
// read. It does not validate what lies between, because DuckDB parses every log again.
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

// escaped says whether b ends in an odd number of backslashes.
func escaped(b []byte) bool {
	n := 0
	for n < len(b) && b[len(b)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}
