package report

// listings are all tables of what events tell, in their order of display.
// Addresses of holders are in none of them.
var listings = []listing{
	{
		id: "claims", sheet: "Claims", title: "Claims checked",
		caption: "What the makers of vaults say of them, against what the chain tells. Not provable means that the archive lacks what would prove or break it.",
		from:    "marts.claims", order: "claim_position", most: 20,
		columns: []listColumn{
			{head: "Claim", width: 34, kind: asText, value: "statement"},
			{head: "Verdict", width: 14, kind: asVerdict, value: "verdict"},
			{head: "Evidence", width: 90, kind: asText, value: "evidence"},
		},
	},
	{
		id: "flows", sheet: "Flows", title: "Flows",
		caption: "Deposits and withdrawals when they were settled, by day, the latest first, in {asset}.",
		from:    "marts.daily_flows", order: "flow_date desc", most: 10,
		columns: []listColumn{
			{head: "Day", width: 12, kind: asDate, value: "flow_date"},
			{head: "Deposits", width: 16, kind: asAmount, value: "deposits"},
			{head: "Withdrawals", width: 16, kind: asAmount, value: "withdrawals"},
			{head: "Net flow", width: 16, kind: asAmount, value: "net_flow"},
			{head: "Deposits settled", width: 12, kind: asCount, value: "deposits_count"},
			{head: "Withdrawals settled", width: 12, kind: asCount, value: "withdrawals_count"},
		},
	},
	{
		id: "concentration", sheet: "Holders", title: "Holders",
		caption: "Investors and how much of their shares the largest hold.",
		from:    "marts.concentration", order: "vault_id", most: 1,
		columns: []listColumn{
			{head: "Investors", width: 12, kind: asCount, value: "holders_count"},
			{head: "Ever", width: 12, kind: asCount, value: "holders_ever_count"},
			{head: "Largest", width: 12, kind: asPercent, value: "top_1_share", reason: "reason"},
			{head: "Ten largest", width: 12, kind: asPercent, value: "top_10_share", reason: "reason"},
			{head: "Herfindahl index", width: 12, kind: asRatio, value: "herfindahl_index", reason: "reason"},
			{head: "Held by receivers of fees", width: 14, kind: asPercent, value: "fee_receivers_share", reason: "reason"},
		},
	},
	{
		id: "investors", sheet: "Investor returns", title: "What investors earned",
		caption: "The return on the money at work, of all investors as one and by the month of their first deposit, beside the vault's own return over the same time.",
		from:    "(select * from marts.investor_returns where scope in ('vault', 'cohort')) as investor_returns",
		order:   "scope desc, who", most: 13,
		columns: []listColumn{
			{head: "Investors", width: 14, kind: asText, value: "case scope when 'vault' then 'All' else 'First in ' || who end"},
			{head: "From", width: 12, kind: asDate, value: "start_at"},
			{head: "Paid in", width: 16, kind: asAmount, value: "paid_in"},
			{head: "Taken out", width: 16, kind: asAmount, value: "taken_out"},
			{head: "Still held", width: 16, kind: asAmount, value: "end_value"},
			{head: "Profit", width: 16, kind: asAmount, value: "profit"},
			{head: "Money-weighted, a year", width: 14, kind: asPercent, value: "money_weighted_return", reason: "money_weighted_reason"},
			{head: "Vault's APY", width: 14, kind: asPercent, value: "time_weighted_apy", reason: "time_weighted_reason"},
			{head: "Gap", width: 12, kind: asPercent, value: "return_gap", reason: "coalesce(money_weighted_reason, time_weighted_reason)"},
		},
	},
	{
		id: "fees", sheet: "Fees", title: "Fees paid in shares",
		caption: "Every mint of shares for fees, the latest first, in {asset}. Where the contract's rules give the minted shares to the last digit, its rates are proved.",
		from:    "marts.fees", order: "log_position desc", most: 10,
		columns: []listColumn{
			{head: "Time (UTC)", width: 17, kind: asMoment, value: "block_at"},
			{head: "Fee", width: 14, kind: asAmount, value: "fee_assets", reason: "reason"},
			{head: "Management", width: 14, kind: asAmount, value: "management_fee", reason: "split_reason"},
			{head: "Performance", width: 14, kind: asAmount, value: "performance_fee", reason: "split_reason"},
			{head: "Management rate", width: 12, kind: asPercent, value: "management_rate", reason: "split_reason"},
			{head: "Performance rate", width: 12, kind: asPercent, value: "performance_rate", reason: "split_reason"},
			{head: "High-water mark", width: 14, kind: asPrice, value: "high_water_mark"},
			{head: "Price before", width: 14, kind: asPrice, value: "gross_price", reason: "reason"},
			{head: "Price after", width: 14, kind: asPrice, value: "net_price", reason: "reason"},
			{head: "Proved", width: 10, kind: asWords, value: "case is_reproduced when true then 'proved' when false then 'differs' end"},
		},
	},
	{
		id: "permissions", sheet: "Permissions", title: "Powers and terms",
		caption: "Who may do what with the vault and what it costs, change by change, the latest first.",
		from:    "marts.permissions", order: "log_position desc", most: 15,
		columns: []listColumn{
			{head: "Time (UTC)", width: 17, kind: asMoment, value: "changed_at"},
			{head: "Kind", width: 10, kind: asWords, value: "kind"},
			{head: "Event", width: 22, kind: asText, value: "event"},
			{head: "Before", width: 20, kind: asShort, value: "before"},
			{head: "After", width: 20, kind: asShort, value: "after"},
			{head: "What it allows", width: 60, kind: asText, value: "allows"},
			{head: "Transaction", width: 20, kind: asShort, value: "transaction_hash"},
		},
	},
}
