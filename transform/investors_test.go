package transform

import (
	"math"
	"math/big"
	"testing"
	"time"
)

// A booking is what changed on a holder's account: shares, and the assets it
// paid (negative) or got for them, both in raw units; nil: at the price of then.
type booking struct {
	at            time.Time
	who, with     string // with: the other holder, empty where there is none
	shares        *big.Rat
	assets        *big.Rat
	isFee, isMove bool
}

func (v *lagoonVault) flow(who string, shares, assets *big.Rat) {
	v.book = append(v.book, booking{at: v.now, who: who, shares: shares, assets: assets})
}

func (v *lagoonVault) moved(from, to string, shares *big.Int) {
	if from == to {
		return
	}
	plus := new(big.Rat).SetInt(shares)
	v.book = append(v.book,
		booking{at: v.now, who: from, with: to, shares: new(big.Rat).Neg(plus), isMove: true},
		booking{at: v.now, who: to, with: from, shares: plus, isMove: true})
}

func (v *lagoonVault) minted(who string, shares *big.Int) {
	v.book = append(v.book, booking{at: v.now, who: who, shares: new(big.Rat).SetInt(shares), isFee: true})
}

// priceAt is the last price at or before a moment, in raw assets per raw share.
func (v *lagoonVault) priceAt(at time.Time) *big.Rat {
	var last *big.Rat
	for _, w := range v.valuations {
		if !w.at.After(at) {
			last = new(big.Rat).SetFrac(add(w.assets, 1), new(big.Int).Add(w.supply, offset))
		}
	}
	return last
}

// A cashFlow is an amount at a moment, negative where it was paid in.
type cashFlow struct {
	at     time.Time
	amount float64
}

// An account is what the bookings of some holders add up to.
type account struct {
	flows  []cashFlow // in units of the asset
	shares float64    // in whole shares
}

// accountOf adds up the bookings that a scope counts, in order.
func (v *lagoonVault) accountOf(counts func(b booking) bool) account {
	var out account
	shares := new(big.Rat)
	for _, b := range v.book {
		if !counts(b) {
			continue
		}
		shares.Add(shares, b.shares)
		assets := b.assets
		if assets == nil {
			assets = new(big.Rat).Mul(b.shares, v.priceAt(b.at))
			assets.Neg(assets)
		}
		amount, _ := new(big.Rat).Quo(assets, big.NewRat(1_000_000, 1)).Float64()
		out.flows = append(out.flows, cashFlow{b.at, amount})
	}
	out.shares, _ = shares.Quo(shares, new(big.Rat).SetInt(wholeShare)).Float64()
	return out
}

// xirr halves the bracket of -99.99 % to 100,000 % until it is a float's width.
func xirr(flows []cashFlow) float64 {
	worth := func(rate float64) float64 {
		sum := 0.0
		for _, f := range flows {
			sum += f.amount * math.Pow(1+rate, -f.at.Sub(flows[0].at).Seconds()/31_536_000)
		}
		return sum
	}
	low, high := -0.9999, 1000.0
	if worth(low)*worth(high) >= 0 {
		return math.NaN()
	}
	for range 200 {
		middle := low + (high-low)/2
		if worth(middle)*worth(low) > 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return low + (high-low)/2
}

func TestXIRROfTheLoop(t *testing.T) {
	// the example of Microsoft's documentation of XIRR
	if got := xirr(microsoft()); math.Abs(got-0.373362535) > 5e-9 {
		t.Errorf("got %v", got)
	}
}

func microsoft() []cashFlow {
	return []cashFlow{
		{date("2008-01-01"), -10000}, {date("2008-03-01"), 2750}, {date("2008-10-30"), 4250}, {date("2009-02-15"), 3250}, {date("2009-04-01"), 2750},
	}
}
