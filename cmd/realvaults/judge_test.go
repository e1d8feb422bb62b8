//go:build !race

package realvaults

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"
)

// What is compared of every vault: the published figures against its book.

// judge compares what does not depend on the family.
func (b *book) judge(c *comparison, f *figures) {
	b.w.t.Helper()
	b.judgeDays(c, f)
	b.judgeFlows(c, f)
	b.judgeHolders(c, f)
	b.judgeInvestors(c, f)
	for _, r := range f.of("completeness", b.vault) {
		want := "proved"
		if slices.Contains(b.checked, r.text("level")) {
			want = "checked"
		}
		c.exact("completeness", r.text("level")+" "+r.text("detail"), r.text("verdict"), want)
	}
}

// judgeDays compares each day's price, assets and supply. Under a thousandth of a share
// there is no price.
func (b *book) judgeDays(c *comparison, f *figures) {
	b.w.t.Helper()
	published := map[string]row{}
	for _, r := range f.of("share_prices", b.vault) {
		if last := published[r.text("price_date")]; last == nil || r.text("observed_at") > last.text("observed_at") {
			published[r.text("price_date")] = r
		}
	}
	for _, d := range b.days {
		if d.supply.Cmp(power(b.shareDecimals-3)) < 0 {
			continue
		}
		r := published[date(d.number)]
		c.near("price", date(d.number), r, "share_price", d.price, d.price)
		if b.isBeforeFlows[d.number] {
			continue
		}
		c.exact("total assets", date(d.number), r.text("total_assets_raw"), d.assets.String())
		c.exact("total supply", date(d.number), r.text("total_supply_raw"), d.supply.String())
	}
}

// judgeFlows compares every flow's exact amounts, and that there are no others.
func (b *book) judgeFlows(c *comparison, f *figures) {
	b.w.t.Helper()
	var got, want []string
	for _, r := range f.of("flows", b.vault) {
		got = append(got, strings.Join([]string{r.text("block_number"), r.text("kind"), r.text("holder"), r.text("assets_raw"), r.text("shares_raw")}, " "))
	}
	for _, x := range b.flows {
		assets, shares := b.amounts(x)
		holder := lower(x.holder)
		if x.assets != nil {
			holder = ""
		}
		want = append(want, fmt.Sprintf("%d %s %s %s %s", x.block, x.kind, holder, assets, shares))
	}
	c.sets("flows", got, want)
}

// A feePart is what a fee is for.
type feePart struct{ management, performance *big.Int } // in shares

// judgeFees compares every block's fees in shares, and what they are worth at the
// contract's own price. parts says what each block's were for, where that is told.
func (b *book) judgeFees(c *comparison, f *figures, parts map[uint64]feePart) {
	b.w.t.Helper()
	type sum struct {
		shares    *big.Int
		worth     float64
		last      row // that has parts, or any
		estimated bool
	}
	published := map[uint64]*sum{}
	for _, r := range f.of("fees", b.vault) {
		shares, ok := new(big.Int).SetString(r.text("fee_shares_raw"), 10)
		if !ok || shares.Sign() == 0 {
			continue
		}
		n, _ := r.number("block_number")
		block := uint64(n)
		if published[block] == nil {
			published[block] = &sum{shares: new(big.Int), last: r}
		}
		s := published[block]
		s.shares.Add(s.shares, shares)
		worth, _ := r.number("fee_assets")
		s.worth += worth
		s.estimated = s.estimated || r.text("is_estimated") == "true"
		if r.text("kind") == "valuation" {
			s.last = r
		}
	}
	truth := map[uint64]*big.Int{}
	for _, m := range b.fees {
		if truth[m.block] == nil {
			truth[m.block] = new(big.Int)
		}
		truth[m.block].Add(truth[m.block], m.shares)
	}
	var got, want []string
	for block, s := range published {
		got = append(got, fmt.Sprintf("%d %s", block, s.shares))
	}
	for block, shares := range truth {
		want = append(want, fmt.Sprintf("%d %s", block, shares))
		s := published[block]
		if s == nil {
			continue
		}
		price, what := b.price(block), fmt.Sprintf("block %d", block)
		worth := units(shares, b.shareDecimals) * price
		c.note("fees' worth", math.Abs(s.worth-worth) <= 1e-12*worth, "%s: got %v, want %v", what, s.worth, worth)
		part, isTold := parts[block]
		if !isTold {
			continue
		}
		c.near("fees' split", what+", management", s.last, "management_fee", units(part.management, b.shareDecimals)*price, worth)
		c.near("fees' split", what+", performance", s.last, "performance_fee", units(part.performance, b.shareDecimals)*price, worth)
		c.note("fees are told", !s.estimated, "%s: is estimated", what)
	}
	c.sets("fees", got, want)
}

// allPerformance are the parts of a vault that takes no management fee.
func (b *book) allPerformance() map[uint64]feePart {
	parts := map[uint64]feePart{}
	for _, m := range b.fees {
		if parts[m.block].performance == nil {
			parts[m.block] = feePart{new(big.Int), new(big.Int)}
		}
		parts[m.block].performance.Add(parts[m.block].performance, m.shares)
	}
	return parts
}

// judgeHolders compares balances, and what they add up to.
func (b *book) judgeHolders(c *comparison, f *figures) {
	b.w.t.Helper()
	end := b.last()
	published := map[string]row{}
	for _, r := range f.of("holders", b.vault) {
		published[r.text("holder")] = r
	}
	var parts []float64
	sum := new(big.Int)
	for _, holder := range b.holders() {
		balance := b.vault.at(end.block, "balanceOf", holder)
		got := published[lower(holder)].text("balance_raw")
		if got == "" {
			got = "0"
		}
		c.exact("balances", lower(holder), got, balance.String())
		held := b.held(holder, end.block)
		if b.own[holder] {
			continue
		}
		if held.Sign() == 0 {
			got, isThere := published[lower(holder)].number("shares")
			c.note("holdings", !isThere || got == 0, "%s: got %v, want 0", lower(holder), got)
			continue
		}
		c.near("holdings", lower(holder), published[lower(holder)], "shares", units(held, b.shareDecimals), units(held, b.shareDecimals))
		parts = append(parts, units(held, b.shareDecimals))
		sum.Add(sum, held)
	}
	rows := f.of("concentration", b.vault)
	if len(rows) != 1 || sum.Sign() == 0 {
		c.note("concentration", len(rows) == 1, "%d rows", len(rows))
		return
	}
	herfindahl, total := 0.0, units(sum, b.shareDecimals)
	for _, p := range parts {
		herfindahl += p / total * (p / total)
	}
	c.exact("concentration", "holders", rows[0].text("holders_count"), fmt.Sprint(len(parts)))
	c.near("concentration", "largest", rows[0], "top_1_share", slices.Max(parts)/total, 1)
	c.near("concentration", "Herfindahl", rows[0], "herfindahl_index", herfindahl, 1)
}

// judgeInvestors compares what each holder paid in, took out and has, and that its
// money-weighted return makes the present value of all that nothing.
func (b *book) judgeInvestors(c *comparison, f *figures) {
	b.w.t.Helper()
	end := b.last()
	published := map[string]row{}
	var all row
	for _, r := range f.of("investor_returns", b.vault) {
		switch r.text("scope") {
		case "holder":
			published[r.text("who")] = r
		case "vault":
			all = r
		}
	}
	paid, profit := 0.0, 0.0
	for _, holder := range b.holders() {
		if b.own[holder] {
			continue
		}
		flows, value := b.cashFlows(holder), units(b.held(holder, end.block), b.shareDecimals)*end.price
		b.judgeInvestor(c, published[lower(holder)], holder, flows, value)
		profit += value
		for _, x := range flows {
			paid -= min(x.amount, 0)
			profit += x.amount
		}
	}
	c.near("investors' profit together", "all", all, "profit", profit, paid)
}

func (b *book) judgeInvestor(c *comparison, r row, holder common.Address, flows []cashFlow, value float64) {
	b.w.t.Helper()
	if len(flows) == 0 {
		return
	}
	paid, taken := 0.0, 0.0
	for _, x := range flows {
		paid += max(-x.amount, 0)
		taken += max(x.amount, 0)
	}
	who := lower(holder)
	c.near("investors paid in", who, r, "paid_in", paid, paid)
	c.near("investors took out", who, r, "taken_out", taken, paid)
	c.near("investors end value", who, r, "end_value", value, paid)
	c.near("investors profit", who, r, "profit", taken+value-paid, paid)
	rate, ok := r.number("money_weighted_return")
	if !ok {
		c.note("investors return", r.text("money_weighted_reason") != "", "%s: neither return nor reason", who)
		return
	}
	end := b.w.timeOf(b.last().block)
	if value == 0 {
		end = flows[len(flows)-1].at
	}
	present := value
	for _, x := range flows {
		present += x.amount * math.Pow(1+rate, end.Sub(x.at).Hours()/24/365)
	}
	c.note("investors return", math.Abs(present) <= 1e-9*paid, "%s: at %v a value of %v is left of %v", who, rate, present, paid)
}

// notHeld is any verdict but held.
const notHeld = "not held"

// judgeClaims compares the verdicts on claims.
func (b *book) judgeClaims(c *comparison, f *figures, verdicts map[string]string) {
	b.w.t.Helper()
	for _, r := range f.of("claims", b.vault) {
		want, ok := verdicts[r.text("claim")]
		switch {
		case !ok:
		case want == notHeld:
			c.note("claim "+r.text("claim"), r.text("verdict") != "held", "%s: held", r.text("evidence"))
		default:
			c.exact("claim "+r.text("claim"), r.text("evidence"), r.text("verdict"), want)
		}
	}
}

// judgeWarnings compares the warnings but those that only repeat a claim's verdict. A
// shock that is a fall is warned of, and so is a fall of a hundredth from the highest price.
func (b *book) judgeWarnings(c *comparison, f *figures, shocks []shock, want ...string) {
	b.w.t.Helper()
	if slices.ContainsFunc(shocks, func(s shock) bool { return s.kind == "step_down" }) {
		want = append(want, "step_down")
	}
	if b.largestFall() >= 0.01 {
		want = append(want, "large_loss")
	}
	var got []string
	for _, r := range f.of("warnings", b.vault) {
		if warning := r.text("warning"); !strings.HasPrefix(warning, "claim_broken_") {
			got = append(got, warning)
		}
	}
	c.sets("warnings", got, want)
}

// largestFall is the largest part of its peak that the price was below it.
func (b *book) largestFall() float64 {
	var fall, peak float64
	for _, d := range b.days {
		if d.supply.Cmp(power(b.shareDecimals-3)) < 0 {
			continue // too few shares to have a price
		}
		peak = max(peak, d.price)
		fall = max(fall, 1-d.price/peak)
	}
	return fall
}

// A shock is a sudden change of the assets that no flow explains.
type shock struct {
	day    int
	kind   string
	amount *big.Int // nil: what the day's flows leave of the change of its assets
}

// unexplained is what the day's flows leave of the change of its assets.
func (b *book) unexplained(day int) *big.Int {
	b.w.t.Helper()
	d, before := b.days[day], b.days[day-1]
	left := sub(d.assets, before.assets)
	for _, f := range b.flows {
		if before.block < f.block && f.block <= d.block {
			assets, _ := b.amounts(f)
			left.Sub(left, assets)
		}
	}
	return left
}

// judgeJumps compares days, kinds and amounts of jumps.
func (b *book) judgeJumps(c *comparison, f *figures, shocks ...shock) {
	b.w.t.Helper()
	var got, want []string
	published := map[string]row{}
	for _, r := range f.of("jumps", b.vault) {
		day := r.text("observed_at")[:len("2025-01-01")]
		published[day] = r
		got = append(got, day+" "+r.text("kind"))
	}
	for _, s := range shocks {
		want = append(want, date(s.day)+" "+s.kind)
	}
	c.sets("jumps", got, want)
	for _, s := range shocks {
		if s.amount == nil {
			s.amount = b.unexplained(s.day)
		}
		before := units(b.days[s.day-1].assets, b.assetDecimals)
		c.near("jumps' amounts", date(s.day), published[date(s.day)], "unexplained_assets", units(s.amount, b.assetDecimals), before)
	}
}
