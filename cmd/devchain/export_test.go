package main

import (
	"database/sql"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/extract"
	"github.com/vaultperf/vaultperf/extract/testchain"
	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// exportedVaults are the exported vaults and their contracts as a config names
// them.
func exportedVaults(c *testchain.Chain) []extract.Vault {
	var out []extract.Vault
	for _, id := range testchain.Exported {
		v := c.Vault(id)
		e := extract.Vault{
			ID: v.ID, Name: v.Name, ChainID: testchain.ChainID, Address: strings.ToLower(v.Address.Hex()), Family: v.Family,
			AssetSymbol: "dUSD", AssetDecimals: v.AssetDecimals, ShareDecimals: v.ShareDecimals, Safe: strings.ToLower(v.Safe.Hex()),
		}
		for _, k := range v.Contracts(c) {
			e.Contracts = append(e.Contracts, extract.Contract{
				Address: strings.ToLower(k.Address.Hex()), Role: k.Role, Family: k.Family, Name: k.Name, Shared: k.Shared,
			})
		}
		out = append(out, e)
	}
	return out
}

// What is exported is read and decoded whole by the real extract, and holds what
// was built in.
func TestExportIsRead(t *testing.T) {
	c := startWhole(t)
	dir := t.TempDir()
	if err := c.Export(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	db, err := models.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	files, err := extract.Run(t.Context(), db, extract.Options{
		Vaults: exportedVaults(c),
		Archives: []extract.Archive{
			{Dir: dir, Path: testchain.LogsFile, ChainID: testchain.ChainID, Format: "auto"}, {Dir: dir, Path: testchain.ReadingsFile, Format: "auto"},
		},
		Now: c.LastDay.AddDate(0, 0, 2),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.SetAside > 0 || f.Kept == 0 || f.Kept+f.Filtered != f.Read {
			t.Errorf("%+v", f)
		}
	}
	if n := count(t, db, "select count(*) from raw.undecoded"); n > 0 {
		t.Errorf("%d logs are not decoded", n)
	}
	for _, id := range testchain.Exported {
		checkExported(t, db, c.Vault(id))
	}
}

func count(t *testing.T, db *sql.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// checkExported compares a vault's decoded events and its readings with the truth.
func checkExported(t *testing.T, db *sql.DB, v *testchain.Vault) {
	t.Helper()
	want := map[string]int{}
	for _, s := range v.Truth.Settlements {
		want["TotalAssetsUpdated"]++
		if s.Deposited.Sign() > 0 {
			want["SettleDeposit"]++
		}
		if s.Withdrawn.Sign() > 0 {
			want["SettleRedeem"]++
		}
		if s.HighWaterMark.Cmp(s.HighWaterMarkBefore) != 0 {
			want["HighWaterMarkUpdated"]++
		}
	}
	for _, r := range v.Truth.Requests {
		want[map[string]string{"deposit": "DepositRequest", "redeem": "RedeemRequest"}[r.Kind]]++
	}
	for _, k := range v.Truth.Changes {
		if k.Contract == v.Address {
			want[k.Event]++
		}
	}
	address := strings.ToLower(v.Address.Hex())
	for event, n := range want {
		if got := count(t, db, "select count(*) from raw.events where address = ? and event = ?", address, event); got != n {
			t.Errorf("%s: %d %s, want %d", v.ID, got, event, n)
		}
	}

	rows, err := db.QueryContext(t.Context(), `select block_number, epoch(observed_at)::bigint, total_assets::varchar, total_supply::varchar
		from raw.readings where vault_id = ? order by observed_at`, v.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var got, readings []string
	for rows.Next() {
		var block, seconds int64
		var assets, supply string
		if err := rows.Scan(&block, &seconds, &assets, &supply); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%d %d %s %s", block, seconds, assets, supply))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, day := range v.Truth.Closes {
		if day.TotalSupply.Cmp(new(big.Int)) > 0 {
			readings = append(readings, fmt.Sprintf("%d %d %d %d", day.Block, day.Time.Unix(), day.TotalAssets, day.TotalSupply))
		}
	}
	sqltest.EqualList(t, v.ID+" readings", got, readings)
}
