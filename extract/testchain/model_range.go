package testchain

import "math/big"

// A rangeModel is what the concentrated-liquidity pool must give: its whole
// liquidity is one position over all prices.
type rangeModel struct {
	price      *big.Int // sqrt(token1 per token0) * 2^96
	liquidity  *big.Int
	fee        int64 // of 1e6
	shareFirst bool  // the share is token0
}

var (
	q96     = power(2, 96)
	million = num(1_000_000)
)

// swap sells an exact input of token0, or of token1.
func (m *rangeModel) swap(zeroForOne bool, input *big.Int) (output *big.Int) {
	net := mulDiv(input, num(1_000_000-m.fee), million)
	scaled := mul(m.liquidity, q96)
	if zeroForOne {
		next := mulDivUp(scaled, m.price, add(scaled, mul(net, m.price)))
		output = mulDiv(m.liquidity, sub(m.price, next), q96)
		m.price = next
		return output
	}
	next := add(m.price, div(mul(net, q96), m.liquidity))
	output = div(mulDiv(scaled, sub(next, m.price), next), m.price)
	m.price = next
	return output
}

// priceFor is the pool's price at which a share costs so much of the asset: worth
// is convertToAssets(1e30), premium in basis points.
func (m *rangeModel) priceFor(worth *big.Int, premium int64) *big.Int {
	// asset per share, raw, is worth * (1 + premium) / 1e30
	assets := mul(worth, num(10_000+premium))
	shares := mul(assetRate, basisPoints)
	if m.shareFirst {
		return new(big.Int).Sqrt(div(mul(mul(assets, q96), q96), shares))
	}
	return new(big.Int).Sqrt(div(mul(mul(shares, q96), q96), assets))
}

// toward is what to sell so that the pool's price comes to the target.
func (m *rangeModel) toward(target *big.Int) (zeroForOne bool, input *big.Int) {
	zeroForOne = less(target, m.price)
	var net *big.Int
	if zeroForOne {
		net = div(mulDiv(mul(m.liquidity, q96), sub(m.price, target), target), m.price)
	} else {
		net = mulDiv(m.liquidity, sub(target, m.price), q96)
	}
	return zeroForOne, mulDiv(net, million, num(1_000_000-m.fee))
}

// amounts are what a position of the pool's liquidity holds of each token.
func (m *rangeModel) amounts() (amount0, amount1 *big.Int) {
	return mulDivUp(m.liquidity, q96, m.price), mulDivUp(m.liquidity, m.price, q96)
}
