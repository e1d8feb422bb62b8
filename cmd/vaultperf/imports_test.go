package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestOthersExports: files of other people's programs are imported by what the config says
// of them alone: eth_defi's scanner, and daily prices of Morpho vaults in the weeks in which
// many of them lost what they had lent. The figures are those that PROVENANCE of each
// states.
func TestOthersExports(t *testing.T) {
	data, err := filepath.Abs("../../../shared/data")
	if err != nil {
		t.Fatal(err)
	}
	listed, err := os.Open(filepath.Join(data, "morpho-depeg-2025", "vaults.csv"))
	if err != nil {
		t.Skip("needs ../shared/data beside the repository")
	}
	defer func() { _ = listed.Close() }()
	rows, err := csv.NewReader(listed).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const vaultik = "0x76b2406d29f1a2be4db638abbd5c7cab2ee2d8fe"
	var config strings.Builder
	vault := func(id, chain, address, family, symbol string, decimals int) {
		fmt.Fprintf(&config, "[[vault]]\nid = %q\nchain_id = %s\naddress = %q\nfamily = %q\nasset_symbol = %q\nasset_decimals = %d\nshare_decimals = 18\n\n",
			id, chain, address, family, symbol, decimals)
	}
	config.WriteString("as_of = \"2026-04-06\"\nmax_pages = 1\n\n")
	vault("tau", "1", "0x43a32d4f6c582f281c52393f8f9e5ace1d4a1e68", "erc4626", "USDC", 6)
	for _, row := range rows[1:] {
		vault(row[1], row[0], row[1], "metamorpho", row[4], 6)
		if row[1] == vaultik {
			config.WriteString("synchronous = false\n\n")
		}
	}
	fmt.Fprintf(&config, `[[archive]]
path = %q

[archive.columns]
vault = "address"
chain_id = "chain"
observed_at = "timestamp"
idle_assets = "available_liquidity"

[archive.units]
total_assets = "asset"
total_supply = "asset"
idle_assets = "asset"

[[archive]]
path = %q

[archive.columns]
vault = "vault_address"
observed_at = "timestamp"
total_assets = "total_assets_native"

[archive.units]
total_assets = "asset"

[[archive]]
path = %q
kind = "markets"

[archive.columns]
market = "market_unique_key"
observed_at = "timestamp"
supply = "supply_assets_usd"
borrow = "borrow_assets_usd"
liquidity = "liquidity_assets_usd"
utilisation = "utilization"
collateral = "collateral_symbol"

[archive.units]
supply = "usd"
borrow = "usd"
liquidity = "usd"

[[archive]]
path = %q
kind = "allocations"

[archive.columns]
vault = "vault_address"
market = "market_unique_key"
observed_at = "timestamp"
assets = "supply_assets_usd"

[archive.units]
assets = "usd"

[[archive]]
path = %q
kind = "prices"
columns = { token = "symbol", observed_at = "timestamp", price = "price_usd" }
`, filepath.Join(data, "eth-defi-ipor-tau", "*.parquet"), filepath.Join(data, "morpho-depeg-2025", "share_prices_daily.csv"),
		filepath.Join(data, "morpho-depeg-2025", "markets_daily.csv"),
		filepath.Join(data, "morpho-depeg-2025", "allocations_daily.csv"),
		filepath.Join(data, "morpho-depeg-2025", "collateral_prices_daily.csv"))
	folder := t.TempDir()
	file := filepath.Join(folder, "vaults.toml")
	if err := os.WriteFile(file, []byte(config.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(folder, "out")
	clock := time.Date(2026, 4, 7, 9, 0, 0, 0, time.UTC)
	if got := callWith(t, clock, "", "run", "--config", file, "--out", out); got.code != exitDone {
		t.Fatalf("exit %d\n%s", got.code, got.stderr)
	}
	for query, want := range map[string]string{
		"select rows_read, rows_kept, rows_filtered, rows_set_aside from marts.imports order by rows_read": "379,379,0,0\n422,422,0,0\n857,857,0,0\n1084,1084,0,0\n3290,3290,0,0\n",
		// of whatever most is in markets that are lent out in full; all others never
		`select vaults.name, min(day), round(arg_min(stuck_share, day), 4)
from marts.backing inner join marts.vaults using (vault_id)
where verdict = 'illiquid'
group by vaults.name
order by min(day)`: "0x3014ed70b39be395e1a5eb8ab4c4b8a5378e6522,2025-10-31,0.8102\n" + // Not Gauntlet
			"0x55555815a5595991c3a0ff119b59aef6c8b55555,2025-11-01,0.7775\n" + // Adpend
			"0x94643e86aa5e38ddac6c7791c1297f4e40cd96c1,2025-11-05,1\n" + // 1337
			"0x1265a81d42d513df40d0031f8f2e1346954d665a,2025-11-07,1\n" + // MEV Capital Elixir
			"0x0f359fd18bda75e9c49bc027e7da59a4b01bf32a,2025-11-08,0.7528\n", // Relend
		// as much of Vaultik is stuck, but the config says that it does not redeem at once
		"select is_synchronous, verdict, count(*), min(day), max(day) from marts.backing where vault_id = '" + vaultik + "' and stuck_share >= 0.5 group by all": "false,unknown,30,2025-11-03,2025-12-02\n",
		// what is idle is no bound of what comes out: it went down to nothing, and back
		"select verdict, round(min(idle_assets)), round(max(idle_assets)), max(utilisation), count(*) > 50 from marts.backing where vault_id = 'tau' group by verdict": "unknown,0,339987,1,true\n",
		"select count(*) from marts.backing where verdict in ('unbacked', 'impaired')":                                                                                 "0\n",
		"select distinct verdict, reason from marts.backing where day = '2026-04-06' and vault_id != 'tau'":                                                            "unknown,nothing_looked_at\n",
		"select round(share_price, 6), total_assets > 0 from marts.vaults where vault_id = 'tau'":                                                                      "1.057313,true\n",
		"select count(*) from marts.vaults where vault_id != 'tau' and price_points_count > 90":                                                                        "23\n",
		`select vaults.name, round(100 * max_drawdown, 2)
from marts.performance inner join marts.vaults using (vault_id)
where period = 'itd' and max_drawdown < -0.01 and vault_id != 'tau'
order by max_drawdown`: "0x0f359fd18bda75e9c49bc027e7da59a4b01bf32a,-98.43\n0xd63070114470f685b75b74d60eec7c1113d33a3d,-3.54\n",
	} {
		got := mustCall(t, exitDone, "sql", "--out", out, "--format", "csv", query).stdout
		if _, got, _ = strings.Cut(got, "\n"); got != want {
			t.Errorf("%s\ngot  %q\nwant %q", query, got, want)
		}
	}
}
