package testchain

import "math/big"

// closedFund is a small vault that lives for nine months: it takes deposits at the
// last price for a while, then closes, after which holders sell without a request.
func closedFund(w *world) *fund {
	f := newFund(w, terms{
		id: "synthetic-closed", name: "Synthetic Wound Up USD", symbol: "swUSD", born: "2023-10-04",
		valuations: "Wednesday", rates: Rates{50, 1_500}, cooldown: 86_400,
		holders: 4, first: 80_000, asks: 200, depositShare: 600, ownBeacon: true,
	})
	f.script = func() {
		switch {
		case f.at.is("2024-01-09", 2):
			f.setLifespan(2 * 86_400)
		case f.at.is("2024-02-14", 5):
			f.upgradeBeacon()
		case f.at.is("2024-03-26", 2):
			f.setLifespan(0)
		case f.at.slot == 1 && f.at.within("2024-01-11", "2024-03-26") && on(f.at, "Thursday"):
			f.depositNow(f.holders[f.one(len(f.holders))], units(f.between(1_000, 20_000)))
		case f.at.is("2024-06-10", 1):
			at := f.call(f.owner, f.model.self, "initiateClosing")
			f.change(at, f.model.self, "StateUpdated", "Open", "Closing")
			f.isStale, f.isQuiet = true, true
		case f.at.is("2024-06-12", 1):
			f.emptyVenues()
		case f.at.is("2024-06-12", 2):
			f.value()
		case f.at.is("2024-06-12", 3):
			f.closeDown()
		case f.isClosed && f.at.slot == 2 && on(f.at, "Monday") && f.at.within("2024-06-17", "2024-07-08"):
			f.sellOut()
		}
	}
	return f
}

// upgradeBeacon changes the code behind the vault; only the beacon logs it.
func (f *fund) upgradeBeacon() {
	next := f.deploy(f.deployer, "AsyncVaultNext")
	at := f.call(f.deployer, f.info.Beacon, "upgradeTo", next)
	f.change(at, f.info.Beacon, "Upgraded", f.implementation.Hex(), next.Hex())
}

func (f *fund) setLifespan(seconds uint64) {
	f.safe.exec(f.model.self, "updateTotalAssetsLifespan", new(big.Int).SetUint64(seconds))
	f.model.lifespan = seconds
}

// depositNow is a deposit without a request, while the last price is valid.
func (f *fund) depositNow(p *person, assets *big.Int) {
	if f.now() >= f.model.expires || less(f.token.of(p.address), assets) {
		return
	}
	at := f.call(p, f.model.self, "syncDeposit", assets, p.address, f.deployer.address)
	shares := f.model.syncDeposit(p.address, assets)
	f.flow(at, "sync_deposit", p, assets, shares)
}

func (f *fund) flow(at Point, kind string, p *person, assets, shares *big.Int) {
	f.truth.Flows = append(f.truth.Flows, Flow{Point: at, Kind: kind, Who: p.address, Assets: assets, Shares: shares, PriceFine: f.priceFine()})
}

// emptyVenues takes everything back, to the last share.
func (f *fund) emptyVenues() {
	for _, v := range f.venues {
		shares := v.shares.of(f.safe.address)
		if shares.Sign() == 0 {
			continue
		}
		at := f.safe.execByModule(v.self, "redeem", shares, f.safe.address, f.safe.address)
		assets := v.redeem(f.safe.address, shares)
		f.truth.Allocations = append(f.truth.Allocations, Allocation{Point: at, Venue: v.self, Assets: assets, Shares: shares})
	}
}

func (f *fund) closeDown() {
	s := f.settle("close")
	f.token.move(f.safe.address, f.model.self, f.model.assets)
	f.change(s.Point, f.model.self, "StateUpdated", "Closing", "Closed")
	f.isClosed = true
}

// sellOut is one holder's leaving of the closed vault: the claims, then the rest.
func (f *fund) sellOut() {
	for _, p := range f.holders {
		shares := f.shares().of(p.address)
		if shares.Sign() == 0 && f.model.claimableAssets(p.address).Sign() == 0 {
			continue
		}
		f.claim(p)
		if shares = f.shares().of(p.address); shares.Sign() > 0 {
			at := f.call(p, f.model.self, "redeem", shares, p.address, p.address)
			f.flow(at, "closed_withdraw", p, f.model.sell(p.address, shares), shares)
		}
		return
	}
}
