package transform

import (
	"database/sql"
	"fmt"
	"math"
	"math/big"
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
	leavesOn := func(leaves int) func(int) float64 {
		return func(day int) float64 {
			if day >= leaves {
				return 900_000 // of 1,000,000
			}
			return 1_000_000
		}
	}
	flat := constant(1)
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
		of("grows_after_a_fall", falling(0.004, 10, -0.005), "implausible_growth"),
		// a thousandth of 10,000,000
		{"emptied_but_for_10000", flat, last(1e7, 10_000), ""},
		{"emptied_but_for_9999", flat, last(1e7, 9_999), "emptied"},
		{"dust_of_1000", flat, last(50_000, 1_000), ""},
		{"dust_of_999", flat, last(50_000, 999.999999), "dust"},
		{"other_of_999", flat, last(50_000, 999.999999), ""},
		{"emptied_and_dust", flat, last(1e7, 1), "dust emptied"},
		// day 14 is 30 days before the last
		{"left_on_day_14", flat, leavesOn(14), "no_exit"},
		{"left_on_day_15", flat, leavesOn(15), ""},
		{"nobody_left_an_empty_vault", flat, constant(0.5), "dust"},
		of("fell_by_099", falling(0, 20, -0.0099), ""),
		of("fell_by_101", falling(0, 20, -0.0101), "large_loss"),
	}
}

// addSignalled writes the vaults, whose asset is a dollar by its symbol, and their
// readings. That of other_of_999 is not, as the config says.
func addSignalled(t *testing.T) *sql.DB {
	t.Helper()
	db := database(t)
	var readings []reading
	for _, v := range signalledVaults() {
		addVault(t, db, v.name, "observed")
		for day := range 45 {
			at := time.Date(2025, 2, 15, 12, 0, 0, 0, time.UTC).AddDate(0, 0, day)
			readings = append(readings, reading{
				vault: v.name, at: at, price: ptr(v.price(day)), assets: big.NewInt(int64(math.Round(v.assets(day) * 1e6))),
			})
		}
	}
	addReadings(t, db, 1, readings)
	exec(t, db, "insert into raw.asset_references values ('other_of_999', 'other')")
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
	equalLines(t, lines(t, db, "select message from marts.warnings where vault_id in ('grows_by_107', 'emptied_but_for_9999', 'fell_by_101') and warning in ('implausible_growth', 'emptied', 'large_loss') order by vault_id"),
		"the vault holds 9,999.00 USD, under 0.1 % of the most it held (10,000,000): its figures are those of a vault that nearly all have left",
		"the price once fell by 1.01 % from its peak, to its lowest on 2025-03-07, and has not come back",
		"the price grew at 107 % a year over the last 30 days and never fell: so does interest on debt that nobody will pay, and nobody may be able to leave at this price",
	)
	// 44 returns since inception, 30 of the last 30 days; a gain without a drawdown is
	// above every ratio, standing still is no ratio at all
	equalLines(t, lines(t, db, "select vault_id, place, value, reason, ranked_count from marts.rankings where period = 'itd' and ranking = 'calmar_ratio' and vault_id in ('grows_by_93', 'grows_by_107', 'left_on_day_15') order by vault_id"),
		"grows_by_107|null|null|no_drawdown|4", "grows_by_93|1|null|no_drawdown|4", "left_on_day_15|null|null|no_drawdown|4")
	// -8.075 % a year by 1.01 % is -7.995, -7.922 % by 0.99 % is -8.002
	equalLines(t, lines(t, db, "select vault_id from marts.rankings where period = 'itd' and ranking = 'calmar_ratio' and place is not null order by place"),
		"grows_by_93", "grows_with_a_fall_of_011", "fell_by_101", "fell_by_099")
	equalLines(t, lines(t, db, `
		select distinct r.vault_id from marts.rankings as r left join marts.ineligibilities as i using (vault_id)
		where r.period = '30d' and (is_eligible != (i.vault_id is null) or not is_eligible and place is not null)`))
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
