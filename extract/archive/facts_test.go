package archive

import (
	"path/filepath"
	"testing"

	"github.com/vaultperf/vaultperf/extract/input"
	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// TestFacts imports what stands behind prices: every row is kept, set aside or refuses
// the file with its line, by the same rules for all kinds. alUSD has 6 decimals.
func TestFacts(t *testing.T) {
	const (
		facts       = "select line, vault_id, is_alone, fact, amount::varchar, amount_usd, fraction from raw.reading_facts order by line, fact"
		markets     = "select line, chain_id, market, unit, supply, borrow, liquidity, utilisation, collateral, collateral_amount, loan_token from raw.markets order by line"
		allocations = "select line, vault_id, market, assets::varchar, assets_usd, is_inexact from raw.allocations order by line"
		prices      = "select line, chain_id, token, price, quote_token from raw.token_prices order by line"
	)
	units := func(pairs ...string) RowRules {
		u := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			u[pairs[i]] = pairs[i+1]
		}
		return RowRules{Units: u}
	}
	for _, c := range []struct {
		name, query string
		with        Archive
		text        string
		want        []string // rows, or the refusal
		aside       int64
	}{
		{
			"readings with a price and without", facts,
			Archive{Rows: units("withdrawable_assets", "asset", "idle_assets", "usd", "utilisation", "percent")},
			"vault,observed_at,share_price,total_assets,lost_assets,idle_assets,withdrawable_assets,utilisation\n" +
				"alusd,1756980000,1.5,900,7,2.5,0.000002,93\n" +
				"alusd,1756983600,,800,0,,NaN,\n" + // kept for its loss of nothing
				"alusd,1756987200,,800,,,,\n" + // a failed read
				"alusd,1756990800,1.5,,,,,\n" + // a price alone
				"alusd,1756994400,,,,,n/a,0.5%\n",
			[]string{
				"2|alusd|false|idle_assets|NULL|2.5|NULL", "2|alusd|false|lost_assets|7|NULL|NULL", "2|alusd|false|total_assets|900|NULL|NULL",
				"2|alusd|false|utilisation|NULL|NULL|0.93", "2|alusd|false|withdrawable_assets|2|NULL|NULL",
				"3|alusd|true|lost_assets|0|NULL|NULL", "3|alusd|true|total_assets|800|NULL|NULL",
				"6|alusd|true|utilisation|NULL|NULL|0.005",
			},
			1,
		},
		{
			"readings of nothing but facts", facts,
			Archive{Vault: "alusd", Columns: map[string]string{"withdrawable_assets": "available_liquidity"}, Rows: RowRules{Where: map[string]string{"ok": "1"}, DateFormat: "%d.%m.%Y", Comment: "#"}},
			"observed_at,available_liquidity,ok\n# a note\n04.09.2025,12,1\n04.09.2025,x,0\n",
			[]string{"3|alusd|true|withdrawable_assets|12|NULL|NULL"},
			0,
		},
		{
			"a file of facts without one in a row", facts,
			Archive{Vault: "alusd"},
			"observed_at,lost_assets\n2025-09-04,\n2025-09-05,1\n",
			[]string{"3|alusd|true|lost_assets|1|NULL|NULL"},
			1,
		},
		{"a negative loss", facts, Archive{Vault: "alusd"}, "observed_at,lost_assets\n2025-09-04,-1\n", []string{`f:2: want lost_assets as a whole number from 0 to 2^256-1, got "-1"`}, 0},
		{"per cent that nobody says are", facts, Archive{Vault: "alusd"}, "observed_at,utilisation\n2025-09-04,93\n", []string{`f:2: want utilisation as a fraction (0.93), or per cent (93%) or with units, got "93"`}, 0},
		{
			"markets", markets,
			Archive{Kind: input.KindMarkets, ChainID: 1, Columns: map[string]string{"utilisation": "utilization"}, Rows: units("supply", "usd", "borrow", "usd", "liquidity", "usd")},
			"market,observed_at,supply,borrow,liquidity,utilization,collateral,collateral_amount,loan_token,chain_id\n" +
				"0xABC,1756980000,100.5,50.25,50.25,0.5,xUSD,1e3,0xDEF,42161\n" +
				"a,1756980000,100,,0,,,,,\n" +
				"a,1756980000,100,,,,xUSD,3,,\n" + // no state
				"b,1756980000,,,,100%,,,,\n",
			[]string{
				"2|42161|0xabc|usd|100.5|50.25|50.25|0.5|xUSD|1000|0xdef", "3|1|a|usd|100|NULL|0|NULL|NULL|NULL|NULL",
				"5|1|b|usd|NULL|NULL|NULL|1|NULL|NULL|NULL",
			},
			1,
		},
		{"markets of two units", markets, Archive{Kind: input.KindMarkets, Rows: units("supply", "usd")}, "market,observed_at,supply,borrow\n", []string{"f: want supply, borrow and liquidity in one unit, got columns market, observed_at, supply, borrow"}, 0},
		{"markets without a state", markets, Archive{Kind: input.KindMarkets}, "market,observed_at,supply\n", []string{"f: want a column utilisation, or supply with borrow or liquidity, got columns market, observed_at, supply"}, 0},
		{"a market without a name", markets, Archive{Kind: input.KindMarkets}, "market,observed_at,utilisation\nm,2025-09-04,1\n,2025-09-04,1\n", []string{`f:3: want market as 1 to 100 printable characters, got ""`}, 0},
		{"a market's amount", markets, Archive{Kind: input.KindMarkets}, "market,observed_at,supply,borrow\nm,2025-09-04,1,inf\n", []string{`f:2: want borrow as a finite number not below 0, got "inf"`}, 0},
		{"a market to come", markets, Archive{Kind: input.KindMarkets}, "market,observed_at,utilisation\nm,2026-09-04,1\n", []string{`f:2: want observed_at as a time not after 2026-01-01T00:00:00Z, got "2026-09-04"`}, 0},
		{
			"allocations", allocations,
			Archive{Kind: input.KindAllocations, Rows: units("assets", "asset")},
			"vault,observed_at,market,venue,assets\nalusd,2025-09-04,0xAB,,1.5\nalusd,2025-09-04,,Aave,0\nalusd,2025-09-04,m,,\nnobody,2025-09-04,m,,1\n",
			[]string{"2|alusd|0xab|1500000|NULL|true", "3|alusd|Aave|0|NULL|false"},
			2,
		},
		{
			"allocations in US dollars, as JSON", allocations,
			Archive{Kind: input.KindAllocations, Vault: "alusd", Columns: map[string]string{"assets": "usd"}, Rows: units("assets", "usd")},
			`[{"observed_at":1756980000,"market":"m","usd":12.5},{"observed_at":1756980000,"market":"n","usd":null}]`,
			[]string{"1|alusd|m|NULL|12.5|true"},
			1,
		},
		{"allocations to nothing", allocations, Archive{Kind: input.KindAllocations}, "vault,observed_at,assets\n", []string{"f: want a column market or venue, got columns vault, observed_at, assets"}, 0},
		{"allocations of nobody", allocations, Archive{Kind: input.KindAllocations}, "observed_at,assets,market\n", []string{"f: want a column vault, or the archive's vault in the config, got columns observed_at, assets, market"}, 0},
		{"an allocation's amount", allocations, Archive{Kind: input.KindAllocations, Vault: "alusd"}, "observed_at,assets,venue\n2025-09-04,1.5,v\n", []string{`f:2: want assets as a whole number from 0 to 2^256-1, got "1.5"`}, 0},
		{
			"prices", prices,
			Archive{Kind: input.KindPrices, Columns: map[string]string{"price": "price_usd"}},
			"chain_id,token,observed_at,price_usd,quote_token\n1,0xAB,2025-09-04,0.999,USD\n,xUSD,2025-09-04,0,USDC\n,xUSD,2025-09-04,,\n,xUSD,2025-09-04,1e40,\n",
			[]string{"2|1|0xab|0.999|NULL", "3|NULL|xUSD|0|USDC"},
			2,
		},
		{"a price of nothing", prices, Archive{Kind: input.KindPrices}, "token,observed_at,price\nt\x1b,2025-09-04,1\n", []string{`f:2: want token as 1 to 100 printable characters, got "t\x1b"`}, 0},
		{"a price that is none", prices, Archive{Kind: input.KindPrices}, "token,observed_at,price\nt,2025-09-04,-1\n", []string{`f:2: want price as a finite number not below 0, got "-1"`}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn := sqltest.OpenConn(t)
			got, err := importInto(t.Context(), t, conn, readingsFile(t, "f", []byte(c.text), c.with))
			if err != nil {
				sqltest.EqualLines(t, []string{err.Error()}, c.want...)
				return
			}
			sqltest.EqualLines(t, sqltest.Lines(t, conn, c.query), c.want...)
			aside := int64(0)
			for _, a := range got.aside {
				aside += a.rows
			}
			if aside != c.aside || got.read != got.kept+got.filtered+aside {
				t.Errorf("%+v, %d set aside", got, aside)
			}
		})
	}
}

// TestOneFileOfFacts: a file serves archives of several kinds, each of which is replaced
// and counted as a file of its own.
func TestOneFileOfFacts(t *testing.T) {
	db, err := models.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	conn := sqltest.OpenConn(t)
	for _, c := range []struct{ utilisation, state, want string }{
		{"0.25", input.StateNew, "0.25 0.5"}, {"0.25", input.StateUnchanged, "0.25 0.5"}, {"0.75", input.StateReplaced, "0.75 0.5"},
	} {
		content := parquetFile(t, conn, "select 'm' as market, date '2025-09-04' as observed_at, "+c.utilisation+" as utilisation, 'xUSD' as token, 0.5::double as price")
		in := readingsFile(t, "all.parquet", content, Archive{})
		var archives []Archive
		for _, kind := range []string{input.KindMarkets, input.KindPrices} {
			archives = append(archives, Archive{Dir: filepath.Dir(in.file), Path: "all.parquet", Kind: kind})
		}
		files, err := tryImport(t.Context(), db, Options{Vaults: readingVaults, Archives: archives, Now: readingsNow})
		if err != nil || len(files) != 2 || files[0].State != c.state || files[0].Kind != input.KindMarkets || files[1].Kind != input.KindPrices {
			t.Fatalf("%+v, %v", files, err)
		}
		var got string
		if err := db.QueryRowContext(t.Context(), "select utilisation || ' ' || price from raw.markets, raw.token_prices").Scan(&got); err != nil || got != c.want {
			t.Errorf("got %s, want %s, %v", got, c.want, err)
		}
	}
}
