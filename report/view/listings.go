package view

// listings are all tables of what events tell, and that of benchmarks, in their
// order of display. Addresses of holders are in none of them.
var listings = []listing{
	{
		id: "claims", sheet: "Claims", title: "Claims checked",
		caption: "What the makers of vaults say of them, against what the chain tells. Not provable means that the archive lacks what would prove or break it.",
		from:    "marts.claims", order: "position", most: 20, first: true,
		columns: []listColumn{
			{head: "Claim", width: 34, kind: asText, value: "statement"},
			{head: "Verdict", width: 14, kind: asVerdict, value: "verdict"},
			{head: "Evidence", width: 90, kind: asText, value: "evidence"},
		},
	},
	{
		id: "benchmarks", sheet: "Benchmarks", title: "Against benchmarks",
		caption: "Made of the returns between days on which both have a value, of which the first may be later than the period's. Excess return is the vault's less the benchmark's; alpha, tracking error and information ratio are by the year; a capture is the vault's return over the benchmark's where that rose or fell.",
		from:    comparisons, order: "benchmark, period_position", most: 100, asked: true,
		columns: []listColumn{
			{head: "Benchmark", width: 20, kind: asText, value: "benchmark"},
			{head: "Period", width: 16, kind: asPeriod, value: "period"},
			{head: "From", width: 12, kind: Date, value: "start_at"},
			{head: "No. of returns", width: 10, kind: Count, value: "returns_count"},
			{head: "Excess return", width: 12, kind: Percent, value: "excess_return", reason: "reasons['excess_return']"},
			{head: "Beta", width: 12, kind: Ratio, value: "beta", reason: "reasons['beta']"},
			{head: "Alpha", width: 12, kind: Percent, value: "alpha", reason: "reasons['alpha']"},
			{head: "Correlation", width: 12, kind: Ratio, value: "correlation", reason: "reasons['correlation']"},
			{head: "Tracking error", width: 12, kind: Percent, value: "tracking_error", reason: "reasons['tracking_error']"},
			{head: "Information ratio", width: 12, kind: Ratio, value: "information_ratio", reason: "reasons['information_ratio']"},
			{head: "Up capture", width: 12, kind: Ratio, value: "up_capture", reason: "reasons['up_capture']"},
			{head: "Down capture", width: 12, kind: Ratio, value: "down_capture", reason: "reasons['down_capture']"},
		},
	},
	{
		id: "flows", sheet: "Flows", title: "Flows",
		caption: "Deposits and withdrawals when they were settled, by day, the latest first, in {asset}.",
		from:    "(select * from marts.daily_flows where deposits_count + withdrawals_count > 0) as daily_flows", order: "flow_date desc", most: 10,
		columns: []listColumn{
			{head: "Day", width: 12, kind: Date, value: "flow_date"},
			{head: "Deposits", width: 16, kind: Amount, value: "deposits"},
			{head: "Withdrawals", width: 16, kind: Amount, value: "withdrawals"},
			{head: "Net flow", width: 16, kind: Amount, value: "net_flow"},
			{head: "Deposits settled", width: 12, kind: Count, value: "deposits_count"},
			{head: "Withdrawals settled", width: 12, kind: Count, value: "withdrawals_count"},
		},
	},
	{
		id: "concentration", sheet: "Holders", title: "Holders",
		caption: "Investors and how much of their shares the largest hold.",
		from:    "marts.concentration", order: "vault_id", most: 1,
		columns: []listColumn{
			{head: "Investors", width: 12, kind: Count, value: "holders_count"},
			{head: "Ever", width: 12, kind: Count, value: "holders_ever_count"},
			{head: "Largest", width: 12, kind: Percent, value: "top_1_share", reason: "reason"},
			{head: "Ten largest", width: 12, kind: Percent, value: "top_10_share", reason: "reason"},
			{head: "Herfindahl index", width: 12, kind: Ratio, value: "herfindahl_index", reason: "reason"},
			{head: "Held by receivers of fees", width: 14, kind: Percent, value: "fee_receivers_share", reason: "reason"},
		},
	},
	{
		id: "investors", sheet: "Investor returns", title: "What investors earned",
		caption: "The return on the money at work, of all investors as one and by the month of their first deposit, beside the vault's own return over the same time.",
		from:    "(select * from marts.investor_returns where scope in ('vault', 'cohort')) as investor_returns",
		order:   "scope desc, who", most: 13,
		columns: []listColumn{
			{head: "Investors", width: 14, kind: asText, value: "case scope when 'vault' then 'All' else 'First in ' || who end"},
			{head: "From", width: 12, kind: Date, value: "start_at"},
			{head: "Deposited", width: 16, kind: Amount, value: "paid_in"},
			{head: "Withdrawn", width: 16, kind: Amount, value: "taken_out"},
			{head: "Still held", width: 16, kind: Amount, value: "end_value"},
			{head: "Profit", width: 16, kind: Amount, value: "profit"},
			{head: "Money-weighted, a year", width: 14, kind: Percent, value: "money_weighted_return", reason: "money_weighted_reason"},
			{head: "Vault's APY", width: 14, kind: Percent, value: "time_weighted_apy", reason: "time_weighted_reason"},
			{head: "Gap", width: 12, kind: Percent, value: "return_gap", reason: "coalesce(money_weighted_reason, time_weighted_reason)"},
		},
	},
	{
		id: "fees", sheet: "Fees", title: "Fees",
		caption: "Every fee that was taken, the latest first, in {asset}: as the vault's own events state it, by Lagoon's valuations, or minted to a receiver that the contract or the config names. Where the contract's rules give the minted shares to the last digit, its rates are proved.",
		from:    "marts.fees", order: "log_position desc", most: 10,
		columns: []listColumn{
			{head: "Time (UTC)", width: 17, kind: Minute, value: "block_at"},
			{head: "Kind", width: 14, kind: asWords, value: "kind"},
			{head: "Fee", width: 14, kind: Amount, value: "fee_assets", reason: "reason"},
			{head: "Management", width: 14, kind: Amount, value: "management_fee", reason: "split_reason"},
			{head: "Performance", width: 14, kind: Amount, value: "performance_fee", reason: "split_reason"},
			{head: "Management rate", width: 12, kind: Percent, value: "management_rate", reason: "split_reason"},
			{head: "Performance rate", width: 12, kind: Percent, value: "performance_rate", reason: "split_reason"},
			{head: "Rate on entry or exit", width: 12, kind: Percent, value: "flow_rate"},
			{head: "To the protocol", width: 12, kind: Percent, value: "protocol_part"},
			{head: "High-water mark", width: 14, kind: Price, value: "high_water_mark"},
			{head: "Set down from", width: 14, kind: Price, value: "high_water_mark_reset_from"},
			{head: "Price before", width: 14, kind: Price, value: "gross_price", reason: "reason"},
			{head: "Price after", width: 14, kind: Price, value: "net_price", reason: "reason"},
			{head: "Proved", width: 10, kind: asWords, value: "case is_reproduced when true then 'proved' when false then 'differs' end"},
		},
	},
	{
		id: powersList, sheet: "Powers", title: "Powers and terms", opens: "permissions",
		caption: "Who can do what to the money today, through which contracts, and how fast: what the latest events leave.",
		from:    "marts.powers", order: "position",
		columns: powersColumns,
	},
	{
		id: "permissions", sheet: "Permissions", title: "Powers and terms",
		caption: "Who may do what with the vault and what it costs, change by change, the latest first.",
		from:    "marts.permissions", order: "log_position desc", most: 15,
		columns: []listColumn{
			{head: "Time (UTC)", width: 17, kind: Minute, value: "changed_at"},
			{head: "Kind", width: 10, kind: asWords, value: "kind"},
			{head: "Contract", width: 16, kind: asTerm, value: "coalesce(nullif(contract_name, ''), role)"},
			{head: "Address", width: 20, kind: asShort, value: "contract"},
			{head: "What", width: 22, kind: asText, value: "term"},
			{head: "Subject", width: 20, kind: asTerm, value: "subject"},
			{head: "Object", width: 20, kind: asTerm, value: "object"},
			{head: "Before", width: 20, kind: asTerm, value: "before"},
			{head: "After", width: 20, kind: asTerm, value: "after"},
			{head: "Effective (UTC)", width: 17, kind: Minute, value: "effective_at"},
			{head: "What it allows", width: 60, kind: asText, value: "allows"},
			{head: "Transaction", width: 20, kind: asShort, value: "transaction_hash"},
		},
	},
	{
		id: "allocations", sheet: "Allocations", title: "Where the assets are",
		caption: "At the end of the last day on which they moved, in {asset}. Unknown is what the archive does not tell.",
		from:    "marts.allocations",
		order:   "price_date desc, kind = 'unknown', assets desc nulls last, kind, venue, market", most: 12, latest: true,
		columns: []listColumn{
			{head: "Day", width: 12, kind: Date, value: "price_date"},
			{head: "Place", width: 24, kind: asText, value: "case when name != '' then name when kind in ('idle', 'unknown') then kind else venue end"},
			{head: "Kind", width: 10, kind: asWords, value: "kind"},
			{head: "Assets", width: 18, kind: Amount, value: "assets", reason: "reason"},
			{head: "Part", width: 12, kind: Percent, value: "share_of_assets"},
			{head: "Turnover", width: 12, kind: Percent, value: "turnover"},
			{head: "Gain since last seen", width: 18, kind: Amount, value: "gain", reason: "reason"},
			{head: "Contribution", width: 12, kind: Percent, value: "contribution", reason: "reason"},
		},
	},
	{
		id: "redemptions", sheet: "Redemptions", title: "Redemptions",
		caption: "Requests to redeem, those that wait first, then the slowest.",
		from:    "marts.redemptions", order: "status != 'waiting', waited_days desc, log_position", most: 10,
		columns: []listColumn{
			{head: "Requested (UTC)", width: 17, kind: Minute, value: "requested_at"},
			{head: "Shares", width: 18, kind: Amount, value: "shares"},
			{head: "State", width: 12, kind: asWords, value: "status"},
			{head: "Settled (UTC)", width: 17, kind: Minute, value: "settled_at"},
			{head: "Days waited", width: 10, kind: Days, value: "waited_days"},
			{head: "Passed over", width: 10, kind: Count, value: "times_passed_over"},
			{head: "Price at request", width: 14, kind: Price, value: "price_at_request"},
			{head: "Price paid", width: 14, kind: Price, value: "realised_price", reason: "reason"},
			{head: "Exit fee", width: 12, kind: Percent, value: "exit_fee", reason: "reason"},
			{head: "Shortfall", width: 12, kind: Percent, value: "shortfall", reason: "reason"},
		},
	},
	{
		id: "market", sheet: "Market", title: "Trades of the share",
		caption: "Days with trades in pools, the deepest discount first. A discount is a trade below the price per share; a fee's is what only the pool's fee took.",
		from:    "marts.market_prices", order: "worst_premium, price_date", most: 10,
		columns: []listColumn{
			{head: "Day", width: 12, kind: Date, value: "price_date"},
			{head: "Trades", width: 8, kind: Count, value: "trades"},
			{head: "Volume", width: 16, kind: Amount, value: "assets"},
			{head: "Average price", width: 14, kind: Price, value: "vwap"},
			{head: "Price per share", width: 14, kind: Price, value: "share_price"},
			{head: "Average premium", width: 12, kind: Percent, value: "premium"},
			{head: "Without fees", width: 12, kind: Percent, value: "pool_premium"},
			{head: "Discount", width: 12, kind: asWords, value: "discount"},
			{head: "Worst", width: 12, kind: Percent, value: "worst_premium"},
			{head: "Days of discount so far", width: 12, kind: Days, value: "discount_days"},
			{head: "Drawdown of the market price", width: 14, kind: Percent, value: "market_drawdown"},
		},
	},
	{
		id: "jumps", sheet: "Jumps", title: "Jumps of the price",
		caption: "Prices that moved far more than they usually do. All of them are in the figures, except outliers within a day, of which no price point is made.",
		from:    "marts.jumps", order: "abs(simple_return) desc, observed_at", most: 10,
		columns: []listColumn{
			{head: "Time (UTC)", width: 17, kind: Minute, value: "observed_at"},
			{head: "Kind", width: 26, kind: asWords, value: "kind"},
			{head: "Return", width: 12, kind: Percent, value: "simple_return"},
			{head: "Threshold", width: 12, kind: Percent, value: "threshold"},
			{head: "What was found", width: 80, kind: asText, value: "evidence"},
		},
	},
	{
		id: "completeness", sheet: "Completeness", title: "Is the history complete?",
		caption: "What a node proved of the archived events. Files alone prove nothing.",
		from:    "marts.completeness", order: "level", most: 4,
		columns: []listColumn{
			{head: "Level", width: 8, kind: asText, value: "level"},
			{head: "Verdict", width: 12, kind: asVerdict, value: "verdict"},
			{head: "Blocks", width: 10, kind: Count, value: "blocks"},
			{head: "What was found", width: 90, kind: asText, value: "detail"},
		},
	},
}

// comparisons are those with benchmarks, with the reasons by figure.
const comparisons = `(
    select
        benchmark_comparison.*,
        reasons
    from marts.benchmark_comparison
    left join (
        select
            vault_id,
            period,
            benchmark,
            map_from_entries(list({figure: figure, reason: reason})) as reasons
        from marts.benchmark_reasons
        group by vault_id, period, benchmark
    ) as reasons using (vault_id, period, benchmark)
) as comparisons`
