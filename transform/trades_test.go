package transform

import (
	"fmt"
	"math/big"
	"slices"
	"testing"
)

// trades are deposits and withdrawals of a plain ERC-4626 vault, one a day at a
// price that grows by a thousandth each.
func trades(n int) []chainLog {
	var out []chainLog
	for i := range n {
		shares := mul(big.NewInt(int64(3+i)), wholeShare)
		assets := grow(usd(100*int64(3+i)), int64(i*1000))
		at := date("2024-02-10").AddDate(0, 0, i)
		event := "Deposit"
		if i%3 == 2 {
			event = "Withdraw"
		}
		out = append(out, chainLog{
			block: int64(1000 + i), index: int64(i % 5), tx: fmt.Sprintf("0x%064x", i+1), event: event, at: &at,
			arguments: map[string]any{"sender": user, "owner": user, "assets": assets.String(), "shares": shares.String()},
		})
	}
	return out
}

func TestTradePrices(t *testing.T) {
	db := database(t)
	addVault(t, db, "v", "erc4626")
	logs := trades(6)
	// dust prices nothing: under a million raw units of either side
	logs[3].arguments = map[string]any{"assets": "999999", "shares": "1000000000000000000"}
	logs[4].arguments = map[string]any{"assets": "1000000000", "shares": "999999"}
	// the smallest amounts that do
	logs[5].arguments = map[string]any{"assets": "1000000", "shares": "800000000000000000"}
	addLogs(t, db, 1, address(t, db, "v"), logs)
	run(t, db, Options{AsOf: date("2024-03-31")})
	equalLines(t, lines(t, db, `
		select price_date, share_price, total_assets, total_supply, total_assets_raw, block_number, is_inception, source
		from marts.share_prices order by observed_at`),
		"2024-02-10|1.0|null|null|null|1000|true|erc4626_trade",
		"2024-02-11|1.001|null|null|null|1001|false|erc4626_trade",
		"2024-02-12|1.002|null|null|null|1002|false|erc4626_trade",
		"2024-02-15|1.25|null|null|null|1005|false|erc4626_trade",
	)
}

// TestAbsurdEventIsSetAside: one event of a hostile contract must not stop the figures
// of all vaults.
func TestAbsurdEventIsSetAside(t *testing.T) {
	db := database(t)
	addVault(t, db, "v", "erc4626")
	logs := trades(6)
	logs[2].arguments = map[string]any{"assets": new(big.Int).Lsh(big.NewInt(1), 255).String(), "shares": "1000000"}
	logs[4].arguments = map[string]any{"assets": "1000000", "shares": new(big.Int).Lsh(big.NewInt(1), 255).String()}
	addLogs(t, db, 1, address(t, db, "v"), logs)
	addVault(t, db, "l", "lagoon")
	v := newLagoonVault(address(t, db, "l"), hours(0))
	v.management, v.performance = 0, 0
	v.syncDeposit(usd(10_000_00))
	v.begin(hours(24))
	v.settle(new(big.Int).Lsh(big.NewInt(1), 200), true)
	v.begin(hours(48))
	v.emit("TotalAssetsUpdated", "totalAssets", usd(10_001_00).String())
	addLogs(t, db, 2, address(t, db, "l"), v.logs)
	run(t, db, Options{AsOf: date("2025-03-31")})
	equalLines(t, lines(t, db, "select vault_id, count(*) from marts.share_prices group by all order by all"), "l|1", "v|4")
	equalLines(t, lines(t, db, "select path, reason, rows_set_aside, first_line, example from marts.import_reasons"),
		"file-1.csv|price_out_of_range|2|1002|v in block 1002: a price of 5.79e+82",
		"file-2.csv|price_out_of_range|1|22000014|l in block 22000014: a price of 1.61e+50",
	)
	equalLines(t, lines(t, db, "select warning, rows from marts.warnings where vault_id = ''"), "set_aside_price_out_of_range|3")
}

// TestEventsOfOtherFamiliesPriceNothing: the same event means another thing in
// another family's vault.
func TestEventsOfOtherFamiliesPriceNothing(t *testing.T) {
	db := database(t)
	for i, family := range []string{"lagoon", "erc7540", "observed"} {
		addVault(t, db, family, family)
		addLogs(t, db, 1+i, address(t, db, family), trades(5))
	}
	for i, family := range []string{"erc4626", "erc7540", "observed"} {
		addVault(t, db, "settled-"+family, family)
		v := liveLagoon(address(t, db, "settled-"+family))
		if family == "erc4626" { // whose claims would be trades
			v.logs = slices.DeleteFunc(v.logs, func(l chainLog) bool { return l.event == "Deposit" || l.event == "Withdraw" })
		}
		for j := range v.logs {
			v.logs[j].block += int64(i+1) * 1_000_000
		}
		addLogs(t, db, 10+i, v.address, v.logs)
	}
	// one block holds logs of several contracts
	exec(t, db, "update raw.logs set log_index = log_index + 100 * file_id where file_id < 10")
	exec(t, db, "update raw.events set log_index = log_index + 100 * case address when (select address from raw.vaults where vault_id = 'lagoon') then 1 when (select address from raw.vaults where vault_id = 'erc7540') then 2 else 3 end where block_number < 10000")
	run(t, db, Options{AsOf: date("2025-06-30")})
	equalLines(t, lines(t, db, "select * from marts.share_prices"))
	equalLines(t, lines(t, db, "select status, count(*) from marts.vaults group by status"), "no_reading|6")
}
