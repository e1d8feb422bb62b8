package martstest

import (
	"fmt"
	"time"
)

// events gives a vault a row or more of every listing; strangers' texts are in
// them wherever a chain or a config can put one.
func (f *fixture) events(v Vault) {
	at := func(day int) time.Time { return Until.AddDate(0, 0, day-30) }
	text := v.Name
	f.add("claims(vault_id, position, statement, verdict, evidence)", v.ID, int32(1), "The vault never borrows.", "broken", "It borrowed 20,000 at block 19000000 from "+text)
	f.add("claims(vault_id, position, statement, verdict, evidence)", v.ID, int32(2), "A holder can always redeem at true value.", "held", "All 31 settled requests were paid at the settlement's price.")
	f.add("claims(vault_id, position, statement, verdict, evidence)", v.ID, int32(3), "It is fully liquid.", "not provable", "No log tells what can be redeemed now.")
	f.comparisons(v, at(0))
	for day := range 12 {
		f.add("daily_flows(vault_id, flow_date, deposits, withdrawals, net_flow, deposits_count, withdrawals_count)", v.ID, at(day), 1000.5*float64(day), -250.25, 1000.5*float64(day)-250.25, int64(2), int64(1))
	}
	f.add("concentration(vault_id, holders_count, holders_ever_count, top_1_share, top_10_share, herfindahl_index, fee_receivers_share, reason)", v.ID, int64(12), int64(40), 0.41, 0.97, 0.23, nil, "no_anchor")
	f.add("investor_returns(vault_id, scope, who, start_at, paid_in, taken_out, end_value, profit, money_weighted_return, money_weighted_reason, time_weighted_apy, time_weighted_reason, return_gap)", v.ID, "vault", "all", at(0), 5000.0, 1000.0, 4500.0, 500.0, 0.11, "", 0.09, "", 0.02)
	f.add("investor_returns(vault_id, scope, who, start_at, paid_in, taken_out, end_value, profit, money_weighted_return, money_weighted_reason, time_weighted_apy, time_weighted_reason, return_gap)", v.ID, "cohort", "2025-08", at(0), 100.0, 0.0, 90.0, -10.0, nil, "no_anchor", 0.09, "", nil)
	f.add("investor_returns(vault_id, scope, who, start_at, paid_in, taken_out, end_value, profit, money_weighted_return, money_weighted_reason, time_weighted_apy, time_weighted_reason, return_gap)", v.ID, "holder", "0x00000000000000000000000000000000000000ad", at(0), 1.0, 0.0, 1.0, 0.0, 0.0, "", 0.0, "", 0.0)
	f.add("fees(vault_id, log_position, block_at, kind, fee_assets, reason, management_fee, performance_fee, split_reason, management_rate, performance_rate, high_water_mark, high_water_mark_reset_from, gross_price, net_price, is_reproduced)", v.ID, int64(19_000_000_000_001), at(3), "valuation", 12.5, nil, 10.0, 2.5, nil, 0.02, 0.1, 1.05, 1.09, 1.0612, 1.0611, true)
	f.add("fees(vault_id, log_position, block_at, kind, fee_assets, reason, management_fee, performance_fee, split_reason, management_rate, performance_rate, high_water_mark, gross_price, net_price, is_reproduced)", v.ID, int64(19_000_000_000_009), at(9), "accrual", 7.5, nil, nil, nil, "insufficient_data", nil, nil, nil, 1.0712, 1.0711, nil)
	for i := range 20 {
		contract := text
		if i%2 == 0 {
			contract = ""
		}
		f.add("permissions(vault_id, log_position, changed_at, kind, contract, contract_name, role, term, subject, object, before, after, effective_at, allows, transaction_hash)", v.ID, int64(i), at(i), "owner",
			fmt.Sprintf("0x%040x", 0x9000+i), contract, "governor", "owner", "for "+text, "of "+text, text, fmt.Sprintf("0x%040x", i), at(i+1), "may "+text, fmt.Sprintf("0x%064x", i))
	}
	f.powers(v)
	f.add("allocations(vault_id, price_date, kind, venue, market, name, assets, reason, share_of_assets, turnover, gain, contribution)", v.ID, at(20), "venue", "0x00000000000000000000000000000000000000be", "", text, 900.0, "insufficient_data", 0.9, 0.1, nil, nil)
	f.add("allocations(vault_id, price_date, kind, venue, market, name, assets, reason, share_of_assets, turnover, gain, contribution)", v.ID, at(20), "unknown", "", "", "", 100.0, "insufficient_data", 0.1, 0.0, nil, nil)
	f.add("redemptions(vault_id, log_position, requested_at, shares, status, settled_at, waited_days, times_passed_over, price_at_request, realised_price, reason, exit_fee, shortfall)", v.ID, int64(1), at(1), 10.0, "settled", at(2), 1.0, int64(0), 1.05, 1.0499, nil, 0.0, -0.0001)
	f.add("redemptions(vault_id, log_position, requested_at, shares, status, settled_at, waited_days, times_passed_over, price_at_request, realised_price, reason, exit_fee, shortfall)", v.ID, int64(2), at(4), 10.0, "waiting", nil, 26.0, int64(3), 1.05, nil, "no_anchor", nil, nil)
	f.add("market_prices(vault_id, price_date, trades, assets, vwap, share_price, premium, pool_premium, worst_premium, discount, discount_days, market_drawdown)", v.ID, at(5), int64(3), 5000.0, 0.97, 1.05, -0.076, -0.073, -0.08, "market", 4.0, -0.076)
	f.add("jumps(vault_id, observed_at, kind, simple_return, threshold, evidence)", v.ID, at(6), "step_down", -0.05, 0.005, "the assets fell by 5 % without a withdrawal: "+text)
	f.add("completeness(vault_id, level, verdict, blocks, detail)", v.ID, "L0", "proved", int64(100), "every log is in order")
	f.add("completeness(vault_id, level, verdict, blocks, detail)", v.ID, "L1", "unproved", int64(0), text)
}

// comparisons are with two benchmarks, the later in order first, and the periods
// neither in their own order nor in that of their codes.
func (f *fixture) comparisons(v Vault, from time.Time) {
	for _, benchmark := range []string{"sofr", v.Name} {
		f.add("benchmark_comparison(vault_id, period, period_position, benchmark, returns_count, start_at, excess_return, beta, alpha, correlation, tracking_error, information_ratio, up_capture, down_capture)", v.ID, "itd", int32(10), benchmark, int64(700), from, 0.25, 0.5, 0.01, 0.75, 0.02, 12345.6, 1.25, 0.24)
		f.add("benchmark_comparison(vault_id, period, period_position, benchmark, returns_count, start_at, excess_return, beta, alpha, correlation, tracking_error, information_ratio, up_capture, down_capture)", v.ID, "7d", int32(2), benchmark, int64(1), from, 0.0, nil, nil, nil, nil, nil, 0.0, nil)
		f.add("benchmark_comparison(vault_id, period, period_position, benchmark, returns_count, start_at, excess_return, beta, alpha, correlation, tracking_error, information_ratio, up_capture, down_capture)", v.ID, "365d", int32(6), benchmark, int64(0), nil, nil, nil, nil, nil, nil, nil, nil, nil)
		f.add("benchmark_comparison(vault_id, period, period_position, benchmark, returns_count, start_at, excess_return, beta, alpha, correlation, tracking_error, information_ratio, up_capture, down_capture)", v.ID, "30d", int32(3), benchmark, int64(30), from, -0.0123, -0.25, -0.0345, -0.0041, 0.0002, 1.5, -2.0, nil)
		for _, figure := range []string{"excess_return", "beta", "alpha", "correlation", "tracking_error", "information_ratio", "up_capture", "down_capture"} {
			f.add("benchmark_reasons(vault_id, period, benchmark, figure, reason)", v.ID, "365d", benchmark, figure, "no_anchor")
			switch figure {
			case "alpha":
				f.add("benchmark_reasons(vault_id, period, benchmark, figure, reason)", v.ID, "7d", benchmark, figure, "no_risk_free_rate")
			case "down_capture":
				f.add("benchmark_reasons(vault_id, period, benchmark, figure, reason)", v.ID, "30d", benchmark, figure, "no_downside")
				f.add("benchmark_reasons(vault_id, period, benchmark, figure, reason)", v.ID, "7d", benchmark, figure, "no_downside")
			case "beta", "correlation", "tracking_error", "information_ratio":
				f.add("benchmark_reasons(vault_id, period, benchmark, figure, reason)", v.ID, "7d", benchmark, figure, "insufficient_data")
			}
		}
	}
}

// powers give a vault a Safe of two signers, a module of it of which nothing is known,
// and an owner that a timelock stands before.
func (f *fixture) powers(v Vault) {
	const columns = "powers(vault_id, position, depth, chain, power, status, contract, role, contract_name, term, object, holder, held_by, holder_kind, holder_name, signers, threshold, acts, delay_seconds, holder_delay_seconds, total_delay_seconds, soonest_delay_seconds, effective_at, scope, allows, is_covered, reason)"
	at := func(n int) string { return fmt.Sprintf("0x%040x", 0xa000+n) }
	vault, safe, module, timelock := at(0), at(1), at(2), at(3)
	zero, hour := int64(0), int64(3600)
	f.add(columns, v.ID, int64(1), int64(0), vault, "move the assets", "configured", vault, "vault", "", "safe", nil, safe, "one", "safe", v.Name, int64(3), int32(2), "alone", zero, nil, zero, zero, nil, nil, nil, true, nil)
	for i := range int64(2) {
		f.add(columns, v.ID, 2+i, int64(1), vault+", "+safe, "move the assets", "stands", safe, "safe", v.Name, "signer", nil, at(10+int(i)), "one", nil, nil, nil, nil, "together", zero, nil, zero, zero, nil, nil, "signs for the Safe", true, "not_followed")
	}
	f.add(columns, v.ID, int64(4), int64(1), vault+", "+safe, "move the assets", "stands", safe, "safe", v.Name, "module", nil, module, "one", "access", v.Name, nil, nil, "alone", zero, nil, nil, nil, nil, "only "+v.Name, "may act as the Safe", true, "not_told")
	f.add(columns, v.ID, int64(5), int64(0), vault, "change the rules", "stands", vault, "vault", "", "owner", nil, timelock, "one", "timelock", v.Name, nil, nil, "alone", zero, hour, hour, hour, nil, nil, "may do whatever the contract leaves to its owner", true, nil)
	f.add(columns, v.ID, int64(6), int64(1), vault+", "+timelock, "change the rules", "stands", timelock, "governor", v.Name, "role", "PROPOSER_ROLE", at(20), "one", nil, nil, nil, nil, "alone", hour, nil, hour, hour, nil, nil, "proposes calls", true, "not_followed")
	f.add(columns, v.ID, int64(7), int64(1), vault+", "+timelock, "wait to be done", "waits", timelock, "governor", v.Name, "scheduled call", "0x11 #0", nil, "nobody yet", nil, nil, nil, nil, nil, zero, nil, nil, nil, Until, "scheduled: "+v.Name, "this call may be made from then on", true, nil)
	f.add(columns, v.ID, int64(8), int64(0), vault, "wait for a power", "pending", vault, "vault", "", "pending owner", nil, at(21), "one", nil, nil, nil, nil, "alone", zero, nil, zero, zero, Until, nil, "becomes the owner once it accepts", true, "not_followed")
}
