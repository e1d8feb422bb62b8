package testchain

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// The accountant answers what the rules say at every day's end: rate, fees owed, pause.
func TestTheAccountantIsTheRules(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	v := c.Vault("synthetic-rated")
	scale := div(shareUnit, rateUnit)
	methods := abiOf(t, "Accountant")
	for _, day := range v.Truth.Closes {
		got := n.ask(day.Block, question{v.Address, "RatedVault", "totalSupply", nil}, question{v.Accountant, "Accountant", "getRate", nil})
		equalNumber(t, "totalSupply", day.Block, got[0], day.TotalSupply)
		equalNumber(t, "getRate", day.Block, mul(got[1], scale), day.PriceFine)
		answer, err := n.CallContract(t.Context(), ethereum.CallMsg{To: &v.Accountant, Data: methods.Methods["accountantState"].ID}, new(big.Int).SetUint64(day.Block))
		if err != nil {
			t.Fatal(err)
		}
		state, err := methods.Unpack("accountantState", answer)
		if err != nil {
			t.Fatal(err)
		}
		equalNumber(t, "fees owed", day.Block, state[2].(*big.Int), day.FeesOwed)
		if state[8].(bool) != day.IsPaused {
			t.Errorf("block %d: paused %t, want %t", day.Block, state[8], day.IsPaused)
		}
	}
	if len(v.Truth.Closes) < 100 || len(v.Truth.Rates) < 90 || len(v.Truth.FeeClaims) != 2 {
		t.Errorf("%d days, %d rates, %d claims", len(v.Truth.Closes), len(v.Truth.Rates), len(v.Truth.FeeClaims))
	}
}

// What the rated vault and the contracts around it log is what was done, in its order.
func TestTheRatedVaultLogsWhatWasDone(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	v := c.Vault("synthetic-rated")
	var flows, rates, claims, requests []string
	for _, f := range v.Truth.Flows {
		event := "Exit"
		if slices.Contains([]string{"deposit", "given", "bridged_in"}, f.Kind) {
			event = "Enter"
		}
		if f.Assets == nil {
			flows = append(flows, fmt.Sprintf("%s of %s: another coin for %d", event, f.Who, f.Shares))
			continue
		}
		flows = append(flows, fmt.Sprintf("%s of %s: %d for %d", event, f.Who, f.Assets, f.Shares))
	}
	for _, r := range v.Truth.Rates {
		rates = append(rates, fmt.Sprintf("ExchangeRateUpdated(%d, %d, %d)", r.Before, r.Rate, r.Time.Unix()))
	}
	for _, k := range v.Truth.FeeClaims {
		claims = append(claims, fmt.Sprintf("FeesClaimed(%s, %d)", v.Asset, k.Assets))
	}
	for _, r := range v.Truth.Requests {
		requests = append(requests, fmt.Sprintf("%s asks for %d: %d of %d", r.Who, r.ID, r.Promised, r.Amount))
	}
	var gotFlows, gotRequests []string
	for _, log := range n.logs(v.Address) {
		for event, at := range map[string]int{"Enter": 3, "Exit": 3} {
			values, ok := unpack(t, "RatedVault", event, log)
			if !ok {
				continue
			}
			who := common.BytesToAddress(log.Topics[at][:])
			if coin := common.BytesToAddress(log.Topics[2][:]); coin != v.Asset && coin != nobody {
				gotFlows = append(gotFlows, fmt.Sprintf("%s of %s: another coin for %d", event, who, values[1]))
				continue
			}
			gotFlows = append(gotFlows, fmt.Sprintf("%s of %s: %d for %d", event, who, values[0], values[1]))
		}
	}
	for _, log := range n.logs(v.Queue) {
		if values, ok := unpack(t, "WithdrawQueue", "OnChainWithdrawRequested", log); ok {
			gotRequests = append(gotRequests, fmt.Sprintf("%s asks for %d: %d of %d", common.BytesToAddress(log.Topics[2][:]), values[0], values[2], values[1]))
		}
	}
	accountant := n.logs(v.Accountant)
	sqltest.EqualList(t, "flows", gotFlows, flows)
	sqltest.EqualList(t, "rates", pick(t, "Accountant", accountant, "ExchangeRateUpdated"), rates)
	sqltest.EqualList(t, "claims", pick(t, "Accountant", accountant, "FeesClaimed"), claims)
	sqltest.EqualList(t, "requests", gotRequests, requests)
}

// Each change of who may do what with the rated vault is known.
func TestEveryChangeOfTheRatedVaultIsKnown(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	v := c.Vault("synthetic-rated")
	// what flows, requests and rates log is no change
	ordinary := []string{
		"Transfer", "Approval", "Enter", "Exit", "ExchangeRateUpdated", "FeesClaimed", "Deposit", "BulkWithdraw", "DepositRefunded",
		"SharesRemediated", "MessageSent", "MessageReceived", "OnChainWithdrawRequested", "OnChainWithdrawCancelled", "OnChainWithdrawSolved", "BoringVaultManaged",
	}
	var got, want []string
	for contract, at := range map[string]common.Address{
		"RolesAuthority": v.Authority, "RatedVault": v.Address, "Accountant": v.Accountant, "RemedyingTeller": v.Teller,
		"BridgingTeller": v.Bridge, "WithdrawQueue": v.Queue, "QueueSolver": v.Solver, "VaultManager": v.Manager,
	} {
		for _, log := range n.logs(at) {
			if event := eventOf(t, contract, log).Name; !slices.Contains(ordinary, event) {
				got = append(got, fmt.Sprintf("%d %s %s %s", log.BlockNumber, log.TxHash, at, event))
			}
		}
	}
	for _, k := range v.Truth.Changes {
		want = append(want, fmt.Sprintf("%d %s %s %s", k.Block, k.Tx, k.Contract, k.Event))
	}
	slices.Sort(got)
	slices.Sort(want)
	sqltest.EqualList(t, "changes", got, want)
}
