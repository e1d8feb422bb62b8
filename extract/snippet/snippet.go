// Package snippet makes text of unknown origin fit for messages: short, on one line, and
// without control characters.
package snippet

import (
	"strconv"
	"strings"
)

// How much text of unknown origin a message shows.
const mostShown = 60

// Quoted shows up to 60 characters of text in quotes.
func Quoted(text string) string { return strconv.Quote(shortened(text, mostShown)) }

// Line shows up to 60 characters of text.
func Line(text string) string { return Of(text, mostShown) }

// Of shows up to limit characters of text.
func Of(text string, limit int) string {
	q := strconv.Quote(shortened(text, limit))
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

func shortened(text string, most int) string {
	n := 0
	for i := range text {
		if n == most {
			return text[:i] + "…"
		}
		n++
	}
	return text
}
