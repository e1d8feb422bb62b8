//go:build !race

package realvaults

import (
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

// TestComet plays Compound V3. What else can go wrong: it logs no loan and no repayment
// as such, a transfer of more than one has is a loan of which no log tells, and a
// balance and a debt exclude each other.
func TestComet(t *testing.T) {
	testLending(t, "compound_v3", func(lw *lendingWorld) lender { return newComet(lw) })
}

// A comet is a market of Compound V3 that lends the asset against the other token.
type comet struct {
	lw   *lendingWorld
	c    *contract
	feed *contract // of the other token
}

type (
	cometAsset struct {
		Asset, PriceFeed                                                     common.Address
		Decimals                                                             uint8
		BorrowCollateralFactor, LiquidateCollateralFactor, LiquidationFactor uint64
		SupplyCap                                                            *big.Int
	}
	cometConfig struct {
		Governor, PauseGuardian, BaseToken, BaseTokenPriceFeed, ExtensionDelegate                common.Address
		SupplyKink, SupplyPerYearInterestRateSlopeLow, SupplyPerYearInterestRateSlopeHigh        uint64
		SupplyPerYearInterestRateBase, BorrowKink, BorrowPerYearInterestRateSlopeLow             uint64
		BorrowPerYearInterestRateSlopeHigh, BorrowPerYearInterestRateBase, StoreFrontPriceFactor uint64
		TrackingIndexScale, BaseTrackingSupplySpeed, BaseTrackingBorrowSpeed                     uint64
		BaseMinForRewards, BaseBorrowMin, TargetReserves                                         *big.Int
		AssetConfigs                                                                             []cometAsset
	}
	cometExtConfig struct{ Name32, Symbol32 [32]byte }
)

func newComet(lw *lendingWorld) *comet {
	d := lw.d
	m := &comet{lw: lw, feed: d.deploy("Feed", power(8))}
	ext := d.deploy("CometExt", cometExtConfig{})
	const hundredth = uint64(10_000_000_000_000_000)
	m.c = d.deploy("Comet", cometConfig{
		Governor: lw.admin, PauseGuardian: lw.admin, BaseToken: lw.coin.address, BaseTokenPriceFeed: d.deploy("Feed", power(8)).address,
		ExtensionDelegate: ext.address, SupplyKink: 80 * hundredth, SupplyPerYearInterestRateSlopeLow: 20 * hundredth,
		SupplyPerYearInterestRateSlopeHigh: 40 * hundredth, BorrowKink: 80 * hundredth, BorrowPerYearInterestRateSlopeLow: 30 * hundredth,
		BorrowPerYearInterestRateSlopeHigh: 50 * hundredth, BorrowPerYearInterestRateBase: 10 * hundredth, StoreFrontPriceFactor: 50 * hundredth,
		TrackingIndexScale: 1_000_000_000_000_000, BaseMinForRewards: power(12), BaseBorrowMin: power(6), TargetReserves: power(15),
		AssetConfigs: []cometAsset{{lw.other.address, m.feed.address, 18, 80 * hundredth, 85 * hundredth, 95 * hundredth, power(30)}},
	})
	m.c.send(lw.admin, "initializeStorage")
	lw.coin.send(lw.admin, "mint", m.c, power(11)) // reserves, from which it pays for collateral
	return m
}

func (m *comet) approve(who actor) {
	who.send(m.lw.coin, "approve", m.c, maxUint(256))
	who.send(m.lw.other, "approve", m.c, maxUint(256))
}

func (m *comet) supply(who actor, amount *big.Int) { who.send(m.c, "supply", m.lw.coin, amount) }

func (m *comet) withdraw(who actor, amount *big.Int) {
	if amount == nil {
		amount = maxUint(256)
	}
	who.send(m.c, "withdraw", m.lw.coin, amount)
}

func (m *comet) pledge(who actor, amount *big.Int) { who.send(m.c, "supply", m.lw.other, amount) }

func (m *comet) borrow(who actor, amount *big.Int) { who.send(m.c, "withdraw", m.lw.coin, amount) }

// borrowSilently sends more than one has, which the market lends.
func (m *comet) borrowSilently(who, to actor, amount *big.Int) {
	who.send(m.c, "transfer", to.address(), amount)
}

func (m *comet) repay(payer, of actor, amount *big.Int) {
	if amount == nil {
		amount = maxUint(256)
	}
	payer.send(m.c, "supplyTo", of.address(), m.lw.coin, amount)
}

func (m *comet) give(from, to actor, assets *big.Int) bool {
	from.send(m.c, "transfer", to.address(), assets)
	return true
}

func (m *comet) touch() {}

func (m *comet) crash(millionths int64) {
	m.feed.send(m.lw.admin, "set", mulDiv(power(8), num(millionths), num(1_000_000)))
}

func (m *comet) liquidate(by, who actor) {
	by.send(m.c, "absorb", by.address(), []common.Address{who.address()})
}

func (m *comet) supplied(who actor, block uint64) *big.Int {
	return m.c.at(block, "balanceOf", who.address())
}

func (m *comet) owed(who actor, block uint64) *big.Int {
	return m.c.at(block, "borrowBalanceOf", who.address())
}

func (m *comet) contracts() []string {
	return []string{placeLine(m.c.address, "lending", "compound_v3")}
}
