package main

import (
	"strings"
	"unicode"
)

// harmless is text that a terminal shows and does not obey: control characters
// but for newline and tab are left out, as are those that reorder what is read.
// Names and symbols come from chains and strangers.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && isHarmful(r) {
			return -1
		}
		return r
	}, s)
}

// oneLine is harmless text without line breaks, for a cell of a table.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\r':
			return ' '
		case isHarmful(r):
			return -1
		}
		return r
	}, s)
}

// isHarmful: control characters, and formatting ones, among them those that
// change the direction of text or hide in it.
func isHarmful(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}
