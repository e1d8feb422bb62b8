package transform

import (
	"maps"
	"math"
	"slices"
	"time"
)

// The risk figures by plain loops, written from the definitions.

// metricNames are what the reference computes.
var metricNames = func() []string {
	marks := []mark{{date("2024-01-01"), 1}, {date("2024-01-02"), 1}}
	all := figuresOf(marks, nil)
	maps.Copy(all, monthsOf(marks, marks[0].at, date("2024-01-02")))
	delete(all, "returns_count")
	all["deflated_sharpe"] = figure{}
	return slices.Sorted(maps.Keys(all))
}()

func missingAll(out map[string]figure, reason string, names ...string) {
	for _, name := range names {
		out[name] = missing(reason)
	}
}

func isFlat(returns []float64) bool { return slices.Max(returns)-slices.Min(returns) <= 1e-13 }

// normalBelow is the standard normal distribution function by the library's
// complementary error function.
func normalBelow(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// normalPoint inverts it by halving.
func normalPoint(p float64) float64 {
	low, high := -40.0, 40.0
	for range 200 {
		if middle := (low + high) / 2; normalBelow(middle) < p {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// centralMoment is the k-th about the mean, divided by n.
func centralMoment(values []float64, k float64) float64 {
	m, sum := mean(values), 0.0
	for _, v := range values {
		sum += math.Pow(v-m, k)
	}
	return sum / float64(len(values))
}

// sharpeBracket is the variance of the Sharpe ratio per return, times n - 1.
func sharpeBracket(returns []float64) (ratio, bracket float64) {
	ratio = mean(returns) / deviation(returns)
	skew := centralMoment(returns, 3) / math.Pow(centralMoment(returns, 2), 1.5)
	kurtosis := centralMoment(returns, 4) / math.Pow(centralMoment(returns, 2), 2)
	return ratio, 1 - skew*ratio + (kurtosis-1)/4*ratio*ratio
}

func sharpeFigures(out map[string]figure, returns []float64, scale float64) {
	names := []string{"sharpe_standard_error", "sharpe_ci95_lower", "sharpe_ci95_upper", "probabilistic_sharpe", "minimum_track_record_days"}
	switch {
	case len(returns) < 2:
		missingAll(out, "insufficient_data", names...)
		return
	case isFlat(returns):
		missingAll(out, "zero_dispersion", names...)
		return
	}
	ratio, bracket := sharpeBracket(returns)
	if bracket <= 0 {
		missingAll(out, "variance_not_positive", names...)
		return
	}
	se := math.Sqrt(bracket / float64(len(returns)-1))
	out["sharpe_standard_error"] = number(se * scale)
	out["sharpe_ci95_lower"] = number((ratio - normalPoint(0.975)*se) * scale)
	out["sharpe_ci95_upper"] = number((ratio + normalPoint(0.975)*se) * scale)
	out["probabilistic_sharpe"] = number(normalBelow(ratio / se))
	out["minimum_track_record_days"] = missing("sharpe_not_positive")
	if ratio > 0 {
		out["minimum_track_record_days"] = number((1 + bracket*math.Pow(normalPoint(0.95)/ratio, 2)) * 365 / (scale * scale))
	}
}

// deflate gives each vault of a period its deflated Sharpe ratio, which depends
// on those of all trials; others are no trials.
func deflate(trials, others []span) {
	var ratios []float64
	for _, s := range trials {
		if s.reason == "" && len(s.returns) > 1 && !isFlat(s.returns) {
			ratio, _ := sharpeBracket(s.returns)
			ratios = append(ratios, ratio)
		}
	}
	for _, s := range slices.Concat(trials, others) {
		if s.reason != "" {
			continue
		}
		chance := s.figures["probabilistic_sharpe"]
		switch {
		case chance.value == nil:
			s.figures["deflated_sharpe"] = chance
		case len(ratios) < 2:
			s.figures["deflated_sharpe"] = missing("insufficient_data")
		default:
			ratio, bracket := sharpeBracket(s.returns)
			hurdle := luckiest(deviation(ratios), float64(len(ratios)))
			s.figures["deflated_sharpe"] = number(normalBelow((ratio - hurdle) / math.Sqrt(bracket/float64(len(s.returns)-1))))
		}
	}
}

// luckiest is the best Sharpe ratio expected of n trials without skill.
func luckiest(deviation, n float64) float64 {
	const euler = 0.57721566490153286060651209008240243104215933593992
	return deviation * ((1-euler)*normalPoint(1-1/n) + euler*normalPoint(1-1/(n*math.E)))
}

func autocovariance(values []float64, lag int) float64 {
	m, sum := mean(values), 0.0
	for i := lag; i < len(values); i++ {
		sum += (values[i] - m) * (values[i-lag] - m)
	}
	return sum / float64(len(values))
}

func serialFigures(out map[string]figure, marks []mark, returns []float64, scale float64) {
	n := len(returns)
	var spacings []float64
	for i := 1; i < len(marks); i++ {
		spacings = append(spacings, marks[i].at.Sub(marks[i-1].at).Seconds())
	}
	slices.Sort(spacings)
	lags := 28
	if (spacings[(n-1)/2]+spacings[n/2])/2 > 4*86400 {
		lags = 3
	}
	correlation := func(k int) float64 { return autocovariance(returns, k) / autocovariance(returns, 0) }
	why := func(least int) string {
		switch {
		case n < least:
			return "insufficient_data"
		case isFlat(returns):
			return "zero_dispersion"
		}
		return ""
	}
	for k, name := range map[int]string{1: "autocorrelation_1", 2: "autocorrelation_2", 6: "autocorrelation_6"} {
		out[name] = missing(why(k + 1))
		if out[name].reason == "" {
			out[name] = number(correlation(k))
		}
	}

	out["ljung_box_p"] = missing(why(7))
	if out["ljung_box_p"].reason == "" {
		sum := 0.0
		for k := 1; k <= 6; k++ {
			sum += correlation(k) * correlation(k) / float64(n-k)
		}
		half := sum * float64(n) * float64(n+2) / 2
		out["ljung_box_p"] = number(math.Exp(-half) + half*math.Exp(-half) + half*half/2*math.Exp(-half))
	}

	geltner := missing(why(3))
	if geltner.reason == "" {
		a := correlation(1)
		var own []float64
		for i := 1; i < n; i++ {
			own = append(own, (returns[i]-a*returns[i-1])/(1-a))
		}
		geltner = number(mean(own) / deviation(own) * scale)
		if math.Abs(a) >= 1 || deviation(own) == 0 {
			geltner = missing("variance_not_positive")
		}
	}
	out["geltner_sharpe"] = geltner

	reason := why(2)
	if reason == "" && n <= 2*lags {
		reason = "insufficient_data"
	}
	missingAll(out, reason, "newey_west_sharpe", "smoothing_factor", "lo_sharpe")
	if reason == "" {
		long, q := autocovariance(returns, 0), scale*scale
		eta := q
		for k := 1; k <= lags; k++ {
			long += 2 * (1 - float64(k)/float64(lags+1)) * autocovariance(returns, k)
			eta += 2 * (q - float64(k)) * correlation(k)
		}
		long *= float64(n) / float64(n-1)
		out["newey_west_sharpe"] = number(mean(returns) / math.Sqrt(long) * scale)
		out["smoothing_factor"] = number(math.Sqrt(long) / deviation(returns))
		out["lo_sharpe"] = missing("variance_not_positive")
		if eta > 0 {
			out["lo_sharpe"] = number(mean(returns) / deviation(returns) * q / math.Sqrt(eta))
		}
	}
	out["headline_sharpe"] = out["sharpe_ratio_zero"]
	if p := out["ljung_box_p"].value; p != nil && *p < 0.05 {
		out["headline_sharpe"] = out["newey_west_sharpe"]
	}
}

func lossFigures(out map[string]figure, returns []float64) {
	n := float64(len(returns))
	var gains, losses, total, up, down, squares, cubes float64
	best, worst, winning, losing := 0, 0, 0, 0
	for _, r := range returns {
		total += r
		switch {
		case r > 0:
			gains++
			up += r
			winning, losing = winning+1, 0
		case r < 0:
			losses++
			down -= r
			squares += r * r
			cubes -= r * r * r
			winning, losing = 0, losing+1
		default:
			winning, losing = 0, 0
		}
		best, worst = max(best, winning), max(worst, losing)
	}
	out["gains_count"], out["losses_count"] = number(gains), number(losses)
	out["zero_return_share"] = number((n - gains - losses) / n)
	out["longest_winning_streak"], out["longest_losing_streak"] = number(float64(best)), number(float64(worst))
	names := []string{"omega_ratio", "kappa_3", "upside_potential_ratio", "gain_to_pain", "profit_factor", "payoff_ratio"}
	if losses == 0 {
		missingAll(out, "no_downside", names...)
		return
	}
	out["omega_ratio"], out["profit_factor"] = number(up/down), number(up/down)
	out["gain_to_pain"] = number(total / down)
	out["kappa_3"] = number(total / n / math.Cbrt(cubes/n))
	out["upside_potential_ratio"] = number(up / n / math.Sqrt(squares/n))
	out["payoff_ratio"] = missing("zero_denominator")
	if gains > 0 {
		out["payoff_ratio"] = number(up / gains / (down / losses))
	}
}

func drawdownFigures(out map[string]figure, marks []mark) {
	n := float64(len(marks) - 1)
	var below, sum, squares, depths, squaredDepths, longest float64
	for _, d := range drawdownsOf(marks) {
		if d < 0 {
			below++
		}
		sum += math.Abs(d)
		squares += d * d
	}
	episodes := episodesOf(marks)
	for _, e := range episodes {
		depths += e.depth
		squaredDepths += e.depth * e.depth
		longest = math.Max(longest, e.until.Sub(e.peak).Hours()/24)
	}
	out["time_under_water"] = number(below / n)
	out["pain_index"], out["ulcer_index"] = number(sum/n), number(math.Sqrt(squares/n))
	out["drawdown_deviation"] = number(math.Sqrt(squaredDepths / n))
	out["average_drawdown"] = number(depths / float64(len(episodes)))
	out["longest_drawdown_days"] = number(longest)

	over := func(name string, denominator float64) {
		apy := out["apy"]
		if out[name] = apy; apy.value == nil {
			return
		}
		if out[name] = number(*apy.value / denominator); math.IsInf(*apy.value/denominator, 0) {
			out[name] = missing("out_of_range")
		}
	}
	over("sterling_ratio", 0.1-*out["max_drawdown"].value)
	over("martin_ratio", math.Sqrt(squares/n))
	over("pain_ratio", sum/n)
	over("burke_ratio", math.Sqrt(squaredDepths))
	if len(episodes) == 0 {
		missingAll(out, "no_drawdown", "average_drawdown", "longest_drawdown_days", "martin_ratio", "pain_ratio", "burke_ratio")
	}
}

// quantile is that of type 7: between the two nearest of the ordered values.
func quantile(ordered []float64, share float64) float64 {
	at := share * float64(len(ordered)-1)
	low := int(math.Floor(at + 1e-9))
	high := min(low+1, len(ordered)-1)
	return ordered[low] + (at-float64(low))*(ordered[high]-ordered[low])
}

func tailFigures(out map[string]figure, returns []float64) {
	ordered := slices.Sorted(slices.Values(returns))
	n := len(ordered)
	out["value_at_risk_95"], out["value_at_risk_99"] = number(quantile(ordered, 0.05)), number(quantile(ordered, 0.01))
	out["expected_shortfall_95"] = number(mean(ordered[:(n-1)*5/100+1]))
	out["expected_shortfall_99"] = number(mean(ordered[:(n-1)*1/100+1]))
	out["tail_ratio"] = missing("zero_denominator")
	if low := quantile(ordered, 0.05); low != 0 {
		out["tail_ratio"] = number(math.Abs(quantile(ordered, 0.95) / low))
	}

	names := []string{"value_at_risk_95_gaussian", "expected_shortfall_95_gaussian", "value_at_risk_95_cornish_fisher"}
	if n < 2 {
		missingAll(out, "insufficient_data", names...)
		return
	}
	z, spread := normalPoint(0.05), math.Sqrt(centralMoment(returns, 2))
	out[names[0]] = number(mean(returns) + z*spread)
	out[names[1]] = number(mean(returns) - math.Exp(-z*z/2)/math.Sqrt(2*math.Pi)/0.05*spread)
	out[names[2]] = missing("zero_dispersion")
	if isFlat(returns) {
		return
	}
	s := centralMoment(returns, 3) / (spread * spread * spread)
	k := centralMoment(returns, 4)/math.Pow(spread, 4) - 3
	out[names[2]] = missing("outside_cf_domain")
	if s*s/9-4*(k/8-s*s/6)*(1-k/8+5*s*s/36) <= 0 {
		w := z + (z*z-1)*s/6 + (z*z*z-3*z)*k/24 - (2*z*z*z-5*z)*s*s/36
		out[names[2]] = number(mean(returns) + w*spread)
	}
}

func shapeFigures(out map[string]figure, returns []float64) {
	n, m, away := float64(len(returns)), mean(returns), 0.0
	for _, r := range returns {
		away += math.Abs(r - m)
	}
	out["mean_absolute_deviation"] = number(away / n)
	missingAll(out, "zero_dispersion", "skewness", "excess_kurtosis")
	if n > 1 && !isFlat(returns) {
		g := centralMoment(returns, 3) / math.Pow(centralMoment(returns, 2), 1.5)
		k := centralMoment(returns, 4)/math.Pow(centralMoment(returns, 2), 2) - 3
		out["skewness"] = number(g * math.Sqrt(n*(n-1)) / (n - 2))
		out["excess_kurtosis"] = number(((n+1)*k + 6) * (n - 1) / ((n - 2) * (n - 3)))
	}
	if n < 3 {
		out["skewness"] = missing("insufficient_data")
	}
	if n < 4 {
		out["excess_kurtosis"] = missing("insufficient_data")
	}
}

// monthsOf finds the best and worst of the calendar months that begin after
// the period does, and of which the record of all marks covers all and no more.
func monthsOf(all []mark, start, asOf time.Time) map[string]figure {
	name := func(at time.Time) string { return at.Format("2006-01") }
	var returns []float64
	for month := beginOf(all[0].at, 1); !month.After(all[len(all)-1].at); month = month.AddDate(0, 1, 0) {
		isWhole := calendarFlags(all, asOf, month, 1) == [2]bool{}
		if f := calendarReturn(all, name(month), name); f.value != nil && isWhole && start.Before(month) {
			returns = append(returns, *f.value)
		}
	}
	out := map[string]figure{}
	missingAll(out, "insufficient_data", "best_month", "worst_month")
	if len(returns) > 0 {
		out["best_month"], out["worst_month"] = number(slices.Max(returns)), number(slices.Min(returns))
	}
	return out
}
