package main

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/publish"
	"github.com/vaultperf/vaultperf/report/view"
	models "github.com/vaultperf/vaultperf/sql"
)

func TestSampleRun(t *testing.T) {
	got, out := sampleRun(t)
	for _, want := range []string{
		filepath.Join(out, "2025-09-04", "index.html"), filepath.Join(out, "vaultperf.duckdb"),
		"alusd", "1.0190941", "1.91 %", "alpusd", "synthetic-bad",
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("stdout lacks %q:\n%s", want, got.stdout)
		}
	}
	m := wholeRun(t, out)
	if m.AsOf != "2025-09-04" || !m.Config.Sample || len(m.Inputs) != 4 || m.ExitCode != exitDone {
		t.Errorf("run.json: %+v", m)
	}
	for table, rows := range map[string]int64{"run": 1, "vaults": 4, "imports": 4, "performance": 40, "share_prices": 1534, "returns": 1530, "rolling": 3 * 1534, "benchmark_comparison": 30, "jumps": 4} {
		if m.Rows[table] != rows {
			t.Errorf("run.json: %d rows in marts.%s, want %d", m.Rows[table], table, rows)
		}
	}
	if len(m.Proofs) != 16 || m.Proofs[0] != (publish.Proof{Vault: "alpusd", Level: "L0", Verdict: "unproved", Detail: "no node was asked"}) {
		t.Errorf("run.json: %d proofs, the first is %+v", len(m.Proofs), m.Proofs[0])
	}
	owned := mustCall(t, exitDone, "sql", "--db", filepath.Join(out, "vaultperf.duckdb"), "--format", "csv", `
select vault_id, round(any_value(total_assets), 4) = round(sum(value), 4)
from marts.vaults inner join marts.holders using (vault_id)
group by vault_id
order by vault_id`).stdout
	if _, got, _ := strings.Cut(owned, "\n"); got != "synthetic-bad,true\nsynthetic-good,true\n" {
		t.Errorf("whether the total assets are what the holders own: %s", got)
	}
	if target, err := os.Readlink(filepath.Join(out, "latest")); target != "2025-09-04" {
		t.Errorf("latest points to %q, %v", target, err)
	}
	if left, err := os.ReadDir(filepath.Join(out, ".work", "staging")); err == nil {
		t.Errorf("staging is left behind: %v", left)
	}
}

// TestSampleShowsItsBenchmark: the pages of all vaults but alUSD compare them with
// it. What is shown follows from the prices of the first and of the last day that
// both have.
func TestSampleShowsItsBenchmark(t *testing.T) {
	_, out := sampleRun(t)
	for vault, since := range map[string]string{"alusd": "", "alpusd": "2025-08-20", "synthetic-good": "2025-06-10", "synthetic-bad": "2025-06-10"} {
		page, err := os.ReadFile(filepath.Join(out, "2025-09-04", vault, "report.html"))
		if err != nil {
			t.Fatal(err)
		}
		_, section, found := strings.Cut(string(page), `<section aria-labelledby="h-benchmarks">`)
		if found != (since != "") {
			t.Errorf("%s: compared: %t, want %t", vault, found, since != "")
		}
		if !found {
			continue
		}
		got := mustCall(t, exitDone, "sql", "--db", filepath.Join(out, "vaultperf.duckdb"), "--format", "csv", `
with days as (
    select vault_id, price_date, max_by(share_price, observed_at) as price
    from marts.share_prices where vault_id in ('`+vault+`', 'alusd') group by all
), pairs as (
    select v.price_date, v.price, b.price as benchmark_price
    from days v join days b using (price_date) where v.vault_id != 'alusd' and b.vault_id = 'alusd'
)
select max_by(price, price_date) / min_by(price, price_date)
    - max_by(benchmark_price, price_date) / min_by(benchmark_price, price_date) as excess, count(*) - 1 as returns
from pairs`)
		_, figures, _ := strings.Cut(strings.TrimSpace(got.stdout), "\n")
		excess, returns, _ := strings.Cut(figures, ",")
		x, err := strconv.ParseFloat(excess, 64)
		if err != nil {
			t.Fatalf("%q: %v", got.stdout, err)
		}
		section, _, _ = strings.Cut(section, "</section>")
		_, inception, _ := strings.Cut(section, "<td>Since inception</td>")
		cells := strings.Split(inception, "</td>")
		for i, want := range []string{since, returns, view.Percent.Text(&x)} {
			if !strings.HasSuffix(cells[i], ">"+want) {
				t.Errorf("%s since inception: cell %d is %q, want %q", vault, i, cells[i], want)
			}
		}
	}
}

func TestSameRunGivesSameBytes(t *testing.T) {
	_, first := sampleRun(t)
	second := filepath.Join(t.TempDir(), "out")
	mustCall(t, exitDone, "run", "--out", second)
	want := pages(t, first)
	if got := pages(t, second); !maps.Equal(want, got) {
		t.Errorf("two runs differ:\n%v\n%v", want, got)
	}
	mustCall(t, exitDone, "run", "--out", second)
	if got := pages(t, second); !maps.Equal(want, got) {
		t.Errorf("the same run over itself differs:\n%v\n%v", want, got)
	}
}

// pages is what is published but for what may differ from run to run: the
// manifest, which has timings, and the database's bytes.
func pages(t *testing.T, out string) map[string]string {
	t.Helper()
	tree := published(t, out)
	maps.DeleteFunc(tree, func(name, _ string) bool {
		return filepath.Base(name) == databaseName || filepath.Base(name) == "run.json"
	})
	return tree
}

func TestStagesEqualRun(t *testing.T) {
	_, config, out := goodRun(t)
	apart := filepath.Join(t.TempDir(), "out")
	for _, stage := range []string{"extract", "transform", "report"} {
		mustCall(t, exitDone, stage, "--config", config, "--out", apart, "--as-of", "2025-08-03")
		mustCall(t, exitDone, stage, "--config", config, "--out", apart, "--as-of", "2025-08-03") // restartable
	}
	m := wholeRun(t, apart)
	if len(m.Inputs) != 1 || m.Inputs[0].Path != "good.csv" {
		t.Errorf("inputs of a report made on its own: %+v", m.Inputs)
	}
	if got, want := pages(t, apart), pages(t, out); !maps.Equal(got, want) {
		t.Errorf("stages gave %v, run gave %v", got, want)
	}
}

func TestReportBeforeTransformIsRefused(t *testing.T) {
	dir, config, out := goodRun(t)
	fresh := filepath.Join(dir, "fresh")
	if got := mustCall(t, exitFailed, "report", "--config", config, "--out", fresh); !strings.Contains(got.stderr, "run vaultperf transform first") {
		t.Errorf("stderr: %s", got.stderr)
	}
	got := mustCall(t, exitUsage, "report", "--config", config, "--out", out, "--as-of", "2025-08-02")
	if !strings.Contains(got.stderr, "as of 2025-08-03") {
		t.Errorf("stderr: %s", got.stderr)
	}
}

// A stage run alone goes on from what its own config had the stages before do.
func TestStagesNoticeAnotherConfig(t *testing.T) {
	dir, config, _ := goodRun(t)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		config, extracts, transforms string // what refuses transform and report, empty: nothing
	}{
		"OtherDecimals": {strings.NewReplacer("lagoon", "observed", "asset_decimals = 6", "asset_decimals = 8").Replace(string(text)), "extract", "extract"},
		"OtherArchive":  {string(text) + "note = \"of a friend\"\n", "extract", "extract"},
		"OtherRate":     {"risk_free_rate = 0.04\n" + string(text), "", "risk_free_rate"},
		"OtherStart":    {"[start]\nmin_total_assets = 1\n" + string(text), "", "min_total_assets"},
		"OtherFloor":    {"[thresholds]\ndust_assets = 2000\n" + string(text), "", "dust_assets"},
		"SameFloor":     {"[thresholds]\ndust_assets = 1000\n" + string(text), "", ""},
		"MorePages":     {"max_pages = 300\n" + string(text), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir, _, out := goodRun(t)
			before := published(t, out)
			other := writeFile(t, filepath.Join(dir, "other.toml"), c.config)
			for _, call := range []struct{ stage, refusal string }{{"report", c.transforms}, {"transform", c.extracts}} {
				if call.refusal == "" {
					mustCall(t, exitDone, call.stage, "--config", other, "--out", out, "--as-of", "2025-08-03")
					continue
				}
				got := mustCall(t, exitUsage, call.stage, "--config", other, "--out", out, "--as-of", "2025-08-03")
				if !strings.Contains(got.stderr, "other.toml") || !strings.Contains(got.stderr, call.refusal) {
					t.Errorf("%s: %s", call.stage, got.stderr)
				}
				wantUnchanged(t, before, published(t, out))
			}
		})
	}
	fresh := filepath.Join(dir, "fresh")
	if got := mustCall(t, exitFailed, "transform", "--config", config, "--out", fresh); !strings.Contains(got.stderr, "run vaultperf extract first") {
		t.Error(got.stderr)
	}
}

func TestNextRunKeepsTheDayBefore(t *testing.T) {
	_, config, out := goodRun(t)
	before := published(t, out)
	mustCall(t, exitDone, "run", "--config", config, "--out", out, "--as-of", "2025-08-04")
	if m := wholeRun(t, out); m.AsOf != "2025-08-04" {
		t.Errorf("latest is as of %s", m.AsOf)
	}
	after := published(t, out)
	for name, digest := range before {
		if strings.HasPrefix(name, "2025-08-03") && after[name] != digest {
			t.Errorf("%s was %q, is %q", name, digest, after[name])
		}
	}
}

// A past run built again gets its folder, with its database, and moves nothing
// that shows the newest.
func TestEarlierRunLeavesTheLatest(t *testing.T) {
	_, config, out := goodRun(t)
	before := published(t, out)
	for range 2 {
		got := mustCall(t, exitDone, "run", "--config", config, "--out", out, "--as-of", "2025-08-02")
		for _, want := range []string{
			filepath.Join(out, "2025-08-02", "index.html"), filepath.Join(out, "2025-08-02", databaseName),
			"2025-08-03, which is newer, stays published",
		} {
			if !strings.Contains(got.stdout, want) {
				t.Errorf("stdout lacks %q:\n%s", want, got.stdout)
			}
		}
		after := published(t, out)
		maps.DeleteFunc(after, func(name, _ string) bool { return strings.HasPrefix(name, "2025-08-02") })
		wantUnchanged(t, before, after)
		if m := wholePages(t, filepath.Join(out, "2025-08-02")); m.AsOf != "2025-08-02" {
			t.Errorf("the folder's run is as of %s", m.AsOf)
		}
		past := mustCall(t, exitDone, "sql", "select max(share_price) from marts.share_prices", "--db", filepath.Join(out, "2025-08-02", databaseName))
		if !strings.Contains(past.stdout, "1.01") {
			t.Errorf("the past run's database says %s", past.stdout)
		}
	}
	// whoever takes the newest away is shown what is made next
	if err := os.RemoveAll(filepath.Join(out, "2025-08-03")); err != nil {
		t.Fatal(err)
	}
	mustCall(t, exitDone, "run", "--config", config, "--out", out, "--as-of", "2025-08-02")
	if m := wholeRun(t, out); m.AsOf != "2025-08-02" {
		t.Errorf("latest is as of %s", m.AsOf)
	}
}

// The sample's run, which a newcomer makes first, holds back nobody's own.
func TestSampleRunGivesWay(t *testing.T) {
	_, config, _ := goodRun(t)
	_, shared := sampleRun(t)
	out := copied(t, shared)
	mustCall(t, exitDone, "run", "--config", config, "--out", out, "--as-of", "2025-08-03")
	if m := wholeRun(t, out); m.AsOf != "2025-08-03" || m.Config.Sample {
		t.Errorf("latest is as of %s", m.AsOf)
	}
}

func TestAsOfDefaultsToTheLastCompleteDay(t *testing.T) {
	dir, config, _ := goodRun(t)
	out := filepath.Join(dir, "other")
	got := callWith(t, time.Date(2025, 8, 3, 0, 20, 0, 0, time.UTC), "", "run", "--config", config, "--out", out)
	if got.code != exitDone {
		t.Fatal(got.stderr)
	}
	if m := wholeRun(t, out); m.AsOf != "2025-08-02" {
		t.Errorf("as of %s at 20 past midnight of 2025-08-03", m.AsOf)
	}
}

func TestIncompleteRunIsPublishedWithCode3(t *testing.T) {
	const beta = `
[[vault]]
id = "beta"
chain_id = 1
address = "0x00000000000000000000000000000000000000B2"
family = "observed"
asset_decimals = 6
share_decimals = 18
`
	for name, c := range map[string]struct{ vaults, readings, want string }{
		"EmptyPrice":         {alphaVault, goodReadings + "alpha,2025-08-03T01:00:00Z,\n", "1 row was set aside"},
		"ConflictingReading": {alphaVault, goodReadings + "alpha,2025-08-03T00:00:00Z,1.5\n", "2 rows were set aside"},
		"AbsurdPrice":        {alphaVault, goodReadings + "alpha,2025-08-03T01:00:00Z,1e200\n", "1 row was set aside"},
		"VaultNotConfigured": {alphaVault, goodReadings + "gamma,2025-08-03T00:00:00Z,1.5\n", ""},
		"VaultWithNoReading": {alphaVault + beta, goodReadings, "1 of 2 vaults have no reading (beta)"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			out := filepath.Join(dir, "out")
			writeFile(t, filepath.Join(dir, "good.csv"), c.readings)
			config := writeFile(t, filepath.Join(dir, "c.toml"), c.vaults+goodArchive)
			got := mustCall(t, exitIncomplete, "run", "--config", config, "--out", out, "--as-of", "2025-08-03")
			if !strings.Contains(got.stderr, c.want) {
				t.Errorf("stderr lacks %q:\n%s", c.want, got.stderr)
			}
			if m := wholeRun(t, out); m.ExitCode != exitIncomplete {
				t.Errorf("run.json says exit code %d", m.ExitCode)
			}
		})
	}
}

// A file that was corrected and renamed is no longer what it was: the run is
// that of an out folder which never saw the old one.
func TestCorrectedAndRenamedFile(t *testing.T) {
	dir := t.TempDir()
	config := writeFile(t, filepath.Join(dir, "c.toml"), alphaVault+"[[archive]]\npath = \"*.csv\"\n")
	out, fresh := filepath.Join(dir, "out"), filepath.Join(dir, "fresh")
	old := writeFile(t, filepath.Join(dir, "wrong.csv"), strings.Replace(goodReadings, "1.02", "102", 1))
	mustCall(t, exitDone, "run", "--config", config, "--out", out, "--as-of", "2025-08-03")
	if err := os.Remove(old); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "right.csv"), goodReadings)
	got := mustCall(t, exitDone, "run", "--config", config, "--out", out, "--as-of", "2025-08-03")
	if !strings.Contains(got.stderr, "absent=1") {
		t.Errorf("the log does not tell of the file that is gone:\n%s", got.stderr)
	}
	mustCall(t, exitDone, "run", "--config", config, "--out", fresh, "--as-of", "2025-08-03")
	if got, want := pages(t, out), pages(t, fresh); !maps.Equal(got, want) {
		t.Errorf("pages differ from those of a fresh folder:\n%v\n%v", got, want)
	}
	const states = "select path, state, rows_kept from marts.imports order by path"
	if got := mustCall(t, exitDone, "sql", states, "--out", out, "--format", "csv"); got.stdout != "path,state,rows_kept\nright.csv,new,3\nwrong.csv,absent,0\n" {
		t.Errorf("imports:\n%s", got.stdout)
	}
}

func TestPublishedFileIsForReadersOnly(t *testing.T) {
	_, out := sampleRun(t)
	path := filepath.Join(out, "vaultperf.duckdb")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o444 {
		t.Errorf("mode %v, %v, want 0444", info.Mode(), err)
	}
	db, err := models.OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	schemas, err := column(t.Context(), db,
		"select distinct schema_name from duckdb_tables() union select distinct schema_name from duckdb_views() where not internal")
	if err != nil || len(schemas) != 1 || schemas[0] != "marts" {
		t.Errorf("schemas %v, %v, want marts", schemas, err)
	}
	tags, err := column(t.Context(), db, "select tags['storage_version'] from duckdb_databases() where path is not null")
	if err != nil || len(tags) != 1 || !strings.HasPrefix(tags[0], "v1.0.0") {
		t.Errorf("storage version %v, %v, want v1.0.0", tags, err)
	}
}

func TestWorkingDatabaseIsNotAPublishedOne(t *testing.T) {
	dir, config, out := goodRun(t)
	before := published(t, out)
	link := filepath.Join(dir, "link")
	if err := os.Symlink(out, link); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "other.duckdb")
	if err := os.Link(filepath.Join(out, "latest", databaseName), other); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	for _, db := range []string{
		filepath.Join(out, databaseName), filepath.Join("out", databaseName), filepath.Join(out, ".work", "..", databaseName),
		filepath.Join(link, databaseName), other, filepath.Join(out, "2025-08-03", databaseName), filepath.Join(out, "latest", databaseName),
	} {
		got := mustCall(t, exitUsage, "run", "--config", config, "--out", out, "--db", db)
		if !strings.Contains(got.stderr, "is a published one") {
			t.Errorf("--db %s: %s", db, got.stderr)
		}
	}
	fresh := filepath.Join(dir, "fresh")
	if err := os.Mkdir(fresh, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := mustCall(t, exitUsage, "run", "--config", config, "--out", fresh, "--db", filepath.Join("fresh", databaseName)); !strings.Contains(got.stderr, "is a published one") {
		t.Error(got.stderr)
	}
	wantUnchanged(t, before, published(t, out))
}

func TestSampleDoesNotReplaceAnotherConfigsRun(t *testing.T) {
	_, _, out := goodRun(t)
	before := published(t, out)
	got := mustCall(t, exitUsage, "run", "--out", out)
	if !strings.Contains(got.stderr, "good.toml") {
		t.Errorf("stderr: %s", got.stderr)
	}
	wantUnchanged(t, before, published(t, out))
}

func TestFailedCheckPublishesNothing(t *testing.T) {
	_, config, out := goodRun(t)
	before := published(t, out)
	db, err := models.Open(t.Context(), filepath.Join(out, ".work", "vaultperf.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	// One log twice, which import never leaves behind.
	_, err = db.ExecContext(t.Context(), `insert into raw.logs (chain_id, block_number, log_index, address, data, file_id)
		select 1, 7, 0, 'x'::blob, ''::blob, 1 from range(2)`)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	got := mustCall(t, exitCheck, "run", "--config", config, "--out", out, "--as-of", "2025-08-02")
	if !strings.Contains(got.stderr, "check ") || !strings.Contains(got.stderr, "2 rows") && !strings.Contains(got.stderr, "1 rows") {
		t.Errorf("message: %s", got.stderr)
	}
	wantUnchanged(t, before, published(t, out))
	// The marts of the run before stand, and can be published again.
	mustCall(t, exitDone, "report", "--config", config, "--out", out, "--as-of", "2025-08-03")
}

func TestInterruptedRunSaysSo(t *testing.T) {
	_, config, out := goodRun(t)
	before := published(t, out)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	code := vaultperf(ctx, []string{"run", "--config", config, "--out", out}, streams{nil, &stdout, &stderr}, now)
	if code != exitFailed || !strings.Contains(stderr.String(), "interrupted") {
		t.Errorf("exit code %d, %s", code, stderr.String())
	}
	wantUnchanged(t, before, published(t, out))
}

func TestManifestHoldsNoPathOfTheHost(t *testing.T) {
	dir, _, out := goodRun(t)
	text, err := os.ReadFile(filepath.Join(out, "latest", "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), dir) {
		t.Errorf("run.json names %s:\n%s", dir, text)
	}
}
