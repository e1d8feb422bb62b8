package testchain

import (
	"math/big"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// terms are what a fund is made with.
type terms struct {
	id, name, symbol string
	born             string // the UTC day of its deployment
	valuations       string // weekdays
	rates            Rates
	cooldown         uint64 // seconds before new rates apply
	whitelist        bool
	transparent      bool // behind a proxy of its own, else behind a beacon
	ownBeacon        bool // that no other vault stands behind
	holders          int
	first            int64 // units of the asset that each holder starts with
	asks             int64 // chance of a request on a day, per mille
	depositShare     int64 // of the requests, per mille
	markets          bool
	amplification    int64 // of the stable pool
}

// A fund is an asynchronous vault with everybody around it.
type fund struct {
	*world
	dice
	terms
	info    *Vault
	truth   *Truth
	model   *asyncVault
	safe    *safe
	venues  []*venue
	weights []int64 // of the venues, per mille

	owner, valuer, whitelister, feeReceiver *person
	holders                                 []*person
	trader                                  *person
	stable                                  *stableModel
	ranged                                  *rangeModel
	waiting                                 []*Request // not settled yet
	proposed                                Point
	script                                  func() // the fund's own incidents, before the ordinary business of a block
	// state that scripts set
	isPaused, isClosed bool
	isStale            bool     // no valuations
	hoards             bool     // the curator frees no cash for redemptions
	isQuiet            bool     // no requests
	error              *big.Int // of the next valuation
	premium            int64    // of the market, basis points
	steps              int
	tradeDays          string
}

func newFund(w *world, t terms) *fund {
	f := &fund{world: w, dice: newDice(w.seed, t.id), terms: t, truth: &Truth{}, error: zero(), tradeDays: "Wednesday"}
	f.owner, f.valuer = w.person(t.id+" owner"), w.person(t.id+" valuation manager")
	f.whitelister, f.feeReceiver = w.person(t.id+" whitelist manager"), w.person(t.id+" fee receiver")
	for i := range t.holders {
		f.holders = append(f.holders, w.person(t.id+" holder "+string(rune('a'+i))))
	}
	f.trader = w.person(t.id + " trader")
	return f
}

// place says which venues the Safe supplies to, and how much of a thousand to each.
func (f *fund) place(venues []*venue, weights ...int64) { f.venues, f.weights = venues, weights }

func on(m moment, weekdays string) bool {
	return strings.Contains(weekdays, m.day.Weekday().String())
}

// step is what happens around the vault in one block.
func (f *fund) step() {
	switch {
	case f.steps == 0 && !f.at.is(f.born, 0):
		return
	case f.steps < len(f.birth()):
		f.birth()[f.steps]()
		f.steps++
		return
	}
	f.script()
	if f.isPaused || f.isClosed {
		return
	}
	f.business()
	f.requests()
	f.trade()
}

// birth are the first blocks' deeds, in order.
func (f *fund) birth() []func() {
	return []func(){f.deployVault, f.prepare, f.firstRequests, func() { f.value() }, func() { f.settle("settleDeposit") }, f.claimAll}
}

func (f *fund) deployVault() {
	for _, c := range f.commons {
		if c.Contract != f.beacon || !f.transparent && !f.ownBeacon {
			f.truth.Changes = append(f.truth.Changes, c)
		}
	}
	owners := []*person{f.person(f.id + " signer a"), f.person(f.id + " signer b"), f.person(f.id + " signer c")}
	f.safe = &safe{b: f.builder, owners: owners, threshold: 2, module: f.person(f.id + " curator")}
	addresses := []common.Address{owners[0].address, owners[1].address, owners[2].address}
	f.safe.address = f.deploy(f.deployer, "Account", addresses, num(2), []common.Address{f.safe.module.address})
	f.change(f.lastPoint(), f.safe.address, "SafeSetup", "", "2 of 3")
	f.change(f.lastPoint(), f.safe.address, "EnabledModule", "", f.safe.module.address.Hex())

	init := struct {
		Underlying                                                   common.Address
		Name, Symbol                                                 string
		Safe, WhitelistManager, ValuationManager, Admin, FeeReceiver common.Address
		ManagementRate, PerformanceRate                              uint16
		EnableWhitelist                                              bool
		RateUpdateCooldown                                           *big.Int
	}{
		f.asset, f.name, f.symbol, f.safe.address, f.whitelister.address, f.valuer.address, f.owner.address,
		f.feeReceiver.address, f.rates.Management, f.rates.Performance, f.whitelist, num(int64(f.cooldown)),
	}
	data, err := initArguments.Pack(init)
	if err != nil {
		panic(err)
	}
	call := f.packOf("AsyncVault", "initialize", data, f.registry, common.Address{})
	var address, admin, beacon common.Address
	if f.transparent {
		address = f.deploy(f.deployer, "TransparentUpgradeableProxy", f.implementation, f.deployer.address, call)
		admin = crypto.CreateAddress(address, 2) // after the silo
		f.speaks(admin, "ProxyAdmin")
	} else {
		beacon = f.beacon
		if f.ownBeacon {
			beacon = f.deploy(f.deployer, "UpgradeableBeacon", f.implementation, f.deployer.address)
			f.change(f.lastPoint(), beacon, "OwnershipTransferred", "", f.deployer.address.Hex())
			f.change(f.lastPoint(), beacon, "Upgraded", "", f.implementation.Hex())
		}
		address = f.deploy(f.deployer, "BeaconProxy", beacon, call)
	}
	deployed := f.lastPoint()
	f.speaks(address, "AsyncVault")
	f.model = newAsyncVault(address, crypto.CreateAddress(address, 1), f.token)
	f.model.safe, f.model.feeReceiver, f.model.protocol = f.safe.address, f.feeReceiver.address, f.protocol.address
	f.model.rates, f.model.ratesFrom, f.model.cooldown, f.model.protocolRate = f.rates, f.now(), f.cooldown, protocolRate

	f.info = &Vault{
		ID: f.id, Name: f.name, Symbol: f.symbol, Family: "lagoon", Address: address, Deployed: deployed,
		Asset: f.asset, AssetDecimals: 6, ShareDecimals: 18, Safe: f.safe.address, Silo: f.model.silo,
		Implementation: f.implementation, Beacon: beacon, ProxyAdmin: admin, Owner: f.owner.address,
		ValuationManager: f.valuer.address, WhitelistManager: f.whitelister.address, FeeReceiver: f.feeReceiver.address,
		ProtocolFeeReceiver: f.protocol.address, Module: f.safe.module.address, SafeOwners: addresses, SafeThreshold: 2,
		Rates: f.rates, Truth: f.truth,
	}
	for _, v := range f.venues {
		f.info.Venues = append(f.info.Venues, v.self)
	}
	if f.transparent {
		f.change(deployed, address, "Upgraded", "", f.implementation.Hex())
		f.change(deployed, address, "AdminChanged", "", admin.Hex())
		f.change(deployed, admin, "OwnershipTransferred", "", f.deployer.address.Hex())
	} else {
		f.change(deployed, address, "BeaconUpgraded", "", beacon.Hex())
	}
	f.change(deployed, address, "OwnershipTransferred", "", f.owner.address.Hex())
	f.change(deployed, address, "StateUpdated", "", "Open")
	f.change(deployed, address, "Initialized", "", "1")
}

// prepare lets the vault and the venues take the Safe's money, and gives holders
// some.
func (f *fund) prepare() {
	f.safe.exec(f.asset, "approve", f.model.self, maxUint256)
	for _, v := range f.venues {
		f.safe.exec(f.asset, "approve", v.self, maxUint256)
	}
	people := append([]*person{f.trader}, f.holders...)
	for _, p := range people {
		f.give(p, units(40_000_000))
		f.call(p, f.asset, "approve", f.model.self, maxUint256)
	}
	if f.whitelist {
		var all []common.Address
		for _, p := range people {
			all = append(all, p.address)
		}
		at := f.call(f.whitelister, f.model.self, "addToWhitelist", all)
		for _, a := range all {
			f.change(at, f.model.self, "WhitelistUpdated", "", a.Hex())
		}
	}
}

func (f *fund) firstRequests() {
	for i, p := range f.holders[:3] {
		f.ask(p, units(f.first*int64(3+i)/3))
	}
	if f.markets {
		f.ask(f.trader, units(1_500_000))
	}
}

// change keeps a change of permissions or terms.
func (f *fund) change(at Point, contract common.Address, event, before, after string) {
	f.truth.Changes = append(f.truth.Changes, Change{
		Point: at, Contract: contract, Event: event, Before: before, After: after, Effective: at.Time,
	})
}

func (f *fund) incident(kind string, from, to Point, amount *big.Int, note string) {
	f.truth.Incidents = append(f.truth.Incidents, Incident{Kind: kind, From: from, To: to, Amount: amount, Note: note})
}

// priceFine is convertToAssets(1e30).
func (f *fund) priceFine() *big.Int { return f.model.toAssets(assetRate) }

func (f *fund) idle() *big.Int { return f.token.of(f.safe.address) }

// holdings is what the Safe has: cash, and its claims on venues less its debt.
func (f *fund) holdings() *big.Int {
	total := f.idle()
	for _, v := range f.venues {
		total = add(total, v.worth(f.safe.address))
	}
	total = add(total, amount(f.lending.supplied, f.safe.address))
	return sub(total, f.lending.debt(f.safe.address, f.now()))
}

// close keeps the state at the end of a day.
func (f *fund) close() {
	if f.info == nil {
		return
	}
	c := Close{
		Day: f.at.day, Block: f.here().Block, Time: f.here().Time, TotalAssets: f.model.assets,
		TotalSupply: f.model.shares.supply, PriceFine: f.priceFine(), SafeIdle: f.idle(),
		Debt: f.lending.debt(f.safe.address, f.now()), Venues: map[common.Address]*big.Int{},
	}
	for _, v := range f.venues {
		c.Venues[v.self] = v.worth(f.safe.address)
	}
	c.Venues[f.lending.pool] = amount(f.lending.supplied, f.safe.address)
	f.truth.Closes = append(f.truth.Closes, c)
}
