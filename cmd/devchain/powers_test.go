package main

import (
	"database/sql"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract"
	"github.com/vaultperf/vaultperf/extract/testchain"
	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/sql/sqltest"
	"github.com/vaultperf/vaultperf/transform"
)

// runAll exports the chain, imports what was exported, and builds every model.
func runAll(t *testing.T, c *testchain.Chain) *sql.DB {
	t.Helper()
	dir := t.TempDir()
	if err := c.Export(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	vaults := exportedVaults(c)
	for i, id := range testchain.Exported {
		for j, k := range c.Vault(id).Contracts(c) {
			for _, coin := range k.Coins {
				vaults[i].Contracts[j].Coins = append(vaults[i].Contracts[j].Coins, strings.ToLower(coin.Hex()))
			}
		}
	}
	db, err := models.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	_, err = extract.Run(t.Context(), db, extract.Options{
		Vaults: vaults,
		Archives: []extract.Archive{
			{Dir: dir, Path: testchain.LogsFile, ChainID: testchain.ChainID, Format: "auto", Complete: true}, {Dir: dir, Path: testchain.ReadingsFile, Format: "auto"},
		},
		Now: c.LastDay.AddDate(0, 0, 2),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := transform.Run(t.Context(), db, transform.Options{AsOf: c.LastDay}); err != nil {
		t.Fatal(err)
	}
	return db
}

// rowsOf are the rows of a query, their values joined by bars.
func rowsOf(t *testing.T, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "select array_to_string([coalesce(columns(*)::varchar, '')], '|') from ("+query+")", args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		texts := make([]string, len(names))
		into := make([]any, len(names))
		for i := range texts {
			into[i] = &texts[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		out = append(out, strings.Join(texts, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func lower(a common.Address) string { return strings.ToLower(a.Hex()) }

// TestWhatIsToldOfTheVaults: claims, permissions, debts, trades, redemptions and
// allocations come out of the exported logs as they were built in.
func TestWhatIsToldOfTheVaults(t *testing.T) {
	c := startWhole(t)
	db := runAll(t, c)
	good, bad := c.Vault("synthetic-good"), c.Vault("synthetic-bad")

	t.Run("claims", func(t *testing.T) {
		sqltest.EqualList(t, "verdicts", rowsOf(t, db, "select vault_id, claim, verdict from marts.claims order by vault_id desc, position"), []string{
			"synthetic-good|never_borrows|held",
			"synthetic-good|redemption_at_true_value|held",
			"synthetic-good|proportional_claim|held",
			"synthetic-good|secondary_price_does_not_matter|held",
			"synthetic-good|fully_liquid|not provable",
			"synthetic-bad|never_borrows|broken",
			"synthetic-bad|redemption_at_true_value|broken",
			"synthetic-bad|proportional_claim|held",
			"synthetic-bad|secondary_price_does_not_matter|broken",
			"synthetic-bad|fully_liquid|broken",
		})
		sqltest.EqualList(t, "the borrowing's block", rowsOf(t, db, "select broken_block from marts.claims where claim = 'never_borrows' and verdict = 'broken'"),
			[]string{fmt.Sprint(bad.Truth.Debts[0].Block)})
		for _, line := range rowsOf(t, db, "select vault_id, claim, evidence from marts.claims order by all") {
			t.Log(line)
		}
	})
	t.Run("permissions", func(t *testing.T) {
		for _, v := range []*testchain.Vault{good, bad} {
			var want []string
			for _, k := range v.Truth.Changes {
				want = append(want, fmt.Sprintf("%d|%s|%s|%s", k.Block, lower(k.Contract), k.Event, strings.ToLower(k.Tx.Hex())))
			}
			slices.Sort(want)
			got := rowsOf(t, db, "select block_number, contract, event, transaction_hash from marts.permissions where vault_id = ?", v.ID)
			slices.Sort(got)
			sqltest.EqualList(t, v.ID, got, want)
			for _, k := range v.Truth.Changes {
				checkChange(t, db, v, k)
			}
		}
	})
	t.Run("debts", func(t *testing.T) {
		var want []string
		for _, d := range bad.Truth.Debts {
			amount := d.Amount
			if d.Repaid {
				amount = new(big.Int).Neg(amount)
			}
			want = append(want, fmt.Sprintf("synthetic-bad|%d|%s", d.Block, amount))
		}
		sqltest.EqualList(t, "debts", rowsOf(t, db, "select vault_id, block_number, amount_raw from marts.debts order by log_position"), want)
	})
	t.Run("trades", func(t *testing.T) {
		for _, v := range []*testchain.Vault{good, bad} {
			var want []string
			for _, d := range v.Truth.Trades {
				side := "buy"
				if d.Sold {
					side = "sell"
				}
				want = append(want, fmt.Sprintf("%d|%s|%s|%s|%s", d.Block, lower(d.Pool), side, d.Shares, d.Assets))
			}
			sqltest.EqualList(t, v.ID, rowsOf(t, db, "select block_number, pool, side, shares_raw, assets_raw from marts.market_trades where vault_id = ? order by log_position", v.ID), want)
			for i, row := range rowsOf(t, db, "select price, premium, coalesce(price_after, 0) from marts.market_trades where vault_id = ? order by log_position", v.ID) {
				d := v.Truth.Trades[i]
				var price, premium, after float64
				if _, err := fmt.Sscanf(strings.ReplaceAll(row, "|", " "), "%g %g %g", &price, &premium, &after); err != nil {
					t.Fatal(row, err)
				}
				isNear(t, "price", price, ratio(mul(d.Assets, new(big.Int).Exp(big.NewInt(10), big.NewInt(12), nil)), d.Shares), 1e-12)
				isNear(t, "premium", premium, premiumOf(v, d), 1e-6)
				if d.SqrtPriceX96 != nil { // token 1 for token 0, both raw, and the asset has 12 digits less
					raw := ratio(mul(d.SqrtPriceX96, d.SqrtPriceX96), new(big.Int).Lsh(big.NewInt(1), 192))
					if v.Address.Cmp(v.Asset) > 0 {
						raw = 1 / raw
					}
					isNear(t, "price after", after, raw*1e12, 1e-12)
				}
			}
		}
	})
	t.Run("redemptions", func(t *testing.T) {
		for _, v := range []*testchain.Vault{good, bad} {
			var want []string
			for _, r := range v.Truth.Requests {
				if r.Kind != "redeem" {
					continue
				}
				status, settled := "settled", fmt.Sprint(r.Settled.Block)
				switch {
				case r.IsVoid:
					status, settled = "cancelled", ""
				case r.Settled.Block == 0:
					status, settled = "waiting", ""
				}
				passed := 0
				for _, s := range v.Truth.Settlements {
					if s.RedeemSkipped && s.Proposed.Block > r.Block && (r.Settled.Block == 0 || s.Block < r.Settled.Block) {
						passed++
					}
				}
				want = append(want, fmt.Sprintf("%d|%s|%s|%s|%s|%d", r.Block, lower(r.Who), r.Amount, status, settled, passed))
			}
			got := rowsOf(t, db, "select block_number, controller, shares_raw, status, settled_block, times_passed_over from marts.redemptions where vault_id = ? order by log_position", v.ID)
			sqltest.EqualList(t, v.ID, got, want)
			if short := rowsOf(t, db, "select block_number, shortfall from marts.redemptions where vault_id = ? and abs(shortfall) > 1e-6", v.ID); len(short) > 0 {
				t.Errorf("%s: paid for less than their value: %v", v.ID, short)
			}
		}
	})
	t.Run("allocations", func(t *testing.T) { checkAllocations(t, db, c) })
}

// checkChange finds a change by its event and compares what it was and became,
// where that is an address.
func checkChange(t *testing.T, db *sql.DB, v *testchain.Vault, k testchain.Change) {
	t.Helper()
	rows := rowsOf(t, db, `select coalesce(before, ''), coalesce(after, ''), coalesce(subject, ''), epoch(effective_at)::bigint, length(allows) > 10
		from marts.permissions where vault_id = ? and block_number = ? and contract = ? and event = ?`, v.ID, k.Block, lower(k.Contract), k.Event)
	if k.Event == "WhitelistUpdated" { // many in one block
		if !slices.ContainsFunc(rows, func(row string) bool { return strings.HasPrefix(row, "|listed|"+strings.ToLower(k.After)+"|") }) {
			t.Errorf("%s: %v is not whitelisted: %v", v.ID, k.After, rows)
		}
		return
	}
	if len(rows) != 1 {
		t.Errorf("%s: %s in block %d: %v", v.ID, k.Event, k.Block, rows)
		return
	}
	parts := strings.Split(rows[0], "|")
	before, after, subject := parts[0], parts[1], parts[2]
	if k.Event == "RatesUpdated" {
		if before != "management 1.5 %, performance 10 %" || after != "management 2 %, performance 20 %" {
			t.Errorf("rates: %s -> %s", before, after)
		}
		if !k.Effective.IsZero() && parts[3] != fmt.Sprint(k.Effective.Unix()) {
			t.Errorf("rates count from %s, want %s", parts[3], k.Effective)
		}
	}
	if k.Event == "ChangedThreshold" && (before != k.Before || after != k.After) {
		t.Errorf("threshold: %s -> %s, want %s -> %s", before, after, k.Before, k.After)
	}
	for _, pair := range [][2]string{{k.Before, before}, {k.After, after}} {
		if want := strings.ToLower(pair[0]); strings.HasPrefix(want, "0x") && pair[1] != want && subject != want && k.Event != "OwnershipTransferStarted" {
			t.Errorf("%s: %s in block %d: got %v, want %s", v.ID, k.Event, k.Block, rows[0], want)
		}
	}
	if parts[4] != "true" {
		t.Errorf("%s: no words", k.Event)
	}
}

// checkAllocations compares what is at hand at each day's end, and what each venue
// is worth on the days of its moves.
func checkAllocations(t *testing.T, db *sql.DB, c *testchain.Chain) {
	t.Helper()
	units := func(n *big.Int) float64 { return ratio(n, big.NewInt(1_000_000)) }
	for _, id := range testchain.Exported {
		v := c.Vault(id)
		closes := map[string]testchain.Close{}
		for _, day := range v.Truth.Closes {
			closes[day.Day.Format(time.DateOnly)] = day
		}
		compared := map[string]int{}
		for _, row := range rowsOf(t, db, "select price_date, kind, venue, assets, reason from marts.allocations where vault_id = ? order by all", id) {
			parts := strings.Split(row, "|")
			day, kind, venue := closes[parts[0]], parts[1], parts[2]
			var got float64
			if _, err := fmt.Sscan(parts[3], &got); err != nil {
				t.Fatal(row, err)
			}
			switch {
			case kind == "idle":
				isNear(t, row, got, units(day.SafeIdle), 1e-9)
			case kind == "venue" && parts[4] != "not_seen" && day.Venues[common.HexToAddress(venue)] != nil:
				isNear(t, row, got, units(day.Venues[common.HexToAddress(venue)]), 1e-6)
			default:
				continue
			}
			compared[kind]++
		}
		if compared["idle"] < 120 || compared["venue"] < 60 {
			t.Errorf("%s: compared %v", id, compared)
		}
	}
	// every day's rows add up to the vault's assets
	if wrong := rowsOf(t, db, "select vault_id, price_date from marts.allocations group by all having abs(sum(share_of_assets) - 1) > 1e-9 limit 3"); len(wrong) > 0 {
		t.Errorf("do not add up: %v", wrong)
	}
}

func isNear(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance*math.Max(1, math.Abs(want)) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}
