package vault

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	models "github.com/vaultperf/vaultperf/sql"
)

// Write rewrites raw.vaults, raw.asset_prices, raw.asset_references, raw.synchronous and
// raw.contracts.
func Write(ctx context.Context, conn *sql.Conn, vaults []Vault) error {
	if _, err := conn.ExecContext(ctx, "delete from raw.vaults"); err != nil {
		return fmt.Errorf("write vaults: %w", err)
	}
	err := models.Append(ctx, conn, "raw", "vaults", func(add func(values ...any) error) error {
		for i, v := range vaults {
			var safe any
			if v.Safe != "" {
				safe = v.Safe
			}
			err := add(v.ID, int32(i+1), int64(v.ChainID), v.Address, v.Name, v.Family, v.AssetSymbol,
				int32(v.AssetDecimals), int32(v.ShareDecimals), safe)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := writeAssetPrices(ctx, conn, vaults); err != nil {
		return err
	}
	if err := writeReferences(ctx, conn, vaults); err != nil {
		return err
	}
	if err := writeSynchronous(ctx, conn, vaults); err != nil {
		return err
	}
	return WriteContracts(ctx, conn, vaults)
}

func writeSynchronous(ctx context.Context, conn *sql.Conn, vaults []Vault) error {
	if _, err := conn.ExecContext(ctx, "delete from raw.synchronous"); err != nil {
		return fmt.Errorf("write which vaults redeem at once: %w", err)
	}
	for _, v := range vaults {
		if v.IsSynchronous == nil {
			continue
		}
		if _, err := conn.ExecContext(ctx, "insert into raw.synchronous values (?, ?)", v.ID, *v.IsSynchronous); err != nil {
			return fmt.Errorf("write which vaults redeem at once: %w", err)
		}
	}
	return nil
}

func writeAssetPrices(ctx context.Context, conn *sql.Conn, vaults []Vault) error {
	if _, err := conn.ExecContext(ctx, "delete from raw.asset_prices"); err != nil {
		return fmt.Errorf("write asset prices: %w", err)
	}
	for _, v := range vaults {
		if v.AssetPrice == "" {
			continue
		}
		if _, err := conn.ExecContext(ctx, "insert into raw.asset_prices values (?, ?)", v.ID, v.AssetPrice); err != nil {
			return fmt.Errorf("write asset prices: %w", err)
		}
	}
	return nil
}

func writeReferences(ctx context.Context, conn *sql.Conn, vaults []Vault) error {
	if _, err := conn.ExecContext(ctx, "delete from raw.asset_references"); err != nil {
		return fmt.Errorf("write references: %w", err)
	}
	for _, v := range vaults {
		if v.Reference == "" {
			continue
		}
		if _, err := conn.ExecContext(ctx, "insert into raw.asset_references values (?, ?)", v.ID, v.Reference); err != nil {
			return fmt.Errorf("write references: %w", err)
		}
	}
	return nil
}

// WriteContracts rewrites raw.contracts.
func WriteContracts(ctx context.Context, conn *sql.Conn, vaults []Vault) error {
	if _, err := conn.ExecContext(ctx, "delete from raw.contracts"); err != nil {
		return fmt.Errorf("write contracts: %w", err)
	}
	err := models.Append(ctx, conn, "raw", "contracts", func(add func(values ...any) error) error {
		for _, v := range vaults {
			for _, c := range v.All() {
				err := add(v.ID, int64(v.ChainID), strings.ToLower(c.Address), c.Role, c.Family, c.Name, c.Shared,
					strings.ToLower(c.PoolID), strings.ToLower(strings.Join(c.Coins, ",")))
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	return err
}
