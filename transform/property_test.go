package transform

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestProperties proves what must hold for any prices, on the random series and
// on changed copies of them.
func TestProperties(t *testing.T) {
	t.Parallel()
	series := seriesOf()
	all := maps.Clone(series)
	for name, prices := range series {
		all[name+"/scaled"] = times(prices, 1234.5678)
		all[name+"/halved"] = times(prices, 0.5)
		var shifted []price
		for _, p := range prices {
			shifted = append(shifted, price{p.at.AddDate(0, 0, -1000), p.price})
		}
		all[name+"/shifted"] = shifted
		all[name+"/read-again"] = readAgain(prices)
		if mirror := mirrored(prices); mirror != nil {
			all[name+"/mirrored"] = mirror
		}
	}
	db := database(t)
	fillSeries(t, db, all)
	run(t, db, Options{AsOf: date("2024-03-31"), RiskFreeRate: ptr(0.03)})

	figures := map[string]map[string]figure{}
	scan(t, db, func(scan func(...any) error) error {
		var vault string
		var f figure
		err := scan(&vault, &f.period, &f.metric, &f.value, &f.reason)
		if figures[vault] == nil {
			figures[vault] = map[string]figure{}
		}
		figures[vault][f.period+" "+f.metric] = f
		return err
	}, figuresQuery)
	same := func(t *testing.T, changed string, isMeant func(place string) bool) {
		t.Helper()
		compared := 0
		for name := range series {
			for place, want := range figures[name] {
				if got := figures[name+changed][place]; isMeant(place) && !got.equals(want.value, want.reason) {
					t.Errorf("%s %s: got %v, want %v", name+changed, place, got, want)
				}
				compared++
			}
		}
		if compared != len(series)*len(periodNames)*(len(metricNames)+1) {
			t.Errorf("%d figures compared", compared)
		}
	}
	everywhere := func(string) bool { return true }
	t.Run("the unit of the price changes nothing", func(t *testing.T) {
		same(t, "/scaled", everywhere)
		same(t, "/halved", everywhere)
	})
	t.Run("the date changes nothing since inception", func(t *testing.T) {
		same(t, "/shifted", func(place string) bool {
			return strings.HasPrefix(place, "itd ") && !strings.HasSuffix(place, "_month") // months move
		})
	})
	t.Run("a price read again changes nothing", func(t *testing.T) {
		same(t, "/read-again", everywhere)
		equalLines(t, lines(t, db, `
			select again.vault_id
			from marts.vaults as again inner join marts.vaults as once on again.vault_id = once.vault_id || '/read-again'
			where again.readings_count < once.readings_count or again.price_points_count != once.price_points_count
				or again.coverage != once.coverage or again.status != once.status`))
	})

	t.Run("returns of the other sign give ratios of the other sign", func(t *testing.T) {
		compared := 0
		for name := range series {
			for _, metric := range []string{"sharpe_ratio_zero", "newey_west_sharpe", "lo_sharpe", "geltner_sharpe", "skewness"} {
				up, down := figures[name]["itd "+metric], figures[name+"/mirrored"]["itd "+metric]
				if down.value == nil || up.value == nil {
					continue // a return of a whole and more has no mirror
				}
				compared++
				if math.Abs(*up.value+*down.value) > 1e-6*math.Max(1e-3, math.Abs(*up.value)) {
					t.Errorf("%s %s: %v, mirrored %v", name, metric, up, down)
				}
			}
		}
		if compared < 100 {
			t.Errorf("only %d figures compared", compared)
		}
	})
	for name, query := range identities {
		t.Run(name, func(t *testing.T) {
			if wrong := lines(t, db, query+" limit 5"); len(wrong) > 0 {
				t.Errorf("broken by %s", strings.Join(wrong, "; "))
			}
		})
	}
}

// mirrored makes each mark's return its negative; nil where that cannot be, or
// where reads fail or contradict each other.
func mirrored(prices []price) []price {
	marks := marksOf(prices, date("2024-04-01"))
	if len(marks) == 0 {
		return nil
	}
	out, value := []price{{marks[0].at, ptr(1.0)}}, 1.0
	for i := 1; i < len(marks); i++ {
		r := marks[i].price/marks[i-1].price - 1
		if marks[i-1].price == 0 || r >= 1 || r <= -1 {
			return nil
		}
		value *= 1 - r
		out = append(out, price{marks[i].at, ptr(value)})
	}
	return out
}

// readAgain reads each last price of a day once more at its moment, and the price
// before it once more a second earlier, where that is the same day: it is not its last.
func readAgain(prices []price) []price {
	out := slices.Clone(prices)
	for i, p := range prices {
		isLast := i == len(prices)-1 || !sameDay(prices[i+1].at, p.at)
		if i > 0 && isLast {
			out = append(out, p)
			if earlier := p.at.Add(-time.Second); p.price != nil && sameDay(earlier, p.at) && earlier.After(prices[i-1].at) {
				out = append(out, price{earlier, prices[i-1].price})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b price) int { return a.at.Compare(b.at) })
	return out
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

// identities tie the marts to each other: each query returns what breaks one.
var identities = map[string]string{
	"months multiply to the total": `
		select vault_id, product(1 + coalesce(monthly_returns.total_return, 0)) - 1 as months, any_value(performance.total_return) as total
		from marts.monthly_returns inner join marts.performance using (vault_id)
		where period = 'itd' and performance.total_return is not null
			and vault_id not in (select vault_id from marts.monthly_returns where reason = 'bad_anchor_price')
		group by vault_id having abs(months - total) > 1e-9 * (1 + abs(total))`,
	"years multiply to the total": `
		select vault_id, product(1 + coalesce(annual_returns.total_return, 0)) - 1 as years, any_value(performance.total_return) as total
		from marts.annual_returns inner join marts.performance using (vault_id)
		where period = 'itd' and performance.total_return is not null
			and vault_id not in (select vault_id from marts.annual_returns where reason = 'bad_anchor_price')
		group by vault_id having abs(years - total) > 1e-9 * (1 + abs(total))`,
	"returns multiply to the total of each period": `
		select performance.vault_id, period, product(1 + simple_return) - 1 as returns, any_value(total_return) as total
		from marts.performance inner join marts.returns
			on performance.vault_id = returns.vault_id and returns.observed_at > start_at
		where total_return is not null and performance.vault_id not in (select vault_id from marts.share_prices where share_price = 0)
		group by performance.vault_id, period having abs(returns - total) > 1e-9 * (1 + abs(total))`,
	"returns are counted from the anchor": `
		select performance.vault_id, period, count(*) as returns, any_value(returns_count) as counted
		from marts.performance inner join marts.returns
			on performance.vault_id = returns.vault_id and returns.observed_at > start_at
		where total_return is not null
		group by performance.vault_id, period having returns != counted`,
	"drawdowns lie between a total loss and none": `
		select vault_id from marts.returns where not drawdown between -1 and 0
		union all select vault_id from marts.performance where max_drawdown > 0 or max_drawdown < -1 or current_drawdown > 0
			or current_drawdown < max_drawdown
		union all select vault_id from marts.drawdowns where not (depth < 0 and depth >= -1)`,
	"the maximum is the deepest episode and the deepest mark": `
		select vault_id, max_drawdown, deepest, lowest
		from marts.performance
		left join (select vault_id, min(depth) as deepest from marts.drawdowns group by vault_id) using (vault_id)
		left join (select vault_id, min(drawdown) as lowest from marts.returns group by vault_id) using (vault_id)
		where period = 'itd' and max_drawdown is not null
			and (abs(max_drawdown - coalesce(deepest, 0)) > 1e-14 or abs(max_drawdown - lowest) > 1e-14)`,
	"the current drawdown is the last mark's": `
		select vault_id, current_drawdown, last_drawdown
		from marts.performance
		inner join (select vault_id, arg_max(drawdown, observed_at) as last_drawdown from marts.returns group by vault_id) using (vault_id)
		where period = 'itd' and abs(current_drawdown - last_drawdown) > 1e-14`,
	"episodes do not overlap and only the last is open": `
		select vault_id, episode from (
			select *, lead(peak_at) over by_vault as next_peak_at, lead(episode) over by_vault as next_episode
			from marts.drawdowns window by_vault as (partition by vault_id order by episode))
		where peak_at >= first_below_at or trough_at < first_below_at or recovery_at <= trough_at
			or (next_episode is not null and (is_open or next_peak_at < recovery_at)) or is_open != (recovery_at is null)`,
	"the sign of the Sharpe ratio is the mean return's": `
		select performance.vault_id, period, any_value(sharpe_ratio_zero) as sharpe, avg(simple_return) as mean
		from marts.performance inner join marts.returns
			on performance.vault_id = returns.vault_id and returns.observed_at > start_at
		where sharpe_ratio_zero is not null
		group by performance.vault_id, period having sign(sharpe) != sign(mean) and abs(mean) > 1e-15`,
	"a rate above zero lowers the Sharpe ratio": `
		select vault_id, period from marts.performance where sharpe_ratio >= sharpe_ratio_zero`,
	"the last rolling rate is that of 30 days": `
		select performance.vault_id, rolling.apy, performance.apy, rolling.reason, performance_reasons.reason
		from marts.performance
		inner join marts.rolling on rolling.vault_id = performance.vault_id and observed_at = end_at and days = 30
		left join marts.performance_reasons
			on performance_reasons.vault_id = performance.vault_id and performance_reasons.period = '30d' and metric = 'apy'
		where performance.period = '30d' and (abs(rolling.apy - performance.apy) > 1e-12
			or (rolling.reason is distinct from performance_reasons.reason
				and performance_reasons.reason not in ('stale', 'insufficient_data')))`,
	"compound and linear rates agree on the sign, and the compound one is higher": `
		select vault_id, period, apy, apr from marts.performance
		where elapsed_days < 365 and (sign(apy) != sign(apr) or apy < apr - 1e-12 * abs(apr))`,
	"worst and best day bound the mean": `
		select vault_id, period from marts.performance
		where worst_day > best_day or win_rate not between 0 and 1 or (win_rate = 1 and worst_day <= 0) or (win_rate = 0 and best_day > 0)
			or downside_deviation < 0 or volatility < 0`,
	"days with a mark are no more than days": `
		select vault_id from marts.vaults
		where days_with_price > days_count or coverage > 1 or price_points_count > readings_count or price_points_count < days_with_price
			or price_points_count > days_with_price + 1`,
	"no rise follows a total loss as a return": `
		select returns.vault_id from marts.returns inner join marts.share_prices
			on returns.vault_id = share_prices.vault_id and returns.previous_at = share_prices.observed_at
		where share_prices.share_price = 0 and simple_return != 0`,
}

// TestRisingPricesHaveNoDrawdown: what never falls has no loss to divide by.
func TestRisingPricesHaveNoDrawdown(t *testing.T) {
	var prices []price
	for i := range 100 {
		prices = append(prices, price{date("2025-01-01").AddDate(0, 0, i), ptr(math.Pow(1.0003, float64(i)) + 1e-5*float64(i*i))})
	}
	for _, f := range performance(t, prices, nil) {
		want := map[string]string{"sortino_ratio": "no_downside", "calmar_ratio": "no_drawdown"}[f.metric]
		if f.period == "itd" && want != "" && (f.value != nil || f.reason != want) {
			t.Errorf("%s: got %v, want %s", f.metric, f, want)
		}
		isZero := strings.HasSuffix(f.metric, "t_drawdown") || f.metric == "max_drawdown" || f.metric == "downside_deviation"
		if f.period == "itd" && isZero && (f.value == nil || *f.value != 0) {
			t.Errorf("%s: got %v, want 0", f.metric, f)
		}
	}
}

// TestExactRiskFreeGrowth: a vault that pays the risk-free rate to the last digit
// has no excess return, and what is left is noise, not a Sharpe ratio.
func TestExactRiskFreeGrowth(t *testing.T) {
	var prices []price
	at, value := date("2025-01-01"), 1.0
	for i := range 60 {
		prices = append(prices, price{at, ptr(value)})
		days := 1 + i%3
		at = at.AddDate(0, 0, days)
		value *= math.Pow(1.03, float64(days)/365)
	}
	for _, f := range performance(t, prices, ptr(0.03)) {
		if f.period == "itd" && f.metric == "sharpe_ratio" && (f.value != nil || f.reason != "zero_dispersion") {
			t.Errorf("got %v, want zero_dispersion", f)
		}
	}
}
