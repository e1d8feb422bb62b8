package transform

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestEdges has vaults that leave figures undefined; the run's own checks look for
// reasons in the marts, this test in what the macros give.
func TestEdges(t *testing.T) {
	db := database(t)
	from := date("2025-06-01")
	grown := func(days int, change func(day int, p float64) float64) []price {
		var out []price
		for day := range days {
			p := 1 + 0.001*float64(day)
			if change != nil {
				p = change(day, p)
			}
			out = append(out, price{from.AddDate(0, 0, day).Add(7 * 3600e9), ptr(p)})
		}
		return out
	}
	series := map[string][]price{
		"steady": grown(96, nil),
		"one":    grown(96, nil)[95:],
		"ended":  grown(30, nil),
		"zero read": grown(96, func(day int, p float64) float64 {
			if day == 50 {
				return 0
			}
			return p
		}),
		"lost": grown(96, func(day int, p float64) float64 {
			if day >= 70 {
				return 0
			}
			return p
		}),
		"midnight": {{date("2025-09-03").Add(86_370e9), ptr(1.0)}, {date("2025-09-04").Add(30e9), ptr(1.5)}},
	}
	fillSeries(t, db, series)
	exec(t, db, "insert into raw.benchmark_sources values ('by vault', 1, 'vault', null, 'zero read', false)")
	run(t, db, Options{AsOf: date("2025-09-04")})

	for _, metric := range []string{"total_return", "apy", "volatility", "sharpe_ratio_zero", "sortino_ratio", "max_drawdown", "win_rate"} {
		for vault := range series {
			equalLines(t, lines(t, db, fmt.Sprintf("select * from marts.rolling_metric('%s', '%s', 1) where (value is null) = (reason is null)", vault, metric)))
		}
	}
	for _, days := range []int{0, -5} {
		var value any
		err := db.QueryRowContext(t.Context(), fmt.Sprintf("select value from marts.rolling_metric('steady', 'apy', %d)", days)).Scan(&value)
		if err == nil || !strings.Contains(err.Error(), "at least one day") {
			t.Errorf("a window of %d days: %v", days, err)
		}
	}
	equalLines(t, lines(t, db, "select apy, total_return, ratio_reason.apy as rate, reason from marts.performance_between('midnight', '2025-09-03', '2025-09-04')"),
		"null|0.5|out_of_range|null")
	equalLines(t, lines(t, db, "select distinct ended_on from marts.rankings where vault_id = 'lost'"), "2025-08-10")
	equalLines(t, lines(t, db, "select distinct ended_on from marts.rankings where vault_id = 'ended'"), "2025-06-30")
	// one read of zero is no loss for good, and is warned of
	equalLines(t, lines(t, db, `
		select vault_id, period
		from marts.benchmark_comparison inner join marts.performance using (vault_id, period)
		where vault_id != 'zero read' and abs(benchmark_comparison.total_return - performance.total_return) > 1e-9`))
	equalLines(t, lines(t, db, "select benchmark_return > 0.09 as is_right from marts.benchmark_comparison where vault_id = 'steady' and period = 'itd'"), "true")
	equalLines(t, lines(t, db, "select vault_id, rows from marts.warnings where warning = 'spike_reverts'"), "zero read|1")
	equalLines(t, lines(t, db, "select vault_id, total_return, apy_30d from marts.as_of('2025-09-04') where vault_id in ('one', 'ended')"),
		"ended|0.028999999999999915|null", "one|null|null")
}

// TestWithoutSpikes: a vault with wrong reads has, without them, every figure of one
// that was never read wrongly.
func TestWithoutSpikes(t *testing.T) {
	db := database(t)
	random := rand.New(rand.NewPCG(4, 20251125))
	right := walk(random, everyDay(7*time.Hour), 0.001)
	var spiked, unspiked []price
	for i, p := range right {
		wrong := map[int]float64{60: 1.5, 200: 0, 333: 0.1, 400: 1e6}[i]
		if _, isWrong := map[int]bool{60: true, 200: true, 333: true, 400: true}[i]; isWrong {
			spiked = append(spiked, price{p.at, ptr(*p.price * wrong)})
			continue
		}
		spiked, unspiked = append(spiked, p), append(unspiked, p)
	}
	fillSeries(t, db, map[string][]price{"spiked": spiked, "unspiked": unspiked})
	run(t, db, Options{AsOf: right[len(right)-1].at.Truncate(24 * time.Hour), RiskFreeRate: ptr(0.03)})
	equalLines(t, lines(t, db, "select count(distinct metric), count(distinct period), min(spikes_count), max(spikes_count) from marts.performance_without_spikes"), "63|10|4|4")
	equalLines(t, lines(t, db, `
		select period, metric, value_without_spikes, reason_without_spikes, clean.value, clean.reason
		from marts.performance_without_spikes as spiked
		full join (from marts.performance_long where vault_id = 'unspiked') as clean using (period, metric)
		where value_without_spikes is distinct from clean.value or reason_without_spikes is distinct from clean.reason`))
	equalLines(t, lines(t, db, "select value < -0.99 as is_wrong from marts.performance_without_spikes where period = 'itd' and metric = 'max_drawdown'"), "true")
}

// TestRedemptionThatIsLeftWaiting: a vault that settled every redemption, until it
// settled nothing any more, does not redeem.
func TestRedemptionThatIsLeftWaiting(t *testing.T) {
	for name, c := range map[string]struct {
		asOf, verdict string
		isSeen        bool // a node showed all its logs to then
	}{
		"a week later":               {"2025-06-19", "held", false},
		"three months later":         {"2025-09-04", "broken", true},
		"three months later, unseen": {"2025-09-04", "held", false},
	} {
		t.Run(name, func(t *testing.T) {
			v := newLagoonVault(lagoonAddress, date("2025-06-01"))
			v.requestDeposit(usd(1_000_000_00))
			v.begin(date("2025-06-02"))
			v.settle(usd(0), true)
			v.begin(date("2025-06-03"))
			v.claimShares(user, user)
			v.requestRedeem(mul(big.NewInt(10_000), wholeShare))
			v.begin(date("2025-06-05"))
			v.settle(v.assets, true)
			v.begin(date("2025-06-12"))
			v.requestRedeem(mul(big.NewInt(10_000), wholeShare))
			db := database(t)
			addVault(t, db, "v", "lagoon")
			exec(t, db, "update raw.vaults set address = ?", lagoonAddress)
			addLogs(t, db, 1, lagoonAddress, v.logs)
			if c.isSeen {
				exec(t, db, "insert into raw.spans values (0, '', 1, ?, 9, 1, 30000000, true)", lagoonAddress)
				addStates(t, db, "v", 18, []state{{29_999_999, date(c.asOf).Add(23 * time.Hour), map[string]string{"totalAssets": v.assets.String(), "totalSupply": v.supply.String()}}})
			}
			run(t, db, Options{AsOf: date(c.asOf)})
			got := lines(t, db, "select verdict, broken_block is null as is_whole from marts.claims where claim = 'redemption_at_true_value'")
			equalLines(t, got, fmt.Sprintf("%s|%t", c.verdict, c.verdict == "held"))
		})
	}
}
