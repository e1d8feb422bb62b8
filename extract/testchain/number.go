package testchain

import "math/big"

// The rules below work on integers as the contracts do; none of these functions
// changes its arguments.

var one = big.NewInt(1)

func zero() *big.Int { return new(big.Int) }

func num(n int64) *big.Int { return big.NewInt(n) }

func add(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }

func sub(a, b *big.Int) *big.Int { return new(big.Int).Sub(a, b) }

func mul(a, b *big.Int) *big.Int { return new(big.Int).Mul(a, b) }

// div rounds toward zero, as Solidity does.
func div(a, b *big.Int) *big.Int { return new(big.Int).Quo(a, b) }

// mulDiv is a * b / c rounded down.
func mulDiv(a, b, c *big.Int) *big.Int { return div(mul(a, b), c) }

// mulDivUp is a * b / c rounded up.
func mulDivUp(a, b, c *big.Int) *big.Int {
	return div(add(mul(a, b), sub(c, one)), c)
}

// part is the given basis points of n, rounded down.
func part(n *big.Int, basisPoints int64) *big.Int { return mulDiv(n, num(basisPoints), num(10_000)) }

// power is base^exponent.
func power(base, exponent int64) *big.Int {
	return new(big.Int).Exp(num(base), num(exponent), nil)
}

func less(a, b *big.Int) bool { return a.Cmp(b) < 0 }

func least(a, b *big.Int) *big.Int {
	if less(a, b) {
		return a
	}
	return b
}

// units is n whole units of a token of 6 decimals.
func units(n int64) *big.Int { return mul(num(n), num(1_000_000)) }

var (
	shareUnit   = power(10, 18) // one share of an asynchronous vault
	shareOffset = power(10, 12) // its virtual shares, to one virtual unit of the asset
	maxUint256  = sub(power(2, 256), one)
)
