//go:build !race

package realvaults

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

// TestMain builds the command for all tests, and prints after them what was compared.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "realvaults")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(dir) }()
		buildFolder = dir
		code := m.Run()
		printTable(os.Stdout)
		return code
	}())
}

var buildFolder string // of the binary, set once by TestMain

// binary builds vaultperf as a user does, once, and returns where it is.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(buildFolder, "vaultperf")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", path, "../vaultperf").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build vaultperf: %w\n%s", err, out)
	}
	return path, nil
})

// A row is one of a published table, by column. Null is nil.
type row map[string]any

// text is a column as text, empty if null.
func (r row) text(column string) string {
	switch v := r[column].(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// number is a column as a float; false if it is null or no number.
func (r row) number(column string) (float64, bool) {
	f, err := strconv.ParseFloat(r.text(column), 64)
	return f, err == nil
}

// figures are what a run published.
type figures struct {
	t        testing.TB
	dir      string // of the config and what it names
	database string
	binary   string
	config   string // of the run, as it was discovered
	ids      map[string]string
}

// runCommand does what a user does: discovers each vault, puts the as-of day and the
// node above what was printed, and runs it up to day k.
func (w *world) runCommand(k int, vaults ...*contract) *figures {
	w.t.Helper()
	f := newFigures(w.t)
	f.run(fmt.Sprintf("as_of = %q\n", date(k)) + w.nodeBlock("archive = true", `verify = "L3"`) + w.discover(f, vaults...))
	return f
}

// nodeBlock is the part of a config that names the node.
func (w *world) nodeBlock(lines ...string) string {
	return fmt.Sprintf("[[rpc]]\nchain_id = %d\nurls = [%q]\n%s\n", chainID, w.node.url, strings.Join(lines, "\n"))
}

// discover is what the command prints of vaults.
func (w *world) discover(f *figures, vaults ...*contract) string {
	w.t.Helper()
	var blocks strings.Builder
	for _, v := range vaults {
		blocks.WriteString(f.call("discover", "--chain", strconv.Itoa(chainID), "--address", v.address.Hex(), "--rpc", w.node.url))
	}
	return blocks.String()
}

func newFigures(t testing.TB) *figures {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return &figures{t: t, dir: dir, database: filepath.Join(dir, "out", "vaultperf.duckdb"), binary: path, ids: map[string]string{}}
}

// run runs the command with a config, the first time or again.
func (f *figures) run(config string) {
	t := f.t
	t.Helper()
	file := filepath.Join(f.dir, "vaults.toml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	f.config = config
	f.call("run", "--config", file, "--out", filepath.Join(f.dir, "out"))
	for _, r := range f.ask("select vault_id, address, family from marts.vaults") {
		f.ids[r.text("address")] = r.text("vault_id")
	}
	if os.Getenv("VAULTPERF_KEEP") != "" {
		t.Logf("config:\n%s", config)
		kept := filepath.Join(os.TempDir(), fmt.Sprintf("realvaults-%s.duckdb", strings.ReplaceAll(t.Name(), "/", "-")))
		text, err := os.ReadFile(f.database)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(kept, text, 0o600); err != nil {
			t.Fatal(err)
		}
		t.Logf("database kept as %s", kept)
	}
}

// discovers says whether discover put a contract into the config.
func (f *figures) discovers(c *contract) bool {
	return strings.Contains(f.config, fmt.Sprintf("address = '%s'", lower(c.address)))
}

// names says whether discover named who has a role.
func (f *figures) names(role string, holder common.Address) bool {
	return strings.Contains(f.config, fmt.Sprintf("# %s: %s\n", role, lower(holder)))
}

// call calls the command, which must end with 0.
func (f *figures) call(args ...string) string {
	f.t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(f.t.Context(), f.binary, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		f.t.Fatalf("vaultperf %s: %v\n%s%s", strings.Join(args, " "), err, out.Bytes(), errs.Bytes())
	}
	return out.String()
}

// ask are the rows of a query of the published database.
func (f *figures) ask(query string) []row {
	f.t.Helper()
	decoder := json.NewDecoder(strings.NewReader(f.call("sql", "--db", f.database, "--format", "json", query)))
	decoder.UseNumber()
	var rows []row
	if err := decoder.Decode(&rows); err != nil {
		f.t.Fatalf("%s: %v", query, err)
	}
	return rows
}

// of are a vault's rows of a mart.
func (f *figures) of(mart string, vault *contract) []row {
	f.t.Helper()
	return f.ask(fmt.Sprintf("select * from marts.%s where vault_id = '%s'", mart, f.ids[strings.ToLower(vault.address.Hex())]))
}

// some are a vault's rows of a mart that must have one at least.
func (f *figures) some(mart string, vault *contract) []row {
	f.t.Helper()
	rows := f.of(mart, vault)
	if len(rows) == 0 {
		f.t.Errorf("marts.%s has no row of %s", mart, vault.address)
	}
	return rows
}

// claim is what is published of one claim of a vault.
func (f *figures) claim(vault *contract, name string) row {
	f.t.Helper()
	for _, r := range f.of("claims", vault) {
		if r.text("claim") == name {
			return r
		}
	}
	f.t.Errorf("marts.claims has no %s of %s", name, vault.address)
	return row{}
}

// speaksOf says whether a warning or a claim's evidence has a word.
func (f *figures) speaksOf(vault *contract, word string) bool {
	f.t.Helper()
	for _, r := range append(f.of("warnings", vault), f.of("claims", vault)...) {
		if strings.Contains(r.text("warning")+r.text("message")+r.text("evidence"), word) {
			return true
		}
	}
	return false
}
