package report

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// This file and format_ticks.go are the only places that turn a number into
// text; labels.go turns codes and strangers' words into it.

// Dash stands where a figure is undefined.
const Dash = "–"

const minus = "−" // as wide as a digit, unlike the hyphen

// Percent writes a fraction as a percentage with two decimals, or more where
// two would hide it: 0.0191 is "1.91 %", -0.00021 is "−0.021 %".
func Percent(fraction *float64) string {
	if fraction == nil {
		return Dash
	}
	return percent(*fraction)
}

// PercentPoints is Percent without its sign, for a table that is all percent.
func PercentPoints(fraction *float64) string {
	return strings.TrimSuffix(Percent(fraction), " %")
}

func percent(fraction float64) string {
	x := fraction * 100
	switch a := math.Abs(x); {
	case a >= 1e9:
		return signed(x, strconv.FormatFloat(a, 'e', 2, 64)) + " %"
	case a >= 1e4:
		return decimals(x, 0) + " %"
	case a != 0 && a < 5e-7:
		return "≈ 0 %"
	case a < 0.1:
		return decimals(x, significantDecimals(a, 2, 6)) + " %"
	}
	return decimals(x, 2) + " %"
}

// Ratio writes a plain number with two decimals, or more where two would hide
// it.
func Ratio(x *float64) string {
	if x == nil {
		return Dash
	}
	switch a := math.Abs(*x); {
	case a >= 1e9 || (a != 0 && a < 1e-6):
		return signed(*x, strconv.FormatFloat(a, 'e', 2, 64))
	case a >= 1e4:
		return decimals(*x, 0)
	case a < 0.1:
		return decimals(*x, significantDecimals(a, 2, 7))
	}
	return decimals(*x, 2)
}

// Number writes a metric's value in the metric's unit.
func (m Metric) Number(x *float64) string {
	switch {
	case strings.HasPrefix(m.Unit, "fraction"):
		return Percent(x)
	case m.Unit == "days" && x != nil:
		return Days(x) + " d"
	case m.Unit == "count" && x != nil:
		return decimals(*x, 0)
	}
	return Ratio(x)
}

// Price writes a share price with eight significant digits, at least four of
// them decimals: 1.0190940943977502 is "1.0190941".
func Price(x *float64) string {
	if x == nil {
		return Dash
	}
	a := math.Abs(*x)
	if a >= 1e12 || (a != 0 && a < 1e-9) {
		return signed(*x, strconv.FormatFloat(a, 'e', 6, 64))
	}
	s := decimals(*x, significantDecimals(a, 8, 20))
	whole, part, _ := strings.Cut(s, ".")
	part = strings.TrimRight(part, "0")
	return whole + "." + part + strings.Repeat("0", max(0, 4-len(part)))
}

// FullPrice writes a share price with every digit the database holds.
func FullPrice(x *float64) string {
	if x == nil {
		return Dash
	}
	return signed(*x, strconv.FormatFloat(math.Abs(*x), 'g', -1, 64))
}

// Amount writes an amount of the asset: two decimals below a million, none
// above, more for a dust.
func Amount(x *float64) string {
	if x == nil {
		return Dash
	}
	switch a := math.Abs(*x); {
	case a >= 1e15:
		return signed(*x, strconv.FormatFloat(a, 'e', 3, 64))
	case a >= 1e6:
		return decimals(*x, 0)
	case a != 0 && a < 1e-8:
		return signed(*x, strconv.FormatFloat(a, 'e', 2, 64))
	case a < 1:
		return decimals(*x, significantDecimals(a, 3, 10))
	}
	return decimals(*x, 2)
}

// ShortAmount writes an amount in four or five characters: "1.23 M".
func ShortAmount(x *float64) string {
	if x == nil {
		return Dash
	}
	a := math.Abs(*x)
	for _, unit := range []struct {
		size float64
		name string
	}{{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e3, "k"}} {
		if a >= unit.size*0.9995 && a < 1e15 {
			return decimals(*x/unit.size, significantDecimals(a/unit.size, 3, 2)) + " " + unit.name
		}
	}
	return Amount(x)
}

// Count writes a whole number: "12,345".
func Count(n int64) string {
	if n < 0 {
		return minus + thousands(strings.TrimPrefix(strconv.FormatInt(n, 10), "-"))
	}
	return thousands(strconv.FormatInt(n, 10))
}

// Counted writes a number and its noun: "1 day", "12 days".
func Counted(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Count(n) + " " + noun + "s"
}

// Block writes a block number, without separators so that it can be searched.
func Block(n *int64) string {
	if n == nil {
		return Dash
	}
	return strconv.FormatInt(*n, 10)
}

// Days writes a length in days with one decimal: "12.5".
func Days(x *float64) string {
	if x == nil {
		return Dash
	}
	return strings.TrimSuffix(decimals(*x, 1), ".0")
}

// Duration writes a length of time in the two units that matter: "3 d 4 h".
func Duration(d time.Duration) string {
	d = d.Round(time.Minute)
	days, hours, minutes := int64(d/(24*time.Hour)), int64(d/time.Hour)%24, int64(d/time.Minute)%60
	switch {
	case days >= 10 || (days > 0 && hours == 0):
		return Count(days) + " d"
	case days > 0:
		return Count(days) + " d " + Count(hours) + " h"
	case hours > 0 && minutes > 0:
		return Count(hours) + " h " + Count(minutes) + " min"
	case hours > 0:
		return Count(hours) + " h"
	}
	return Count(minutes) + " min"
}

// Date writes a UTC day: "2025-09-04".
func Date(t *time.Time) string {
	if t == nil {
		return Dash
	}
	return t.UTC().Format(time.DateOnly)
}

// DateTime writes a moment: "2025-09-04 16:31 UTC".
func DateTime(t *time.Time) string {
	if t == nil {
		return Dash
	}
	return t.UTC().Format("2006-01-02 15:04") + " UTC"
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
