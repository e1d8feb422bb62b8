package testchain

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"strings"
	"testing"
)

// The rules that the truth comes from mint what a real vault of Lagoon minted:
// GMX.ai on Arbitrum, 40 settlements without flows, management fee 2 % a year,
// performance fee 20 % above a high-water mark of 1.796729.
func TestFeesAreThoseOfARealVault(t *testing.T) {
	file, err := os.Open("../../../../shared/data/lagoon-settlements/lagoon_settlements.ndjson")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the settlements are not beside this checkout")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()

	v := newAsyncVault(nobody, nobody, newLedger())
	v.rates, v.highWaterMark = Rates{200, 2_000}, num(1_796_729)
	settlements, minted := 0, 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var s struct {
			State     string `json:"source_state"`
			Timestamp uint64
			Assets    string `json:"total_assets"`
			Supply    string `json:"total_supply"`
		}
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		if s.State != "gmxai_cur" {
			continue
		}
		assets, supply := scaled(t, s.Assets, 6), scaled(t, s.Supply, 18)
		if settlements++; settlements == 1 {
			v.assets, v.lastFees = assets, s.Timestamp
			v.shares.mint(nobody, supply)
			continue
		}
		v.propose(assets)
		fees := &Settlement{}
		v.accept(s.Timestamp, fees)
		if fees.SupplyAfterFees.Cmp(supply) != 0 {
			t.Errorf("settlement %d: supply %d, want %d", settlements, fees.SupplyAfterFees, supply)
		}
		if fees.PerformanceFee.Sign() > 0 {
			minted++
		}
	}
	if settlements != 40 || minted != 2 {
		t.Errorf("%d settlements, %d with a performance fee; want 40 and 2", settlements, minted)
	}
}

// scaled is a decimal number in units of its last of so many decimals.
func scaled(t *testing.T, text string, decimals int) *big.Int {
	t.Helper()
	whole, fraction, _ := strings.Cut(text, ".")
	n, ok := new(big.Int).SetString(whole+fraction+strings.Repeat("0", max(0, decimals-len(fraction))), 10)
	if !ok || len(fraction) > decimals {
		t.Fatalf("%s: want a number of at most %d decimals", text, decimals)
	}
	return n
}

// The stable pool's invariant solves StableSwap's equation with n = 2,
// A n (x + y) + D = A n D + D^3 / (4 x y), before and after a trade.
func TestStablePoolKeepsItsInvariant(t *testing.T) {
	m := &stableModel{
		balances: [2]*big.Int{mul(num(1_700_000), shareUnit), units(400_000)}, amplification: 40,
		fee: 0, priceFine: func() *big.Int { return div(mul(shareUnit, num(107)), num(100)) },
	}
	residual := func() float64 {
		worth := m.worth()
		x, y := worth[0], worth[1]
		d := m.invariant(x, y)
		an := num(2 * m.amplification)
		left := add(mul(an, add(x, y)), d)
		right := add(mul(an, d), div(mul(mul(d, d), d), mul(num(4), mul(x, y))))
		return ratio(sub(left, right), left)
	}
	before := m.invariant(m.worth()[0], m.worth()[1])
	if r := residual(); r > 1e-15 || r < -1e-15 {
		t.Errorf("residual %g", r)
	}
	m.exchange(1, units(250_000))
	if r := residual(); r > 1e-15 || r < -1e-15 {
		t.Errorf("residual after a trade %g", r)
	}
	if change := ratio(m.invariant(m.worth()[0], m.worth()[1]), before) - 1; change < 0 || change > 1e-11 {
		t.Errorf("a trade without a fee changes the invariant by %g", change)
	}
}
