package discover

import (
	"bytes"
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/state"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// Storage slots of EIP-1967.
var (
	implementationSlot = common.HexToHash("0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc")
	beaconSlot         = common.HexToHash("0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50")
	adminSlot          = common.HexToHash("0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103")

	upgradedLog       = crypto.Keccak256Hash([]byte("Upgraded(address)"))
	beaconUpgradedLog = crypto.Keccak256Hash([]byte("BeaconUpgraded(address)"))
)

// A Proxy says what code runs at an address, and who may change it.
type Proxy struct {
	Implementation string // lower-case hex with 0x; empty: the address holds its own code
	Beacon         string // names the implementation of many proxies; empty: none
	Admin          string // a contract that may upgrade; empty: none
	Upgrades       []Upgrade

	// Where no beacon and no admin is there, only the code can say whether it may be
	// changed. IsFixed: the address of the implementation is part of the code at the
	// address, and neither of the two has a function that upgrades. CanUpgrade: one has.
	IsFixed, CanUpgrade bool
}

// An Upgrade is a change of the code, the first among them.
type Upgrade struct {
	Block int64
	Logs  string // the contract that logged it: the proxy or its beacon
	To    string // the implementation, or the beacon
}

// A proxyAnswer is the proxy at an address, or why it is not known.
type proxyAnswer struct {
	proxy Proxy
	err   error
}

// readProxies reads the slots of EIP-1967 of addresses at a block, in one batch; a
// beacon is asked for its implementation.
func readProxies(ctx context.Context, node rpc.Caller, at []common.Address, block int64) []proxyAnswer {
	slots := []common.Hash{implementationSlot, beaconSlot, adminSlot}
	var calls []rpc.Call
	for _, a := range at {
		for _, slot := range slots {
			calls = append(calls, rpc.Call{Method: "eth_getStorageAt", Params: []any{a, slot, rpc.HexNumber(block)}})
		}
	}
	answers := make([]proxyAnswer, len(at))
	results, err := node.Batch(ctx, calls)
	for i := range answers {
		a := &answers[i]
		if err != nil {
			a.err = fmt.Errorf("read storage: %w", err)
			continue
		}
		a.proxy, a.err = parseProxy(results[len(slots)*i : len(slots)*(i+1)])
		if a.err != nil || a.proxy.Beacon == "" {
			continue
		}
		to, ok, err := state.AskAddress(ctx, node, common.HexToAddress(a.proxy.Beacon), "implementation", block)
		if a.err = err; ok {
			a.proxy.Implementation = rpc.HexText(to[:])
		}
	}
	return answers
}

// parseProxy takes the slots in the order of readProxies.
func parseProxy(slots []rpc.Result) (p Proxy, err error) {
	for i, into := range []*string{&p.Implementation, &p.Beacon, &p.Admin} {
		if slots[i].Err != nil {
			return p, fmt.Errorf("read storage: %w", slots[i].Err)
		}
		data, err := rpc.HexData(slots[i].Value)
		if err != nil {
			return p, fmt.Errorf("read storage: %w", err)
		}
		if text, ok := state.AddressText(common.LeftPadBytes(data, 32)); ok && !state.IsZero(data) {
			*into = text
		}
	}
	return p, nil
}

// upgradeFunctions are those of UUPS, as code that knows them has them: pushed to be
// compared with a call's first bytes.
var upgradeFunctions = [][]byte{
	append([]byte{0x63}, state.Selector("upgradeTo(address)")...),
	append([]byte{0x63}, state.Selector("upgradeToAndCall(address,bytes)")...),
}

// judgeCode says whether the code behind a proxy without a beacon or an admin can be
// changed: Yearn's strategies, for one, fill the slot of EIP-1967 for explorers alone, and
// call an address that is part of their own code.
func (p *Proxy) judgeCode(ctx context.Context, node rpc.Caller, at common.Address, block int64) error {
	if p.Implementation == "" || p.Beacon != "" || p.Admin != "" {
		return nil
	}
	implementation := common.HexToAddress(p.Implementation)
	var codes [2][]byte
	for i, address := range []common.Address{at, implementation} {
		var err error
		if codes[i], err = codeOf(ctx, node, address, block); err != nil {
			return err
		}
		for _, function := range upgradeFunctions {
			p.CanUpgrade = p.CanUpgrade || bytes.Contains(codes[i], function)
		}
	}
	p.IsFixed = !p.CanUpgrade && bytes.Contains(codes[0], implementation[:])
	return nil
}

func codeOf(ctx context.Context, node rpc.Caller, at common.Address, block int64) (code []byte, err error) {
	results, err := node.Batch(ctx, []rpc.Call{{Method: "eth_getCode", Params: []any{at, rpc.HexNumber(block)}}})
	if err == nil && results[0].Err != nil {
		err = results[0].Err
	}
	if err == nil {
		code, err = rpc.HexData(results[0].Value)
	}
	if err != nil {
		return nil, fmt.Errorf("read code: %w", err)
	}
	return code, nil
}

// contracts are those that can change the code behind the proxy of a vault of this
// family: they log the change, not the vault.
func (p Proxy) contracts(f family.Family) (found []vault.Contract) {
	if p.Beacon != "" {
		beacon := vault.Contract{Address: p.Beacon, Role: vault.RoleBeacon, Family: family.Access, Name: "beacon"}
		if f.Beacon != "" {
			beacon.Family = f.Beacon
		}
		found = append(found, beacon)
	}
	if p.Admin != "" {
		admin := vault.Contract{Address: p.Admin, Role: vault.RoleProxyAdmin, Family: family.Access, Name: "proxy admin"}
		if f.ProxyAdmin != "" {
			admin.Family = f.ProxyAdmin
		}
		found = append(found, admin)
	}
	return found
}

func isOfProxy(c vault.Contract) bool {
	return c.Role == vault.RoleBeacon || c.Role == vault.RoleProxyAdmin
}
