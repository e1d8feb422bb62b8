package testchain

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
)

// badFund is the vault in which everything happens once that a report must show.
func badFund(w *world) *fund {
	f := newFund(w, terms{
		id: "synthetic-bad", name: "Synthetic Troubled USD", symbol: "stUSD", born: "2023-09-12",
		valuations: "Tuesday Friday", rates: Rates{150, 1_000}, cooldown: 7 * 86_400, whitelist: true, transparent: true,
		holders: 6, first: 500_000, asks: 330, depositShare: 580, markets: true, amplification: 40,
	})
	t := &troubles{fund: f}
	f.script = t.step
	return f
}

// troubles is what the bad vault's script keeps between blocks.
type troubles struct {
	*fund
	paused     Point
	redemption *Request // the redemption that waits
	loss       *big.Int
}

// A deed is done in one block.
type deed struct {
	date string
	slot int
	do   func()
}

func (t *troubles) deeds() []deed {
	return []deed{
		{"2023-10-16", 1, t.disableWhitelist},
		{"2023-12-04", 2, t.addSigner},
		{"2024-01-15", 1, t.changeRates},
		{"2024-02-02", 5, t.stopValuations},
		{"2024-03-08", 0, t.resumeValuations},
		{"2024-04-17", 3, t.donate},
		{"2024-06-03", 1, t.offerOwnership},
		{"2024-06-05", 4, t.takeOwnership},
		{"2024-07-08", 2, t.borrow},
		{"2024-08-12", 2, t.repay},
		{"2024-09-16", 1, t.lose},
		{"2024-09-16", 4, t.pause},
		{"2024-09-18", 3, t.unpause},
		{"2024-09-24", 5, t.askToLeave},
		{"2024-11-04", 2, t.recover},
		{"2024-11-20", 0, func() { t.premium = -30 }},
		{"2024-12-05", 0, t.endDiscount},
		{"2024-12-03", 0, func() { t.hoards = false }},
		{"2025-02-10", 3, t.upgrade},
		{"2025-03-17", 1, t.changeValuer},
		{"2025-03-19", 1, t.changeFeeReceiver},
		{"2025-05-07", 0, func() { t.isQuiet = true }},
		{"2025-05-13", 1, t.misvalue},
		{"2025-05-16", 1, func() { t.error = zero() }},
		{"2025-05-16", 5, func() { t.isQuiet = false }},
		{"2025-06-16", 1, t.addModule},
	}
}

// step does the block's deeds.
func (t *troubles) step() {
	for _, d := range t.deeds() {
		if t.at.is(d.date, d.slot) {
			d.do()
		}
	}
	t.watch()
}

// watch ends incidents that a valuation or a settlement ends.
func (t *troubles) watch() {
	if len(t.truth.Settlements) == 0 {
		return
	}
	last := t.truth.Settlements[len(t.truth.Settlements)-1]
	for i := range t.truth.Incidents {
		n := &t.truth.Incidents[i]
		isShown := last.Proposed.Block > n.From.Block && n.To == Point{}
		switch n.Kind {
		case "loss", "recovery", "donation", "stale":
			if isShown {
				n.To = last.Point
			}
		case "spike": // from the settlement that took the error to the next
			if isShown && n.From.Tx == (common.Hash{}) {
				n.From = last.Point
			} else if isShown {
				n.To = last.Point
			}
		case "waiting_redemption":
			n.To = t.redemption.Settled
		}
	}
}

func (t *troubles) disableWhitelist() {
	at := t.call(t.owner, t.model.self, "disableWhitelist")
	t.change(at, t.model.self, "WhitelistDisabled", "", "")
}

func (t *troubles) addSigner() {
	added := t.person(t.id + " signer d")
	at := t.safe.exec(t.safe.address, "addOwnerWithThreshold", added.address, num(3))
	t.safe.owners, t.safe.threshold = append(t.safe.owners, added), 3
	t.change(at, t.safe.address, "AddedOwner", "", added.address.Hex())
	t.change(at, t.safe.address, "ChangedThreshold", "2", "3")
}

func (t *troubles) changeRates() {
	rates := struct{ ManagementRate, PerformanceRate uint16 }{200, 2_000}
	at := t.call(t.owner, t.model.self, "updateRates", rates)
	t.model.old, t.model.rates = t.model.rates, Rates{200, 2_000}
	t.model.ratesFrom = t.now() + t.model.cooldown
	t.change(at, t.model.self, "RatesUpdated", "150 1000", "200 2000")
	t.truth.Changes[len(t.truth.Changes)-1].Effective = unix(t.model.ratesFrom)
}

func (t *troubles) stopValuations() {
	t.isStale = true
	last := t.truth.Settlements[len(t.truth.Settlements)-1]
	t.incident("stale", last.Point, Point{}, zero(), "no valuation from one settlement to the next")
}

func (t *troubles) resumeValuations() { t.isStale = false }

// donate sends the Safe money that nobody deposited.
func (t *troubles) donate() {
	assets := part(t.model.assets, 150)
	donor := t.person("donor")
	t.give(donor, assets)
	at := t.call(donor, t.asset, "transfer", t.safe.address, assets)
	t.token.move(donor.address, t.safe.address, assets)
	t.incident("donation", at, Point{}, assets, "the Safe was sent money that nobody deposited")
}

func (t *troubles) offerOwnership() {
	next := t.person(t.id + " next owner")
	at := t.call(t.owner, t.model.self, "transferOwnership", next.address)
	t.change(at, t.model.self, "OwnershipTransferStarted", t.owner.address.Hex(), next.address.Hex())
}

func (t *troubles) takeOwnership() {
	next := t.person(t.id + " next owner")
	at := t.call(next, t.model.self, "acceptOwnership")
	t.change(at, t.model.self, "OwnershipTransferred", t.owner.address.Hex(), next.address.Hex())
	t.owner = next
}

const (
	collateral = 400_000
	borrowed   = 250_000
)

func (t *troubles) borrow() {
	m, who := t.lending, t.safe.address
	t.withdrawFromVenues(units(collateral))
	t.safe.exec(t.asset, "approve", m.pool, maxUint256)
	at := t.safe.exec(m.pool, "supply", t.asset, units(collateral), who, uint16(0))
	t.token.move(who, m.aToken, units(collateral))
	m.supplied[who] = units(collateral)
	t.truth.Allocations = append(t.truth.Allocations, Allocation{Point: at, Venue: m.pool, Supply: true, Assets: units(collateral)})

	at = t.safe.exec(m.pool, "borrow", t.asset, units(borrowed), num(2), uint16(0), who)
	m.borrow(who, units(borrowed), t.now())
	t.token.move(m.aToken, who, units(borrowed))
	t.truth.Debts = append(t.truth.Debts, Debt{Point: at, Amount: units(borrowed), After: m.debt(who, t.now())})
	t.incident("borrow", at, Point{}, units(borrowed), "the Safe borrowed against its own supply")
	t.supplyTo(t.frontier, units(borrowed))
}

func (t *troubles) repay() {
	m, who := t.lending, t.safe.address
	t.withdrawFromVenues(sub(units(borrowed+10_000), least(t.idle(), units(borrowed+10_000))))
	at := t.safe.exec(m.pool, "repay", t.asset, maxUint256, num(2), who)
	paid := m.repay(who, maxUint256, t.now())
	t.token.move(who, m.aToken, paid)
	t.truth.Debts = append(t.truth.Debts, Debt{Point: at, Repaid: true, Amount: paid, After: m.debt(who, t.now())})
	for i := range t.truth.Incidents {
		if n := &t.truth.Incidents[i]; n.Kind == "borrow" {
			n.To = at
		}
	}
	at = t.safe.exec(m.pool, "withdraw", t.asset, units(collateral), who)
	t.token.move(m.aToken, who, units(collateral))
	m.supplied[who] = zero()
	t.truth.Allocations = append(t.truth.Allocations, Allocation{Point: at, Venue: m.pool, Assets: units(collateral)})
}

// lose destroys a part of what the frontier venue holds.
func (t *troubles) lose() {
	before := t.holdings()
	t.loss = part(t.frontier.totalAssets(), 1_600)
	at := t.burn(t.frontier.self, t.loss)
	t.incident("loss", at, Point{}, sub(t.holdings(), before), "a venue lost money")
	t.incident("discount", at, Point{}, zero(), "shares traded below what they are worth")
	t.premium, t.tradeDays = -900, "Monday Tuesday Wednesday Thursday Friday"
	t.hoards = true
}

func (t *troubles) pause() {
	t.paused = t.call(t.owner, t.model.self, "pause")
	t.change(t.paused, t.model.self, "Paused", "", "")
	t.isPaused = true
}

func (t *troubles) unpause() {
	at := t.call(t.owner, t.model.self, "unpause")
	t.change(at, t.model.self, "Unpaused", "", "")
	t.incident("paused", t.paused, at, zero(), "nobody could request, claim or transfer")
	t.isPaused = false
}

// askToLeave is the redemption that waits until the curator frees cash again.
func (t *troubles) askToLeave() {
	t.premium, t.tradeDays = -350, "Monday Wednesday"
	var largest *person
	for _, p := range t.holders {
		if t.model.mayRedeem(p.address) && (largest == nil || less(t.shares().of(largest.address), t.shares().of(p.address))) {
			largest = p
		}
	}
	t.redemption = t.leave(largest, part(t.shares().of(largest.address), 9_000))
	t.incident("waiting_redemption", t.redemption.Point, Point{}, t.redemption.Amount, "the Safe held less than the redemption was worth")
}

func (t *troubles) recover() {
	before := t.holdings()
	back := part(t.loss, 4_000)
	t.mint(t.frontier.self, back)
	at := t.lastPoint()
	t.incident("recovery", at, Point{}, sub(t.holdings(), before), "a venue got back part of its loss")
	t.premium = -120
}

func (t *troubles) endDiscount() {
	t.premium, t.tradeDays = 0, "Wednesday"
	for i := range t.truth.Incidents {
		if n := &t.truth.Incidents[i]; n.Kind == "discount" {
			n.To = t.here()
		}
	}
}

func (t *troubles) upgrade() {
	next := t.deploy(t.deployer, "AsyncVaultNext")
	at := t.call(t.deployer, t.info.ProxyAdmin, "upgradeAndCall", t.model.self, next, []byte{})
	t.change(at, t.model.self, "Upgraded", t.implementation.Hex(), next.Hex())
	t.incident("upgrade", at, at, zero(), "the implementation changed, from v0.5.0 to v0.5.1")
}

func (t *troubles) changeValuer() {
	next := t.person(t.id + " next valuation manager")
	at := t.call(t.owner, t.model.self, "updateValuationManager", next.address)
	t.change(at, t.model.self, "ValuationManagerUpdated", t.valuer.address.Hex(), next.address.Hex())
	t.valuer = next
}

func (t *troubles) changeFeeReceiver() {
	next := t.person(t.id + " next fee receiver")
	at := t.call(t.owner, t.model.self, "updateFeeReceiver", next.address)
	t.change(at, t.model.self, "FeeReceiverUpdated", t.feeReceiver.address.Hex(), next.address.Hex())
	t.feeReceiver, t.model.feeReceiver = next, next.address
}

// misvalue makes the next valuation too high, and the one after it right again.
func (t *troubles) misvalue() {
	t.error = part(t.holdings(), 400)
	t.incident("spike", t.here(), Point{}, t.error, "one valuation was too high; the next put it right")
}

func (t *troubles) addModule() {
	next := t.person(t.id + " next curator")
	at := t.safe.exec(t.safe.address, "enableModule", next.address)
	t.change(at, t.safe.address, "EnabledModule", "", next.address.Hex())
	at = t.safe.exec(t.safe.address, "disableModule", common.Address{1}, t.safe.module.address)
	t.change(at, t.safe.address, "DisabledModule", t.safe.module.address.Hex(), "")
	t.safe.module = next
}
