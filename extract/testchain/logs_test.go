package testchain

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/vaultperf/vaultperf/sql/sqltest"
)

var nobody common.Address

func lagoonVaults(c *Chain) []*Vault {
	return slices.DeleteFunc(slices.Clone(c.Vaults), func(v *Vault) bool { return v.Family != "lagoon" })
}

// A settlement's transaction logs exactly its steps, in their order.
func TestSettlementsLogTheirSteps(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	for _, v := range lagoonVaults(c) {
		byTx := map[common.Hash][]string{}
		for _, log := range n.logs(v.Address) {
			byTx[log.TxHash] = append(byTx[log.TxHash], say(t, "AsyncVault", log))
		}
		receiver := v.FeeReceiver
		changes := slices.Clone(v.Truth.Changes)
		for _, s := range v.Truth.Settlements {
			for len(changes) > 0 && changes[0].Block <= s.Block {
				if changes[0].Event == "FeeReceiverUpdated" {
					receiver = common.HexToAddress(changes[0].After)
				}
				changes = changes[1:]
			}
			sqltest.EqualList(t, fmt.Sprintf("%s block %d", v.ID, s.Block), withoutIDs(byTx[s.Tx]), steps(v, s, receiver))
			proposal := fmt.Sprintf("NewTotalAssetsUpdated(%d)", s.TotalAssets)
			if got := byTx[s.Proposed.Tx]; !slices.Contains(got, proposal) {
				t.Errorf("%s block %d: want %s, got %s", v.ID, s.Proposed.Block, proposal, got)
			}
		}
	}
}

// withoutIDs drops the epochs of settlements, which the truth does not keep.
func withoutIDs(sentences []string) []string {
	var out []string
	for _, s := range sentences {
		var name string
		var epoch, settled uint64
		var rest [4]string
		if k, _ := fmt.Sscanf(s, "SettleDeposit(%d, %d, %s %s %s %s", &epoch, &settled, &rest[0], &rest[1], &rest[2], &rest[3]); k == 6 {
			name = "SettleDeposit"
		} else if k, _ := fmt.Sscanf(s, "SettleRedeem(%d, %d, %s %s %s %s", &epoch, &settled, &rest[0], &rest[1], &rest[2], &rest[3]); k == 6 {
			name = "SettleRedeem"
		}
		if name != "" {
			s = fmt.Sprintf("%s(%s %s %s %s", name, rest[0], rest[1], rest[2], rest[3])
		}
		out = append(out, s)
	}
	return out
}

func steps(v *Vault, s *Settlement, receiver common.Address) []string {
	out := []string{fmt.Sprintf("TotalAssetsUpdated(%d)", s.TotalAssets)}
	transfer := func(from, to common.Address, value *big.Int) {
		if value.Sign() > 0 {
			out = append(out, fmt.Sprintf("Transfer(%s, %s, %d)", from, to, value))
		}
	}
	transfer(nobody, receiver, s.ManagerShares)
	transfer(nobody, v.ProtocolFeeReceiver, s.ProtocolShares)
	if s.HighWaterMark.Cmp(s.HighWaterMarkBefore) != 0 {
		out = append(out, fmt.Sprintf("HighWaterMarkUpdated(%d, %d)", s.HighWaterMarkBefore, s.HighWaterMark))
	}
	if s.Deposited.Sign() > 0 {
		transfer(nobody, v.Address, s.SharesMinted)
		out = append(out, fmt.Sprintf("SettleDeposit(%d, %d, %d, %d)",
			add(s.TotalAssets, s.Deposited), add(s.SupplyAfterFees, s.SharesMinted), s.Deposited, s.SharesMinted))
	}
	if s.Withdrawn.Sign() > 0 {
		transfer(v.Silo, nobody, s.SharesBurned)
		out = append(out, fmt.Sprintf("SettleRedeem(%d, %d, %d, %d)", s.AssetsAfter, s.SupplyAfter, s.Withdrawn, s.SharesBurned))
	}
	if s.Method == "close" {
		out = append(out, "StateUpdated(2)")
	}
	return out
}

// pick says the logs of some events.
func pick(t *testing.T, contract string, logs []types.Log, names ...string) []string {
	t.Helper()
	var out []string
	for _, log := range logs {
		if slices.Contains(names, eventOf(t, contract, log).Name) {
			out = append(out, say(t, contract, log))
		}
	}
	return out
}

func TestRequestsClaimsAndFlowsAreLogged(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	for _, v := range lagoonVaults(c) {
		logs := n.logs(v.Address)
		var want []string
		cancels := 0
		for _, r := range v.Truth.Requests {
			event := map[string]string{"deposit": "DepositRequest", "redeem": "RedeemRequest"}[r.Kind]
			want = append(want, fmt.Sprintf("%s(%s, %s, %d, %s, %d)", event, r.Who, r.Who, r.ID, r.Who, r.Amount))
			if r.IsVoid {
				cancels++
			}
		}
		sqltest.EqualList(t, v.ID+" requests", pick(t, "AsyncVault", logs, "DepositRequest", "RedeemRequest"), want)
		if got := len(pick(t, "AsyncVault", logs, "DepositRequestCanceled")); got > cancels || cancels > 0 && got == 0 {
			t.Errorf("%s: %d cancelled, want %d requests", v.ID, got, cancels)
		}

		var claims, withdrawals, syncs []string
		for _, k := range v.Truth.Claims {
			if k.Kind == "deposit" {
				claims = append(claims, fmt.Sprintf("Deposit(%s, %s, %d, %d)", k.Who, k.Who, k.Assets, k.Shares))
			} else {
				withdrawals = append(withdrawals, fmt.Sprintf("Withdraw(%s, %s, %s, %d, %d)", k.Who, k.Who, k.Who, k.Assets, k.Shares))
			}
		}
		for _, f := range v.Truth.Flows {
			if f.Kind == "sync_deposit" {
				syncs = append(syncs, fmt.Sprintf("DepositSync(%s, %s, %d, %d)", f.Who, f.Who, f.Assets, f.Shares))
			} else {
				withdrawals = append(withdrawals, fmt.Sprintf("Withdraw(%s, %s, %s, %d, %d)", f.Who, f.Who, f.Who, f.Assets, f.Shares))
			}
		}
		sqltest.EqualList(t, v.ID+" claims of shares", pick(t, "AsyncVault", logs, "Deposit"), claims)
		if v.ID == "synthetic-closed" {
			sqltest.EqualList(t, v.ID+" deposits at once", pick(t, "AsyncVault", logs, "DepositSync"), syncs)
		}
		got := pick(t, "AsyncVault", logs, "Withdraw")
		slices.Sort(got)
		slices.Sort(withdrawals)
		sqltest.EqualList(t, v.ID+" claims of assets", got, withdrawals)
	}
	plain := c.Vault("synthetic-plain")
	var want []string
	for _, f := range plain.Truth.Flows {
		if f.Kind == "deposit" {
			want = append(want, fmt.Sprintf("Deposit(%s, %s, %d, %d)", f.Who, f.Who, f.Assets, f.Shares))
		} else {
			want = append(want, fmt.Sprintf("Withdraw(%s, %s, %s, %d, %d)", f.Who, f.Who, f.Who, f.Assets, f.Shares))
		}
	}
	sqltest.EqualList(t, "plain flows", pick(t, "PlainVault", n.logs(plain.Address), "Deposit", "Withdraw"), want)
}

func TestTradesAreLogged(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	for _, v := range lagoonVaults(c) {
		if v.StablePool == nobody {
			continue
		}
		var stable, ranged []string
		for _, d := range v.Truth.Trades {
			if d.Pool == v.StablePool {
				if d.Sold {
					stable = append(stable, fmt.Sprintf("0 %d 1 %d", d.Shares, d.Assets))
				} else {
					stable = append(stable, fmt.Sprintf("1 %d 0 %d", d.Assets, d.Shares))
				}
				continue
			}
			shares, assets := d.Shares, new(big.Int).Neg(d.Assets) // from the pool's side
			if !d.Sold {
				shares, assets = new(big.Int).Neg(d.Shares), d.Assets
			}
			if v.Address.Cmp(v.Asset) > 0 {
				shares, assets = assets, shares
			}
			ranged = append(ranged, fmt.Sprintf("%d %d %d", shares, assets, d.SqrtPriceX96))
		}
		var gotStable, gotRanged []string
		for _, log := range n.logs(v.StablePool) {
			if values, ok := unpack(t, "StablePool", "TokenExchange", log); ok {
				gotStable = append(gotStable, fmt.Sprintf("%d %d %d %d", values...))
			}
		}
		for _, log := range n.logs(v.RangePool) {
			if values, ok := unpack(t, "RangePool", "Swap", log); ok {
				gotRanged = append(gotRanged, fmt.Sprintf("%d %d %d", values[:3]...))
				checkTick(t, values[2].(*big.Int), values[4].(*big.Int).Int64())
			}
		}
		sqltest.EqualList(t, v.ID+" stable pool", gotStable, stable)
		sqltest.EqualList(t, v.ID+" ranged pool", gotRanged, ranged)
	}
}

// unpack is the data of a log, if it is that event.
func unpack(t *testing.T, contract, name string, log types.Log) ([]any, bool) {
	t.Helper()
	event := abiOf(t, contract).Events[name]
	if log.Topics[0] != event.ID {
		return nil, false
	}
	values, err := event.Inputs.NonIndexed().Unpack(log.Data)
	if err != nil {
		t.Fatal(err)
	}
	return values, true
}

// checkTick compares a tick with its definition, 1.0001^tick <= price < 1.0001^(tick+1).
func checkTick(t *testing.T, sqrtPriceX96 *big.Int, tick int64) {
	t.Helper()
	price := new(big.Float).SetPrec(300).SetInt(sqrtPriceX96)
	price.Quo(price, new(big.Float).SetInt(q96))
	price.Mul(price, price)
	low := powerOf(tick)
	high := new(big.Float).Mul(low, big.NewFloat(1).SetPrec(300).Quo(big.NewFloat(10_001), big.NewFloat(10_000)))
	if price.Cmp(low) < 0 || price.Cmp(high) >= 0 {
		t.Errorf("price %s is not at tick %d", sqrtPriceX96, tick)
	}
}

// powerOf is 1.0001^tick.
func powerOf(tick int64) *big.Float {
	base := new(big.Float).SetPrec(300).Quo(new(big.Float).SetPrec(300).SetInt64(10_001), new(big.Float).SetPrec(300).SetInt64(10_000))
	out := new(big.Float).SetPrec(300).SetInt64(1)
	for steps := max(tick, -tick); steps > 0; steps >>= 1 {
		if steps&1 == 1 {
			out.Mul(out, base)
		}
		base = new(big.Float).Mul(base, base)
	}
	if tick < 0 {
		out.Quo(new(big.Float).SetPrec(300).SetInt64(1), out)
	}
	return out
}

func TestAllocationsAndDebtsAreLogged(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	for _, v := range lagoonVaults(c) {
		var want, got []string
		for _, a := range v.Truth.Allocations {
			shares := "none"
			if a.Shares != nil {
				shares = a.Shares.String()
			}
			want = append(want, fmt.Sprintf("%s %t %d %s", a.Venue, a.Supply, a.Assets, shares))
		}
		safe := common.BytesToHash(v.Safe[:])
		for _, venue := range append(slices.Clone(v.Venues), c.LendingPool) {
			contract := "PlainVault"
			if venue == c.LendingPool {
				contract = "LendingPool"
			}
			for _, log := range n.logs(venue) {
				event := eventOf(t, contract, log)
				if !slices.Contains(log.Topics[1:], safe) || !slices.Contains([]string{"Deposit", "Withdraw", "Supply"}, event.Name) {
					continue
				}
				values, err := event.Inputs.NonIndexed().Unpack(log.Data)
				if err != nil {
					t.Fatal(err)
				}
				if contract == "LendingPool" {
					got = append(got, fmt.Sprintf("%s %t %d none", venue, event.Name == "Supply", values[len(values)-1]))
					continue
				}
				got = append(got, fmt.Sprintf("%s %t %d %d", venue, event.Name == "Deposit", values[0], values[1]))
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		sqltest.EqualList(t, v.ID+" allocations", got, want)

		var owed, debts []string
		for _, d := range v.Truth.Debts {
			owed = append(owed, fmt.Sprintf("%t %d", d.Repaid, d.Amount))
			equalNumber(t, v.ID+" debt", d.Block, n.ask(d.Block, question{c.DebtToken, "PositionToken", "balanceOf", []any{v.Safe}})[0], d.After)
		}
		for _, log := range n.logs(c.LendingPool) {
			if values, ok := unpack(t, "LendingPool", "Borrow", log); ok && log.Topics[2] == safe {
				debts = append(debts, fmt.Sprintf("false %d", values[1]))
			}
			if values, ok := unpack(t, "LendingPool", "Repay", log); ok && log.Topics[2] == safe {
				debts = append(debts, fmt.Sprintf("true %d", values[0]))
			}
		}
		if !slices.Equal(debts, owed) {
			t.Errorf("%s: debts %v, want %v", v.ID, debts, owed)
		}
	}
}

// changeEvents are those that say who may do what, and on which terms.
var changeEvents = []string{
	"OwnershipTransferred", "OwnershipTransferStarted", "Upgraded", "BeaconUpgraded", "AdminChanged", "Initialized",
	"StateUpdated", "Paused", "Unpaused", "RatesUpdated", "FeeReceiverUpdated", "ValuationManagerUpdated",
	"WhitelistManagerUpdated", "WhitelistUpdated", "WhitelistDisabled", "SafeSetup", "AddedOwner", "RemovedOwner",
	"ChangedThreshold", "EnabledModule", "DisabledModule", "ProtocolFeeReceiverUpdated", "DefaultRateUpdated",
}

func TestEveryChangeOfPermissionsIsKnown(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	all, err := contracts()
	if err != nil {
		t.Fatal(err)
	}
	names := map[common.Hash]string{}
	for _, contract := range all {
		for name, event := range contract.abi.Events {
			names[event.ID] = name
		}
	}
	for _, v := range lagoonVaults(c) {
		addresses := []common.Address{v.Address, v.Safe, c.FeeRegistry}
		if v.Beacon != nobody {
			addresses = append(addresses, v.Beacon)
		} else {
			addresses = append(addresses, v.ProxyAdmin)
		}
		var got, want []string
		for _, a := range addresses {
			for _, log := range n.logs(a) {
				if slices.Contains(changeEvents, names[log.Topics[0]]) {
					got = append(got, fmt.Sprintf("%d %s %s %s", log.BlockNumber, log.TxHash, a, names[log.Topics[0]]))
				}
			}
		}
		for _, k := range v.Truth.Changes {
			want = append(want, fmt.Sprintf("%d %s %s %s", k.Block, k.Tx, k.Contract, k.Event))
		}
		slices.Sort(got)
		slices.Sort(want)
		sqltest.EqualList(t, v.ID+" changes", got, want)
	}
}

// What is not final yet is there, and no truth has it.
func TestOneTransferIsBeyondFinality(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	v := c.Vault("synthetic-good")
	logs, err := n.FilterLogs(t.Context(), ethereum.FilterQuery{
		Addresses: []common.Address{v.Address}, FromBlock: new(big.Int).SetUint64(c.Finalized + 1),
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(logs) != 1 || logs[0].TxHash != c.Beyond.Tx || logs[0].BlockNumber != c.Beyond.Block || c.Beyond.Block <= c.Safe {
		t.Errorf("beyond the finalized block: %v, want %v", logs, c.Beyond)
	}
}

// Tokens are conserved: what the transfers leave is every holder's balance, and
// their sum the supply; and the shares are where the rules put them.
func TestTokensAreConserved(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	tokens := []common.Address{c.Asset}
	for _, v := range c.Vaults {
		tokens = append(tokens, v.Address)
	}
	for _, token := range tokens {
		balances, supply := map[common.Address]*big.Int{}, zero()
		for _, log := range n.logs(token) {
			values, ok := unpack(t, "Token", "Transfer", log)
			if !ok {
				continue
			}
			value := values[0].(*big.Int)
			from, to := common.BytesToAddress(log.Topics[1][:]), common.BytesToAddress(log.Topics[2][:])
			balances[from], balances[to] = sub(amount(balances, from), value), add(amount(balances, to), value)
			if from == nobody {
				supply = add(supply, value)
			}
			if to == nobody {
				supply = sub(supply, value)
			}
		}
		delete(balances, nobody)
		maps.DeleteFunc(balances, func(_ common.Address, b *big.Int) bool { return b.Sign() == 0 })
		if len(balances) < 4 {
			t.Errorf("%s: %d holders", token, len(balances))
		}
		questions := []question{{token, "Token", "totalSupply", nil}}
		want := []*big.Int{supply}
		for who, balance := range balances {
			questions, want = append(questions, question{token, "Token", "balanceOf", []any{who}}), append(want, balance)
		}
		for i, got := range n.ask(c.Finalized, questions...) {
			equalNumber(t, fmt.Sprint(token, questions[i].method, questions[i].args), c.Finalized, got, want[i])
		}
		for _, v := range c.Vaults {
			if v.Address == token && !maps.EqualFunc(balances, v.Truth.Balances, func(a, b *big.Int) bool { return a.Cmp(b) == 0 }) {
				t.Errorf("%s: balances %v, want %v", v.ID, balances, v.Truth.Balances)
			}
		}
	}
}
