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
// says of the contract, and with it decimals that the config leaves out.
func resolveFamilies(ctx context.Context, db *sql.DB, opt Options) ([]Vault, error) {
	vaults := slices.Clone(opt.Vaults)
	for i := range vaults {
		v := &vaults[i]
		if v.Family != FamilyAuto {
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
		d, err := DiscoverVault(ctx, opt.Nodes[at], v.Address)
		if err != nil {
			return nil, fmt.Errorf("find the family of vault %s: %w", v.ID, err)
		}
		v.learn(d.Family, d.AssetSymbol, d.AssetDecimals, d.ShareDecimals, d.Safe)
	}
	return vaults, nil
}

// recall takes what an earlier night found out.
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
	v.learn(family, symbol, asset, share, safe.String)
	return true, nil
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
