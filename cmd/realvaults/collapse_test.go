//go:build !race

package realvaults

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

// TestCollapse plays a MetaMorpho 1.1 vault whose collateral fails: its larger market is
// borrowed empty against collateral whose oracle still says one, holders leave through
// the other market until nothing comes out, and the price rises faster than before. When
// the oracle says a tenth all collateral is seized; the rest is lost, and the price does
// not fall. What can go wrong: everything that is made of prices alone calls it the best
// vault of all, and a few thousandths come out of it throughout.
func TestCollapse(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "collapse")
		p := newCollapsePlay(w, sharedCode(t, "metamorpho"))
		const days = 70
		playDays(w, days, p)
		p.findFees(p.receiver)
		first := p.firstDays()
		shut, isShut := first["illiquid"]
		lost, isLost := first["unbacked"]
		if !isShut || !isLost || len(first) != 3 || shut <= p.emptyDay || shut >= lost || lost != p.seizeDay {
			t.Fatalf("the story has other first days: %v", first)
		}
		c := newComparison("metamorpho, collapse")
		f := newFigures(t)
		found := w.discover(f, p.vault)
		for _, to := range []struct {
			k          int
			what       string
			ineligible []string
		}{
			{shut - 1, "the day before nothing comes out", nil},
			{shut, "the day when nothing comes out", []string{"illiquid"}},
			{lost, "the day of the loss", []string{"unbacked"}},
			{days - 1, "last day", []string{"unbacked"}},
		} {
			f.run(fmt.Sprintf("as_of = %q\n", date(to.k)) + w.nodeBlock("archive = true", `verify = "L3"`) + found)
			p.judgeEligible(c, f, to.what, to.ineligible...)
		}
		p.judge(c, f)
		p.judgeFees(c, f, p.allPerformance())
		p.judgeExits(c, f)
		// only interest of days on which nobody dealt with the vault leaves its price
		x, before := p.exitOn(p.last()), p.days[p.seizeDay-1].price
		fall, part := 1-p.last().price/before, units(x.lost, p.assetDecimals)/units(x.total, p.assetDecimals)
		c.note("price hides it", fall < part/10, "%v are lost, and the price fell by %v", part, fall)
		c.conclude(t)
	})
}

// A collapsePlay is the vault, its two markets and who acts on them.
type collapsePlay struct {
	*book
	morpho, oracle       *contract // the oracle of the market that fails
	failing, sound       morphoMarket
	owner, curator       common.Address
	borrowers, users     []common.Address // of the failing and the sound market
	liquidator, receiver common.Address
	emptyDay, seizeDay   int
}

func newCollapsePlay(w *world, all artifacts) *collapsePlay {
	u, dice := w.users, w.dice
	p := &collapsePlay{
		owner: u[0], curator: u[1], borrowers: u[2:4], liquidator: u[4], receiver: u[5], users: u[6:10],
		emptyDay: 33 + int(dice.between(0, 5)), seizeDay: 56 + int(dice.between(0, 6)),
	}
	d, plain := newDeployer(w, p.owner, all), newDeployer(w, p.owner, plainCode(w.t))
	coin := plain.deploy("Coin", "USDX", 6)
	p.morpho = d.deploy("Morpho", p.owner)
	irm, steady := d.deploy("IrmMock"), d.deploy("OracleMock")
	p.oracle = d.deploy("OracleMock")
	lltv := mulDiv(power(18), num(860), num(1000))
	p.morpho.send(p.owner, "enableIrm", irm)
	p.morpho.send(p.owner, "enableLltv", lltv)
	p.oracle.send(p.owner, "setPrice", power(24))
	steady.send(p.owner, "setPrice", power(24))
	collaterals := []*contract{plain.deploy("Coin", "xUSD", 18), plain.deploy("Coin", "sETH", 18)}
	p.failing = morphoMarket{coin.address, collaterals[0].address, p.oracle.address, irm.address, lltv}
	p.sound = morphoMarket{coin.address, collaterals[1].address, steady.address, irm.address, lltv}
	vault := d.deploy("MetaMorphoV1_1", p.owner, p.morpho, 0, coin, "Collapsing", "cUSDX")
	p.book = newBook(w, vault, coin, 6, 18)
	vault.send(p.owner, "setCurator", p.curator)
	for i, m := range []morphoMarket{p.failing, p.sound} {
		p.morpho.send(p.owner, "createMarket", m)
		vault.send(p.curator, "submitCap", m, mul(num(int64(700_000*(1+2*i))), power(6)))
		vault.send(p.curator, "acceptCap", m)
		collaterals[i].send(p.owner, "mint", p.borrowers[i], power(30))
		collaterals[i].send(p.borrowers[i], "approve", p.morpho, maxUint(256))
	}
	vault.send(p.owner, "setSupplyQueue", [][32]byte{p.failing.id(w), p.sound.id(w)})
	vault.send(p.owner, "updateWithdrawQueue", []*big.Int{num(1), num(0)})
	vault.send(p.owner, "setFeeRecipient", p.receiver)
	vault.send(p.owner, "setFee", power(17))
	for _, who := range append([]common.Address{p.liquidator, p.borrowers[0], p.borrowers[1]}, p.users...) {
		coin.send(p.owner, "mint", who, power(14))
		coin.send(who, "approve", vault, maxUint(256))
		coin.send(who, "approve", p.morpho, maxUint(256))
	}
	return p
}

func (p *collapsePlay) play(k int) {
	dice := p.w.dice
	switch {
	case k == 0:
		for _, u := range p.users {
			p.deposit(u, mul(num(dice.between(400_000, 500_000)), power(6)))
		}
	case k == 1:
		p.pledge(p.borrowers[0], p.failing, 800_000)
		p.pledge(p.borrowers[1], p.sound, 2_000_000)
		p.borrow(p.borrowers[0], p.failing, mul(num(400_000), power(6)))
		p.borrow(p.borrowers[1], p.sound, mul(num(60_000), power(6)))
	case k < p.emptyDay && k%3 == 0:
		p.deposit(pick(dice, p.users), mul(num(dice.between(1_000, 40_000)), power(6)))
	case k == p.emptyDay:
		p.pledge(p.borrowers[0], p.failing, 1_000_000)
		market := p.morpho.ask(p.w.head, "market", p.failing.id(p.w))
		p.borrow(p.borrowers[0], p.failing, sub(sub(market[0].(*big.Int), market[2].(*big.Int)), num(1000)))
	case k > p.emptyDay && k <= p.emptyDay+12:
		u := p.users[k%4]
		if most := p.vault.now("maxWithdraw", u); most.Cmp(power(6)) > 0 {
			p.withdraw(u, mulDiv(most, num(dice.between(40, 90)), num(100)))
		}
	case k == p.seizeDay:
		p.oracle.send(p.owner, "setPrice", power(23))
		position := p.morpho.ask(p.w.head, "position", p.failing.id(p.w), p.borrowers[0])
		p.morpho.send(p.liquidator, "liquidate", p.failing, p.borrowers[0], position[2], 0, []byte{})
	}
	if k == p.seizeDay || k > 0 && k%5 == 0 { // the vault counts a loss when somebody next deals with it
		p.deposit(p.users[3], power(6))
	}
}

// pledge gives a market so many units of collateral.
func (p *collapsePlay) pledge(who common.Address, m morphoMarket, amount int64) {
	p.morpho.send(who, "supplyCollateral", m, mul(num(amount), power(18)), who, []byte{})
}

func (p *collapsePlay) borrow(who common.Address, m morphoMarket, amount *big.Int) {
	p.morpho.send(who, "borrow", m, amount, 0, who, who)
}
