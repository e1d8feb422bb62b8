//go:build !race

package realvaults

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// TestDiscoverPowers has three vaults behind proxies of each kind, whose power ends in
// Safes that act through Zodiac's modules, a timelock and an access manager. What can go
// wrong: power that is found only through another contract; contracts older than the
// vault; a module that nobody knows; a role that was taken again; contracts that name each
// other in a circle. What discover and family auto find must tell the same as a config in
// which all is named by hand.
func TestDiscoverPowers(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "discover powers")
		w.startDay(0)
		p := newPowers(w)
		w.endDay(0)
		w.startDay(1)
		p.act()
		block := w.endDay(1)
		w.finish(2)

		head := fmt.Sprintf("as_of = %q\n", date(1)) + w.nodeBlock("archive = true")
		byHand, found, auto := newFigures(t), newFigures(t), newFigures(t)
		byHand.run(head + p.config(func(v *poweredVault) string {
			text := p.vaultBlock(v, "erc4626") + fmt.Sprintf("start_block = %d\n", p.first)
			for _, c := range v.around {
				text += contractBlock(c.contract, c.role, c.family)
			}
			return text
		}))
		found.run(head + w.discover(found, p.vaults[0].vault, p.vaults[1].vault, p.vaults[2].vault))
		auto.run(head + p.config(func(v *poweredVault) string { return p.vaultBlock(v, "auto") }))
		c := newComparison("discover")
		for _, v := range p.vaults {
			want := powerRows(byHand, v.vault)
			c.note("rows by hand", len(want) >= v.least, "%s: only %d", v.vault.name, len(want))
			c.sets("rows of discover", powerRows(found, v.vault), want)
			c.sets("rows of auto", powerRows(auto, v.vault), want)
			known := []*contract{v.vault}
			for _, one := range v.around {
				known = append(known, one.contract)
				text := found.blockOf(v.vault, one.contract)
				c.exact("families", v.vault.name+" "+one.name, text["family"], one.family)
			}
			picture := powersPlay{w: w}
			picture.judgePicture(c, found, v.vault, known, block)
		}
		c.note("what is unknown is told", strings.Contains(found.config, "# note: "+lower(p.odd.address)+", module of owner, answers as no contract that is known"), "not in\n%s", found.config)

		// of a vault that a config gives a family, the modules of its Safe
		given := newFigures(t)
		v := p.vaults[0]
		given.run(head + p.vaultBlock(v, "erc4626") + fmt.Sprintf("safe = %q\n", p.home.address.Hex()))
		var modules []string
		for _, r := range given.ask("select distinct contract from marts.permissions where role = 'roles'") {
			modules = append(modules, r.text("contract"))
		}
		c.sets("modules of a Safe", modules, []string{lower(p.roles.address), lower(p.delay.address)}) // the other logs nothing
		c.conclude(t)
	})
}

// powers are contracts that have power over vaults, and over each other.
type powers struct {
	w                         *world
	d, safes                  *deployer
	factory, singleton        *contract
	keys                      []common.Address
	home, other               *contract // Safes of one key each; the home is the other's owner
	timelock, manager         *contract
	delay, roles, odd, beacon *contract
	first                     uint64 // the first block with one of them
	vaults                    []*poweredVault
}

// A poweredVault is one with all contracts around it that have power over it.
type poweredVault struct {
	vault  *contract
	around []named
	least  int // rows of permissions that there must be
}

type named struct {
	*contract
	role, family string
}

func newPowers(w *world) *powers {
	t := w.t
	all, code := safeCode(t), powersCode(t)
	p := &powers{w: w, keys: w.users[1:5], d: newDeployer(w, w.users[0], code), safes: newDeployer(w, w.users[0], all)}
	d, plain := p.d, newDeployer(w, w.users[0], plainCode(t))
	p.singleton, p.factory = p.safes.deploy("Safe"), p.safes.deploy("SafeProxyFactory")
	p.first = w.head + 1
	p.home = p.newSafe(p.keys[0])
	p.other = p.newSafe(p.home.address)
	p.timelock = d.deploy("TimelockController", 60, []common.Address{p.home.address, p.keys[1]}, []common.Address{{}}, common.Address{})
	p.manager = d.deploy("AccessManager", d.from)
	p.delay = d.deploy("Delay", p.home, p.home, p.home, 3600, 0)
	p.roles = d.deploy("Roles", p.delay, p.home, p.home)
	p.odd = plain.deploy("Trader") // a module that answers nothing
	for _, m := range []*contract{p.roles, p.delay, p.odd} {
		p.bySafe(p.home, "enableModule", m.address)
	}
	guard := p.safes.deploy("DelegateCallTransactionGuard", common.Address{})
	p.bySafe(p.home, "setGuard", guard.address)

	asset := plain.deploy("Coin", "usd", 6)
	start := func(logic, by *contract) []byte { return logic.data("initialize", []any{asset, by}) }
	transparent := d.deploy("VT")
	vt := d.deploy("TransparentUpgradeableProxy", transparent, p.timelock, start(transparent, p.home)).as(transparent)
	uups := d.deploy("VU")
	vu := d.deploy("ERC1967Proxy", uups, start(uups, p.manager)).as(uups)
	logic := d.deploy("VB")
	p.beacon = d.deploy("UpgradeableBeacon", logic, p.other)
	vb := d.deploy("BeaconProxy", p.beacon, start(logic, p.other)).as(logic)
	admin := d.bind("ProxyAdmin", common.BytesToAddress(w.storage(vt.address, w.head, common.HexToHash("0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103"))))

	// the manager's admin is the timelock; a member that was taken again has no power
	gone := plain.deploy("Trader")
	p.manager.send(d.from, "grantRole", 0, p.timelock, 0)
	p.manager.send(d.from, "grantRole", 7, p.roles, int(w.dice.between(0, 500)))
	p.manager.send(d.from, "grantRole", 7, gone, 0)
	p.manager.send(d.from, "revokeRole", 7, gone)
	p.manager.send(d.from, "renounceRole", 0, d.from)

	ends := []named{
		{p.home, "governor", "safe"},
		{p.roles, "governor", "zodiac_roles"},
		{p.delay, "governor", "zodiac_delay"},
		{p.odd, "governor", "access"},
		{guard, "governor", "access"},
	}
	p.vaults = []*poweredVault{
		{vt, append([]named{{admin, "proxy_admin", "access"}, {p.timelock, "governor", "timelock"}}, ends...), 20},
		{vu, append([]named{{p.manager, "governor", "access_manager"}, {p.timelock, "governor", "timelock"}}, ends...), 20},
		{vb, append([]named{{p.beacon, "beacon", "access"}, {p.other, "governor", "safe"}}, ends...), 15},
	}
	user := p.keys[3]
	asset.send(d.from, "mint", user, power(12))
	for _, v := range p.vaults {
		asset.send(user, "approve", v.vault, maxUint(256))
		v.vault.send(user, "deposit", power(9), user)
	}
	return p
}

// newSafe makes a Safe of one owner.
func (p *powers) newSafe(owner common.Address) *contract {
	setup := p.singleton.data("setup", []any{[]common.Address{owner}, 1, common.Address{}, []byte{}, common.Address{}, common.Address{}, 0, common.Address{}})
	at := p.factory.ask(p.w.head, "createProxyWithNonce", p.singleton.address, setup, num(int64(p.w.head)))[0].(common.Address)
	p.factory.send(p.keys[0], "createProxyWithNonce", p.singleton, setup, int(p.w.head))
	return p.safes.bind("Safe", at)
}

// bySafe lets a Safe call a function of its own.
func (p *powers) bySafe(safe *contract, method string, args ...any) {
	p.through(safe, safe.address, safe.data(method, args))
}

// through lets a Safe call another contract, with its owner's approval of the moment.
func (p *powers) through(safe *contract, to common.Address, data []byte) {
	sign := func(by common.Address) []byte {
		return append(append(make([]byte, 12), by[:]...), append(make([]byte, 32), 1)...)
	}
	p.w.t.Helper()
	safe.send(p.keys[0], "execTransaction", to, 0, data, 0, 0, 0, 0, common.Address{}, common.Address{}, sign(p.keys[0]))
}

// act lets what has power use it, or pass it on.
func (p *powers) act() {
	dice := p.w.dice
	for range dice.between(2, 4) {
		p.through(p.home, p.delay.address, p.delay.data("setTxCooldown", []any{int(dice.between(60, 9000))}))
		owners := p.home.ask(p.w.head, "getOwners")[0].([]common.Address)
		p.bySafe(p.home, "addOwnerWithThreshold", p.w.users[6+len(owners)], 1)
		call := p.manager.data("labelRole", []any{7, fmt.Sprint("seven ", dice.between(1, 99))})
		p.through(p.home, p.timelock.address, p.timelock.data("schedule", []any{p.manager.address, num(0), call, [32]byte{}, crypto.Keccak256Hash(call, []byte{byte(p.w.head)}), num(60)}))
	}
	p.through(p.home, p.delay.address, p.delay.data("enableModule", []any{p.keys[2]}))
}

// config is what block says of each vault.
func (p *powers) config(block func(*poweredVault) string) string {
	var text strings.Builder
	for _, v := range p.vaults {
		text.WriteString(block(v))
	}
	return text.String()
}

func (p *powers) vaultBlock(v *poweredVault, family string) string {
	symbol := v.vault.ask(p.w.head, "symbol")[0].(string)
	text := fmt.Sprintf("[[vault]]\nid = %q\nname = %q\nchain_id = %d\naddress = %q\nfamily = %q\n", strings.ToLower(v.vault.name), symbol, chainID, v.vault.address.Hex(), family)
	if family == "auto" {
		return text
	}
	return text + "asset_symbol = \"usd\"\nasset_decimals = 6\nshare_decimals = 6\n"
}

func contractBlock(c *contract, role, family string) string {
	return fmt.Sprintf("\n[[vault.contract]]\naddress = %q\nrole = %q\nfamily = %q\nname = %q\n", c.address.Hex(), role, family, c.name)
}

// powerRows are a vault's rows of marts.permissions, without names that differ.
func powerRows(f *figures, vault *contract) []string {
	var rows []string
	for _, r := range f.of("permissions", vault) {
		rows = append(rows, strings.Join([]string{
			r.text("block_number"), r.text("log_position"), r.text("contract"), r.text("event"), r.text("kind"), r.text("subject"), r.text("object"), r.text("after"),
		}, " "))
	}
	return rows
}

// blockOf is what the config says of a contract around a vault.
func (f *figures) blockOf(vault, c *contract) map[string]string {
	_, text, _ := strings.Cut(f.config, fmt.Sprintf("address = '%s'", lower(vault.address)))
	text, _, _ = strings.Cut(text, "[[vault]]")
	_, text, _ = strings.Cut(text, fmt.Sprintf("address = '%s'", lower(c.address)))
	text, _, _ = strings.Cut(text, "[[")
	values := map[string]string{}
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), " = "); ok {
			values[key] = strings.Trim(value, `'"`)
		}
	}
	return values
}

// storage is a word of a contract's storage at a block.
func (w *world) storage(at common.Address, block uint64, slot common.Hash) []byte {
	w.t.Helper()
	var word common.Hash
	w.node.must(w.t, &word, "eth_getStorageAt", at, slot, blockArg(block))
	return word[:]
}
