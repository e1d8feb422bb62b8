package transform

import (
	"database/sql"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// A deal is a deposit into or, negative, a withdrawal from an ERC-4626 vault, in
// cents and in thousandths of a share.
type deal struct {
	who           string
	at            time.Time
	cents, shares int64
}

// dealsRun runs a run over deals and readings of a price.
func dealsRun(t *testing.T, deals []deal, prices []reading, asOf time.Time) *sql.DB {
	t.Helper()
	slices.SortStableFunc(deals, func(a, b deal) int { return a.at.Compare(b.at) })
	db := database(t)
	addVault(t, db, "v", "erc4626")
	var logs []chainLog
	for i, d := range deals {
		l := chainLog{block: 1000 + int64(i), index: 1, tx: fmt.Sprintf("0x%064x", i+1), event: "Deposit", at: &d.at}
		if d.cents < 0 || d.shares < 0 {
			l.event = "Withdraw"
		}
		l.arguments = map[string]any{
			"owner": d.who, "assets": new(big.Int).Abs(usd(d.cents)).String(),
			"shares": new(big.Int).Abs(mul(big.NewInt(d.shares), new(big.Int).Exp(big.NewInt(10), big.NewInt(15), nil))).String(),
		}
		logs = append(logs, l)
	}
	addLogs(t, db, 1, address(t, db, "v"), logs)
	addReadings(t, db, 2, prices)
	run(t, db, Options{AsOf: asOf})
	return db
}

// TestRootCounts makes cash flows that change their sign often, and counts the
// rates that solve them on a grid.
func TestRootCounts(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 20260101))
	var deals []deal
	flows := map[string][]cashFlow{}
	for i := range 300 {
		who := fmt.Sprintf("0x%040x", 0x1000+i)
		day := random.IntN(50)
		// large against each other, so that the balance often is the holder's debt
		for j := range 3 + random.IntN(6) {
			cents := int64(1 + random.IntN(1_000_000))
			if j > 0 && random.IntN(2) == 0 {
				cents = -cents
			}
			at := date("2010-01-01").AddDate(0, 0, day)
			shares := int64(1)
			if cents < 0 {
				shares = 0
			}
			deals = append(deals, deal{who, at, cents, shares})
			flows[who] = append(flows[who], cashFlow{at, -float64(cents) / 100})
			day += 1 + random.IntN(700)
		}
		// gone at the end, for nothing
		deals = append(deals, deal{who, date("2030-01-01"), 0, -int64(len(flows[who]))})
	}
	for i, d := range deals { // withdraw what shares there are
		if d.cents == 0 {
			sum := int64(0)
			for _, other := range deals {
				if other.who == d.who && other.cents > 0 {
					sum += other.shares
				}
			}
			deals[i].shares = -sum
		}
	}
	db := dealsRun(t, deals, []reading{{vault: "v", at: date("2009-12-31"), price: ptr(1.0)}}, date("2030-02-01"))
	counts := map[int]int{}
	scan(t, db, func(scan func(...any) error) error {
		var who string
		var roots *int
		var rate *float64
		var reason *string
		if err := scan(&who, &roots, &rate, &reason); err != nil {
			return err
		}
		want, first := gridRoots(flows[who])
		counts[want]++
		if roots == nil || *roots != want {
			t.Errorf("%s: %v roots, want %d of %v", who, roots, want, flows[who])
			return nil
		}
		switch {
		case want == 1 && (rate == nil || math.Abs(math.Log1p(*rate)-first) > 2e-4):
			t.Errorf("%s: rate %v, want %v", who, rate, math.Expm1(first))
		case want != 1 && rate != nil:
			t.Errorf("%s: rate %v of %d", who, *rate, want)
		case want > 1 && *reason != "multiple_roots", want == 0 && !slices.Contains([]string{"no_root", "out_of_range", "insufficient_data"}, *reason):
			t.Errorf("%s: reason %s for %d roots", who, *reason, want)
		}
		return nil
	}, `
		select who, roots_count, money_weighted_return, money_weighted_reason
		from marts.investor_returns
		inner join intermediate.investors using (vault_id, scope, who)
		inner join intermediate.investor_root_counts using (investor_id)
		where scope = 'holder'`)
	t.Logf("investors by roots: %v", counts)
	if counts[0] < 10 || counts[1] < 50 || counts[2] < 5 {
		t.Errorf("too few of a kind: %v", counts)
	}
}

// gridRoots counts changes of sign of what flows are worth over 100,000 rates,
// evenly spread in the logarithm, and says where the first is.
func gridRoots(flows []cashFlow) (count int, first float64) {
	low, high := math.Log(0.0001), math.Log(1001)
	const points = 100_000
	step := (high - low) / points
	worths, factors := make([]float64, len(flows)), make([]float64, len(flows)) // at a rate, and from it to the next
	for i, f := range flows {
		years := f.at.Sub(flows[0].at).Seconds() / 31_536_000
		worths[i], factors[i] = f.amount*math.Exp(-low*years), math.Exp(-step*years)
	}
	before := 0.0
	for i := range points + 1 {
		worth := 0.0
		for k := range worths {
			worth += worths[k]
			worths[k] *= factors[k]
		}
		if i > 0 && (worth > 0) != (before > 0) {
			count++
			if count == 1 {
				first = low + step*float64(i)
			}
		}
		before = worth
	}
	return count, first
}

// TestInvestorProperties: what must hold for any prices and flows.
func TestInvestorProperties(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(11, 20260101))
	trials := 2
	if testing.Short() {
		trials = 1
	}
	for trial := range trials {
		price := 1.0
		var prices []reading
		at := func(day int) time.Time { return date("2024-01-01").AddDate(0, 0, day).Add(12 * time.Hour) }
		const days = 500
		for day := range days {
			price *= math.Exp(0.0002 + 0.01*random.NormFloat64())
			prices = append(prices, reading{vault: "v", at: at(day), price: ptr(price)})
		}
		deal1 := func(who string, day int, shares int64) deal {
			cents := math.Round(float64(shares) / 10 * *prices[day].price)
			return deal{who, at(day), int64(cents), shares}
		}
		results := func(deals []deal) map[string][]string {
			db := dealsRun(t, deals, prices, at(days))
			out := map[string][]string{}
			for _, scope := range []string{"vault", "cohort", "holder"} {
				out[scope] = lines(t, db, fmt.Sprintf(`
					select who, round(money_weighted_return, 11), round(modified_dietz, 11), round(return_gap, 11), money_weighted_reason
					from marts.investor_returns where scope = '%s' order by who`, scope))
			}
			return out
		}
		// one deposit at inception earns what the price does
		db := dealsRun(t, []deal{deal1(alice, 0, 1_000_000_000)}, prices, at(days))
		equalLines(t, lines(t, db, "select scope, abs(return_gap) < 1e-8, abs(modified_dietz - time_weighted_return) < 1e-8 from marts.investor_returns order by scope"),
			"cohort|true|true", "holder|true|true", "vault|true|true")

		var deals []deal
		for _, who := range []string{alice, bob, carol} {
			shares := int64(0)
			for day := random.IntN(100); day < days; day += 1 + random.IntN(80) {
				change := int64(1_000_000 + random.IntN(50_000_000))
				if shares > 0 && random.IntN(3) == 0 {
					change = -random.Int64N(shares + 1)
				}
				shares += change
				deals = append(deals, deal1(who, day, change))
			}
		}
		before := results(slices.Clone(deals))
		more := slices.Clone(deals)
		for _, who := range []string{alice, bob, carol} {
			more = append(more, deal{who, at(300).Add(time.Hour), 0, 0})
		}
		doubled := slices.Clone(deals)
		for i := range doubled {
			doubled[i].cents *= 1024
			doubled[i].shares *= 1024
		}
		for name, changed := range map[string][]deal{"a flow of nothing": more, "all amounts times 1024": doubled} {
			after := results(changed)
			for scope := range before {
				if !slices.Equal(after[scope], before[scope]) {
					t.Errorf("trial %d: %s changes\n%v to\n%v", trial, name, before[scope], after[scope])
				}
			}
		}
		if len(before["holder"]) != 3 || len(before["vault"]) != 1 {
			t.Errorf("got %v", before)
		}
	}
}
