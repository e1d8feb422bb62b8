package transform

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// addCases adds vaults of testdata/cases to a database, the first of a case or the one after
// a slash, each a year earlier, in blocks of its own and with contracts of its own; the files
// they come from have numbers from file.
func addCases(t testing.TB, db *sql.DB, file int, names ...string) {
	t.Helper()
	for i, name := range names {
		name, vault, isNamed := strings.Cut(name, "/")
		folder := filepath.Join("testdata/cases", name)
		vaults := records(t, filepath.Join(folder, "vaults.csv"))
		chosen := max(0, slices.IndexFunc(vaults, func(r map[string]string) bool { return isNamed && r["vault"] == vault }))
		vault = vaults[chosen]["vault"]
		addVault(t, db, name, vaults[chosen]["family"])
		pairs := []string{"{" + vault + "}", address(t, db, name)}
		for k, r := range records(t, filepath.Join(folder, "contracts.csv")) {
			if r["vault"] != vault {
				continue
			}
			contract := fmt.Sprintf("0x%036x%02x00", i+1, k+1)
			pairs = append(pairs, "{"+r["name"]+"}", contract)
			exec(t, db, "insert into raw.contracts values (?, 1, ?, ?, ?, ?, ?, '', '')", name, contract, r["role"], r["family"], r["name"], r["shared"] == "true")
		}
		named := strings.NewReplacer(pairs...)
		first := int64(200_000_000 + 1_000_000*i)
		logs := map[string][]chainLog{}
		for _, r := range records(t, filepath.Join(folder, "events.csv")) {
			l := chainLog{event: r["event"], at: ptr(moment(t, r["at"]).AddDate(-1, 0, 0)), block: first + integer(t, r["block"]).Int64(), index: integer(t, r["index"]).Int64()}
			l.tx = fmt.Sprintf("0x%064x", l.block)
			if err := json.Unmarshal([]byte(named.Replace(r["arguments"])), &l.arguments); err != nil {
				t.Fatal(err)
			}
			logs[named.Replace(r["contract"])] = append(logs[named.Replace(r["contract"])], l)
		}
		for _, contract := range slices.Sorted(maps.Keys(logs)) {
			if strings.HasPrefix(contract, "{") { // another vault of the case
				continue
			}
			addLogs(t, db, file, contract, logs[contract])
			file++
		}
		for _, r := range records(t, filepath.Join(folder, "states.csv")) {
			exec(t, db, "insert into raw.states values (1, ?, ?, ?, ?, ?, 'ok', nullif(?::varchar, '')::bignum, nullif(?, ''))",
				first+integer(t, r["block"]).Int64(), moment(t, r["at"]).AddDate(-1, 0, 0), named.Replace(r["contract"]), r["field"],
				named.Replace(r["argument"]), r["value"], named.Replace(r["text"]))
		}
		var readings []reading
		for _, r := range records(t, filepath.Join(folder, "readings.csv")) {
			if r["vault"] != vault {
				continue
			}
			readings = append(readings, reading{vault: name, at: moment(t, r["observed_at"]).AddDate(-1, 0, 0), price: decimal(t, r["share_price"])})
		}
		addReadings(t, db, file, readings)
		file++
	}
}

// TestSharesOfHoldersAreTheSupply: what the holders of a vault have is, with what nobody
// is known to own, every share that was made and not burned, and what investors have is
// what holders have.
func TestSharesOfHoldersAreTheSupply(t *testing.T) {
	db := database(t)
	names := []string{"claims_of_erc7540", "holders_of_susde", "holders_of_veda", "flows_of_evk", "burns_without_their_logs"}
	addCases(t, db, 1, names...)
	run(t, db, Options{AsOf: date("2024-03-31")})
	for _, name := range names {
		minted := new(big.Int)
		for _, r := range records(t, filepath.Join("testdata/cases", name, "events.csv")) {
			var arguments map[string]string
			if err := json.Unmarshal([]byte(r["arguments"]), &arguments); err != nil {
				t.Fatal(err)
			}
			if r["event"] != "Transfer" || r["contract"] != "{v}" {
				continue
			}
			if arguments["from"] == "0x0000000000000000000000000000000000000000" {
				minted.Add(minted, integer(t, arguments["value"]))
			}
			if arguments["to"] == "0x0000000000000000000000000000000000000000" {
				minted.Sub(minted, integer(t, arguments["value"]))
			}
		}
		shares, _ := new(big.Rat).SetFrac(minted, wholeShare).Float64()
		got := one[float64](t, db, "select sum(shares) from marts.holders where vault_id = ? and kind != 'unlogged'", name)
		if !near(got, shares) {
			t.Errorf("%s: holders have %v of %v shares", name, got, shares)
		}
		if balances := one[float64](t, db, "select sum(balance) from marts.holders where vault_id = ? and kind != 'unlogged'", name); !near(balances, shares) {
			t.Errorf("%s: balances come to %v of %v shares", name, balances, shares)
		}
		for _, row := range lines(t, db, `
			select holders.holder, holders.shares, investor_returns.shares
			from marts.holders
			inner join marts.investor_returns on holders.vault_id = investor_returns.vault_id and who = holder
			where holders.vault_id = '`+name+`' and not abs(holders.shares - investor_returns.shares) <= 1e-9 * abs(holders.shares)`) {
			t.Errorf("%s: a holder and an investor differ: %s", name, row)
		}
	}
}
