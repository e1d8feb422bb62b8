package main

import (
	"strings"
	"unicode"
)

// harmless removes what a terminal would obey instead of showing it: control
// characters except newline and tab, and characters that reorder or hide text. Names
// and symbols come from chains, where anybody can choose them.
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

// isHarmful says whether r is a control or a formatting character, among them those
// that change the direction of text or hide in it.
func isHarmful(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}
