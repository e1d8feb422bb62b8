package transform

import (
	"database/sql"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A state is what was read of vault v at a block.
type state struct {
	block int64
	at    time.Time
	reads map[string]string // field to value; "convertToAssets" is of a million million shares
}

func addStates(t testing.TB, db *sql.DB, vault string, shareDecimals int, states []state) {
	t.Helper()
	for _, s := range states {
		for field, value := range s.reads {
			argument := ""
			if field == "convertToAssets" {
				argument = "1" + strings.Repeat("0", shareDecimals+12)
			}
			status, read := "ok", any(value)
			if value == "reverted" {
				status, read = value, nil
			}
			exec(t, db, "insert into raw.states values (1, ?, ?, ?, ?, ?, ?, ?::varchar::bignum, null)",
				s.block, s.at, address(t, db, vault), field, argument, status, read)
		}
	}
}

// TestStatePrices prices each family as its contract does. The wanted prices were
// worked out in whole numbers from the formulas in the vaults' sources.
func TestStatePrices(t *testing.T) {
	at := date("2024-02-10").Add(23*time.Hour + 59*time.Minute)
	const million, shares = "1000000000000", "900000000000000000000000" // 1,000,000 of the asset, 900,000 shares
	ratio := func(assets, virtualAssets, supply, virtualShares string, digits int64) string {
		n := func(text string) *big.Int { v, _ := new(big.Int).SetString(text, 10); return v }
		top := new(big.Int).Add(n(assets), n(virtualAssets))
		top.Mul(top, new(big.Int).Exp(big.NewInt(10), big.NewInt(digits), nil))
		return new(big.Rat).SetFrac(top, new(big.Int).Add(n(supply), n(virtualShares))).FloatString(20)
	}
	cases := []struct {
		family string
		share  int // decimals
		reads  map[string]string
		want   string // price, or empty
	}{
		{"lagoon", 18, map[string]string{"totalAssets": million, "totalSupply": shares, "convertToAssets": "1111111111110987654"}, "1.111111111110987654"},
		{"metamorpho", 18, map[string]string{"totalAssets": million, "totalSupply": shares}, ratio(million, "1", shares, "1000000000000", 12)},
		// its fees are due: what it says, not its totals
		{"metamorpho", 18, map[string]string{"totalAssets": million, "totalSupply": shares, "convertToAssets": "1100000000000000000"}, "1.1"},
		{"morpho_v2", 18, map[string]string{"totalAssets": million, "totalSupply": shares}, ratio(million, "1", shares, "1000000000000", 12)},
		{"susde", 6, map[string]string{"totalAssets": million, "totalSupply": "900000000000"}, ratio(million, "1", "900000000000", "1", 0)},
		{"euler_earn", 6, map[string]string{"totalAssets": "1000000", "totalSupply": "3000000"}, ratio("1000000", "1000000", "3000000", "1000000", 0)},
		{"evk", 6, map[string]string{"totalAssets": "5000000", "totalSupply": "3000000"}, ratio("5000000", "1000000", "3000000", "1000000", 0)},
		// the virtual shares of a plain vault are not known: what it says itself
		{"erc4626", 18, map[string]string{"totalAssets": million, "totalSupply": shares, "convertToAssets": "1111111111111111111"}, "1.111111111111111111"},
		{"erc4626", 6, map[string]string{"totalAssets": million, "totalSupply": shares, "convertToAssets": "1050000000000000001"}, "1.050000000000000001"},
		{"erc7540", 18, map[string]string{"totalSupply": shares, "convertToAssets": "999999999999999999"}, "0.999999999999999999"},
		{"yearn_v3", 6, map[string]string{"totalSupply": "900000000000", "convertToAssets": "1234567890123456789", "pricePerShare": "1234567"}, "1.234567890123456789"},
		// half of a locked profit of 100,000 is free after half of the time it takes
		{"yearn_v2", 6, map[string]string{
			"totalAssets": million, "totalSupply": "900000000000", "pricePerShare": "1055555", "lockedProfit": "100000000000",
			"lockedProfitDegradation": "50000000000000", "lastReport": fmt.Sprint(at.Unix() - 10_000),
		}, ratio("950000000000", "0", "900000000000", "0", 0)},
		{"yearn_v2", 6, map[string]string{
			"totalAssets": million, "totalSupply": "900000000000", "pricePerShare": "1111111", "lockedProfit": "100000000000",
			"lockedProfitDegradation": "50000000000000", "lastReport": fmt.Sprint(at.Unix() - 30_000),
		}, ratio(million, "0", "900000000000", "0", 0)},
		// vaults of the first version lock nothing
		{"yearn_v2", 6, map[string]string{"totalAssets": million, "totalSupply": "900000000000", "pricePerShare": "1111111", "lockedProfit": "reverted"}, ratio(million, "0", "900000000000", "0", 0)},
		// a formula that does not round to the answer is not the vault's
		{"yearn_v2", 6, map[string]string{"totalAssets": million, "totalSupply": "900000000000", "pricePerShare": "1111110", "lockedProfit": "reverted"}, "1.11111"},
		{"yearn_v2", 6, map[string]string{"totalAssets": "reverted", "totalSupply": "900000000000", "pricePerShare": "1111110"}, "1.11111"},
		{"veda", 18, map[string]string{"totalSupply": shares, "accountant.getRate": "1023456"}, "1.023456"},
		// what was not read prices nothing, and neither does less than a thousandth of a share
		{"erc4626", 18, map[string]string{"totalSupply": shares, "convertToAssets": "reverted"}, ""},
		{"erc4626", 18, map[string]string{"totalSupply": "reverted", "convertToAssets": "1000000000000000000"}, ""},
		{"erc4626", 18, map[string]string{"totalSupply": "0", "convertToAssets": "1000000000000000000"}, ""},
		{"lagoon", 18, map[string]string{"totalAssets": "1", "totalSupply": "999999999999999"}, ""},
		{"lagoon", 18, map[string]string{"totalAssets": "reverted", "totalSupply": shares}, ""},
		{"observed", 18, map[string]string{"totalSupply": shares, "convertToAssets": "1000000000000000000"}, "1.0"},
	}
	db := database(t)
	for i, c := range cases {
		id := fmt.Sprint("v", i)
		addVault(t, db, id, c.family)
		exec(t, db, "update raw.vaults set share_decimals = ? where vault_id = ?", c.share, id)
		addStates(t, db, id, c.share, []state{{100, at, c.reads}})
	}
	run(t, db, Options{AsOf: date("2024-02-10")})
	for i, c := range cases {
		got := lines(t, db, fmt.Sprintf("select share_price from marts.share_prices where source = 'node_state' and vault_id = 'v%d'", i))
		if c.want == "" {
			if len(got) > 0 {
				t.Errorf("%s %v: price %s, want none", c.family, c.reads, got)
			}
			continue
		}
		want, _ := new(big.Rat).SetString(c.want)
		var price float64
		if len(got) == 1 {
			price, _ = strconv.ParseFloat(got[0], 64) // what is no number is not close
		}
		if !isClose(price, want) {
			t.Errorf("%s %v: got %v, want %s", c.family, c.reads, got, c.want)
		}
	}
	equalLines(t, lines(t, db, "select v.family, w.message from marts.warnings as w inner join marts.vaults as v using (vault_id) where w.warning = 'price_contradicted'"),
		"yearn_v2|at 1 blocks the price by the vault's own formula does not round to what pricePerShare answers")
}

// TestStatesBesideOtherSources: a state is worse than a settlement of the same
// day and better than a reading or a trade; the last block of a day is its mark.
func TestStatesBesideOtherSources(t *testing.T) {
	db := database(t)
	addVault(t, db, "v", "erc4626")
	addLogs(t, db, 1, address(t, db, "v"), trades(3)) // 02-10 to 02-12
	day := func(n, hour int) time.Time {
		return date("2024-02-10").AddDate(0, 0, n).Add(time.Duration(hour) * time.Hour)
	}
	price := func(p string) map[string]string {
		return map[string]string{"totalAssets": "3000000000", "totalSupply": "3000000000000000000000", "convertToAssets": p}
	}
	addStates(t, db, "v", 18, []state{
		{1001, day(1, 6), price("1100000000000000000")},
		{1002, day(1, 23), price("1200000000000000000")},
		{1003, day(1, 23), price("1210000000000000000")}, // a second block of the same second
		{1004, day(5, 0), price("1300000000000000000")},
		{1005, day(9, 0), price("1400000000000000000")}, // after the as-of day
	})
	p := 1.5
	addReadings(t, db, 2, []reading{{vault: "v", at: day(1, 23).Add(time.Minute), price: &p}, {vault: "v", at: day(6, 0), price: &p}})
	run(t, db, Options{AsOf: date("2024-02-16")})
	equalLines(t, lines(t, db, `
		select price_date, share_price, total_assets, total_supply, total_assets_raw, block_number, source
		from marts.share_prices order by observed_at`),
		"2024-02-10|1.0|null|null|null|1000|erc4626_trade",
		"2024-02-11|1.21|3000.0|3000.0|3000000000|1003|node_state",
		"2024-02-12|1.002|null|null|null|1002|erc4626_trade",
		"2024-02-15|1.3|3000.0|3000.0|3000000000|1004|node_state",
		"2024-02-16|1.5|null|null|null|null|reading",
	)
}

// TestLagoonStatesThatRepeat: between valuations a Lagoon vault's price stands, and
// a day's state or reading that repeats it is a true return of zero, to the last bit
// though flows round. A state that differs from the last settlement, because the logs lack
// one, is a price of its own.
func TestLagoonStatesThatRepeat(t *testing.T) {
	t.Parallel()
	plain := database(t)
	addVault(t, plain, "v", "lagoon")
	v := liveLagoon(address(t, plain, "v"))
	addLogs(t, plain, 1, v.address, v.logs)
	run(t, plain, Options{AsOf: date("2025-06-30")})
	const prices = "select observed_at, share_price, source from marts.share_prices order by observed_at"
	want := lines(t, plain, prices)

	db := database(t)
	addVault(t, db, "v", "lagoon")
	addLogs(t, db, 1, v.address, v.logs)
	at := func(which string) (s state) {
		s.at = one[time.Time](t, plain, "select "+which+"(observed_at) from marts.share_prices")
		s.block = one[int64](t, plain, "select arg_"+which+"(block_number, observed_at) from marts.share_prices")
		s.reads = map[string]string{
			"totalAssets": one[string](t, plain, "select arg_"+which+"(total_assets_raw, observed_at) from marts.share_prices"),
			"totalSupply": one[string](t, plain, "select arg_"+which+"(total_supply_raw, observed_at) from marts.share_prices"),
		}
		return s
	}
	first, last := at("min"), at("max")
	first.at = first.at.Add(time.Second)
	for range 2 {
		last.block, last.at = last.block+10, last.at.AddDate(0, 0, 1)
		addStates(t, db, "v", 18, []state{last})
	}
	number := func(field string) *big.Int { n, _ := new(big.Int).SetString(last.reads[field], 10); return n }
	last.block, last.at = last.block+10, last.at.AddDate(0, 0, 1)
	addReadings(t, db, 2, []reading{{vault: "v", at: last.at, assets: number("totalAssets"), supply: number("totalSupply")}})
	addStates(t, db, "v", 18, []state{first})
	run(t, db, Options{AsOf: date("2025-06-30")})
	got := lines(t, db, prices)
	if len(got) != len(want)+3 {
		t.Fatalf("got\n%s\nwant three days more", strings.Join(got, "\n"))
	}
	equalLines(t, got[:len(want)], want...)
	equalLines(t, lines(t, db, "select simple_return from marts.returns order by observed_at desc limit 3"), "0.0", "0.0", "0.0")

	more := number("totalAssets")
	last.reads["totalAssets"] = more.Add(more, new(big.Int).Quo(more, big.NewInt(1000))).String()
	last.block, last.at = last.block+10, last.at.AddDate(0, 0, 1)
	addStates(t, db, "v", 18, []state{last})
	run(t, db, Options{AsOf: date("2025-06-30")})
	equalLines(t, lines(t, db, "select round(simple_return, 9) from marts.returns order by observed_at desc limit 1"), "0.001")
}

func TestCompleteness(t *testing.T) {
	db := database(t)
	addVault(t, db, "files", "lagoon")
	addVault(t, db, "node", "lagoon")
	exec(t, db, `insert into raw.verifications values
		('node', 'L0', 'proved', 10, null, 'fine'), ('node', 'L1', 'proved', 10, null, 'fine'),
		('node', 'L2', 'unproved', 0, 17, 'block 17: log 3 is missing'), ('node', 'L3', 'checked', 5, null, 'some')`)
	run(t, db, Options{AsOf: date("2025-06-30")})
	equalLines(t, lines(t, db, "select * from marts.completeness"),
		"files|L0|unproved|0|null|no node was asked",
		"files|L1|unproved|0|null|no node was asked",
		"files|L2|unproved|0|null|no node was asked",
		"files|L3|unproved|0|null|no node was asked",
		"node|L0|proved|10|null|fine",
		"node|L1|proved|10|null|fine",
		"node|L2|unproved|0|17|block 17: log 3 is missing",
		"node|L3|checked|5|null|some",
	)
	equalLines(t, lines(t, db, "select vault_id, message, rows from marts.warnings where warning = 'history_incomplete'"),
		"node|the event history failed its verification against the chain: block 17: log 3 is missing|1",
	)
}
