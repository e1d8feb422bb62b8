package transform

import (
	"math/big"
	"testing"
)

// TestReadingsInUSD: by hand, with an asset that costs 2 dollars, then 4, and by the
// benchmark 5. Nothing is converted one to one.
func TestReadingsInUSD(t *testing.T) {
	db := database(t)
	addVault(t, db, "v", "observed")
	addVault(t, db, "w", "observed") // names no benchmark
	addVault(t, db, "x", "observed") // nor does this one
	units := func(n int64) *big.Int { return big.NewInt(n * 1_000_000) }
	shares := func(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), big.NewInt(1e18)) }
	at := func(text string) reading { return reading{at: moment(t, text)} }
	var readings []reading
	add := func(vault, time string, price *float64, assets, supply *big.Int, priceUSD, assetsUSD any) {
		r := at(time)
		r.vault, r.price, r.assets, r.supply = vault, price, assets, supply
		readings = append(readings, r)
		if priceUSD != nil || assetsUSD != nil {
			exec(t, db, "insert into raw.usd_readings values (1, ?, ?, ?)", len(readings)+1, priceUSD, assetsUSD)
		}
	}
	// by the row's own ratio: 2 dollars a unit, so 3 dollars are 1.5
	add("v", "2025-08-01T10:00:00Z", nil, units(100), nil, 3.0, 200.0)
	// by the day's last reading with both, which is not the row's nearest
	add("v", "2025-08-02T01:00:00Z", nil, units(100), nil, 3.0, 300.0)
	add("v", "2025-08-02T09:00:00Z", ptr(1.5), units(100), nil, nil, 400.0)
	add("v", "2025-08-02T11:00:00Z", nil, nil, nil, 8.0, nil)
	// by the benchmark, with assets in dollars and a supply
	add("v", "2025-08-03T10:00:00Z", nil, nil, shares(40), nil, 500.0)
	// dust decides nothing: the benchmark does
	add("v", "2025-08-04T10:00:00Z", nil, big.NewInt(999), nil, 20.0, 1.0)
	// no price of the asset: nothing, or the price alone
	add("v", "2025-08-05T10:00:00Z", nil, nil, nil, 3.0, nil)
	add("v", "2025-08-06T10:00:00Z", ptr(7.0), nil, nil, nil, 1000.0)
	add("v", "2025-08-07T10:00:00Z", nil, nil, nil, 0.0, nil)
	add("w", "2025-08-03T10:00:00Z", nil, nil, shares(40), nil, 500.0)
	add("x", "2025-08-06T10:00:00Z", ptr(7.0), nil, nil, nil, 1000.0)
	// an absurd price
	add("v", "2025-08-08T10:00:00Z", nil, units(1), nil, 1e300, 1e-9)
	addReadings(t, db, 1, readings)
	exec(t, db, "insert into raw.asset_prices values ('v', 'usd')")
	exec(t, db, "insert into raw.benchmark_sources values ('usd', 1, 'price', null, null, false)")
	exec(t, db, "insert into raw.benchmarks values ('usd', '2025-08-03', 5), ('usd', '2025-08-04', 5)")
	exec(t, db, "update raw.readings set is_inexact = true where vault_id = 'v' and day(observed_at) in (2, 4, 5)")
	run(t, db, Options{AsOf: date("2025-08-08")})
	equalLines(t, lines(t, db, "select vault_id, strftime(observed_at, '%d'), share_price, total_assets from marts.share_prices order by all"),
		"v|01|1.5|100.0", "v|02|2.0|null", "v|03|2.5|100.0", "v|04|4.0|0.000999", "v|06|7.0|null", "x|06|7.0|null")
	equalLines(t, lines(t, db, "select reason, rows_set_aside, first_line, example from marts.import_reasons order by all"),
		"no_asset_price|3|8|v at 2025-08-05 10:00:00+00", "price_out_of_range|1|13|v at 2025-08-08 10:00:00+00")
	equalLines(t, lines(t, db, "select vault_id, warning, rows from marts.warnings where warning in ('no_asset_price', 'failed_reads') order by all"),
		"v|no_asset_price|3", "w|no_asset_price|1", "x|no_asset_price|1")
	// three readings of one day make a price point, one without a price none
	equalLines(t, lines(t, db, "select vault_id, inexact_points from marts.quality order by all"), "v|2", "x|0")
	const told = " in US dollars, and nothing tells what the asset cost that day: "
	equalLines(t, lines(t, db, "select vault_id, message from marts.warnings where warning = 'no_asset_price' order by all"),
		"v|3 readings are"+told+"2 give no price and were left out, 1 gives no total assets; the benchmark usd has no value on these days",
		"w|1 reading is"+told+"1 gives no price and was left out; the config can name a benchmark (asset_price)",
		"x|1 reading is"+told+"1 gives no total assets; the config can name a benchmark (asset_price)")
}
