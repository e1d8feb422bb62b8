package archive

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// CheckDateFormat says what is wrong with a format of times in the notation of strptime.
func CheckDateFormat(format string) error {
	_, err := newDateFormat(format)
	return err
}

// A dateFormat is a format of times, cut into directives and the text between them.
type dateFormat []datePart

// A datePart is one directive, or text that must stand there.
type datePart struct {
	directive byte // 0: text
	text      string
}

// composites are directives that stand for several.
var composites = strings.NewReplacer("%%", "%%", "%F", "%Y-%m-%d", "%T", "%H:%M:%S", "%R", "%H:%M", "%D", "%m/%d/%y")

// directives are those that dates are read by; digits is the most that a number has.
var directives = map[byte]struct{ digits, least, most int }{
	'Y': {4, 1, 9999}, 'y': {2, 0, 99}, 'm': {2, 1, 12}, 'd': {2, 1, 31}, 'j': {3, 1, 366},
	'H': {2, 0, 23}, 'I': {2, 1, 12}, 'M': {2, 0, 59}, 'S': {2, 0, 59}, 'f': {9, 0, 999_999_999}, 's': {11, 1, 99_999_999_999},
	'b': {}, 'B': {}, 'a': {}, 'A': {}, 'p': {}, 'z': {}, 'Z': {}, '%': {},
}

// saidTwice are pairs of directives that say the same, and might contradict each other.
var saidTwice = []string{"jm", "jb", "jB", "jd", "mb", "mB", "bB", "Yy", "HI", "aA"}

func newDateFormat(format string) (dateFormat, error) {
	var parts dateFormat
	seen := map[byte]bool{}
	rest := composites.Replace(format)
	for rest != "" {
		text, after, isDirective := strings.Cut(rest, "%")
		if text != "" {
			parts = append(parts, datePart{text: text})
		}
		if !isDirective {
			break
		}
		if after == "" {
			return nil, fmt.Errorf("want a letter after the last %%")
		}
		d := after[0]
		if _, isKnown := directives[d]; !isKnown {
			return nil, fmt.Errorf("want directives of strptime as in %%Y-%%m-%%d %%H:%%M:%%S, got %q", "%"+string([]rune(after)[0]))
		}
		if seen[d] && d != '%' {
			return nil, fmt.Errorf("want %%%c once", d)
		}
		if d == '%' {
			parts = append(parts, datePart{text: "%"})
		} else {
			parts = append(parts, datePart{directive: d})
		}
		seen[d] = true
		rest = after[1:]
	}
	hasDay := seen['d'] && (seen['m'] || seen['b'] || seen['B']) || seen['j']
	if !seen['s'] && (!seen['Y'] && !seen['y'] || !hasDay) {
		return nil, fmt.Errorf("want a year (%%Y), a month (%%m) and a day (%%d), or Unix seconds (%%s)")
	}
	for _, pair := range saidTwice {
		if seen[pair[0]] && seen[pair[1]] {
			return nil, fmt.Errorf("want one of %%%c and %%%c", pair[0], pair[1])
		}
	}
	if seen['I'] != seen['p'] {
		return nil, fmt.Errorf("want %%I and %%p together, the hour of twelve and AM or PM")
	}
	return parts, nil
}

// A readDate is what the directives have read so far.
type readDate struct {
	numbers   map[byte]int
	nanos     int
	isPM      bool
	offset    time.Duration
	remaining string
}

// parse reads a time, which is UTC where the format has no zone.
func (f dateFormat) parse(text string) (at time.Time, ok bool) {
	r := readDate{numbers: map[byte]int{'m': 1, 'd': 1}, remaining: text}
	for _, part := range f {
		if part.directive == 0 {
			ok = r.literal(part.text)
		} else {
			ok = r.directive(part.directive)
		}
		if !ok {
			return time.Time{}, false
		}
	}
	if r.remaining != "" {
		return time.Time{}, false
	}
	return r.time()
}

// literal passes over text; white space stands for any amount of it.
func (r *readDate) literal(text string) bool {
	for _, want := range text {
		if unicode.IsSpace(want) {
			r.remaining = strings.TrimLeftFunc(r.remaining, unicode.IsSpace)
			continue
		}
		after, found := strings.CutPrefix(r.remaining, string(want))
		if !found {
			return false
		}
		r.remaining = after
	}
	return true
}

func (r *readDate) directive(d byte) bool {
	switch d {
	case 'b', 'B':
		return r.name(d, 12, func(i int) string { return time.Month(i + 1).String() }, 'm', 1)
	case 'a', 'A':
		return r.name(d, 7, func(i int) string { return time.Weekday(i).String() }, 'a', 0)
	case 'p':
		if len(r.remaining) < 2 {
			return false
		}
		half := strings.ToUpper(r.remaining[:2])
		r.isPM, r.remaining = half == "PM", r.remaining[2:]
		return half == "AM" || half == "PM"
	case 'z', 'Z':
		return r.zone()
	}
	limits := directives[d]
	digits := 0
	for digits < min(limits.digits, len(r.remaining)) && isDigits(r.remaining[digits:digits+1]) {
		digits++
	}
	if digits == 0 || d == 'Y' && digits < 4 {
		return false
	}
	n := 0
	for _, c := range r.remaining[:digits] {
		n = 10*n + int(c-'0')
	}
	r.remaining = r.remaining[digits:]
	if n < limits.least || n > limits.most {
		return false
	}
	if d == 'f' {
		for ; digits < limits.digits; digits++ {
			n *= 10
		}
		r.nanos = n
	}
	r.numbers[d] = n
	return true
}

// name reads an English name, whole or by its first three letters.
func (r *readDate) name(d byte, count int, nameOf func(int) string, to byte, first int) bool {
	for i := range count {
		name := nameOf(i)
		for _, form := range []string{name, name[:3]} {
			if (d == 'b' || d == 'a') && len(form) > 3 {
				continue
			}
			if len(r.remaining) >= len(form) && strings.EqualFold(r.remaining[:len(form)], form) {
				r.numbers[to], r.remaining = i+first, r.remaining[len(form):]
				return true
			}
		}
	}
	return false
}

// zone reads Z, UTC, GMT or an offset.
func (r *readDate) zone() bool {
	for _, utc := range []string{"UTC", "GMT", "Z"} {
		if after, found := strings.CutPrefix(r.remaining, utc); found {
			r.remaining = after
			return true
		}
	}
	if r.remaining == "" || !strings.ContainsRune("+-", rune(r.remaining[0])) {
		return false
	}
	end := 1
	for end < min(len(r.remaining), len("+02:00")) && (isDigits(r.remaining[end:end+1]) || r.remaining[end] == ':') {
		end++
	}
	_, offset, ok := cutZone(r.remaining[:end])
	r.offset, r.remaining = offset, r.remaining[end:]
	return ok
}

// time puts together what was read.
func (r *readDate) time() (time.Time, bool) {
	if seconds, isUnix := r.numbers['s']; isUnix {
		at := time.Unix(int64(seconds), int64(r.nanos)).UTC().Truncate(time.Microsecond)
		return at, isCommonYear(at)
	}
	year, hasCentury := r.numbers['Y']
	if !hasCentury { // as POSIX has it
		if year = r.numbers['y']; year < 69 {
			year += 2000
		} else {
			year += 1900
		}
	}
	hour := r.numbers['H']
	if twelve, isTwelve := r.numbers['I']; isTwelve {
		if hour = twelve % 12; r.isPM {
			hour += 12
		}
	}
	month, day := r.numbers['m'], r.numbers['d']
	if of, isOfYear := r.numbers['j']; isOfYear {
		month, day = 1, of
	}
	at := time.Date(year, time.Month(month), day, hour, r.numbers['M'], r.numbers['S'], r.nanos, time.UTC)
	if _, isOfYear := r.numbers['j']; !isOfYear && at.Day() != day || at.Year() != year {
		return time.Time{}, false // 31 February
	}
	if weekday, isNamed := r.numbers['a']; isNamed && time.Weekday(weekday) != at.Weekday() {
		return time.Time{}, false
	}
	at = at.Add(-r.offset).Truncate(time.Microsecond)
	return at, isCommonYear(at)
}
