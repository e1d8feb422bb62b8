package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLockedOutFolderNamesTheHolder(t *testing.T) {
	_, config, out := goodRun(t)
	before := published(t, out)
	holder := helper(t, "lock", out)
	got := mustCall(t, exitLocked, "run", "--config", config, "--out", out)
	if want := fmt.Sprintf("process %d", holder.Process.Pid); !strings.Contains(got.stderr, want) {
		t.Errorf("stderr lacks %q: %s", want, got.stderr)
	}
	wantUnchanged(t, before, published(t, out))
}

func TestLockedWorkingDatabaseNamesTheHolder(t *testing.T) {
	_, config, out := goodRun(t)
	before := published(t, out)
	holder := helper(t, "writer", filepath.Join(out, ".work", "vaultperf.duckdb"))
	got := mustCall(t, exitLocked, "run", "--config", config, "--out", out)
	if want := fmt.Sprintf("process %d", holder.Process.Pid); !strings.Contains(got.stderr, want) {
		t.Errorf("stderr lacks %q: %s", want, got.stderr)
	}
	wantUnchanged(t, before, published(t, out))
}

func TestLockOfADeadProcessIsFree(t *testing.T) {
	_, config, out := goodRun(t)
	holder := helper(t, "lock", out)
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	mustCall(t, exitDone, "run", "--config", config, "--out", out, "--as-of", "2025-08-03")
}

func TestReaderOfThePublishedFileDoesNotBlockTheNextRun(t *testing.T) {
	_, config, out := goodRun(t)
	helper(t, "reader", filepath.Join(out, "vaultperf.duckdb"))
	mustCall(t, exitDone, "run", "--config", config, "--out", out, "--as-of", "2025-08-04")
	if m := wholeRun(t, out); m.AsOf != "2025-08-04" {
		t.Errorf("latest is as of %s", m.AsOf)
	}
}

// A run killed at any moment leaves a whole one: the old or the new.
func TestKilledRunLeavesAWholeOne(t *testing.T) {
	_, config, out := goodRun(t)
	took := time.Now()
	mustCall(t, exitDone, "run", "--config", config, "--out", out, "--as-of", "2025-08-03")
	whole := time.Since(took)
	tries := 8
	if testing.Short() {
		tries = 3
	}
	for i := range tries {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "run", "--config", config, "--out", out, "--as-of", "2025-08-03")
		cmd.Env = append(os.Environ(), helperVariable+"=vaultperf")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(whole * time.Duration(i+1) / time.Duration(tries))
		if err := cmd.Process.Kill(); err != nil {
			t.Log("ended before it was killed")
		}
		_ = cmd.Wait()
		wholeRun(t, out)
		if got := mustCall(t, exitDone, "sql", "select count(*) from marts.share_prices", "--out", out); !strings.Contains(got.stdout, "3") {
			t.Errorf("published database after a kill: %s", got.stdout)
		}
	}
	mustCall(t, exitDone, "run", "--config", config, "--out", out, "--as-of", "2025-08-03")
	wholeRun(t, out)
}
