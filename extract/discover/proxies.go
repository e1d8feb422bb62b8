package discover

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// A proxySlot is what a run read from a storage slot of a vault's proxy.
type proxySlot struct {
	field, text string
	isLatest    bool // the vault has logged no change of a slot since
}

// recalledProxies are the slots that earlier runs read, former ones too, by chain and
// address.
type recalledProxies map[string][]proxySlot

func proxyKey(chainID uint64, address string) string {
	return fmt.Sprintf("%d %s", chainID, strings.ToLower(address))
}

func recallProxies(ctx context.Context, db *sql.DB) (recalledProxies, error) {
	found := recalledProxies{}
	err := store.Each(ctx, db, `
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
order by field, text`, []any{fieldProxyBeacon, fieldProxyAdmin}, func(rows *sql.Rows) error {
		var chainID uint64
		var address string
		var slot proxySlot
		if err := rows.Scan(&chainID, &address, &slot.field, &slot.text, &slot.isLatest); err != nil {
			return err
		}
		key := proxyKey(chainID, address)
		found[key] = append(found[key], slot)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find the vaults' proxies: %w", err)
	}
	return found, nil
}

// contracts are those that govern a vault's proxy, or once did. The proxy must be read
// again if the vault has logged a change of a slot since.
func (r recalledProxies) contracts(v vault.Vault) (found []vault.Contract, isKnown bool) {
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

// FoundProxies is what was discovered about vaults' proxies.
type FoundProxies struct {
	Vaults []Known // all vaults, with the contracts that were found
	IsNew  bool    // some of those contracts are new
	facts  []vaultFacts
	head   rpc.Block
}

// IsEmpty says whether there is nothing to write.
func (f FoundProxies) IsEmpty() bool { return len(f.facts) == 0 }

// Write keeps what was read in raw.states.
func (f FoundProxies) Write(ctx context.Context, conn *sql.Conn) error {
	return keepFacts(ctx, conn, int64(f.head.Number), time.Unix(f.head.Time, 0).UTC(), f.facts...)
}

// FindProxies reads, at the last final block, the proxy slots of those of a chain's
// vaults for which no run has done so, and the modules of their Safes, and adds the
// contracts that it finds there. If the node does not answer it calls notice, which may
// be nil.
func FindProxies(ctx context.Context, node rpc.Caller, head rpc.Block, all []Known, chainID uint64, notice func(string)) (FoundProxies, error) {
	found := FoundProxies{Vaults: slices.Clone(all), head: head}
	var unread []int
	var addresses []common.Address
	for i, v := range all {
		if f, _ := family.Of(v.Family); v.ChainID == chainID && len(f.Price) > 0 && !v.isProxyKnown {
			unread = append(unread, i)
			addresses = append(addresses, common.HexToAddress(v.Address))
		}
	}
	if err := found.findModules(ctx, node, chainID, notice); err != nil || len(unread) == 0 {
		return found, err
	}
	answers, hasCode := proxiesOf(ctx, node, addresses, int64(head.Number))
	for k, i := range unread {
		v := &found.Vaults[i]
		p, err := answers[k].proxy, answers[k].err
		switch {
		case isUnanswered(ctx, err):
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

// isUnanswered says whether a node did not answer, which leaves open what it would have.
func isUnanswered(ctx context.Context, err error) bool {
	var refused *rpc.Error
	return errors.As(err, &refused) && ctx.Err() == nil &&
		slices.Contains([]rpc.Class{rpc.Refused, rpc.StateMissing, rpc.Fatal, rpc.Unknown, rpc.NotYet}, refused.Class)
}

// proxiesOf reads proxies at a block; hasCode says which addresses have code by then.
func proxiesOf(ctx context.Context, node rpc.Caller, at []common.Address, block int64) (answers []proxyAnswer, hasCode []bool) {
	answers, hasCode = readProxies(ctx, node, at, block), make([]bool, len(at))
	var unknown []int // indices of those without a slot, some of which may have no code yet
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
