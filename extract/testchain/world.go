package testchain

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// A venue is a place that Safes supply to, and how it earns.
type venue struct {
	*plainVault
	name     string
	apr      int64 // basis points per year
	noise    int64 // of one of four equal parts of the noise, in per mille of the mean
	weekdays string
	last     uint64 // unix time of the last harvest
	started  bool
}

// A world is all that stands on the chain, and the script that moves it.
type world struct {
	*builder
	dice
	deployer, keeper *person
	asset            common.Address
	token            *ledger // its balances
	registry         common.Address
	protocol         *person
	lending          *lendingModel
	prime, reserve   *venue
	frontier         *venue
	implementation   common.Address
	beacon           common.Address
	beyond           Point    // zero: none
	commons          []Change // of the registry and the beacon, which stand before any vault

	funds []*fund
	plain *plainFund
	rated *ratedFund
}

const (
	protocolRate = 1_000 // basis points of fees
	borrowRate   = 600   // basis points per year
)

func newWorld(b *builder) *world {
	w := &world{builder: b, dice: newDice(b.seed, "venues"), token: newLedger()}
	w.deployer, w.keeper, w.protocol = b.person("deployer"), b.person("keeper"), b.person("protocol")
	w.funds = []*fund{goodFund(w), badFund(w), closedFund(w)}
	w.plain, w.rated = newPlainFund(w), newRatedFund(w)
	return w
}

// step is what happens in one block.
func (w *world) step(first bool) {
	if first {
		w.deployCommons()
	}
	if w.at.slot < 0 {
		w.beyondFinal()
		return
	}
	if !first {
		w.harvests()
		w.plain.step()
		for _, f := range w.funds {
			f.step()
		}
		w.rated.step()
	}
	if w.at.slot == slotsPerDay-1 {
		w.plain.close()
		for _, f := range w.funds {
			f.close()
		}
		w.rated.close()
	}
}

// beyondFinal sends one transfer that lies behind the finalized block, and behind
// the truth: who reads only what is final does not see it.
func (w *world) beyondFinal() {
	if f := w.funds[0]; w.at.slot == beyondSlot && f.info != nil && f.shares().of(f.trader.address).Sign() > 0 {
		w.beyond = w.call(f.trader, f.model.self, "transfer", f.holders[0].address, one)
	}
}

// deployCommons fills the first block with what all vaults share.
func (w *world) deployCommons() {
	w.asset = w.deploy(w.deployer, "Token", "Dev USD", "dUSD", uint8(6))
	w.registry = w.deploy(w.deployer, "FeeRegistry", w.protocol.address, num(protocolRate))
	w.common(w.registry, "ProtocolFeeReceiverUpdated", w.protocol.address.Hex())
	w.common(w.registry, "DefaultRateUpdated", "1000")
	w.implementation = w.deploy(w.deployer, "AsyncVault")
	w.beacon = w.deploy(w.deployer, "UpgradeableBeacon", w.implementation, w.deployer.address)
	w.common(w.beacon, "OwnershipTransferred", w.deployer.address.Hex())
	w.common(w.beacon, "Upgraded", w.implementation.Hex())

	pool := w.deploy(w.deployer, "LendingPool", w.asset, num(borrowRate))
	w.lending = &lendingModel{
		pool: pool, aToken: crypto.CreateAddress(pool, 1), debtToken: crypto.CreateAddress(pool, 2), rate: borrowRate,
		supplied: map[common.Address]*big.Int{}, principal: map[common.Address]*big.Int{}, since: map[common.Address]uint64{},
	}
	w.prime = w.newVenue("Dev Prime Lending", "dpUSD", 900, 550, "Monday Thursday")
	w.reserve = w.newVenue("Dev Reserve Lending", "drUSD", 780, 500, "Monday Thursday")
	w.frontier = w.newVenue("Dev Frontier Lending", "dfUSD", 1_150, 700, "Tuesday Friday")

	w.funds[0].place([]*venue{w.prime, w.reserve}, 550, 450)
	w.funds[1].place([]*venue{w.prime, w.frontier}, 450, 550)
	w.funds[2].place([]*venue{w.reserve}, 1000)

	// Others have money there too.
	w.give(w.keeper, units(60_000_000))
	for _, v := range []*venue{w.prime, w.reserve, w.frontier} {
		w.call(w.keeper, w.asset, "approve", v.self, maxUint256)
		w.call(w.keeper, v.self, "deposit", units(4_000_000), w.keeper.address)
		v.deposit(w.keeper.address, units(4_000_000))
		v.last, v.started = w.now(), true
	}
	w.call(w.keeper, w.asset, "approve", pool, maxUint256)
	w.call(w.keeper, pool, "supply", w.asset, units(5_000_000), w.keeper.address, uint16(0))
	w.token.move(w.keeper.address, w.lending.aToken, units(5_000_000))
}

// common keeps what the last deployment set.
func (w *world) common(contract common.Address, event, after string) {
	at := w.lastPoint()
	w.commons = append(w.commons, Change{Point: at, Contract: contract, Event: event, After: after, Effective: at.Time})
}

func (w *world) newVenue(name, symbol string, apr, noise int64, weekdays string) *venue {
	address := w.deploy(w.deployer, "PlainVault", w.asset, name, symbol)
	return &venue{plainVault: newPlainVault(address, w.token), name: name, apr: apr, noise: noise, weekdays: weekdays}
}

// give makes new money.
func (w *world) give(to *person, assets *big.Int) {
	w.mint(to.address, assets)
}

func (w *world) mint(to common.Address, assets *big.Int) {
	w.call(w.deployer, w.asset, "mint", to, assets)
	w.token.mint(to, assets)
}

func (w *world) burn(from common.Address, assets *big.Int) Point {
	p := w.call(w.deployer, w.asset, "burn", from, assets)
	w.token.burn(from, assets)
	return p
}

// harvests brings each venue what it earned, early on its days: the mean of its
// rate, and noise that now and then makes it a little less than nothing.
func (w *world) harvests() {
	if w.at.slot != 0 {
		return
	}
	for _, v := range []*venue{w.prime, w.reserve, w.frontier} {
		if !v.started || !on(w.at, v.weekdays) {
			continue
		}
		factor := int64(1000)
		for range 4 {
			factor += w.between(-v.noise, v.noise)
		}
		seconds := int64(w.now() - v.last)
		earned := div(mul(mul(v.totalAssets(), num(v.apr*factor)), num(seconds)), mul(mul(basisPoints, num(1000)), year))
		v.last = w.now()
		if earned.Sign() >= 0 {
			w.mint(v.self, earned)
		} else {
			w.burn(v.self, new(big.Int).Neg(earned))
		}
	}
}
