package transform

import (
	"fmt"
	"maps"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestNoFalseJumps: ordinary vaults, smooth, rough, with gaps, in weekly steps,
// with the tails of markets, and two real ones, have no jump at all.
func TestNoFalseJumps(t *testing.T) {
	series := seriesOf()
	jumping := []string{"loss-and-back", "tenfold", "from-nothing", "total-loss", "steepest"}
	maps.DeleteFunc(series, func(name string, _ []price) bool {
		return slices.ContainsFunc(jumping, func(shape string) bool { return strings.HasPrefix(name, shape) })
	})
	random := rand.New(rand.NewPCG(5, 20260101))
	for i := range 20 {
		step := math.Pow(10, -5+float64(i)/5) // 0.001 % to 6 % a day
		var tailed []price
		value := 1.0
		for _, at := range everyDay(12 * time.Hour) {
			tailed = append(tailed, price{at, ptr(value)})
			square := 0.0
			for range 5 {
				square += math.Pow(random.NormFloat64(), 2)
			}
			value *= math.Exp(step * random.NormFloat64() / math.Sqrt(square/5))
		}
		series[fmt.Sprintf("tailed-%d", i)] = tailed
	}
	weekly := walk(random, everyDay(12*time.Hour), 0)
	for i := range weekly {
		*weekly[i].price = math.Pow(1.004, float64(i/7)) // 23 % a year, harvested on Sundays
	}
	series["weekly"] = weekly
	db := database(t)
	fillSeries(t, db, series)
	for _, vault := range []string{"alusd", "alpusd"} {
		addVault(t, db, vault, "observed")
		text, err := os.ReadFile("../cmd/vaultperf/sample/" + vault + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		var readings []reading
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
			cells := strings.Split(line, ",")
			readings = append(readings, reading{vault: vault, at: moment(t, cells[1]), assets: whole(t, cells[2]), supply: whole(t, cells[3])})
		}
		addReadings(t, db, 100+len(vault), readings)
	}
	run(t, db, Options{AsOf: date("2025-09-04")})
	equalLines(t, lines(t, db, "select vault_id, observed_at, kind, evidence from marts.jumps order by all"))
	if n := one[int](t, db, "select count(*) from marts.quality"); n < 50 {
		t.Errorf("%d vaults, too few to say", n)
	}
}

// whole is an integer that may be written as a float.
func whole(t *testing.T, text string) *big.Int {
	t.Helper()
	f, _, err := big.ParseFloat(text, 10, 200, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	n, _ := f.Int(nil)
	return n
}

// TestBuiltInJumps: of each kind and both ways, on vaults of every roughness, all
// are found, each as what it is, and no other.
func TestBuiltInJumps(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 20260101))
	series := map[string][]price{}
	var want []string
	for i := range 30 {
		name := fmt.Sprintf("vault-%02d", i)
		step := math.Pow(10, -5+float64(i)/10) // to 0.8 % a day
		prices := walk(random, everyDay(12*time.Hour), step)
		size := 1.3 * max(0.005, 20*0.6745*step)
		change := func(from int, factor float64) {
			for j := from; j < len(prices); j++ {
				*prices[j].price *= factor
			}
		}
		expect := func(day int, kind string) {
			want = append(want, fmt.Sprintf("%s|%s|%s", name, prices[day].at.Format(time.DateOnly), kind))
		}
		sign := float64(1 - 2*(i%2))
		*prices[60].price *= 1 + sign*2*size
		expect(60, "spike_reverts")
		change(120, 1+size)
		expect(120, "step_up_without_deposit")
		change(180, 1-size)
		expect(180, "step_down")
		change(240, math.Pow(10, sign*float64(1+i%6)))
		expect(240, "decimals_or_implementation_change")
		series[name] = prices
	}
	db := database(t)
	fillSeries(t, db, series)
	run(t, db, Options{AsOf: date("2024-03-31")})
	equalLines(t, lines(t, db, "select vault_id, observed_at::date, kind from marts.jumps order by vault_id, observed_at"), want...)
}

// TestUpgradeWithAJump: a jump on the day of an upgrade is the upgrade's.
func TestUpgradeWithAJump(t *testing.T) {
	v := newLagoonVault(lagoonAddress, hours(0))
	v.management, v.performance = 0, 0
	v.requestDeposit(usd(100_000_00))
	v.begin(hours(1))
	v.settle(v.assets, true)
	for i := range 30 {
		v.begin(hours(20 + 24*i))
		switch i {
		case 5:
			v.emit("Initialized", "version", "1") // says nothing
		case 15:
			v.emit("Upgraded", "implementation", user)
		}
		change := int64(100)
		if i == 15 || i == 20 {
			change = 20_000
		}
		v.begin(hours(22 + 24*i))
		if i == 20 {
			v.requestDeposit(usd(5_000_00))
		}
		v.settle(grow(v.assets, change), true)
	}
	db := lagoonRun(t, v.logs)
	equalLines(t, lines(t, db, "select kind, evidence, round(unexplained_assets, 2) from marts.jumps order by observed_at"),
		"decimals_or_implementation_change|the price went from 1.0015 to 1.02153 (+2.00 %); its median move is 0.0100 %; "+
			"the contract was upgraded: Upgraded; total assets changed by 2,003.00 USD; 0.00 USD flowed|2003.0",
		"step_up_without_deposit|the price went from 1.02194 to 1.04238 (+2.00 %); its median move is 0.0100 %; "+
			"total assets changed by 2,043.88 USD; 0.00 USD flowed|2043.88")
}
