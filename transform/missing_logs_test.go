package transform

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"
)

// A happening is a log of a story in which each is needed to explain another.
type happening struct {
	day       int // logs of one day are of one transaction
	event     string
	arguments map[string]any
}

// itself stands in stories for the vault's own address.
const itself = "the vault"

// stories are what vaults log that tell what each mint and burn is for.
func stories() map[string][]happening {
	const (
		anna, fees, protocol = "0x000000000000000000000000000000000000b000", "0x000000000000000000000000000000000000b100", "0x000000000000000000000000000000000000b200"
		million, few         = "1000000000000000000000000", "7000000000000000000"
	)
	transfer := func(day int, from, to, shares string) happening {
		return happening{day, "Transfer", map[string]any{"from": from, "to": to, "value": shares}}
	}
	mint := func(day int, to, shares string) happening { return transfer(day, nobody, to, shares) }
	comes := []happening{
		mint(1, anna, million),
		{1, "Deposit", map[string]any{"sender": anna, "owner": anna, "assets": "1000000000000", "shares": million}},
	}
	goes := []happening{
		transfer(9, anna, nobody, few),
		{9, "Withdraw", map[string]any{"sender": anna, "receiver": anna, "owner": anna, "assets": "7000000", "shares": few}},
	}
	with := func(more ...happening) []happening { return slices.Concat(comes, more, goes) }
	return map[string][]happening{
		"metamorpho": with(
			mint(5, fees, few),
			happening{5, "AccrueInterest", map[string]any{"newTotalAssets": "1000000000001", "feeShares": few}},
		),
		"morpho_v2": with(
			happening{5, "AccrueInterest", map[string]any{"previousTotalAssets": "1", "newTotalAssets": "2", "performanceFeeShares": few, "managementFeeShares": "0"}},
			mint(5, fees, few),
		),
		"evk": with(
			mint(5, fees, few),
			mint(5, protocol, "3"),
			happening{5, "ConvertFees", map[string]any{"sender": anna, "protocolReceiver": protocol, "governorReceiver": fees, "protocolShares": "3", "governorShares": few}},
		),
		"yearn_v3": with(
			mint(5, fees, few),
			happening{5, "Reported", map[string]any{"profit": "70000000", "loss": "0", "protocolFees": "0", "performanceFees": "7000000"}},
		),
		"susde": with(
			transfer(5, anna, nobody, few),
			mint(5, protocol, few),
			happening{5, "LockedAmountRedistributed", map[string]any{"from": anna, "to": protocol, "amount": few}},
		),
		"lagoon": {
			{1, "TotalAssetsUpdated", map[string]any{"totalAssets": "0"}},
			mint(1, itself, million),
			{1, "SettleDeposit", map[string]any{
				"epochId": "1", "settledId": "1", "totalAssets": "1000000000000", "totalSupply": million, "assetsDeposited": "1000000000000", "sharesMinted": million,
			}},
			transfer(2, itself, silo, few),
			{5, "TotalAssetsUpdated", map[string]any{"totalAssets": "1000000000000"}},
			transfer(5, silo, nobody, few),
			{5, "SettleRedeem", map[string]any{
				"epochId": "2", "settledId": "2", "totalAssets": "999993000000", "totalSupply": "999993000000000000000000", "assetsWithdrawed": "7000000", "sharesBurned": few,
			}},
		},
		"veda": {
			mint(1, anna, million),
			{1, "Enter", map[string]any{"from": anna, "asset": fees, "amount": "1", "to": anna, "shares": million}},
			// to another chain, from one, and seized
			transfer(3, anna, nobody, "5000"),
			{3, "Exit", map[string]any{"to": nobody, "asset": nobody, "amount": "0", "from": anna, "shares": "5000"}},
			mint(4, anna, "4000"),
			{4, "Enter", map[string]any{"from": nobody, "asset": nobody, "amount": "0", "to": anna, "shares": "4000"}},
			transfer(5, anna, nobody, "3000"),
			{5, "Exit", map[string]any{"to": nobody, "asset": nobody, "amount": "0", "from": anna, "shares": "3000"}},
			mint(5, protocol, "3000"),
			{5, "Enter", map[string]any{"from": nobody, "asset": nobody, "amount": "0", "to": protocol, "shares": "3000"}},
			transfer(9, anna, nobody, few),
			{9, "Exit", map[string]any{"to": anna, "asset": fees, "amount": "1", "from": anna, "shares": few}},
		},
	}
}

// TestEachMissingLogIsNoticed takes out one log after the other, in a vault of its own
// each: what is left shows it. Whole stories show nothing, and neither does a story
// whose logs a node proved to be all there.
func TestEachMissingLogIsNoticed(t *testing.T) {
	t.Parallel()
	db := database(t)
	var want []string
	file := 0
	add := func(id, family string, story []happening, lost int) {
		file++
		addVault(t, db, id, family)
		var logs []chainLog
		for i, h := range story {
			if i == lost {
				continue
			}
			at := date("2025-03-01").Add(time.Duration(h.day) * 24 * time.Hour)
			block := int64(1000*file + h.day)
			arguments := maps.Clone(h.arguments)
			for name, value := range arguments {
				if value == itself {
					arguments[name] = address(t, db, id)
				}
			}
			logs = append(logs, chainLog{block: block, index: int64(i), tx: fmt.Sprintf("0x%064x", block), event: h.event, at: &at, arguments: arguments})
		}
		addLogs(t, db, file, address(t, db, id), logs)
	}
	for family, story := range stories() {
		add(family+" whole", family, story, -1)
		for i, h := range story {
			id := fmt.Sprintf("%s without %d %s", family, i, h.event)
			add(id, family, story, i)
			if family == "lagoon" && i == 3 {
				continue // a gift to the silo; the burn of what it does not have shows in its balance
			}
			want = append(want, id)
		}
		add(family+" proved", family, story, 1)
		exec(t, db, "insert into raw.verifications values (?, 'L2', 'proved', 5, null, 'all of them')", family+" proved")
	}
	run(t, db, Options{AsOf: date("2025-03-31")})
	slices.Sort(want)
	for _, query := range []string{
		"select distinct vault_id from marts.warnings where warning = 'logs_missing' order by vault_id",
		"select vault_id from marts.completeness where level = 'L0' and fault_block is not null order by vault_id",
	} {
		equalLines(t, lines(t, db, query), want...)
	}
	if n := one[int](t, db, "select count(*) from intermediate.flow_records where reason = 'logs_missing'"); n < len(want) {
		t.Errorf("%d records are incomplete, want %d at least", n, len(want))
	}
}
