package extract

import (
	"strconv"
	"strings"
)

// How much text of unknown origin a message shows.
const mostShown = 60

// quoted shows text of unknown origin in a message: short, in quotes, on one
// line, and unable to move a terminal's cursor.
func quoted(text string) string { return strconv.Quote(shortened(text, mostShown)) }

// harmless is quoted without the quotes.
func harmless(text string) string { return snippet(text, mostShown) }

// snippet is harmless text of another length, in characters.
func snippet(text string, limit int) string {
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
