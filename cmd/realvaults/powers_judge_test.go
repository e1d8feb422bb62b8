//go:build !race

package realvaults

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
)

// A powerRow is a row of marts.permissions.
type powerRow struct {
	at                     *contract
	position, block, epoch uint64 // epoch is from when it counts; 0: not known
	event, term            string
	subject, object        string
	before, after, allows  string
	line                   string
}

// key is the one thing that rows of a contract, term, subject and object change.
func (r powerRow) key() string {
	return lower(r.at.address) + "|" + r.term + "|" + r.subject + "|" + r.object
}

// powers are the rows, in order, each once though it may concern several vaults.
func (p *powersPlay) powers(f *figures) []powerRow { return p.rowsOf(f, p.contracts()) }

// rowsOf are the rows of contracts, of which there are no others.
func (p *powersPlay) rowsOf(f *figures, contracts []*contract) []powerRow {
	p.w.t.Helper()
	var all []powerRow
	for _, r := range f.ask(`
select distinct contract, log_position, block_number, event, term, coalesce(subject, '') as subject, coalesce(object, '') as object,
    coalesce(before, '') as before, coalesce(after, '') as after, coalesce(epoch(effective_at)::bigint, 0) as epoch, allows
from marts.permissions order by log_position`) {
		number := func(column string) uint64 {
			n, err := strconv.ParseUint(r.text(column), 10, 64)
			if err != nil {
				p.w.t.Fatal(err)
			}
			return n
		}
		i := slices.IndexFunc(contracts, func(c *contract) bool { return lower(c.address) == r.text("contract") })
		if i < 0 {
			p.w.t.Fatalf("%s is none of the contracts", r.text("contract"))
		}
		one := powerRow{
			at: contracts[i], position: number("log_position"), block: number("block_number"), epoch: number("epoch"),
			event: r.text("event"), term: r.text("term"), subject: r.text("subject"), object: r.text("object"), before: r.text("before"), after: r.text("after"), allows: r.text("allows"),
		}
		one.line = fmt.Sprintf("block %d, %s %s: %s of %s %s: %s -> %s", one.block, one.at.name, one.event, one.term, one.subject, one.object, one.before, one.after)
		all = append(all, one)
	}
	return all
}

// judgeRows compares what a row says was before and is after with what the contract
// itself answered at the block before and at its own, where no other row of that block
// changes the same, and that each row begins where the last one of its key ended.
func (p *powersPlay) judgeRows(c *comparison, f *figures) {
	p.w.t.Helper()
	rows := p.powers(f)
	perBlock := map[string]int{}
	for _, r := range rows {
		perBlock[fmt.Sprint(r.block, r.key())]++
	}
	silent := map[string]bool{}
	for _, r := range rows {
		after, isAnswered := p.answer(r, r.block)
		if !isAnswered {
			silent[r.term] = true
			continue
		}
		if perBlock[fmt.Sprint(r.block, r.key())] > 1 {
			continue
		}
		c.exact("after", r.line, r.after, after)
		if r.before != "" && r.block > p.w.blockOf(r.at) && !startsAnew(r) {
			before, _ := p.answer(r, r.block-1)
			c.exact("before", r.line, r.before, before)
		}
		if at, isTold := p.effective(r); isTold {
			c.exact("effective", r.line, fmt.Sprint(r.epoch), fmt.Sprint(at))
		}
	}
	for term := range silent {
		c.note("terms that no view shows", slices.Contains(withoutView, term), "%s has no view", term)
	}
}

// withoutView are the terms that no function of the contracts shows by itself.
var withoutView = []string{
	"label of a role",           // in the event only
	"grant delay of a role",     // at its time: judgeDelays and judgeCloses
	"admin delay of a contract", // at its time: judgeDelays and judgeCloses
	"contract for a role",       // judgeCloses makes the calls
	"function for a role",       // judgeCloses makes the calls
	"roles",                     // judgeCloses makes the calls
}

// startsAnew says whether an event tells what was before in words of its own, which no
// view has, or judgeDelays compares them.
func startsAnew(r powerRow) bool {
	return slices.Contains([]string{"initialisation", "owners and threshold", "setup", "delay of a new default admin", "role at the manager"}, r.term)
}

// judgeCloses compares, at each day's last block, the latest row of each key with what the
// contract answers then.
func (p *powersPlay) judgeCloses(c *comparison, f *figures) {
	p.w.t.Helper()
	rows := p.powers(f)
	for _, r := range rows {
		if r.event == "AssignRoles" {
			p.assigned = append(p.assigned, r)
		}
	}
	for k, block := range p.closes {
		if k%2 == 0 && k < len(p.closes)-1 {
			continue
		}
		latest := map[string]powerRow{}
		for _, r := range rows {
			if r.block <= block {
				latest[r.key()] = r
				if r.term == "owner" { // who waited for it no longer does
					pending := powerRow{at: r.at, term: "pending owner", after: "nobody"}
					if latest[pending.key()].at != nil {
						latest[pending.key()] = pending
					}
				}
			}
		}
		now := uint64(p.w.timeOf(block).Unix())
		for _, r := range latest {
			if slices.Contains(untilUsed, r.term) {
				continue
			}
			if want, isAnswered := p.answer(r, block); isAnswered {
				c.exact("at the day's end", fmt.Sprintf("day %d: %s", k, r.line), r.after, want)
			}
			if want, isAnswered := p.delayed(r, block); isAnswered && r.epoch <= now {
				c.exact("delays at the day's end", fmt.Sprintf("day %d: %s", k, r.line), r.after, want)
			}
		}
		if k%4 == 1 {
			p.judgeCalls(c, latest, block)
		}
	}
}

// untilUsed are terms whose state goes on without an event: a call that was scheduled in
// a batch is done by id, a queue by its next number, an allowance by its refill.
var untilUsed = []string{"initialisation", "owners and threshold", "setup", "scheduled call", "pending default admin", "delay of a new default admin", "skipped transactions", "role at the manager", "signer"}

// answer is what the contract says of a row's key at a block, in the mart's words.
func (p *powersPlay) answer(r powerRow, block uint64) (string, bool) {
	c := r.at
	who := func(method string, args ...any) string {
		return nobodyOr(c.ask(block, method, args...)[0].(common.Address))
	}
	isIt := func(method, yes, no string, args ...any) string {
		if c.ask(block, method, args...)[0].(bool) {
			return yes
		}
		return no
	}
	subject := common.HexToAddress(r.subject)
	switch r.term {
	case "owner":
		return who("owner"), true
	case "pending owner":
		return who("pendingOwner"), true
	case "authority":
		return who("authority"), true
	case "avatar", "target":
		return who(r.term), true
	case "setup":
		return fmt.Sprintf("owner %s, acts as %s, through %s", who("owner"), who("avatar"), who("target")), true
	case "pause":
		return isIt("paused", "paused", "running"), true
	case "code":
		if c == p.beacon {
			return who("implementation"), true
		}
		return nobodyOr(p.slot(c.address, block, "eip1967.proxy.implementation")), true
	case "beacon":
		return nobodyOr(p.slot(c.address, block, "eip1967.proxy.beacon")), true
	case "proxy's admin":
		return nobodyOr(p.slot(c.address, block, "eip1967.proxy.admin")), true
	case "initialisation": // ERC-7201's slot of openzeppelin.storage.Initializable
		word := p.w.storage(c.address, block, common.HexToHash("0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00"))
		return new(big.Int).SetBytes(word[24:]).String(), true
	case "role":
		return isIt("hasRole", "granted", "not granted", roleHash(r.object), subject), true
	case "admin of a role":
		if c == p.manager {
			return managedRole(c.ask(block, "getRoleAdmin", roleID(r.subject))[0].(uint64)), true
		}
		return roleName(c.ask(block, "getRoleAdmin", roleHash(r.subject))[0].([32]byte)), true
	case "guardian of a role":
		return managedRole(c.ask(block, "getRoleGuardian", roleID(r.subject))[0].(uint64)), true
	case "role at the manager":
		return p.access(r, block), true
	case "calls of a contract":
		return isIt("isTargetClosed", "closed", "open", subject), true
	case "role for a function":
		return managedRole(c.ask(block, "getTargetFunctionRole", subject, selectorOf(r.object))[0].(uint64)), true
	case "scheduled call":
		return p.waits(r, block), true
	case "pending default admin":
		values := c.ask(block, "pendingDefaultAdmin")
		if fmt.Sprint(values[1]) != "0" && values[0] == (common.Address{}) {
			return "to be given up", true
		}
		return nobodyOr(values[0].(common.Address)), true
	case "delay of a new default admin":
		values := c.ask(block, "pendingDefaultAdminDelay")
		if fmt.Sprint(values[1]) == "0" || strings.HasSuffix(r.event, "Canceled") {
			return r.after, true // judgeDelays
		}
		return fmt.Sprintf("%v s", values[0]), true
	case "minimum delay":
		return c.at(block, "getMinDelay").String() + " s", true
	case "signer":
		return isIt("isOwner", "owner", "not an owner", subject), true
	case "threshold":
		return c.at(block, "getThreshold").String(), true
	case "owners and threshold":
		var owners []string
		for _, o := range c.ask(block, "getOwners")[0].([]common.Address) {
			owners = append(owners, lower(o))
		}
		return c.at(block, "getThreshold").String() + " of " + strings.Join(owners, ", "), true
	case "module":
		return isIt("isModuleEnabled", "enabled", "disabled", subject), true
	case "guard", "fallback handler":
		name := map[string]string{"guard": "guard_manager.guard.address", "fallback handler": "fallback_manager.handler.address"}[r.term]
		return strings.Replace(nobodyOr(p.slot(c.address, block, name)), "nobody", "none", 1), true
	case "cooldown":
		return c.at(block, "txCooldown").String() + " s", true
	case "expiration":
		if n := c.at(block, "txExpiration"); n.Sign() > 0 {
			return n.String() + " s", true
		}
		return "never", true
	case "skipped transactions":
		return "those before number " + c.at(block, "txNonce").String(), true
	case "queued transaction":
		n, _ := strconv.Atoi(strings.TrimPrefix(r.object, "number "))
		if c.at(block, "getTxCreatedAt", n).Sign() == 0 {
			return "not queued", true
		}
		return r.after, p.isQueued(r, n)
	case "default role":
		if role := c.ask(block, "defaultRoles", subject)[0].([32]byte); role != ([32]byte{}) {
			return word32(role), true
		}
		return "none", true
	case "allowance":
		v := c.ask(block, "allowances", keyOf(r.subject)) // refill, most, period, left, since
		if fmt.Sprint(v[2]) == "0" {
			return fmt.Sprintf("%v left, never refilled", v[3]), true
		}
		most := fmt.Sprintf("up to %v", v[1])
		if fmt.Sprint(v[1]) == maxUint(128).String() {
			most = "without a limit"
		}
		since := p.w.timeOf(block)
		if fmt.Sprint(v[4]) != fmt.Sprint(since.Unix()) {
			since = timeAt(v[4].(uint64))
		}
		return fmt.Sprintf("%v left, %v more every %v s from %s on, %s", v[3], v[0], v[2], since.Format("2006-01-02 15:04 UTC"), most), true
	case "adapter for bundled calls":
		selector := selectorOf(r.object)
		var at [32]byte
		copy(at[:], subject[:])
		copy(at[20:], selector[:])
		return strings.Replace(who("unwrappers", at), "nobody", "none", 1), true
	}
	return "", false
}

// effective is from when a row counts, as the contract schedules it.
func (p *powersPlay) effective(r powerRow) (uint64, bool) {
	at := func(value any) (uint64, bool) {
		n, err := strconv.ParseUint(fmt.Sprint(value), 10, 64)
		return n, err == nil && n > 0
	}
	switch {
	case r.event == "OperationScheduled":
		return at(r.at.ask(r.block, "getSchedule", idOf(r.object))[0])
	case r.event == "CallScheduled":
		return at(r.at.ask(r.block, "getTimestamp", idOf(r.object))[0])
	case r.event == "DefaultAdminTransferScheduled":
		return at(r.at.ask(r.block, "pendingDefaultAdmin")[1])
	case r.event == "DefaultAdminDelayChangeScheduled":
		return at(r.at.ask(r.block, "pendingDefaultAdminDelay")[1])
	case r.event == "RoleGranted" && r.at == p.manager:
		v := r.at.ask(r.block, "getAccess", roleID(r.object), common.HexToAddress(r.subject)) // since, delay, pending delay, effect
		if r.before == "not granted" {
			return at(v[0])
		}
		// a longer delay counts at once, but for one that is no member yet
		since, _ := at(v[0])
		effect, _ := at(v[3])
		return max(since, effect, uint64(p.w.timeOf(r.block).Unix())), true
	case r.term == "grant delay of a role", r.term == "admin delay of a contract":
		return 0, false // judgeCloses
	case r.event == "TransactionAdded":
		if r.epoch == 0 { // no event has told the cooldown yet
			return 0, false
		}
		n, _ := strconv.Atoi(strings.TrimPrefix(r.object, "number "))
		return at(add(r.at.at(r.block, "getTxCreatedAt", n), r.at.at(r.block, "txCooldown")))
	}
	return uint64(p.w.timeOf(r.block).Unix()), true
}

// delayed is a delay that comes into force by time alone.
func (p *powersPlay) delayed(r powerRow, block uint64) (string, bool) {
	switch r.term {
	case "grant delay of a role":
		return r.at.at(block, "getRoleGrantDelay", roleID(r.subject)).String() + " s", true
	case "admin delay of a contract":
		return r.at.at(block, "getTargetAdminDelay", common.HexToAddress(r.subject)).String() + " s", true
	case "delay of a new default admin":
		return r.at.at(block, "defaultAdminDelay").String() + " s", r.after != "as it was"
	}
	return "", false
}

// judgeDelays compares what was before where a value counts later than its event: what
// held, by the contract at that moment, and what was to come, if it still was.
func (p *powersPlay) judgeDelays(c *comparison, f *figures) {
	p.w.t.Helper()
	last := map[string]powerRow{}
	isHeld := map[string]bool{} // some event of the key told a value that came to hold
	for _, r := range p.powers(f) {
		previous, isTold := last[r.key()]
		now := uint64(p.w.timeOf(r.block).Unix())
		waits := isTold && previous.epoch > now
		isHeld[r.key()] = isHeld[r.key()] || isTold && !waits && previous.after != "as it was"
		last[r.key()] = r
		from := func(seconds uint64, text string) string {
			return timeAt(seconds).Format("from 2006-01-02 15:04 UTC on ") + text
		}
		var parts []string
		switch _, isDelay := p.delayed(r, r.block); {
		case r.term == "role at the manager":
			if r.event == "RoleGranted" && r.before == "not granted" {
				continue // judgeRows
			}
			parts = p.membership(r, now, from)
			if _, rest, isAfterNone := strings.Cut(r.before, "not granted, and "); isAfterNone && len(parts) == 1 {
				r.before = rest // an earlier membership ended
			}
		case isDelay || r.term == "delay of a new default admin":
			held, _ := p.delayed(powerRow{at: r.at, term: r.term, subject: r.subject}, r.block)
			if isHeld[r.key()] {
				parts = append(parts, held)
			}
			if waits {
				parts = append(parts, from(previous.epoch, previous.after))
			}
			if strings.HasSuffix(r.event, "Canceled") && isHeld[r.key()] {
				c.exact("delays that are taken back", r.line, r.after, held)
			}
		default:
			continue
		}
		c.exact("before a delay's time", r.line, r.before, strings.Join(parts, ", and "))
	}
}

// membership is how a member stood at the manager before a row's event.
func (p *powersPlay) membership(r powerRow, now uint64, from func(uint64, string) string) []string {
	v := r.at.ask(r.block-1, "getAccess", roleID(r.object), common.HexToAddress(r.subject)) // since, delay, pending delay, effect
	number := func(i int) uint64 {
		n, err := strconv.ParseUint(fmt.Sprint(v[i]), 10, 64)
		if err != nil {
			p.w.t.Fatal(err)
		}
		return n
	}
	granted := func(seconds uint64) string { return fmt.Sprintf("granted, its calls wait %d s", seconds) }
	since, delay, effect := number(0), number(1), number(3)
	if effect != 0 && effect <= now {
		delay, effect = number(2), 0
	}
	switch {
	case since == 0:
		return []string{"not granted"}
	case since > now && effect == 0:
		return []string{from(since, granted(delay))}
	case since > now:
		return []string{from(max(since, effect), granted(number(2)))}
	case effect != 0:
		return []string{granted(delay), from(effect, granted(number(2)))}
	}
	return []string{granted(delay)}
}

// judgeWords compares whom a sentence says a power is given to with what the contract
// lets somebody do who has none, and that what nobody may do is not told in the words of
// what somebody may.
func (p *powersPlay) judgeWords(c *comparison, f *figures) {
	p.w.t.Helper()
	stranger := p.w.users[22]
	words := map[string]map[bool]bool{} // by event, term and sentence: whether there is nobody after it
	for _, r := range p.powers(f) {
		none := slices.Contains([]string{"nobody", "none", "not granted", "disabled", "revoked"}, r.after)
		key := r.event + "|" + r.term + "|" + r.allows
		if words[key] == nil {
			words[key] = map[bool]bool{}
		}
		words[key][none] = true
		c.note("words of nobody", len(words[key]) == 1, "%s: %q", r.line, r.allows)
		if r.term == "owner" && r.after != "nobody" {
			owner, exchanges := common.HexToAddress(r.after), ""
			switch r.at {
			case p.beacon:
				exchanges = p.failsAt(r.block, r.at, owner, "upgradeTo", p.codes["VB"][0])
			case p.proxyAdmin:
				exchanges = p.failsAt(r.block, r.at, owner, "upgradeAndCall", p.vt, p.codes["VT"][0], []byte{})
			default:
				exchanges = "it has no such function"
			}
			c.exact("words of owners", r.line+": "+r.allows, fmt.Sprint(strings.Contains(r.allows, "exchange the code")), fmt.Sprint(exchanges == ""))
		}
		var isOpen bool
		switch {
		case r.at == p.manager && r.term == "role for a function":
			isOpen = r.at.ask(r.block, "hasRole", roleID(r.after), stranger)[0].(bool)
		case r.at == p.manager && (r.term == "admin of a role" || r.term == "guardian of a role"):
			isOpen = r.at.ask(r.block, "hasRole", roleID(r.after), stranger)[0].(bool)
		case r.at == p.timelock && r.event == "RoleGranted" && r.object == "EXECUTOR_ROLE":
			isOpen = r.at.ask(r.block, "hasRole", roleHash(r.object), common.Address{})[0].(bool) && r.subject == "nobody"
		case r.event == "OperationScheduled":
			isOpen = false
			c.exact("words of time", r.line, fmt.Sprint(strings.Contains(r.allows, "for a week")), fmt.Sprint(r.at.at(r.block, "expiration").Int64() == 7*daySeconds))
		case r.event == "TransactionAdded":
			n, _ := strconv.Atoi(strings.TrimPrefix(r.object, "number "))
			q := p.queue[n]
			isOpen = true // executeNextTx asks nobody
			c.exact("words of delegatecalls", r.line, fmt.Sprint(strings.Contains(r.allows, "as the Safe itself")), fmt.Sprint(q.operation == 1))
		default:
			continue
		}
		c.exact("words of everybody", r.line+": "+r.allows, fmt.Sprint(strings.HasPrefix(r.allows, "anybody")), fmt.Sprint(isOpen))
	}
}

// access is what the manager says of a member, with the delay that its calls have or will
// have.
func (p *powersPlay) access(r powerRow, block uint64) string {
	v := r.at.ask(block, "getAccess", roleID(r.object), common.HexToAddress(r.subject))
	if fmt.Sprint(v[0]) == "0" {
		return "not granted"
	}
	delay := v[1]
	if fmt.Sprint(v[3]) != "0" {
		delay = v[2]
	}
	return fmt.Sprintf("granted, its calls wait %v s", delay)
}

// waits is how a scheduled call stands. That it was executed and not cancelled, or never
// scheduled, is not told by the manager, whose answer fits all three; the row's own word
// is taken there.
func (p *powersPlay) waits(r powerRow, block uint64) string {
	id := idOf(r.object)
	if r.at == p.manager {
		// one whose week is over is told as scheduled until it is cancelled
		if r.at.at(block, "getSchedule", id).Sign() > 0 || r.event != "OperationScheduled" && block < r.block {
			call := p.scheduleOf(r)
			return "scheduled: " + p.callOf(call) + " at " + lower(p.targetOf(call))
		}
		if block < r.block {
			return "not scheduled"
		}
		return map[bool]string{true: "executed", false: "cancelled"}[r.event == "OperationExecuted"]
	}
	switch r.at.at(block, "getOperationState", id).Int64() { // unset, waiting, ready, done
	case 0:
		if block >= r.block {
			return "cancelled"
		}
		return "not scheduled"
	case 3:
		return "executed: " + p.callOf(r)
	}
	if block < r.block {
		return "scheduled"
	}
	return "scheduled: " + p.callOf(r)
}

// scheduleOf is the row of the log by which the call of a row was scheduled at the manager.
func (p *powersPlay) scheduleOf(r powerRow) powerRow {
	id, nonce, _ := strings.Cut(r.object, " #")
	event := r.at.abi.Events["OperationScheduled"]
	for _, l := range p.logs(r.at) {
		n, _ := strconv.ParseUint(nonce, 10, 32)
		if l.Topics[0] == event.ID && l.Topics[1] == common.HexToHash(id) && l.Topics[2].Big().Uint64() == n {
			r.position = l.BlockNumber*1_000_000 + uint64(l.Index)
			return r
		}
	}
	p.w.t.Fatalf("%s: nothing scheduled it", r.line)
	return r
}

// targetOf is the contract that the call of a row's log is made to.
func (p *powersPlay) targetOf(r powerRow) common.Address {
	for _, l := range p.logsAt(r) {
		values := map[string]any{}
		if err := r.at.abi.UnpackIntoMap(values, "OperationScheduled", l.Data); err == nil {
			return values["target"].(common.Address)
		}
	}
	return common.Address{}
}

// callOf is the call of a row's log in words, by the ABI of the contract that it is made
// to, with the value it sends and the call that has to be made first.
func (p *powersPlay) callOf(r powerRow) string {
	for _, l := range p.logsAt(r) {
		for _, e := range r.at.abi.Events {
			if e.ID != l.Topics[0] {
				continue
			}
			values := map[string]any{}
			if err := e.Inputs.UnpackIntoMap(values, l.Data); err != nil {
				p.w.t.Fatal(err)
			}
			to, _ := values["target"].(common.Address)
			data, _ := values["data"].([]byte)
			words := p.inWords(to, data)
			if value, _ := values["value"].(*big.Int); value != nil && value.Sign() > 0 {
				words += fmt.Sprintf(" with %v wei", value)
			}
			if first, _ := values["predecessor"].([32]byte); first != ([32]byte{}) {
				words += ", after " + hexutil.Encode(first[:])
			}
			return words
		}
	}
	return ""
}

// inWords is a call by the ABI of a contract of the play.
func (p *powersPlay) inWords(to common.Address, data []byte) string {
	for _, c := range append(p.contracts(), p.coin) {
		if c.address != to {
			continue
		}
		for _, m := range c.abi.Methods {
			if slices.Equal(m.ID, data[:4]) {
				values, err := m.Inputs.Unpack(data[4:])
				if err != nil {
					p.w.t.Fatal(err)
				}
				var words []string
				for _, v := range values {
					switch v := v.(type) {
					case common.Address:
						words = append(words, lower(v))
					case []byte:
						words = append(words, hexutil.Encode(v))
					case [32]byte:
						words = append(words, hexutil.Encode(v[:]))
					default:
						words = append(words, fmt.Sprint(v))
					}
				}
				if !knownFunctions[m.Sig] {
					break
				}
				return m.RawName + "(" + strings.Join(words, ", ") + ")"
			}
		}
	}
	return "unknown function " + hexutil.Encode(data)
}

// knownFunctions are those of the play that the command can tell in words; setCap is the
// test's own contract's.
var knownFunctions = map[string]bool{"upgradeTo(address)": true, "updateDelay(uint256)": true, "approve(address,uint256)": true}

// isQueued says whether the Delay keeps the hash of the transaction that a row tells.
func (p *powersPlay) isQueued(r powerRow, n int) bool {
	c := p.queue[n]
	want := fmt.Sprintf("queued: %s, as a %s", p.inWords(c.to, c.data), []string{"call", "delegatecall"}[c.operation])
	if r.after != want {
		p.w.t.Errorf("%s: want %s", r.line, want)
	}
	return r.at.ask(r.block, "getTxHash", n)[0] == r.at.ask(r.block, "getTransactionHash", c.to, 0, c.data, c.operation)[0]
}

// judgeCalls compares which calls roles may make, by their rows, with whether the modifier
// lets a member make them at a block.
func (p *powersPlay) judgeCalls(c *comparison, latest map[string]powerRow, block uint64) {
	of := func(term, subject, object string) string {
		return latest[powerRow{at: p.roles, term: term, subject: subject, object: object}.key()].after
	}
	transfer := p.coin.data("approve", []any{p.users[23], num(0)})
	selector := "approve(address,uint256)"
	if adapter := of("adapter for bundled calls", lower(p.coin.address), selector); adapter != "" && adapter != "none" {
		return // it judges the calls, and the one here fails at that
	}
	for _, role := range roleKeys {
		for _, member := range p.users[firstMember : firstMember+5] {
			isMember := p.isMember(member, word32(role), block)
			for operation, needs := range []string{"call", "delegatecall"} {
				target := of("contract for a role", word32(role), lower(p.coin.address))
				function := of("function for a role", word32(role), lower(p.coin.address)+" "+selector)
				allowed := target
				if target == "functions one by one" {
					allowed = function
				}
				if strings.Contains(allowed, "conditions") {
					continue // whether the arguments fit them is no matter of powers
				}
				want := isMember && (strings.HasPrefix(allowed, "every function") || strings.HasPrefix(allowed, "any arguments")) && (operation == 0 || strings.Contains(allowed, needs))
				why := p.failsAt(block, p.roles, member, "execTransactionWithRole", p.coin, 0, transfer, operation, role, false)
				c.note("calls of roles", (why == "") == want, "block %d: %s as %s by %s: refused %q, rows say member %t, %q, %q", block, lower(member), word32(role), needs, why, isMember, target, function)
			}
		}
	}
}

// isMember says whether rows put a member in a role; a module that the modifier does not
// know may be in one all the same.
func (p *powersPlay) isMember(member common.Address, role string, block uint64) bool {
	isIn := false
	for _, r := range p.assigned { // in order
		if r.block > block || r.subject != lower(member) {
			continue
		}
		for _, one := range strings.Split(r.after, ", ") {
			if name, is := strings.CutPrefix(one, "in "); is && name == role {
				isIn = true
			}
			if name, is := strings.CutPrefix(one, "not in "); is && name == role {
				isIn = false
			}
		}
	}
	return isIn
}

// logsAt are the logs of a row's contract at its place.
func (p *powersPlay) logsAt(r powerRow) []types.Log {
	var found []types.Log
	for _, l := range p.logs(r.at) {
		if l.BlockNumber*1_000_000+uint64(l.Index) == r.position {
			found = append(found, l)
		}
	}
	return found
}

// failsAt is why a method would revert if from called it at a block; empty: it would not.
func (p *powersPlay) failsAt(block uint64, c *contract, from common.Address, method string, args ...any) string {
	message := map[string]any{"from": from, "to": c.address, "data": hexutil.Bytes(c.data(method, args))}
	return c.reason(p.w.node.rpc.CallContext(p.w.t.Context(), new(string), "eth_call", message, blockArg(block)))
}

func nobodyOr(a common.Address) string {
	if a == (common.Address{}) {
		return "nobody"
	}
	return lower(a)
}

// commonRoles are roles whose names the command knows, beside the admin's.
var commonRoles = []string{"PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE", "KEEPER_ROLE", "GUARDIAN_ROLE"}

func roleHash(name string) (role [32]byte) {
	switch {
	case name == "DEFAULT_ADMIN_ROLE":
		return role
	case strings.HasPrefix(name, "0x"):
		return [32]byte(common.HexToHash(name))
	}
	return crypto.Keccak256Hash([]byte(name))
}

func roleName(role [32]byte) string {
	if role == ([32]byte{}) {
		return "DEFAULT_ADMIN_ROLE"
	}
	for _, name := range commonRoles {
		if crypto.Keccak256Hash([]byte(name)) == role {
			return name
		}
	}
	return hexutil.Encode(role[:])
}

// roleID and managedRole turn the words of a manager's role into its number and back.
func roleID(words string) uint64 {
	switch words {
	case "ADMIN_ROLE":
		return 0
	case "PUBLIC_ROLE":
		return 1<<64 - 1
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(words, "role "), 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

func managedRole(id uint64) string {
	switch id {
	case 0:
		return "ADMIN_ROLE"
	case 1<<64 - 1:
		return "PUBLIC_ROLE"
	}
	return fmt.Sprintf("role %d", id)
}

// selectorOf is the selector of a function by its signature, or itself.
func selectorOf(words string) (selector [4]byte) {
	if strings.HasPrefix(words, "0x") {
		copy(selector[:], common.FromHex(words))
		return selector
	}
	copy(selector[:], crypto.Keccak256([]byte(words)))
	return selector
}

// idOf is the id of a scheduled call, without its number.
func idOf(words string) [32]byte { return [32]byte(common.HexToHash(strings.Fields(words)[0])) }

// word32 is a word that holds a text, as text, and keyOf the word of one.
func word32(word [32]byte) string {
	if text := strings.TrimRight(string(word[:]), "\x00"); text != "" && len(text) < 32 && !strings.ContainsFunc(text, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return text
	}
	return hexutil.Encode(word[:])
}

func keyOf(words string) [32]byte {
	if strings.HasPrefix(words, "0x") {
		return [32]byte(common.HexToHash(words))
	}
	return key(words)
}

func timeAt(seconds uint64) time.Time { return time.Unix(int64(seconds), 0).UTC() }
