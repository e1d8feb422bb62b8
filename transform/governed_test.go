package transform

import (
	"database/sql"
	"fmt"
	"testing"
	"time"
)

// addGoverned adds a Lagoon vault with a Safe, and everything that other
// contracts can tell of it: an owner, a venue, a debt, a market, a reward.
func addGoverned(t testing.TB, db *sql.DB) {
	t.Helper()
	addVault(t, db, "governed", "lagoon")
	const (
		safe, usdc, venue = "0x000000000000000000000000000000000000a000", "0x000000000000000000000000000000000000a100", "0x000000000000000000000000000000000000a200"
		pool, aave, arb   = "0x000000000000000000000000000000000000a300", "0x000000000000000000000000000000000000a400", "0x000000000000000000000000000000000000a500"
		nobody            = "0x0000000000000000000000000000000000000000"
		roles, timelock   = "0x000000000000000000000000000000000000a600", "0x000000000000000000000000000000000000a700"
	)
	vault := address(t, db, "governed")
	for _, c := range [][4]string{
		{safe, "safe", "safe", ""},
		{usdc, "asset", "erc20", ""},
		{venue, "venue", "erc4626", ""},
		{pool, "pool", "curve", vault + "," + usdc},
		{aave, "lending", "aave_v3", ""},
		{arb, "reward", "erc20", ""},
		{roles, "roles", "zodiac_roles", ""},
		{timelock, "governor", "timelock", ""},
	} {
		exec(t, db, "insert into raw.contracts values ('governed', 1, ?, ?, ?, 'a contract', ? = 'erc20', '', ?)", c[0], c[1], c[2], c[2], c[3])
		exec(t, db, "insert into raw.spans values (1, 'logs/*', 1, ?, 9, 1, 100, true)", c[0])
	}
	exec(t, db, "insert into raw.states values (1, 7, '2024-03-07', ?, 'totalAssets', '', 'ok', 1100000001::bignum, null), (1, 7, '2024-03-07', ?, 'totalSupply', '', 'ok', 1000000000000000000000::bignum, null)", vault, vault)
	logs := map[string][]chainLog{}
	add := func(contract, event string, block int64, arguments map[string]any) {
		at := date("2024-03-01").Add(time.Duration(block) * 24 * time.Hour)
		logs[contract] = append(logs[contract], chainLog{
			block: block, index: int64(len(logs[contract])) + 100*int64(len(logs)), tx: fmt.Sprintf("0x%064x", block), event: event, at: &at, arguments: arguments,
		})
	}
	move := func(from, to, value string) map[string]any {
		return map[string]any{"from": from, "to": to, "value": value}
	}
	const shares = "1000000000000000000000"
	add(vault, "OwnershipTransferred", 1, map[string]any{"previousOwner": nobody, "newOwner": safe})
	add(vault, "NewTotalAssetsUpdated", 1, map[string]any{"totalAssets": "0"})
	add(vault, "TotalAssetsUpdated", 2, map[string]any{"totalAssets": "0"})
	add(vault, "Transfer", 2, move(nobody, vault, shares))
	add(vault, "SettleDeposit", 2, map[string]any{
		"epochId": "1", "settledId": "1", "totalAssets": "1000000000", "totalSupply": shares, "assetsDeposited": "1000000000", "sharesMinted": shares,
	})
	add(usdc, "Transfer", 2, move(nobody, safe, "1000000000"))
	add(venue, "Deposit", 3, map[string]any{"sender": safe, "owner": safe, "assets": "500000000", "shares": "500000000"})
	add(usdc, "Transfer", 3, move(safe, venue, "500000000"))
	add(aave, "Borrow", 4, map[string]any{"reserve": usdc, "onBehalfOf": safe, "amount": "5"})
	add(arb, "Transfer", 4, move(nobody, safe, "5"))
	add(pool, "TokenExchange", 5, map[string]any{"sold_id": "0", "tokens_sold": "1000000000000000000", "bought_id": "1", "tokens_bought": "990000"})
	add(pool, "TokenExchange", 5, map[string]any{"sold_id": "0", "tokens_sold": "10000000000000000000", "bought_id": "1", "tokens_bought": "9900000"})
	add(vault, "RedeemRequest", 5, map[string]any{"controller": safe, "owner": safe, "requestId": "2", "sender": safe, "shares": "5"})
	add(vault, "NewTotalAssetsUpdated", 6, map[string]any{"totalAssets": "1100000000"})
	add(vault, "TotalAssetsUpdated", 7, map[string]any{"totalAssets": "1100000000"})
	add(roles, "AssignRoles", 7, map[string]any{"module": safe, "roleKeys": []string{"0x6b"}, "memberOf": []bool{true}})
	add(timelock, "CallScheduled", 7, map[string]any{"id": "0x1d", "index": "0", "target": vault, "value": "0", "data": "0x8456cb59", "delay": "60"})
	for i, contract := range []string{vault, safe, usdc, venue, pool, aave, arb, roles, timelock} {
		addLogs(t, db, 10+i, contract, logs[contract])
	}
}

// addReopened adds a Lagoon vault that all leave and others enter again.
func addReopened(t testing.TB, db *sql.DB) {
	t.Helper()
	addVault(t, db, "reopened", "lagoon")
	const nobody, silo = "0x0000000000000000000000000000000000000000", "0x0000000000000000000000000000000000000051"
	vault := address(t, db, "reopened")
	var logs []chainLog
	add := func(day int64, event string, arguments ...string) {
		at := date("2024-03-01").AddDate(0, 0, int(day))
		named := map[string]any{}
		for i := 0; i < len(arguments); i += 2 {
			named[arguments[i]] = arguments[i+1]
		}
		logs = append(logs, chainLog{block: 9_000_000 + day, index: int64(len(logs)), tx: fmt.Sprintf("0x%064x", 9_000_000+day), event: event, at: &at, arguments: named})
	}
	enter := func(day int64) {
		add(day, "TotalAssetsUpdated", "totalAssets", "0")
		add(day, "Transfer", "from", nobody, "to", vault, "value", "100000000000000000000000")
		add(day, "SettleDeposit", "epochId", "1", "settledId", "1", "totalAssets", "100000000000", "totalSupply", "100000000000000000000000",
			"assetsDeposited", "100000000000", "sharesMinted", "100000000000000000000000")
	}
	enter(1)
	add(3, "TotalAssetsUpdated", "totalAssets", "110000000000")
	add(3, "Transfer", "from", silo, "to", nobody, "value", "100000000000000000000000")
	add(3, "SettleRedeem", "epochId", "2", "settledId", "2", "totalAssets", "0", "totalSupply", "0",
		"assetsWithdrawed", "110000000000", "sharesBurned", "100000000000000000000000")
	enter(5)
	addLogs(t, db, 20, vault, logs)
}

// addCharged adds a vault whose events state its fees, one that pays them in its asset,
// and one that lacks the event of a deposit.
func addCharged(t testing.TB, db *sql.DB) {
	t.Helper()
	const (
		nobody, holder, manager = "0x0000000000000000000000000000000000000000", "0x000000000000000000000000000000000000b000", "0x000000000000000000000000000000000000b100"
		accountant, usdc        = "0x000000000000000000000000000000000000b200", "0x000000000000000000000000000000000000b300"
		shares                  = "1000000000000000000000"
	)
	for _, v := range [][2]string{{"accruing", "metamorpho"}, {"claiming", "veda"}, {"lacking", "erc4626"}} {
		addVault(t, db, v[0], v[1])
	}
	accruing, claiming, lacking := address(t, db, "accruing"), address(t, db, "claiming"), address(t, db, "lacking")
	exec(t, db, "insert into raw.contracts values ('claiming', 1, ?, 'accountant', 'veda_accountant', 'accountant', false, '', ''), ('claiming', 1, ?, 'asset', 'erc20', 'asset', true, '', ''), ('lacking', 1, ?, 'asset', 'erc20', 'asset', true, '', '')",
		accountant, usdc, usdc)
	logs := map[string][]chainLog{}
	add := func(contract, event string, day int64, arguments map[string]any) {
		at := date("2024-03-01").AddDate(0, 0, int(day))
		n := int64(len(logs[accruing]) + len(logs[claiming]) + len(logs[lacking]) + len(logs[accountant]) + len(logs[usdc]))
		logs[contract] = append(logs[contract], chainLog{
			block: 9_500_000 + day, index: n, tx: fmt.Sprintf("0x%064x", 9_500_000+day), event: event, at: &at, arguments: arguments,
		})
	}
	mint := func(vault string, day int64, to, value string) {
		add(vault, "Transfer", day, map[string]any{"from": nobody, "to": to, "value": value})
	}
	mint(accruing, 1, holder, shares)
	add(accruing, "Deposit", 1, map[string]any{"sender": holder, "owner": holder, "assets": "1000000000", "shares": shares})
	add(accruing, "SetFeeRecipient", 2, map[string]any{"newFeeRecipient": manager})
	mint(accruing, 3, manager, "1000000000000000000")
	add(accruing, "AccrueInterest", 3, map[string]any{"newTotalAssets": "1010000000", "feeShares": "1000000000000000000"})
	mint(claiming, 4, holder, shares)
	add(claiming, "Enter", 4, map[string]any{"from": holder, "asset": usdc, "amount": "1000000000", "to": holder, "shares": shares})
	add(accountant, "FeesClaimed", 5, map[string]any{"feeAsset": usdc, "amount": "1000000"})
	add(usdc, "Transfer", 6, map[string]any{"from": holder, "to": lacking, "value": "1000000000"})
	mint(lacking, 6, holder, shares)
	for i, contract := range []string{accruing, claiming, lacking, accountant, usdc} {
		addLogs(t, db, 30+i, contract, logs[contract])
	}
}

// TestEveryPowerHasAPlace: each term by which somebody gets a power is told in the tree.
func TestEveryPowerHasAPlace(t *testing.T) {
	t.Parallel()
	db := database(t)
	run(t, db, Options{AsOf: date("2025-09-04")})
	if n := one[int](t, db, "select count(distinct term) from intermediate.permission_kinds where kind in ('owner', 'role', 'signer', 'module')"); n < 20 {
		t.Fatalf("%d terms are powers, want more", n)
	}
	equalLines(t, lines(t, db, `
		select distinct term from intermediate.permission_kinds
		anti join intermediate.power_terms using (term)
		where kind in ('owner', 'role', 'signer', 'module')`))
}
