package report

import (
	"fmt"
	"time"
)

// listingFixtures are the marts that listings read: the columns they use.
var listingFixtures = []struct{ name, columns string }{
	{"claims", "vault_id varchar, position integer, statement varchar, verdict varchar, evidence varchar"},
	{"benchmark_comparison", `vault_id varchar, period varchar, period_position integer, benchmark varchar, returns_count bigint, start_at timestamptz,
		excess_return double, beta double, alpha double, correlation double, tracking_error double, information_ratio double,
		up_capture double, down_capture double`},
	{"benchmark_reasons", "vault_id varchar, period varchar, benchmark varchar, figure varchar, reason varchar"},
	{"daily_flows", `vault_id varchar, flow_date date, deposits double, withdrawals double, net_flow double,
		deposits_count bigint, withdrawals_count bigint`},
	{"concentration", `vault_id varchar, holders_count bigint, holders_ever_count bigint, top_1_share double, top_10_share double,
		herfindahl_index double, fee_receivers_share double, reason varchar`},
	{"investor_returns", `vault_id varchar, scope varchar, who varchar, start_at timestamptz, paid_in double, taken_out double,
		end_value double, profit double, money_weighted_return double, money_weighted_reason varchar, time_weighted_apy double,
		time_weighted_reason varchar, return_gap double`},
	{"fees", `vault_id varchar, log_position bigint, block_at timestamptz, fee_assets double, reason varchar, management_fee double,
		performance_fee double, split_reason varchar, management_rate double, performance_rate double, high_water_mark double,
		gross_price double, net_price double, is_reproduced boolean`},
	{"permissions", `vault_id varchar, log_position bigint, changed_at timestamptz, kind varchar, event varchar, subject varchar, before varchar,
		after varchar, allows varchar, transaction_hash varchar`},
	{"allocations", `vault_id varchar, price_date date, kind varchar, venue varchar, market varchar, name varchar, assets double,
		reason varchar, share_of_assets double, turnover double, gain double, contribution double`},
	{"redemptions", `vault_id varchar, log_position bigint, requested_at timestamptz, shares double, status varchar,
		settled_at timestamptz, waited_days double, times_passed_over bigint, price_at_request double, realised_price double,
		reason varchar, shortfall double`},
	{"market_prices", `vault_id varchar, price_date date, trades bigint, assets double, vwap double, share_price double,
		premium double, worst_premium double, discount_days double, market_drawdown double`},
	{"jumps", `vault_id varchar, observed_at timestamptz, kind varchar, simple_return double, threshold double, evidence varchar`},
	{"completeness", "vault_id varchar, level varchar, verdict varchar, blocks bigint, detail varchar"},
}

// events gives a vault a row or more of every listing; strangers' texts are in
// them wherever a chain or a config can put one.
func (f *fixture) events(v fixtureVault) {
	at := func(day int) time.Time { return fixtureUntil.AddDate(0, 0, day-30) }
	text := v.name
	f.add("claims", v.id, int32(1), "The vault never borrows.", "broken", "It borrowed 20,000 at block 19000000 from "+text)
	f.add("claims", v.id, int32(2), "A holder can always redeem at true value.", "held", "All 31 settled requests were paid at the settlement's price.")
	f.add("claims", v.id, int32(3), "It is fully liquid.", "not provable", "No log tells what can be redeemed now.")
	f.comparisons(v, at(0))
	for day := range 12 {
		f.add("daily_flows", v.id, at(day), 1000.5*float64(day), -250.25, 1000.5*float64(day)-250.25, int64(2), int64(1))
	}
	f.add("concentration", v.id, int64(12), int64(40), 0.41, 0.97, 0.23, nil, "no_anchor")
	f.add("investor_returns", v.id, "vault", "all", at(0), 5000.0, 1000.0, 4500.0, 500.0, 0.11, "", 0.09, "", 0.02)
	f.add("investor_returns", v.id, "cohort", "2025-08", at(0), 100.0, 0.0, 90.0, -10.0, nil, "no_anchor", 0.09, "", nil)
	f.add("investor_returns", v.id, "holder", "0x00000000000000000000000000000000000000ad", at(0), 1.0, 0.0, 1.0, 0.0, 0.0, "", 0.0, "", 0.0)
	f.add("fees", v.id, int64(19_000_000_000_001), at(3), 12.5, nil, 10.0, 2.5, nil, 0.02, 0.1, 1.05, 1.0612, 1.0611, true)
	f.add("fees", v.id, int64(19_000_000_000_009), at(9), 7.5, nil, nil, nil, "insufficient_data", nil, nil, nil, 1.0712, 1.0711, nil)
	for i := range 20 {
		f.add("permissions", v.id, int64(i), at(i), "owner", "OwnershipTransferred", "for "+text, text,
			fmt.Sprintf("0x%040x", i), "may "+text, fmt.Sprintf("0x%064x", i))
	}
	f.add("allocations", v.id, at(20), "venue", "0x00000000000000000000000000000000000000be", "", text, 900.0, "insufficient_data", 0.9, 0.1, nil, nil)
	f.add("allocations", v.id, at(20), "unknown", "", "", "", 100.0, "insufficient_data", 0.1, 0.0, nil, nil)
	f.add("redemptions", v.id, int64(1), at(1), 10.0, "settled", at(2), 1.0, int64(0), 1.05, 1.0499, nil, -0.0001)
	f.add("redemptions", v.id, int64(2), at(4), 10.0, "waiting", nil, 26.0, int64(3), 1.05, nil, "no_anchor", nil)
	f.add("market_prices", v.id, at(5), int64(3), 5000.0, 0.97, 1.05, -0.076, -0.08, 4.0, -0.076)
	f.add("jumps", v.id, at(6), "step_down", -0.05, 0.005, "the assets fell by 5 % without a withdrawal: "+text)
	f.add("completeness", v.id, "L0", "proved", int64(100), "every log is in order")
	f.add("completeness", v.id, "L1", "unproved", int64(0), text)
}

// comparisons are with two benchmarks, the later in order first, and the periods
// neither in their own order nor in that of their codes.
func (f *fixture) comparisons(v fixtureVault, from time.Time) {
	for _, benchmark := range []string{"sofr", v.name} {
		f.add("benchmark_comparison", v.id, "itd", int32(10), benchmark, int64(700), from, 0.25, 0.5, 0.01, 0.75, 0.02, 12345.6, 1.25, 0.24)
		f.add("benchmark_comparison", v.id, "7d", int32(2), benchmark, int64(1), from, 0.0, nil, nil, nil, nil, nil, 0.0, nil)
		f.add("benchmark_comparison", v.id, "365d", int32(6), benchmark, int64(0), nil, nil, nil, nil, nil, nil, nil, nil, nil)
		f.add("benchmark_comparison", v.id, "30d", int32(3), benchmark, int64(30), from, -0.0123, -0.25, -0.0345, -0.0041, 0.0002, 1.5, -2.0, nil)
		for _, figure := range []string{"excess_return", "beta", "alpha", "correlation", "tracking_error", "information_ratio", "up_capture", "down_capture"} {
			f.add("benchmark_reasons", v.id, "365d", benchmark, figure, "no_anchor")
			switch figure {
			case "alpha":
				f.add("benchmark_reasons", v.id, "7d", benchmark, figure, "no_risk_free_rate")
			case "down_capture":
				f.add("benchmark_reasons", v.id, "30d", benchmark, figure, "no_downside")
				f.add("benchmark_reasons", v.id, "7d", benchmark, figure, "no_downside")
			case "beta", "correlation", "tracking_error", "information_ratio":
				f.add("benchmark_reasons", v.id, "7d", benchmark, figure, "insufficient_data")
			}
		}
	}
}
