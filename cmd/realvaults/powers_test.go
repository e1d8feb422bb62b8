//go:build !race

package realvaults

import (
	"fmt"
	"maps"
	"math/big"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
)

// TestPowers plays what governs vaults: an Ownable2Step vault behind a transparent proxy,
// an upgradeable one under an AccessManager, one of roles behind a beacon that a timelock
// owns; a Safe, and its Delay and Roles modifiers. What can go wrong: a power is told of
// the wrong contract or object, with another's value before, from the wrong time on, or
// not at all; a power that was given to nobody reads as one; a call that waits is not
// told; a beacon is older than its vault.
func TestPowers(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "powers")
		p := newPowersPlay(w, powersCode(t))
		const days = 30
		playDays(w, days, p)
		f := p.runCommand(days - 1)
		c := newComparison("powers")
		p.judgeLogs(c, f)
		p.judgeRows(c, f)
		p.judgeDelays(c, f)
		p.judgeWords(c, f)
		p.judgeCloses(c, f)
		for _, vault := range []*contract{p.vt, p.vu, p.vb} {
			p.judgePicture(c, f, vault, p.contracts(), p.closes[days-1])
		}
		for _, vault := range []*contract{p.vt, p.vu, p.vb} {
			for _, r := range f.some("completeness", vault) {
				c.exact("completeness", r.text("level")+" "+r.text("detail"), r.text("verdict"), "proved")
			}
		}
		c.conclude(t)
		w.tell(f, p.contracts())
	})
}

// untold are the events of power contracts that change no power, with the reason.
var untold = map[string]string{
	"ApproveHash":                "a signature of one transaction",
	"ExecutionSuccess":           "a transaction was made",
	"ExecutionFailure":           "a transaction was tried",
	"ExecutionFromModuleSuccess": "a power was used",
	"ExecutionFromModuleFailure": "a power was tried",
	"CallSalt":                   "part of the id of a call that CallScheduled tells",
	"ConsumeAllowance":           "a power was used; what is left is state, not a term",
	"HashExecuted":               "a power was used",
	"Transfer":                   "shares moved",
	"Approval":                   "shares of one holder",
	"Deposit":                    "a flow",
	"Withdraw":                   "a flow",
}

// A powersPlay is three vaults, what governs them, and who acts.
type powersPlay struct {
	w                    *world
	vt, vu, vb           *contract
	proxyAdmin, manager  *contract
	beacon, timelock     *contract
	safe, delay, roles   *contract
	coin, guard, handler *contract
	codes                map[string][]*contract // implementations by vault
	users                []common.Address
	acts                 []func()
	waiting              []call // at the timelock
	scheduled            []call // at the manager
	queue                []call // at the Delay
	closes               []uint64
	assigned             []powerRow // rows of assignments, which a comparison has read
}

// A call is one that waits.
type call struct {
	by, to common.Address
	data   []byte
	salt   [32]byte

	operation uint8 // at the Delay: 0 a call, 1 a delegatecall
}

const (
	adminUser   = 3 // of the manager
	proposer    = 4
	executor    = 5
	roleAdmin   = 6 // of the timelock
	firstMember = 8
)

func newPowersPlay(w *world, all artifacts) *powersPlay {
	u := w.users
	d, npm := newDeployer(w, u[0], all), newDeployer(w, u[0], safeCode(w.t))
	p := &powersPlay{w: w, users: u, codes: map[string][]*contract{}}
	p.coin = d.deploy("USD")
	for _, name := range []string{"VT", "VU", "VB"} {
		p.codes[name] = []*contract{d.deploy(name), d.deploy(name + "2")}
	}
	p.timelock = d.deploy("TimelockController", 3600, []common.Address{u[proposer]}, []common.Address{u[executor]}, u[roleAdmin])
	p.beacon = d.deploy("UpgradeableBeacon", p.codes["VB"][0], p.timelock)
	p.manager = d.deploy("AccessManager", u[adminUser])
	singleton := npm.deploy("Safe")
	p.guard, p.handler = npm.deploy("DebugTransactionGuard"), npm.deploy("CompatibilityFallbackHandler")
	p.safe = npm.deploy("SafeProxy", singleton).as(singleton)
	p.safe.send(u[0], "setup", u[:3], 2, common.Address{}, []byte{}, p.handler, common.Address{}, 0, common.Address{})
	p.delay = d.deploy("Delay", p.safe, p.safe, p.safe, 3600, 0)
	p.roles = d.deploy("Roles", p.safe, p.safe, p.safe)
	vt := p.codes["VT"][0]
	p.vt = d.deploy("TransparentUpgradeableProxy", vt, p.safe, vt.data("initialize", []any{p.coin, u[0]})).as(vt)
	p.proxyAdmin = d.bind("ProxyAdmin", p.slot(p.vt.address, w.head, "eip1967.proxy.admin"))
	vu := p.codes["VU"][0]
	p.vu = d.deploy("ERC1967Proxy", vu, vu.data("initialize", []any{p.coin, p.manager})).as(vu)
	vb := p.codes["VB"][0]
	p.vb = d.deploy("BeaconProxy", p.beacon, vb.data("initialize", []any{p.coin, u[7]})).as(vb)
	for _, module := range []any{p.delay, p.roles} {
		p.by(p.safe.address, p.safe, "enableModule", module)
	}
	for i, v := range []*contract{p.vt, p.vu, p.vb} {
		p.coin.send(u[i], "mint", u[i], power(15))
		p.coin.send(u[i], "approve", v, maxUint(256))
		v.send(u[i], "deposit(uint256,address)", power(12), u[i])
	}
	p.acts = p.allActs()
	return p
}

// everybody is the role at the manager that all have.
const everybody = uint64(1<<64 - 1)

// safeCode is Safe's compiled code, from npm.
func safeCode(t testing.TB) artifacts {
	t.Helper()
	all := artifacts{}
	for _, path := range []string{
		"Safe.sol/Safe", "proxies/SafeProxy.sol/SafeProxy", "proxies/SafeProxyFactory.sol/SafeProxyFactory",
		"handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler",
		"examples/guards/DebugTransactionGuard.sol/DebugTransactionGuard", "examples/guards/DelegateCallTransactionGuard.sol/DelegateCallTransactionGuard",
	} {
		all[filepath.Base(path)] = npmArtifact(t, "@safe-global", "safe-contracts", "build", "artifacts", "contracts", path+".json")
	}
	return all
}

// powersCode is the compiled code of contracts with powers. Their libraries are listed
// without their source, by which they are linked.
func powersCode(t testing.TB) artifacts {
	t.Helper()
	all := sharedCode(t, "powers")
	for _, one := range maps.Clone(all) {
		for source, libraries := range one.Links {
			for library := range libraries {
				all[source+":"+library] = all[library]
			}
		}
	}
	return all
}

// runCommand discovers the vaults, names what governs them where that was not found, and
// runs the command up to day k.
func (p *powersPlay) runCommand(k int) *figures {
	p.w.t.Helper()
	f := newFigures(p.w.t)
	config := fmt.Sprintf("as_of = %q\n", date(k)) + p.w.nodeBlock("archive = true", `verify = "L3"`)
	type governor struct {
		at           *contract
		role, family string
	}
	for _, v := range []struct {
		vault     *contract
		governors []governor
	}{
		{p.vt, []governor{{p.roles, "roles", "zodiac_roles"}, {p.delay, "governor", "zodiac_delay"}}},
		{p.vu, []governor{{p.manager, "governor", "access_manager"}}},
		{p.vb, []governor{{p.timelock, "governor", "timelock"}}},
	} {
		block := p.w.discover(f, v.vault)
		if v.vault == p.vt && !strings.Contains(block, "safe = '") {
			block = strings.Replace(block, "[[vault]]\n", fmt.Sprintf("[[vault]]\nsafe = '%s'\n", lower(p.safe.address)), 1)
		}
		for _, g := range v.governors {
			if !strings.Contains(block, fmt.Sprintf("address = '%s'", lower(g.at.address))) {
				block += fmt.Sprintf("[[vault.contract]]\naddress = '%s'\nrole = '%s'\nfamily = '%s'\nname = '%s'\n", lower(g.at.address), g.role, g.family, g.at.name)
			}
		}
		config += block
	}
	f.run(config)
	return f
}

// play is a few acts, each of which comes in its turn; their order is the dice's.
func (p *powersPlay) play(k int) {
	const daily = 9
	p.story(k)
	if k%7 == 0 {
		p.w.dice.rng.Shuffle(len(p.acts), func(i, j int) { p.acts[i], p.acts[j] = p.acts[j], p.acts[i] })
	}
	for i := range daily {
		p.w.pass(3000)
		p.acts[(k%7*daily+i)%len(p.acts)]()
	}
}

// story is what the dice seldom bring about: calls that wait at the manager, one of which
// is made and one cancelled, and changes that are taken back before they count.
func (p *powersPlay) story(k int) {
	m, admin, member := p.manager, p.users[adminUser], p.users[20]
	setCap := func(n int) []byte { return p.vu.data("setCap", []any{n}) }
	switch k {
	case 3:
		m.send(admin, "setTargetClosed", p.vu, false)
		m.send(admin, "setTargetFunctionRole", p.vu, [][4]byte{[4]byte(p.vu.method("setCap").ID)}, 4)
		m.send(admin, "grantRole", 4, member, 3600)
		m.send(member, "schedule", p.vu, setCap(1), 0)
		m.send(member, "schedule", p.vu, setCap(2), 0)
		m.send(member, "cancel", member, p.vu, setCap(2))
	case 4:
		m.send(admin, "setTargetClosed", p.vu, false)
		m.send(admin, "setTargetFunctionRole", p.vu, [][4]byte{[4]byte(p.vu.method("setCap").ID)}, 4)
		m.send(member, "execute", p.vu, setCap(1))
		m.send(admin, "grantRole", 4, member, 600) // counts later
		// what never counts, since another comes before its time
		m.send(admin, "setGrantDelay", 5, 7200)
		m.send(admin, "setGrantDelay", 5, 3600)
		m.send(admin, "setTargetAdminDelay", p.vt, 7200)
		m.send(admin, "setTargetAdminDelay", p.vt, 0)
		// roles that all have, and the one that gives out the others
		m.send(admin, "setRoleAdmin", 5, everybody)
		m.send(admin, "setRoleGuardian", 5, everybody)
		m.send(admin, "setTargetFunctionRole", p.vt, [][4]byte{[4]byte(p.vt.method("pause").ID)}, everybody)
		m.send(admin, "grantRole", 0, p.users[21], 0)
		m.send(admin, "revokeRole", 0, p.users[21])
	case 5:
		t, salt := p.timelock, p.salt()
		data := p.coin.data("approve", []any{member, 1})
		t.send(p.users[proposer], "schedule", p.coin, 0, data, [32]byte{}, salt, 14_400)
		t.send(p.users[proposer], "cancel", t.ask(p.w.head, "hashOperation", p.coin, 0, data, [32]byte{}, salt)[0])
		m.send(member, "renounceRole", 4, member)
		// executors are everybody, and a call waits for another
		first := t.ask(p.w.head, "hashOperation", p.coin, 0, data, [32]byte{}, salt)[0]
		t.send(p.users[proposer], "schedule", p.coin, 7, data, first, p.salt(), 14_400)
		open := t.ask(p.w.head, "EXECUTOR_ROLE")[0]
		t.send(p.users[roleAdmin], "grantRole", open, common.Address{})
		t.send(p.users[roleAdmin], "revokeRole", open, common.Address{})
	case 12: // by now the grant delay counts; one that waits is taken back
		m.send(admin, "grantRole", 5, member, 0)
		m.send(admin, "revokeRole", 5, member)
		m.send(admin, "setGrantDelay", 5, 0)
		p.by(p.owner(p.roles), p.roles, "setAllowance", roleKeys[0], 1000, 0, 0, 0, 0)
		p.by(p.owner(p.roles), p.roles, "setDefaultRole", member, [32]byte{})
	case 6:
		if admin := p.vb.ask(p.w.head, "defaultAdmin")[0].(common.Address); p.by(admin, p.vb, "changeDefaultAdminDelay", 50_000) {
			p.by(admin, p.vb, "changeDefaultAdminDelay", 40_000)
			p.by(admin, p.vb, "rollbackDefaultAdminDelay")
		}
	}
}

func (p *powersPlay) close(_ int, block uint64) { p.closes = append(p.closes, block) }

// by lets an account call a method, the Safe through its owners; false if it would be
// refused.
func (p *powersPlay) by(from common.Address, c *contract, method string, args ...any) bool {
	p.w.t.Helper()
	if from == (common.Address{}) || c.fails(from, method, args...) != "" {
		return false
	}
	switch {
	case from == p.safe.address:
		return p.bySafe(c.address, c.data(method, args))
	case !slices.Contains(p.users, from):
		return false
	}
	c.send(from, method, args...)
	return true
}

// bySafe lets the Safe's owners approve a transaction, and one of them send it.
func (p *powersPlay) bySafe(to common.Address, data []byte) bool {
	nobody := common.Address{}
	head := p.w.head
	owners := slices.Clone(p.safe.ask(head, "getOwners")[0].([]common.Address))
	slices.SortFunc(owners, func(a, b common.Address) int { return a.Cmp(b) })
	owners = owners[:p.safe.now("getThreshold").Int64()]
	hash := p.safe.ask(head, "getTransactionHash", to, 0, data, 0, 0, 0, 0, nobody, nobody, p.safe.now("nonce"))[0].([32]byte)
	var signatures []byte
	for _, o := range owners {
		p.safe.send(o, "approveHash", hash)
		signatures = append(signatures, common.LeftPadBytes(o[:], 32)...)
		signatures = append(append(signatures, make([]byte, 32)...), 1)
	}
	p.safe.send(owners[0], "execTransaction", to, 0, data, 0, 0, 0, 0, nobody, nobody, signatures)
	return true
}

// slot is the address in a storage slot that a name's hash gives; those of ERC-1967 are
// one less.
func (p *powersPlay) slot(at common.Address, block uint64, name string) common.Address {
	key := crypto.Keccak256Hash([]byte(name)).Big()
	if strings.HasPrefix(name, "eip1967") {
		key = sub(key, num(1))
	}
	return common.BytesToAddress(p.w.storage(at, block, common.BigToHash(key)))
}

// member is one of those whom powers are given to.
func (p *powersPlay) member() common.Address {
	return p.users[firstMember+int(p.w.dice.between(0, 4))]
}

func (p *powersPlay) salt() (salt [32]byte) {
	num(p.w.dice.between(1, 1<<40)).FillBytes(salt[:])
	return salt
}

// owner is who owns a contract.
func (p *powersPlay) owner(c *contract) common.Address {
	return c.ask(p.w.head, "owner")[0].(common.Address)
}

// allActs are the things that happen.
func (p *powersPlay) allActs() []func() {
	return slices.Concat(p.ownerActs(), p.managerActs(), p.roleActs(), p.timelockActs(), p.safeActs(), p.delayActs(), p.rolesActs())
}

func (p *powersPlay) ownerActs() []func() {
	dice, nobody := p.w.dice, common.Address{}
	offer := func() {
		to := pick(dice, []common.Address{p.member(), p.safe.address, p.users[0]})
		p.by(p.owner(p.vt), p.vt, "transferOwnership", to)
	}
	accept := func() { p.by(p.vt.ask(p.w.head, "pendingOwner")[0].(common.Address), p.vt, "acceptOwnership") }
	upgrades := 0
	return []func(){
		offer, accept, func() { offer(); accept() },
		func() { p.by(p.owner(p.vt), p.vt, "transferOwnership", nobody) },
		func() { p.by(p.owner(p.vt), p.vt, "pause") },
		func() { p.by(p.owner(p.vt), p.vt, "unpause") },
		func() {
			upgrades++
			p.by(p.owner(p.proxyAdmin), p.proxyAdmin, "upgradeAndCall", p.vt, p.codes["VT"][upgrades%2], []byte{})
		},
		func() {
			p.by(p.owner(p.proxyAdmin), p.proxyAdmin, "transferOwnership", pick(dice, []common.Address{p.safe.address, p.member()}))
		},
		func() {
			if len(p.closes) > 24 {
				p.by(p.owner(p.vt), p.vt, "renounceOwnership")
			}
		},
	}
}

func (p *powersPlay) managerActs() []func() {
	dice, m, admin := p.w.dice, p.manager, p.users[adminUser]
	role := func() int { return int(dice.between(1, 3)) }
	upgrades := 0
	setCap := func() []byte { return p.vu.data("setCap", []any{num(dice.between(1, 1e9))}) }
	grant := func() { p.by(admin, m, "grantRole", role(), p.member(), int(dice.between(0, 3)*3600)) }
	schedule := func() {
		c := call{by: p.member(), to: p.vu.address, data: setCap()}
		if p.by(c.by, m, "schedule", c.to, c.data, 0) {
			p.scheduled = append(p.scheduled, c)
		}
	}
	return []func(){
		grant, grant, schedule, schedule,
		func() { p.by(admin, m, "revokeRole", role(), p.member()) },
		func() { u := p.member(); p.by(u, m, "renounceRole", role(), u) },
		func() { p.by(admin, m, "labelRole", role(), pick(dice, []string{"KEEPER", "pausers", "a 'name'"})) },
		func() { p.by(admin, m, "setRoleAdmin", role(), pick(dice, []int{0, 0, 3})) },
		func() { p.by(admin, m, "setRoleGuardian", role(), pick(dice, []int{0, 1, 2})) },
		func() { p.by(admin, m, "setGrantDelay", role(), int(dice.between(0, 5))*7200) },
		func() { p.by(admin, m, "setTargetAdminDelay", p.coin, int(dice.between(0, 5))*3600) },
		func() { p.by(admin, m, "setTargetClosed", p.vu, dice.chance(400)) },
		func() { p.by(admin, m, "setTargetClosed", p.vu, false) },
		func() {
			set, upgrade := [4]byte(p.vu.method("setCap").ID), [4]byte(p.vu.method("upgradeToAndCall").ID)
			p.by(admin, m, "setTargetFunctionRole", p.vu, pick(dice, [][][4]byte{{set}, {upgrade}, {set, upgrade}}), role())
		},
		func() {
			for i, c := range p.scheduled {
				if p.by(c.by, m, "execute", c.to, c.data) {
					p.scheduled = slices.Delete(p.scheduled, i, i+1)
					return
				}
			}
		},
		func() {
			if len(p.scheduled) > 0 && p.by(admin, m, "cancel", p.scheduled[0].by, p.scheduled[0].to, p.scheduled[0].data) {
				p.scheduled = p.scheduled[1:]
			}
		},
		func() {
			upgrades++
			p.by(p.member(), p.vu, "upgradeToAndCall", p.codes["VU"][upgrades%2], []byte{})
		},
		func() { p.by(admin, p.vu, "upgradeToAndCall", p.codes["VU"][1], []byte{}) },
	}
}

func (p *powersPlay) roleActs() []func() {
	dice, vb := p.w.dice, p.vb
	admin := func() common.Address { return vb.ask(p.w.head, "defaultAdmin")[0].(common.Address) }
	role := func() any {
		return pick(dice, []any{vb.ask(p.w.head, "KEEPER")[0], vb.ask(p.w.head, "GUARD")[0]})
	}
	grant := func() { p.by(admin(), vb, "grantRole", role(), p.member()) }
	accept := func() {
		p.by(vb.ask(p.w.head, "pendingDefaultAdmin")[0].(common.Address), vb, "acceptDefaultAdminTransfer")
	}
	return []func(){
		grant, grant, accept, accept,
		func() { p.by(admin(), vb, "revokeRole", role(), p.member()) },
		func() { u := p.member(); r := role(); p.by(u, vb, "renounceRole", r, u) },
		func() { p.by(admin(), vb, "setAdmin", role(), pick(dice, []any{[32]byte{}, role()})) },
		func() {
			p.by(admin(), vb, "beginDefaultAdminTransfer", pick(dice, []common.Address{p.member(), p.users[7], {}}))
		},
		func() { p.by(admin(), vb, "cancelDefaultAdminTransfer") },
		func() { p.by(admin(), vb, "changeDefaultAdminDelay", int(dice.between(0, 4))*7200) },
		func() { p.by(admin(), vb, "rollbackDefaultAdminDelay") },
	}
}

func (p *powersPlay) timelockActs() []func() {
	dice, t, u := p.w.dice, p.timelock, p.users
	upgrades := 0
	schedule := func(to *contract, data []byte) {
		c := call{to: to.address, data: data, salt: p.salt()}
		delay := add(t.now("getMinDelay"), num(dice.between(0, 7200)))
		if p.by(u[proposer], t, "schedule", c.to, 0, c.data, [32]byte{}, c.salt, delay) {
			p.waiting = append(p.waiting, c)
		}
	}
	execute := func() {
		for i, c := range p.waiting {
			if p.by(u[executor], t, "execute", c.to, 0, c.data, [32]byte{}, c.salt) {
				p.waiting = slices.Delete(p.waiting, i, i+1)
				return
			}
		}
	}
	id := func(c call) any { return t.ask(p.w.head, "hashOperation", c.to, 0, c.data, [32]byte{}, c.salt)[0] }
	role := func() any {
		return t.ask(p.w.head, pick(dice, []string{"PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE"}))[0]
	}
	return []func(){
		func() {
			upgrades++
			schedule(p.beacon, p.beacon.data("upgradeTo", []any{p.codes["VB"][upgrades%2]}))
		},
		func() { schedule(t, t.data("updateDelay", []any{num(1800 * dice.between(1, 4))})) },
		func() {
			targets := []common.Address{p.coin.address, p.coin.address}
			approve := p.coin.data("approve", []any{u[0], num(dice.between(0, 9))})
			p.by(u[proposer], t, "scheduleBatch", targets, []*big.Int{num(0), num(0)}, [][]byte{approve, {0x12, 0x34, 0x56, 0x78}}, [32]byte{}, p.salt(), t.now("getMinDelay"))
		},
		execute, execute,
		func() {
			if len(p.waiting) > 1 && p.by(u[proposer], t, "cancel", id(p.waiting[1])) {
				p.waiting = slices.Delete(p.waiting, 1, 2)
			}
		},
		func() { p.by(u[roleAdmin], t, "grantRole", role(), p.member()) },
		func() { p.by(u[roleAdmin], t, "revokeRole", role(), p.member()) },
	}
}

func (p *powersPlay) safeActs() []func() {
	dice, s := p.w.dice, p.safe
	self := func(method string, args ...any) { p.by(s.address, s, method, args...) }
	sentinel := common.HexToAddress("0x1")
	owners := func() []common.Address { return s.ask(p.w.head, "getOwners")[0].([]common.Address) }
	return []func(){
		func() { self("addOwnerWithThreshold", p.member(), int(dice.between(1, 3))) },
		func() {
			if all := owners(); len(all) > 2 {
				self("removeOwner", sentinel, all[0], int(dice.between(1, 2)))
			}
		},
		func() { self("swapOwner", sentinel, owners()[0], p.member()) },
		func() { self("changeThreshold", int(dice.between(1, 3))) },
		func() { self("enableModule", p.member()) },
		func() {
			modules := s.ask(p.w.head, "getModulesPaginated", sentinel, 10)[0].([]common.Address)
			if slices.Contains(p.users, modules[0]) {
				self("disableModule", sentinel, modules[0])
			}
		},
		func() { self("setGuard", pick(dice, []any{common.Address{}, p.guard})) },
		func() { self("setFallbackHandler", pick(dice, []any{common.Address{}, p.handler, p.coin})) },
	}
}

func (p *powersPlay) delayActs() []func() {
	dice, d := p.w.dice, p.delay
	by := func(method string, args ...any) { p.by(p.owner(d), d, method, args...) }
	queue := func() {
		modules := d.ask(p.w.head, "getModulesPaginated", common.HexToAddress("0x1"), 10)[0].([]common.Address)
		if len(modules) == 0 {
			return
		}
		c := call{to: p.coin.address, data: p.coin.data("approve", []any{p.member(), num(dice.between(1, 1e6))}), operation: uint8(dice.between(0, 1))}
		if p.by(modules[0], d, "execTransactionFromModule", c.to, 0, c.data, c.operation) {
			p.queue = append(p.queue, c)
		}
	}
	return []func(){
		queue, queue,
		func() { by("enableModule", p.member()) },
		func() {
			modules := d.ask(p.w.head, "getModulesPaginated", common.HexToAddress("0x1"), 10)[0].([]common.Address)
			if len(modules) > 1 {
				by("disableModule", common.HexToAddress("0x1"), modules[0])
			}
		},
		func() { by("setTxCooldown", int(dice.between(0, 4))*1800) },
		func() { by("setTxExpiration", pick(dice, []int{0, 86_400, 200_000})) },
		func() {
			next := d.now("txNonce").Int64()
			if next < int64(len(p.queue)) {
				c := p.queue[next]
				p.by(p.users[20], d, "executeNextTx", c.to, 0, c.data, c.operation)
			}
		},
		func() {
			if next := d.now("txNonce").Int64(); dice.chance(300) && next < int64(len(p.queue)) {
				by("setTxNonce", int(next)+1)
			}
		},
		func() { by("transferOwnership", pick(dice, []common.Address{p.safe.address, p.users[1]})) },
	}
}

// roleKeys are the names of roles and allowances, of which one is no text.
var roleKeys = [][32]byte{key("keeper"), key("trader"), crypto.Keccak256Hash([]byte("a hash"))}

func key(text string) (word [32]byte) {
	copy(word[:], text)
	return word
}

func (p *powersPlay) rolesActs() []func() {
	dice, r := p.w.dice, p.roles
	by := func(method string, args ...any) { p.by(p.owner(r), r, method, args...) }
	role := func() [32]byte { return pick(dice, roleKeys) }
	target := func() any { return pick(dice, []any{p.coin, p.vt}) }
	selector := func() [4]byte { return [4]byte(p.coin.method(pick(dice, []string{"approve", "transfer"})).ID) }
	options := func() int { return int(dice.between(0, 3)) }
	type condition struct {
		Parent, ParamType, Operator uint8
		CompValue                   []byte
	}
	allow := func() { by("allowFunction", role(), target(), selector(), options()) }
	assign := func() { by("assignRoles", p.member(), [][32]byte{role()}, []bool{dice.chance(700)}) }
	return []func(){
		assign, assign, allow, allow,
		func() { by("assignRoles", p.member(), roleKeys[:2], []bool{dice.chance(500), dice.chance(500)}) },
		func() { by("setDefaultRole", p.member(), role()) },
		func() { by("allowTarget", role(), target(), options()) },
		func() { by("scopeTarget", role(), target()) },
		func() { by("scopeTarget", role(), target()) },
		func() { by("revokeTarget", role(), target()) },
		func() {
			conditions := []condition{{0, 5, 5, []byte{}}, {0, 1, 16, common.LeftPadBytes(p.safe.address[:], 32)}}
			by("scopeFunction", role(), target(), selector(), conditions, options())
		},
		func() { by("revokeFunction", role(), target(), selector()) },
		func() {
			by("setAllowance", role(), num(1000), num(dice.between(0, 1)*5000), num(dice.between(1, 1000)), int(dice.between(1, 10))*60, 0)
		},
		func() {
			by("setTransactionUnwrapper", p.coin, selector(), pick(dice, []any{p.guard, common.Address{}}))
		},
		func() { by("setTarget", p.delay); by("setTarget", p.safe) },
	}
}

// contracts are the contracts whose logs tell of powers.
func (p *powersPlay) contracts() []*contract {
	return []*contract{p.vt, p.vu, p.vb, p.proxyAdmin, p.manager, p.beacon, p.timelock, p.safe, p.delay, p.roles}
}

// logs are a contract's logs.
func (p *powersPlay) logs(c *contract) []types.Log {
	p.w.t.Helper()
	var logs []types.Log
	p.w.node.must(p.w.t, &logs, "eth_getLogs", map[string]any{"address": c.address, "fromBlock": "0x0", "toBlock": blockArg(p.w.head)})
	return logs
}

// nameOf is the name of a log's event, in any of the contracts' ABIs.
func (p *powersPlay) nameOf(l types.Log) string {
	for _, c := range append(p.contracts(), p.libraryEvents()...) {
		for _, e := range c.abi.Events {
			if e.ID == l.Topics[0] {
				return e.RawName
			}
		}
	}
	return l.Topics[0].Hex()
}

// libraryEvents are contracts whose events others emit too: a proxy's own.
func (p *powersPlay) libraryEvents() []*contract {
	d := newDeployer(p.w, p.users[0], sharedCode(p.w.t, "powers"))
	var all []*contract
	for _, name := range []string{"TransparentUpgradeableProxy", "BeaconProxy", "ERC1967Proxy"} {
		all = append(all, &contract{w: p.w, name: name, abi: d.understood(name)})
	}
	return all
}

// judgeLogs compares which logs have a row: all but those that change no power.
func (p *powersPlay) judgeLogs(c *comparison, f *figures) {
	var got, want []string
	for _, r := range f.ask("select distinct contract, log_position, event from marts.permissions") {
		got = append(got, r.text("contract")+" "+r.text("log_position")+" "+r.text("event"))
	}
	for _, one := range p.contracts() {
		for _, l := range p.logs(one) {
			name := p.nameOf(l)
			if untold[name] == "" {
				want = append(want, fmt.Sprintf("%s %d %s", lower(one.address), l.BlockNumber*1_000_000+uint64(l.Index), name))
			}
		}
	}
	c.sets("every log is told", got, want)
	for _, event := range []string{
		"OperationScheduled", "OperationExecuted", "OperationCanceled", "CallScheduled", "CallExecuted", "Cancelled", "Upgraded", "OwnershipTransferStarted", "RoleRevoked",
	} {
		c.note("events played", slices.ContainsFunc(want, func(line string) bool { return strings.HasSuffix(line, " "+event) }), "no %s", event)
	}
}

// tell prints a sentence of each kind of log, to be held against the contracts' source.
func (w *world) tell(f *figures, contracts []*contract) {
	t := w.t
	t.Helper()
	told := map[string]bool{}
	for _, r := range f.ask(`
select
    contract, event, term, contract_name, role, subject, object, before, after, effective_at::varchar as effective_at,
    changed_by, allows, effective_at = changed_at as is_at_once
from marts.permissions order by log_position desc`) {
		i := slices.IndexFunc(contracts, func(c *contract) bool { return lower(c.address) == r.text("contract") })
		name := contracts[i].name
		kind := name + " " + r.text("event") + " " + strings.SplitN(r.text("after"), " ", 2)[0] + r.text("allows")
		if told[kind] && r.text("term") != "scheduled call" || told[kind+r.text("after")] {
			continue
		}
		told[kind], told[kind+r.text("after")] = true, true
		sentence := fmt.Sprintf("%s: %s", name, r.text("term"))
		for _, part := range []string{"subject", "object"} {
			if text := r.text(part); text != "" {
				sentence += " " + text
			}
		}
		sentence += fmt.Sprintf(": %s -> %s", orUnknown(r.text("before")), r.text("after"))
		if by := r.text("changed_by"); by != "" {
			sentence += ", by " + by
		}
		switch {
		case r.text("effective_at") == "":
			sentence += ", nobody knows from when"
		case r.text("is_at_once") != "true":
			sentence += ", from " + r.text("effective_at")
		}
		t.Logf("%-32s %s; %s", r.text("event"), sentence, r.text("allows"))
	}
}

func orUnknown(text string) string {
	if text == "" {
		return "(not told)"
	}
	return text
}
