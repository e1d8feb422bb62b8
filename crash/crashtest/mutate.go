// Package crashtest makes bad input out of good, to show that nothing ends in a crash.
package crashtest

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Dice are the random numbers of a seed.
func Dice(seed int) *rand.Rand { return rand.New(rand.NewPCG(uint64(seed), 15)) }

// ActsOnTerminal says whether text has control characters other than line breaks, or
// turns the direction of what follows.
func ActsOnTerminal(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r)
	})
}

// nasty is what a mutation puts in.
var nasty = []string{
	`"`, `""`, "\x00", "\x1b[31m", "\x1b]0;x\x07", "\u202e", "\xff", "\xe2\x82", "\r", "\n", "\r\n", ",", ",,", ";", "{", "}", "[", "]", ":", "'", "\\", `\u0000`, `\ud800`, "=", "#",
	"NaN", "Infinity", "-1", "-0.0", "1e999", "1e-999", "0x", "9223372036854775808", "18446744073709551616", strings.Repeat("9", 80), "0." + strings.Repeat("0", 400) + "1",
	"2025-02-30", "9999-12-31T23:59:59Z", "0001-01-01", "1969-12-31", "null", "true", "[[", "../../../etc/passwd", "*", "[", "%s%n", "<script>", "; drop table raw.logs",
	"\ufeff", "\u0000", "\u2028", strings.Repeat("x", 300), strings.Repeat("[", 20000), strings.Repeat(`{"a":`, 3000),
}

// Mutate changes a text in one to three places.
func Mutate(random *rand.Rand, text string) string {
	b := []byte(text)
	for range 1 + random.IntN(3) {
		if len(b) == 0 {
			return "\n"
		}
		from := random.IntN(len(b))
		to := min(len(b), from+1+random.IntN(20))
		lines := bytes.SplitAfter(b, []byte("\n"))
		i, k := random.IntN(len(lines)), random.IntN(len(lines))
		switch random.IntN(10) {
		case 0:
			b[from] ^= 1 << random.IntN(8)
		case 1:
			b[from] = byte(random.IntN(256))
		case 2:
			b = slices.Delete(b, from, to)
		case 3:
			b = b[:from]
		case 4, 5:
			b = slices.Insert(b, from, []byte(nasty[random.IntN(len(nasty))])...)
		case 6: // in place of a field
			fields := regexp.MustCompile(`[^,:"{}\[\]\n=]+`).FindAllIndex(b, -1)
			if len(fields) > 0 {
				at := fields[random.IntN(len(fields))]
				b = slices.Concat(b[:at[0]], []byte(nasty[random.IntN(len(nasty))]), b[at[1]:])
			}
		case 7:
			lines[i], lines[k] = lines[k], lines[i]
			b = bytes.Join(lines, nil)
		case 8:
			b = bytes.Join(slices.Insert(slices.Clone(lines), k, lines[i]), nil)
		case 9:
			b = bytes.Join(slices.Delete(slices.Clone(lines), i, i+1), nil)
		}
		b = slices.Clone(b)
	}
	return string(b)
}
