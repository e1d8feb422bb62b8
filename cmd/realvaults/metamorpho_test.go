//go:build !race

package realvaults

import (
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// TestMetaMorpho plays a MetaMorpho 1.1 vault that lends to two markets and keeps some
// idle. What can go wrong: interest accrues without an event, and the fee on it is in
// the contract's price long before its shares are minted; the fee and its receiver
// change; money is moved between markets; one market's collateral falls, and the bad
// debt that a liquidation leaves is lost to the holders, but not in the price.
func TestMetaMorpho(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "metamorpho")
		p := newMetaMorphoPlay(w, sharedCode(t, "metamorpho"))
		const days = 48
		playDays(w, days, p)
		if p.vault.now("lostAssets").Sign() == 0 {
			t.Fatal("the story has no lost assets")
		}
		p.findFees(p.receivers...)
		f := w.runCommand(days-1, p.vault)
		c := newComparison("metamorpho")
		p.judge(c, f)
		p.judgeFees(c, f, p.allPerformance())
		p.judgeClaims(c, f, map[string]string{"proportional_claim": "held", "fully_liquid": p.liquid("not provable"), "redemption_at_true_value": p.atTrueValue(), "never_borrows": "not provable"})
		p.judgeJumps(c, f)
		p.judgeWarnings(c, f, nil, append(p.doubts(), "lost_assets")...)
		p.judgeExits(c, f)
		c.note("lost assets are told", f.speaksOf(p.vault, "lost"), "no warning and no claim speaks of %s lost", p.vault.now("lostAssets"))
		c.conclude(t)
	})
}

// A morphoMarket is what names a market of Morpho Blue.
type morphoMarket struct {
	LoanToken       common.Address
	CollateralToken common.Address
	Oracle          common.Address
	Irm             common.Address
	Lltv            *big.Int
}

// words are a market's parts as the ABI encodes them.
func (m morphoMarket) words(w *world) []byte {
	w.t.Helper()
	return encode(w, m.LoanToken, m.CollateralToken, m.Oracle, m.Irm, m.Lltv)
}

func (m morphoMarket) id(w *world) [32]byte {
	w.t.Helper()
	return crypto.Keccak256Hash(m.words(w))
}

// A metaMorphoPlay is the vault, the markets under it and who acts on them.
type metaMorphoPlay struct {
	*book
	morpho                 *contract
	collateral, oracle     *contract // of the market that goes bad
	bad, good, idle        morphoMarket
	owner, curator         common.Address
	borrowers              []common.Address
	liquidator             common.Address
	receivers, users       []common.Address
	borrowDay, changeDay   int
	crashDay, noLongerFees int
}

func newMetaMorphoPlay(w *world, all artifacts) *metaMorphoPlay {
	u := w.users
	p := &metaMorphoPlay{
		owner: u[0], curator: u[1], borrowers: u[2:4], liquidator: u[4], receivers: u[5:7], users: u[7:13],
		borrowDay: 2, changeDay: 12 + int(w.dice.between(0, 4)), crashDay: 22 + int(w.dice.between(0, 5)), noLongerFees: 40,
	}
	d, plain := newDeployer(w, p.owner, all), newDeployer(w, p.owner, plainCode(w.t))
	coin := plain.deploy("Coin", "USDX", 6)
	p.collateral = plain.deploy("Coin", "COLL", 18)
	p.morpho = d.deploy("Morpho", p.owner)
	irm := d.deploy("IrmMock")
	p.oracle = d.deploy("OracleMock")
	steady := d.deploy("OracleMock")
	lltv := mulDiv(power(18), num(770), num(1000))
	p.morpho.send(p.owner, "enableIrm", irm)
	p.morpho.send(p.owner, "enableIrm", common.Address{})
	p.morpho.send(p.owner, "enableLltv", lltv)
	p.morpho.send(p.owner, "enableLltv", 0)
	p.oracle.send(p.owner, "setPrice", power(24))
	steady.send(p.owner, "setPrice", power(24))
	p.bad = morphoMarket{coin.address, p.collateral.address, p.oracle.address, irm.address, lltv}
	p.good = morphoMarket{coin.address, p.collateral.address, steady.address, irm.address, lltv}
	p.idle = morphoMarket{coin.address, common.Address{}, common.Address{}, common.Address{}, new(big.Int)}
	vault := d.deploy("MetaMorphoV1_1", p.owner, p.morpho, 0, coin, "Played Morpho", "pmUSDX")
	p.book = newBook(w, vault, coin, 6, 18)
	vault.send(p.owner, "setCurator", p.curator)
	for _, m := range []morphoMarket{p.bad, p.good, p.idle} {
		p.morpho.send(p.owner, "createMarket", m)
		vault.send(p.curator, "submitCap", m, maxUint(100))
		vault.send(p.curator, "acceptCap", m)
	}
	vault.send(p.owner, "setSupplyQueue", [][32]byte{p.idle.id(w)})
	vault.send(p.owner, "updateWithdrawQueue", []*big.Int{num(2), num(1), num(0)})
	vault.send(p.owner, "setFeeRecipient", p.receivers[0])
	vault.send(p.owner, "setFee", mulDiv(power(18), num(w.dice.between(50, 150)), num(1000)))
	for _, who := range append(append([]common.Address{p.liquidator}, p.borrowers...), p.users...) {
		coin.send(p.owner, "mint", who, power(14))
		coin.send(who, "approve", vault, maxUint(256))
		coin.send(who, "approve", p.morpho, maxUint(256))
	}
	for _, who := range p.borrowers {
		p.collateral.send(p.owner, "mint", who, power(30))
		p.collateral.send(who, "approve", p.morpho, maxUint(256))
	}
	return p
}

func (p *metaMorphoPlay) play(k int) {
	dice := p.w.dice
	switch k {
	case 0:
		for _, u := range p.users[:4] {
			p.deposit(u, dice.odd(12))
		}
	case 1:
		p.spread(350_000, 250_000)
	case p.borrowDay:
		p.borrow(p.bad, p.borrowers[0], 600_000, 800_000)
		p.borrow(p.good, p.borrowers[1], 300_000, 500_000)
	case p.changeDay:
		p.vault.send(p.owner, "setFee", mulDiv(power(18), num(dice.between(151, 250)), num(1000)))
	case p.changeDay + 3:
		p.vault.send(p.owner, "setFeeRecipient", p.receivers[1])
		p.lendMore()
	case p.crashDay:
		p.crash()
	case 5, 33: // before anything else makes the vault take its fee
		p.give(p.users[k%4], p.users[4], dice.part(p.shares(p.users[k%4]), 10_000, 300_000))
	case p.noLongerFees:
		p.vault.send(p.owner, "setFee", 0)
	}
	if k == 0 || dice.chance(400) { // on other days only time goes by
		return
	}
	p.w.pass(20_000)
	p.anything(p.users[:4], p.users[4:], 11)
}

// An allocation is how much a market is to hold after a reallocation.
type allocation struct {
	MarketParams morphoMarket
	Assets       *big.Int
}

// spread puts these millionths of all assets into the markets and leaves the rest idle.
func (p *metaMorphoPlay) spread(bad, good int64) {
	total := p.vault.now("totalAssets")
	p.vault.send(p.curator, "reallocate", []allocation{
		{p.idle, new(big.Int)},
		{p.bad, mulDiv(total, num(bad), num(1_000_000))},
		{p.good, mulDiv(total, num(good), num(1_000_000))},
		{p.idle, maxUint(256)},
	})
}

// lendMore puts half of what is idle into the good market.
func (p *metaMorphoPlay) lendMore() {
	shares := p.morpho.now("position", p.idle.id(p.w), p.vault)
	p.vault.send(p.curator, "reallocate", []allocation{
		{p.idle, mulDiv(shares, num(1), num(2_000_000))}, // a million shares a unit, as nothing was earned there
		{p.good, maxUint(256)},
	})
}

// borrow lets a borrower take part of what a market has.
func (p *metaMorphoPlay) borrow(m morphoMarket, who common.Address, low, high int64) {
	supplied := p.morpho.now("market", m.id(p.w))
	amount := p.w.dice.part(supplied, low, high)
	p.morpho.send(who, "supplyCollateral", m, mul(amount, mulDiv(power(12), num(14), num(10))), who, []byte{})
	p.morpho.send(who, "borrow", m, amount, 0, who, who)
}

// crash takes most of the value off the bad market's collateral, all of which is then
// seized: what it does not pay is bad debt.
func (p *metaMorphoPlay) crash() {
	p.oracle.send(p.owner, "setPrice", p.w.dice.part(power(24), 200_000, 500_000))
	position := p.morpho.ask(p.w.head, "position", p.bad.id(p.w), p.borrowers[0])
	p.morpho.send(p.liquidator, "liquidate", p.bad, p.borrowers[0], position[2], 0, []byte{})
}
