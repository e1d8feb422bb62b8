//go:build !race

package realvaults

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
)

// TestPendingChanges plays what waits in Morpho's vaults of both versions: caps, guardians,
// timelocks, removals and adapters that are submitted, accepted, revoked or given up, an
// adapter's own timelock, and a gate. What can go wrong: a change counts from when it was
// submitted; two submissions of one function are taken for one; what waited still does
// after it was accepted; a gate for nobody reads as a gate.
func TestPendingChanges(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "pending changes")
		all := sharedCode(t, "morpho_v2")
		p := newPendingPlay(w, all)
		const days = 12
		playDays(w, days, p)
		f := newFigures(t)
		second := w.discover(f, p.second.vault)
		for _, c := range []struct {
			at           *contract
			role, family string
		}{{p.second.adapter, "account", "morpho_adapter"}, {p.gate, "governor", "morpho_gate"}} {
			if !strings.Contains(second, fmt.Sprintf("address = '%s'", lower(c.at.address))) {
				second += fmt.Sprintf("[[vault.contract]]\naddress = '%s'\nrole = '%s'\nfamily = '%s'\n", lower(c.at.address), c.role, c.family)
			}
		}
		f.run(fmt.Sprintf("as_of = %q\n", date(days-1)) + w.nodeBlock("archive = true", `verify = "L3"`) + w.discover(f, p.first.vault) + second)
		c := newComparison("pending changes")
		p.judge(c, f)
		c.conclude(t)
		w.tell(f, p.contracts())
	})
}

// A pendingPlay is one vault of each version, and a gate.
type pendingPlay struct {
	w         *world
	first     *metaMorphoPlay
	second    *morphoV2Play
	gate      *contract
	adapters  [2]*contract // that are submitted
	guardians []common.Address
	submitted map[string][]byte // what was submitted at version 2, by its words
}

func newPendingPlay(w *world, all artifacts) *pendingPlay {
	p := &pendingPlay{w: w, submitted: map[string][]byte{}, guardians: w.users[18:20]}
	p.first = newMetaMorphoPlay(w, sharedCode(w.t, "metamorpho"))
	p.second = newMorphoV2Play(w, all)
	d := newDeployer(w, w.users[0], all)
	irm := d.deploy("AdaptiveCurveIrm", p.second.morpho)
	for i := range p.adapters {
		p.adapters[i] = d.deploy("MorphoMarketV1AdapterV2", p.second.vault, p.second.morpho, irm)
	}
	p.gate = d.deploy("WhitelistReceiveSharesGate", w.users[17])
	return p
}

// submit submits a change of version 2 at its vault or an adapter, and keeps its words.
func (p *pendingPlay) submit(at *contract, method string, args ...any) {
	p.w.pass(600)
	data := at.data(method, args)
	at.send(p.second.curator, "submit", data)
	var words []string
	for _, arg := range args {
		switch v := arg.(type) {
		case *contract:
			words = append(words, lower(v.address))
		case common.Address:
			words = append(words, lower(v))
		case [4]byte:
			words = append(words, hexutil.Encode(v[:]))
		default:
			words = append(words, fmt.Sprint(v))
		}
	}
	p.submitted[at.address.Hex()+method+"("+strings.Join(words, ", ")+")"] = data
}

func (p *pendingPlay) selector(c *contract, method string) [4]byte {
	return [4]byte(c.method(method).ID)
}

func (p *pendingPlay) play(k int) {
	one, two := p.first.vault, p.second.vault
	owner, curator, by := p.first.owner, p.first.curator, p.second.curator
	stranger := p.w.users[14] // who accepts, as anybody may
	if k > 0 {
		p.w.pass(9000)
	}
	switch k {
	case 0:
		p.first.deposit(p.first.users[0], p.w.dice.odd(11))
		p.second.deposit(p.second.users[0], p.w.dice.odd(11))
	case 1:
		one.send(owner, "submitTimelock", 2*daySeconds) // longer, and so at once
		one.send(owner, "submitGuardian", p.guardians[0])
		p.second.decide("increaseTimelock", p.selector(two, "addAdapter"), daySeconds)
	case 2:
		one.send(curator, "submitCap", p.first.good, maxUint(101))
		one.send(owner, "submitGuardian", p.guardians[1])
		one.send(owner, "submitTimelock", daySeconds)
		p.submit(two, "addAdapter", p.adapters[0])
		p.submit(two, "addAdapter", p.adapters[1])
	case 3:
		one.send(p.guardians[0], "revokePendingGuardian")
		two.send(by, "revoke", two.data("addAdapter", []any{p.adapters[1]}))
	case 4:
		two.send(stranger, "addAdapter", p.adapters[0])
		p.second.decide("setReceiveSharesGate", p.gate)
		p.gate.send(p.w.users[17], "setIsWhitelister", p.w.users[16], true)
		p.gate.send(p.w.users[16], "setIsWhitelisted", p.second.users[1], true)
	case 5:
		one.send(stranger, "acceptCap", p.first.good)
		one.send(stranger, "acceptTimelock")
		one.send(owner, "submitGuardian", common.Address{})
		p.submit(two, "decreaseTimelock", p.selector(two, "addAdapter"), 0)
		p.gate.send(p.w.users[16], "setIsWhitelisted", p.second.users[1], false)
	case 7:
		one.send(stranger, "acceptGuardian")
		two.send(by, "decreaseTimelock", p.selector(two, "addAdapter"), 0)
		p.second.decide("setReceiveSharesGate", common.Address{})
		p.gate.send(p.w.users[17], "setRoleSetter", common.Address{})
	case 8:
		one.send(curator, "submitCap", p.first.bad, 0) // lower, and so at once
		one.send(curator, "submitMarketRemoval", p.first.bad)
		a := p.second.adapter
		p.submit(a, "increaseTimelock", p.selector(a, "setSkimRecipient"), 3600)
		a.send(by, "increaseTimelock", p.selector(a, "setSkimRecipient"), 3600)
		p.submit(a, "setSkimRecipient", p.w.users[15])
		p.second.decide("abdicate", p.selector(two, "setAdapterRegistry"))
	case 9:
		one.send(curator, "revokePendingMarketRemoval", p.first.bad.id(p.w))
		p.second.adapter.send(by, "setSkimRecipient", p.w.users[15])
	}
}

func (p *pendingPlay) close(int, uint64) {}

// judge compares each row with the contract at its own block and at the one before, and
// what waits with the contract's own time.
func (p *pendingPlay) judge(c *comparison, f *figures) {
	p.w.t.Helper()
	played := map[string]bool{}
	for _, r := range p.rows(f) {
		after, isAnswered := p.answer(r, r.block)
		if !isAnswered {
			continue
		}
		played[r.event] = true
		c.exact("after", r.line, r.after, after)
		if r.before != "" && r.block > p.w.blockOf(r.at) {
			before, _ := p.answer(r, r.block-1)
			c.exact("before", r.line, r.before, before)
		}
		want := uint64(p.w.timeOf(r.block).Unix())
		if strings.HasPrefix(r.event, "Submit") {
			want = p.validAt(r)
			c.exact("words of everybody", r.line+": "+r.allows, fmt.Sprint(strings.Contains(r.allows, "anybody may")), fmt.Sprint(r.event != "SubmitMarketRemoval"))
		}
		c.exact("effective", r.line, fmt.Sprint(r.epoch), fmt.Sprint(want))
	}
	for _, event := range []string{"SubmitCap", "SubmitGuardian", "SubmitTimelock", "SubmitMarketRemoval", "SetCap", "SetGuardian", "SetTimelock", "RevokePendingGuardian", "RevokePendingMarketRemoval", "Submit", "Accept", "Revoke", "IncreaseTimelock", "DecreaseTimelock", "Abdicate", "SetReceiveSharesGate", "AddAdapter", "SetSkimRecipient", "SetIsWhitelister", "SetIsWhitelisted", "SetRoleSetter", "IncreaseAbsoluteCap", "IncreaseRelativeCap"} {
		c.note("events played", played[event], "no %s is compared", event)
	}
}

// rows are the rows of both vaults.
func (p *pendingPlay) rows(f *figures) []powerRow {
	powers := powersPlay{w: p.w}
	return powers.rowsOf(f, p.contracts())
}

// contracts are the contracts whose logs tell of powers.
func (p *pendingPlay) contracts() []*contract {
	return []*contract{p.first.vault, p.second.vault, p.second.adapter, p.gate}
}

// answer is what the contract says of a row's key at a block, in the mart's words.
func (p *pendingPlay) answer(r powerRow, block uint64) (string, bool) {
	c, subject := r.at, common.HexToAddress(r.subject)
	seconds := func(method string, args ...any) string { return c.at(block, method, args...).String() + " s" }
	who := func(method string) string { return nobodyOr(c.ask(block, method)[0].(common.Address)) }
	isIt := func(method, yes, no string, args ...any) string {
		if c.ask(block, method, args...)[0].(bool) {
			return yes
		}
		return no
	}
	pending := func(method string, args ...any) (any, bool) {
		v := c.ask(block, method, args...)
		return v[0], fmt.Sprint(v[1]) != "0"
	}
	switch r.term {
	case "pending cap":
		if cap, waits := pending("pendingCap", common.HexToHash(r.subject)); waits {
			return fmt.Sprint(cap), true
		}
		return "none", true
	case "pending guardian":
		if guardian, waits := pending("pendingGuardian"); waits {
			return nobodyOr(guardian.(common.Address)), true
		}
		return "none", true
	case "pending timelock":
		if timelock, waits := pending("pendingTimelock"); waits {
			return fmt.Sprintf("%v s", timelock), true
		}
		return "none", true
	case "removal of a market":
		switch isWaiting := fmt.Sprint(c.ask(block, "config", common.HexToHash(r.subject))[2]) != "0"; {
		case isWaiting:
			return "submitted", true
		case block < r.block:
			return "not submitted", true
		}
		return "revoked", true
	case "cap":
		return fmt.Sprint(c.ask(block, "config", common.HexToHash(r.subject))[0]), true
	case "guardian", "curator":
		return who(r.term), true
	case "timelock":
		return seconds("timelock"), true
	case "absolute cap", "relative cap":
		if got := capID(p.w.t, r.object); got != common.HexToHash(r.subject) {
			p.w.t.Errorf("%s: what it is on has the id %s", r.line, got)
		}
		if r.term == "relative cap" {
			n := c.at(block, "relativeCap", common.HexToHash(r.subject))
			return new(big.Rat).SetFrac(n, power(16)).RatString() + " %", true
		}
		return c.at(block, "absoluteCap", common.HexToHash(r.subject)).String(), true
	case "skim recipient":
		return who("skimRecipient"), true
	case "role setter":
		return who("roleSetter"), true
	case "gate for receiving shares":
		return strings.Replace(who("receiveSharesGate"), "nobody", "none", 1), true
	case "timelock of a function":
		return seconds("timelock", selectorOf(r.subject)), true
	case "adapter":
		return isIt("isAdapter", "adapter", "not an adapter", subject), true
	case "abdication":
		return isIt("abdicated", "for good", "not abdicated", selectorOf(r.subject)), true
	case "whitelister":
		return isIt("isWhitelister", "yes", "no", subject), true
	case "whitelist of the gate":
		return isIt("isWhitelisted", "listed", "not listed", subject), true
	case "submitted change":
		data, isKnown := p.submitted[c.address.Hex()+r.object]
		if !isKnown {
			return "", false // one that was made at once
		}
		if want := "0x" + common.Bytes2Hex(crypto.Keccak256([]byte(r.subject))[:4]); !slices.Equal(common.FromHex(want), data[:4]) {
			p.w.t.Errorf("%s: %s is not the function of %x", r.line, r.subject, data)
		}
		switch waits := c.at(block, "executableAt", data).Sign() > 0; {
		case waits:
			return "submitted", true
		case block < r.block:
			return "not submitted", true
		}
		return map[string]string{"Accept": "accepted", "Revoke": "revoked"}[r.event], true
	}
	return "", false
}

// capID is the id of what a cap is on, of its words: the hash of a text and of the values
// before it, as the contract encodes them.
func capID(t testing.TB, words string) common.Hash {
	t.Helper()
	text, values, _ := strings.Cut(words, " ")
	all := strings.Split(values, ", ")
	word := func(n int64) []byte { return common.LeftPadBytes(big.NewInt(n).Bytes(), 32) }
	data := word(int64(32 * (len(all) + 1)))
	for _, v := range all {
		n, ok := new(big.Int).SetString(v, 0)
		if !ok {
			t.Fatalf("%q is no number", v)
		}
		data = append(data, common.LeftPadBytes(n.Bytes(), 32)...)
	}
	data = append(append(data, word(int64(len(text)))...), common.RightPadBytes([]byte(text), (len(text)+31)/32*32)...)
	return crypto.Keccak256Hash(data)
}

// validAt is from when the contract lets a change be made that a row says was submitted.
func (p *pendingPlay) validAt(r powerRow) uint64 {
	var at any
	switch r.event {
	case "SubmitCap":
		at = r.at.ask(r.block, "pendingCap", common.HexToHash(r.subject))[1]
	case "SubmitGuardian":
		at = r.at.ask(r.block, "pendingGuardian")[1]
	case "SubmitTimelock":
		at = r.at.ask(r.block, "pendingTimelock")[1]
	case "SubmitMarketRemoval":
		at = r.at.ask(r.block, "config", common.HexToHash(r.subject))[2]
	case "Submit":
		at = r.at.ask(r.block, "executableAt", p.submitted[r.at.address.Hex()+r.object])[0]
	}
	n, ok := new(big.Int).SetString(fmt.Sprint(at), 10)
	if !ok {
		p.w.t.Fatalf("%s: %v is no time", r.line, at)
	}
	return n.Uint64()
}
