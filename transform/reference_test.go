package transform

import (
	"maps"
	"math"
	"slices"
	"time"
)

// The figures of a vault by plain loops over its prices, written from the
// definitions and without a look at the SQL: the second opinion on every number.

const yearSeconds = 31_536_000.0

type mark struct {
	at    time.Time
	price float64
}

// marksOf are the first price and each UTC day's last, of prices before until.
// At one moment the last of agreeing prices stands, and differing ones fall.
func marksOf(prices []price, until time.Time) []mark {
	byTime := map[time.Time][]float64{}
	for _, p := range prices {
		if p.price != nil && p.at.Before(until) {
			byTime[p.at] = append(byTime[p.at], *p.price)
		}
	}
	var all []mark
	for at, values := range byTime {
		if slices.Max(values)-slices.Min(values) <= 1e-9*slices.Max(values) {
			all = append(all, mark{at, values[len(values)-1]})
		}
	}
	slices.SortFunc(all, func(a, b mark) int { return a.at.Compare(b.at) })
	var out []mark
	for i, m := range all {
		isLast := i == len(all)-1 || all[i+1].at.Format(time.DateOnly) != m.at.Format(time.DateOnly)
		if i == 0 || isLast {
			out = append(out, m)
		}
	}
	return out
}

// A span is what is known of one period.
type span struct {
	start   *time.Time
	end     time.Time
	partial bool
	reason  string
	figures map[string]figure
	returns []float64 // where there is no reason
}

var periodNames = []string{"1d", "7d", "30d", "90d", "180d", "365d", "mtd", "qtd", "ytd", "itd"}

func trailingDays(period string) int {
	return map[string]int{"1d": 1, "7d": 7, "30d": 30, "90d": 90, "180d": 180, "365d": 365}[period]
}

// spanOf finds the marks that bound a period, the reason for which it has no
// figures, and its figures.
func spanOf(period string, marks []mark, asOf time.Time, rate *float64) span {
	last := marks[len(marks)-1]
	s := span{end: last.at}
	from := -1 // the anchor's place
	stale := asOf.AddDate(0, 0, 1).Sub(last.at) > 48*time.Hour && period != "itd"
	var anchorStale, noMark bool
	switch days := trailingDays(period); {
	case days > 0:
		wanted := last.at.AddDate(0, 0, -days)
		for i, m := range marks {
			if !m.at.After(wanted) {
				from = i
			}
		}
		if from >= 0 {
			slack := max(24*time.Hour, time.Duration(days)*24*time.Hour/10)
			anchorStale = wanted.Sub(marks[from].at) > slack
		}
	case period == "itd":
		from = 0
	default:
		begins := map[string]time.Time{
			"mtd": time.Date(asOf.Year(), asOf.Month(), 1, 0, 0, 0, 0, time.UTC),
			"qtd": time.Date(asOf.Year(), (asOf.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC),
			"ytd": time.Date(asOf.Year(), 1, 1, 0, 0, 0, 0, time.UTC),
		}[period]
		for i, m := range marks {
			if m.at.Before(begins) {
				from = i
			}
		}
		if from < 0 {
			s.partial = true
			from = 0
		}
		noMark = last.at.Before(begins)
	}
	if from >= 0 {
		s.start = &marks[from].at
	}
	switch {
	case len(marks) == 1:
		s.reason = "insufficient_data"
	case stale:
		s.reason = "stale"
	case from < 0:
		s.reason = "no_anchor"
	case anchorStale:
		s.reason = "anchor_stale"
	case noMark:
		s.reason = "no_price_in_period"
	case marks[from].price == 0:
		s.reason = "bad_anchor_price"
	}
	if s.reason != "" {
		s.figures = map[string]figure{"returns_count": number(0)}
		for _, name := range metricNames {
			s.figures[name] = figure{reason: s.reason}
		}
		return s
	}
	s.figures = figuresOf(marks[from:], rate)
	s.returns = returnsOf(marks[from:])
	maps.Copy(s.figures, monthsOf(marks, marks[from].at, asOf))
	return s
}

func number(v float64) figure      { return figure{value: &v} }
func missing(reason string) figure { return figure{reason: reason} }

// figuresOf computes every metric over two marks or more, the first of them
// above zero.
func figuresOf(marks []mark, rate *float64) map[string]figure {
	out, returns := growthFigures(marks, rate), returnsOf(marks)
	scale := math.Sqrt(float64(len(returns)) / (marks[len(marks)-1].at.Sub(marks[0].at).Seconds() / yearSeconds))
	sharpeFigures(out, returns, scale)
	serialFigures(out, marks, returns, scale)
	lossFigures(out, returns)
	drawdownFigures(out, marks)
	tailFigures(out, returns)
	shapeFigures(out, returns)
	return out
}

// growthFigures are the first ones.
func growthFigures(marks []mark, rate *float64) map[string]figure {
	first, last := marks[0], marks[len(marks)-1]
	years := float64(last.at.Sub(first.at).Microseconds()) / 1e6 / yearSeconds
	growth := last.price / first.price

	returns := returnsOf(marks)
	var excess []float64
	for i, r := range returns {
		if rate != nil {
			own := float64(marks[i+1].at.Sub(marks[i].at).Microseconds()) / 1e6 / yearSeconds
			excess = append(excess, r-(math.Pow(1+*rate, own)-1))
		}
	}
	n := float64(len(returns))
	scale := math.Sqrt(n / years)
	gains, losses, squares := 0.0, 0, 0.0
	for _, r := range returns {
		if r > 0 {
			gains++
		}
		if r < 0 {
			losses++
			squares += r * r
		}
	}
	downside := math.Sqrt(squares / n)

	out := map[string]figure{
		"returns_count":      number(n),
		"total_return":       number(growth - 1),
		"apy":                number(math.Pow(growth, 1/years) - 1),
		"apr":                number((growth - 1) / years),
		"volatility":         number(deviation(returns) * scale),
		"sharpe_ratio_zero":  number(mean(returns) / deviation(returns) * scale),
		"sharpe_ratio":       missing("no_risk_free_rate"),
		"sortino_ratio":      number(mean(returns) / downside * scale),
		"downside_deviation": number(downside * scale),
		"win_rate":           number(gains / n),
		"best_day":           number(slices.Max(returns)),
		"worst_day":          number(slices.Min(returns)),
	}
	if math.IsInf(math.Pow(growth, 1/years), 0) {
		out["apy"] = missing("out_of_range")
	}
	if rate != nil {
		out["sharpe_ratio"] = number(mean(excess) / deviation(excess) * scale)
	}
	switch {
	case len(returns) < 2:
		for _, name := range []string{"volatility", "sharpe_ratio_zero", "sharpe_ratio"} {
			out[name] = missing("insufficient_data")
		}
	case slices.Max(returns)-slices.Min(returns) <= 1e-13:
		out["sharpe_ratio_zero"] = missing("zero_dispersion")
		if rate != nil {
			out["sharpe_ratio"] = missing("zero_dispersion")
		}
	}
	if len(returns) > 1 && rate != nil && deviation(excess) <= 1e-13 {
		out["sharpe_ratio"] = missing("zero_dispersion")
	}
	if losses == 0 {
		out["sortino_ratio"] = missing("no_downside")
	}
	deepest, current := 0.0, 0.0
	for _, d := range drawdownsOf(marks) {
		deepest, current = math.Min(deepest, d), d
	}
	out["max_drawdown"], out["current_drawdown"] = number(deepest), number(current)
	switch {
	case deepest == 0:
		out["calmar_ratio"] = missing("no_drawdown")
	case out["apy"].value == nil:
		out["calmar_ratio"] = out["apy"]
	case math.IsInf(*out["apy"].value/deepest, 0):
		out["calmar_ratio"] = missing("out_of_range")
	default:
		out["calmar_ratio"] = number(*out["apy"].value / -deepest)
	}
	return out
}

func returnsOf(marks []mark) []float64 {
	var out []float64
	for i := 1; i < len(marks); i++ {
		r := 0.0 // after a total loss there is nothing left to lose
		if marks[i-1].price > 0 {
			r = marks[i].price/marks[i-1].price - 1
		}
		out = append(out, r)
	}
	return out
}

// drawdownsOf is each mark's fall from the highest before it; less than 1e-12
// is rounding.
func drawdownsOf(marks []mark) []float64 {
	var out []float64
	peak := 0.0
	for _, m := range marks {
		peak = math.Max(peak, m.price)
		fall := 0.0
		if peak > 0 && m.price/peak-1 < -1e-12 {
			fall = m.price/peak - 1
		}
		out = append(out, fall)
	}
	return out
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// deviation is the sample's, in two passes.
func deviation(values []float64) float64 {
	m, sum := mean(values), 0.0
	for _, v := range values {
		sum += (v - m) * (v - m)
	}
	return math.Sqrt(sum / float64(len(values)-1))
}
