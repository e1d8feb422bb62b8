package discover

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/state"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// Power is followed from the vault to its end: who owns the vault, who owns that, who may
// act for a Safe, who may propose to a timelock. mostSteps and mostPowers bound how far,
// since contracts can name each other without end; what is not followed is noted.
const (
	mostSteps   = 8
	mostPowers  = 80
	mostHolders = 500 // at each step, plain accounts too
)

// decisive are functions of contracts around a vault that name who decides for them, in
// addition to those of a vault.
var decisive = append(slices.Clone(powers), "upgradeAdmin", "admin", "avatar", "target")

// Storage slots of a Safe's guards: contracts that may refuse what its owners or modules do.
var guardSlots = []struct {
	name string
	slot common.Hash
}{
	{"guard", common.HexToHash("0x4a204f620c8c5ccdca3fd54d003badd85ba500436a431f0cbda4f558c93c34c8")},
	{"module guard", common.HexToHash("0xb104e0b93118902c651344349b610029d694cfdec91c589c91ebafbcd0289947")},
}

// roleLogs are those by which OpenZeppelin's contracts give a role, whose number or hash
// and whose member are indexed, with the function that says whether the member still has it.
var roleLogs = map[common.Hash]string{
	crypto.Keccak256Hash([]byte("RoleGranted(bytes32,address,address)")):           "hasRole(bytes32,address)",
	crypto.Keccak256Hash([]byte("RoleGranted(uint64,address,uint32,uint48,bool)")): "hasRole(uint64,address)",
}

// delegated is how the code of a plain account begins that has given itself a contract's.
var delegated = []byte{0xef, 0x01, 0x00}

// A power is held by one address over another.
type power struct {
	holder common.Address
	name   string // as people say it: owner of beacon
	role   string // of the holder to the vault
	family string // where who names it knows; else it is asked
}

// A subject is a contract of which is asked who has power over it.
type subject struct {
	at    common.Address
	name  string // empty: the vault
	of    family.Family
	first int64 // block with its first code; 0: not known
}

// named is a power over a subject, for people.
func (s subject) named(what string) string {
	if s.name == "" {
		return what
	}
	return what + " of " + s.name
}

// followPowers finds the contracts that have power over the vault, directly or through
// others, and adds them.
func (d *Discovery) followPowers(ctx context.Context, node rpc.Caller, f family.Family, at common.Address, _ map[string][]byte) error {
	level := []subject{{at: at, of: f, first: d.FirstBlock}}
	seen := map[common.Address]bool{{}: true, at: true}
	add := func(address, name, familyName string) (first int64, err error) {
		s := subject{at: common.HexToAddress(address), name: name}
		if seen[s.at] {
			return 0, nil
		}
		seen[s.at] = true
		s.of, _ = family.Of(familyName)
		s.first, err = d.firstOf(ctx, node, s.at, name)
		level = append(level, s)
		return s.first, err
	}
	if d.Safe != "" {
		if _, err := add(d.Safe, "Safe", family.Safe); err != nil {
			return err
		}
	}
	for i := range d.Contracts {
		c := &d.Contracts[i]
		if c.Role == vault.RoleAsset || c.Role == family.OnAccount {
			continue
		}
		first, err := add(c.Address, c.Name, c.Family)
		if err != nil {
			return err
		}
		c.StartBlock = uint64(first)
	}
	for _, c := range d.named {
		if !slices.Contains(governingRoles, c.Role) {
			continue
		}
		if _, err := add(c.Address, c.Name, c.Family); err != nil {
			return err
		}
	}
	followed := 0
	var left []string
	for step := 1; len(level) > 0; step++ {
		held, err := d.powersOver(ctx, node, level)
		if err != nil {
			return err
		}
		held = slices.DeleteFunc(held, func(p power) bool {
			isSeen := seen[p.holder]
			seen[p.holder] = true
			return isSeen
		})
		if len(held) > mostHolders {
			d.note("%d holders of power, %d steps from the vault, were not looked at: there are %d", len(held)-mostHolders, step, len(held))
			held = held[:mostHolders]
		}
		contracts, err := withCode(ctx, node, held, d.Block)
		if err != nil {
			return err
		}
		level = nil
		for _, p := range contracts {
			if followed++; step > mostSteps || followed > mostPowers {
				left = append(left, fmt.Sprintf("%s (%s)", rpc.HexText(p.holder[:]), p.name))
				continue
			}
			s, err := d.addPower(ctx, node, p)
			if err != nil {
				return err
			}
			level = append(level, s)
		}
	}
	if len(left) > 0 {
		d.note("%d contracts with power, over %d steps from the vault or after the first %d, were not followed: %s", len(left), mostSteps, mostPowers, strings.Join(left[:min(len(left), mostLeft)], ", "))
	}
	return nil
}

// mostLeft bounds how many contracts a note names.
const mostLeft = 10

// governingRoles are those of contracts whose own governors matter.
var governingRoles = []string{vault.RoleRoles, vault.RoleProxyAdmin, vault.RoleBeacon, vault.RoleAccountant, vault.RoleGovernor}

// addPower adds a contract that has a power, as what it answers.
func (d *Discovery) addPower(ctx context.Context, node rpc.Caller, p power) (subject, error) {
	s := subject{at: p.holder, name: p.name}
	var err error
	if p.family != "" {
		s.of, _ = family.Of(p.family)
	} else if s.of, err = governing(ctx, node, p.holder, d.Block); err != nil {
		return s, err
	}
	if s.of.Name == "" {
		s.of, _ = family.Of(family.Access) // its owner and roles, if it has any
		found, err := probe(ctx, node, p.holder, append([]string{"DEFAULT_ADMIN_ROLE", "implementation"}, decisive...), d.Block)
		if err != nil {
			return s, err
		}
		if len(found) == 0 {
			d.note("%s, %s, answers as no contract that is known: who decides for it was not found", rpc.HexText(p.holder[:]), p.name)
		}
	}
	if s.first, err = d.firstOf(ctx, node, p.holder, p.name); err != nil {
		return s, err
	}
	d.add(vault.Contract{Address: rpc.HexText(p.holder[:]), Role: p.role, Family: s.of.Name, Name: p.name, StartBlock: uint64(s.first)})
	return s, nil
}

// firstOf is the first block with code at an address, from which it is followed; 0 where
// that is not known, which is noted.
func (d *Discovery) firstOf(ctx context.Context, node rpc.Caller, at common.Address, name string) (int64, error) {
	first, err := FirstCode(ctx, node, d.ChainID, at, d.Block)
	var pruned *state.PrunedError
	if errors.As(err, &pruned) {
		d.note("the first block of %s, %s, is not known", rpc.HexText(at[:]), name)
		return 0, nil
	}
	return first, err
}

// withCode are the powers that contracts have. A plain account that lets a contract's code
// act for it is none: its key still does all.
func withCode(ctx context.Context, node rpc.Caller, held []power, block int64) ([]power, error) {
	if len(held) == 0 {
		return nil, nil
	}
	calls := make([]rpc.Call, len(held))
	for i, p := range held {
		calls[i] = rpc.Call{Method: "eth_getCode", Params: []any{p.holder, rpc.HexNumber(block)}}
	}
	results, err := node.Batch(ctx, calls)
	if err != nil {
		return nil, fmt.Errorf("read code: %w", err)
	}
	var contracts []power
	for i, r := range results {
		if r.Err != nil {
			return nil, fmt.Errorf("read code: %w", r.Err)
		}
		code, err := rpc.HexData(r.Value)
		if err != nil {
			return nil, fmt.Errorf("read code: %w", err)
		}
		if len(code) > 0 && !bytes.HasPrefix(code, delegated) {
			contracts = append(contracts, held[i])
		}
	}
	return contracts, nil
}

// powersOver finds who has power over some contracts.
func (d *Discovery) powersOver(ctx context.Context, node rpc.Caller, level []subject) ([]power, error) {
	var all []power
	var addresses []common.Address
	for _, s := range level {
		addresses = append(addresses, s.at)
	}
	proxies := readProxies(ctx, node, addresses, d.Block)
	for i, s := range level {
		p := proxies[i]
		if p.err != nil {
			return nil, p.err
		}
		for _, c := range p.proxy.contracts(s.of) {
			if c.Family == family.Access {
				c.Family = "" // an admin may be a timelock
			}
			all = append(all, power{common.HexToAddress(c.Address), s.named(c.Name), c.Role, c.Family})
		}
		named, err := d.namedBy(ctx, node, s)
		if err != nil {
			return nil, err
		}
		all = append(all, named...)
	}
	members, err := d.roleMembers(ctx, node, level)
	return append(all, members...), err
}

// namedBy finds whom a contract's own functions name as having power over it.
func (d *Discovery) namedBy(ctx context.Context, node rpc.Caller, s subject) (all []power, err error) {
	functions := decisive
	if s.name == "" {
		functions = powers
		for _, r := range d.Roles {
			if slices.Contains(s.of.Roles.Names, r.Name) && !slices.Contains(s.of.Roles.Receivers, r.Name) {
				all = append(all, power{common.HexToAddress(r.Holder), r.Name, vault.RoleGovernor, s.of.Roles.Families[r.Name]})
			}
		}
	}
	answers, err := probe(ctx, node, s.at, append([]string{nobodys, "getModulesPaginated", "getOwners"}, functions...), d.Block)
	if err != nil || answers[nobodys] != nil {
		return all, err // what answers anything names nobody
	}
	for _, name := range functions {
		if holder, ok := state.AddressText(answers[name]); ok && len(answers[name]) == 32 {
			all = append(all, power{common.HexToAddress(holder), s.named(name), vault.RoleGovernor, ""})
		}
	}
	if _, hasModules := answers["getModulesPaginated"]; hasModules {
		modules, isAll, err := modulesOf(ctx, node, s.at, d.Block)
		if err != nil {
			return nil, err
		}
		if !isAll {
			d.note("%s has more modules than were followed", rpc.HexText(s.at[:]))
		}
		for _, m := range modules {
			role := vault.RoleGovernor
			if rpc.HexText(s.at[:]) == d.Safe {
				role = vault.RoleRoles
			}
			all = append(all, power{m, s.named("module"), role, ""})
		}
	}
	if s.of.Name != family.Safe {
		return all, nil
	}
	for _, owner := range state.AddressList(answers["getOwners"]) {
		all = append(all, power{common.HexToAddress(owner), s.named("owner"), vault.RoleGovernor, ""})
	}
	var calls []rpc.Call
	for _, g := range guardSlots {
		calls = append(calls, rpc.Call{Method: "eth_getStorageAt", Params: []any{s.at, g.slot, rpc.HexNumber(d.Block)}})
	}
	results, err := node.Batch(ctx, calls)
	if err != nil {
		return nil, fmt.Errorf("read storage: %w", err)
	}
	for i, g := range guardSlots {
		if results[i].Err != nil {
			return nil, fmt.Errorf("read storage: %w", results[i].Err)
		}
		data, err := rpc.HexData(results[i].Value)
		if err != nil {
			return nil, fmt.Errorf("read storage: %w", err)
		}
		all = append(all, power{common.BytesToAddress(data), s.named(g.name), vault.RoleGovernor, ""})
	}
	return all, nil
}

// modulesCall asks for so many modules. The list begins and ends with address 1.
func modulesCall(most int64) []byte {
	return append(state.Selector("getModulesPaginated(address,uint256)"), append(state.Word(big.NewInt(1)), state.Word(big.NewInt(most))...)...)
}

// mostModules bounds how many modules of a Safe are asked for at once.
const mostModules = 50

// modulesOf are the modules that may act for a Safe or, of a module of Zodiac's, that may
// act through it; isAll is false if there are more.
func modulesOf(ctx context.Context, node rpc.Caller, at common.Address, block int64) (modules []common.Address, isAll bool, err error) {
	data, ok, err := state.AskOne(ctx, node, at, modulesCall(mostModules), block)
	if err != nil || !ok {
		return nil, true, err
	}
	for _, text := range state.AddressList(data) {
		modules = append(modules, common.HexToAddress(text))
	}
	return modules, len(modules) < mostModules, nil
}

// roleMembers finds who has a role of contracts, by the logs that gave it and by asking
// whether it was taken since.
func (d *Discovery) roleMembers(ctx context.Context, node rpc.Caller, level []subject) ([]power, error) {
	var found []power
	for _, s := range level {
		answers, err := probe(ctx, node, s.at, []string{nobodys, "hasRole", "ADMIN_ROLE"}, d.Block)
		if err != nil {
			return nil, err
		}
		if answers[nobodys] != nil || answers["hasRole"] == nil && answers["ADMIN_ROLE"] == nil {
			continue
		}
		if s.first == 0 {
			d.note("who has roles of %s, %s, was not looked for: its first block is not known", rpc.HexText(s.at[:]), s.what())
			continue
		}
		var topics []common.Hash
		for topic := range roleLogs {
			topics = append(topics, topic)
		}
		slices.SortFunc(topics, common.Hash.Cmp)
		logs, err := askLogs(ctx, node, []common.Address{s.at}, topics, s.first, d.Block)
		switch {
		case isUnanswered(ctx, err):
			d.note("who has roles of %s, %s, was not found: %v", rpc.HexText(s.at[:]), s.what(), err)
			continue
		case err != nil:
			return nil, err
		}
		members, err := d.stillMembers(ctx, node, s, logs)
		if err != nil {
			return nil, err
		}
		found = append(found, members...)
	}
	return found, nil
}

// stillMembers are those of the members in logs who still have their role.
func (d *Discovery) stillMembers(ctx context.Context, node rpc.Caller, s subject, logs []foundLog) (members []power, err error) {
	var calls []rpc.Call
	var accounts []common.Address
	asked := map[string]bool{}
	for _, l := range logs {
		if len(l.Topics) < 3 || roleLogs[l.Topics[0]] == "" {
			continue
		}
		data := append(append(state.Selector(roleLogs[l.Topics[0]]), l.Topics[1][:]...), l.Topics[2][:]...)
		if !asked[string(data)] {
			asked[string(data)] = true
			calls, accounts = append(calls, state.EthCall(s.at, data, d.Block)), append(accounts, common.BytesToAddress(l.Topics[2][:]))
		}
	}
	if len(calls) == 0 {
		return nil, nil
	}
	if len(calls) > mostNamed {
		d.note("of %d accounts that were given roles of %s, %s, only %d were looked at", len(calls), rpc.HexText(s.at[:]), s.what(), mostNamed)
		calls = calls[:mostNamed]
	}
	results, err := node.Batch(ctx, calls)
	if err != nil {
		return nil, err
	}
	for i, r := range results {
		data, ok, err := state.AnswerOf(r)
		if err != nil {
			return nil, err
		}
		if ok && len(data) >= 32 && !state.IsZero(data[:32]) {
			members = append(members, power{accounts[i], s.named("role member"), vault.RoleGovernor, ""})
		}
	}
	return members, nil
}

// what is a subject's name for people.
func (s subject) what() string {
	if s.name == "" {
		return "the vault"
	}
	return s.name
}
