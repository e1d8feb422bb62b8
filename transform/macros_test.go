package transform

import (
	"math"
	"math/big"
	"testing"
)

// bits is a precision that leaves 64 digits of the smallest tail after the
// series has cancelled all others.
const bits = 3600

func bigFloat(x float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(x) }

// bigPi is pi by Machin's formula.
func bigPi() *big.Float {
	arctan := func(inverse int64) *big.Float { // of 1 / inverse
		x := bigFloat(1)
		x.Quo(x, bigFloat(float64(inverse)))
		square := new(big.Float).Mul(x, x)
		sum, power := bigFloat(0), new(big.Float).Copy(x)
		for n := int64(0); power.MantExp(nil) > -bits; n++ {
			term := new(big.Float).Quo(power, bigFloat(float64(2*n+1)))
			if n%2 == 1 {
				term.Neg(term)
			}
			sum.Add(sum, term)
			power.Mul(power, square)
		}
		return sum
	}
	pi := new(big.Float).Mul(bigFloat(16), arctan(5))
	return pi.Sub(pi, new(big.Float).Mul(bigFloat(4), arctan(239)))
}

var rootOfTwoPi = func() *big.Float {
	two := new(big.Float).Mul(bigFloat(2), bigPi())
	return two.Sqrt(two)
}()

// bigNormal is the standard normal distribution function by its power series:
// 1/2 + (x - x^3/(2*3) + x^5/(2^2*2!*5) - ...) / sqrt(2 pi).
func bigNormal(x float64) *big.Float {
	square := new(big.Float).Mul(bigFloat(x), bigFloat(x))
	power, sum := bigFloat(x), bigFloat(x)
	for n := int64(1); power.Sign() != 0 && power.MantExp(nil) > -bits; n++ {
		power.Mul(power, square)
		power.Quo(power, bigFloat(float64(-2*n)))
		sum.Add(sum, new(big.Float).Quo(power, bigFloat(float64(2*n+1))))
	}
	sum.Quo(sum, rootOfTwoPi)
	return sum.Add(sum, bigFloat(0.5))
}

// relative is how far got lies from want, as a share of want.
func relative(got float64, want *big.Float) float64 {
	difference := new(big.Float).Sub(bigFloat(got), want)
	share, _ := difference.Quo(difference, want).Float64()
	return math.Abs(share)
}

// TestNormal holds the normal distribution in SQL against its power series in
// three thousand bits, far into both tails.
func TestNormal(t *testing.T) {
	db := database(t)
	run(t, db, Options{AsOf: date("2025-01-01")})
	worst := 0.0
	for _, size := range []float64{0, 1e-12, 0.1, 0.5, 0.67448974, 0.67448976, 1, 1.6448536269514722, 1.96, 3, 4.7, 5.656, 5.657, 6.3, 8, 12.34, 20, 30, 37} {
		for _, x := range []float64{size, -size} {
			got := one[float64](t, db, "select intermediate.normal_cdf(?::double)", x)
			difference := relative(got, bigNormal(x))
			worst = math.Max(worst, difference)
			if difference > 2e-14 {
				t.Errorf("below %v: got %v, off by %.1e of it", x, got, difference)
			}
		}
	}
	t.Logf("distribution function: off by %.1e of the value at most", worst)

	worst = 0
	for _, p := range []float64{0.5, 0.5 + 1e-9, 0.4, 0.6, 0.0751, 0.0749, 0.925, 0.95, 0.975, 0.99, 0.9999, 0.05, 0.01, 1e-5, 1.3e-11, 1.5e-11, 1e-20, 1e-100, 1e-300, 1 - 1e-12} {
		z := one[float64](t, db, "select intermediate.normal_quantile(?::double)", p)
		// a step of Newton's method from the exact value
		density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
		miss := new(big.Float).Sub(bigNormal(z), bigFloat(p))
		miss.Quo(miss, bigFloat(density))
		step, _ := miss.Float64()
		off := math.Abs(step) / math.Max(1e-3, math.Abs(z))
		worst = math.Max(worst, off)
		if off > 2e-13 {
			t.Errorf("quantile %v: got %v, off by %.1e of it", p, z, off)
		}
	}
	t.Logf("quantile: off by %.1e of the value at most", worst)
}
