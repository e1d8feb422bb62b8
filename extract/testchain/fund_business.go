package testchain

import (
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
)

// initArguments is the vault's InitStruct.
var initArguments = func() abi.Arguments {
	parts := []abi.ArgumentMarshaling{
		{Name: "underlying", Type: "address"},
		{Name: "name", Type: "string"},
		{Name: "symbol", Type: "string"},
		{Name: "safe", Type: "address"},
		{Name: "whitelistManager", Type: "address"},
		{Name: "valuationManager", Type: "address"},
		{Name: "admin", Type: "address"},
		{Name: "feeReceiver", Type: "address"},
		{Name: "managementRate", Type: "uint16"},
		{Name: "performanceRate", Type: "uint16"},
		{Name: "enableWhitelist", Type: "bool"},
		{Name: "rateUpdateCooldown", Type: "uint256"},
	}
	tuple, err := abi.NewType("tuple", "", parts)
	if err != nil {
		panic(err) // the notation above is wrong
	}
	return abi.Arguments{{Name: "init", Type: tuple}}
}()

// business is a valuation day: cash is freed, the vault valued and settled, then
// users claim and what is left is supplied.
func (f *fund) business() {
	if !on(f.at, f.valuations) || f.isStale {
		return
	}
	switch f.at.slot {
	case 2:
		f.freeCash()
		f.value()
	case 3:
		method := "settleDeposit"
		if f.model.settle(f.model.depositSettle).pendingAssets.Sign() == 0 && f.shares().of(f.model.silo).Sign() > 0 {
			method = "settleRedeem"
		}
		f.settle(method)
	case 4:
		f.claims()
		f.allocate()
	}
}

func (f *fund) shares() *ledger { return f.model.shares }

// value proposes what the Safe holds, plus the error that a script wants.
func (f *fund) value() {
	assets := add(f.holdings(), f.error)
	f.proposed = f.call(f.valuer, f.model.self, "updateNewTotalAssets", assets)
	f.model.propose(assets)
}

// settle accepts the proposal by one of the vault's three functions for it.
func (f *fund) settle(method string) *Settlement {
	s := &Settlement{Method: method, Proposed: f.proposed}
	s.Point = f.safe.exec(f.model.self, method, f.model.proposal)
	f.model.accept(f.now(), s)
	s.Deposited, s.SharesMinted = zero(), zero()
	if method != "settleRedeem" {
		f.model.settleDeposits(s)
	}
	f.model.settleRedeems(s)
	s.AssetsAfter, s.SupplyAfter = f.model.assets, f.shares().supply
	s.PriceAfter, s.PriceFine = f.model.toAssets(shareUnit), f.priceFine()
	f.truth.Settlements = append(f.truth.Settlements, s)
	f.waiting = slices.DeleteFunc(f.waiting, func(r *Request) bool {
		settled := f.model.depositsSettled
		if r.Kind == "redeem" {
			settled = f.model.redeemsSettled
		}
		if r.ID <= settled {
			r.Settled = s.Point
		}
		return r.ID <= settled
	})
	return s
}

// freeCash takes from venues what waiting redemptions will need, and a little more.
func (f *fund) freeCash() {
	need := mulDiv(f.model.toAssets(f.shares().of(f.model.silo)), num(102), num(100))
	if f.hoards || !less(f.idle(), need) {
		return
	}
	f.withdrawFromVenues(sub(need, f.idle()))
}

func (f *fund) withdrawFromVenues(assets *big.Int) {
	for _, v := range f.venues {
		most := v.worth(f.safe.address)
		take := least(assets, most)
		if take.Sign() <= 0 {
			continue
		}
		f.takeFrom(v, take)
		assets = sub(assets, take)
	}
}

func (f *fund) takeFrom(v *venue, assets *big.Int) {
	at := f.safe.execByModule(v.self, "withdraw", assets, f.safe.address, f.safe.address)
	shares := v.withdraw(f.safe.address, assets)
	f.truth.Allocations = append(f.truth.Allocations, Allocation{Point: at, Venue: v.self, Assets: assets, Shares: shares})
}

func (f *fund) supplyTo(v *venue, assets *big.Int) {
	at := f.safe.execByModule(v.self, "deposit", assets, f.safe.address)
	shares := v.deposit(f.safe.address, assets)
	f.truth.Allocations = append(f.truth.Allocations, Allocation{Point: at, Venue: v.self, Supply: true, Assets: assets, Shares: shares})
}

// allocate supplies to venues what the Safe holds beyond a buffer, once that is
// worth a transaction.
func (f *fund) allocate() {
	buffer := part(f.model.assets, 300)
	if f.isClosed || less(f.idle(), part(f.model.assets, 700)) {
		return
	}
	spare := sub(f.idle(), buffer)
	for i, v := range f.venues {
		f.supplyTo(v, mulDiv(spare, num(f.weights[i]), num(1000)))
	}
}

// ask requests a deposit, if the holder may and has the money.
func (f *fund) ask(p *person, assets *big.Int) {
	if !f.model.mayDeposit(p.address, f.now()) || less(f.token.of(p.address), assets) {
		return
	}
	claimable := f.model.claimableAssets(p.address)
	at := f.call(p, f.model.self, "requestDeposit", assets, p.address, p.address)
	id, claimed := f.model.requestDeposit(p.address, assets)
	f.claimed(at, "deposit", p, claimable, claimed)
	f.requested(&Request{Point: at, Kind: "deposit", Who: p.address, ID: id, Amount: assets})
}

// leave requests a redemption, if the holder may and has the shares.
func (f *fund) leave(p *person, shares *big.Int) *Request {
	if !f.model.mayRedeem(p.address) || shares.Sign() == 0 || less(f.shares().of(p.address), shares) {
		return nil
	}
	claimable := f.model.claimableShares(p.address)
	at := f.call(p, f.model.self, "requestRedeem", shares, p.address, p.address)
	id, claimed := f.model.requestRedeem(p.address, shares)
	f.claimed(at, "redeem", p, claimed, claimable)
	r := &Request{Point: at, Kind: "redeem", Who: p.address, ID: id, Amount: shares}
	f.requested(r)
	return r
}

func (f *fund) requested(r *Request) {
	f.truth.Requests = append(f.truth.Requests, r)
	f.waiting = append(f.waiting, r)
}

func (f *fund) claimed(at Point, kind string, p *person, assets, shares *big.Int) {
	if assets.Sign() > 0 {
		f.truth.Claims = append(f.truth.Claims, Claim{Point: at, Kind: kind, Who: p.address, Assets: assets, Shares: shares})
	}
}

// requests are what holders ask for on an ordinary day.
func (f *fund) requests() {
	if f.isQuiet || !f.chance(f.asks/slotsPerDay) {
		return
	}
	p := f.holders[f.one(len(f.holders))]
	switch {
	case f.chance(f.depositShare):
		f.ask(p, units(f.between(5, 60)*f.between(1_000, 5_000)))
	case f.chance(120):
		f.cancel()
	default:
		f.leave(p, part(f.shares().of(p.address), f.between(500, 3_500)))
	}
}

// cancel takes back the first deposit that no valuation has seen yet, if any.
func (f *fund) cancel() {
	for _, p := range f.holders {
		id := f.model.lastDeposit[p.address]
		if id != f.model.depositEpoch || amount(f.model.epoch(id).deposits, p.address).Sign() == 0 {
			continue
		}
		f.call(p, f.model.self, "cancelRequestDeposit")
		f.model.cancelDeposit(p.address)
		f.waiting = slices.DeleteFunc(f.waiting, func(r *Request) bool {
			isIt := r.Kind == "deposit" && r.Who == p.address && r.ID == id
			r.IsVoid = r.IsVoid || isIt
			return isIt
		})
		return
	}
}

// claims are those after a settlement: most users take what is theirs at once,
// and now and then the Safe hands out shares for all.
func (f *fund) claims() {
	if f.chance(60) {
		f.claimOnBehalf()
	}
	for _, p := range append([]*person{f.trader}, f.holders...) {
		if f.chance(850) {
			f.claim(p)
		}
	}
}

func (f *fund) claimAll() {
	for _, p := range append([]*person{f.trader}, f.holders...) {
		f.claim(p)
	}
	f.allocate()
}

func (f *fund) claim(p *person) {
	if assets := f.model.claimableAssets(p.address); assets.Sign() > 0 {
		at := f.call(p, f.model.self, "deposit", assets, p.address, p.address)
		f.claimed(at, "deposit", p, assets, f.model.claimShares(p.address))
	}
	if shares := f.model.claimableShares(p.address); shares.Sign() > 0 {
		at := f.call(p, f.model.self, "redeem", shares, p.address, p.address)
		f.claimed(at, "redeem", p, f.model.claimAssets(p.address), shares)
	}
}

func (f *fund) claimOnBehalf() {
	var who []*person
	var addresses []common.Address
	for _, p := range f.holders {
		if f.model.claimableAssets(p.address).Sign() > 0 {
			who, addresses = append(who, p), append(addresses, p.address)
		}
	}
	if len(who) == 0 {
		return
	}
	at := f.safe.execByModule(f.model.self, "claimSharesOnBehalf", addresses)
	for _, p := range who {
		assets := f.model.claimableAssets(p.address)
		f.claimed(at, "deposit", p, assets, f.model.claimShares(p.address))
	}
}
