package archive

import (
	"strconv"
	"strings"
	"time"
)

// What the time of a reading must be, for messages.
const wantTime = "a time (RFC 3339, 2025-09-04 10:00:00 or Unix seconds)"

// firstBlockAt is when Ethereum's chain began. No reading of a vault is older, and a time
// of 0 means that its source did not know it.
var firstBlockAt = time.Date(2015, 7, 30, 0, 0, 0, 0, time.UTC)

// firstReadingAt is the first time of a reading of a vault that needs no chain.
var firstReadingAt = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)

// Layouts of times, after the zone has been cut off.
const (
	layoutDate = "2006-01-02"
	layoutTime = "2006-01-02 15:04:05" // a fraction may follow
)

// parseTime reads a time of a reading in UTC, to the microsecond, as the database stores
// it. A time without a zone is UTC, a date alone means the start of the day, and a number
// is Unix seconds.
func parseTime(text string) (at time.Time, ok bool) {
	if len(text) < len(layoutDate) || text[4] != '-' {
		return parseUnix(text)
	}
	if len(text) == len(layoutDate) {
		at, err := time.Parse(layoutDate, text)
		return at, err == nil && isCommonYear(at)
	}
	if len(text) < len(layoutTime) || !strings.ContainsRune("Tt ", rune(text[10])) {
		return time.Time{}, false
	}
	clock, offset, ok := cutZone(text[11:])
	if !ok {
		return time.Time{}, false
	}
	at, err := time.Parse(layoutTime, text[:10]+" "+clock)
	if err != nil {
		return time.Time{}, false
	}
	at = at.Add(-offset).Truncate(time.Microsecond)
	return at, isCommonYear(at)
}

// parseUnix reads seconds since 1970, possibly with a fraction.
func parseUnix(text string) (time.Time, bool) {
	whole, fraction, _ := strings.Cut(text, ".")
	if !isDigits(whole) || fraction != "" && !isDigits(fraction) || len(whole) > 12 {
		return time.Time{}, false
	}
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	micros, err := strconv.ParseInt((fraction + "000000")[:6], 10, 64)
	at := time.Unix(seconds, micros*1000).UTC()
	return at, err == nil && isCommonYear(at)
}

// isCommonYear excludes years that need more than four digits, because later code prints
// and compares times as text.
func isCommonYear(at time.Time) bool { return at.Year() >= 1 && at.Year() <= 9999 }

// cutZone splits 10:00:00.5+02:00 into its clock and its offset from UTC. Zones are Z,
// UTC, +02, +0200 and +02:00, as RFC 3339, BigQuery and DuckDB write them; no zone means
// UTC.
func cutZone(text string) (clock string, offset time.Duration, ok bool) {
	for _, utc := range []string{"Z", "z", " UTC"} {
		if clock, found := strings.CutSuffix(text, utc); found {
			return clock, 0, true
		}
	}
	i := strings.LastIndexAny(text, "+-")
	if i < 0 {
		return text, 0, true
	}
	zone := strings.Replace(text[i+1:], ":", "", 1)
	if !isDigits(zone) || len(zone) != 2 && len(zone) != 4 {
		return "", 0, false
	}
	number, err := strconv.Atoi((zone + "00")[:4])
	if err != nil || number > 2359 || number%100 > 59 {
		return "", 0, false
	}
	offset = time.Duration(number/100)*time.Hour + time.Duration(number%100)*time.Minute
	if text[i] == '-' {
		offset = -offset
	}
	return text[:i], offset, true
}
