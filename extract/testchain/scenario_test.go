package testchain

import (
	"math/big"
	"slices"
	"testing"
	"time"
)

// ratio is a number for a reader's eye; exact comparisons are elsewhere.
func ratio(a, b *big.Int) float64 {
	f, _ := new(big.Rat).SetFrac(a, b).Float64()
	return f
}

// premiumOf is by how much a trade's price is above what the vault said a share is
// worth at the end of that day.
func premiumOf(v *Vault, d Trade) float64 {
	day := d.Time.Truncate(24 * time.Hour)
	i := slices.IndexFunc(v.Truth.Closes, func(c Close) bool { return c.Day.Equal(day) })
	return ratio(mul(d.Assets, assetRate), mul(d.Shares, v.Truth.Closes[i].PriceFine)) - 1
}

func TestTheGoodVaultGivesNoCauseForAlarm(t *testing.T) {
	c := startWhole(t)
	v := c.Vault("synthetic-good")
	truth := v.Truth
	if len(truth.Incidents) > 0 || len(truth.Debts) > 0 {
		t.Errorf("incidents %v, debts %v", truth.Incidents, truth.Debts)
	}
	for _, k := range truth.Changes {
		if k.Block > v.Deployed.Block {
			t.Errorf("%s in block %d, after the deployment", k.Event, k.Block)
		}
	}
	falls := 0
	for i, s := range truth.Settlements {
		if s.RedeemSkipped {
			t.Errorf("block %d: redemptions skipped", s.Block)
		}
		if i == 0 {
			continue
		}
		before := truth.Settlements[i-1]
		change := ratio(s.PriceFine, before.PriceFine) - 1
		if change < -0.001 || change > 0.005 {
			t.Errorf("block %d: price changes by %g", s.Block, change)
		}
		if change < 0 {
			falls++
		}
		if gap := s.Time.Sub(before.Time); gap > 5*24*time.Hour {
			t.Errorf("block %d: %s without a settlement", s.Block, gap)
		}
	}
	if falls < 3 || falls > 30 {
		t.Errorf("the price falls %d times: too smooth or too rough to be believed", falls)
	}
	first, last := truth.Closes[30], truth.Closes[len(truth.Closes)-1]
	yearly := (ratio(last.PriceFine, first.PriceFine) - 1) * 365 * 24 * float64(time.Hour) / float64(last.Time.Sub(first.Time))
	if yearly < 0.03 || yearly > 0.08 {
		t.Errorf("yield %g a year", yearly)
	}
	waiting := 0
	for _, r := range truth.Requests {
		switch {
		case r.IsVoid:
		case r.Settled.Block == 0:
			waiting++
			if c.LastDay.Sub(r.Time) > 4*24*time.Hour {
				t.Errorf("block %d: still waits", r.Block)
			}
		case r.Settled.Time.Sub(r.Time) > 5*24*time.Hour:
			t.Errorf("block %d: waited until %s", r.Block, r.Settled.Time)
		}
	}
	for _, d := range truth.Trades {
		if p := premiumOf(v, d); p < -0.003 || p > 0.003 {
			t.Errorf("block %d: traded at %g", d.Block, p)
		}
	}
	if len(truth.Requests) < 150 || len(truth.Trades) < 80 || len(truth.Allocations) < 60 {
		t.Errorf("%d requests, %d trades, %d allocations", len(truth.Requests), len(truth.Trades), len(truth.Allocations))
	}
}

func TestTheBadVaultHasItsTroubles(t *testing.T) { checkTroubles(t, startWhole(t)) }

func checkTroubles(t *testing.T, c *Chain) {
	t.Helper()
	v := c.Vault("synthetic-bad")
	truth := v.Truth
	incident := func(kind string) Incident {
		t.Helper()
		var found []Incident
		for _, n := range truth.Incidents {
			if n.Kind == kind {
				found = append(found, n)
			}
		}
		if len(found) != 1 || found[0].From.Block == 0 || found[0].To.Block < found[0].From.Block {
			t.Fatalf("%s: %v", kind, found)
		}
		return found[0]
	}
	// by how much the settlement that shows an incident changes the price
	change := func(at Point) float64 {
		t.Helper()
		i := slices.IndexFunc(truth.Settlements, func(s *Settlement) bool { return s.Point == at })
		if i < 1 {
			t.Fatalf("no settlement in block %d", at.Block)
		}
		return ratio(truth.Settlements[i].PriceFine, truth.Settlements[i-1].PriceFine) - 1
	}
	within := func(what string, got, low, high float64) {
		t.Helper()
		if got < low || got > high {
			t.Errorf("%s: %g, want %g to %g", what, got, low, high)
		}
	}
	within("loss", change(incident("loss").To), -0.2, -0.05)
	within("recovery", change(incident("recovery").To), 0.02, 0.1)
	within("donation", change(incident("donation").To), 0.008, 0.02)
	within("spike", change(incident("spike").From), 0.02, 0.045)
	within("after the spike", change(incident("spike").To), -0.045, -0.02)
	if got := len(truth.Incidents); got != 10 {
		t.Errorf("%d incidents", got)
	}

	stale := incident("stale")
	within("days without a valuation", stale.To.Time.Sub(stale.From.Time).Hours()/24, 30, 40)
	for _, s := range truth.Settlements {
		if s.Block > stale.From.Block && s.Block < stale.To.Block {
			t.Errorf("block %d: settled in the stale month", s.Block)
		}
	}
	paused := incident("paused")
	within("days paused", paused.To.Time.Sub(paused.From.Time).Hours()/24, 1, 3)
	incident("upgrade")
	borrow := incident("borrow")
	within("days in debt", borrow.To.Time.Sub(borrow.From.Time).Hours()/24, 30, 40)
	if len(truth.Debts) != 2 || truth.Debts[1].After.Sign() != 0 {
		t.Errorf("debts %v", truth.Debts)
	}

	waiting := incident("waiting_redemption")
	within("days of waiting", waiting.To.Time.Sub(waiting.From.Time).Hours()/24, 56, 90)
	skipped := 0
	for _, s := range truth.Settlements {
		if s.RedeemSkipped {
			skipped++
			if s.Block < incident("loss").From.Block || s.Block > waiting.To.Block {
				t.Errorf("block %d: redemptions skipped", s.Block)
			}
		}
	}
	within("settlements without the redemption", float64(skipped), 10, 30)

	discount := incident("discount")
	worst := 0.0
	for _, d := range truth.Trades {
		p := premiumOf(v, d)
		if d.Block > discount.From.Block && d.Block < discount.To.Block {
			worst = min(worst, p)
		} else {
			within("premium of a trade", p, -0.025, 0.025)
		}
	}
	within("worst discount", worst, -0.12, -0.04)

	events := map[string]int{}
	for _, k := range truth.Changes {
		if k.Block > v.Deployed.Block {
			events[k.Event]++
		}
	}
	for event, want := range map[string]int{
		"RatesUpdated": 1, "OwnershipTransferStarted": 1, "OwnershipTransferred": 1, "AddedOwner": 1, "ChangedThreshold": 1,
		"Paused": 1, "Unpaused": 1, "Upgraded": 1, "ValuationManagerUpdated": 1, "FeeReceiverUpdated": 1,
		"EnabledModule": 1, "DisabledModule": 1, "WhitelistDisabled": 1,
	} {
		if events[event] != want {
			t.Errorf("%s: %d times, want %d", event, events[event], want)
		}
	}
}

func TestTheClosedVaultCloses(t *testing.T) {
	c := startWhole(t)
	truth := c.Vault("synthetic-closed").Truth
	last := truth.Settlements[len(truth.Settlements)-1]
	if last.Method != "close" {
		t.Errorf("the last settlement is by %s", last.Method)
	}
	kinds := map[string]int{}
	for _, f := range truth.Flows {
		kinds[f.Kind]++
		if f.Kind == "closed_withdraw" && f.Block < last.Block || f.Kind == "sync_deposit" && f.Block > last.Block {
			t.Errorf("block %d: %s", f.Block, f.Kind)
		}
	}
	if kinds["sync_deposit"] < 3 || kinds["closed_withdraw"] < 2 {
		t.Errorf("flows %v", kinds)
	}
}
