// Package discover finds out what a vault is by asking its contract: the family, the
// asset, the Safe, the proxy, and the first block. Results are kept in raw.states.
package discover

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/blocks"
	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/state"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// A Discovery is what a node says about a vault.
type Discovery struct {
	ChainID       uint64
	Address       string // lower-case hex with 0x, as all others here
	Family        string
	Version       string // as the contract says it, or by what it answers; may be empty
	Name, Symbol  string // what the contract calls itself: anything
	Asset         string // may be empty
	AssetSymbol   string
	AssetDecimals int
	ShareDecimals int
	Safe          string // may be empty
	SafeOwners    []string
	SafeThreshold int64
	Roles         []Role
	Proxy         Proxy
	Contracts     []vault.Contract // what the config should name in addition
	Block         int64            // at which all this was read
	FirstBlock    int64            // with code at the address; 0: the node's state does not reach back that far
	FirstAt       time.Time
	StartBlock    int64    // first block of the vault or its Safe, which may be set up before it; 0: not known
	Notes         []string // what could not be found out

	named []vault.Contract // around the vault, by its config
}

// A Role is a power over the vault and who has it.
type Role struct{ Name, Holder string }

// powers are functions that name who has one, in any family; a contract that has one of
// these is asked who decides for it.
var powers = []string{
	"owner", "curator", "guardian", "governance", "management", "role_manager", "governorAdmin", "authority", "emergencyAdmin", "keeper",
}

// receivers are functions that name who is paid or keeps what waits, in any family.
var receivers = []string{
	"feeRecipient", "performanceFeeRecipient", "managementFeeRecipient", "feeReceiver", "protocolFeeReceiver", "rewards", "silo",
}

// Vault finds out what a vault is by asking it at a block. named are contracts around it,
// its Safe among them, that a config names. A contract that fits no family is an error.
func Vault(ctx context.Context, node rpc.Caller, chainID uint64, address string, block int64, named ...vault.Contract) (Discovery, error) {
	d := Discovery{ChainID: chainID, Address: strings.ToLower(address), Block: block, named: named}
	for _, c := range named {
		if c.Role == vault.RoleSafe {
			d.Safe = strings.ToLower(c.Address)
		}
	}
	at := common.HexToAddress(address)
	hashes, err := state.Codes(ctx, node, chainID, at, block)
	if err != nil {
		return d, err
	}
	if hashes[0] == (common.Hash{}) {
		return d, fmt.Errorf("chain %d: %s holds no code at block %d", chainID, d.Address, block)
	}
	f, answered, err := detect(ctx, node, at, block)
	if err != nil {
		return d, err
	}
	if f.Name == "" {
		return d, fmt.Errorf("chain %d: %s answers as no vault family that is known: want one of %s", chainID, d.Address, strings.Join(recognisable(), ", "))
	}
	d.Family = f.Name
	d.describe(f, answered)
	for _, step := range []func(context.Context, rpc.Caller, family.Family, common.Address, map[string][]byte) error{
		d.findAsset, d.findRoles, d.findAround, d.findNamed, d.findProxy, d.findFirst, d.findMembers, d.followPowers,
	} {
		if err := step(ctx, node, f, at, answered); err != nil {
			return d, err
		}
	}
	return d, nil
}

// recognisable lists the families that can be detected.
func recognisable() []string {
	var names []string
	for _, f := range family.All() {
		if f.IsVault && len(f.Answers) > 0 {
			names = append(names, f.Name)
		}
	}
	return names
}

// describe uses the answers that the probes have already given.
func (d *Discovery) describe(f family.Family, answered map[string][]byte) {
	d.Name, _ = state.TextOf(answered["name"])
	d.Symbol, _ = state.TextOf(answered["symbol"])
	d.ShareDecimals = d.decimals("decimals", answered["decimals"], 18)
	switch {
	case f.Version != "":
		d.Version, _ = state.TextOf(answered[f.Version])
	case f.VersionOf != nil:
		d.Version = f.VersionOf(answered)
	}
}

// decimals reads a small number; anything else is noted.
func (d *Discovery) decimals(what string, data []byte, otherwise int) int {
	if len(data) < 32 {
		d.note("%s is not readable, %d was assumed", what, otherwise)
		return otherwise
	}
	n := new(big.Int).SetBytes(data[:32])
	if !n.IsInt64() || n.Int64() > 77 {
		d.note("%s is %s, %d was assumed", what, n, otherwise)
		return otherwise
	}
	return int(n.Int64())
}

func (d *Discovery) note(format string, args ...any) {
	d.Notes = append(d.Notes, fmt.Sprintf(format, args...))
}

// findAsset finds the vault's asset, directly or through the accountant that says what
// the vault is priced in.
func (d *Discovery) findAsset(ctx context.Context, node rpc.Caller, f family.Family, at common.Address, _ map[string][]byte) error {
	asset, ok, err := common.Address{}, false, error(nil)
	switch {
	case f.Asset != "":
		asset, ok, err = state.AskAddress(ctx, node, at, f.Asset, d.Block)
	case f.Accountant != nil:
		var accountant common.Address
		if accountant, ok, err = state.AccountantOf(ctx, node, *f.Accountant, at, d.Block); err != nil || !ok {
			d.note("no accountant was found behind %s(): name it with role accountant", f.Accountant.Path[0])
			return err
		}
		d.Contracts = append(d.Contracts, vault.Contract{Address: rpc.HexText(accountant[:]), Role: vault.RoleAccountant, Family: f.Accountant.Family, Name: "accountant"})
		asset, ok, err = state.AskAddress(ctx, node, accountant, f.Accountant.Asset, d.Block)
	}
	if err != nil || !ok {
		d.note("the vault names no asset")
		return err
	}
	d.Asset = rpc.HexText(asset[:])
	answers, err := probe(ctx, node, asset, []string{"symbol", "decimals"}, d.Block)
	if err != nil {
		return err
	}
	d.AssetSymbol, _ = state.TextOf(answers["symbol"])
	d.AssetDecimals = d.decimals("the asset's decimals", answers["decimals"], 18)
	d.Contracts = append(d.Contracts, vault.Contract{Address: d.Asset, Role: vault.RoleAsset, Family: family.ERC20, Name: d.AssetSymbol, Shared: true})
	return nil
}

// findRoles finds who has powers over the vault, and its Safe.
func (d *Discovery) findRoles(ctx context.Context, node rpc.Caller, f family.Family, at common.Address, answered map[string][]byte) error {
	list := answered[f.Roles.Function]
	for i, name := range f.Roles.Names {
		if len(list) < 32*(i+1) {
			break
		}
		holder, ok := state.AddressText(list[32*i:])
		if !ok || state.IsZero(list[32*i:32*i+32]) {
			continue
		}
		if name == family.SafeRole {
			if d.Safe == "" {
				d.Safe = holder
			}
			continue
		}
		d.Roles = append(d.Roles, Role{name, holder})
	}
	if holder, ok := state.AddressText(answered["safe"]); ok && d.Safe == "" && !state.IsZero(answered["safe"][:32]) {
		d.Safe = holder
	}
	names := slices.Concat(powers, receivers)
	found, err := probe(ctx, node, at, names, d.Block)
	if err != nil {
		return err
	}
	for _, name := range names {
		if holder, ok := state.AddressText(found[name]); ok && !state.IsZero(found[name][:32]) {
			d.Roles = append(d.Roles, Role{name, holder})
		}
	}
	if d.Safe == "" {
		return nil
	}
	return d.findSafe(ctx, node)
}

// add adds a contract that the vault is found with, each address once.
func (d *Discovery) add(c vault.Contract) {
	isIt := func(other vault.Contract) bool { return strings.EqualFold(other.Address, c.Address) }
	if c.Address != d.Address && c.Address != d.Safe && !slices.ContainsFunc(d.Contracts, isIt) {
		d.Contracts = append(d.Contracts, c)
	}
}

// findAround finds the contracts that the vault's own functions lead to.
func (d *Discovery) findAround(ctx context.Context, node rpc.Caller, f family.Family, at common.Address, _ map[string][]byte) error {
	for _, n := range f.Around {
		if len(n.Path) == 0 {
			continue // findNamed may find it
		}
		next, ok, err := d.walk(ctx, node, n, at)
		if err != nil {
			return err
		}
		if !ok {
			d.note("no %s was found behind %s()", n.Name, n.Path[0])
			continue
		}
		d.add(vault.Contract{Address: rpc.HexText(next[:]), Role: n.Role, Family: n.Family, Name: n.Name})
	}
	return nil
}

// walk goes from the vault to the contract that its functions lead to.
func (d *Discovery) walk(ctx context.Context, node rpc.Caller, n family.Neighbour, at common.Address) (next common.Address, ok bool, err error) {
	next, ok = at, len(n.Path) > 0
	for _, name := range n.Path {
		if next, ok, err = state.AskAddress(ctx, node, next, name, d.Block); err != nil || !ok {
			return next, false, err
		}
	}
	if ok && n.Vault != "" {
		of, answers, err := state.AskAddress(ctx, node, next, n.Vault, d.Block)
		return next, answers && of == at, err
	}
	return next, ok, nil
}

// findMembers finds the contracts on the vault's lists, and those that once were.
func (d *Discovery) findMembers(ctx context.Context, node rpc.Caller, f family.Family, at common.Address, _ map[string][]byte) error {
	for _, list := range f.Members {
		add := func(address string) {
			d.add(vault.Contract{Address: address, Role: list.Role, Family: list.Family, Name: list.Name})
		}
		count, _, err := state.AskOne(ctx, node, at, state.Selector(list.Count+"()"), d.Block)
		if err != nil {
			return err
		}
		length := new(big.Int).SetBytes(count)
		for n := new(big.Int); n.Cmp(length) < 0 && n.Cmp(mostMembers) < 0; n.Add(n, big.NewInt(1)) {
			data, _, err := state.AskOne(ctx, node, at, append(state.Selector(list.Item+"(uint256)"), state.Word(n)...), d.Block)
			if err != nil {
				return err
			}
			if address, ok := state.AddressText(data); ok {
				add(address)
			}
		}
		if d.FirstBlock == 0 {
			d.note("contracts that the vault no longer lists as %s were not looked for", list.Name)
			continue
		}
		former, err := logsOf(ctx, node, []common.Address{at}, []common.Hash{crypto.Keccak256Hash([]byte(list.Event + "(address)"))}, d.FirstBlock, d.Block)
		if err != nil {
			return err
		}
		for _, one := range former {
			add(rpc.HexText(one.Topics[1][12:]))
		}
	}
	return nil
}

// mostMembers bounds how many members of a list are asked for, which a contract can make
// as long as it likes.
var mostMembers = big.NewInt(100)

// findSafe asks the Safe for its owners, and how many of them must agree.
func (d *Discovery) findSafe(ctx context.Context, node rpc.Caller) error {
	safe := common.HexToAddress(d.Safe)
	results, err := node.Batch(ctx, []rpc.Call{
		state.EthCall(safe, state.Selector("getOwners()"), d.Block),
		state.EthCall(safe, state.Selector("getThreshold()"), d.Block),
	})
	if err != nil {
		return err
	}
	owners, ok, err := state.AnswerOf(results[0])
	if err != nil {
		return err
	}
	if ok {
		d.SafeOwners = state.AddressList(owners)
	}
	threshold, ok, err := state.AnswerOf(results[1])
	if ok && len(threshold) >= 32 {
		d.SafeThreshold = new(big.Int).SetBytes(threshold[24:32]).Int64()
	}
	if d.SafeOwners == nil {
		d.note("%s, which the vault calls its Safe, does not answer as one", d.Safe)
	}
	return err
}

func (d *Discovery) findProxy(ctx context.Context, node rpc.Caller, f family.Family, at common.Address, _ map[string][]byte) error {
	answer := readProxies(ctx, node, []common.Address{at}, d.Block)[0]
	if answer.err != nil {
		return answer.err
	}
	d.Proxy = answer.proxy
	for _, c := range d.Proxy.contracts(f) {
		governor, err := d.recognised(ctx, node, c)
		if err != nil {
			return err
		}
		d.add(governor)
	}
	return d.Proxy.judgeCode(ctx, node, at, d.Block)
}

// recognised is a contract that governs a proxy as what it answers: an admin may be a
// timelock, or any other that can call.
func (d *Discovery) recognised(ctx context.Context, node rpc.Caller, c vault.Contract) (vault.Contract, error) {
	if c.Family != family.Access {
		return c, nil
	}
	f, err := governing(ctx, node, common.HexToAddress(c.Address), d.Block)
	if f.Name != "" {
		c.Family = f.Name
	}
	return c, err
}

// findFirst finds the first block with code at the address, and the upgrades
// since.
func (d *Discovery) findFirst(ctx context.Context, node rpc.Caller, _ family.Family, at common.Address, _ map[string][]byte) error {
	first, err := FirstCode(ctx, node, d.ChainID, at, d.Block)
	var pruned *state.PrunedError
	switch {
	case errors.As(err, &pruned):
		d.note("the first block is not known: %v", err)
		return nil
	case err != nil:
		return err
	}
	d.FirstBlock, d.StartBlock = first, first
	if d.Safe != "" {
		safe, err := FirstCode(ctx, node, d.ChainID, common.HexToAddress(d.Safe), d.Block)
		switch {
		case errors.As(err, &pruned):
			d.note("the Safe's first block is not known: %v", err)
		case err != nil:
			return err
		}
		d.StartBlock = min(first, safe) // 0: not known
	}
	headers, err := rpc.FetchHeaders(ctx, node, []int64{first})
	if err != nil {
		return err
	}
	d.FirstAt = headers[0].At
	if d.Proxy.Implementation == "" && d.Proxy.Beacon == "" {
		return nil
	}
	d.Proxy.Upgrades, err = readUpgrades(ctx, node, at, d.Proxy, first, d.Block)
	return err
}

// FirstCode is the first block with code at an address that has code at a given block. A
// node that has pruned older state will do as long as it has the block before the first.
func FirstCode(ctx context.Context, node rpc.Caller, chainID uint64, at common.Address, block int64) (int64, error) {
	first, err := blocks.First(ctx, 0, block, func(ctx context.Context, n int64) (bool, error) {
		hashes, err := state.Codes(ctx, node, chainID, at, n)
		var pruned *state.PrunedError
		if errors.As(err, &pruned) {
			return false, nil
		}
		return err == nil && hashes[0] != (common.Hash{}), err
	})
	if err != nil || first == 0 {
		return 0, err
	}
	if _, err := state.Codes(ctx, node, chainID, at, first-1); err != nil {
		return 0, err
	}
	return first, nil
}
