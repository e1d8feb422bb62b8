package transform

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// Figures that others have printed, from prices made or found to fit.

// pricesOf are daily prices with these returns.
func pricesOf(returns []float64) []price {
	out := []price{{date("2020-01-01"), ptr(1.0)}}
	for i, r := range returns {
		out = append(out, price{out[0].at.AddDate(0, 0, i+1), ptr(*out[i].price * (1 + r))})
	}
	return out
}

// shaped moves and stretches values to this mean and sample deviation.
func shaped(values []float64, wantMean, wantDeviation float64) []float64 {
	m, s := mean(values), deviation(values)
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = wantMean + (v-m)/s*wantDeviation
	}
	return out
}

// withMoments makes n values of this skewness and kurtosis of the population:
// even steps and one outlier on each side, whose sizes are searched for.
func withMoments(t *testing.T, n int, skew, kurtosis float64) []float64 {
	t.Helper()
	values := make([]float64, n)
	for i := range values {
		values[i] = float64(i)/float64(n-1)*2 - 1
	}
	miss := func(low, high float64) (float64, float64) {
		values[0], values[n-1] = -low, high
		m2 := centralMoment(values, 2)
		return centralMoment(values, 3)/math.Pow(m2, 1.5) - skew, centralMoment(values, 4)/(m2*m2) - kurtosis
	}
	low, high := 2-skew, 2.0 // Newton's method with measured slopes, in half steps
	for range 300 {
		const h = 1e-6
		a, b := miss(low, high)
		al, bl := miss(low+h, high)
		ah, bh := miss(low, high+h)
		al, bl, ah, bh = (al-a)/h, (bl-b)/h, (ah-a)/h, (bh-b)/h
		det := al*bh - ah*bl
		low, high = low-(a*bh-ah*b)/det/2, high-(al*b-a*bl)/det/2
	}
	if a, b := miss(low, high); math.Abs(a)+math.Abs(b) > 1e-9 || math.IsNaN(a+b) {
		t.Fatalf("no values found: off by %v and %v", a, b)
	}
	return values
}

func figureOf(t *testing.T, figures []figure, period, metric string) figure {
	t.Helper()
	for _, f := range figures {
		if f.period == period && f.metric == metric {
			return f
		}
	}
	t.Fatalf("no %s of %s", metric, period)
	return figure{}
}

// prints compares a figure with one that others printed, to their digits.
func prints(t *testing.T, source string, got figure, want float64, digits int) {
	t.Helper()
	scale := math.Pow10(digits)
	if got.value == nil || math.Round(*got.value*scale) != math.Round(want*scale) {
		t.Errorf("%s: got %v, want %v", source, got, want)
	}
}

// TestProbabilisticSharpePublished: Bailey and Lopez de Prado, 2012: a monthly
// ratio of 0.458 over 24 months, skewness -2.448, kurtosis 10.164, gives 0.913;
// with the moments of a normal 0.982.
func TestProbabilisticSharpePublished(t *testing.T) {
	for _, c := range []struct{ skew, kurtosis, want float64 }{{-2.448, 10.164, 0.913}, {0, 3, 0.982}} {
		returns := shaped(withMoments(t, 24, c.skew, c.kurtosis), 0.00458, 0.01)
		prints(t, "probabilistic Sharpe ratio", figureOf(t, performance(t, pricesOf(returns), nil), "itd", "probabilistic_sharpe"), c.want, 3)
	}
}

// TestDeflatedSharpePublished: Bailey and Lopez de Prado, 2014: an annual ratio
// of 2.5 over 1,250 days of 250 a year, skewness -3, kurtosis 10, the best of
// 100 trials whose annual ratios have a variance of 1/2, gives 0.9004.
func TestDeflatedSharpePublished(t *testing.T) {
	// of all samples only two values, 105 low ones of 1,250, come so close
	returns := make([]float64, 1250)
	for i := range returns {
		returns[i] = 1
		if i < 105 {
			returns[i] = -1
		}
	}
	best := 2.5 / math.Sqrt(250)
	series := map[string][]price{"best": pricesOf(shaped(returns, best*0.001, 0.001))}
	// the others lie at either side of 0, as far as the variance asks
	others := func(distance float64) []float64 {
		ratios := []float64{best}
		for i := range 99 {
			ratios = append(ratios, distance*float64(i%2*2-1))
		}
		return ratios
	}
	low, high := 0.0, 1.0
	for range 100 {
		if middle := (low + high) / 2; math.Pow(deviation(others(middle)), 2) < 0.5/250 {
			low = middle
		} else {
			high = middle
		}
	}
	for i, ratio := range others(low)[1:] {
		// of the last days, since a vault that ended is no trial
		prices := pricesOf(shaped(slices.Repeat([]float64{0, 1}, 20), ratio*0.001, 0.001))
		for j := range prices {
			prices[j].at = prices[j].at.AddDate(0, 0, 1250-40)
		}
		series[fmt.Sprintf("other-%d", i)] = prices
	}
	got := performanceOf(t, series, series["best"][1250].at, nil)
	prints(t, "deflated Sharpe ratio", figureOf(t, got["best"], "itd", "deflated_sharpe"), 0.9004, 4)
}

// TestBaconPublished: what the documentation of PerformanceAnalytics prints
// after Bacon's worked example, where the definition is ours. Not ours are
// those with a minimum return of 0.5 %, those of 252 days, Burke by runs of
// losses, and Pain and Martin, which its own version 2.1.0 no longer meets.
func TestBaconPublished(t *testing.T) {
	file := filepath.Join(oracleDir, "pps", "bacon_portfolio.csv")
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the oracle is not beside this checkout")
	}
	figures := performance(t, readPrices(t, file), nil)
	for _, c := range []struct {
		name, metric string
		want         float64
		digits       int
	}{
		{"BernardoLedoitRatio", "omega_ratio", 1.78, 2},
		{"PainIndex", "pain_index", 0.04, 2},
		{"kurtosis sample_excess", "excess_kurtosis", -0.41, 2},
		// 0.0310 is printed, cut and not rounded
		{"MeanAbsoluteDeviation", "mean_absolute_deviation", 0.0311, 4},
	} {
		prints(t, c.name, figureOf(t, figures, "itd", c.metric), c.want, c.digits)
	}
}

// TestFFNPublished: what ffn prints for DBC, 2010 to 2013. Not compared: Daily
// Sortino 0.17, whose denominator is the sample deviation of min(r, 0) about its
// own mean (ours, about zero, gives 0.15); 3m, 6m and 3Y, which go back by
// calendar months; what is made of monthly or yearly returns.
func TestFFNPublished(t *testing.T) {
	f, err := os.Open("../../shared/data/ffn/docs_dbc_test_data.csv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("ffn's example is not beside this checkout")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var prices []price
	for _, row := range rows[1:] {
		value, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.DateOnly, row[0])
		if err != nil {
			t.Fatal(err)
		}
		prices = append(prices, price{at, &value})
	}
	figures := performance(t, prices, nil)
	// ffn counts 252 days a year where we count the time that passed
	n := float64(len(prices) - 1)
	ours := math.Sqrt(n / (prices[len(prices)-1].at.Sub(prices[0].at).Seconds() / yearSeconds))
	by252 := math.Sqrt(252) / ours
	for _, c := range []struct {
		name, period, metric string
		factor, want         float64
		digits               int
	}{
		{"Total Return", "itd", "total_return", 1, 0.0166, 4},
		{"CAGR", "itd", "apy", 1, 0.0041, 4}, // by 365.25 days; the same to these digits
		{"Max Drawdown", "itd", "max_drawdown", 1, -0.2434, 4},
		{"Calmar Ratio", "itd", "calmar_ratio", 1, 0.02, 2},
		{"MTD", "mtd", "total_return", 1, 0.0059, 4},
		{"YTD", "ytd", "total_return", 1, -0.0763, 4},
		{"1Y", "365d", "total_return", 1, -0.0763, 4},
		{"Daily Sharpe", "itd", "sharpe_ratio_zero", by252, 0.11, 2},
		{"Daily Vol (ann.)", "itd", "volatility", by252, 0.1684, 4},
		{"Daily Skew", "itd", "skewness", 1, -0.47, 2},
		{"Daily Kurt", "itd", "excess_kurtosis", 1, 2.90, 2},
		{"Best Day", "itd", "best_day", 1, 0.0434, 4},
		{"Worst Day", "itd", "worst_day", 1, -0.0670, 4},
		{"Avg. Drawdown", "itd", "average_drawdown", 1, -0.0509, 4},
		{"Worst Month", "itd", "worst_month", 1, -0.1462, 4},
		{"Best Month", "itd", "best_month", 1, 0.0989, 4},
	} {
		got := figureOf(t, figures, c.period, c.metric)
		if got.value != nil {
			got.value = ptr(*got.value * c.factor)
		}
		prints(t, "ffn: "+c.name, got, c.want, c.digits)
	}
}
