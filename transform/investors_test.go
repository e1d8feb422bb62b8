package transform

import (
	"database/sql"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
)

// A booking is what changed on a holder's account: shares, and the assets it
// paid (negative) or got for them, both in raw units; nil: at the price of then.
type booking struct {
	at            time.Time
	who, with     string // with: the other holder, empty where there is none
	shares        *big.Rat
	assets        *big.Rat
	isFee, isMove bool
}

func (v *lagoonVault) flow(who string, shares, assets *big.Rat) {
	v.book = append(v.book, booking{at: v.now, who: who, shares: shares, assets: assets})
}

func (v *lagoonVault) moved(from, to string, shares *big.Int) {
	if from == to {
		return
	}
	plus := new(big.Rat).SetInt(shares)
	v.book = append(v.book,
		booking{at: v.now, who: from, with: to, shares: new(big.Rat).Neg(plus), isMove: true},
		booking{at: v.now, who: to, with: from, shares: plus, isMove: true})
}

func (v *lagoonVault) minted(who string, shares *big.Int) {
	v.book = append(v.book, booking{at: v.now, who: who, shares: new(big.Rat).SetInt(shares), isFee: true})
}

// A flowOf is assets and shares that came into a vault or, negative, left it.
type flowOf struct {
	at             time.Time
	kind           string
	assets, shares *big.Int
}

func (v *lagoonVault) flowed(kind string, assets, shares *big.Int) {
	v.flows = append(v.flows, flowOf{v.now, kind, assets, shares})
}

// priceAt is the last price at or before a moment, in raw assets per raw share.
func (v *lagoonVault) priceAt(at time.Time) *big.Rat {
	var last *big.Rat
	for _, w := range v.valuations {
		if !w.at.After(at) {
			last = new(big.Rat).SetFrac(add(w.assets, 1), new(big.Int).Add(w.supply, offset))
		}
	}
	return last
}

// A cashFlow is an amount at a moment, negative where it was paid in.
type cashFlow struct {
	at     time.Time
	amount float64
}

// An account is what the bookings of some holders add up to.
type account struct {
	flows  []cashFlow // in units of the asset
	shares float64    // in whole shares
}

// accountOf adds up the bookings that a scope counts, in order.
func (v *lagoonVault) accountOf(counts func(b booking) bool) account {
	var out account
	shares := new(big.Rat)
	for _, b := range v.book {
		if !counts(b) {
			continue
		}
		shares.Add(shares, b.shares)
		assets := b.assets
		if assets == nil {
			assets = new(big.Rat).Mul(b.shares, v.priceAt(b.at))
			assets.Neg(assets)
		}
		amount, _ := new(big.Rat).Quo(assets, big.NewRat(1_000_000, 1)).Float64()
		out.flows = append(out.flows, cashFlow{b.at, amount})
	}
	out.shares, _ = shares.Quo(shares, new(big.Rat).SetInt(wholeShare)).Float64()
	return out
}

// xirr halves the bracket of -99.99 % to 100,000 % until it is a float's width.
func xirr(flows []cashFlow) float64 {
	worth := func(rate float64) float64 {
		sum := 0.0
		for _, f := range flows {
			sum += f.amount * math.Pow(1+rate, -f.at.Sub(flows[0].at).Seconds()/31_536_000)
		}
		return sum
	}
	low, high := -0.9999, 1000.0
	if worth(low)*worth(high) >= 0 {
		return math.NaN()
	}
	for range 200 {
		middle := low + (high-low)/2
		if worth(middle)*worth(low) > 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return low + (high-low)/2
}

func TestXIRROfTheLoop(t *testing.T) {
	// the example of Microsoft's documentation of XIRR
	if got := xirr(microsoft()); math.Abs(got-0.373362535) > 5e-9 {
		t.Errorf("got %v", got)
	}
}

func microsoft() []cashFlow {
	return []cashFlow{
		{date("2008-01-01"), -10000}, {date("2008-03-01"), 2750}, {date("2008-10-30"), 4250}, {date("2009-02-15"), 3250}, {date("2009-04-01"), 2750},
	}
}

const (
	alice = "0x000000000000000000000000000000000000a11c"
	bob   = "0x0000000000000000000000000000000000000b0b"
	carol = "0x00000000000000000000000000000000000ca201"
	vat   = "0x0000000000000000000000000000000000007a7a" // whom a controller lets claim
)

// fund is a vault with several holders over half a year: deposits together and
// apart, one cancelled, claims by others, gifts, redemptions by half and whole,
// fees that are redeemed, a synchronous deposit, two settlements in a block.
func fund() *lagoonVault {
	v := newLagoonVault(lagoonAddress, hours(0))
	v.begin(hours(1))
	v.requestDepositBy(alice, usd(100_000_00))
	v.requestDepositBy(bob, usd(33_333_33))
	v.begin(hours(2))
	v.settle(big.NewInt(0), true)
	changes := []int64{410, 270, -420, 1500, 0, 1900, -3, 95, 12_000, -9_000, 1, 7_000}
	for i := range 180 {
		v.begin(hours(3 + 24*i))
		switch i {
		case 4:
			v.claimShares(alice, alice)
		case 9:
			v.claimShares(bob, vat)
		case 15:
			v.requestDepositBy(carol, usd(9_999_99))
			v.requestDepositBy(bob, usd(1_00))
		case 16:
			v.cancelDeposit(bob)
			v.requestDepositBy(bob, usd(77_777_77))
		case 33:
			v.claimShares(carol, carol)
			v.give(alice, carol, mul(big.NewInt(1_234), wholeShare))
		case 41:
			v.requestRedeemBy(alice, bob, mul(big.NewInt(5_000), wholeShare))
			v.requestRedeemBy(carol, carol, v.balance(carol))
		case 70:
			v.give(receiver, vat, new(big.Int).Rsh(v.balance(receiver), 1))
		case 90:
			v.requestRedeemBy(receiver, receiver, v.balance(receiver))
		case 120:
			v.requestDepositBy(alice, usd(250_000_00))
		case 121:
			v.claimShares(bob, bob)
			v.claimShares(alice, alice)
			v.give(alice, alice, wholeShare)
		case 150:
			v.requestRedeemBy(vat, vat, v.balance(vat))
		}
		v.begin(hours(8 + 24*i))
		v.settle(grow(v.assets, changes[i%len(changes)]), i%3 == 0)
		if i == 60 {
			v.begin(hours(10 + 24*i))
			v.syncDeposit(usd(777_77))
		}
		if i == 80 {
			v.next()
			v.settle(grow(v.assets, 13), true)
		}
	}
	v.valuations[0].assets, v.valuations[0].supply = usd(133_333_33), mul(big.NewInt(13_333_333), new(big.Int).Exp(big.NewInt(10), big.NewInt(16), nil))
	return v
}

func fundNight(t *testing.T) (*lagoonVault, *sql.DB) {
	t.Helper()
	v := fund()
	db := database(t)
	addVault(t, db, "v", "lagoon")
	exec(t, db, "update raw.vaults set address = ?", lagoonAddress)
	addLogs(t, db, 1, lagoonAddress, v.logs)
	run(t, db, Options{AsOf: date("2025-10-31")})
	return v, db
}

func TestFlowsOfAFund(t *testing.T) {
	v, db := fundNight(t)
	equalFlows(t, db, v)
	sum := big.NewInt(0)
	for _, f := range v.flows {
		sum.Add(sum, f.shares)
	}
	// shares for flows and fees are all the shares there are
	for _, f := range v.fees {
		sum.Add(sum, f.toManager)
		sum.Add(sum, f.toProtocol)
	}
	if sum.Cmp(v.supply) != 0 {
		t.Errorf("flows and fees come to %v shares, the supply is %v", sum, v.supply)
	}
	equalLines(t, lines(t, db, `
		select sum(shares)::varchar from (
			select shares_raw::bignum as shares from marts.flows union all select shares_raw from intermediate.fee_mints)`), v.supply.String())
	equalLines(t, lines(t, db, "select sum(balance_raw::bignum)::varchar from marts.holders"), v.supply.String())

	// a flow is done at the price of its valuation, to the rounding of one raw unit
	for _, row := range lines(t, db, "select * from marts.flows where not abs(assets / shares / share_price - 1) < 1e-6") {
		t.Errorf("done at another price: %s", row)
	}
	days := map[string]*big.Int{}
	for _, f := range v.flows {
		day := f.at.Format(time.DateOnly)
		if days[day] == nil {
			days[day] = big.NewInt(0)
		}
		days[day].Add(days[day], f.assets)
	}
	for _, row := range lines(t, db, "select flow_date, net_flow_raw, deposits + withdrawals - net_flow from marts.daily_flows") {
		cells := strings.Split(row, "|")
		net := days[cells[0]]
		if net == nil { // fees alone
			net = big.NewInt(0)
		}
		if cells[1] != net.String() || cells[2] != "0.0" && !strings.Contains(cells[2], "e-") {
			t.Errorf("%s, want %v", row, net)
		}
		delete(days, cells[0])
	}
	if len(days) > 0 {
		t.Errorf("days without a row: %v", days)
	}
}

// equalFlows holds marts.flows against what the vault's loops took and gave.
func equalFlows(t *testing.T, db *sql.DB, v *lagoonVault) {
	t.Helper()
	if len(v.flows) < 3 {
		t.Fatalf("only %d flows", len(v.flows))
	}
	var want []string
	for _, f := range v.flows {
		want = append(want, fmt.Sprintf("%s|%s|%v|%v", f.at.Format("2006-01-02 15:04:05+00"), f.kind, f.assets, f.shares))
	}
	equalLines(t, lines(t, db, "select block_at, kind, assets_raw, shares_raw from marts.flows order by log_position"), want...)
}

// TestMissingLogsLeaveInvestorsUndefined takes out one log at a time: whoever it
// was about, no return is made up.
func TestMissingLogsLeaveInvestorsUndefined(t *testing.T) {
	t.Parallel()
	v := fund()
	for name, isLost := range map[string]func(l chainLog) bool{
		"a fee's mint": func(l chainLog) bool { return l.event == "Transfer" && l.arguments["to"] == receiver },
		"a claim":      func(l chainLog) bool { return l.event == "Transfer" && l.arguments["to"] == carol },
		"a settlement": func(l chainLog) bool { return l.event == "SettleRedeem" },
		"the first day": func(l chainLog) bool {
			return l.at.Before(hours(3))
		},
	} {
		logs := slices.Clone(v.logs)
		if name == "the first day" {
			logs = slices.DeleteFunc(logs, isLost)
		} else {
			lost := slices.IndexFunc(logs, isLost)
			logs = slices.Delete(logs, lost, lost+1)
		}
		db := lagoonRun(t, logs)
		equalLines(t, lines(t, db, `
			select distinct money_weighted_reason, time_weighted_reason, modified_dietz_reason,
				money_weighted_return, time_weighted_apy, modified_dietz, return_gap
			from marts.investor_returns`), "logs_missing|logs_missing|logs_missing|null|null|null|null")
		equalLines(t, lines(t, db, "select distinct reason, top_1_share from marts.concentration"), "logs_missing|null")
		equalLines(t, lines(t, db, "select distinct net_flow, reason from marts.period_flows where period = 'itd'"), "null|logs_missing")
	}
	db := database(t) // a vault without any log
	fillSeries(t, db, map[string][]price{"v": {{date("2025-01-01"), ptr(1.0)}, {date("2025-01-02"), ptr(1.1)}}})
	run(t, db, Options{AsOf: date("2025-01-02")})
	equalLines(t, lines(t, db, "select distinct money_weighted_reason from marts.investor_returns"), "logs_missing")
	v.logs[20].at = nil
	db = lagoonRun(t, v.logs)
	equalLines(t, lines(t, db, "select distinct money_weighted_reason from marts.investor_returns"), "logs_missing")
}

func TestHoldersOfAFund(t *testing.T) {
	v, db := fundNight(t)
	kinds := map[string]string{lagoonAddress: "vault", silo: "silo", receiver: "fee_receiver", protocol: "fee_receiver"}
	seen := 0
	var parts []float64
	scan(t, db, func(scan func(...any) error) error {
		var holder, kind, raw string
		var shares, value *float64
		if err := scan(&holder, &kind, &raw, &shares, &value); err != nil {
			return err
		}
		seen++
		if want := v.balance(holder); raw != want.String() {
			t.Errorf("%s holds %s, want %v", holder, raw, want)
		}
		if want := kinds[holder]; kind != want && (want != "" || kind != "investor") {
			t.Errorf("%s is %s, want %s", holder, kind, want)
		}
		if kind == "vault" || kind == "silo" {
			if shares != nil {
				t.Errorf("%s owns %v", kind, *shares)
			}
			return nil
		}
		own := v.accountOf(func(b booking) bool { return b.who == holder })
		if math.Abs(*shares-own.shares) > 1e-6 {
			t.Errorf("%s owns %v, want %v", holder, *shares, own.shares)
		}
		price, _ := v.priceAt(v.now).Float64()
		if !near(*value, *shares*price*1e12) {
			t.Errorf("%s has %v worth %v", holder, *shares, *value)
		}
		if kind == "investor" {
			parts = append(parts, *shares)
		}
		return nil
	}, "select holder, kind, balance_raw, shares, value from marts.holders")
	if seen != 9 {
		t.Errorf("%d holders, want 9", seen)
	}
	slices.Sort(parts)
	slices.Reverse(parts)
	total, squares, holding := 0.0, 0.0, 0
	for _, p := range parts {
		total += p
		if p > 0 {
			holding++
		}
	}
	for _, p := range parts {
		squares += p * p / total / total
	}
	supply, _ := new(big.Float).SetInt(v.supply).Float64()
	fees, _ := new(big.Float).SetInt(new(big.Int).Add(v.balance(receiver), v.balance(protocol))).Float64()
	var count, ever int
	var top1, top10, herfindahl, receivers float64
	scan(t, db, func(scan func(...any) error) error {
		return scan(&count, &ever, &top1, &top10, &herfindahl, &receivers)
	},
		"select holders_count, holders_ever_count, top_1_share, top_10_share, herfindahl_index, fee_receivers_share from marts.concentration")
	if count != holding || ever != len(parts) || !near(top1, parts[0]/total) || !near(top10, 1) || !near(herfindahl, squares) || !near(receivers, fees/supply) {
		t.Errorf("got %v %v %v %v %v %v, want %v %v %v 1 %v %v", count, ever, top1, top10, herfindahl, receivers,
			holding, len(parts), parts[0]/total, squares, fees/supply)
	}
}

// TestReturnsOfAFundsInvestors solves every investor's rate a second time, by
// halving over bookings the vault's own loops made.
func TestReturnsOfAFundsInvestors(t *testing.T) {
	v, db := fundNight(t)
	isReceiver := func(who string) bool { return who == receiver || who == protocol }
	cohorts := map[string]string{}
	for _, b := range v.book {
		if cohorts[b.who] == "" && !isReceiver(b.who) {
			cohorts[b.who] = b.at.Format("2006-01")
		}
	}
	price := func(at time.Time) float64 {
		p, _ := v.priceAt(at).Float64()
		return p * 1e12
	}
	scopes := map[string]int{}
	scan(t, db, func(scan func(...any) error) error {
		var scope, who string
		var rate, gap, dietz, total, value, profit, reason any
		if err := scan(&scope, &who, &rate, &gap, &dietz, &total, &value, &profit, &reason); err != nil {
			return err
		}
		scopes[scope]++
		own := v.accountOf(func(b booking) bool {
			switch scope {
			case "vault":
				return !isReceiver(b.who) && (!b.isMove || isReceiver(b.with))
			case "cohort":
				return cohorts[b.who] == who
			}
			return b.who == who
		})
		start, end := own.flows[0].at, own.flows[len(own.flows)-1].at
		worth := 0.0
		flows := slices.Clone(own.flows)
		if own.shares > 1e-9 {
			end = v.now
			worth = own.shares * price(end)
			flows = append(flows, cashFlow{end, worth})
		}
		want := xirr(flows)
		growth := price(end) / price(start)
		years := end.Sub(start).Seconds() / 31_536_000
		gain, capital := 0.0, 0.0
		for _, f := range flows {
			gain += f.amount
			capital -= f.amount * end.Sub(f.at).Seconds() / end.Sub(start).Seconds()
		}
		for _, c := range []struct {
			name      string
			got       any
			want, off float64
		}{
			{"rate", rate, want, 1e-11},
			{"gap", gap, want - (math.Pow(growth, 1/years) - 1), 1e-11},
			{"dietz", dietz, gain / capital, 1e-11},
			{"total", total, growth - 1, 1e-12},
			{"value", value, worth, 1e-6},
			{"profit", profit, gain, 1e-6},
		} {
			if got, ok := c.got.(float64); !ok || math.Abs(got-c.want) > c.off {
				t.Errorf("%s %s: %s is %v, want %v (reason %v)", scope, who, c.name, c.got, c.want, reason)
			}
		}
		return nil
	}, `
		select scope, who, money_weighted_return, return_gap, modified_dietz, time_weighted_return, end_value, profit, money_weighted_reason
		from marts.investor_returns`)
	if scopes["vault"] != 1 || scopes["cohort"] != 2 || scopes["holder"] != 7 {
		t.Errorf("got %v", scopes)
	}
}

// TestInvestorReturnMacro: a holder by its address in any case, and all as one.
func TestInvestorReturnMacro(t *testing.T) {
	_, db := fundNight(t)
	const columns = "who, money_weighted_return, return_gap, profit"
	equalLines(t, lines(t, db, "select "+columns+" from marts.investor_return('v', '"+strings.ToUpper(alice)+"')"),
		lines(t, db, "select "+columns+" from marts.investor_returns where scope = 'holder' and who = '"+alice+"' and profit is not null")...)
	got := lines(t, db, "select "+columns+" from marts.investor_return('v', null)")
	equalLines(t, got, lines(t, db, "select "+columns+" from marts.investor_returns where scope = 'vault'")...)
	if len(got) != 1 || !strings.HasPrefix(got[0], "all|0.") {
		t.Errorf("got %v", got)
	}
	equalLines(t, lines(t, db, "select who from marts.investor_return('v', '0xdead')"))
}
