//go:build !race

// The race detector makes the test chain's EVM too slow; make test runs this without.

package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/extract/testchain"
)

// TestRunOnTheTestChain goes from a node to the pages with a config that gives
// addresses alone: what the vaults are is found out, and every history proved.
func TestRunOnTheTestChain(t *testing.T) {
	c, err := testchain.Start(t.Context(), testchain.Options{})
	if errors.Is(err, testchain.ErrNotCompiled) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	config := fmt.Sprintf("as_of = \"2025-09-04\"\n[[rpc]]\nchain_id = %d\nurls = [%q]\narchive = true\nverify = \"L3\"\n", testchain.ChainID, c.URL)
	for _, v := range c.Vaults {
		config += fmt.Sprintf("[[vault]]\nid = %q\nchain_id = %d\naddress = %q\nfamily = \"auto\"\n", v.ID, testchain.ChainID, v.Address.Hex())
	}
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	file := writeFile(t, filepath.Join(dir, "vaultperf.toml"), config)
	plan := mustCall(t, exitDone, "extract", "--dry-run", "--config", file, "--out", out).stdout
	for _, step := range []string{"logs", "states", "proofs", "unknown"} {
		if !strings.Contains(plan, "\n"+step+" ") {
			t.Errorf("the plan has no %s:\n%s", step, plan)
		}
	}
	got := mustCall(t, exitDone, "run", "--config", file, "--out", out)
	if again := mustCall(t, exitDone, "extract", "--dry-run", "--config", file, "--out", out).stdout; strings.Contains(again, "requests") || strings.Contains(again, "missing") {
		t.Errorf("after the run there is still to do:\n%s", again)
	}
	m := wholeRun(t, out)
	if want := 4 * len(c.Vaults); len(m.Proofs) != want {
		t.Errorf("run.json has %d proofs, want %d", len(m.Proofs), want)
	}
	for _, p := range m.Proofs {
		if p.Verdict != "proved" || p.Fault != nil {
			t.Errorf("run.json: %+v, want it proved", p)
		}
	}
	foundAsBuilt(t, c, filepath.Join(out, "vaultperf.duckdb"))
	if isProving {
		var vaults []string
		for _, v := range c.Vaults {
			vaults = append(vaults, v.ID)
		}
		audited(t, out, "the test chain", vaults...)
	}
	for _, v := range c.Vaults {
		closes := v.Truth.Closes
		fine, _ := closes[len(closes)-1].PriceFine.Float64()
		price := strings.TrimRight(fmt.Sprintf("%.7f", fine/1e18), "0") // of so many shares that a whole one's assets have twelve digits more
		if !strings.Contains(got.stdout, v.ID) || !strings.Contains(got.stdout, price) {
			t.Errorf("the summary lacks %s at %s:\n%s", v.ID, price, got.stdout)
		}
	}
}

// foundAsBuilt compares jumps, broken claims and warnings with what was built into the
// vaults. Of the markets and pools nobody told this config.
func foundAsBuilt(t *testing.T, c *testchain.Chain, db string) {
	t.Helper()
	ask := func(query string) string {
		t.Helper()
		_, rows, _ := strings.Cut(mustCall(t, exitDone, "sql", "--db", db, "--format", "csv", query).stdout, "\n")
		return rows
	}
	for _, v := range c.Vaults {
		var want []string
		for _, i := range v.Truth.Incidents {
			kind, shown := "step_up_without_deposit", i.To
			switch i.Kind {
			case "loss":
				kind = "step_down"
			case "spike":
				kind, shown = "spike_reverts", i.From
			case "donation", "recovery":
			default:
				continue
			}
			if shown.Block == 0 {
				shown = i.From
			}
			want = append(want, fmt.Sprintf("%s,%s\n", shown.Time.Format("2006-01-02"), kind))
		}
		slices.Sort(want)
		got := ask(fmt.Sprintf("select observed_at::date, kind from marts.jumps where vault_id = '%s' order by observed_at", v.ID))
		if got != strings.Join(want, "") {
			t.Errorf("%s jumped\n%swant\n%s", v.ID, got, strings.Join(want, ""))
		}
	}
	got := ask("select vault_id, warning from marts.warnings order by all")
	want := "synthetic-bad,claim_broken_fully_liquid\nsynthetic-bad,claim_broken_redemption_at_true_value\nsynthetic-bad,large_loss\nsynthetic-bad,spike_reverts\nsynthetic-bad,step_down\nsynthetic-closed,flat\nsynthetic-rated,bridged_shares\nsynthetic-rated,step_down\n"
	if got != want {
		t.Errorf("warnings\n%swant\n%s", got, want)
	}
}
