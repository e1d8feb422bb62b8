//go:build !race

package realvaults

import (
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

// TestCompoundV2 plays Compound V2. What else can go wrong: receipts are shares with
// another unit than the asset, all its logs name whom they are about in data, and a
// liquidation logs a repayment besides itself.
func TestCompoundV2(t *testing.T) {
	testLending(t, "compound_v2", func(lw *lendingWorld) lender { return newCompound(lw) })
}

// A compound is two markets of Compound V2: of the asset, and of the other token.
type compound struct {
	lw          *lendingWorld
	comptroller *contract
	oracle      *contract
	coin, other *contract // cTokens
}

func newCompound(lw *lendingWorld) *compound {
	d := lw.d
	m := &compound{lw: lw, comptroller: d.deploy("Comptroller"), oracle: d.deploy("SimplePriceOracle")}
	rates := d.deploy("JumpRateModelV2", power(18), power(18), power(18), mulDiv(power(18), num(8), num(10)), lw.admin)
	cToken := func(token *contract, exchangeRate *big.Int) *contract {
		c := d.deploy("CErc20Immutable", token, m.comptroller, rates, exchangeRate, "Played", "cP", uint8(8), lw.admin)
		m.comptroller.send(lw.admin, "_supportMarket", c)
		return c
	}
	m.coin, m.other = cToken(lw.coin, mul(num(2), power(14))), cToken(lw.other, mul(num(2), power(26)))
	m.comptroller.send(lw.admin, "_setPriceOracle", m.oracle)
	m.oracle.send(lw.admin, "setUnderlyingPrice", m.coin, power(30))
	m.oracle.send(lw.admin, "setUnderlyingPrice", m.other, power(18))
	m.comptroller.send(lw.admin, "_setCollateralFactor", m.other, mulDiv(power(18), num(75), num(100)))
	m.comptroller.send(lw.admin, "_setCloseFactor", mulDiv(power(18), num(5), num(10)))
	m.comptroller.send(lw.admin, "_setLiquidationIncentive", mulDiv(power(18), num(108), num(100)))
	return m
}

func (m *compound) approve(who actor) {
	who.send(m.lw.coin, "approve", m.coin, maxUint(256))
	who.send(m.lw.other, "approve", m.other, maxUint(256))
}

func (m *compound) supply(who actor, amount *big.Int) { who.send(m.coin, "mint", amount) }

func (m *compound) withdraw(who actor, amount *big.Int) {
	if amount == nil {
		who.send(m.coin, "redeem", m.coin.now("balanceOf", who.address()))
		return
	}
	who.send(m.coin, "redeemUnderlying", amount)
}

func (m *compound) pledge(who actor, amount *big.Int) {
	who.send(m.other, "mint", amount)
	who.send(m.comptroller, "enterMarkets", []common.Address{m.other.address})
}

func (m *compound) borrow(who actor, amount *big.Int) { who.send(m.coin, "borrow", amount) }

func (m *compound) repay(payer, of actor, amount *big.Int) {
	if amount == nil {
		amount = maxUint(256)
	}
	payer.send(m.coin, "repayBorrowBehalf", of.address(), amount)
}

func (m *compound) give(from, to actor, assets *big.Int) bool {
	from.send(m.coin, "transfer", to.address(), mulDiv(assets, power(18), m.coin.now("exchangeRateStored")))
	return true
}

func (m *compound) touch() {}

func (m *compound) crash(millionths int64) {
	m.oracle.send(m.lw.admin, "setUnderlyingPrice", m.other, mulDiv(power(18), num(millionths), num(1_000_000)))
}

func (m *compound) liquidate(by, who actor) {
	half := mulDiv(m.owed(who, m.lw.head), num(49), num(100))
	by.send(m.coin, "liquidateBorrow", who.address(), half, m.other)
}

func (m *compound) supplied(who actor, block uint64) *big.Int {
	return m.coin.at(block, "balanceOfUnderlying", who.address())
}

func (m *compound) owed(who actor, block uint64) *big.Int {
	return m.coin.at(block, "borrowBalanceCurrent", who.address())
}

func (m *compound) contracts() []string {
	return []string{placeLine(m.coin.address, "lending", "compound_v2"), placeLine(m.other.address, "lending", "compound_v2")}
}
