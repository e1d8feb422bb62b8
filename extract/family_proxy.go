package extract

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	models "github.com/vaultperf/vaultperf/sql"

	"github.com/vaultperf/vaultperf/extract/family"
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

// A proxyAnswer is what stands at an address, or why that is not known.
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
		to, ok, err := askAddress(ctx, node, common.HexToAddress(a.proxy.Beacon), "implementation", block)
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
		if text, ok := addressText(common.LeftPadBytes(data, 32)); ok && !isZero(data) {
			*into = text
		}
	}
	return p, nil
}

// contracts are those that can change what stands behind the proxy of a vault of this
// family: their logs tell of it, not the vault's.
func (p Proxy) contracts(f family.Family) (found []Contract) {
	if p.Beacon != "" && !f.IsBeaconFactory {
		found = append(found, Contract{Address: p.Beacon, Role: roleBeacon, Family: family.Access, Name: "beacon"})
	}
	if p.Admin != "" {
		admin := Contract{Address: p.Admin, Role: roleProxyAdmin, Family: family.Access, Name: "proxy admin"}
		if f.ProxyAdmin != "" {
			admin.Family = f.ProxyAdmin
		}
		found = append(found, admin)
	}
	return found
}

func isOfProxy(c Contract) bool { return c.Role == roleBeacon || c.Role == roleProxyAdmin }

// A proxySlot is what a night read in a slot of a vault's proxy.
type proxySlot struct {
	field, text string
	isLatest    bool // the vault has not logged since that a slot changed
}

// recalledProxies are the slots that earlier nights read, former ones too, by chain and
// address.
type recalledProxies map[string][]proxySlot

func proxyKey(chainID uint64, address string) string {
	return fmt.Sprintf("%d %s", chainID, strings.ToLower(address))
}

func recallProxies(ctx context.Context, db *sql.DB) (found recalledProxies, err error) {
	rows, err := db.QueryContext(ctx, `
with changes as (
    select chain_id, address, max(block_number) as block_number
    from raw.events
    where event in ('AdminChanged', 'BeaconUpgraded')
    group by chain_id, address
),
slots as (
    select chain_id, address, field, text, max(block_number) as block_number
    from raw.states
    where field in ($1, $2)
    group by all
)
select slots.chain_id, slots.address, field, text, slots.block_number >= coalesce(changes.block_number, 0)
from slots
left join changes using (chain_id, address)
order by field, text`, fieldProxyBeacon, fieldProxyAdmin)
	if err != nil {
		return nil, fmt.Errorf("find the vaults' proxies: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	found = recalledProxies{}
	for rows.Next() {
		var chainID uint64
		var address string
		var slot proxySlot
		if err := rows.Scan(&chainID, &address, &slot.field, &slot.text, &slot.isLatest); err != nil {
			return nil, fmt.Errorf("find the vaults' proxies: %w", err)
		}
		key := proxyKey(chainID, address)
		found[key] = append(found[key], slot)
	}
	return found, rows.Err()
}

// contracts are those that govern a vault's proxy, or did. It must be read again where
// the vault has logged since that a slot has changed.
func (r recalledProxies) contracts(v Vault) (found []Contract, isKnown bool) {
	f, _ := family.Of(v.Family)
	for _, slot := range r[proxyKey(v.ChainID, v.Address)] {
		isKnown = isKnown || slot.isLatest
		p := Proxy{}
		if slot.field == fieldProxyBeacon {
			p.Beacon = slot.text
		} else {
			p.Admin = slot.text
		}
		found = append(found, p.contracts(f)...)
	}
	return found, isKnown
}

// FoundProxies is what was found out of vaults' proxies.
type FoundProxies struct {
	Vaults []Known // all vaults, with the contracts that were found
	IsNew  bool    // some of those contracts are new
	facts  []vaultFacts
	head   rpc.Block
}

func (f FoundProxies) isEmpty() bool { return len(f.facts) == 0 }

// Write keeps what was read in raw.states.
func (f FoundProxies) Write(ctx context.Context, conn *sql.Conn) error {
	return keepFacts(ctx, conn, int64(f.head.Number), time.Unix(f.head.Time, 0).UTC(), f.facts...)
}

// findProxies reads, at the last final block, the slots of those of a chain's vaults of
// which no run has, and adds the contracts that it finds there. notice hears of a node
// that does not say; nil: not wanted.
func findProxies(ctx context.Context, node rpc.Caller, head rpc.Block, all []Known, chainID uint64, notice func(string)) (FoundProxies, error) {
	found := FoundProxies{Vaults: slices.Clone(all), head: head}
	var asked []int
	var addresses []common.Address
	for i, v := range all {
		if f, _ := family.Of(v.Family); v.ChainID == chainID && len(f.Price) > 0 && !v.isProxyKnown {
			asked = append(asked, i)
			addresses = append(addresses, common.HexToAddress(v.Address))
		}
	}
	if len(asked) == 0 {
		return found, nil
	}
	answers, hasCode := proxiesOf(ctx, node, addresses, int64(head.Number))
	for k, i := range asked {
		v := &found.Vaults[i]
		p, err := answers[k].proxy, answers[k].err
		var refused *rpc.Error
		switch {
		case errors.As(err, &refused) && isUnanswered(refused.Class) && ctx.Err() == nil:
			if notice != nil {
				notice(fmt.Sprintf("vault %s: whether it stands behind a proxy is not known: %v", v.ID, err))
			}
			continue
		case err != nil:
			return found, fmt.Errorf("find the proxy of vault %s: %w", v.ID, err)
		case !hasCode[k]:
			continue
		}
		found.facts = append(found.facts, vaultFacts{v.Vault, p.facts()})
		before := len(v.Contracts)
		f, _ := family.Of(v.Family)
		follow(found.Vaults, i, p.contracts(f))
		found.IsNew = found.IsNew || len(v.Contracts) > before
	}
	return found, nil
}

// isUnanswered says whether a node may serve logs all the same.
func isUnanswered(class rpc.Class) bool {
	return slices.Contains([]rpc.Class{rpc.Refused, rpc.StateMissing, rpc.Fatal, rpc.Unknown, rpc.NotYet}, class)
}

// proxiesOf reads proxies at a block; hasCode says which of the addresses
// hold any code yet.
func proxiesOf(ctx context.Context, node rpc.Caller, at []common.Address, block int64) (answers []proxyAnswer, hasCode []bool) {
	answers, hasCode = readProxies(ctx, node, at, block), make([]bool, len(at))
	var unknown []int // places of those without a slot, which may be those without code
	var calls []rpc.Call
	for i, a := range answers {
		if p := a.proxy; p.Implementation != "" || p.Beacon != "" || p.Admin != "" {
			hasCode[i] = true
		} else if a.err == nil {
			unknown = append(unknown, i)
			calls = append(calls, rpc.Call{Method: "eth_getCode", Params: []any{at[i], rpc.HexNumber(block)}})
		}
	}
	if len(calls) == 0 {
		return answers, hasCode
	}
	results, err := node.Batch(ctx, calls)
	for k, i := range unknown {
		failed := err
		if err == nil && results[k].Err != nil {
			failed = results[k].Err
		}
		var code []byte
		if failed == nil {
			code, failed = rpc.HexData(results[k].Value)
		}
		if hasCode[i] = len(code) > 0; failed != nil {
			answers[i].err = fmt.Errorf("read code: %w", failed)
		}
	}
	return answers, hasCode
}

// What is found out of a contract once is kept in raw.states under these names: what
// its proxy's slots hold, empty text for nothing, the first block with code, and the
// first that its history needs.
const (
	fieldProxyImplementation = "proxy.implementation"
	fieldProxyBeacon         = "proxy.beacon"
	fieldProxyAdmin          = "proxy.admin"
	fieldFirstBlock          = "code.first_block"
	fieldStartBlock          = "code.start_block"
)

// A fact is a text, or where that is not the field's kind a number.
type fact struct {
	field, text string
	number      int64
}

func (p Proxy) facts() []fact {
	return []fact{{fieldProxyImplementation, p.Implementation, 0}, {fieldProxyBeacon, p.Beacon, 0}, {fieldProxyAdmin, p.Admin, 0}}
}

// vaultFacts are what was found out of one vault.
type vaultFacts struct {
	vault Vault
	facts []fact
}

// keepFacts writes down what was found out of vaults at a block, in place of what an
// earlier night found there.
func keepFacts(ctx context.Context, conn *sql.Conn, block int64, at time.Time, all ...vaultFacts) error {
	var chains []int64
	var addresses, fields []string
	for _, one := range all {
		for _, f := range one.facts {
			chains = append(chains, int64(one.vault.ChainID))
			addresses = append(addresses, strings.ToLower(one.vault.Address))
			fields = append(fields, f.field)
		}
	}
	_, err := conn.ExecContext(ctx, `
delete from raw.states
where block_number = $1 and (chain_id, address, field) in (
    select unnest($2::bigint[]), unnest($3::varchar[]), unnest($4::varchar[])
)`, block, chains, addresses, fields)
	if err != nil {
		return fmt.Errorf("keep what was found out: %w", err)
	}
	return models.Append(ctx, conn, "raw", "states", func(add func(values ...any) error) error {
		for _, one := range all {
			for _, f := range one.facts {
				var text, number any = f.text, nil
				if f.field == fieldFirstBlock || f.field == fieldStartBlock {
					text, number = nil, big.NewInt(f.number)
				}
				err := add(int64(one.vault.ChainID), block, at, strings.ToLower(one.vault.Address), f.field, "", ReadOK, number, text)
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// readUpgrades finds the upgrades of a proxy, and of its beacon, whose logs are
// on the beacon's own address.
func readUpgrades(ctx context.Context, node rpc.Caller, at common.Address, p Proxy, from, to int64) ([]Upgrade, error) {
	addresses := []common.Address{at}
	if p.Beacon != "" {
		addresses = append(addresses, common.HexToAddress(p.Beacon))
	}
	return upgradesOf(ctx, node, addresses, from, to)
}

// upgradesOf asks for a range of blocks, and for halves of it where a node finds
// it too long.
func upgradesOf(ctx context.Context, node rpc.Caller, addresses []common.Address, from, to int64) ([]Upgrade, error) {
	results, err := node.Batch(ctx, []rpc.Call{{Method: "eth_getLogs", Params: []any{map[string]any{
		"fromBlock": rpc.HexNumber(from), "toBlock": rpc.HexNumber(to), "address": addresses,
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
