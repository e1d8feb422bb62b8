package archive

import (
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestParseInteger(t *testing.T) {
	tests := []struct {
		text    string
		want    string // empty: refused
		inexact bool
	}{
		{"0", "0", false},
		{"000", "0", false},
		{"007", "7", false},
		{"18446744073709551615", "18446744073709551615", false},
		{"18446744073709551616", "18446744073709551616", false},
		{maxUint256.String(), maxUint256.String(), false},
		{"2.1522000173427537e+22", "21522000173427537000000", true},
		{"1000000.0", "1000000", true},
		{"1000000.", "1000000", true},
		{"1.5e1", "15", true},
		{"0.5E+1", "5", true},
		{"1500e-2", "15", true},
		{"0e999999999999999999999", "0", true},
		{"0.000", "0", true},
		{"1.157920892373161954e77", "115792089237316195400000000000000000000000000000000000000000000000000000000000", true},
		{"1.157920892373161955e77", "", false},
		{"1e78", "", false},
		{"1e999999999999999999999", "", false},
		{"1e-999999999999999999999", "", false},
		{"1.5", "", false},
		{"15e-2", "", false},
		{"-1", "", false},
		{"-0", "", false},
		{"+1", "", false},
		{"", "", false},
		{".5e1", "", false},
		{"1e", "", false},
		{"1e+-1", "", false},
		{"1_000", "", false},
		{"1,000", "", false},
		{"0x10", "", false},
		{"nan", "", false},
		{"Infinity", "", false},
		{"1 ", "", false},
		{"٣", "", false},
	}
	for _, test := range tests {
		n, inexact, ok := parseInteger(test.text)
		got := ""
		if ok {
			got = n.String()
		}
		if got != test.want || inexact != test.inexact {
			t.Errorf("%s: got %q inexact %v, want %q inexact %v", test.text, got, inexact, test.want, test.inexact)
		}
	}
}

func TestParsePrice(t *testing.T) {
	for text, want := range map[string]float64{
		"0": 0, "-0.0": 0, "1": 1, "1.0190940944043571": 1.0190940944043571, "1e-6": 1e-6, "5e-324": 5e-324, "1.7976931348623157e308": 1.7976931348623157e308,
	} {
		if got, ok := parsePrice(text); !ok || got != want {
			t.Errorf("%s: got %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "nan", "inf", "-1", "-1e-9", "1e309", "1e-400", "0x1p-2", "1_0", "1,5", "$1", "1.2.3", "e5", "--1"} {
		if got, ok := parsePrice(text); ok {
			t.Errorf("%q: got %v, want a refusal", text, got)
		}
	}
}

// TestParseIntegerRoundTrip writes random integers of every length in every
// way and reads them back.
func TestParseIntegerRoundTrip(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		n := new(big.Int)
		for range random.IntN(5) {
			n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(random.Uint64()))
		}
		n.Rsh(n, uint(random.IntN(64)))
		digits := n.String()
		for _, text := range []string{digits, "00" + digits, digits + ".00", scientific(digits, random.IntN(len(digits)))} {
			got, inexact, ok := parseInteger(text)
			if !ok || got.Cmp(n) != 0 || inexact != strings.ContainsAny(text, ".e") {
				t.Fatalf("%s: got %v, inexact %v, ok %v", text, got, inexact, ok)
			}
		}
	}
}

// scientific moves the point of an integer so many places to the left.
func scientific(digits string, places int) string {
	point := len(digits) - places
	return digits[:point] + "." + digits[point:] + "e+" + strconv.Itoa(places)
}

func FuzzParseNumber(f *testing.F) {
	for _, text := range []string{"1", "2.1522000173427537e+22", "1e999999999", "-0", "00.100e2"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, _, ok := parseInteger(text)
		if ok && (n.Sign() < 0 || n.BitLen() > 256) {
			t.Errorf("%q: %s", text, n)
		}
		if ok { // big.Rat agrees on the value, but takes no large exponents
			if want, isRat := new(big.Rat).SetString(text); isRat && want.Cmp(new(big.Rat).SetInt(n)) != 0 {
				t.Errorf("%q: got %s, want %v", text, n, want)
			}
		}
		if price, ok := parsePrice(text); ok && (price < 0 || price != price || price > 1.7976931348623157e308) {
			t.Errorf("%q: %v", text, price)
		}
	})
}
