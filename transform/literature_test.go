package transform

import (
	"math"
	"testing"
)

// TestWorkedExamples holds figures against examples that others have printed,
// to the digits they print. A year is 365 days, so yearly values lie 365 days
// apart.
func TestWorkedExamples(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		source string
		values []float64 // one a year
		metric string
		want   float64
		digits int
	}{
		{
			// 1,000 grows to 10,000 in three years: 115.44 % a year
			"zcubes wiki, CAGR(1000, 10000, 3, 0) = 1.1544", []float64{1000, 2500, 4000, 10000}, "apy", 1.1544, 4,
		},
		{
			// the rise to 120,000 makes no new peak, and the last value is no part of the fall
			"YCharts glossary, Max Drawdown: (150,000 - 80,000) / 150,000 = 46.67 %",
			[]float64{100_000, 150_000, 90_000, 120_000, 80_000, 200_000},
			"max_drawdown", -0.4667, 4,
		},
		{
			"Rollinger and Hoffman, Sortino: A 'Sharper' Ratio, Red Rock Capital, with a target of 0: downside deviation 2.264 %",
			compound(0.17, 0.15, 0.23, -0.05, 0.12, 0.09, 0.13, -0.04), "downside_deviation", 0.02264, 5,
		},
		{
			"the same, Sortino ratio 4.417", compound(0.17, 0.15, 0.23, -0.05, 0.12, 0.09, 0.13, -0.04), "sortino_ratio", 4.417, 3,
		},
	} {
		t.Run(c.metric, func(t *testing.T) {
			var prices []price
			for i := range c.values {
				prices = append(prices, price{date("2015-01-01").AddDate(0, 0, 365*i), &c.values[i]})
			}
			for _, f := range performance(t, prices, nil) {
				if f.period != "itd" || f.metric != c.metric {
					continue
				}
				scale := math.Pow10(c.digits)
				if f.value == nil || math.Round(*f.value*scale) != math.Round(c.want*scale) {
					t.Errorf("%s: got %v, want %v", c.source, f, c.want)
				}
				return
			}
			t.Errorf("no %s", c.metric)
		})
	}
}

// compound is the price after each return, from 1.
func compound(returns ...float64) []float64 {
	out := []float64{1}
	for _, r := range returns {
		out = append(out, out[len(out)-1]*(1+r))
	}
	return out
}
