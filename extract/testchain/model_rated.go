package testchain

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
)

// A ratedVault is what a Veda vault must hold and give: assets are whatever coins it
// has, and its price is the rate that was posted last.
type ratedVault struct {
	self, queue common.Address
	base, other *ledger
	shares      *ledger

	rate, highWaterMark *big.Int
	owed                *big.Int // fees, in the base asset
	sharesLast          *big.Int // the supply when the rate was posted
	posted              uint64
	isPaused            bool
	terms               rateTerms
}

// rateTerms are what a rate is held to, and what is owed by it, in basis points.
type rateTerms struct {
	upper, lower          int64 // of the rate before
	delay                 uint64
	platform, performance int64
	premium               int64    // on a deposit of the other coin
	otherRate             *big.Int // of one other coin in the base asset, with the other coin's decimals
}

var (
	ratedUnit = power(10, 8)  // one share
	rateUnit  = power(10, 6)  // a rate of 1, and one of the base asset
	otherUnit = power(10, 18) // one of the other coin
)

// post takes a rate. One out of bounds, or too early, stands too, but pauses, and no
// fees are owed by it.
func (v *ratedVault) post(now uint64, rate *big.Int) (pauses bool) {
	pauses = now < v.posted+v.terms.delay || less(part(v.rate, v.terms.upper), rate) || less(rate, part(v.rate, v.terms.lower))
	if pauses {
		v.isPaused = true
	} else {
		shares := least(v.shares.supply, v.sharesLast)
		assets := part(mulDiv(shares, least(v.rate, rate), ratedUnit), v.terms.platform)
		v.owed = add(v.owed, mulDiv(assets, num(int64(now-v.posted)), year))
		if less(v.highWaterMark, rate) {
			v.owed = add(v.owed, part(mulDiv(sub(rate, v.highWaterMark), shares, ratedUnit), v.terms.performance))
			v.highWaterMark = rate
		}
	}
	v.rate, v.sharesLast, v.posted = rate, v.shares.supply, now
	return pauses
}

func (v *ratedVault) claim(receiver common.Address) (assets *big.Int) {
	assets, v.owed = v.owed, zero()
	v.base.move(v.self, receiver, assets)
	return assets
}

func (v *ratedVault) deposit(by common.Address, assets *big.Int) (shares *big.Int) {
	shares = mulDiv(assets, ratedUnit, v.rate)
	v.base.move(by, v.self, assets)
	v.shares.mint(by, shares)
	return shares
}

// depositOther takes the other coin at its own rate, less the premium.
func (v *ratedVault) depositOther(by common.Address, amount *big.Int) (shares *big.Int) {
	inOther := mulDiv(otherUnit, mul(v.rate, div(otherUnit, rateUnit)), v.terms.otherRate)
	shares = part(mulDiv(amount, ratedUnit, inOther), 10_000-v.terms.premium)
	v.other.move(by, v.self, amount)
	v.shares.mint(by, shares)
	return shares
}

// promise is what the queue will pay for shares.
func (v *ratedVault) promise(shares *big.Int, discount int64) *big.Int {
	return mulDiv(shares, part(v.rate, 10_000-discount), ratedUnit)
}

// solve redeems what waits in the queue: who asked gets what was promised, who solves
// keeps the rest.
func (v *ratedVault) solve(solver common.Address, requests []*Request) (assets, shares *big.Int) {
	shares = zero()
	promised := zero()
	for _, r := range requests {
		shares, promised = add(shares, r.Amount), add(promised, r.Promised)
		v.base.move(v.self, r.Who, r.Promised)
	}
	assets = mulDiv(shares, v.rate, ratedUnit)
	v.shares.burn(v.queue, shares)
	v.base.move(v.self, solver, sub(assets, promised))
	return assets, shares
}

func (v *ratedVault) priceFine() *big.Int { return mul(v.rate, div(shareUnit, rateUnit)) }
