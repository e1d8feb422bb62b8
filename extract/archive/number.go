package archive

import (
	"math/big"
	"strconv"
	"strings"
)

// What the numbers of a reading must be, for messages.
const (
	wantInteger = "a whole number from 0 to 2^256-1"
	wantDecimal = "a decimal number not below 0 that is at most 2^256-1 in raw units"
	wantPrice   = "a finite number not below 0"
)

// maxDigits is how many digits 2^256-1 has.
const maxDigits = 78

// Prices outside these bounds are set aside: no real asset and supply give one, and its
// powers would overflow a float and spoil the figures of all vaults.
// intermediate.price_candidates applies the same bounds to events.
const (
	leastPrice = 1e-30
	mostPrice  = 1e30
)

// isPossible says whether a price is within the bounds, or zero, which is a total loss.
func isPossible(price float64) bool {
	return price == 0 || price >= leastPrice && price <= mostPrice
}

// parseInteger reads an amount of at most 256 bits. Of one that was written as a float
// (2.15e+22, 1000000.0) the given digits are taken, and inexact says that there may have
// been more. Negative, fractional and larger numbers are not ok.
func parseInteger(text string) (n *big.Int, inexact, ok bool) {
	d, ok := splitDecimal(text)
	if !ok || d.negative || d.point > maxDigits || d.point < len(d.digits) {
		return nil, false, false
	}
	if d.digits == "" {
		return new(big.Int), d.isFloat, true
	}
	digits := d.digits + strings.Repeat("0", d.point-len(d.digits))
	if len(digits) < 20 { // fits uint64
		small, err := strconv.ParseUint(digits, 10, 64)
		return new(big.Int).SetUint64(small), d.isFloat, err == nil
	}
	n, ok = new(big.Int).SetString(digits, 10)
	if !ok || n.BitLen() > 256 {
		return nil, false, false
	}
	return n, d.isFloat, true
}

// parseDecimal reads an amount in units of so many decimals as a raw integer, rounded to
// the nearest. One that is written with a point or an exponent is inexact: its source may
// have rounded it.
func parseDecimal(text string, decimals int) (n *big.Int, inexact, ok bool) {
	d, ok := splitDecimal(text)
	if d.digits == "" {
		return new(big.Int), d.isFloat, ok
	}
	d.point += decimals
	if d.negative || d.point > maxDigits {
		return nil, false, false
	}
	if d.point < 0 {
		return new(big.Int), true, true
	}
	isUp := false
	if d.point < len(d.digits) {
		isUp, d.isFloat = d.digits[d.point] >= '5', true
		d.digits = d.digits[:d.point]
	}
	n, ok = new(big.Int).SetString("0"+d.digits+strings.Repeat("0", d.point-len(d.digits)), 10)
	if isUp && ok {
		n.Add(n, big.NewInt(1))
	}
	if !ok || n.BitLen() > 256 {
		return nil, false, false
	}
	return n, d.isFloat, true
}

// parseInt64 reads a block number or chain id, which fit a bigint column.
func parseInt64(text string) (int64, bool) {
	n, _, ok := parseInteger(text)
	if !ok || !n.IsInt64() {
		return 0, false
	}
	return n.Int64(), true
}

// parsePrice reads a price in units of the asset. Zero is a price; NaN,
// infinity, a negative number and one too small or too large for a float are
// not ok.
func parsePrice(text string) (price float64, ok bool) {
	d, ok := splitDecimal(text)
	if !ok {
		return 0, false
	}
	if d.digits == "" {
		return 0, true // also for -0.0
	}
	price, err := strconv.ParseFloat(text, 64)
	return price, err == nil && price > 0
}

// A decimal is 0.digits times ten to the power of point: digits has no zero at
// either end and is empty for zero.
type decimal struct {
	digits   string
	point    int
	negative bool
	isFloat  bool // written with a point or an exponent
}

// splitDecimal takes apart -1.5e+22. Spaces, hex, separators, NaN and Inf are
// not ok.
func splitDecimal(text string) (d decimal, ok bool) {
	text, d.negative = strings.CutPrefix(text, "-")
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		if d.point, ok = parseExponent(text[i+1:]); !ok {
			return decimal{}, false
		}
		text, d.isFloat = text[:i], true
	}
	whole, fraction, hasPoint := strings.Cut(text, ".")
	if !isDigits(whole) || hasPoint && fraction != "" && !isDigits(fraction) {
		return decimal{}, false
	}
	d.isFloat = d.isFloat || hasPoint
	d.point += len(whole)
	d.digits = whole + fraction
	significant := strings.TrimLeft(d.digits, "0")
	d.point -= len(d.digits) - len(significant)
	d.digits = strings.TrimRight(significant, "0")
	if d.digits == "" {
		d.point = 0
	}
	return d, true
}

// parseExponent reads the part after e; a hostile one stays at a million, far
// beyond any number here, so that no caller writes out its zeros.
func parseExponent(text string) (int, bool) {
	text, negative := strings.CutPrefix(text, "-")
	if !negative {
		text = strings.TrimPrefix(text, "+")
	}
	if !isDigits(text) {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	if err != nil || n > 1_000_000 {
		n = 1_000_000
	}
	if negative {
		n = -n
	}
	return n, true
}

func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}
