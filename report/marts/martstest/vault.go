package martstest

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"
)

// A point is one price of a made-up vault.
type point struct {
	at    time.Time
	price float64
}

// vault adds all rows of one vault.
func (f *fixture) vault(position int, v Vault) {
	points := v.points()
	f.header(position, v, points)
	for i, warning := range v.Warnings {
		code := []string{"thin_start", "days_without_price"}[i%2]
		if v.Status == "no_reading" {
			code = v.Status
		}
		f.add("warnings(vault_id, warning, message, rows)", v.ID, code, warning, int64(1))
	}
	for _, row := range f.csv("seeds/ineligible_reasons.csv") {
		if slices.Contains(v.Ineligible, row[0]) {
			place, err := strconv.Atoi(row[1])
			if err != nil {
				f.tb.Fatal(err)
			}
			f.add("ineligibilities(vault_id, ineligible_reason, reason_position, badge, meaning)", v.ID, row[0], int32(place), row[2], row[3])
		}
	}
	f.backing(v)
	if len(points) == 0 {
		return
	}
	if v.Events {
		f.events(v)
	}
	f.series(v, points)
	f.episodes(v, points)
	f.calendar(v, points)
	for i, period := range []string{"1d", "7d", "30d", "90d", "180d", "365d", "mtd", "qtd", "ytd", "itd"} {
		f.period(v, points, period, int32(i+1))
	}
}

func (v Vault) points() []point {
	end := v.End
	if end.IsZero() {
		end = Until.Add(-7 * time.Hour)
	}
	var points []point
	for i, p := range v.Prices {
		if !math.IsNaN(p) {
			points = append(points, point{end.AddDate(0, 0, i+1-len(v.Prices)), p})
		}
	}
	return points
}

func (f *fixture) header(position int, v Vault, points []point) {
	var first, last, price, assets, block, coverage, gap, lost, lostShare, paused, since, cooldown, waiting any
	if n := len(points); n > 0 {
		first, last, price, block = points[0].at, points[n-1].at, points[n-1].price, int64(23291234)
		coverage, gap = float64(n)/float64(len(v.Prices)), 2.0
	}
	if v.Assets > 0 {
		assets = v.Assets
	}
	if v.Lost > 0 {
		lost, lostShare = v.Lost, v.Lost/v.Assets
	}
	if v.Paused != "" {
		paused, since = v.Paused, last
	}
	if v.Cooldown > 0 {
		cooldown, waiting = v.Cooldown, 1234.5
	}
	f.add("vaults(vault_id, config_position, chain_id, address, name, family, asset_symbol, asset_decimals, share_decimals, safe, source_note, status, is_flat, first_at, last_at, last_change_at, share_price, total_assets, largest_total_assets, block_number, readings_count, price_points_count, days_count, days_with_price, coverage, longest_gap_days, start_rule_applied, lost_assets, lost_share, paused, paused_since, cooldown_days, waiting_shares)", v.ID, int32(position), int64(1), "0xdcd0f5ab30856f28385f641580bbd85f88349124", v.Name, "observed",
		v.Symbol, int32(6), int32(18), nil, v.Note, cmp.Or(v.Status, "live"), v.Flat, first, last, last, price, assets,
		assets, block, int64(len(points)), int64(len(points)), int64(len(v.Prices)), int64(len(points)), coverage, gap, false, lost, lostShare, paused, since, cooldown, waiting)
}

func (f *fixture) series(v Vault, points []point) {
	high := points[0].price
	f.add("quality(vault_id, inexact_points)", v.ID, int64((len(points)+46)/50))
	for i, m := range points {
		date := m.at.Truncate(24 * time.Hour)
		var assets any
		if v.Assets > 0 {
			assets = v.Assets * float64(i+1) / float64(len(points))
		}
		f.add("share_prices(vault_id, observed_at, price_date, share_price, total_assets, total_supply, total_assets_raw, total_supply_raw, block_number, is_inception, source, is_inexact)", v.ID, m.at, date, m.price, assets, 1000.0, "1000000000", "1000000000000000000000",
			int64(23000000+i), i == 0, "reading", i%50 == 3)
		if i == 0 {
			continue
		}
		high = max(high, m.price)
		previous := points[i-1]
		f.add("returns(vault_id, observed_at, price_date, previous_at, elapsed_seconds, simple_return, drawdown)", v.ID, m.at, date, previous.at, m.at.Sub(previous.at).Seconds(),
			m.price/previous.price-1, m.price/high-1)
		if from := anchor(points[:i], m.at.AddDate(0, 0, -30)); from < 0 {
			f.add("rolling(vault_id, observed_at, days, apy, reason)", v.ID, m.at, int32(30), nil, "no_anchor")
		} else {
			years := m.at.Sub(points[from].at).Hours() / 24 / 365
			f.add("rolling(vault_id, observed_at, days, apy, reason)", v.ID, m.at, int32(30), math.Pow(m.price/points[from].price, 1/years)-1, nil)
		}
	}
}

// anchor is the last point at or before t, or -1.
func anchor(points []point, t time.Time) int {
	found := -1
	for i, m := range points {
		if !m.at.After(t) {
			found = i
		}
	}
	return found
}

// episodes adds every drawdown.
func (f *fixture) episodes(v Vault, points []point) {
	days := func(from, to point) float64 { return to.at.Sub(from.at).Hours() / 24 }
	peak, below, trough := points[0], point{}, point{}
	episode := int32(0)
	end := func(last point, open bool) {
		if below.at.IsZero() {
			return
		}
		episode++
		var recovery, toRecover any
		if !open {
			recovery, toRecover = last.at, days(trough, last)
		}
		f.add("drawdowns(vault_id, episode, depth, peak_at, first_below_at, trough_at, recovery_at, peak_price, trough_price, days_to_trough, days_to_recovery, days, is_open)", v.ID, episode, trough.price/peak.price-1, peak.at, below.at, trough.at, recovery,
			peak.price, trough.price, days(peak, trough), toRecover, days(peak, last), open)
	}
	for _, m := range points[1:] {
		switch {
		case m.price >= peak.price:
			end(m, false)
			peak, below = m, point{}
		case below.at.IsZero():
			below, trough = m, m
		case m.price < trough.price:
			trough = m
		}
	}
	end(points[len(points)-1], true)
}

// calendar adds the months and years.
func (f *fixture) calendar(v Vault, points []point) {
	begin, months, years := 0, 0, 0
	yearBegin := 0
	for i, m := range points {
		last := i == len(points)-1
		if last || points[i+1].at.Month() != m.at.Month() {
			f.add("monthly_returns(vault_id, month, total_return, reason, is_partial, spans_gap)", v.ID, time.Date(m.at.Year(), m.at.Month(), 1, 0, 0, 0, 0, time.UTC),
				m.price/points[begin].price-1, nil, months == 0 || last, false)
			begin = i
			months++
		}
		if last || points[i+1].at.Year() != m.at.Year() {
			f.add("annual_returns(vault_id, year, total_return, reason, is_partial, spans_gap)", v.ID, int32(m.at.Year()), m.price/points[yearBegin].price-1, nil, years == 0 || last, false)
			yearBegin = i
			years++
		}
	}
}

// period adds one window's figures and reasons.
func (f *fixture) period(v Vault, points []point, period string, position int32) {
	last := points[len(points)-1]
	starts := map[string]time.Time{
		"1d": last.at.AddDate(0, 0, -1), "7d": last.at.AddDate(0, 0, -7), "30d": last.at.AddDate(0, 0, -30),
		"90d": last.at.AddDate(0, 0, -90), "180d": last.at.AddDate(0, 0, -180), "365d": last.at.AddDate(0, 0, -365),
		"mtd": time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC), "qtd": time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC),
		"ytd": time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), "itd": points[0].at,
	}
	from, partial := anchor(points, starts[period]), false
	if from < 0 && period[1:] == "td" {
		from, partial = 0, true
	}
	reason := ""
	switch {
	case len(points) == 1:
		reason = "insufficient_data"
	case from < 0 || from == len(points)-1:
		reason = "no_anchor"
	}
	if reason != "" {
		row := []any{v.ID, period, position, nil, last.at, nil, partial, int64(0)}
		for _, m := range metrics {
			row = append(row, nil)
			f.add("performance_reasons(vault_id, period, metric, reason)", v.ID, period, m[0], reason)
		}
		f.add(performanceColumns(), row...)
		return
	}
	row := []any{
		v.ID, period, position, points[from].at, last.at, last.at.Sub(points[from].at).Hours() / 24, partial,
		int64(len(points) - 1 - from),
	}
	figures, whys := f.figures(points[from:])
	headline := 4
	if whys[7] == "" && figures[7] < 0.05 {
		headline = 6
	}
	values := slices.Insert(figures[:], 4, figures[headline])
	reasons := slices.Insert(whys[:], 4, whys[headline])
	for i, m := range metrics {
		if reasons[i] == "" {
			row = append(row, values[i])
			continue
		}
		row = append(row, nil)
		f.add("performance_reasons(vault_id, period, metric, reason)", v.ID, period, m[0], reasons[i])
	}
	f.add(performanceColumns(), row...)
}

// performanceColumns are those of a period's row, figures last.
func performanceColumns() string {
	names := "vault_id, period, period_position, start_at, end_at, elapsed_days, is_partial, returns_count"
	for _, m := range metrics {
		names += ", " + m[0]
	}
	return "performance(" + names + ")"
}

// figures computes a window's metrics in the order of metrics.
func (f *fixture) figures(points []point) (values [17]float64, reasons [17]string) {
	first, last := points[0], points[len(points)-1]
	years := last.at.Sub(first.at).Hours() / 24 / 365
	total := last.price/first.price - 1
	var sum, losses, wins, best, worst, depth float64
	var returns, excess []float64
	high, n := first.price, float64(len(points)-1)
	best, worst = math.Inf(-1), math.Inf(1)
	for i, m := range points[1:] {
		r := m.price/points[i].price - 1
		returns = append(returns, r)
		if f.rate != nil {
			excess = append(excess, r+1-math.Pow(1+*f.rate, m.at.Sub(points[i].at).Hours()/24/365))
		}
		sum, losses = sum+r, losses+min(r, 0)*min(r, 0)
		best, worst, high = max(best, r), min(worst, r), max(high, m.price)
		depth = min(depth, m.price/high-1)
		if r > 0 {
			wins++
		}
	}
	mean, root := sum/n, math.Sqrt(n/years)
	deviation := deviationOf(returns)
	apy := math.Pow(1+total, 1/years) - 1
	sharpe := 0.0
	if f.rate != nil {
		for _, x := range excess {
			sharpe += x / n / deviationOf(excess) * root
		}
	} else {
		reasons[5] = "no_risk_free_rate"
	}
	longRun, half := byLags(returns, mean)
	slices.Sort(returns)
	tail := 0.05 * (n - 1)
	low := returns[int(tail)]
	down := math.Sqrt(losses / n)
	values = [17]float64{
		total, apy, total / years, deviation * root, mean / deviation * root, sharpe,
		mean / math.Sqrt(longRun) * root, math.Exp(-half) * (1 + half + half*half/2),
		mean / down * root, down * root, depth, last.price/high - 1, apy / math.Abs(depth),
		low + (tail-math.Floor(tail))*(returns[min(int(tail)+1, len(returns)-1)]-low), wins / n, best, worst,
	}
	if n <= 2*lags {
		reasons[6] = "insufficient_data"
	}
	if deviation == 0 {
		reasons[4], reasons[5], reasons[6], reasons[7] = "zero_dispersion", "zero_dispersion", "zero_dispersion", "zero_dispersion"
	}
	if n <= 6 {
		reasons[7] = "insufficient_data"
	}
	if down == 0 {
		reasons[8] = "no_downside"
	}
	if depth == 0 {
		reasons[12] = "no_drawdown"
	}
	if n < 2 {
		reasons[3], reasons[4], reasons[5], reasons[6] = "insufficient_data", "insufficient_data", "insufficient_data", "insufficient_data"
	}
	return values, reasons
}

// deviationOf is the sample's standard deviation.
func deviationOf(values []float64) float64 {
	mean, squares := 0.0, 0.0
	for _, x := range values {
		mean += x / float64(len(values))
	}
	for _, x := range values {
		squares += (x - mean) * (x - mean)
	}
	return math.Sqrt(squares / max(float64(len(values))-1, 1))
}

// lags of daily prices.
const lags = 28

// byLags is the long-run variance and half of the Ljung-Box statistic.
func byLags(returns []float64, mean float64) (longRun, half float64) {
	n := float64(len(returns))
	var variance float64
	for k := 0; k <= min(lags, len(returns)-1); k++ {
		product := 0.0
		for i := k; i < len(returns); i++ {
			product += (returns[i] - mean) * (returns[i-k] - mean) / n
		}
		switch {
		case k == 0:
			variance, longRun = product, product
		case k <= 6:
			half += n * (n + 2) / 2 * product * product / variance / variance / (n - float64(k))
			fallthrough
		default:
			longRun += 2 * (1 - float64(k)/(lags+1)) * product
		}
	}
	return longRun * n / max(n-1, 1), half
}
