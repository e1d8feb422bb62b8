package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/publish"
	models "github.com/vaultperf/vaultperf/sql"
)

// now is the clock of the tests: after the sample's as-of day.
var now = time.Date(2025, 10, 1, 9, 30, 0, 0, time.UTC)

// helperVariable makes the test binary be another process of the kind it
// names, so that locks are tried between real processes.
const helperVariable = "VAULTPERF_TEST_HELPER"

// killVariable names the rename of publishing after which such a process is killed.
const killVariable = "VAULTPERF_TEST_KILL"

// panicVariable is a word that makes such a process panic where it is first logged.
const panicVariable = "VAULTPERF_TEST_PANIC"

// panicsAt is stderr that panics once.
type panicsAt struct {
	word string
	done bool
}

func (w *panicsAt) Write(text []byte) (int, error) {
	if !w.done && bytes.Contains(text, []byte(w.word)) {
		w.done = true
		panic("at \x1b[31m" + w.word + "\n" + strings.Repeat("x", 1000))
	}
	return os.Stderr.Write(text)
}

// killAfter kills this process after a rename of publishing.
func killAfter(step string) publish.Renames {
	return publish.Renames{NoExchange: step == "aside", After: func(name string) {
		if name == step {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}}
}

func TestMain(m *testing.M) {
	if kind := os.Getenv(helperVariable); kind != "" {
		os.Exit(help(kind, os.Args[1:]))
	}
	code := m.Run()
	for _, made := range []string{template, sample.out} {
		if made != "" {
			_ = os.RemoveAll(made)
		}
	}
	os.Exit(code)
}

// help is a helper process. A holder says when it is ready and keeps what it
// holds until its stdin ends.
func help(kind string, args []string) int {
	ctx := context.Background()
	hold := func(err error) int {
		if err != nil {
			fmt.Println(err)
			return 1
		}
		fmt.Println("ready")
		_, _ = io.Copy(io.Discard, os.Stdin)
		return 0
	}
	switch kind {
	case "vaultperf":
		a := &app{std: streams{os.Stdin, os.Stdout, os.Stderr}, now: now}
		if step := os.Getenv(killVariable); step != "" {
			a.renames = killAfter(step)
		}
		if word := os.Getenv(panicVariable); word != "" {
			a.std.err = &panicsAt{word: word}
		}
		a.endOnPanic()
		return a.execute(ctx, args)
	case "writer":
		db, err := models.Open(ctx, args[0])
		if err == nil {
			defer func() { _ = db.Close() }()
		}
		return hold(err)
	case "reader":
		db, err := models.OpenReadOnly(ctx, args[0])
		if err == nil {
			defer func() { _ = db.Close() }()
			err = db.QueryRowContext(ctx, "select 1 from marts.run").Err()
		}
		return hold(err)
	case "lock":
		_, err := publish.Folder(args[0]).Lock(now)
		return hold(err)
	}
	return 1
}

// helper starts a helper process and returns once it says that it is ready.
func helper(t *testing.T, kind string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), helperVariable+"="+kind)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
	})
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "ready\n" {
		t.Fatalf("helper %s: %q, %v", kind, line, err)
	}
	return cmd
}

// An answer is what a call of the command gave.
type answer struct {
	code           int
	stdout, stderr string
}

func call(t *testing.T, args ...string) answer {
	t.Helper()
	return callWith(t, now, "", args...)
}

func callWith(t *testing.T, now time.Time, stdin string, args ...string) answer {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := vaultperf(t.Context(), args, streams{strings.NewReader(stdin), &stdout, &stderr}, now)
	return answer{code, stdout.String(), stderr.String()}
}

// mustCall calls the command and wants the code.
func mustCall(t *testing.T, code int, args ...string) answer {
	t.Helper()
	got := call(t, args...)
	if got.code != code {
		t.Fatalf("vaultperf %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got.code, code, got.stderr, got.stdout)
	}
	return got
}

// published is what lies in an out folder but for the command's own files:
// by path, a digest of a file or the target of a link.
func published(t *testing.T, out string) map[string]string {
	t.Helper()
	tree := map[string]string{}
	err := filepath.WalkDir(out, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(out, path)
		if err != nil {
			return err
		}
		switch {
		case name == ".work":
			return fs.SkipDir
		case entry.IsDir():
			tree[name] = "folder"
		case entry.Type()&fs.ModeSymlink != 0:
			tree[name], err = os.Readlink(path)
		default:
			tree[name] = digestOf(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func digestOf(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func wantUnchanged(t *testing.T, before, after map[string]string) {
	t.Helper()
	if !maps.Equal(before, after) {
		t.Errorf("published files changed:\nbefore %v\nafter  %v", before, after)
	}
}

// wholeRun wants the latest run in out to be all there: every file with
// the digest its manifest gives, and the database published the one it names.
func wholeRun(t *testing.T, out string) publish.Manifest {
	t.Helper()
	m := wholePages(t, filepath.Join(out, "latest"))
	if got := digestOf(t, filepath.Join(out, "vaultperf.duckdb")); got != m.Database.SHA256 {
		t.Errorf("the database has digest %s, run.json says %s", got, m.Database.SHA256)
	}
	return m
}

// wholePages wants the run in a folder to be all there.
func wholePages(t *testing.T, pages string) publish.Manifest {
	t.Helper()
	m, err := publish.ReadManifest(pages)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Files) == 0 {
		t.Error("run.json names no file")
	}
	for _, f := range append(slices.Clone(m.Files), m.Database) {
		if f.Bytes == 0 {
			t.Errorf("%s is empty", f.Path)
		}
		if got := digestOf(t, filepath.Join(pages, filepath.FromSlash(f.Path))); got != f.SHA256 {
			t.Errorf("%s has digest %s, run.json says %s", f.Path, got, f.SHA256)
		}
	}
	return m
}

func writeFile(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// Parts of configs and archives that the tests put together.
const (
	alphaVault = `
[[vault]]
id = "alpha"
chain_id = 1
address = "0x00000000000000000000000000000000000000A1"
family = "lagoon"
asset_symbol = "USDC"
asset_decimals = 6
share_decimals = 18
`
	goodArchive = `
[[archive]]
path = "good.csv"
`
	goodReadings = `vault,observed_at,share_price
alpha,2025-08-01T00:00:00Z,1.00
alpha,2025-08-02T00:00:00Z,1.01
alpha,2025-08-03T00:00:00Z,1.02
`
)

// databaseName is a run's database in its folder, and the link to the latest
// run's in the out folder.
const databaseName = "vaultperf.duckdb"

// template is a folder that goodRun has made once and copies.
var template string

// goodRun gives a folder with a config and an archive, and the out folder of
// their run.
func goodRun(t *testing.T) (dir, config, out string) {
	t.Helper()
	if template == "" {
		made, err := os.MkdirTemp("", "vaultperf-test-") //nolint:usetesting // outlives the test
		if err != nil {
			t.Fatal(err)
		}
		template = made
		writeFile(t, filepath.Join(made, "good.csv"), goodReadings)
		config := writeFile(t, filepath.Join(made, "good.toml"), alphaVault+goodArchive)
		mustCall(t, exitDone, "run", "--config", config, "--out", filepath.Join(made, "out"), "--as-of", "2025-08-03")
	}
	dir = copied(t, template)
	return dir, filepath.Join(dir, "good.toml"), filepath.Join(dir, "out")
}

// copied is a copy of a folder, with its links.
func copied(t *testing.T, folder string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// sample is the run of the embedded sample that sampleRun has made once.
var sample struct {
	out    string
	answer answer
}

// sampleRun gives what a run of the embedded sample printed and its out folder,
// which a test copies before it changes anything.
func sampleRun(t *testing.T) (got answer, out string) {
	t.Helper()
	if sample.out == "" {
		made, err := os.MkdirTemp("", "vaultperf-test-") //nolint:usetesting // outlives the test
		if err != nil {
			t.Fatal(err)
		}
		sample.out = made
		sample.answer = mustCall(t, exitDone, "run", "--out", made)
	}
	return sample.answer, sample.out
}
