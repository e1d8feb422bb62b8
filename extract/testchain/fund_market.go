package testchain

import (
	"math/big"
)

const (
	stableFee = 1_000_000 // of 1e10
	rangeFee  = 100       // of 1e6
)

// openMarkets deploys both pools and fills them at what a share is worth.
func (f *fund) openMarkets() {
	each := units(300_000)
	shares := f.model.toShares(each)

	stable := f.deploy(f.deployer, "StablePool", f.model.self, num(f.amplification), num(stableFee))
	f.stable = &stableModel{amplification: f.amplification, fee: stableFee, priceFine: f.priceFine, balances: [2]*big.Int{shares, each}}
	f.call(f.trader, f.model.self, "approve", stable, maxUint256)
	f.call(f.trader, f.asset, "approve", stable, maxUint256)
	f.call(f.trader, stable, "add_liquidity", []*big.Int{shares, each}, zero())
	f.shares().move(f.trader.address, stable, shares)
	f.token.move(f.trader.address, stable, each)

	ranged := f.deploy(f.deployer, "RangePool", f.model.self, f.asset, num(rangeFee))
	m := &rangeModel{fee: rangeFee, shareFirst: f.model.self.Cmp(f.asset) < 0}
	m.price = m.priceFor(f.priceFine(), 0)
	reserve0 := each
	if m.shareFirst {
		reserve0 = shares
	}
	m.liquidity = mulDiv(reserve0, m.price, q96)
	f.ranged = m
	f.call(f.trader, f.model.self, "approve", ranged, maxUint256)
	f.call(f.trader, f.asset, "approve", ranged, maxUint256)
	f.call(f.trader, ranged, "initialize", m.price)
	f.call(f.trader, ranged, "mint", f.trader.address, m.liquidity)
	inAssets, inShares := m.amounts()
	if m.shareFirst {
		inAssets, inShares = inShares, inAssets
	}
	f.shares().move(f.trader.address, ranged, inShares)
	f.token.move(f.trader.address, ranged, inAssets)
	f.info.StablePool, f.info.RangePool = stable, ranged
}

// trade is the market's day. The ranged pool has to follow the vault's price; the
// stable pool counts at that price and trades once a month, but in a discount as
// often as the other.
func (f *fund) trade() {
	if !f.markets || f.at.slot != slotsPerDay-1 || !on(f.at, f.tradeDays) {
		return
	}
	if f.stable == nil {
		f.openMarkets()
		return
	}
	inDiscount := f.premium < 0
	if !inDiscount || len(f.truth.Trades)%2 == 0 {
		f.tradeRanged(f.premium + f.between(-6, 6))
		if inDiscount {
			return
		}
	}
	if inDiscount || f.at.day.Day() <= 7 {
		f.tradeStable(f.premium + f.between(-2, 2))
	}
}

// least trade, in whole units of the asset
const leastTrade = 400

func (f *fund) tradeStable(premium int64) {
	limit := [2]*big.Int{f.shares().of(f.trader.address), units(1_000_000)}
	sold, dx := f.stable.toward(premium, limit)
	smallest := [2]*big.Int{mul(num(leastTrade), shareUnit), units(leastTrade)}
	if less(dx, smallest[sold]) {
		dx = least(smallest[sold], limit[sold])
	}
	if dx.Sign() == 0 {
		return
	}
	at := f.call(f.trader, f.info.StablePool, "exchange", num(int64(sold)), num(int64(1-sold)), dx, zero())
	dy := f.stable.exchange(sold, dx)
	f.traded(Trade{Point: at, Pool: f.info.StablePool, Sold: sold == 0}, dx, dy)
}

func (f *fund) tradeRanged(premium int64) {
	m := f.ranged
	zeroForOne, input := m.toward(m.priceFor(f.priceFine(), premium))
	sellsShares := zeroForOne == m.shareFirst
	smallest, limit := units(leastTrade), units(1_000_000)
	if sellsShares {
		smallest, limit = mul(num(leastTrade), shareUnit), f.shares().of(f.trader.address)
	}
	if less(input, smallest) {
		input = smallest
	}
	if input = least(input, limit); input.Sign() == 0 {
		return
	}
	at := f.call(f.trader, f.info.RangePool, "swap", f.trader.address, zeroForOne, input, zero(), []byte{})
	output := m.swap(zeroForOne, input)
	f.traded(Trade{Point: at, Pool: f.info.RangePool, Sold: sellsShares, SqrtPriceX96: m.price}, input, output)
}

func (f *fund) traded(t Trade, paid, got *big.Int) {
	t.Shares, t.Assets = got, paid
	if t.Sold {
		t.Shares, t.Assets = paid, got
		f.shares().move(f.trader.address, t.Pool, paid)
		f.token.move(t.Pool, f.trader.address, got)
	} else {
		f.token.move(f.trader.address, t.Pool, paid)
		f.shares().move(t.Pool, f.trader.address, got)
	}
	f.truth.Trades = append(f.truth.Trades, t)
}
