package transform

import (
	"database/sql"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"
)

// A signalled vault has a price and assets of 6 decimals at noon of each of the 45 days
// to 2025-03-31, and these warnings of prices and flows.
type signalled struct {
	name   string
	price  func(day int) float64
	assets func(day int) float64
	want   string
}

// growing is a price that grows by as much each day.
func growing(rate float64) func(day int) float64 {
	return func(day int) float64 { return math.Pow(1+rate, float64(day)) }
}

// falling is a price that falls by as much on a day and else grows by as much.
func falling(rate float64, on int, fall float64) func(day int) float64 {
	return func(day int) float64 {
		if day >= on {
			return math.Pow(1+rate, float64(day-1)) * (1 + fall)
		}
		return math.Pow(1+rate, float64(day))
	}
}

// leaving are the assets of so many shares at a price, of which a tenth leaves every
// week.
func leaving(shares float64, price func(day int) float64) func(day int) float64 {
	return func(day int) float64 { return shares * math.Pow(0.9, float64(day/7)) * price(day) }
}

// signalledVaults stand on both sides of each threshold.
func signalledVaults() []signalled {
	const lastDay = 44
	constant := func(v float64) func(int) float64 { return func(int) float64 { return v } }
	last := func(before, at float64) func(int) float64 {
		return func(day int) float64 {
			if day == lastDay {
				return at
			}
			return before
		}
	}
	flat, grows := constant(1), growing(0.0001)
	leavesOn := func(leaves int) func(int) float64 {
		return func(day int) float64 {
			if day >= leaves {
				return 900_000 * grows(day)
			}
			return 1_000_000 * grows(day)
		}
	}
	heldFrom := func(first int) func(int) float64 {
		return func(day int) float64 {
			if day < first {
				return 0
			}
			return 1_000_000 * grows(day)
		}
	}
	of := func(name string, price func(int) float64, want string) signalled {
		return signalled{name, price, leaving(1e6, price), want}
	}
	return []signalled{
		// 1.0018 ^ 365 - 1 is 92.8 %, 1.002 ^ 365 - 1 is 107.4 %
		of("grows_by_93", growing(0.0018), ""),
		of("grows_by_107", growing(0.002), "implausible_growth"),
		// within the last 30 days, which begin with day 14
		of("grows_with_a_fall_of_011", falling(0.004, 20, -0.0011), ""),
		of("grows_with_a_fall_of_009", falling(0.004, 20, -0.0009), "implausible_growth"),
		of("grows_in_one_step", func(day int) float64 { return 1 + 0.07*float64(day/40) }, "implausible_growth"),
		of("grows_after_a_fall", falling(0.004, 10, -0.005), "implausible_growth"),
		// a thousandth of 10,000,000
		{"emptied_but_for_10000", flat, last(1e7, 10_000), ""},
		{"emptied_but_for_9999", flat, last(1e7, 9_999), "emptied"},
		{"dust_of_1000", flat, last(50_000, 1_000), ""},
		{"dust_of_999", flat, last(50_000, 999.999999), "dust"},
		{"other_of_999", flat, last(50_000, 999.999999), ""},
		// a millionth of whatever it is may be worth something
		{"other_of_a_millionth", flat, constant(0.000001), ""},
		{"other_of_nothing", flat, constant(0), "dust"},
		{"emptied_and_dust", flat, last(1e7, 1), "dust emptied"},
		// day 14 is 30 days before the last
		{"left_on_day_14", grows, leavesOn(14), "no_exit"},
		{"left_on_day_15", grows, leavesOn(15), ""},
		{"held_from_day_14", grows, heldFrom(14), "no_exit"},
		{"held_from_day_15", grows, heldFrom(15), ""},
		// nothing changes: the source may only repeat itself
		{"stands_still", flat, constant(50_000), ""},
		// a Lagoon vault pays who asked, and nobody asked for 30 days
		{"asked_on_day_14", grows, leavesOn(0), "no_exit"},
		{"asked_on_day_15", grows, leavesOn(0), ""},
		{"nobody_asked", grows, leavesOn(0), ""},
		{"nobody_left_an_empty_vault", flat, constant(0.5), "dust"},
		of("fell_by_099", falling(0, 20, -0.0099), ""),
		of("fell_by_101", falling(0, 20, -0.0101), "large_loss"),
		// one wrong price, and back
		of("fell_from_a_spike", func(day int) float64 {
			if day == 20 {
				return 1.1
			}
			return 1
		}, ""),
	}
}

// addSignalled writes the vaults, whose asset is a dollar by its symbol, and their
// readings. Those of others are not, as the config says.
func addSignalled(t *testing.T) *sql.DB {
	t.Helper()
	db := database(t)
	var readings []reading
	for _, v := range signalledVaults() {
		family := "observed"
		if strings.Contains(v.name, "asked") {
			family = "lagoon"
		}
		addVault(t, db, v.name, family)
		for day := range 45 {
			at := time.Date(2025, 2, 15, 12, 0, 0, 0, time.UTC).AddDate(0, 0, day)
			readings = append(readings, reading{
				vault: v.name, at: at, price: ptr(v.price(day)), assets: big.NewInt(int64(math.Round(v.assets(day) * 1e6))),
			})
		}
	}
	addReadings(t, db, 1, readings)
	for i, vault := range []string{"asked_on_day_14", "asked_on_day_15"} {
		addLogs(t, db, 2+i, address(t, db, vault), []chainLog{{
			event: "RedeemRequest", at: ptr(time.Date(2025, 3, 1+i, 12, 0, 0, 0, time.UTC)), tx: fmt.Sprintf("0x%064d", i), block: int64(i),
			arguments: map[string]any{"controller": "0xa1", "owner": "0xa1", "sender": "0xa1", "requestId": "2", "shares": "2000000000000000000000"},
		}})
	}
	exec(t, db, "insert into raw.asset_references select vault_id, 'other' from raw.vaults where vault_id like 'other_%'")
	return db
}

// TestSignals has vaults on both sides of each threshold, by default and as a config sets
// them.
func TestSignals(t *testing.T) {
	t.Parallel()
	db := addSignalled(t)
	signals := func(vault string) string {
		return one[string](t, db, fmt.Sprintf(`
			select coalesce(string_agg(warning, ' ' order by warning), '') from marts.warnings
			where vault_id = '%s' and warning in ('implausible_growth', 'emptied', 'dust', 'no_exit', 'large_loss')`, vault))
	}
	run(t, db, Options{AsOf: date("2025-03-31")})
	for _, v := range signalledVaults() {
		if got := signals(v.name); got != v.want {
			t.Errorf("%s: got %q, want %q", v.name, got, v.want)
		}
	}
	equalLines(t, lines(t, db, "select message from marts.warnings where vault_id in ('grows_by_107', 'grows_in_one_step', 'emptied_but_for_9999', 'fell_by_101') and warning in ('implausible_growth', 'emptied', 'large_loss') order by warning, vault_id desc"),
		"the vault holds 9,999.00 USD, under 0.1 % of the most it held (10,000,000): its figures are those of a vault that nearly all have left",
		"the price grew at 128 % a year over the last 30 days and never fell, by 7.00 % in one step: what comes at once, as a gift or a late harvest, is no rate",
		"the price grew at 107 % a year over the last 30 days and never fell: so does interest on debt that nobody will pay, and nobody may be able to leave at this price",
		"the price once fell by 1.01 % from its peak, to its lowest on 2025-03-07, and has not come back",
	)
	// 44 returns since inception, 30 of the last 30 days; a gain without a drawdown is
	// above every ratio, standing still is no ratio at all
	equalLines(t, lines(t, db, "select vault_id, place, value, reason, ranked_count from marts.rankings where period = 'itd' and ranking = 'calmar_ratio' and vault_id in ('grows_by_93', 'grows_by_107', 'stands_still') order by vault_id"),
		"grows_by_107|null|null|no_drawdown|12", "grows_by_93|1|null|no_drawdown|12", "stands_still|null|null|no_drawdown|12")
	// -8.075 % a year by 1.01 % is -7.995, -7.922 % by 0.99 % is -8.002
	equalLines(t, lines(t, db, "select vault_id from marts.rankings where period = 'itd' and ranking = 'calmar_ratio' and place is not null order by place, vault_id"),
		"asked_on_day_14", "asked_on_day_15", "grows_by_93", "held_from_day_14", "held_from_day_15", "left_on_day_14", "left_on_day_15", "nobody_asked", "grows_with_a_fall_of_011", "fell_from_a_spike", "fell_by_101", "fell_by_099")
	equalLines(t, lines(t, db, `
		select distinct r.vault_id from marts.rankings as r left join marts.ineligibilities as i using (vault_id)
		where r.period = '30d' and (is_eligible != (i.vault_id is null) or not is_eligible and place is not null)`))
	equalLines(t, lines(t, db, "select message from marts.warnings where vault_id in ('asked_on_day_14', 'left_on_day_14') and warning = 'no_exit' order by vault_id"),
		"no exit was paid in the last 30 days, and requests for 2,000 shares have waited for longer",
		"no exit was paid in the last 30 days: nobody has shown that shares can be redeemed now")
	run(t, db, Options{AsOf: date("2025-03-31"), Thresholds: map[string]float64{"least_returns": 31}})
	equalLines(t, lines(t, db, "select ranking, ineligible_reason from marts.rankings where period = '30d' and vault_id = 'grows_by_93' order by ranking"),
		"apy|null", "calmar_ratio|few_returns", "headline_sharpe|few_returns", "max_drawdown|null", "sortino_ratio|few_returns", "total_return|null")
	equalLines(t, lines(t, db, "select distinct deflated_sharpe is null from marts.rankings where period = '30d' union all select distinct is_eligible from marts.rankings where vault_id = 'grows_by_93' and period = 'itd'"),
		"true", "true")
	run(t, db, Options{AsOf: date("2025-03-31"), Thresholds: map[string]float64{
		"implausible_rate": 0.9, "implausible_drawdown": -0.0008, "emptied_share": 0.0011, "dust_assets": 1001, "no_exit_days": 29, "large_loss": -0.005,
	}})
	for vault, want := range map[string]string{
		"grows_by_93": "implausible_growth", "grows_with_a_fall_of_009": "", "emptied_but_for_10000": "emptied", "dust_of_1000": "dust",
		"left_on_day_15": "no_exit", "fell_by_099": "large_loss",
	} {
		if got := signals(vault); got != want {
			t.Errorf("%s with other thresholds: got %q, want %q", vault, got, want)
		}
	}
	equalLines(t, lines(t, db, "select value, default_value from marts.thresholds where threshold in ('dust_assets', 'least_returns') order by threshold"), "1001.0|1000.0", "30.0|30.0")
}

// TestSignalsOfFailedCollateral: of 23 vaults that had lent against two stablecoins that
// failed, five go on compounding interest that nobody will pay. With prices alone these
// and no other are named three months later. On the last day of November two of the
// five do not yet grow so fast, and one that holds ten dollars does; but files of their
// markets tell all five, from the day on which nothing came out any more.
func TestSignalsOfFailedCollateral(t *testing.T) {
	t.Parallel()
	vaults := sharedCSV(t, "morpho-depeg-2025/vaults.csv")
	db := database(t)
	names := map[string]string{}
	for _, v := range vaults {
		// two vaults of two chains have one name
		names[v["vault_address"]] = v["vault_name"] + " " + v["chain_id"]
		addVault(t, db, names[v["vault_address"]], "metamorpho")
		exec(t, db, "update raw.vaults set chain_id = ?, asset_symbol = ? where vault_id = ?", v["chain_id"], v["asset_symbol"], names[v["vault_address"]])
	}
	var readings []reading
	for _, r := range sharedCSV(t, "morpho-depeg-2025/share_prices_daily.csv") {
		assets := decimal(t, r["total_assets_native"])
		seconds := integer(t, r["timestamp"]).Int64()
		readings = append(readings, reading{
			vault: names[r["vault_address"]], at: time.Unix(seconds, 0).UTC(), price: decimal(t, r["share_price"]),
			assets: big.NewInt(int64(math.Round(*assets * 1e6))),
		})
	}
	addReadings(t, db, 1, readings)
	signal := func(warning string) []string {
		return lines(t, db, "select vault_id from marts.warnings where warning = '"+warning+"' order by vault_id")
	}

	run(t, db, Options{AsOf: date("2026-01-31")})
	equalLines(t, signal("implausible_growth"), "1337 USDC 1", "Adpend USDC 1", "MEV Capital Elixir USDC 1", "Not Gauntlet 42161", "Vaultik USDC 42161")
	equalLines(t, signal("emptied"), "Relend USDC 1")
	equalLines(t, signal("large_loss"), "MEV Capital USDC 1", "Relend USDC 1")
	equalLines(t, signal("dust"), "(Deployer) 1", "Alpha USDC Core 42161", "Dream Charity Vault 1", "RIMU USDC 1", "USDC Test 98866")
	// they pay nobody, nor do three with up to 50,000 dollars
	equalLines(t, signal("no_exit"), "1337 USDC 1", "Adpend USDC 1", "Avantgarde USDC Core Arbitrum 42161", "Duplicated Key 1",
		"Not Gauntlet 42161", "Tanken USDC 1", "Vaultik USDC 42161")
	// no sound one is without a place, and no other one stands first
	equalLines(t, lines(t, db, "select distinct vault_id from marts.rankings where period = 'itd' and place is not null and vault_id in (select vault_id from marts.ineligibilities)"))
	equalLines(t, lines(t, db, "select distinct vault_id from marts.rankings where period = 'itd' and is_eligible order by vault_id"),
		"Avantgarde USDC Core Arbitrum 42161", "Clearstar High Yield USDC 42161", "Duplicated Key 1", "Elixir USDC 1", "Gauntlet USDC Core 1",
		"Gauntlet USDC Frontier 1", "Hyperithm USDC Degen 1", "MEV Capital USDC 1", "MEV Capital USDC 42161", "Smokehouse USDC 1", "Tanken USDC 1")
	// those without a drawdown are first in Calmar, and the one with a loss last
	equalLines(t, lines(t, db, "select place, count(*) from marts.rankings where period = 'itd' and ranking = 'calmar_ratio' and place is not null group by place order by place"), "1|10", "11|1")
	equalLines(t, lines(t, db, "select vault_id, round(100 * value, 2) from marts.rankings where period = 'itd' and ranking = 'max_drawdown' and place = ranked_count"), "MEV Capital USDC 1|-3.54")

	addFailedCollateral(t, db, names)
	reasons := func() []string {
		return lines(t, db, `
			select vault_id || ': ' || string_agg(ineligible_reason, ', ' order by reason_position)
			from marts.ineligibilities group by vault_id order by vault_id`)
	}
	warned := "select vault_id from marts.warnings where warning = 'large_loss' and vault_id not in (select vault_id from marts.ineligibilities)"

	run(t, db, Options{AsOf: date("2025-11-30")})
	equalLines(t, signal("implausible_growth"), "1337 USDC 1", "Adpend USDC 1", "Not Gauntlet 42161", "USDC Test 98866")
	// Relend has left the failed market by then, with a thousandth of what it held
	equalLines(t, reasons(), "(Deployer) 1: dust", "1337 USDC 1: illiquid, implausible_growth", "Adpend USDC 1: illiquid, implausible_growth",
		"Alpha USDC Core 42161: dust", "Dream Charity Vault 1: dust", "MEV Capital Elixir USDC 1: illiquid",
		"Not Gauntlet 42161: illiquid, implausible_growth", "RIMU USDC 1: dust", "Relend USDC 1: emptied",
		"USDC Test 98866: implausible_growth, dust", "Vaultik USDC 42161: illiquid")
	equalLines(t, lines(t, db, warned), "MEV Capital USDC 1")
	// from the first of these days on; before it Elixir had 96 % in a market that lent out
	// next to nothing
	const verdicts = `
		select vault_id, verdict, min(day), max(day), count(*), round(min(stuck_share), 3) from marts.backing
		where verdict != 'unknown' group by vault_id, verdict order by verdict, min(day)`
	equalLines(t, lines(t, db, verdicts), "MEV Capital Elixir USDC 1|backed|2025-10-01|2025-11-06|37|0.0",
		"Not Gauntlet 42161|illiquid|2025-10-31|2025-11-30|29|0.81", "Adpend USDC 1|illiquid|2025-11-01|2025-11-30|16|0.778",
		"Vaultik USDC 42161|illiquid|2025-11-03|2025-11-30|28|1.0", "1337 USDC 1|illiquid|2025-11-05|2025-11-30|26|1.0",
		"MEV Capital Elixir USDC 1|illiquid|2025-11-07|2025-11-30|24|1.0", "Relend USDC 1|illiquid|2025-11-08|2025-11-15|8|0.753")

	// two months after the last fact nothing is looked at any more, but prices tell
	run(t, db, Options{AsOf: date("2026-01-31")})
	equalLines(t, reasons(), "(Deployer) 1: dust", "1337 USDC 1: implausible_growth", "Adpend USDC 1: implausible_growth",
		"Alpha USDC Core 42161: dust", "Dream Charity Vault 1: dust", "MEV Capital Elixir USDC 1: implausible_growth",
		"Mystic MEV Capital pUSD 98866: stale", "Not Gauntlet 42161: implausible_growth", "RIMU USDC 1: dust", "Relend USDC 1: emptied",
		"USDC Test 98866: stale, dust", "Vaultik USDC 42161: implausible_growth")
	equalLines(t, lines(t, db, warned), "MEV Capital USDC 1")
	equalLines(t, lines(t, db, "select max(day), count(*) from marts.backing where verdict = 'illiquid'"), "2025-12-02|141")
	equalLines(t, lines(t, db, "select distinct verdict, reason from marts.backing where day = '2026-01-31'"), "unknown|nothing_looked_at")
}

// addFailedCollateral adds what files tell of those 23 vaults beside their prices: what
// a unit of the asset cost, the markets, and what each vault had in them.
func addFailedCollateral(t *testing.T, db *sql.DB, names map[string]string) {
	t.Helper()
	appendRows(t, db, "usd_readings", func(add func(...any) error) error {
		for i, r := range sharedCSV(t, "morpho-depeg-2025/share_prices_daily.csv") {
			if err := add(int32(1), int64(i+2), nil, orNull(decimal(t, r["total_assets_usd"]))); err != nil {
				return err
			}
		}
		return nil
	})
	at := func(r map[string]string) time.Time { return time.Unix(integer(t, r["timestamp"]).Int64(), 0).UTC() }
	addFile(t, db, 2, "markets")
	appendRows(t, db, "markets", func(add func(...any) error) error {
		for i, r := range sharedCSV(t, "morpho-depeg-2025/markets_daily.csv") {
			err := add(int32(2), int64(i+2), integer(t, r["chain_id"]).Int64(), r["market_unique_key"], at(r), "usd",
				orNull(decimal(t, r["supply_assets_usd"])), orNull(decimal(t, r["borrow_assets_usd"])),
				orNull(decimal(t, r["liquidity_assets_usd"])), orNull(decimal(t, r["utilization"])), r["collateral_symbol"], nil, r["loan_symbol"])
			if err != nil {
				return err
			}
		}
		return nil
	})
	addFile(t, db, 3, "allocations")
	appendRows(t, db, "allocations", func(add func(...any) error) error {
		for i, r := range sharedCSV(t, "morpho-depeg-2025/allocations_daily.csv") {
			err := add(int32(3), int64(i+2), names[r["vault_address"]], r["market_unique_key"], at(r), nil,
				orNull(decimal(t, r["supply_assets_usd"])), true)
			if err != nil {
				return err
			}
		}
		return nil
	})
	addFile(t, db, 4, "prices")
	appendRows(t, db, "token_prices", func(add func(...any) error) error {
		for i, r := range sharedCSV(t, "morpho-depeg-2025/collateral_prices_daily.csv") {
			err := add(int32(4), int64(i+2), integer(t, r["chain_id"]).Int64(), r["symbol"], at(r), *decimal(t, r["price_usd"]), nil)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
