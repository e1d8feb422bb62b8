//go:build !race

package realvaults

import (
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

// TestMorphoBlue plays a market of Morpho Blue. What else can go wrong: one contract
// has all markets, positions are shares of two kinds, and a liquidation takes what
// nobody pays off the debt too.
func TestMorphoBlue(t *testing.T) {
	testLending(t, "morpho_blue", func(lw *lendingWorld) lender { return newMorphoBlue(lw) })
}

// A morphoBlue is a market of Morpho Blue that lends the asset against the other token.
type morphoBlue struct {
	lw     *lendingWorld
	c      *contract
	oracle *contract
	market morphoMarket
}

func newMorphoBlue(lw *lendingWorld) *morphoBlue {
	d := newDeployer(lw.world, lw.admin, sharedCode(lw.t, "metamorpho"))
	m := &morphoBlue{lw: lw, c: d.deploy("Morpho", lw.admin), oracle: d.deploy("OracleMock")}
	irm := d.deploy("IrmMock")
	lltv := mulDiv(power(18), num(770), num(1000))
	m.c.send(lw.admin, "enableIrm", irm)
	m.c.send(lw.admin, "enableLltv", lltv)
	m.oracle.send(lw.admin, "setPrice", power(24))
	m.market = morphoMarket{lw.coin.address, lw.other.address, m.oracle.address, irm.address, lltv}
	m.c.send(lw.admin, "createMarket", m.market)
	return m
}

func (m *morphoBlue) approve(who actor) {
	who.send(m.lw.coin, "approve", m.c, maxUint(256))
	who.send(m.lw.other, "approve", m.c, maxUint(256))
}

func (m *morphoBlue) supply(who actor, amount *big.Int) {
	who.send(m.c, "supply", m.market, amount, 0, who.address(), []byte{})
}

func (m *morphoBlue) withdraw(who actor, amount *big.Int) {
	shares := new(big.Int)
	if amount == nil {
		amount, shares = shares, m.position(who, m.lw.head)[0]
	}
	who.send(m.c, "withdraw", m.market, amount, shares, who.address(), who.address())
}

func (m *morphoBlue) pledge(who actor, amount *big.Int) {
	who.send(m.c, "supplyCollateral", m.market, amount, who.address(), []byte{})
}

func (m *morphoBlue) borrow(who actor, amount *big.Int) {
	who.send(m.c, "borrow", m.market, amount, 0, who.address(), who.address())
}

func (m *morphoBlue) repay(payer, of actor, amount *big.Int) {
	shares := new(big.Int)
	if amount == nil {
		amount, shares = shares, m.position(of, m.lw.head)[1]
	}
	payer.send(m.c, "repay", m.market, amount, shares, of.address(), []byte{})
}

func (m *morphoBlue) give(_, _ actor, _ *big.Int) bool { return false }

func (m *morphoBlue) touch() { m.c.send(m.lw.admin, "accrueInterest", m.market) }

func (m *morphoBlue) crash(millionths int64) {
	m.oracle.send(m.lw.admin, "setPrice", mulDiv(power(24), num(millionths), num(1_000_000)))
}

func (m *morphoBlue) liquidate(by, who actor) {
	by.send(m.c, "liquidate", m.market, who.address(), m.position(who, m.lw.head)[2], 0, []byte{})
}

// position is an account's supply shares, borrow shares and collateral.
func (m *morphoBlue) position(who actor, block uint64) [3]*big.Int {
	answer := m.c.ask(block, "position", m.market.id(m.lw.world), who.address())
	return [3]*big.Int{answer[0].(*big.Int), answer[1].(*big.Int), answer[2].(*big.Int)}
}

// worth is what shares of a kind are worth by the market's totals, as last accrued.
func (m *morphoBlue) worth(who actor, block uint64, kind int) *big.Int {
	answer := m.c.ask(block, "market", m.market.id(m.lw.world))
	assets, shares := answer[2*kind].(*big.Int), answer[2*kind+1].(*big.Int)
	if shares.Sign() == 0 {
		return new(big.Int)
	}
	return mulDiv(m.position(who, block)[kind], assets, shares)
}

func (m *morphoBlue) supplied(who actor, block uint64) *big.Int { return m.worth(who, block, 0) }

func (m *morphoBlue) owed(who actor, block uint64) *big.Int { return m.worth(who, block, 1) }

func (m *morphoBlue) contracts() []string {
	return []string{placeLine(m.c.address, "lending", "morpho_blue")}
}

// TestEVKLending plays a vault of the Euler Vault Kit. What else can go wrong: who
// borrows is a sub-account of the account, and a liquidation is logged as somebody
// taking over the debt.
func TestEVKLending(t *testing.T) {
	testLending(t, "evk_lending", func(lw *lendingWorld) lender { return newEVKLender(lw) })
}

// An evkLender is a vault of the kit, from which sub-account 1 of each actor borrows.
type evkLender struct {
	lw  *lendingWorld
	kit *eulerKit
	v   *contract
}

func newEVKLender(lw *lendingWorld) *evkLender {
	kit := newEulerKit(lw.world, sharedCode(lw.t, "euler"))
	lw.coin, lw.other = kit.coin, kit.token
	return &evkLender{lw, kit, kit.lend(1000)}
}

// sub is the sub-account of an actor.
func (m *evkLender) sub(who actor) common.Address {
	address := who.address()
	address[common.AddressLength-1] ^= 1
	return address
}

func (m *evkLender) approve(who actor) {
	who.send(m.lw.coin, "approve", m.v, maxUint(256))
	who.send(m.lw.other, "approve", m.kit.collateral, maxUint(256))
}

func (m *evkLender) supply(who actor, amount *big.Int) {
	who.send(m.v, "deposit", amount, who.address())
}

func (m *evkLender) withdraw(who actor, amount *big.Int) {
	if amount == nil {
		who.send(m.v, "redeem", maxUint(256), who.address(), who.address())
		return
	}
	who.send(m.v, "withdraw", amount, who.address(), who.address())
}

func (m *evkLender) pledge(who actor, amount *big.Int) {
	who.send(m.kit.collateral, "deposit", amount, m.sub(who))
	who.send(m.kit.evc, "enableCollateral", m.sub(who), m.kit.collateral)
	who.send(m.kit.evc, "enableController", m.sub(who), m.v)
}

func (m *evkLender) borrow(who actor, amount *big.Int) {
	who.send(m.kit.evc, "call", m.v, m.sub(who), 0, m.v.data("borrow", []any{amount, who.address()}))
}

func (m *evkLender) repay(payer, of actor, amount *big.Int) {
	if amount == nil {
		amount = maxUint(256)
	}
	payer.send(m.v, "repay", amount, m.sub(of))
}

func (m *evkLender) give(from, to actor, assets *big.Int) bool {
	from.send(m.v, "transfer", to.address(), m.v.now("convertToShares", assets))
	return true
}

func (m *evkLender) touch() {}

func (m *evkLender) crash(millionths int64) {
	m.kit.oracle.send(m.lw.admin, "set", m.kit.collateral, m.kit.unit, mulDiv(power(18), num(millionths), num(1_000_000)))
}

func (m *evkLender) liquidate(by, who actor) {
	m.lw.now += 60 // after what checked the account's health
	by.send(m.kit.collateral, "deposit", power(24), by.address())
	by.send(m.kit.evc, "enableCollateral", by.address(), m.kit.collateral)
	by.send(m.kit.evc, "enableController", by.address(), m.v)
	by.send(m.v, "liquidate", m.sub(who), m.kit.collateral, maxUint(256), 0)
	by.send(m.v, "repay", maxUint(256), by.address())
}

func (m *evkLender) supplied(who actor, block uint64) *big.Int {
	return m.v.at(block, "convertToAssets", m.v.at(block, "balanceOf", who.address()))
}

func (m *evkLender) owed(who actor, block uint64) *big.Int {
	return m.v.at(block, "debtOf", m.sub(who))
}

func (m *evkLender) contracts() []string {
	return []string{placeLine(m.v.address, "lending", "evk"), placeLine(m.kit.collateral.address, "venue", "evk")}
}
