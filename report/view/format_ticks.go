package view

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// priceTick labels a tick of a price axis whose ticks are step apart.
func priceTick(x, step float64) string {
	if math.Abs(x) >= 1e9 {
		return signed(x, strconv.FormatFloat(math.Abs(x), 'e', 2, 64))
	}
	return decimals(x, stepDecimals(step))
}

// amountTick labels a tick of an axis of amounts.
func amountTick(x, _ float64) string {
	whole, unit, _ := strings.Cut(shortAmount(x), " ")
	if strings.Contains(whole, ".") && !strings.Contains(whole, "e") {
		whole = strings.TrimSuffix(strings.TrimRight(whole, "0"), ".")
	}
	return strings.TrimSuffix(whole+" "+unit, " ")
}

// percentTick labels a tick of an axis of fractions.
func percentTick(x, step float64) string {
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

// clockTick labels a tick of a time axis of hours.
func clockTick(t time.Time) string { return t.UTC().Format("2 Jan 15:04") }

// dayTick labels a tick of a time axis of weeks.
func dayTick(t time.Time) string { return t.UTC().Format("2 Jan") }

// monthTick labels a tick of a time axis of months or years: a January with its
// year, and so the first tick.
func monthTick(t time.Time, first bool) string {
	switch {
	case t.Month() == time.January:
		return t.UTC().Format("2006")
	case first:
		return t.UTC().Format("Jan 2006")
	}
	return t.UTC().Format("Jan")
}
