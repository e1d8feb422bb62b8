package transform

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// TestFeesOfAFund holds every valuation against the contract's formula in loops:
// supplies and shares to the last digit, the split of the fee, and that the rates
// are found from the mints alone.
func TestFeesOfAFund(t *testing.T) {
	v, db := fundNight(t)
	i := 0
	withoutFees := 1.0
	scan(t, db, func(scan func(...any) error) error {
		var before, shares, manager, protocols string
		var management, performance, price, gross, free, mark *float64
		var rate, gainRate *float64
		var reproduced *bool
		err := scan(&before, &shares, &manager, &protocols, &management, &performance, &price, &gross, &free, &mark, &rate, &gainRate, &reproduced)
		if err != nil {
			return err
		}
		f := v.fees[i]
		if before != f.before.String() || shares != new(big.Int).Add(f.toManager, f.toProtocol).String() ||
			manager != f.toManager.String() || protocols != f.toProtocol.String() {
			t.Errorf("%d: got %s %s %s %s, want %v %v %v %v", i, before, shares, manager, protocols, f.before, f.shares, f.toManager, f.toProtocol)
		}
		i++
		if i == 1 { // nothing was there to take fees of, and no valuation before it
			if reproduced != nil || *price != 1 || *gross != 1 || *management != 0 {
				t.Errorf("the first valuation has %v %v %v %v", reproduced, *price, *gross, *management)
			}
			return nil
		}
		if reproduced == nil || !*reproduced || *rate != 0.02 || *gainRate != 0.2 {
			t.Errorf("%d: reproduced %v at the rates %v %v", i, reproduced, *rate, *gainRate)
		}
		// a fee in assets is worth the shares that pay it, to a raw unit
		if m, want := *management, units(f.management); m < want-2e-6 || m > want+2e-6 {
			t.Errorf("%d: management fee %v, want %v", i, m, want)
		}
		if p, want := *performance, units(f.performance); p < want-2e-6 || p > want+2e-6 {
			t.Errorf("%d: performance fee %v, want %v", i, p, want)
		}
		if !near(*mark, units(f.mark)) {
			t.Errorf("%d: high-water mark %v, want %v", i, *mark, f.mark)
		}
		withoutFees *= *gross / *price
		if !near(*free, *price*withoutFees) || *gross < *price {
			t.Errorf("%d: price %v, gross %v, without fees %v", i, *price, *gross, *free)
		}
		return nil
	}, `
		select supply_before_raw, fee_shares_raw, manager_shares_raw, protocol_shares_raw, management_fee, performance_fee,
			net_price, gross_price, price_without_fees, high_water_mark, management_rate, performance_rate, is_reproduced
		from marts.fees order by log_position`)
	if i != len(v.fees) || i < 180 {
		t.Errorf("%d rows, want %d", i, len(v.fees))
	}
	equalLines(t, lines(t, db, "select distinct rates_source, kind, is_estimated from marts.fees where is_reproduced"), "recovered|valuation|false")
}

// units is an amount of the asset.
func units(raw *big.Int) float64 {
	f, _ := new(big.Rat).SetFrac(raw, big.NewInt(1_000_000)).Float64()
	return f
}

// TestFeeRatesReadFromTheVault: a node's reading goes before what the mints amount
// to, and wrong rates split nothing.
func TestFeeRatesReadFromTheVault(t *testing.T) {
	v := fund()
	for rates, want := range map[string]string{
		`["200","2000"]`: "state|0.02|0.2|true",
		`["200","1900"]`: "state|0.02|0.19|false",
	} {
		db := database(t)
		addVault(t, db, "v", "lagoon")
		exec(t, db, "update raw.vaults set address = ?", lagoonAddress)
		addLogs(t, db, 1, lagoonAddress, v.logs)
		exec(t, db, "insert into raw.states values (1, 22000000, ?, ?, 'feeRates', '', 'ok', null, ?)", hours(2), lagoonAddress, rates)
		run(t, db, Options{AsOf: date("2025-10-31")})
		equalLines(t, lines(t, db, "select rates_source, management_rate, performance_rate, is_reproduced from marts.fees where performance_fee > 0 or not is_reproduced group by all"), want)
		equalLines(t, lines(t, db, "select distinct management_fee, split_reason from marts.fees where not is_reproduced"), map[bool][]string{true: {"null|rates_unknown"}}[strings.HasSuffix(want, "false")]...)
	}
}

// TestFeesAreProvedToTheLastDigit: one share unit more or less in one mint, and
// the rules do not give it any more.
func TestFeesAreProvedToTheLastDigit(t *testing.T) {
	for _, change := range []int64{-1, 1} {
		v := fund()
		changed := 0
		for i, l := range v.logs {
			if l.event == "Transfer" && l.arguments["from"] == nobody && l.arguments["to"] == receiver && l.at.After(hours(500)) {
				n, _ := new(big.Int).SetString(fmt.Sprint(l.arguments["value"]), 10)
				v.logs[i].arguments["value"] = add(n, change).String()
				changed++
				break
			}
		}
		if changed != 1 {
			t.Fatal("no mint to change")
		}
		// the settlements say another supply now; this test is of the fee alone
		for i, l := range v.logs {
			if strings.HasPrefix(l.event, "Settle") && l.at.After(hours(500)) {
				n, _ := new(big.Int).SetString(fmt.Sprint(l.arguments["totalSupply"]), 10)
				v.logs[i].arguments["totalSupply"] = add(n, change).String()
			}
		}
		db := lagoonRun(t, v.logs)
		if wrong := lines(t, db, "select block_at::date from marts.fees where not is_reproduced order by log_position limit 1"); len(wrong) != 1 || wrong[0] != "2025-03-22" {
			t.Errorf("change of %d: first not reproduced on %v", change, wrong)
		}
	}
}

// TestFeeRatesFromTheirEvents: an update stands from its timestamp, and the old
// rates of the first one until then.
func TestFeeRatesFromTheirEvents(t *testing.T) {
	v := newLagoonVault(lagoonAddress, hours(0))
	v.requestDeposit(usd(100_000_00))
	v.begin(hours(1))
	v.settle(big.NewInt(0), true)
	update := func(at int, old, renewed [2]int64, from int) {
		v.begin(hours(at))
		v.emit("RatesUpdated", "timestamp", fmt.Sprint(hours(from).Unix()))
		arguments := v.logs[len(v.logs)-1].arguments
		arguments["oldRates"] = []string{fmt.Sprint(old[0]), fmt.Sprint(old[1])}
		arguments["newRate"] = []string{fmt.Sprint(renewed[0]), fmt.Sprint(renewed[1])}
	}
	var want []string
	for i := range 12 {
		switch i {
		case 3: // takes effect at 6
			update(24*i+2, [2]int64{200, 2000}, [2]int64{100, 1000}, 24*6)
		case 6:
			v.management, v.performance = 100, 1000
		case 9: // takes effect at once
			update(24*i, [2]int64{100, 1000}, [2]int64{0, 500}, 24*9)
			v.management, v.performance = 0, 500
		}
		v.begin(hours(24*i + 12))
		v.settle(grow(v.assets, 700), true)
		want = append(want, fmt.Sprintf("%d|%d|true", v.management, v.performance))
	}
	db := lagoonRun(t, v.logs)
	got := lines(t, db, "select (management_rate * 10000)::int, (performance_rate * 10000)::int, is_reproduced from marts.fees where elapsed_days is not null and reason is null order by log_position")
	equalLines(t, got, want...)
	equalLines(t, lines(t, db, "select distinct rates_source from marts.fees where reason is null"), "event")
}
