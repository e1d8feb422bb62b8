package testchain

import (
	"math/big"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// A ratedFund is a Veda vault with everybody around it. It lives for the last four
// months, on coins and with people of its own.
type ratedFund struct {
	*world
	dice
	info  *Vault
	truth *Truth
	model *ratedVault

	maker, owner, poster, strategist, payout, nextPayout, operator, messenger *person
	holders                                                                   []*person
	other                                                                     common.Address
	requests                                                                  map[string]*ratedRequest
	deposits                                                                  uint64
	refundable                                                                []any
	paused                                                                    Point
}

// A ratedRequest is one that waits in the queue, as the contract wants to be told of it.
type ratedRequest struct {
	truth *Request
	tuple onChainWithdraw
	who   *person
}

// onChainWithdraw has the names of the contract's struct.
type onChainWithdraw struct {
	Nonce             *big.Int
	User, AssetOut    common.Address
	AmountOfShares    *big.Int
	AmountOfAssets    *big.Int
	CreationTime      *big.Int
	SecondsToMaturity *big.Int
	SecondsToDeadline *big.Int
}

const (
	ratedBorn     = "2025-05-05"
	ratedMaturity = 3 * 86_400
	ratedDeadline = 7 * 86_400
	ratedLock     = 86_400
)

// Roles of the authority; their numbers are free to choose.
const (
	roleManager = 1 + iota
	roleMinter
	roleBurner
	roleStrategist
	rolePoster
	roleSolver
	roleQueue
	roleMessenger
)

func newRatedFund(w *world) *ratedFund {
	f := &ratedFund{world: w, dice: newDice(w.seed, "synthetic-rated"), truth: &Truth{}, requests: map[string]*ratedRequest{}}
	person := func(role string) *person { return w.person("synthetic-rated " + role) }
	f.maker, f.owner, f.poster, f.strategist = person("deployer"), person("owner"), person("rate poster"), person("strategist")
	f.payout, f.nextPayout, f.operator, f.messenger = person("payout"), person("next payout"), person("solver"), person("messenger")
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		f.holders = append(f.holders, person("holder "+name))
	}
	return f
}

func (f *ratedFund) step() {
	if f.info == nil {
		if f.at.is(ratedBorn, 1) {
			f.deployAll()
			f.govern()
		}
		return
	}
	a, b, c, d, e, heir, saved := f.holders[0], f.holders[1], f.holders[2], f.holders[3], f.holders[4], f.holders[5], f.holders[6]
	deed := map[string]func(){
		"2025-05-06 1": func() {
			f.deposit(a, units(400_000))
			f.deposit(b, units(250_000))
			f.deposit(c, units(100_000))
			f.depositOther(d, mul(num(50_000), otherUnit))
		},
		// two requests are solved at once, for different assets per share
		"2025-05-20 1": func() { f.ask("first", a, 20_000, 5) },
		"2025-05-21 4": func() { f.ask("second", b, 10_000, 40) },
		"2025-05-26 1": func() { f.solve("first", "second") },
		"2025-06-02 1": func() { f.ask("regretted", c, 8_000, 5) },
		"2025-06-03 4": func() { f.cancel("regretted") },
		// refunded after another rate was posted, and shut out for a day
		"2025-06-04 1": func() { f.deposit(e, units(30_000)) },
		"2025-06-04 5": func() { f.refund(e) },
		"2025-06-05 1": func() { f.deny(e, true) },
		"2025-06-06 1": func() { f.deny(e, false) },
		"2025-06-12 1": func() { f.transfer(a, heir, mul(num(5_000), ratedUnit)) },
		"2025-06-16 4": func() { f.claimFees(f.payout) },
		// asked anew with a larger discount: the shares stay in the queue
		"2025-06-20 1": func() { f.ask("slow", b, 15_000, 1) },
		"2025-06-21 4": func() { f.replace("slow", 60) },
		"2025-06-27 1": func() { f.solve("slow") },
		"2025-06-30 1": func() {
			f.model.terms.upper = 10_100
			f.rule(f.info.Accountant, "UpperBoundUpdated", "updateUpper", uint16(10_100))
		},
		"2025-07-01 1": func() { f.deposit(c, units(60_000)) },
		"2025-07-10 1": f.unpause,
		"2025-07-21 1": func() { f.freeze(heir, saved) },
		"2025-07-25 1": func() { f.seize(heir, saved) },
		"2025-07-28 1": func() { f.bridge(b, mul(num(7_000), ratedUnit)) },
		"2025-08-01 1": f.changePayout,
		"2025-08-04 4": func() { f.claimFees(f.nextPayout) },
		"2025-08-11 1": func() { f.receive(c, mul(num(3_000), ratedUnit)) },
		"2025-08-12 1": func() {
			f.model.terms.delay = 8 * 3600
			f.rule(f.info.Accountant, "DelayInSecondsUpdated", "updateDelay", num(8*3600))
		},
		"2025-08-21 1": f.unpause,
		"2025-09-02 1": func() { f.ask("waiting", d, 12_000, 5) },
	}[f.at.day.Format("2006-01-02")+" "+string(rune('0'+f.at.slot))]
	if deed != nil {
		deed()
	}
	switch {
	case f.at.is("2025-06-10", 3):
		f.post(part(f.model.rate, 9_940), "loss")
	case f.at.is("2025-07-08", 3):
		f.post(part(f.model.rate, 10_150), "donation") // above the bound
	case f.at.is("2025-08-19", 4):
		f.post(add(f.model.rate, num(90)), "") // too early: the day's rate was posted in the slot before
	case f.at.slot == 3 && !f.model.isPaused && f.model.shares.supply.Sign() > 0 && !on(f.at, "Sunday"):
		f.post(add(f.model.rate, num(f.between(-40, 260))), "")
	}
}

func (f *ratedFund) deployAll() {
	v := &Vault{
		ID: "synthetic-rated", Name: "Synthetic Rated USD", Symbol: "srUSD", Family: "veda", AssetDecimals: 6, ShareDecimals: 8,
		Owner: f.owner.address, FeeReceiver: f.payout.address, Truth: f.truth,
	}
	m := &ratedVault{
		base: newLedger(), other: newLedger(), shares: newLedger(), rate: rateUnit, highWaterMark: rateUnit, owed: zero(), sharesLast: zero(),
		terms: rateTerms{upper: 10_200, lower: 9_900, delay: 6 * 3600, platform: 100, performance: 1_000, premium: 10, otherRate: mulDiv(otherUnit, num(108), num(100))},
	}
	v.Asset = f.deploy(f.maker, "Token", "Rated Dollar", "rUSD", uint8(6))
	f.other = f.deploy(f.maker, "Token", "Rated Euro", "rEUR", uint8(18))
	rate := f.deploy(f.maker, "SaidRate", m.terms.otherRate)
	v.Authority = f.governed("RolesAuthority", f.owner.address)
	v.Address = f.governed("RatedVault", f.owner.address, v.Name, v.Symbol, uint8(v.ShareDecimals))
	v.Deployed = f.lastPoint()
	v.Accountant = f.governed("Accountant", f.owner.address, v.Address, f.payout.address, rateUnit, v.Asset,
		uint16(m.terms.upper), uint16(m.terms.lower), num(int64(m.terms.delay)), uint16(m.terms.platform), uint16(m.terms.performance))
	m.posted = f.now()
	v.Teller = f.governed("RemedyingTeller", f.owner.address, v.Address, v.Accountant)
	v.Bridge = f.governed("BridgingTeller", f.owner.address, v.Address, v.Accountant)
	v.Queue = f.governed("WithdrawQueue", f.owner.address, v.Authority, v.Address, v.Accountant)
	v.Solver = f.governed("QueueSolver", f.owner.address, v.Authority, v.Queue)
	v.Manager = f.governed("VaultManager", f.owner.address, v.Address)
	m.self, m.queue = v.Address, v.Queue
	f.info, f.model = v, m
	f.rule(v.Accountant, "RateProviderUpdated", "setRateProviderData", f.other, false, rate)
}

// governed deploys a contract that has an owner and an authority.
func (f *ratedFund) governed(name string, args ...any) common.Address {
	address := f.deploy(f.maker, name, args...)
	f.change(address, "OwnershipTransferred")
	f.change(address, "AuthorityUpdated")
	return address
}

func (f *ratedFund) change(contract common.Address, event string) {
	at := f.lastPoint()
	f.truth.Changes = append(f.truth.Changes, Change{Point: at, Contract: contract, Event: event, Effective: at.Time})
}

// rule is the owner's call of a contract, which logs events.
func (f *ratedFund) rule(contract common.Address, events, method string, args ...any) {
	f.call(f.owner, contract, method, args...)
	for _, event := range strings.Fields(events) {
		f.change(contract, event)
	}
}

// govern gives everybody their powers, and sets the terms.
func (f *ratedFund) govern() {
	v := f.info
	for _, contract := range []common.Address{v.Address, v.Accountant, v.Teller, v.Bridge, v.Manager} {
		f.rule(contract, "AuthorityUpdated", "setAuthority", v.Authority)
	}
	selector := func(contract common.Address, method string) (out [4]byte) {
		copy(out[:], f.abis[contract].Methods[method].ID)
		return out
	}
	for _, g := range []struct {
		role   uint8
		target common.Address
		method string
	}{
		{roleManager, v.Address, "manage"},
		{roleMinter, v.Address, "enter"},
		{roleBurner, v.Address, "exit"},
		{roleStrategist, v.Manager, "manageVault"},
		{rolePoster, v.Accountant, "updateExchangeRate"},
		{roleSolver, v.Queue, "solveOnChainWithdraws"},
		{roleSolver, v.Teller, "bulkWithdraw"},
		{roleSolver, v.Solver, "boringRedeemSolve"},
		{roleQueue, v.Solver, "boringSolve"},
		{roleMessenger, v.Bridge, "receiveMessage"},
	} {
		f.rule(v.Authority, "RoleCapabilityUpdated", "setRoleCapability", g.role, g.target, selector(g.target, g.method), true)
	}
	for _, g := range []struct {
		user common.Address
		role uint8
	}{
		{v.Manager, roleManager},
		{v.Teller, roleMinter},
		{v.Teller, roleBurner},
		{v.Bridge, roleMinter},
		{v.Bridge, roleBurner},
		{f.strategist.address, roleStrategist},
		{f.poster.address, rolePoster},
		{f.operator.address, roleSolver},
		{v.Solver, roleSolver},
		{v.Queue, roleQueue},
		{f.messenger.address, roleMessenger},
	} {
		f.rule(v.Authority, "UserRoleUpdated", "setUserRole", g.user, g.role, true)
	}
	for _, g := range []struct {
		target common.Address
		method string
	}{
		{v.Teller, "deposit"},
		{v.Bridge, "bridge"},
		{v.Queue, "requestOnChainWithdraw"},
		{v.Queue, "cancelOnChainWithdraw"},
		{v.Queue, "replaceOnChainWithdraw"},
	} {
		f.rule(v.Authority, "PublicCapabilityUpdated", "setPublicCapability", g.target, selector(g.target, g.method), true)
	}
	f.rule(v.Address, "", "setBeforeTransferHook", v.Teller)
	f.rule(v.Teller, "AssetDataUpdated", "updateAssetData", v.Asset, true, true, uint16(0))
	f.rule(v.Teller, "AssetDataUpdated", "updateAssetData", f.other, true, false, uint16(f.model.terms.premium))
	f.rule(v.Teller, "", "setShareLockPeriod", uint64(ratedLock))
	f.rule(v.Queue, "WithdrawAssetUpdated", "updateWithdrawAsset", v.Asset, num(ratedMaturity), num(86_400), uint16(1), uint16(100), ratedUnit)
	f.rule(v.Manager, "ManageRootUpdated", "setManageRoot", f.strategist.address, crypto.Keccak256Hash([]byte("what the strategist may do")))
	f.manage(v.Asset, f.pack(v.Asset, "approve", v.Accountant, maxUint256))
	for _, p := range f.holders {
		f.mintTo(v.Asset, f.model.base, p.address, units(1_000_000))
		f.mintTo(f.other, f.model.other, p.address, mul(num(1_000_000), otherUnit))
		for _, coin := range []common.Address{v.Asset, f.other} {
			f.call(p, coin, "approve", v.Address, maxUint256)
		}
		f.call(p, v.Address, "approve", v.Queue, maxUint256)
	}
}

func (f *ratedFund) mintTo(coin common.Address, l *ledger, to common.Address, amount *big.Int) {
	f.call(f.maker, coin, "mint", to, amount)
	l.mint(to, amount)
}

// manage makes the vault call another contract.
func (f *ratedFund) manage(target common.Address, data []byte) Point {
	return f.call(f.strategist, f.info.Manager, "manageVault", []common.Address{target}, [][]byte{data})
}

// post brings the vault what a rate says that it earned, or takes what it lost, and
// posts the rate.
func (f *ratedFund) post(rate *big.Int, incident string) {
	m := f.model
	if change := mulDiv(sub(rate, m.rate), m.shares.supply, ratedUnit); change.Sign() > 0 {
		f.mintTo(f.info.Asset, m.base, f.info.Address, change)
	} else if change.Sign() < 0 {
		lost := new(big.Int).Neg(change)
		f.call(f.maker, f.info.Asset, "burn", f.info.Address, lost)
		m.base.burn(f.info.Address, lost)
	}
	before := m.rate
	at := f.call(f.poster, f.info.Accountant, "updateExchangeRate", rate)
	pauses := m.post(f.now(), rate)
	f.truth.Rates = append(f.truth.Rates, RatePost{Point: at, Before: before, Rate: rate, Pauses: pauses})
	if incident != "" {
		f.truth.Incidents = append(f.truth.Incidents, Incident{Kind: incident, From: at, To: at, Amount: sub(rate, before), Note: "a rate that moves far"})
	}
	if pauses {
		f.paused = at
	}
}

func (f *ratedFund) unpause() {
	f.rule(f.info.Accountant, "Unpaused", "unpause")
	f.model.isPaused = false
	f.truth.Incidents = append(f.truth.Incidents, Incident{Kind: "paused", From: f.paused, To: f.lastPoint(), Note: "a rate out of bounds pauses the accountant without an event"})
}

func (f *ratedFund) flow(at Point, kind string, who *person, assets, shares *big.Int) {
	f.truth.Flows = append(f.truth.Flows, Flow{Point: at, Kind: kind, Who: who.address, Assets: assets, Shares: shares, PriceFine: f.model.priceFine()})
}

func (f *ratedFund) deposit(p *person, assets *big.Int) {
	at := f.call(p, f.info.Teller, "deposit", f.info.Asset, assets, zero())
	shares := f.model.deposit(p.address, assets)
	f.deposits++
	f.refundable = []any{new(big.Int).SetUint64(f.deposits), p.address, f.info.Asset, assets, shares, new(big.Int).SetUint64(f.now()), num(ratedLock)}
	f.flow(at, "deposit", p, assets, shares)
}

func (f *ratedFund) depositOther(p *person, amount *big.Int) {
	at := f.call(p, f.info.Teller, "deposit", f.other, amount, zero())
	f.deposits++
	f.flow(at, "deposit", p, nil, f.model.depositOther(p.address, amount))
}

// refund undoes the last deposit, at what it was.
func (f *ratedFund) refund(p *person) {
	assets, shares := f.refundable[3].(*big.Int), f.refundable[4].(*big.Int)
	at := f.call(f.owner, f.info.Teller, "refundDeposit", f.refundable...)
	f.model.shares.burn(p.address, shares)
	f.model.base.move(f.info.Address, p.address, assets)
	f.flow(at, "withdraw", p, assets, shares)
}

func (f *ratedFund) deny(p *person, isDenied bool) {
	if isDenied {
		f.rule(f.info.Teller, "DenyFrom DenyTo DenyOperator", "denyAll", p.address)
	} else {
		f.rule(f.info.Teller, "AllowFrom AllowTo AllowOperator", "allowAll", p.address)
	}
}

func (f *ratedFund) transfer(from, to *person, shares *big.Int) {
	f.call(from, f.info.Address, "transfer", to.address, shares)
	f.model.shares.move(from.address, to.address, shares)
}

func (f *ratedFund) claimFees(receiver *person) {
	all := f.abis[f.info.Accountant]
	data, err := all.Pack("claimFees", f.info.Asset)
	if err != nil {
		panic(err)
	}
	at := f.manage(f.info.Accountant, data)
	f.truth.FeeClaims = append(f.truth.FeeClaims, FeeClaim{Point: at, Receiver: receiver.address, Assets: f.model.claim(receiver.address)})
}

func (f *ratedFund) changePayout() {
	f.rule(f.info.Accountant, "PayoutAddressUpdated", "updatePayoutAddress", f.nextPayout.address)
}

func (f *ratedFund) ask(name string, p *person, shares, discount int64) {
	amount := mul(num(shares), ratedUnit)
	at := f.call(p, f.info.Queue, "requestOnChainWithdraw", f.info.Asset, amount, uint16(discount), num(ratedDeadline))
	f.model.shares.move(p.address, f.info.Queue, amount)
	f.enqueue(name, at, p, amount, discount)
}

func (f *ratedFund) enqueue(name string, at Point, p *person, amount *big.Int, discount int64) {
	nonce := uint64(len(f.truth.Requests) + 1)
	r := &Request{Point: at, Kind: "redeem", Who: p.address, ID: nonce, Amount: amount, Promised: f.model.promise(amount, discount), Discount: discount}
	f.truth.Requests = append(f.truth.Requests, r)
	f.requests[name] = &ratedRequest{truth: r, who: p, tuple: onChainWithdraw{
		Nonce: new(big.Int).SetUint64(nonce), User: p.address, AssetOut: f.info.Asset, AmountOfShares: amount, AmountOfAssets: r.Promised,
		CreationTime: new(big.Int).SetUint64(f.now()), SecondsToMaturity: num(ratedMaturity), SecondsToDeadline: num(ratedDeadline),
	}}
}

func (f *ratedFund) cancel(name string) {
	r := f.requests[name]
	f.call(r.who, f.info.Queue, "cancelOnChainWithdraw", r.tuple)
	f.model.shares.move(f.info.Queue, r.who.address, r.truth.Amount)
	r.truth.IsVoid = true
}

func (f *ratedFund) replace(name string, discount int64) {
	r := f.requests[name]
	at := f.call(r.who, f.info.Queue, "replaceOnChainWithdraw", r.tuple, uint16(discount), num(ratedDeadline))
	r.truth.IsVoid = true
	f.enqueue(name, at, r.who, r.truth.Amount, discount)
}

func (f *ratedFund) solve(names ...string) {
	var tuples []onChainWithdraw
	var requests []*Request
	for _, name := range names {
		tuples, requests = append(tuples, f.requests[name].tuple), append(requests, f.requests[name].truth)
	}
	at := f.call(f.operator, f.info.Solver, "boringRedeemSolve", tuples, f.info.Teller)
	for _, r := range requests {
		r.Settled = at
	}
	assets, shares := f.model.solve(f.operator.address, requests)
	f.truth.Flows = append(f.truth.Flows, Flow{Point: at, Kind: "withdraw", Who: f.info.Solver, Assets: assets, Shares: shares, PriceFine: f.model.priceFine()})
}

func (f *ratedFund) freeze(from, to *person) {
	f.rule(f.info.Teller, "SharesUndergoingRemediation", "freezeSharesAndStartRemediation", from.address, to.address, maxUint256)
}

// seize moves a frozen account's shares without a transfer between the two.
func (f *ratedFund) seize(from, to *person) {
	shares := f.model.shares.of(from.address)
	f.rule(f.info.Teller, "", "completeRemediation", from.address)
	at := f.lastPoint()
	f.model.shares.move(from.address, to.address, shares)
	f.flow(at, "seized", from, zero(), shares)
	f.flow(at, "given", to, zero(), shares)
}

func (f *ratedFund) bridge(p *person, shares *big.Int) {
	at := f.call(p, f.info.Bridge, "bridge", shares, p.address)
	f.model.shares.burn(p.address, shares)
	f.flow(at, "bridged_out", p, zero(), shares)
}

func (f *ratedFund) receive(p *person, shares *big.Int) {
	at := f.call(f.messenger, f.info.Bridge, "receiveMessage", shares, p.address)
	f.model.shares.mint(p.address, shares)
	f.flow(at, "bridged_in", p, zero(), shares)
}

func (f *ratedFund) close() {
	if f.info == nil {
		return
	}
	f.truth.Closes = append(f.truth.Closes, Close{
		Day: f.at.day, Block: f.here().Block, Time: f.here().Time, TotalSupply: f.model.shares.supply, PriceFine: f.model.priceFine(),
		FeesOwed: f.model.owed, IsPaused: f.model.isPaused, Venues: map[common.Address]*big.Int{},
	})
}
