package discover

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// A module may act for a Safe without its owners.
type module struct{ Address, Family string }

// contract is a module as one of the contracts around the vault that has the Safe.
func (m module) contract() vault.Contract {
	return vault.Contract{Address: m.Address, Role: vault.RoleRoles, Family: m.Family, Name: "module of Safe"}
}

// recalledModules are those of Safes that runs read, by chain and address.
type recalledModules map[string]struct {
	modules  []module
	isLatest bool // the Safe has enabled none since
}

func recallModules(ctx context.Context, db *sql.DB) (recalledModules, error) {
	found := recalledModules{}
	err := store.Each(ctx, db, `
with changes as (
    select chain_id, address, max(block_number) as block_number
    from raw.events
    where event = 'EnabledModule'
    group by chain_id, address
)
select chain_id, address, arg_max(text, states.block_number), max(states.block_number) >= coalesce(any_value(changes.block_number), 0)
from raw.states as states
left join changes using (chain_id, address)
where field = $1
group by chain_id, address`, []any{fieldSafeModules}, func(rows *sql.Rows) error {
		var chainID uint64
		var address, text string
		one := found[""]
		if err := rows.Scan(&chainID, &address, &text, &one.isLatest); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &one.modules); err != nil {
			return err
		}
		found[proxyKey(chainID, address)] = one
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find the Safes' modules: %w", err)
	}
	return found, nil
}

// findModules asks the Safes of a chain's vaults, at the last final block, for the modules
// that no run has read since they were enabled, and recognises each by what it answers.
func (f *FoundProxies) findModules(ctx context.Context, node rpc.Caller, chainID uint64, notice func(string)) error {
	read := map[string][]module{}
	for i := range f.Vaults {
		v := &f.Vaults[i]
		safe := strings.ToLower(v.Safe)
		if of, _ := family.Of(v.Family); v.ChainID != chainID || safe == "" || len(of.Price) == 0 || v.areModulesKnown {
			continue
		}
		found, isRead := read[safe]
		if !isRead {
			var isAll bool
			var err error
			found, isAll, err = recognisedModules(ctx, node, common.HexToAddress(safe), int64(f.head.Number))
			switch {
			case isUnanswered(ctx, err):
				if notice != nil {
					notice(fmt.Sprintf("vault %s: which modules its Safe has is not known: %v", v.ID, err))
				}
				continue
			case err != nil:
				return fmt.Errorf("find the modules of the Safe of vault %s: %w", v.ID, err)
			case !isAll && notice != nil:
				notice(fmt.Sprintf("vault %s: its Safe has more modules than the %d that are followed", v.ID, len(found)))
			}
			text, err := json.Marshal(found)
			if err != nil {
				return err
			}
			f.facts = append(f.facts, vaultFacts{vault.Vault{ChainID: chainID, Address: safe}, []fact{{fieldSafeModules, string(text), 0}}})
			read[safe] = found
		}
		before := len(v.Contracts)
		follow(f.Vaults, i, contractsOf(found))
		f.IsNew = f.IsNew || len(v.Contracts) > before
	}
	return nil
}

func contractsOf(modules []module) (all []vault.Contract) {
	for _, m := range modules {
		all = append(all, m.contract())
	}
	return all
}

// recognisedModules are a Safe's modules; of an unknown one the family tells its owner.
// isAll is false if there are more.
func recognisedModules(ctx context.Context, node rpc.Caller, safe common.Address, block int64) (modules []module, isAll bool, err error) {
	addresses, isAll, err := modulesOf(ctx, node, safe, block)
	if err != nil {
		return nil, false, err
	}
	modules = []module{}
	for _, at := range addresses {
		of, err := governing(ctx, node, at, block)
		if err != nil {
			return nil, false, err
		}
		if of.Name == "" {
			of.Name = family.Access
		}
		modules = append(modules, module{rpc.HexText(at[:]), of.Name})
	}
	return modules, isAll, nil
}
