package discover

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// FamilyAuto stands in a config for a family that is to be discovered through a node.
// Negative decimals are discovered too.
const FamilyAuto = "auto"

// A Known is a configured vault with what was discovered about it.
type Known struct {
	vault.Vault
	First           int64 // block of the contract's creation or first log; 0: not known
	isStale         bool  // powers over it have changed since it was discovered
	areModulesKnown bool  // an earlier run read its Safe's modules, and none was enabled since
	isProxyKnown    bool  // an earlier run read its proxy's slots, which have not changed since
}

// Vaults are the vaults alone.
func Vaults(known []Known) []vault.Vault {
	vaults := make([]vault.Vault, len(known))
	for i, v := range known {
		vaults[i] = v.Vault
	}
	return vaults
}

// OnChain are those of one chain.
func OnChain(all []Known, chainID uint64) []Known {
	var some []Known
	for _, v := range all {
		if v.ChainID == chainID {
			some = append(some, v)
		}
	}
	return some
}

// ErrNoNode is why a vault cannot be asked what it is.
var ErrNoNode = errors.New("its chain has no node to ask")

// Resolve replaces FamilyAuto by what an earlier run, or else ask, discovered, and fills
// in what the config leaves out: decimals, the Safe, the contracts around the vault and
// the start block. ask also returns the time of the Discovery's block. Where powers have
// changed since an earlier run, ask finds who has them now, if there is a node.
func Resolve(ctx context.Context, db *sql.DB, config []vault.Vault, ask func(context.Context, vault.Vault) (Discovery, time.Time, error)) ([]Known, error) {
	vaults, unknown, err := Recall(ctx, db, config)
	if err != nil {
		return nil, err
	}
	for i, v := range vaults {
		if v.isStale {
			unknown = append(unknown, i)
		}
	}
	var proxies recalledProxies
	if len(unknown) > 0 {
		if proxies, err = recallProxies(ctx, db); err != nil {
			return nil, err
		}
	}
	for _, i := range unknown {
		v := &vaults[i]
		d, at, err := ask(ctx, v.Vault)
		if v.isStale && errors.Is(err, ErrNoNode) {
			continue
		}
		if err == nil {
			facts := append(d.Proxy.facts(), fact{fieldFirstBlock, "", d.FirstBlock}, fact{fieldStartBlock, "", d.StartBlock})
			err = store.InTransaction(ctx, db, func(conn *sql.Conn) error {
				return keepFacts(ctx, conn, d.Block, at, append(d.firsts(), vaultFacts{v.Vault, facts})...)
			})
		}
		if err != nil {
			return nil, fmt.Errorf("find the family of vault %s: %w", v.ID, err)
		}
		v.learn(d.Family, d.AssetSymbol, d.AssetDecimals, d.ShareDecimals, d.Safe)
		follow(vaults, i, d.Contracts)
		former, _ := proxies.contracts(v.Vault)
		follow(vaults, i, former)
		v.start(d.FirstBlock, d.StartBlock)
		v.isProxyKnown = true
	}
	agree(vaults, config)
	return vaults, nil
}

// Recall returns the vaults with what earlier runs discovered about them; unknown are
// the indices of those whose family is not known yet.
func Recall(ctx context.Context, db *sql.DB, config []vault.Vault) (vaults []Known, unknown []int, err error) {
	proxies, err := recallProxies(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	modules, err := recallModules(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	vaults = make([]Known, len(config))
	for i, v := range config {
		vaults[i].Vault = v
	}
	for i := range vaults {
		v := &vaults[i]
		if v.Family == FamilyAuto {
			isKnown, err := recall(ctx, db, vaults, i)
			if err != nil {
				return nil, nil, fmt.Errorf("find the family of vault %s: %w", v.ID, err)
			}
			if !isKnown {
				unknown = append(unknown, i)
				continue
			}
		}
		var found []vault.Contract
		found, v.isProxyKnown = proxies.contracts(v.Vault)
		follow(vaults, i, found)
		if safe, isRead := modules[proxyKey(v.ChainID, v.Safe)]; isRead && v.Safe != "" {
			v.areModulesKnown = safe.isLatest
			follow(vaults, i, contractsOf(safe.modules))
		}
	}
	return vaults, unknown, nil
}

// recall takes what an earlier run discovered. If the only contracts that run knew
// around the vault are its proxy's, the family came from the config then, and a node
// must be asked.
func recall(ctx context.Context, db *sql.DB, vaults []Known, i int) (bool, error) {
	v := &vaults[i]
	var name, symbol string
	var asset, share int
	var safe sql.NullString
	err := db.QueryRowContext(ctx, `
select family, asset_symbol, asset_decimals, share_decimals, safe
from raw.vaults
where chain_id = ? and address = ? and family <> 'auto'`, int64(v.ChainID), strings.ToLower(v.Address)).
		Scan(&name, &symbol, &asset, &share, &safe)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	found, err := recallContracts(ctx, db, v.Vault)
	if err != nil || !slices.ContainsFunc(found, func(c vault.Contract) bool { return !isOfProxy(c) }) {
		return false, err
	}
	var first int64
	var start sql.NullInt64
	err = db.QueryRowContext(ctx, `
select
    coalesce(
        max_by(value, block_number) filter (where field = $3)::bigint,
        (select min(block_number) from raw.logs where chain_id = $1 and address = unhex($2[3:])),
        0
    ),
    max_by(value, block_number) filter (where field = $4)::bigint
from raw.states
where chain_id = $1 and address = $2`, int64(v.ChainID), strings.ToLower(v.Address), fieldFirstBlock, fieldStartBlock).Scan(&first, &start)
	if err != nil || !start.Valid && v.StartBlock == 0 { // the chain has changed since
		return false, err
	}
	if v.isStale, err = powersChanged(ctx, db, v.Vault); err != nil {
		return false, err
	}
	v.learn(name, symbol, asset, share, safe.String)
	members, err := recallMembers(ctx, db, v.Vault)
	if err != nil {
		return false, err
	}
	follow(vaults, i, append(found, members...))
	v.start(first, start.Int64)
	return true, nil
}

// powersChanged says whether the vault or a contract around it has logged, since the vault
// was discovered, that somebody new has power over it.
func powersChanged(ctx context.Context, db *sql.DB, v vault.Vault) (has bool, err error) {
	err = db.QueryRowContext(ctx, `
select exists (
    select 1
    from raw.events
    where
        chain_id = $1 and event in (select unnest($4::varchar[]))
        and address in (
            select address
            from raw.contracts
            where chain_id = $1 and vault_id in (select vault_id from raw.contracts where chain_id = $1 and address = $2 and role = $3)
        )
        and block_number > (select max(block_number) from raw.states where chain_id = $1 and address = $2 and field = $5)
)`, int64(v.ChainID), strings.ToLower(v.Address), vault.RoleVault, family.GivingEvents, fieldStartBlock).Scan(&has)
	return has, err
}

// recallContracts returns the contracts that an earlier run knew around the vault, other
// than its Safe. They may include ones that no config names: the proxy's beacon and
// admin, the asset and the Safe's modules. The vault may have had another id then.
func recallContracts(ctx context.Context, db *sql.DB, v vault.Vault) ([]vault.Contract, error) {
	return store.Collect(ctx, db, `
select
    address, role, family, name, is_shared,
    coalesce((
        select max_by(value, block_number)::bigint
        from raw.states as states
        where
            states.chain_id = contracts.chain_id and states.address = contracts.address
            and field = $6
    ), 0)
from raw.contracts as contracts
where
    vault_id in (select vault_id from raw.contracts where chain_id = $1 and address = $2 and role = $3)
    and role not in ($4, $5) and pool_id = '' and coins = ''
order by address, role`, []any{int64(v.ChainID), strings.ToLower(v.Address), vault.RoleVault, vault.RoleVault, vault.RoleSafe, fieldFirstBlock},
		func(rows *sql.Rows, c *vault.Contract) error {
			return rows.Scan(&c.Address, &c.Role, &c.Family, &c.Name, &c.Shared, &c.StartBlock)
		})
}

// recallMembers returns the contracts that a vault has put on its lists since, as its
// decoded logs say.
func recallMembers(ctx context.Context, db *sql.DB, v vault.Vault) ([]vault.Contract, error) {
	f, _ := family.Of(v.Family)
	var found []vault.Contract
	for _, list := range f.Members {
		members, err := store.Collect(ctx, db, `
select distinct arguments->>$4 as member
from raw.events
where chain_id = $1 and address = $2 and event = $3 and member is not null
order by member`, []any{int64(v.ChainID), strings.ToLower(v.Address), list.Event, list.Argument},
			func(rows *sql.Rows, c *vault.Contract) error {
				c.Role, c.Family, c.Name = list.Role, list.Family, list.Name
				return rows.Scan(&c.Address)
			})
		if err != nil {
			return nil, err
		}
		found = append(found, members...)
	}
	return found, nil
}

// follow adds to a vault the contracts around it that the config does not name; an
// upgrade behind a beacon, for one, is logged by the beacon and not by the vault. An
// address has one family, by which its logs are decoded: the one in the config, wherever
// it is named there, or else that of the first vault it was found with.
func follow(vaults []Known, i int, found []vault.Contract) {
	v := &vaults[i]
	v.Contracts = slices.Clone(v.Contracts)
	for _, c := range found {
		isIt := func(other vault.Contract) bool { return strings.EqualFold(other.Address, c.Address) }
		if slices.ContainsFunc(v.All(), isIt) {
			continue
		}
		for _, other := range vaults {
			all := other.All()
			if at := slices.IndexFunc(all, isIt); at >= 0 && other.ChainID == v.ChainID && all[at].Family != FamilyAuto {
				c.Family = all[at].Family
				break
			}
		}
		v.Contracts = append(v.Contracts, c)
	}
}

// agree corrects the family of a contract that was found with one vault, and later
// turned out to be another vault or its Safe.
func agree(vaults []Known, config []vault.Vault) {
	for i := range vaults {
		found := vaults[i].Contracts[len(config[i].Contracts):] // cloned by follow, so that it may be changed
		for k := range found {
			for _, other := range vaults {
				switch {
				case other.ChainID != vaults[i].ChainID:
				case strings.EqualFold(other.Address, found[k].Address):
					found[k].Family = other.Family
				case strings.EqualFold(other.Safe, found[k].Address):
					found[k].Family = "safe"
				}
			}
		}
	}
}

// start takes the first block with code, and the start block where the config has none;
// 0: not known.
func (v *Known) start(first, start int64) {
	v.First = first
	if v.StartBlock == 0 {
		v.StartBlock = uint64(start)
	}
}

// learn fills in what the config does not say.
func (v *Known) learn(family, assetSymbol string, assetDecimals, shareDecimals int, safe string) {
	v.Family = family
	if v.AssetSymbol == "" {
		v.AssetSymbol = assetSymbol
	}
	if v.AssetDecimals < 0 {
		v.AssetDecimals = assetDecimals
	}
	if v.ShareDecimals < 0 {
		v.ShareDecimals = shareDecimals
	}
	if v.Safe == "" {
		v.Safe = safe
	}
}
