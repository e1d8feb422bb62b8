package extract

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	models "github.com/vaultperf/vaultperf/sql"

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
	var calls []rpc.Call
	for _, slot := range []common.Hash{implementationSlot, beaconSlot, adminSlot} {
		calls = append(calls, rpc.Call{Method: "eth_getStorageAt", Params: []any{at, slot, hexNumber(block)}})
	}
	results, err := node.Batch(ctx, calls)
	if err != nil {
		return p, fmt.Errorf("read storage: %w", err)
	}
	for i, into := range []*string{&p.Implementation, &p.Beacon, &p.Admin} {
		if results[i].Err != nil {
			return p, fmt.Errorf("read storage: %w", results[i].Err)
		}
		data, err := hexData(results[i].Value)
		if err != nil {
			return p, fmt.Errorf("read storage: %w", err)
		}
		if text, ok := addressText(common.LeftPadBytes(data, 32)); ok && !isZero(data) {
			*into = text
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

// contracts are those that can change what stands behind the proxy of a vault of this
// family: their logs tell of it, not the vault's.
func (p Proxy) contracts(family string) (found []Contract) {
	if p.Beacon != "" {
		found = append(found, Contract{Address: p.Beacon, Role: roleBeacon, Family: "access", Name: "beacon"})
	}
	if p.Admin != "" {
		admin := Contract{Address: p.Admin, Role: roleProxyAdmin, Family: "access", Name: "proxy admin"}
		if family == "lagoon" {
			admin.Family = "lagoon_proxy"
		}
		found = append(found, admin)
	}
	return found
}

func (c Contract) isOfProxy() bool { return c.Role == roleBeacon || c.Role == roleProxyAdmin }

// What a proxy's slots hold is kept in raw.states under these names, as text that is
// empty where they hold nothing.
const (
	proxyImplementation = "proxy.implementation"
	proxyBeacon         = "proxy.beacon"
	proxyAdmin          = "proxy.admin"
)

// followProxy adds the beacon and the admin of a vault's proxy, whose logs tell of
// upgrades. A node is asked for them once.
func followProxy(ctx context.Context, db *sql.DB, opt Options, v *Vault) error {
	at := slices.IndexFunc(opt.Nodes, func(n Node) bool { return n.ChainID == v.ChainID })
	if _, hasContract := familyOf(v.Family); at < 0 || !hasContract {
		return nil
	}
	proxy, isKnown, err := recallProxy(ctx, db, *v)
	if err != nil {
		return err
	}
	if !isKnown {
		n, err := dialNode(ctx, db, opt, opt.Nodes[at], nil)
		if err != nil {
			return asNodeError(ctx, v.ChainID, err)
		}
		proxy, err = readProxy(ctx, n.pool, common.HexToAddress(v.Address), int64(n.head.Number))
		var refused *rpc.Error
		switch {
		case errors.As(err, &refused) && refused.Class == rpc.Refused && ctx.Err() == nil:
			n.notice("vault %s: whether it stands behind a proxy is not known: %v", v.ID, err)
			return nil
		case err != nil:
			return asNodeError(ctx, v.ChainID, err)
		}
		if err := n.keepProxy(ctx, *v, proxy); err != nil {
			return err
		}
	}
	v.follow(proxy.contracts(v.Family))
	return nil
}

func recallProxy(ctx context.Context, db *sql.DB, v Vault) (p Proxy, isKnown bool, err error) {
	var implementation, beacon, admin sql.NullString
	err = db.QueryRowContext(ctx, `
select
    max_by(text, block_number) filter (where field = $3),
    max_by(text, block_number) filter (where field = $4),
    max_by(text, block_number) filter (where field = $5)
from raw.states
where chain_id = $1 and address = $2`, int64(v.ChainID), strings.ToLower(v.Address), proxyImplementation, proxyBeacon, proxyAdmin).
		Scan(&implementation, &beacon, &admin)
	return Proxy{Implementation: implementation.String, Beacon: beacon.String, Admin: admin.String}, beacon.Valid, err
}

func (n *chain) keepProxy(ctx context.Context, v Vault, p Proxy) error {
	return inTransaction(ctx, n.db, func(conn *sql.Conn) error {
		return models.Append(ctx, conn, "raw", "states", func(add func(values ...any) error) error {
			for _, slot := range []struct{ field, holds string }{{proxyImplementation, p.Implementation}, {proxyBeacon, p.Beacon}, {proxyAdmin, p.Admin}} {
				err := add(int64(v.ChainID), int64(n.head.Number), time.Unix(n.head.Time, 0).UTC(), strings.ToLower(v.Address), slot.field, "", readOK, nil, slot.holds)
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
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
