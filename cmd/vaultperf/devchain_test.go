//go:build !race

// The race detector makes the test chain's EVM too slow; make test runs this without.

package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	devchain "github.com/vaultperf/vaultperf/cmd/devchain/chain"
)

// TestNightOnTheTestChain goes from a node to the pages with a config that gives
// addresses alone: what the vaults are is found out, and every history proved.
func TestNightOnTheTestChain(t *testing.T) {
	c, err := devchain.Start(t.Context(), devchain.Options{})
	if errors.Is(err, devchain.ErrNotCompiled) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	config := fmt.Sprintf("as_of = \"2025-09-04\"\n[[rpc]]\nchain_id = %d\nurls = [%q]\narchive = true\nverify = \"L3\"\n", devchain.ChainID, c.URL)
	for _, v := range c.Vaults {
		config += fmt.Sprintf("[[vault]]\nid = %q\nchain_id = %d\naddress = %q\nfamily = \"auto\"\n", v.ID, devchain.ChainID, v.Address.Hex())
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
		t.Errorf("after the night there is still to do:\n%s", again)
	}
	m := wholeNight(t, out)
	if want := 4 * len(c.Vaults); len(m.Proofs) != want {
		t.Errorf("run.json has %d proofs, want %d", len(m.Proofs), want)
	}
	for _, p := range m.Proofs {
		if p.Verdict != "proved" || p.Fault != nil {
			t.Errorf("run.json: %+v, want it proved", p)
		}
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
