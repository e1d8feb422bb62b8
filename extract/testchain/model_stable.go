package testchain

import "math/big"

// A stableModel is what the StableSwap pool of a share (coin 0) and its asset
// (coin 1) must give. Its arithmetic is Curve's, in the contract's integers.
type stableModel struct {
	balances      [2]*big.Int
	amplification int64
	fee           int64 // of 1e10
	priceFine     func() *big.Int
}

const stablePrecision = 100

var (
	stableUnit = power(10, 18)
	assetRate  = power(10, 30)
)

func (m *stableModel) rates() [2]*big.Int { return [2]*big.Int{m.priceFine(), assetRate} }

func (m *stableModel) worth() [2]*big.Int {
	rates := m.rates()
	return [2]*big.Int{mulDiv(m.balances[0], rates[0], stableUnit), mulDiv(m.balances[1], rates[1], stableUnit)}
}

func near(a, b *big.Int) bool { return new(big.Int).Abs(sub(a, b)).Cmp(one) <= 0 }

func (m *stableModel) invariant(x, y *big.Int) *big.Int {
	sum := add(x, y)
	ann := num(m.amplification * stablePrecision * 2)
	precision := num(stablePrecision)
	d := sum
	for {
		p := div(mul(div(mul(div(mul(d, d), x), d), y), one), num(4))
		last := d
		above := mul(add(div(mul(ann, sum), precision), mul(p, num(2))), d)
		below := add(div(mul(sub(ann, precision), d), precision), mul(num(3), p))
		if d = div(above, below); near(d, last) {
			return d
		}
	}
}

func (m *stableModel) other(x, d *big.Int) *big.Int {
	ann := num(m.amplification * stablePrecision * 2)
	precision := num(stablePrecision)
	c := div(mul(mul(div(mul(d, d), mul(x, num(2))), d), precision), mul(ann, num(2)))
	b := add(x, div(mul(d, precision), ann))
	for y := d; ; {
		last := y
		y = div(add(mul(y, y), c), sub(add(mul(num(2), y), b), d))
		if near(y, last) {
			return y
		}
	}
}

// quote is what selling dx of a coin gives of the other.
func (m *stableModel) quote(sold int, dx *big.Int) *big.Int {
	rates, worth := m.rates(), m.worth()
	d := m.invariant(worth[0], worth[1])
	x := add(worth[sold], mulDiv(dx, rates[sold], stableUnit))
	dy := sub(sub(worth[1-sold], m.other(x, d)), one)
	dy = sub(dy, mulDiv(dy, num(m.fee), power(10, 10)))
	return mulDiv(dy, stableUnit, rates[1-sold])
}

func (m *stableModel) exchange(sold int, dx *big.Int) (dy *big.Int) {
	dy = m.quote(sold, dx)
	m.balances[sold] = add(m.balances[sold], dx)
	m.balances[1-sold] = sub(m.balances[1-sold], dy)
	return dy
}

// premiumAfter is by how much a share then sells above what it is worth, in basis
// points, once dx of a coin was sold.
func (m *stableModel) premiumAfter(sold int, dx *big.Int) int64 {
	then := &stableModel{balances: m.balances, amplification: m.amplification, fee: m.fee, priceFine: m.priceFine}
	if dx.Sign() > 0 {
		then.exchange(sold, dx)
	}
	probe := mul(num(100), shareUnit)
	got := then.quote(0, probe)
	fair := mulDiv(probe, m.priceFine(), assetRate)
	return sub(mulDiv(got, basisPoints, fair), basisPoints).Int64()
}

// toward is how much of which coin to sell so that the premium comes to the target,
// at most limit of either.
func (m *stableModel) toward(target int64, limit [2]*big.Int) (sold int, dx *big.Int) {
	if m.premiumAfter(0, zero()) < target {
		sold = 1 // buy shares
	}
	low, high := zero(), limit[sold]
	for range 40 {
		middle := div(add(low, high), num(2))
		if over := m.premiumAfter(sold, middle) > target; over == (sold == 0) {
			low = middle
		} else {
			high = middle
		}
	}
	return sold, low
}
