//go:build !race

package realvaults

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

// TestERC4626 plays OpenZeppelin's vault with three pairs of decimals on one chain.
// What can go wrong: yield and losses are plain transfers of the asset, of which the
// vault logs nothing; decimals of 8, 6 and 18 with offsets of 0, 6 and 3; deposits of a
// single unit, which give no share at all; two flows in a block; shares that are paid
// for by another or handed on; and a vault that all its holders leave and enter again.
func TestERC4626(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "erc4626")
		d := newDeployer(w, w.users[0], plainCode(t))
		plays := []*plainPlay{
			newPlainPlay(d, "p8", 8, 0, 14),
			newPlainPlay(d, "p6", 6, 6, 12),
			newPlainPlay(d, "p18", 18, 3, 22),
		}
		plays[2].emptyOn = 17 + int(w.dice.between(0, 3)) // over a week after a loss
		plays[2].warnings = []string{"days_without_price", "price_reset"}
		const days = 45
		playDays(w, days, plays...)
		f := w.runCommand(days-1, plays[0].vault, plays[1].vault, plays[2].vault)
		c := newComparison("erc4626")
		for _, p := range plays {
			p.judge(c, f)
			p.judgeClaims(c, f, map[string]string{"proportional_claim": "held", "fully_liquid": "held", "redemption_at_true_value": "not provable", "never_borrows": "not provable"})
			p.judgeJumps(c, f, p.shocks...)
			c.exact("fees", "rows", f.ask("select count(*)::varchar as n from marts.fees where vault_id = '" + f.ids[lower(p.vault.address)] + "'")[0].text("n"), "0")
			p.judgeWarnings(c, f, p.shocks, p.warnings...)
			p.judgeExits(c, f)
		}
		c.conclude(t)
	})
}

// TestUnfinishedDay runs the command while the chain's last day is not over, and the
// last thing that happened is yield that the vault does not log.
func TestUnfinishedDay(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "unfinished day")
		p := newPlainPlay(newDeployer(w, w.users[0], plainCode(t)), "early", 6, 0, 11)
		for k := range 3 {
			w.startDay(k)
			p.play(k)
			p.close(k, w.endDay(k))
		}
		w.startDay(3)
		p.deposit(p.users[0], w.dice.odd(9))
		p.asset.send(p.users[0], "mint", p.vault, w.dice.part(p.vault.now("totalAssets"), 100, 300))
		p.close(3, w.head)
		w.finalize()
		c := newComparison("erc4626, unfinished day")
		f := w.runCommand(3, p.vault)
		p.judgeDays(c, f)

		// further runs, in the middle of each day, leave what one at the end gives
		for k := 3; k < 7; k++ {
			w.startDay(k)
			p.play(k)
			w.finalize()
			f.run(asOf(f.config, k))
			w.pass(40_000)
			p.play(k)
			w.endDay(k)
		}
		w.finish(7)
		f.run(asOf(f.config, 7))
		once := w.runCommand(7, p.vault)
		for _, table := range append(slices.Clone(told), "jumps", "claims", "warnings", "completeness", "allocations", "vaults") {
			c.exact("runs day by day", table, f.table(table, ""), once.table(table, ""))
		}
		c.conclude(t)
	})
}

// TestNodeWithoutOldStates runs the command against a node that keeps the states of its
// last blocks only. What can go wrong: it refuses what is older in words of its own, and
// all that depends on logs alone, or on the states that are left, is to be there.
func TestNodeWithoutOldStates(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		const kept, days = 30, 20
		w := newWorld(t, seed, "pruned", "--prune-history", fmt.Sprint(kept))
		p := newPlainPlay(newDeployer(w, w.users[0], plainCode(t)), "late", 6, 0, 11)
		playDays(w, days, p)
		f := w.runCommand(days-1, p.vault)
		c := newComparison("erc4626, pruned")
		c.note("what is missing is told", strings.Contains(f.config, "the first block is not known"), "discover does not speak of the first block:\n%s", f.config)
		since := len(p.days)
		for since > 0 && p.days[since-1].block > w.head-kept+5 {
			since--
		}
		p.days = p.days[since:]
		c.note("days with states", len(p.days) > 2, "only %d", len(p.days))
		p.judgeDays(c, f)
		c.exact("flows", "number", fmt.Sprint(len(f.of("flows", p.vault))), fmt.Sprint(len(p.flows)))
		for _, r := range f.of("completeness", p.vault) {
			if r.text("level") != "L3" {
				c.exact("completeness", r.text("level")+" "+r.text("detail"), r.text("verdict"), "proved")
			}
		}
		c.conclude(t)
	})
}

// TestLossBeforeReopening plays a loss, and within a week of it all holders leave and
// the vault opens again at a price of one. The loss was real all the same.
func TestLossBeforeReopening(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "loss before reopening")
		p := newPlainPlay(newDeployer(w, w.users[0], plainCode(t)), "again", 6, 0, 11)
		p.emptyOn = 11 + int(w.dice.between(0, 1))
		const days = 20
		playDays(w, days, p)
		c := newComparison("erc4626, reopened")
		p.judgeJumps(c, w.runCommand(days-1, p.vault), p.shocks...)
		c.conclude(t)
	})
}

// A plainPlay is one vault's part of the story.
type plainPlay struct {
	*book
	digits   int // of a deposit
	users    []common.Address
	emptyOn  int // day on which all leave; 0: never
	shocks   []shock
	warnings []string
}

func newPlainPlay(d *deployer, symbol string, assetDecimals, offset, digits int) *plainPlay {
	coin := d.deploy("Coin", symbol+"c", assetDecimals)
	vault := d.deploy("PlainVault", symbol, coin, offset)
	p := &plainPlay{book: newBook(d.w, vault, coin, assetDecimals, assetDecimals+offset), digits: digits, users: d.w.users[1:8]}
	for _, u := range p.users {
		coin.send(d.from, "mint", u, power(digits+4))
		coin.send(u, "approve", vault, maxUint(256))
	}
	return p
}

func (p *plainPlay) play(k int) {
	w, dice := p.w, p.w.dice
	switch {
	case k == 0:
		p.deposit(p.users[0], dice.odd(p.digits))
		return
	case k == p.emptyOn:
		p.leave()
		return
	case p.vault.now("totalSupply").Sign() == 0:
		if k < p.emptyOn+3 {
			return
		}
		p.deposit(p.users[1], dice.odd(p.digits))
	}
	for range dice.between(0, 3) {
		w.pass(5000)
		p.anything(p.users[:3], p.users[3:], p.digits)
	}
	w.pass(5000)
	assets := p.vault.now("totalAssets")
	switch {
	case k%17 == 9: // one in a hundred, and some
		loss := dice.part(assets, 9_000, 15_000)
		p.asset.send(p.users[0], "burn", p.vault, loss)
		p.shocks = append(p.shocks, shock{day: k, kind: "step_down"})
	case dice.chance(800):
		p.asset.send(p.users[0], "mint", p.vault, dice.part(assets, 50, 250))
	}
}

// leave lets all holders redeem all they have.
func (p *plainPlay) leave() {
	for _, u := range p.users {
		if shares := p.shares(u); shares.Sign() > 0 {
			p.redeem(u, shares)
		}
	}
}

// asOf is a config that begins with its as-of day, with day k in its place.
func asOf(config string, k int) string {
	_, rest, _ := strings.Cut(config, "\n")
	return fmt.Sprintf("as_of = %q\n%s", date(k), rest)
}
