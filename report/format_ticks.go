package report

import (
	"math"
	"strconv"
	"time"
)

// PriceTick labels a tick of a price axis whose ticks are step apart.
func PriceTick(x, step float64) string {
	if math.Abs(x) >= 1e9 {
		return signed(x, strconv.FormatFloat(math.Abs(x), 'e', 2, 64))
	}
	return decimals(x, stepDecimals(step))
}

// PercentTick labels a tick of an axis of fractions.
func PercentTick(x, step float64) string {
	if math.Abs(x) >= 1e7 {
		return signed(x, strconv.FormatFloat(math.Abs(x)*100, 'e', 1, 64)) + " %"
	}
	return decimals(x*100, stepDecimals(step*100)) + " %"
}

// stepDecimals is how many decimals tell apart numbers that are step apart.
func stepDecimals(step float64) int {
	for n := range 15 {
		if scaled := step * math.Pow(10, float64(n)); math.Abs(scaled-math.Round(scaled)) < 1e-6*scaled {
			return n
		}
	}
	return 15
}

// ClockTick labels a tick of a time axis of hours.
func ClockTick(t time.Time) string { return t.UTC().Format("2 Jan 15:04") }

// DayTick labels a tick of a time axis of weeks.
func DayTick(t time.Time) string { return t.UTC().Format("2 Jan") }

// MonthTick labels a tick of a time axis of months or years: a January with its
// year, and so the first tick.
func MonthTick(t time.Time, first bool) string {
	switch {
	case t.Month() == time.January:
		return t.UTC().Format("2006")
	case first:
		return t.UTC().Format("Jan 2006")
	}
	return t.UTC().Format("Jan")
}
