package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/publish"
)

// killed makes the report by the real command, which is killed after a rename.
func killed(t *testing.T, step string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{"report"}, args...)...)
	cmd.Env = append(os.Environ(), helperVariable+"=vaultperf", killVariable+"="+step)
	output, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the run was not killed after %q: %v\n%s", step, err, output)
	}
}

// earlierLayout makes an out folder as versions did that published the database as
// a file of its own.
func earlierLayout(t *testing.T, out string) {
	t.Helper()
	published := filepath.Join(out, databaseName)
	if err := os.Remove(published); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(out, "latest", databaseName), published); err != nil {
		t.Fatal(err)
	}
}

// After a kill at any rename of publishing a reader finds the old run or the new one:
// latest and the database are of the same run, and every folder is whole.
func TestKilledWhilePublishing(t *testing.T) {
	for name, c := range map[string]struct {
		asOf    string
		steps   []string
		shows   []string // as-of day after each; empty: nothing is published yet
		prepare func(t *testing.T, out string)
	}{
		"FirstRun": {"2025-08-03", []string{"pages", databaseName, "latest"}, []string{"", "", "2025-08-03"}, func(t *testing.T, out string) {
			t.Helper()
			if err := os.RemoveAll(out); err != nil {
				t.Fatal(err)
			}
		}},
		"NextDay":          {"2025-08-04", []string{"pages", databaseName, "latest"}, []string{"2025-08-03", "2025-08-03", "2025-08-04"}, nil},
		"SameDay":          {"2025-08-03", []string{"pages"}, []string{"2025-08-03"}, nil},
		"EarlierDay":       {"2025-08-02", []string{"pages"}, []string{"2025-08-03"}, nil},
		"OfOldLayout":      {"2025-08-04", []string{"adopted", "pages", databaseName, "latest"}, []string{"2025-08-03", "2025-08-03", "2025-08-03", "2025-08-04"}, earlierLayout},
		"OfOldLayoutAgain": {"2025-08-03", []string{"adopted", "pages"}, []string{"2025-08-03", "2025-08-03"}, earlierLayout},
	} {
		if testing.Short() && c.prepare == nil && name != "NextDay" {
			continue // the same renames with other days
		}
		base, config, out := goodRun(t)
		if c.prepare != nil {
			c.prepare(t, out)
		}
		writeFile(t, filepath.Join(base, "good.csv"), strings.Replace(goodReadings, "1.01", "1.015", 1))
		for _, stage := range []string{"extract", "transform"} {
			mustCall(t, exitDone, stage, "--config", config, "--out", out, "--as-of", c.asOf)
		}
		for i, step := range c.steps {
			t.Run(name+"/"+step, func(t *testing.T) {
				dir := copied(t, base)
				config, out := filepath.Join(dir, filepath.Base(config)), filepath.Join(dir, "out")
				killed(t, step, "--config", config, "--out", out, "--as-of", c.asOf)
				wantShown(t, out, c.shows[i])
				mustCall(t, exitDone, "report", "--config", config, "--out", out, "--as-of", c.asOf)
				wantShown(t, out, max(c.asOf, c.shows[i]))
			})
		}
	}
}

// wantShown wants a reader to find the whole run of that day, and every other folder
// to be whole.
func wantShown(t *testing.T, out, day string) {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join(out, "20*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(folder, databaseName)); err == nil || filepath.Base(folder) != day {
			wholePages(t, folder)
		}
	}
	if day == "" {
		mustCall(t, exitFailed, "sql", "from marts.run", "--out", out)
		if _, err := os.Stat(filepath.Join(out, "latest")); err == nil {
			t.Error("a run is shown, want none")
		}
		return
	}
	m, err := publish.ReadManifest(filepath.Join(out, "latest"))
	if err != nil || m.AsOf != day {
		t.Errorf("latest shows %q, %v, want %s", m.AsOf, err, day)
	}
	if got := digestOf(t, filepath.Join(out, databaseName)); got != m.Database.SHA256 {
		t.Errorf("the database has digest %s, the pages' run.json says %s", got, m.Database.SHA256)
	}
	if got := mustCall(t, exitDone, "sql", "select as_of from marts.run", "--out", out, "--format", "csv"); got.stdout != "as_of\n"+day+"\n" {
		t.Errorf("the database says %s", got.stdout)
	}
}

// Where the system cannot exchange two names, a kill between two renames leaves the
// run without its name. The next run gives it back, even if that one fails.
func TestKilledBetweenTheRenamesOfAnExchange(t *testing.T) {
	dir, config, out := goodRun(t)
	before := published(t, out)
	killed(t, "aside", "--config", config, "--out", out, "--as-of", "2025-08-03")
	writeFile(t, filepath.Join(dir, "good.csv"), "")
	mustCall(t, exitFailed, "run", "--config", config, "--out", out, "--as-of", "2025-08-03")
	wantUnchanged(t, before, published(t, out))
	wantShown(t, out, "2025-08-03")
}
