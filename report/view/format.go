package view

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// This file and its neighbours format_code.go and format_ticks.go are the only
// places that turn a number into text; labels.go turns codes and strangers' words
// into it.

// A Format says how a figure or a time is written: by Text and Moment for people,
// by Code for a spreadsheet.
type Format uint8

// The formats of figures and times.
const (
	Percent     Format = iota // a fraction: "1.91 %", of the small two digits: "−0.021 %"
	Points                    // a fraction in a table that is all percent: "1.91"
	Ratio                     // a plain number: "1.58", of the small two digits: "0.012", then "≈ 0"
	Price                     // a price per share: "1.0190941"
	Amount                    // units of the asset or share: "12,345.68"
	ShortAmount               // the same in a few characters: "1.23 M"
	Days                      // a length in days: "12.5"
	LongDays                  // the same with its unit: "12.5 d"
	Count                     // a whole number: "12,345"
	Integer                   // a number that names something, such as a block: "12345"
	Place                     // the number of a row, from 1
	Date                      // a UTC day: "2025-09-04"
	Minute                    // a moment by its day, in full to the minute
	Second                    // a moment to the minute, on a sheet to the second

	// Only columns of listings have these.
	asWords   // a code, as words
	asText    // a stranger's text
	asShort   // an address or hash: its ends on the page, whole on the sheet
	asTerm    // a stranger's text or an address
	asName    // the same, of which a page shows the beginning
	asPeriod  // a period's code, as its name
	asVerdict // held, broken, not provable and the like
)

// Dash stands where a figure is undefined.
const Dash = "–"

// nearZero stands for what is not zero, but of which no digit says anything: a
// probability of 1.04e-29, the dust of an amount.
const nearZero = "≈ 0"

const minus = "−" // as wide as a digit, unlike the hyphen

func (f Format) isNumber() bool { return f <= Place }

// IsTime says that it writes times, and no numbers.
func (f Format) IsTime() bool { return f == Date || f == Minute || f == Second }

// unitFormat is the format of a metric's unit.
func unitFormat(unit string) Format {
	switch {
	case strings.HasPrefix(unit, "fraction"):
		return Percent
	case unit == "days":
		return LongDays
	case unit == "count":
		return Count
	}
	return Ratio
}

// Text writes a figure; where there is none it is a dash.
func (f Format) Text(x *float64) string {
	if x == nil {
		return Dash
	}
	switch f {
	case Percent:
		return percent(*x)
	case Points:
		return strings.TrimSuffix(percent(*x), " %")
	case Price:
		return price(*x)
	case Amount:
		return amount(*x)
	case ShortAmount:
		return shortAmount(*x)
	case Days:
		return days(*x)
	case LongDays:
		return days(*x) + " d"
	case Count, Integer, Place:
		return decimals(*x, 0)
	default:
		return ratio(*x)
	}
}

// Moment writes a time; where there is none it is a dash.
func (f Format) Moment(t *time.Time) string {
	if f == Second {
		return dateTime(t)
	}
	return date(t)
}

// whole writes a whole number.
func (f Format) whole(n int64) string {
	if f == Integer || f == Place {
		return strconv.FormatInt(n, 10)
	}
	return count(n)
}

// percent writes a fraction with two decimals, or more where two would hide it:
// 0.0191 is "1.91 %", -0.00021 is "−0.021 %".
func percent(fraction float64) string {
	x := fraction * 100
	switch a := math.Abs(x); {
	case a >= 1e9:
		return signed(x, strconv.FormatFloat(a, 'e', 2, 64)) + " %"
	case a >= 1e4:
		return decimals(x, 0) + " %"
	case a != 0 && a < 5e-7:
		return nearZero + " %"
	case a < 0.1:
		return decimals(x, significantDecimals(a, 2, 6)) + " %"
	}
	return decimals(x, 2) + " %"
}

// ratio writes a plain number with two decimals, or more where two would hide it.
func ratio(x float64) string {
	switch a := math.Abs(x); {
	case a >= 1e9:
		return signed(x, strconv.FormatFloat(a, 'e', 2, 64))
	case a != 0 && a < 1e-6:
		return nearZero
	case a >= 1e4:
		return decimals(x, 0)
	case a < 0.1:
		return decimals(x, significantDecimals(a, 2, 7))
	}
	return decimals(x, 2)
}

// price writes a share price with eight significant digits, at least four of
// them decimals: 1.0190940943977502 is "1.0190941".
func price(x float64) string {
	a := math.Abs(x)
	if a >= 1e12 || (a != 0 && a < 1e-9) {
		return signed(x, strconv.FormatFloat(a, 'e', 6, 64))
	}
	s := decimals(x, significantDecimals(a, 8, 20))
	whole, part, _ := strings.Cut(s, ".")
	part = strings.TrimRight(part, "0")
	return whole + "." + part + strings.Repeat("0", max(0, 4-len(part)))
}

// allDigits writes a share price with every digit the database holds.
func allDigits(x *float64) string {
	if x == nil {
		return Dash
	}
	return signed(*x, strconv.FormatFloat(math.Abs(*x), 'g', -1, 64))
}

// amount writes an amount of the asset: two decimals below a million, none
// above, more for a dust.
func amount(x float64) string {
	switch a := math.Abs(x); {
	case a >= 1e15:
		return signed(x, strconv.FormatFloat(a, 'e', 3, 64))
	case a >= 1e6:
		return decimals(x, 0)
	case a != 0 && a < 1e-8:
		return nearZero
	case a < 1:
		return decimals(x, significantDecimals(a, 3, 10))
	}
	return decimals(x, 2)
}

// shortAmount writes an amount in four or five characters: "1.23 M".
func shortAmount(x float64) string {
	a := math.Abs(x)
	for _, unit := range []struct {
		size float64
		name string
	}{{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e3, "k"}} {
		if a >= unit.size*0.9995 && a < 1e15 {
			return decimals(x/unit.size, significantDecimals(a/unit.size, 3, 2)) + " " + unit.name
		}
	}
	return amount(x)
}

// count writes a whole number: "12,345".
func count(n int64) string {
	if n < 0 {
		return minus + thousands(strings.TrimPrefix(strconv.FormatInt(n, 10), "-"))
	}
	return thousands(strconv.FormatInt(n, 10))
}

// counted writes a number and its noun: "1 day", "12 days".
func counted(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// days writes a length in days with one decimal: "12.5".
func days(x float64) string { return strings.TrimSuffix(decimals(x, 1), ".0") }

// inDays writes a length with its unit spelled out, or a dash.
func inDays(x *float64) string {
	if x == nil {
		return Dash
	}
	return days(*x) + " days"
}

// duration writes a length of time in the two units that matter: "3 d 4 h".
func duration(d time.Duration) string {
	d = d.Round(time.Minute)
	days, hours, minutes := int64(d/(24*time.Hour)), int64(d/time.Hour)%24, int64(d/time.Minute)%60
	switch {
	case days >= 10 || (days > 0 && hours == 0):
		return count(days) + " d"
	case days > 0:
		return count(days) + " d " + count(hours) + " h"
	case hours > 0 && minutes > 0:
		return count(hours) + " h " + count(minutes) + " min"
	case hours > 0:
		return count(hours) + " h"
	}
	return count(minutes) + " min"
}

// date writes a UTC day: "2025-09-04".
func date(t *time.Time) string {
	if t == nil {
		return Dash
	}
	return t.UTC().Format(time.DateOnly)
}

// dateTime writes a moment: "2025-09-04 16:31 UTC".
func dateTime(t *time.Time) string {
	if t == nil {
		return Dash
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

// significantDecimals is how many decimals show the first n digits of a, at
// least two and at most most.
func significantDecimals(a float64, n, most int) int {
	if a == 0 {
		return min(2, most)
	}
	return min(max(n-1-int(math.Floor(math.Log10(a))), 2), most)
}

// decimals writes x with n decimals and separators; a zero has no sign.
func decimals(x float64, n int) string {
	s := strconv.FormatFloat(math.Abs(x), 'f', n, 64)
	whole, part, has := strings.Cut(s, ".")
	whole = thousands(whole)
	if has {
		whole += "." + part
	}
	if strings.Trim(s, "0.") == "" {
		return whole
	}
	return signed(x, whole)
}

func signed(x float64, s string) string {
	if x < 0 {
		return minus + s
	}
	return s
}

func thousands(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
