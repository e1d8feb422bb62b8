package extract

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// FamilyAuto stands in a config for the family that a node finds out. Decimals
// below zero are found out too.
const FamilyAuto = "auto"

// resolveFamilies replaces FamilyAuto by what an earlier night, or else a node,
// says of the contract, and with it decimals, the Safe, the contracts around the
// vault and the block to start at that the config leaves out.
func resolveFamilies(ctx context.Context, db *sql.DB, opt Options) ([]Vault, error) {
	vaults := slices.Clone(opt.Vaults)
	for i := range vaults {
		v := &vaults[i]
		if v.Family != FamilyAuto {
			if err := followProxy(ctx, db, opt, v); err != nil {
				return nil, fmt.Errorf("find the proxy of vault %s: %w", v.ID, err)
			}
			continue
		}
		isKnown, err := recall(ctx, db, v)
		if err != nil {
			return nil, fmt.Errorf("find the family of vault %s: %w", v.ID, err)
		}
		if isKnown {
			continue
		}
		at := slices.IndexFunc(opt.Nodes, func(n Node) bool { return n.ChainID == v.ChainID })
		if at < 0 {
			return nil, fmt.Errorf("find the family of vault %s: chain %d has no node to ask", v.ID, v.ChainID)
		}
		d, err := DiscoverVault(ctx, opt, opt.Nodes[at], v.Address)
		if err != nil {
			return nil, fmt.Errorf("find the family of vault %s: %w", v.ID, err)
		}
		v.learn(d.Family, d.AssetSymbol, d.AssetDecimals, d.ShareDecimals, d.Safe)
		v.follow(d.Contracts)
		v.first = d.FirstBlock
		if v.StartBlock == 0 {
			v.StartBlock = uint64(d.StartBlock)
		}
	}
	return vaults, nil
}

// recall takes what an earlier night found out. Where that night knew no contract
// around the vault but for its proxy's, the config said the family, and a node must be
// asked.
func recall(ctx context.Context, db *sql.DB, v *Vault) (bool, error) {
	var family, symbol string
	var asset, share int
	var safe sql.NullString
	err := db.QueryRowContext(ctx, `
select family, asset_symbol, asset_decimals, share_decimals, safe
from raw.vaults
where chain_id = ? and address = ? and family <> 'auto'`, int64(v.ChainID), strings.ToLower(v.Address)).
		Scan(&family, &symbol, &asset, &share, &safe)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	found, err := recallContracts(ctx, db, v)
	if err != nil || !slices.ContainsFunc(found, func(c Contract) bool { return !c.isOfProxy() }) {
		return false, err
	}
	v.learn(family, symbol, asset, share, safe.String)
	v.follow(found)
	if v.StartBlock == 0 {
		if err := recallStart(ctx, db, v); err != nil {
			return false, err
		}
	}
	err = db.QueryRowContext(ctx, "select coalesce(min(block_number), 0) from raw.logs where chain_id = ? and address = unhex(?)",
		int64(v.ChainID), strings.ToLower(v.Address)[2:]).Scan(&v.first)
	return true, err
}

// recallStart has a vault start where an earlier night did.
func recallStart(ctx context.Context, db *sql.DB, v *Vault) error {
	own, err := addressOf(v.Address)
	if err != nil {
		return err
	}
	return db.QueryRowContext(ctx, "select coalesce(min(from_block), 0) from raw.coverage where chain_id = ? and filter = ?",
		int64(v.ChainID), newFilter(own, nil, 0).digest).Scan(&v.StartBlock)
}

// recallContracts are those that an earlier night knew besides the vault and its
// Safe. The proxy's beacon and admin, the asset and the Safe's modules may be among
// them, which no config names. The vault may have had another id then.
func recallContracts(ctx context.Context, db *sql.DB, v *Vault) (found []Contract, err error) {
	rows, err := db.QueryContext(ctx, `
select address, role, family, name, is_shared
from raw.contracts
where
    vault_id in (select vault_id from raw.contracts where chain_id = ? and address = ? and role = ?)
    and role not in (?, ?) and pool_id = '' and coins = ''
order by address, role`, int64(v.ChainID), strings.ToLower(v.Address), roleVault, roleVault, roleSafe)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var c Contract
		if err := rows.Scan(&c.Address, &c.Role, &c.Family, &c.Name, &c.Shared); err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	return found, rows.Err()
}

// follow adds the contracts around the vault that the config does not name: an upgrade
// of what stands behind a beacon is logged there, not by the vault.
func (v *Vault) follow(found []Contract) {
	v.Contracts = slices.Clone(v.Contracts)
	for _, c := range found {
		named := func(other Contract) bool { return strings.EqualFold(other.Address, c.Address) }
		if !slices.ContainsFunc(v.Contracts, named) && !strings.EqualFold(c.Address, v.Address) {
			v.Contracts = append(v.Contracts, c)
		}
	}
}

// learn fills in what the config does not say.
func (v *Vault) learn(family, assetSymbol string, assetDecimals, shareDecimals int, safe string) {
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
