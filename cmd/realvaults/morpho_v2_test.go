//go:build !race

package realvaults

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// TestMorphoV2 plays a Morpho Vault V2 that lends through an adapter at the adaptive
// rate. What can go wrong: both fees accrue to two receivers and are in the contract's
// price before they are minted; deposits are lent at once; fees change; bad debt takes
// the price down at once, without an event of the vault.
func TestMorphoV2(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "morpho_v2")
		p := newMorphoV2Play(w, sharedCode(t, "morpho_v2"))
		const days = 42
		playDays(w, days, p)
		p.findFees(p.receivers...)
		f := w.runCommand(days-1, p.vault)
		c := newComparison("morpho_v2")
		p.judge(c, f)
		p.judgeFees(c, f, p.parts())
		p.judgeClaims(c, f, map[string]string{"proportional_claim": "held", "fully_liquid": notHeld, "redemption_at_true_value": "not provable"})
		shocks := []shock{{day: p.crashDay, kind: "step_down"}}
		p.judgeJumps(c, f, shocks...)
		p.judgeWarnings(c, f, shocks)
		x := p.exitOn(p.last())
		c.exact("maxWithdraw", "last day", x.answer.String(), "0")
		c.exact("it could redeem", "last day", p.vault.fails(x.holder, "redeem(uint256,address,address)", num(1000), x.holder, x.holder), "")
		p.judgeNothingProved(c, f)
		c.note("adapters are discovered", f.discovers(p.adapter) && f.discovers(p.former), "%s or %s is not in the config", p.adapter.address, p.former.address)
		c.note("receivers are discovered", f.names("performanceFeeRecipient", p.receivers[0]) && f.names("managementFeeRecipient", p.receivers[1]), "not both in\n%s", f.config)
		c.conclude(t)
	})
}

// TestMorphoV2Adapters plays a vault that gives money to a second adapter, takes the
// adapter off with all that it has, and adds it again. The market under both is in the
// config too, so that the adapters, which are accounts, could be counted twice.
func TestMorphoV2Adapters(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "morpho_v2 adapters")
		p := adaptersPlay{newMorphoV2Play(w, sharedCode(t, "morpho_v2"))}
		const days = 10
		playDays(w, days, p)
		f := newFigures(t)
		f.run(fmt.Sprintf("as_of = %q\n", date(days-1)) + w.nodeBlock("archive = true", `verify = "L0"`) + w.discover(f, p.vault) +
			"\n[[vault.contract]]\n" + placeLine(p.morpho.address, "venue", "morpho_blue") + "\n")
		c := newComparison("morpho_v2, adapters")
		places := map[string]float64{}
		for _, r := range f.of("allocations", p.vault) {
			assets, _ := r.number("assets")
			places[r.text("price_date")[:len("2025-01-01")]+" "+r.text("kind")] += assets
		}
		for k, d := range p.days {
			want := new(big.Int)
			for _, adapter := range []*contract{p.adapter, p.former} {
				if p.vault.ask(d.block, "isAdapter", adapter)[0] == true {
					want.Add(want, adapter.at(d.block, "realAssets"))
				}
			}
			total := units(d.assets, 6)
			got := places[date(k)+" venue"]
			c.note("venue", math.Abs(got-units(want, 6)) <= 1e-9*total, "%s: got %v, want %v", date(k), got, units(want, 6))
			c.note("unknown", math.Abs(places[date(k)+" unknown"]) <= 1e-3*total, "%s: got %v of %v", date(k), places[date(k)+" unknown"], total)
		}
		c.conclude(t)
	})
}

// An adaptersPlay moves money between two adapters.
type adaptersPlay struct{ *morphoV2Play }

func (p adaptersPlay) play(k int) {
	dice := p.w.dice
	switch k {
	case 0, 1:
		p.morphoV2Play.play(k)
	case 3:
		p.decide("addAdapter", p.former)
		for _, id := range [][]byte{
			encode(p.w, "this", p.former),
			encode(p.w, "this/marketParams", p.former, p.market.LoanToken, p.market.CollateralToken, p.market.Oracle, p.market.Irm, p.market.Lltv),
		} {
			p.decide("increaseAbsoluteCap", id, maxUint(100))
			p.decide("increaseRelativeCap", id, power(18))
		}
		amount := dice.part(p.vault.now("totalAssets"), 20_000, 60_000)
		p.vault.send(p.curator, "deallocate", p.adapter, p.market.words(p.w), amount)
		p.vault.send(p.curator, "allocate", p.former, p.market.words(p.w), amount)
	case 6:
		p.decide("removeAdapter", p.former)
	case 8:
		p.decide("addAdapter", p.former)
	}
}

// A morphoV2Play is the vault, its adapter and the market under it.
type morphoV2Play struct {
	*book
	morpho, adapter, oracle *contract
	former                  *contract // an adapter that was taken off
	market                  morphoMarket
	owner, curator          common.Address
	borrower, liquidator    common.Address
	receivers, users        []common.Address // of performance and management fees
	changeDay, crashDay     int
}

func newMorphoV2Play(w *world, all artifacts) *morphoV2Play {
	u := w.users
	p := &morphoV2Play{
		owner: u[0], curator: u[1], borrower: u[2], liquidator: u[3], receivers: u[4:6], users: u[6:12],
		changeDay: 11 + int(w.dice.between(0, 4)), crashDay: 22 + int(w.dice.between(0, 5)),
	}
	d, plain := newDeployer(w, p.owner, all), newDeployer(w, p.owner, plainCode(w.t))
	coin, collateral := plain.deploy("Coin", "USDM", 6), plain.deploy("Coin", "COLM", 18)
	p.morpho = d.deploy("Morpho", p.owner)
	irm := d.deploy("AdaptiveCurveIrm", p.morpho)
	p.oracle = d.deploy("OracleMock")
	p.oracle.send(p.owner, "setPrice", power(24))
	lltv := mulDiv(power(18), num(860), num(1000))
	p.morpho.send(p.owner, "enableIrm", irm)
	p.morpho.send(p.owner, "enableLltv", lltv)
	p.market = morphoMarket{coin.address, collateral.address, p.oracle.address, irm.address, lltv}
	p.morpho.send(p.owner, "createMarket", p.market)
	vault := d.deploy("VaultV2", p.owner, coin)
	p.book = newBook(w, vault, coin, 6, 18)
	p.adapter = d.deploy("MorphoMarketV1AdapterV2", vault, p.morpho, irm)
	vault.send(p.owner, "setName", "Played Morpho V2")
	vault.send(p.owner, "setSymbol", "pm2USD")
	vault.send(p.owner, "setCurator", p.curator)
	p.decide("setIsAllocator", p.curator, true)
	p.decide("addAdapter", p.adapter)
	p.former = d.deploy("MorphoMarketV1AdapterV2", vault, p.morpho, irm)
	p.decide("addAdapter", p.former)
	p.decide("removeAdapter", p.former)
	for _, id := range [][]byte{
		encode(w, "this", p.adapter), encode(w, "collateralToken", collateral),
		encode(w, "this/marketParams", p.adapter, p.market.LoanToken, p.market.CollateralToken, p.market.Oracle, p.market.Irm, p.market.Lltv),
	} {
		p.decide("increaseAbsoluteCap", id, maxUint(100))
		p.decide("increaseRelativeCap", id, power(18))
	}
	p.decide("setPerformanceFeeRecipient", p.receivers[0])
	p.decide("setManagementFeeRecipient", p.receivers[1])
	p.decide("setPerformanceFee", mulDiv(power(18), num(w.dice.between(50, 200)), num(1000)))
	p.decide("setManagementFee", yearly(w.dice.between(5, 20)))
	vault.send(p.curator, "setMaxRate", yearly(2000))
	vault.send(p.curator, "setLiquidityAdapterAndData", p.adapter, p.market.words(w))
	for _, who := range append([]common.Address{p.borrower, p.liquidator}, p.users...) {
		coin.send(p.owner, "mint", who, power(15))
		coin.send(who, "approve", vault, maxUint(256))
		coin.send(who, "approve", p.morpho, maxUint(256))
	}
	collateral.send(p.owner, "mint", p.borrower, power(30))
	collateral.send(p.borrower, "approve", p.morpho, maxUint(256))
	return p
}

// yearly is so many thousandths a year as Morpho counts them, a second.
func yearly(thousandths int64) *big.Int {
	return mulDiv(power(18), num(thousandths), num(1000*365*daySeconds))
}

// decide lets the curator submit a decision and, its timelock being none, take it.
func (p *morphoV2Play) decide(method string, args ...any) {
	p.vault.send(p.curator, "submit", p.vault.data(method, args))
	p.vault.send(p.curator, method, args...)
}

func (p *morphoV2Play) play(k int) {
	dice := p.w.dice
	switch k {
	case 0:
		for _, u := range p.users[:3] {
			p.deposit(u, dice.odd(12))
		}
	case 1:
		amount := dice.part(p.vault.now("totalAssets"), 700_000, 800_000)
		p.morpho.send(p.borrower, "supplyCollateral", p.market, mul(amount, mulDiv(power(12), num(13), num(10))), p.borrower, []byte{})
		p.morpho.send(p.borrower, "borrow", p.market, amount, 0, p.borrower, p.borrower)
	case 5, 33:
		p.give(p.users[k%3], p.users[4], dice.part(p.shares(p.users[k%3]), 10_000, 300_000))
	case p.changeDay:
		p.decide("setPerformanceFee", mulDiv(power(18), num(dice.between(201, 400)), num(1000)))
		p.decide("setManagementFee", yearly(dice.between(1, 4)))
	case p.crashDay: // what is seized does not pay the debt
		p.oracle.send(p.owner, "setPrice", dice.part(power(24), 700_000, 740_000))
		position := p.morpho.ask(p.w.head, "position", p.market.id(p.w), p.borrower)
		p.morpho.send(p.liquidator, "liquidate", p.market, p.borrower, position[2], 0, []byte{})
	}
	if k == 0 || dice.chance(400) {
		return
	}
	p.w.pass(20_000)
	p.anything(p.users[:3], p.users[3:], 11)
}

// parts are what the vault itself says its fees were for.
func (p *morphoV2Play) parts() map[uint64]feePart {
	t := p.w.t
	t.Helper()
	logs, err := p.w.node.eth.FilterLogs(t.Context(), ethereum.FilterQuery{FromBlock: num(0), Addresses: []common.Address{p.vault.address}, Topics: [][]common.Hash{{
		crypto.Keccak256Hash([]byte("AccrueInterest(uint256,uint256,uint256,uint256)")),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	parts := map[uint64]feePart{}
	for _, log := range logs {
		performance, management := new(big.Int).SetBytes(log.Data[64:96]), new(big.Int).SetBytes(log.Data[96:])
		if performance.Sign() > 0 || management.Sign() > 0 {
			parts[log.BlockNumber] = feePart{management, performance}
		}
	}
	return parts
}
