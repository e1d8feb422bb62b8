package main

import (
	"database/sql"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract"
	"github.com/vaultperf/vaultperf/extract/testchain"
	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/sql/sqltest"
	"github.com/vaultperf/vaultperf/transform"
)

// ratedFromNode finds out what the rated vault is, and reads it from the chain's node.
func ratedFromNode(t *testing.T, c *testchain.Chain) *sql.DB {
	t.Helper()
	v := c.Vault("synthetic-rated")
	return importRated(t, c, extract.Options{
		Vaults: []extract.Vault{{ID: v.ID, ChainID: testchain.ChainID, Address: lower(v.Address), Family: "auto", AssetDecimals: -1, ShareDecimals: -1}},
		Nodes:  []extract.Node{{ChainID: testchain.ChainID, URLs: []string{c.URL}, Archive: true, Verify: 3}},
	})
}

// ratedFromFiles has its logs alone.
func ratedFromFiles(t *testing.T, c *testchain.Chain) *sql.DB {
	t.Helper()
	logs, err := c.ExportLogs(t.Context(), "synthetic-rated")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "logs.ndjson.gz"), logs, 0o600); err != nil {
		t.Fatal(err)
	}
	v := c.Vault("synthetic-rated")
	one := extract.Vault{
		ID: v.ID, ChainID: testchain.ChainID, Address: lower(v.Address), Family: v.Family, AssetSymbol: "rUSD",
		AssetDecimals: v.AssetDecimals, ShareDecimals: v.ShareDecimals,
	}
	for _, k := range v.Contracts(c) {
		one.Contracts = append(one.Contracts, extract.Contract{Address: lower(k.Address), Role: k.Role, Family: k.Family, Name: k.Name, Shared: k.Shared})
	}
	return importRated(t, c, extract.Options{
		Vaults:   []extract.Vault{one},
		Archives: []extract.Archive{{Dir: dir, Path: "logs.ndjson.gz", ChainID: testchain.ChainID, Format: "auto", Complete: true}},
	})
}

func importRated(t *testing.T, c *testchain.Chain, opt extract.Options) *sql.DB {
	t.Helper()
	db, err := models.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	opt.Now = c.LastDay.AddDate(0, 0, 2)
	if _, err := extract.Run(t.Context(), db, opt); err != nil {
		t.Fatal(err)
	}
	if err := transform.Run(t.Context(), db, transform.Options{AsOf: c.LastDay}); err != nil {
		t.Fatal(err)
	}
	return db
}

// TestRatedVaultIsTold: what a run tells of a Veda vault, from its node and from its
// logs alone, is what was done with it and what its contracts answered.
func TestRatedVaultIsTold(t *testing.T) {
	c := startWhole(t)
	for name, read := range map[string]func(*testing.T, *testchain.Chain) *sql.DB{"Node": ratedFromNode, "Files": ratedFromFiles} {
		t.Run(name, func(t *testing.T) {
			db := read(t, c)
			v := c.Vault("synthetic-rated")
			checkRatedPrices(t, db, v, name == "Node")
			checkRatedFlows(t, db, v)
			checkRatedHolders(t, db, v)
			checkRatedPermissions(t, db, v)
			owed := ""
			if name == "Node" {
				owed = fmt.Sprintf("%.6f", ratio(v.Truth.Closes[len(v.Truth.Closes)-1].FeesOwed, power(6)))
			}
			sqltest.EqualList(t, "fees owed", rowsOf(t, db, "select format('{:.6f}', fees_owed) from marts.vaults"), []string{owed})
			want := []string{"bridged_shares|2", "step_down|1"}
			if name == "Files" { // a day without a post has no log that tells its price
				want = []string{"bridged_shares|2", "days_without_price|19", "low_coverage|103", "step_down|1"}
			}
			sqltest.EqualList(t, "warnings", rowsOf(t, db, "select warning, rows from marts.warnings order by all"), want)
			checkRatedPauses(t, db, v)
		})
	}
}

// checkRatedPrices compares each day's price with what the accountant answered at its
// end, to the last digit that a rate has. Logs alone tell it on days with a post.
func checkRatedPrices(t *testing.T, db *sql.DB, v *testchain.Vault, isDaily bool) {
	t.Helper()
	prices := map[string]float64{}
	for _, row := range rowsOf(t, db, "select price_date, share_price from marts.share_prices where vault_id = ?", v.ID) {
		day, text, _ := strings.Cut(row, "|")
		var price float64
		if _, err := fmt.Sscan(text, &price); err != nil {
			t.Fatal(row, err)
		}
		prices[day] = price // of the inception's day, the last
	}
	posted := map[string]bool{}
	for _, r := range v.Truth.Rates {
		posted[r.Time.Format(time.DateOnly)] = true
	}
	compared := 0
	for _, day := range v.Truth.Closes {
		text := day.Day.Format(time.DateOnly)
		price, isPriced := prices[text]
		if day.TotalSupply.Sign() == 0 {
			if isPriced {
				t.Errorf("%s: priced, and nobody holds a share", text)
			}
			continue
		}
		if isPriced != (isDaily || posted[text]) {
			t.Errorf("%s: priced %t", text, isPriced)
		}
		if isPriced {
			compared++
			isNear(t, text, price, ratio(day.PriceFine, power(18)), 1e-12)
		}
	}
	if compared < 90 {
		t.Errorf("%d prices compared", compared)
	}
	first := v.Truth.Flows[0]
	want := fmt.Sprintf("%s|1.0", first.Time.Format("2006-01-02 15:04:05"))
	sqltest.EqualList(t, "inception", rowsOf(t, db, "select strftime(observed_at at time zone 'UTC', '%Y-%m-%d %H:%M:%S'), share_price from marts.share_prices where is_inception"), []string{want})
}

func power(exponent int64) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(exponent), nil)
}

// checkRatedFlows compares deposits, withdrawals, fees and redemptions, to the unit.
func checkRatedFlows(t *testing.T, db *sql.DB, v *testchain.Vault) {
	t.Helper()
	var flows, fees, redemptions []string
	for _, f := range v.Truth.Flows {
		switch {
		case f.Kind == "deposit" && f.Assets == nil:
			flows = append(flows, fmt.Sprintf("%d|deposit|%s||%d|other_coin", f.Block, lower(f.Who), f.Shares))
		case f.Kind == "deposit":
			flows = append(flows, fmt.Sprintf("%d|deposit|%s|%d|%d|", f.Block, lower(f.Who), f.Assets, f.Shares))
		case f.Kind == "withdraw":
			flows = append(flows, fmt.Sprintf("%d|withdrawal|%s|-%d|-%d|", f.Block, lower(f.Who), f.Assets, f.Shares))
		}
	}
	for _, k := range v.Truth.FeeClaims {
		fees = append(fees, fmt.Sprintf("%d|claim|%.6f|%s", k.Block, ratio(k.Assets, power(6)), lower(k.Receiver)))
	}
	for _, r := range v.Truth.Requests {
		status, settled, waited, price := "settled", fmt.Sprint(r.Settled.Block), r.Settled.Time.Sub(r.Time), "|"
		switch {
		case r.IsVoid:
			status, settled, waited = "cancelled", "", 0
		case r.Settled.Block == 0:
			status, settled, waited = "waiting", "", v.Truth.Closes[len(v.Truth.Closes)-1].Day.AddDate(0, 0, 1).Sub(r.Time)
		default:
			price = fmt.Sprintf("%.9f|%.4f", ratio(r.Promised, power(6))/ratio(r.Amount, power(8)), float64(r.Discount)/10_000)
		}
		redemptions = append(redemptions, fmt.Sprintf("%d|%s|%d|%s|%s|%.6f|%s", r.Block, lower(r.Who), r.Amount, status, settled, waited.Hours()/24, price))
	}
	sqltest.EqualList(t, "flows", rowsOf(t, db, "select block_number, kind, holder, assets_raw, shares_raw, reason from marts.flows order by log_position"), flows)
	sqltest.EqualList(t, "fees", rowsOf(t, db, "select block_number, kind, format('{:.6f}', fee_assets), receiver from marts.fees order by log_position"), fees)
	evidence := rowsOf(t, db, "select evidence from marts.claims where claim = 'redemption_at_true_value'")
	if len(evidence) != 1 {
		t.Errorf("%d rows of the claim, want 1", len(evidence))
	}
	for _, row := range evidence {
		for _, want := range []string{"3 redemptions settled", "1 waiting", "the price moved +0.00 % at worst", "an exit fee of up to 0.60 % was kept"} {
			if !strings.Contains(row, want) {
				t.Errorf("the evidence lacks %q: %s", want, row)
			}
		}
	}
	sqltest.EqualList(t, "redemptions", rowsOf(t, db, `select block_number, controller, shares_raw, status, settled_block, format('{:.6f}', coalesce(waited_days, 0)), format('{:.9f}', realised_price), format('{:.4f}', exit_fee)
		from marts.redemptions order by log_position`), redemptions)
}

// checkRatedHolders compares balances; what waits in the queue is of who asked.
func checkRatedHolders(t *testing.T, db *sql.DB, v *testchain.Vault) {
	t.Helper()
	var want, owned []string
	shares := map[string]*big.Int{}
	for who, balance := range v.Truth.Balances {
		want = append(want, fmt.Sprintf("%s|%d", lower(who), balance))
		if who != v.Queue {
			shares[lower(who)] = balance
		}
	}
	for _, r := range v.Truth.Requests {
		if !r.IsVoid && r.Settled.Block == 0 {
			shares[lower(r.Who)] = new(big.Int).Add(shares[lower(r.Who)], r.Amount)
		}
	}
	for who, amount := range shares {
		owned = append(owned, fmt.Sprintf("%s|%.6f", who, ratio(amount, power(8))))
	}
	slices.Sort(want)
	slices.Sort(owned)
	sqltest.EqualList(t, "balances", rowsOf(t, db, "select holder, balance_raw from marts.holders where balance_raw <> '0' order by all"), want)
	sqltest.EqualList(t, "owners", rowsOf(t, db, "select holder, format('{:.6f}', shares) from marts.holders where shares > 0 order by all"), owned)
	sqltest.EqualList(t, "investors", rowsOf(t, db, "select who, format('{:.6f}', shares) from marts.investor_returns where scope = 'holder' and shares > 0 order by all"), owned)
	// only who paid in another coin has no rate of return
	unpriced := rowsOf(t, db, "select who from marts.investor_returns where scope = 'holder' and money_weighted_reason in ('flows_not_priced', 'logs_missing')")
	for _, f := range v.Truth.Flows {
		if f.Assets == nil {
			sqltest.EqualList(t, "unpriced", unpriced, []string{lower(f.Who)})
		}
	}
}

func checkRatedPermissions(t *testing.T, db *sql.DB, v *testchain.Vault) {
	t.Helper()
	var want []string
	for _, k := range v.Truth.Changes {
		if k.Contract != v.Solver { // which has no power of its own
			want = append(want, fmt.Sprintf("%d|%s|%s|%s", k.Block, lower(k.Contract), k.Event, strings.ToLower(k.Tx.Hex())))
		}
	}
	// the teller tells of a seizure where the vault moves the shares
	for _, f := range v.Truth.Flows {
		if f.Kind == "seized" {
			want = append(want, fmt.Sprintf("%d|%s|SharesRemediated|%s", f.Block, lower(v.Teller), strings.ToLower(f.Tx.Hex())))
		}
	}
	slices.Sort(want)
	got := rowsOf(t, db, "select block_number, contract, event, transaction_hash from marts.permissions where vault_id = ?", v.ID)
	slices.Sort(got)
	sqltest.EqualList(t, "permissions", got, want)
	if n := count(t, db, "select count(*) from raw.undecoded"); n > 0 {
		t.Errorf("%d logs are not decoded", n)
	}
}

// checkRatedPauses builds the figures as of a day in each pause, of which no log tells.
func checkRatedPauses(t *testing.T, db *sql.DB, v *testchain.Vault) {
	t.Helper()
	pauses := 0
	for _, n := range v.Truth.Incidents {
		if n.Kind != "paused" {
			continue
		}
		pauses++
		day := n.From.Time.Truncate(24 * time.Hour)
		if err := transform.Run(t.Context(), db, transform.Options{AsOf: day}); err != nil {
			t.Fatal(err)
		}
		want := "accountant|" + n.From.Time.Format("2006-01-02 15:04:05")
		sqltest.EqualList(t, "paused", rowsOf(t, db, "select paused, strftime(paused_since at time zone 'UTC', '%Y-%m-%d %H:%M:%S') from marts.vaults"), []string{want})
		sqltest.EqualList(t, "paused", rowsOf(t, db, "select warning from marts.warnings where warning = 'paused'"), []string{"paused"})
		sqltest.EqualList(t, "paused", rowsOf(t, db, "select evidence like 'paused: accountant;%' from marts.claims where claim = 'fully_liquid'"), []string{"true"})
	}
	if pauses != 2 {
		t.Errorf("%d pauses", pauses)
	}
}
