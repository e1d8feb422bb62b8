package testchain

import (
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
)

// A plainFund is OpenZeppelin's ERC-4626 vault with its holders: yield comes on
// Wednesdays, deposits and withdrawals now and then.
type plainFund struct {
	*world
	dice
	info    *Vault
	truth   *Truth
	model   *plainVault
	holders []*person
	last    uint64
}

const plainBorn = "2023-09-06"

func newPlainFund(w *world) *plainFund {
	f := &plainFund{world: w, dice: newDice(w.seed, "synthetic-plain"), truth: &Truth{}}
	for _, name := range []string{"a", "b", "c", "d"} {
		f.holders = append(f.holders, w.person("synthetic-plain holder "+name))
	}
	return f
}

func (f *plainFund) step() {
	if f.info != nil && f.last > 0 && f.at.day.Format(time.DateOnly) > plainBorn {
		f.rush()
	}
	switch {
	case f.at.is(plainBorn, 1):
		f.deployVault()
	case f.info == nil:
	case f.at.is(plainBorn, 3):
		for _, p := range f.holders {
			f.deposit(p, units(f.between(100_000, 400_000)))
		}
	case f.at.slot == 1 && on(f.at, "Wednesday") && f.last > 0:
		earned := div(mul(mul(f.model.totalAssets(), num(f.between(350, 550))), num(int64(f.now()-f.last))), mul(basisPoints, year))
		f.mint(f.model.self, earned)
		f.last = f.now()
	case f.at.slot == 4 && f.chance(160):
		p := f.holders[f.one(len(f.holders))]
		if f.chance(550) {
			f.deposit(p, units(f.between(1_000, 60_000)))
		} else if assets := part(f.model.worth(p.address), f.between(300, 3_000)); assets.Sign() > 0 {
			at := f.call(p, f.model.self, "withdraw", assets, p.address, p.address)
			f.flow(at, "withdraw", p, assets, f.model.withdraw(p.address, assets))
		}
	}
}

// rush sends transfers that change nothing.
func (f *plainFund) rush() {
	for i := range f.crowd {
		p := f.holders[i%len(f.holders)]
		f.call(p, f.model.self, "transfer", p.address, one)
	}
}

func (f *plainFund) deployVault() {
	address := f.deploy(f.deployer, "PlainVault", f.asset, "Synthetic Plain USD", "spUSD")
	f.model = newPlainVault(address, f.token)
	f.info = &Vault{
		ID: "synthetic-plain", Name: "Synthetic Plain USD", Symbol: "spUSD", Family: "erc4626", Address: address,
		Deployed: f.lastPoint(), Asset: f.asset, AssetDecimals: 6, ShareDecimals: 6, Truth: f.truth,
	}
	for _, p := range f.holders {
		f.give(p, units(10_000_000))
		f.call(p, f.asset, "approve", address, maxUint256)
	}
	f.last = f.now()
}

func (f *plainFund) deposit(p *person, assets *big.Int) {
	at := f.call(p, f.model.self, "deposit", assets, p.address)
	f.flow(at, "deposit", p, assets, f.model.deposit(p.address, assets))
}

func (f *plainFund) flow(at Point, kind string, p *person, assets, shares *big.Int) {
	f.truth.Flows = append(f.truth.Flows, Flow{
		Point: at, Kind: kind, Who: p.address, Assets: assets, Shares: shares, PriceFine: f.model.toAssets(shareUnit),
	})
}

func (f *plainFund) close() {
	if f.info == nil {
		return
	}
	f.truth.Closes = append(f.truth.Closes, Close{
		Day: f.at.day, Block: f.here().Block, Time: f.here().Time, TotalAssets: f.model.totalAssets(),
		TotalSupply: f.model.shares.supply, PriceFine: f.model.toAssets(shareUnit), Venues: map[common.Address]*big.Int{},
	})
}
