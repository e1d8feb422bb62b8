//go:build !race

package realvaults

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// TestEVK plays a vault of the Euler Vault Kit that lends. What can go wrong: the price
// rests on virtual amounts of a million; fees pile up as shares without an owner, and
// are turned into somebody's by an event that looks like a deposit of nothing; bad debt
// looks like a withdrawal of somebody's assets.
func TestEVK(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "evk")
		kit := newEulerKit(w, sharedCode(t, "euler"))
		p := newLentPlay(kit, w.users[8:14])
		const days = 42
		playDays(w, days, p)
		p.findFees(kit.protocol, kit.governor)
		f := w.runCommand(days-1, p.vault)
		c := newComparison("evk")
		p.checked = []string{"L3"} // its supply has shares that no transfer made
		p.judge(c, f)
		p.judgeFees(c, f, nil)
		p.judgeClaims(c, f, map[string]string{"proportional_claim": "held", "fully_liquid": "held", "redemption_at_true_value": "not provable"}) // after the crash nobody borrows
		shocks := []shock{{day: p.crashDay, kind: "step_down"}}
		p.judgeJumps(c, f, shocks...)
		p.judgeWarnings(c, f, shocks)
		p.judgeReceivers(c, f)
		x := p.exitOn(p.last())
		c.exact("maxWithdraw of a holder with a controller", "last day", x.answer.String(), "0")
		c.exact("it could redeem", "last day", p.vault.fails(x.holder, "redeem(uint256,address,address)", num(1000), x.holder, x.holder), "")
		p.judgeNothingProved(c, f)
		upgrades := f.ask(fmt.Sprintf("select block_number from marts.permissions where event = 'SetImplementation' and contract = '%s'", lower(kit.factory.address)))
		c.exact("upgrades by the factory", "number", fmt.Sprint(len(upgrades)), "2") // the first before the vault was made
		c.note("receivers are discovered", f.names("feeReceiver", kit.governor) && f.names("protocolFeeReceiver", kit.protocol), "not both in\n%s", f.config)
		c.conclude(t)
	})
}

// TestEulerEarn plays an EulerEarn vault over two vaults of the kit. What can go wrong:
// the fee is in the contract's price before its shares are minted, and a strategy's bad
// debt is lost to the holders, but not in the price.
func TestEulerEarn(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "euler_earn")
		kit := newEulerKit(w, sharedCode(t, "euler"))
		p := newEarnPlay(kit, w.users[14:20])
		const days = 40
		playDays(w, days, p)
		if p.vault.now("lostAssets").Sign() == 0 {
			t.Fatal("the story has no lost assets")
		}
		p.findFees(p.receiver)
		f := w.runCommand(days-1, p.vault)
		c := newComparison("euler_earn")
		p.judge(c, f)
		p.judgeFees(c, f, p.allPerformance())
		p.judgeClaims(c, f, map[string]string{"proportional_claim": "held", "fully_liquid": notHeld, "redemption_at_true_value": p.atTrueValue()})
		p.judgeJumps(c, f)
		p.judgeWarnings(c, f, nil, append(p.doubts(), "lost_assets")...)
		p.judgeExits(c, f)
		c.note("lost assets are told", f.speaksOf(p.vault, "lost"), "no warning and no claim speaks of %s lost", p.vault.now("lostAssets"))
		c.conclude(t)
	})
}

// A eulerKit is Euler's own contracts, and one vault of collateral.
type eulerKit struct {
	w                  *world
	d                  *deployer
	evc, factory, code *contract
	coin, collateral   *contract // the asset, and the vault that is borrowed against
	token, oracle      *contract // of the collateral
	rates              *contract
	unit               common.Address // of account
	admin, protocol    common.Address
	governor, borrower common.Address
	liquidator         common.Address
}

type (
	eulerIntegrations struct{ Evc, ProtocolConfig, SequenceRegistry, BalanceTracker, Permit2 common.Address }
	eulerModules      struct {
		Initialize, Token, Vault, Borrowing, Liquidation, RiskManager, BalanceForwarder, Governance common.Address
	}
)

func newEulerKit(w *world, all artifacts) *eulerKit {
	u := w.users
	kit := &eulerKit{w: w, admin: u[0], protocol: u[1], governor: u[2], borrower: u[3], liquidator: u[4], unit: u[5]}
	d, plain := newDeployer(w, kit.admin, all), newDeployer(w, kit.admin, plainCode(w.t))
	kit.d = d
	kit.coin, kit.token = plain.deploy("Coin", "USDE6", 6), plain.deploy("Coin", "COLE", 18)
	kit.evc = d.deploy("EthereumVaultConnector")
	config := d.deploy("ProtocolConfig", kit.admin, kit.protocol)
	with := eulerIntegrations{Evc: kit.evc.address, ProtocolConfig: config.address, SequenceRegistry: d.deploy("SequenceRegistry").address}
	module := func(name string) common.Address { return d.deploy(name, with).address }
	kit.code = d.deploy("EVault", with, eulerModules{
		module("Initialize"), module("Token"), module("Vault"), module("Borrowing"),
		module("Liquidation"), module("RiskManager"), module("BalanceForwarder"), module("Governance"),
	})
	kit.factory = d.deploy("GenericFactory", kit.admin)
	kit.factory.send(kit.admin, "setImplementation", kit.code)
	kit.oracle = d.deploy("Oracle")
	kit.rates = d.deploy("IRMLinearKink", 0, num(900_000_000), num(5_000_000_000), uint32(3_865_470_566)) // to 90 % of use, and from there
	kit.collateral = kit.vault(kit.token)
	kit.oracle.send(kit.admin, "set", kit.coin, kit.unit, power(30))
	kit.oracle.send(kit.admin, "set", kit.collateral, kit.unit, power(18))
	kit.token.send(kit.admin, "mint", kit.borrower, power(30))
	kit.token.send(kit.borrower, "approve", kit.collateral, maxUint(256))
	kit.coin.send(kit.admin, "mint", kit.liquidator, power(16))
	return kit
}

// vault is a new vault of the kit, with nothing hooked.
func (kit *eulerKit) vault(asset *contract) *contract {
	packed := append(append(append([]byte{}, asset.address[:]...), kit.oracle.address[:]...), kit.unit[:]...)
	kit.factory.send(kit.admin, "createProxy", common.Address{}, true, packed)
	n := kit.factory.now("getProxyListLength")
	address := kit.factory.ask(kit.w.head, "proxyList", sub(n, num(1)))[0].(common.Address)
	v := kit.d.bind("EVault", address)
	v.send(kit.admin, "setHookConfig", common.Address{}, uint32(0))
	return v
}

// lend is a new vault that lends the coin against the collateral.
func (kit *eulerKit) lend(fee int) *contract {
	v := kit.vault(kit.coin)
	v.send(kit.admin, "setInterestRateModel", kit.rates)
	v.send(kit.admin, "setLTV", kit.collateral, uint16(8000), uint16(8500), uint32(0))
	v.send(kit.admin, "setMaxLiquidationDiscount", uint16(1000))
	v.send(kit.admin, "setLiquidationCoolOffTime", uint16(1))
	v.send(kit.admin, "setInterestFee", fee)
	v.send(kit.admin, "setFeeReceiver", kit.governor)
	kit.coin.send(kit.liquidator, "approve", v, maxUint(256))
	return v
}

// borrow lets the borrower take an amount against collateral worth 1.3 times as much.
func (kit *eulerKit) borrow(v *contract, amount *big.Int) {
	kit.collateral.send(kit.borrower, "deposit", mul(amount, mulDiv(power(12), num(13), num(10))), kit.borrower)
	kit.evc.send(kit.borrower, "enableCollateral", kit.borrower, kit.collateral)
	kit.evc.send(kit.borrower, "enableController", kit.borrower, v)
	v.send(kit.borrower, "borrow", amount, kit.borrower)
}

// crash takes part of the collateral's value, all of which is then seized: what it does
// not pay is bad debt of all holders.
func (kit *eulerKit) crash(v *contract) {
	kit.oracle.send(kit.admin, "set", kit.collateral, kit.unit, kit.w.dice.part(power(18), 500_000, 600_000))
	kit.evc.send(kit.liquidator, "enableCollateral", kit.liquidator, kit.collateral)
	kit.evc.send(kit.liquidator, "enableController", kit.liquidator, v)
	kit.w.now += 60
	// the liquidator needs collateral of its own to carry the debt for a moment
	kit.token.send(kit.admin, "mint", kit.liquidator, power(27))
	kit.token.send(kit.liquidator, "approve", kit.collateral, maxUint(256))
	kit.collateral.send(kit.liquidator, "deposit", power(27), kit.liquidator)
	v.send(kit.liquidator, "liquidate", kit.borrower, kit.collateral, maxUint(256), 0)
	v.send(kit.liquidator, "repay", maxUint(256), kit.liquidator)
}

// A lentPlay is a vault of the kit, its lenders and its story.
type lentPlay struct {
	*book
	kit                 *eulerKit
	users               []common.Address
	changeDay, crashDay int
}

func newLentPlay(kit *eulerKit, users []common.Address) *lentPlay {
	dice := kit.w.dice
	p := &lentPlay{
		book: newBook(kit.w, kit.lend(int(dice.between(1000, 2000))), kit.coin, 6, 6), kit: kit, users: users,
		changeDay: 16 + int(dice.between(0, 4)), crashDay: 24 + int(dice.between(0, 4)),
	}
	for _, u := range users {
		kit.coin.send(kit.admin, "mint", u, power(15))
		kit.coin.send(u, "approve", p.vault, maxUint(256))
	}
	return p
}

func (p *lentPlay) play(k int) {
	dice := p.w.dice
	switch k {
	case 0:
		for _, u := range p.users[:3] {
			p.deposit(u, dice.odd(12))
		}
	case 1:
		p.kit.borrow(p.vault, dice.part(p.vault.now("totalAssets"), 700_000, 800_000))
	case 3: // may owe the vault one day, and is told that nothing can be withdrawn
		for _, u := range p.users {
			p.kit.evc.send(u, "enableController", u, p.vault)
		}
	case 6, 15, 35:
		p.vault.send(p.users[5], "convertFees")
	case p.changeDay:
		p.kit.factory.send(p.kit.admin, "setImplementation", p.kit.code) // the same again
		p.vault.send(p.kit.admin, "setInterestFee", int(dice.between(2500, 5000)))
	case p.crashDay:
		p.kit.crash(p.vault)
	}
	if k == 0 || dice.chance(400) {
		return
	}
	p.w.pass(20_000)
	p.anything(p.users[:3], p.users[3:], 11)
}

// judgeReceivers compares to whom the fees went, as the vault says. A fee of this
// family is on interest alone and has no other parts.
func (p *lentPlay) judgeReceivers(c *comparison, f *figures) {
	t := p.w.t
	t.Helper()
	logs, err := p.w.node.eth.FilterLogs(t.Context(), ethereum.FilterQuery{FromBlock: num(0), Addresses: []common.Address{p.vault.address}, Topics: [][]common.Hash{{
		crypto.Keccak256Hash([]byte("ConvertFees(address,address,address,uint256,uint256)")),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	protocol, governor := new(big.Int), new(big.Int)
	for _, log := range logs {
		protocol.Add(protocol, new(big.Int).SetBytes(log.Data[:32]))
		governor.Add(governor, new(big.Int).SetBytes(log.Data[32:64]))
	}
	got := map[string]*big.Int{"manager_shares_raw": {}, "protocol_shares_raw": {}}
	for _, r := range f.of("fees", p.vault) {
		for column, sum := range got {
			if n, ok := new(big.Int).SetString(r.text(column), 10); ok {
				sum.Add(sum, n)
			}
		}
	}
	c.exact("fees' receivers", "governor", got["manager_shares_raw"].String(), governor.String())
	c.exact("fees' receivers", "protocol", got["protocol_shares_raw"].String(), protocol.String())
}

// An earnPlay is an EulerEarn vault over two vaults of the kit.
type earnPlay struct {
	*book
	kit        *eulerKit
	strategies []*contract
	receiver   common.Address
	users      []common.Address
	changeDay  int
	crashDay   int
}

func newEarnPlay(kit *eulerKit, users []common.Address) *earnPlay {
	w, dice := kit.w, kit.w.dice
	p := &earnPlay{
		kit: kit, receiver: w.users[6], users: users, strategies: []*contract{kit.lend(1000), kit.lend(1500)},
		changeDay: 12 + int(dice.between(0, 4)), crashDay: 22 + int(dice.between(0, 4)),
	}
	factory := kit.d.deploy("EulerEarnFactory", kit.admin, kit.evc, common.Address{}, kit.d.deploy("Persp"))
	factory.send(kit.admin, "createEulerEarn", kit.admin, 0, kit.coin, "Played Earn", "peUSD", [32]byte{})
	vault := kit.d.bind("EulerEarn", factory.ask(w.head, "vaultList", 0)[0].(common.Address))
	p.book = newBook(w, vault, kit.coin, 6, int(vault.now("decimals").Int64()))
	var queue []common.Address
	for _, s := range p.strategies {
		vault.send(kit.admin, "submitCap", s, maxUint(100))
		vault.send(kit.admin, "acceptCap", s)
		queue = append(queue, s.address)
	}
	vault.send(kit.admin, "setSupplyQueue", queue)
	vault.send(kit.admin, "setFeeRecipient", p.receiver)
	vault.send(kit.admin, "setFee", mulDiv(power(18), num(dice.between(50, 150)), num(1000)))
	for _, u := range users {
		kit.coin.send(kit.admin, "mint", u, power(15))
		kit.coin.send(u, "approve", vault, maxUint(256))
	}
	return p
}

// An earnAllocation is how much a strategy is to hold after a reallocation.
type earnAllocation struct {
	Id     common.Address
	Assets *big.Int
}

func (p *earnPlay) play(k int) {
	dice := p.w.dice
	switch k {
	case 0:
		for _, u := range p.users[:3] {
			p.deposit(u, dice.odd(12))
		}
	case 1: // half goes to the second strategy
		p.vault.send(p.kit.admin, "reallocate", []earnAllocation{
			{p.strategies[0].address, dice.part(p.vault.now("totalAssets"), 400_000, 600_000)},
			{p.strategies[1].address, maxUint(256)},
		})
		p.kit.borrow(p.strategies[1], dice.part(p.strategies[1].now("totalAssets"), 700_000, 800_000))
	case 5, 33:
		p.give(p.users[k%3], p.users[4], dice.part(p.shares(p.users[k%3]), 10_000, 300_000))
	case p.changeDay:
		p.vault.send(p.kit.admin, "setFee", mulDiv(power(18), num(dice.between(151, 250)), num(1000)))
	case p.crashDay:
		p.kit.crash(p.strategies[1])
	}
	if k == 0 || dice.chance(400) {
		return
	}
	p.w.pass(20_000)
	p.anything(p.users[:3], p.users[3:], 11)
}
