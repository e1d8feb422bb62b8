package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/crash/crashtest"
	models "github.com/vaultperf/vaultperf/sql"
)

// mutatedConfig is a config of most of what there is.
const mutatedConfig = `
as_of = 2025-08-03
risk_free_series = "rate"
max_pages = 7
[start]
min_total_assets = 0.5
` + alphaVault + `name = "Alpha „one“"
safe = "0x00000000000000000000000000000000000000B2"
accounts = ["0x00000000000000000000000000000000000000C3"]
[[vault.contract]]
address = "0x00000000000000000000000000000000000000D4"
role = "asset"
family = "erc20"
name = "USDC"
[[archive]]
path = "readings.csv"
note = "from a friend"
[archive.columns]
share_price = "price"
[[archive]]
path = "logs.*json"
chain_id = 1
blocks = "blocks.csv"
complete = true
[[benchmark]]
name = "rate"
path = "rates.csv"
kind = "annual_rate"
day_count = 360
percent = true
columns = { observed_on = "DATE", value = "SOFR" }
where = { kind = "a" }
`

// mutatedFiles are sound files by name; what a kind of input is follows from it.
func mutatedFiles(t *testing.T) map[string]string {
	t.Helper()
	var readings, ndjson, logs, rows strings.Builder
	readings.WriteString("vault,observed_at,price,block_number\n")
	rows.WriteString("block_number,log_index,transaction_hash,transaction_index,address,data,topics,block_hash\n")
	for i := range 6 {
		at := fmt.Sprintf("2025-08-01T%02d:00:00Z", i)
		fmt.Fprintf(&readings, "alpha,%s,1.0%d,%d\n", at, i, 16+i)
		fmt.Fprintf(&ndjson, `{"vault":"alpha","observed_at":"%s","share_price_raw":"100%d","block_number":%d}`+"\n", at, i, 16+i)
		logs.WriteString(settlement(16+i, 1000000+i) + "\n")
		fmt.Fprintf(&rows, "%d,0,0x%064x,0,0x%040x,0x%064x%064x%064x%064x,\"[\"\"0x26be8b1af887e484fec2868840869fd162e136268c24803bede886ab91aa29bc\"\",\"\"0x%064x\"\",\"\"0x%064x\"\"]\",0x%064x\n",
			16+i, 16+i, 0xa1, 1000000, 1000000000000000000, 1000000, 1000000000000000000, 1, 1, 16+i)
	}
	array := func(lines string) string {
		return "[" + strings.ReplaceAll(strings.TrimSpace(lines), "\n", ",\n") + "]\n"
	}
	files := map[string]string{
		"readings.csv": readings.String(), "readings.ndjson": ndjson.String(), "readings.json": array(ndjson.String()),
		"logs.ndjson": logs.String(), "logs.json": `{"jsonrpc":"2.0","id":1,"result":` + array(logs.String()) + "}", "logs.csv": rows.String(),
		"blocks.csv":    "block_number,timestamp\n16,1754006400\n17,1754006412\n18,1754006424\n19,1754006436\n20,1754006448\n21,1754006460\n",
		"blocks.ndjson": "{\"block_number\":16,\"timestamp\":1754006400}\n{\"block_number\":17,\"timestamp\":\"1754006412\"}\n{\"block_number\":21,\"timestamp\":1754006460}\n",
		"rates.csv":     "DATE,SOFR,kind\n2025-08-01,4.3,a\n2025-08-02,.,a\n2025-08-02,9,b\n2025-08-03,4.4,a\n",
	}
	dir := t.TempDir()
	db, err := models.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for name, query := range map[string]string{
		"readings.parquet": "select 'alpha' as vault, timestamp '2025-08-01' + interval (i) hour as observed_at, 1.0 + i / 100 as share_price from range(6) as r(i)",
		"logs.parquet":     "select cast(block_number as bigint) as block_number, log_index, transaction_hash, address, data, string_split(regexp_replace(topics, '[\\[\\]\" ]', '', 'g'), ',') as topics from read_csv('" + writeFile(t, filepath.Join(dir, "logs.csv"), files["logs.csv"]) + "', all_varchar = true)",
	} {
		path := filepath.Join(dir, name)
		if _, err := db.ExecContext(t.Context(), "copy ("+query+") to '"+path+"' (format parquet)"); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(text)
	}
	for _, name := range []string{"readings.csv", "readings.ndjson", "logs.ndjson", "logs.json", "logs.csv", "blocks.csv"} {
		files[name+".gz"] = gzipped(t, files[name])
	}
	files["vaults.toml"] = mutatedConfig
	return files
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// ofWholeFile is what is wrong with a file as a whole, or with several together.
var ofWholeFile = regexp.MustCompile(`: want (rows|a whole (gzip|Parquet) file|raw logs|logs in one of|logs, got blocks|a column |block times with columns|text, gzip or Parquet|CSV, JSON or Parquet|at least one|` +
	`a CSV header|a file that|the (log|time) that|one time per block|one hash of block|a value of the benchmark|the file's|` +
	`a pattern of file names|a file, got|a JSON array)`)

// TestMutations: whatever a file holds, the command ends with a documented exit code, says
// which file and which line of it is wrong, and publishes nothing of it; nothing that it
// prints acts on a terminal.
func TestMutations(t *testing.T) {
	files := mutatedFiles(t)
	isProving := os.Getenv("VAULTPERF_PROVE") != ""
	seeds := 2
	if isProving {
		seeds = 100
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		t.Run(name, func(t *testing.T) {
			m := newMutant(t, files, name)
			m.isProving = isProving
			ends := map[int]int{}
			for seed := range seeds {
				random := crashtest.Dice(seed)
				text := files[name]
				if inner, isZipped := strings.CutSuffix(name, ".gz"); isZipped && random.IntN(3) > 0 {
					text = gzipped(t, crashtest.Mutate(random, files[inner]))
				} else {
					text = crashtest.Mutate(random, text)
				}
				ends[m.judge(t, seed, text)]++
			}
			t.Logf("%d mutations, by exit code: %v", seeds, ends)
		})
	}
}

// A mutant is a run of which one file is mutated.
type mutant struct {
	dir, out, config, name string
	files                  map[string]string
	before                 map[string]string // what is published
	isProving              bool
}

func newMutant(t *testing.T, files map[string]string, name string) *mutant {
	t.Helper()
	m := &mutant{name: name, files: files}
	m.fresh(t)
	m.before = published(t, m.out)
	if sound := call(t, "extract", "--config", m.config, "--out", m.out, "--as-of", "2025-08-03"); sound.code != exitDone && sound.code != exitIncomplete {
		t.Fatalf("the sound file: exit code %d, %s", sound.code, sound.stderr)
	}
	m.fresh(t)
	return m
}

// fresh makes the folders as a good run left them.
func (m *mutant) fresh(t *testing.T) {
	t.Helper()
	m.dir, _, m.out = goodRun(t)
	for name, text := range m.files {
		writeFile(t, filepath.Join(m.dir, name), text)
	}
	m.config = filepath.Join(m.dir, "vaults.toml")
	kind, _, _ := strings.Cut(m.name, ".")
	text := alphaVault + "[[archive]]\npath = \"" + m.name + "\"\nchain_id = 1\n"
	switch kind {
	case "vaults":
		return
	case "logs":
		text += "blocks = \"blocks.csv\"\n"
	case "blocks":
		text = alphaVault + "[[archive]]\npath = \"logs.ndjson\"\nchain_id = 1\nblocks = \"" + m.name + "\"\n"
	case "rates":
		text = strings.ReplaceAll(mutatedConfig, "logs.*json", "logs.ndjson")
	case "readings":
		if strings.Contains(m.name, "csv") {
			text += "[archive.columns]\nshare_price = \"price\"\n"
		}
	}
	writeFile(t, m.config, text)
}

// wantHarmless wants what is printed to be short, and free of what acts on a terminal.
func (m *mutant) wantHarmless(got answer, fault func(format string, args ...any)) {
	if crashtest.ActsOnTerminal(got.stderr + got.stdout) {
		fault("a control character: %q", got.stderr)
	}
	if len(got.stderr) > 20_000 {
		fault("%d characters", len(got.stderr))
	}
}

// judge runs the command with one mutation and returns the exit code.
func (m *mutant) judge(t *testing.T, seed int, text string) int {
	t.Helper()
	path := writeFile(t, filepath.Join(m.dir, m.name), text)
	got := call(t, "extract", "--config", m.config, "--out", m.out, "--as-of", "2025-08-03")
	fault := func(format string, args ...any) {
		t.Errorf("seed %d: %s\nexit code %d, %s", seed, fmt.Sprintf(format, args...), got.code, got.stderr)
		if keep := os.Getenv("VAULTPERF_KEEP"); keep != "" {
			writeFile(t, filepath.Join(keep, fmt.Sprintf("%d-%s", seed, filepath.Base(path))), text)
		}
	}
	wantUnchanged(t, m.before, published(t, m.out))
	m.wantHarmless(got, fault)
	switch got.code {
	case exitDone, exitIncomplete:
		if m.isProving { // what can be read must be computed and shown, too
			got = call(t, "run", "--config", m.config, "--out", m.out, "--as-of", "2025-08-03")
			if got.code > exitCheck || got.code == exitUsage || strings.Contains(got.stderr, "internal error") {
				fault("want a run that ends in order")
			}
			m.wantHarmless(got, fault)
		}
		m.fresh(t) // what it kept must not meet the next one
	case exitFailed, exitUsage:
		lines := strings.Split(strings.TrimSpace(got.stderr), "\n")
		for _, line := range lines {
			if !strings.HasPrefix(line, "vaultperf: ") {
				fault("a line that is no message: %q", line)
			}
		}
		isConfig := m.name == "vaults.toml"
		if !isConfig && got.code == exitUsage {
			fault("want exit code %d", exitFailed)
		}
		if strings.Contains(got.stderr, "internal error") || strings.Contains(got.stderr, "INTERNAL") {
			fault("want input that is refused")
		}
		if isConfig {
			// exit code 1 is of what it names by then, as an archive that is not there
			if got.code == exitUsage && !strings.Contains(got.stderr, m.name) {
				fault("want the config named")
			}
			break
		}
		if !strings.Contains(got.stderr, m.name) {
			fault("want the file named")
		}
		isText := !strings.Contains(m.name, "parquet")
		if isText && !regexp.MustCompile(regexp.QuoteMeta(m.name)+`:\d+: `).MatchString(got.stderr) && !ofWholeFile.MatchString(got.stderr) {
			fault("want the line named")
		}
	default:
		fault("want another exit code")
	}
	return got.code
}
