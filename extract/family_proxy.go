package extract

import (
	"context"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/rpc"
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
}

// An Upgrade is a change of the code, the first among them.
type Upgrade struct {
	Block int64
	Logs  string // the contract that logged it: the proxy or its beacon
	To    string // the implementation, or the beacon
}

// readProxy reads the slots of EIP-1967 at a block; a beacon is asked for its
// implementation.
func readProxy(ctx context.Context, node Caller, at common.Address, block int64) (Proxy, error) {
	var p Proxy
	for _, s := range []struct {
		slot common.Hash
		into *string
	}{{implementationSlot, &p.Implementation}, {beaconSlot, &p.Beacon}, {adminSlot, &p.Admin}} {
		results, err := node.Batch(ctx, []rpc.Call{{Method: "eth_getStorageAt", Params: []any{at, s.slot, hexNumber(block)}}})
		if err != nil {
			return p, fmt.Errorf("read storage: %w", err)
		}
		if results[0].Err != nil {
			return p, fmt.Errorf("read storage: %w", results[0].Err)
		}
		data, err := hexData(results[0].Value)
		if err != nil {
			return p, fmt.Errorf("read storage: %w", err)
		}
		if text, ok := addressText(common.LeftPadBytes(data, 32)); ok && !isZero(data) {
			*s.into = text
		}
	}
	if p.Beacon != "" {
		to, ok, err := askAddress(ctx, node, common.HexToAddress(p.Beacon), "implementation", block)
		if err != nil {
			return p, err
		}
		if ok {
			p.Implementation = hexText(to[:])
		}
	}
	return p, nil
}

// readUpgrades finds the upgrades of a proxy, and of its beacon, whose logs are
// on the beacon's own address.
func readUpgrades(ctx context.Context, node Caller, at common.Address, p Proxy, from, to int64) ([]Upgrade, error) {
	addresses := []common.Address{at}
	if p.Beacon != "" {
		addresses = append(addresses, common.HexToAddress(p.Beacon))
	}
	return upgradesOf(ctx, node, addresses, from, to)
}

// upgradesOf asks for a range of blocks, and for halves of it where a node finds
// it too long.
func upgradesOf(ctx context.Context, node Caller, addresses []common.Address, from, to int64) ([]Upgrade, error) {
	results, err := node.Batch(ctx, []rpc.Call{{Method: "eth_getLogs", Params: []any{map[string]any{
		"fromBlock": hexNumber(from), "toBlock": hexNumber(to), "address": addresses,
		"topics": []any{[]common.Hash{upgradedLog, beaconUpgradedLog}},
	}}}})
	var failed *rpc.Error
	switch {
	case err == nil && results[0].Err != nil:
		failed = results[0].Err
	case err != nil && !errors.As(err, &failed):
		return nil, fmt.Errorf("read upgrades: %w", err)
	}
	if failed != nil {
		if from == to || failed.Class != rpc.SplitRange && failed.Class != rpc.Unknown {
			return nil, fmt.Errorf("read upgrades: %w", failed)
		}
		middle := from + (to-from)/2
		first, err := upgradesOf(ctx, node, addresses, from, middle)
		if err != nil {
			return nil, err
		}
		second, err := upgradesOf(ctx, node, addresses, middle+1, to)
		return append(first, second...), err
	}
	return parseUpgrades(results[0].Value)
}
