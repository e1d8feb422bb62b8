package transform

import (
	"database/sql"
	"maps"
	"math"
	"slices"
	"testing"
	"time"
)

// fillSeries gives an empty database a vault for each series.
func fillSeries(t testing.TB, db *sql.DB, series map[string][]price) {
	t.Helper()
	var readings []reading
	for _, name := range slices.Sorted(maps.Keys(series)) {
		addVault(t, db, name, "observed")
		for _, p := range series[name] {
			readings = append(readings, reading{vault: name, at: p.at, price: p.price})
		}
	}
	addReadings(t, db, 1, readings)
}

// asOfDays are the as-of days the series are judged on: a full year, ends and
// starts of month, quarter and year, a leap day, and one before many series.
var asOfDays = []string{"2024-03-31", "2024-04-01", "2024-03-01", "2024-02-29", "2024-01-01", "2023-12-31", "2023-02-15"}

// TestFiguresEqualTheReference compares every figure, count, anchor and reason
// of every period of every series with plain loops in Go.
func TestFiguresEqualTheReference(t *testing.T) {
	t.Parallel()
	series := seriesOf()
	db := database(t)
	fillSeries(t, db, series)
	seen := map[string]int{}
	days := asOfDays
	if testing.Short() {
		days = days[:2] // which show every reason
	}
	for i, day := range days {
		asOf := date(day)
		var rate *float64
		if i != 1 {
			rate = ptr(0.03)
		}
		run(t, db, Options{AsOf: asOf, RiskFreeRate: rate})
		want := map[string][]mark{}
		for name, prices := range series {
			if marks := marksOf(prices, asOf.AddDate(0, 0, 1)); len(marks) > 0 {
				want[name] = marks
			}
		}
		compareMarks(t, db, day, want)
		compareSpans(t, db, day, want, rate)
		compareFigures(t, db, asOf, want, rate, seen)
		compareRolling(t, db, day, want)
		compareDrawdowns(t, db, day, want)
		compareMonths(t, db, asOf, want)
	}
	// those of what logs, other contracts, sites and benchmarks tell are shown in their own tests
	ofLogs := []string{
		"multiple_roots", "no_root", "zero_denominator", "total_loss", "logs_missing", "no_flows", "flows_not_priced", "no_holders", "rates_unknown",
		"coins_unknown", "asset_unknown", "no_shares_traded", "other_coin", "other_asset", "dust", "no_price_yet", "nothing_burnt", "still_waiting", "cancelled", "in_cooldown", "in_queue", "not_claimed",
		"no_settlement_event", "no_benchmark", "unknown_places", "not_seen", "flows_only", "no_total_assets",
		"not_followed", "not_told", "logs_not_covered", "signers_not_told", "delay_not_told", "circle",
		"loss_known", "no_way_out", "request_unpaid", "assets_valued", "assets_not_valued", "nothing_looked_at", "no_claimed_assets",
		"no_asset_price", "not_from_prices", "convention_unknown", "end_stale",
	}
	for _, reason := range lines(t, db, "select reason from marts.reasons") {
		if seen[reason] == 0 && !slices.Contains(ofLogs, reason) {
			t.Errorf("no series shows the reason %s", reason)
		}
	}
	t.Logf("%d figures, by reason: %v", seen[""], seen)
}

func compareMarks(t *testing.T, db *sql.DB, asOf string, want map[string][]mark) {
	t.Helper()
	got := map[string][]mark{}
	scan(t, db, func(scan func(...any) error) error {
		var vault string
		var m mark
		err := scan(&vault, &m.at, &m.price)
		got[vault] = append(got[vault], mark{m.at.UTC(), m.price})
		return err
	}, "select vault_id, observed_at, share_price from marts.share_prices order by vault_id, observed_at")
	if !maps.EqualFunc(got, want, slices.Equal[[]mark]) {
		t.Fatalf("%s: the marks differ", asOf)
	}
}

func compareSpans(t *testing.T, db *sql.DB, asOf string, want map[string][]mark, rate *float64) {
	t.Helper()
	rows := 0
	scan(t, db, func(scan func(...any) error) error {
		rows++
		var vault, period string
		var position int
		var start sql.NullTime
		var end time.Time
		var elapsed sql.NullFloat64
		var partial bool
		if err := scan(&vault, &period, &position, &start, &end, &elapsed, &partial); err != nil {
			return err
		}
		s := spanOf(period, want[vault], date(asOf), rate)
		switch {
		case periodNames[position-1] != period:
			t.Errorf("%s %s: position %d", vault, period, position)
		case start.Valid != (s.start != nil) || elapsed.Valid != start.Valid:
			t.Errorf("%s %s %s: start %v, want %v", asOf, vault, period, start, s.start)
		case start.Valid && (!start.Time.Equal(*s.start) || !near(elapsed.Float64, s.end.Sub(*s.start).Hours()/24)):
			t.Errorf("%s %s %s: start %v, want %v", asOf, vault, period, start, s.start)
		case !end.Equal(s.end) || partial != s.partial:
			t.Errorf("%s %s %s: end %v partial %v, want %v %v", asOf, vault, period, end, partial, s.end, s.partial)
		}
		return nil
	}, "select vault_id, period, period_position, start_at, end_at, elapsed_days, is_partial from marts.performance")
	if rows != len(want)*len(periodNames) {
		t.Errorf("%s: %d periods, want %d", asOf, rows, len(want)*len(periodNames))
	}
}

func compareFigures(t *testing.T, db *sql.DB, asOf time.Time, want map[string][]mark, rate *float64, seen map[string]int) {
	t.Helper()
	compared := 0
	spans := map[[2]string]span{}
	for _, period := range periodNames {
		for vault, marks := range want {
			spans[[2]string{vault, period}] = spanOf(period, marks, asOf, rate)
		}
	}
	isTrial := map[string]bool{}
	for vault, marks := range want {
		isTrial[vault] = hasPlace(marks, asOf, spans[[2]string{vault, "30d"}])
	}
	for _, vault := range lines(t, db, "select distinct vault_id from marts.ineligibilities where ineligible_reason in ('emptied', 'dust')") {
		isTrial[vault] = false // assets, which marks have not
	}
	for _, period := range periodNames {
		var trials, others []span
		for vault := range want {
			if s := spans[[2]string{vault, period}]; isTrial[vault] && len(s.returns) >= 30 {
				trials = append(trials, s)
			} else {
				others = append(others, s)
			}
		}
		deflate(trials, others)
	}
	scan(t, db, func(scan func(...any) error) error {
		var vault string
		var f figure
		if err := scan(&vault, &f.period, &f.metric, &f.value, &f.reason); err != nil {
			return err
		}
		compared++
		seen[f.reason]++
		w, ok := spans[[2]string{vault, f.period}].figures[f.metric]
		if !ok {
			t.Fatalf("the reference does not know the metric %s: compute it in reference_test.go or reference_risk_test.go", f.metric)
		}
		if !f.equals(w.value, w.reason) {
			t.Errorf("%s %s %s %s: got %v, want %v", asOf.Format(time.DateOnly), vault, f.period, f.metric, f, w)
		}
		return nil
	}, figuresQuery)
	if want := len(want) * len(periodNames) * (len(metricNames) + 1); compared != want {
		t.Errorf("%d figures compared, want %d", compared, want)
	}
}

// hasPlace says whether a vault with these marks may have a place in a ranking: it is
// neither closed nor stale, and has not grown by over 100 % a year without a fall.
func hasPlace(marks []mark, asOf time.Time, month span) bool {
	last := marks[len(marks)-1]
	if last.price == 0 || asOf.AddDate(0, 0, 1).Sub(last.at) > 48*time.Hour {
		return false
	}
	if month.reason != "" {
		return true
	}
	rate, fall := month.figures["apy"], month.figures["max_drawdown"]
	isFast := rate.reason == "out_of_range" || rate.value != nil && *rate.value > 1
	return !isFast || fall.value == nil || *fall.value <= -0.001
}

// figuresQuery is every metric of every period with its reason; returns_count is
// one of them.
const figuresQuery = `
	select vault_id, period, metric, value, coalesce(reason, '') from marts.performance_long
	union all
	select vault_id, period, 'returns_count', returns_count, '' from marts.performance`

// compareRolling holds the figures of each mark's windows against loops.
func compareRolling(t *testing.T, db *sql.DB, asOf string, want map[string][]mark) {
	t.Helper()
	place := map[string]int{}
	scan(t, db, func(scan func(...any) error) error {
		var vault, reason, sharpeReason string
		var at time.Time
		var days int
		var start *time.Time
		var apy, volatility, sharpe, drawdown *float64
		if err := scan(&vault, &at, &days, &start, &apy, &volatility, &sharpe, &drawdown, &reason, &sharpeReason); err != nil {
			return err
		}
		marks := want[vault]
		i := place[vault] / 3
		if wantDays := []int{30, 90, 365}[place[vault]%3]; days != wantDays {
			t.Fatalf("%s %v: %d days, want %d", vault, at, days, wantDays)
		}
		place[vault]++
		length := time.Duration(days) * 24 * time.Hour
		from := -1
		for j := range i {
			if marks[i].at.Sub(marks[j].at) >= length {
				from = j
			}
		}
		why := ""
		switch {
		case from < 0:
			why = "no_anchor"
		case marks[i].at.Sub(marks[from].at) > length+max(24*time.Hour, length/10):
			why = "anchor_stale"
		case marks[from].price == 0:
			why = "bad_anchor_price"
		}
		if (start != nil) != (from >= 0) || start != nil && !start.Equal(marks[from].at) {
			t.Errorf("%s %s %v: %d days from %v", asOf, vault, at, days, start)
		}
		w := map[string]figure{"apy": missing(why), "volatility": missing(why), "sharpe_ratio_zero": missing(why), "max_drawdown": missing(why)}
		if why == "" {
			w = growthFigures(marks[from:i+1], nil)
		}
		for name, got := range map[string]figure{
			"apy": {value: apy, reason: reason}, "sharpe_ratio_zero": {value: sharpe, reason: sharpeReason},
			"volatility": {value: volatility, reason: w["volatility"].reason}, "max_drawdown": {value: drawdown, reason: why},
		} {
			if !got.equals(w[name].value, w[name].reason) {
				t.Errorf("%s %s %v: %s over %d days %v, want %v", asOf, vault, at, name, days, got, w[name])
			}
		}
		return nil
	}, `select vault_id, observed_at, days, start_at, apy, volatility, sharpe_ratio_zero, max_drawdown,
			coalesce(reason, ''), coalesce(sharpe_reason, '')
		from marts.rolling order by vault_id, observed_at, days`)
	for vault, marks := range want {
		if place[vault] != 3*len(marks) {
			t.Errorf("%s %s: %d rolling rows of %d marks", asOf, vault, place[vault], len(marks))
		}
	}
}

type episode struct {
	depth                         float64
	peak, below, trough, recovery time.Time // recovery zero: open
	peakPrice, troughPrice        float64
	until                         time.Time
}

// compareDrawdowns holds each fall below a peak against a loop, and each mark's
// drawdown too.
func compareDrawdowns(t *testing.T, db *sql.DB, asOf string, want map[string][]mark) {
	t.Helper()
	got := map[string][]episode{}
	scan(t, db, func(scan func(...any) error) error {
		var vault string
		var number int
		var e episode
		var recovery sql.NullTime
		var toTrough, days float64
		var toRecovery *float64
		var open bool
		err := scan(&vault, &number, &e.depth, &e.peak, &e.below, &e.trough, &recovery, &e.peakPrice, &e.troughPrice,
			&toTrough, &toRecovery, &days, &open)
		if err != nil {
			return err
		}
		e.peak, e.below, e.trough = e.peak.UTC(), e.below.UTC(), e.trough.UTC()
		e.until = want[vault][len(want[vault])-1].at
		if recovery.Valid {
			e.recovery, e.until = recovery.Time.UTC(), recovery.Time.UTC()
		}
		got[vault] = append(got[vault], e)
		isRight := number == len(got[vault]) && open != recovery.Valid && (toRecovery != nil) == recovery.Valid &&
			near(toTrough, e.trough.Sub(e.peak).Hours()/24) && near(days, e.until.Sub(e.peak).Hours()/24) &&
			(toRecovery == nil || near(*toRecovery, e.recovery.Sub(e.trough).Hours()/24))
		if !isRight {
			t.Errorf("%s %s: episode %d has days %v %v %v", asOf, vault, number, toTrough, toRecovery, days)
		}
		return nil
	}, `
		select vault_id, episode, depth, peak_at, first_below_at, trough_at, recovery_at, peak_price, trough_price,
			days_to_trough, days_to_recovery, days, is_open
		from marts.drawdowns order by vault_id, episode`)
	for vault, marks := range want {
		if w := episodesOf(marks); !slices.Equal(got[vault], w) {
			t.Errorf("%s %s: got episodes\n%v\nwant\n%v", asOf, vault, got[vault], w)
		}
	}
}

func episodesOf(marks []mark) []episode {
	var out []episode
	falls := drawdownsOf(marks)
	peak := 0.0
	for i, m := range marks {
		switch isBelow, wasBelow := falls[i] < 0, i > 0 && falls[i-1] < 0; {
		case isBelow && !wasBelow:
			out = append(out, episode{depth: falls[i], peak: marks[i-1].at, below: m.at, trough: m.at, peakPrice: peak, troughPrice: m.price})
		case isBelow && falls[i] < out[len(out)-1].depth:
			e := &out[len(out)-1]
			e.depth, e.trough, e.troughPrice = falls[i], m.at, m.price
		case !isBelow && wasBelow:
			out[len(out)-1].recovery = m.at
		}
		if len(out) > 0 && out[len(out)-1].recovery.IsZero() {
			out[len(out)-1].until = marks[len(marks)-1].at
		} else if len(out) > 0 {
			out[len(out)-1].until = out[len(out)-1].recovery
		}
		peak = math.Max(peak, m.price)
	}
	return out
}

// compareMonths holds calendar months and years against a loop.
func compareMonths(t *testing.T, db *sql.DB, asOf time.Time, want map[string][]mark) {
	t.Helper()
	for table, step := range map[string]struct {
		column string // gives the first day
		months int
	}{
		"monthly_returns":   {"month", 1},
		"quarterly_returns": {"quarter", 3},
		"annual_returns":    {"make_date(year, 1, 1)", 12},
	} {
		name := func(at time.Time) string { return beginOf(at, step.months).Format(time.DateOnly) }
		got, flags := map[string]map[string]figure{}, map[string][2]bool{}
		scan(t, db, func(scan func(...any) error) error {
			var vault, month string
			var f figure
			var isPartial, spansGap bool
			err := scan(&vault, &month, &f.value, &f.reason, &isPartial, &spansGap)
			flags[vault+month] = [2]bool{isPartial, spansGap}
			if got[vault] == nil {
				got[vault] = map[string]figure{}
			}
			got[vault][month] = f
			return err
		}, "select vault_id, "+step.column+"::varchar, total_return, coalesce(reason, ''), is_partial, spans_gap from marts."+table)
		for vault, marks := range want {
			calendar := map[string]bool{}
			for at := marks[0].at; ; at = at.AddDate(0, 0, 1) {
				if at.After(marks[len(marks)-1].at) {
					calendar[name(marks[len(marks)-1].at)] = true
					break
				}
				calendar[name(at)] = true
			}
			if len(calendar) != len(got[vault]) {
				t.Errorf("%s of %s: %d rows, want %d", table, vault, len(got[vault]), len(calendar))
			}
			for month := range calendar {
				f, w := got[vault][month], calendarReturn(marks, month, name)
				if !f.equals(w.value, w.reason) {
					t.Errorf("as of %s, %s of %s, %s: got %v, want %v", asOf.Format(time.DateOnly), table, vault, month, f, w)
				}
				if got, want := flags[vault+month], calendarFlags(marks, asOf, date(month), step.months); got != want {
					t.Errorf("as of %s, %s of %s, %s: partial and spanning %v, want %v", asOf.Format(time.DateOnly), table, vault, month, got, want)
				}
			}
		}
	}
}

// beginOf is the first day of the month, quarter or year a time is in.
func beginOf(at time.Time, months int) time.Time {
	month := (int(at.Month())-1)/months*months + 1
	return time.Date(at.Year(), time.Month(month), 1, 0, 0, 0, 0, time.UTC)
}

// calendarReturn is a month's, as name writes it; later months have later names.
func calendarReturn(marks []mark, month string, name func(time.Time) string) figure {
	from, to := -1, -1
	for i, m := range marks {
		switch own := name(m.at); {
		case own < month:
			from = i
		case own == month:
			to = i
		}
	}
	switch {
	case to < 0:
		return missing("no_price_in_period")
	case from < 0 && to == 0:
		return missing("insufficient_data")
	case from < 0:
		from = 0 // the vault's first month
	}
	if marks[from].price == 0 {
		return missing("bad_anchor_price")
	}
	return number(marks[to].price/marks[from].price - 1)
}

// calendarFlags say whether the record covers only a part of a month or year, and
// whether its return begins before the one before it.
func calendarFlags(marks []mark, asOf, begins time.Time, months int) [2]bool {
	ends := begins.AddDate(0, months, 0)
	last := marks[len(marks)-1].at
	stops := beginOf(last, months).Equal(begins) && (asOf.AddDate(0, 0, 1).Before(ends) || ends.Sub(last) > 48*time.Hour)
	var before, own []mark
	for _, m := range marks {
		if m.at.Before(begins) {
			before = append(before, m)
		} else if m.at.Before(ends) {
			own = append(own, m)
		}
	}
	isPartial := len(before) == 0 && marks[0].at.After(begins) || stops
	spansGap := len(own) > 0 && len(before) > 0 && before[len(before)-1].at.Before(begins.AddDate(0, -months, 0))
	return [2]bool{isPartial, spansGap}
}
