//go:build !race

package realvaults

import "math/big"

// None of these functions changes its arguments.

func num(n int64) *big.Int { return big.NewInt(n) }

func add(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }

func sub(a, b *big.Int) *big.Int { return new(big.Int).Sub(a, b) }

func mul(a, b *big.Int) *big.Int { return new(big.Int).Mul(a, b) }

// mulDiv is a * b / c rounded down.
func mulDiv(a, b, c *big.Int) *big.Int { return new(big.Int).Quo(mul(a, b), c) }

// power is 10^exponent.
func power(exponent int) *big.Int { return new(big.Int).Exp(num(10), num(int64(exponent)), nil) }

// maxUint is 2^bits - 1.
func maxUint(bits uint) *big.Int { return sub(new(big.Int).Lsh(num(1), bits), num(1)) }

// units is an amount of a token in whole units, for figures that are floats.
func units(n *big.Int, decimals int) float64 {
	f, _ := new(big.Rat).SetFrac(n, power(decimals)).Float64()
	return f
}
