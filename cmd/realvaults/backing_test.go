//go:build !race

package realvaults

import (
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
)

// An exit is what a vault answers, at a day's last block, of the holder of most shares.
type exit struct {
	holder        common.Address
	balance       *big.Int
	answer, worth *big.Int // its maxWithdraw, and convertToAssets of its balance
	total, lost   *big.Int // assets
}

// exitOn asks the vault itself; nil: nobody has a share.
func (b *book) exitOn(d day) *exit {
	b.w.t.Helper()
	if x, known := b.exits[d.number]; known {
		return x
	}
	b.exits[d.number] = nil
	x := &exit{balance: new(big.Int), lost: new(big.Int), total: d.assets}
	for _, u := range b.w.users {
		balance := b.vault.at(d.block, "balanceOf", u)
		if c := balance.Cmp(x.balance); c > 0 || c == 0 && u.Cmp(x.holder) < 0 {
			x.holder, x.balance = u, balance
		}
	}
	if x.balance.Sign() == 0 {
		return nil
	}
	x.answer = b.vault.at(d.block, "maxWithdraw(address)", x.holder)
	x.worth = b.vault.at(d.block, "convertToAssets", x.balance)
	if _, counts := b.vault.abi.Methods["lostAssets"]; counts {
		x.lost = b.vault.at(d.block, "lostAssets")
	}
	b.exits[d.number] = x
	return x
}

// isShort says that less comes out of the vault than the holder's shares are worth, beyond
// what is rounded off.
func (x *exit) isShort() bool { return add(x.answer, num(32)).Cmp(x.worth) < 0 }

// isStuck says that half of the vault's assets or less come out.
func (x *exit) isStuck() bool {
	return x.isShort() && mul(x.answer, num(2)).Cmp(x.total) <= 0
}

// verdict is what the vault's own answers say of it.
func (x *exit) verdict() string {
	isPart := func(part *big.Int, thousandths int64) bool {
		return mul(part, num(1000)).Cmp(mul(x.total, num(thousandths))) >= 0
	}
	switch {
	case isPart(x.lost, 500):
		return "unbacked"
	case isPart(x.lost, 5):
		return "impaired"
	case x.isStuck():
		return "illiquid"
	case !x.isShort() && isPart(x.least(), 950):
		return "backed"
	}
	return "unknown"
}

// least is what can be withdrawn at least.
func (x *exit) least() *big.Int {
	if x.worth.Cmp(x.answer) < 0 {
		return x.worth
	}
	return x.answer
}

// firstDays are the first with each verdict that the vault's own answers give.
func (b *book) firstDays() map[string]int {
	b.w.t.Helper()
	first := map[string]int{}
	for _, d := range b.days {
		if x := b.exitOn(d); x != nil {
			if _, known := first[x.verdict()]; !known {
				first[x.verdict()] = d.number
			}
		}
	}
	return first
}

// doubts is the last day's verdict, if it speaks against the vault: it is warned of.
func (b *book) doubts() []string {
	b.w.t.Helper()
	switch verdict := b.exitOn(b.last()).verdict(); verdict {
	case "unbacked", "impaired", "illiquid":
		return []string{verdict}
	}
	return nil
}

// atTrueValue is the verdict on redemptions that nobody has to ask for: a price that
// counts what is lost is not true.
func (b *book) atTrueValue() string {
	b.w.t.Helper()
	first := b.firstDays()
	_, isUnbacked := first["unbacked"]
	if _, isImpaired := first["impaired"]; isImpaired || isUnbacked {
		return "broken"
	}
	return "not provable"
}

// liquid is the verdict on liquidity of a vault that it would be without what the days'
// answers say.
func (b *book) liquid(otherwise string) string {
	b.w.t.Helper()
	for _, d := range b.days {
		if x := b.exitOn(d); x != nil && x.isStuck() {
			return "broken"
		}
	}
	return otherwise
}

// judgeExits compares what stands behind the price, day by day, with what the vault itself
// answers: the verdict, what can be withdrawn and what is lost.
func (b *book) judgeExits(c *comparison, f *figures) {
	b.w.t.Helper()
	published := map[string]row{}
	for _, r := range f.of("backing", b.vault) {
		published[r.text("day")] = r
	}
	for _, d := range b.days {
		x := b.exitOn(d)
		if x == nil {
			continue
		}
		r, total := published[date(d.number)], units(x.total, b.assetDecimals)
		c.exact("verdicts", date(d.number), r.text("verdict"), x.verdict())
		c.near("withdrawable at least", date(d.number), r, "withdrawable_at_least", units(x.least(), b.assetDecimals), total)
		if x.isShort() {
			c.near("withdrawable", date(d.number), r, "withdrawable_assets", units(x.answer, b.assetDecimals), total)
			c.near("stuck", date(d.number), r, "stuck_assets", units(sub(x.total, x.answer), b.assetDecimals), total)
		} else {
			c.exact("withdrawable", date(d.number), r.text("withdrawable_assets"), "")
		}
		if x.lost.Sign() > 0 {
			c.near("lost", date(d.number), r, "lost_assets", units(x.lost, b.assetDecimals), total)
		}
	}
}

// judgeNothingProved compares the verdicts on a vault whose maxWithdraw is neither a proof
// that something comes out nor that nothing does: all are unknown, and it may rank.
func (b *book) judgeNothingProved(c *comparison, f *figures) {
	b.w.t.Helper()
	for _, r := range f.some("backing", b.vault) {
		c.exact("verdicts", r.text("day"), r.text("verdict"), "unknown")
	}
	b.judgeEligible(c, f, "last day")
}

// judgeEligible compares that nothing that stands behind the price keeps a vault from
// ranking, and else that it is the reasons given.
func (b *book) judgeEligible(c *comparison, f *figures, what string, want ...string) {
	b.w.t.Helper()
	var got []string
	for _, r := range f.of("ineligibilities", b.vault) {
		switch reason := r.text("ineligible_reason"); reason {
		case "unbacked", "impaired", "illiquid":
			got = append(got, reason)
		}
	}
	c.exact("ineligible", what, fmt.Sprint(got), fmt.Sprint(want))
	if len(want) == 0 {
		return
	}
	for _, r := range f.some("rankings", b.vault) {
		name := what + " " + r.text("period") + " " + r.text("ranking")
		c.exact("ranks", name, r.text("is_eligible")+" "+r.text("ineligible_reason")+" "+r.text("place"), "false "+want[0]+" ")
	}
}
