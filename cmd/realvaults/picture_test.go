//go:build !race

package realvaults

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

// TestPicture gives a Lagoon into the hands of a Safe that Zodiac Roles act for, and its
// code to a timelock for which the Safe proposes. What can go wrong: a power is told of
// the wrong holder, or one that was given away still stands; a delay is forgotten on the
// way or counted where none is; what lies behind a contract is not told.
func TestPicture(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "picture of powers")
		p := newLagoonPlay(w, sharedCode(t, "lagoon"), true)
		passDays(w, 6, p)
		w.startDay(6)
		d, npm := newDeployer(w, p.admin, powersCode(t)), newDeployer(w, p.admin, safeCode(t))
		hands := &powersPlay{w: w, users: w.users}
		singleton := npm.deploy("Safe")
		safe := npm.deploy("SafeProxy", singleton).as(singleton)
		nobody := common.Address{}
		safe.send(p.admin, "setup", w.users[13:16], 2, nobody, []byte{}, nobody, nobody, 0, nobody)
		hands.safe = safe
		roles, delay := d.deploy("Roles", safe, safe, safe), int(w.dice.between(2, 90))*3600
		timelock := d.deploy("TimelockController", delay, []common.Address{safe.address}, []common.Address{{}}, nobody)
		by := func(c *contract, method string, args ...any) {
			if !hands.by(safe.address, c, method, args...) {
				t.Fatalf("the Safe cannot %s", method)
			}
		}
		member, keeper := w.users[17], [][32]byte{key("keeper"), key("payer")}
		by(safe, "enableModule", roles)
		by(roles, "assignRoles", member, keeper, []bool{true, true})
		by(roles, "assignRoles", member, keeper[1:], []bool{false})
		by(roles, "scopeTarget", keeper[0], p.asset)
		by(roles, "allowFunction", keeper[0], p.asset, [4]byte(p.asset.method("transfer").ID), 0)
		p.vault.send(p.admin, "updateSafe", safe)
		admin := d.bind("ProxyAdmin", hands.slot(p.vault.address, w.head, "eip1967.proxy.admin"))
		admin.send(p.admin, "transferOwnership", timelock)
		block := w.endDay(6)
		w.finish(7)

		f, c := newFigures(t), newComparison("picture of powers")
		f.run(fmt.Sprintf("as_of = %q\n", date(6)) + w.nodeBlock("archive = true") + w.discover(f, p.vault))
		known := []*contract{p.vault, admin, timelock, safe, roles, p.registry}
		hands.judgePicture(c, f, p.vault, known, block)
		way := map[string]string{}
		for _, r := range f.of("powers", p.vault) {
			way[r.text("contract")+" "+r.text("term")+" "+r.text("object")+" "+r.text("holder")] = r.text("acts") + " " + r.text("total_delay_seconds") + " " + r.text("scope")
		}
		transfer := lower(p.asset.address) + " transfer(address,uint256)"
		for _, x := range []struct {
			at         *contract
			what       string
			holder     common.Address
			want, name string
		}{
			{p.vault, "safe ", safe.address, "alone 0 ", "the Safe at once"},
			{safe, "signer ", w.users[14], "together 0 ", "a signer with another"},
			{safe, "module ", roles.address, "alone 0 ", "a module at once"},
			{roles, "roles keeper", member, "alone 0 " + transfer, "a member within its role"},
			{roles, "roles payer", member, "", "a member that was put out"},
			{admin, "owner ", timelock.address, fmt.Sprintf("alone %d ", delay), "the code after the delay"},
			{timelock, "role PROPOSER_ROLE", safe.address, fmt.Sprintf("alone %d ", delay), "a proposal after the delay"},
			{timelock, "role EXECUTOR_ROLE", nobody, fmt.Sprintf("serves %d ", delay), "anybody what has waited"},
			{timelock, "role CANCELLER_ROLE", safe.address, "stops  ", "a veto without waiting"},
		} {
			holder := lower(x.holder)
			if x.holder == nobody {
				holder = ""
			}
			c.exact("ways", x.name, way[lower(x.at.address)+" "+x.what+" "+holder], x.want)
		}
		c.conclude(t)
	})
}

// judgePicture compares what is told of powers over a vault that stand at a day's last
// block with what the contracts answer there.
func (p *powersPlay) judgePicture(c *comparison, f *figures, vault *contract, known []*contract, block uint64) {
	p.w.t.Helper()
	at := map[string]*contract{}
	for _, k := range known {
		at[lower(k.address)] = k
	}
	rows := f.of("powers", vault)
	if len(rows) == 0 {
		p.w.t.Fatalf("nothing is told of who has power over %s", vault.name)
	}
	told, byHolder := map[string][]string{}, map[string]row{}
	for _, r := range rows {
		over, term := at[r.text("contract")], r.text("term")
		line := strings.Join([]string{vault.name, r.text("position"), r.text("contract"), term, r.text("object"), r.text("holder")}, " ")
		if h := r.text("holder"); h != "" {
			byHolder[h] = r
		}
		if over == nil || (r.text("status") != "stands" && r.text("status") != "configured" && r.text("status") != "given up") {
			continue
		}
		told[r.text("contract")+" "+term] = append(told[r.text("contract")+" "+term], r.text("holder"))
		holder, object := common.HexToAddress(r.text("holder")), r.text("object")
		if r.text("held_by") == "one" && holder == (common.Address{}) {
			c.note("holders", false, "%s has none", line)
		}
		has := func(method string) bool { _, ok := over.abi.Methods[method]; return ok }
		switch {
		case term == "owner" && has("owner"), term == "authority" && has("authority"), term == "safe" && has("safe"):
			c.exact("holders", line, lower(holder), lower(over.ask(block, term)[0].(common.Address)))
		case term == "proxy's admin":
			c.exact("holders", line, lower(holder), lower(p.slot(over.address, block, "eip1967.proxy.admin")))
		case term == "beacon":
			c.exact("holders", line, lower(holder), lower(p.slot(over.address, block, "eip1967.proxy.beacon")))
		case term == "signer":
			c.exact("holders", line, "true", fmt.Sprint(over.ask(block, "isOwner", holder)[0]))
		case term == "module":
			c.exact("holders", line, "true", fmt.Sprint(over.ask(block, "isModuleEnabled", holder)[0]))
		case term == "role at the manager":
			answer := over.ask(block, "hasRole", roleID(object), holder)
			c.exact("holders", line, "true "+r.text("delay_seconds"), fmt.Sprint(answer[0], " ", answer[1]))
		case term == "role" && has("hasRole"):
			c.exact("holders", line, "true", fmt.Sprint(over.ask(block, "hasRole", roleHash(object), holder)[0]))
		}
	}
	for address, r := range byHolder {
		k := at[address]
		if k == nil || r.text("reason") == "not_told" {
			continue
		}
		line := vault.name + ": " + k.name
		if _, isSafe := k.abi.Methods["getThreshold"]; isSafe {
			var owners []string
			for _, o := range k.ask(block, "getOwners")[0].([]common.Address) {
				owners = append(owners, lower(o))
			}
			c.sets("signers", told[address+" signer"], owners)
			c.exact("signers", line, r.text("threshold")+" of "+r.text("signers"), fmt.Sprintf("%v of %d", k.at(block, "getThreshold"), len(owners)))
		}
		if _, hasModules := k.abi.Methods["getModulesPaginated"]; hasModules {
			var modules []string
			for _, m := range k.ask(block, "getModulesPaginated", common.BigToAddress(num(1)), 50)[0].([]common.Address) {
				modules = append(modules, lower(m))
			}
			c.sets("modules", told[address+" module"], modules)
		}
		if _, isOwned := k.abi.Methods["owner"]; isOwned {
			c.note("owners", len(told[address+" owner"]) == 1, "%s: %d are told", line, len(told[address+" owner"]))
		}
		for _, method := range []string{"getMinDelay", "txCooldown"} {
			if _, waits := k.abi.Methods[method]; waits {
				c.exact("delays", line, r.text("holder_delay_seconds"), k.at(block, method).String())
			}
		}
	}
}
