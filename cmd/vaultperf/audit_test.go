package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestWorkbookAuditsItself: what LibreOffice computes from the prices in a workbook is
// what DuckDB computed.
func TestWorkbookAuditsItself(t *testing.T) {
	_, out := sampleRun(t)
	vaults := []string{"alusd"}
	if isProving {
		vaults = append(vaults, "alpusd", "synthetic-good", "synthetic-bad")
	}
	audited(t, out, "the sample", vaults...)
}

// isProving says whether tests run in their longest form.
var isProving = os.Getenv("VAULTPERF_PROVE") != ""

// TestWorkbooksOfRealVaultsAuditThemselves: the same of ten vaults of Yearn, among them
// one that lost a quarter, one that never moved, and one of two prices.
func TestWorkbooksOfRealVaultsAuditThemselves(t *testing.T) {
	if !isProving {
		t.Skip("LibreOffice computes ten workbooks")
	}
	prices, err := filepath.Abs("../../../shared/data/yearn-ydaemon/yearn_pps_history_2023-11_2025-09.parquet")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(prices); err != nil {
		t.Skip("needs ../shared/data/yearn-ydaemon beside the repository")
	}
	config := "as_of = \"2025-09-27\"\nrisk_free_rate = 0.043\n"
	var vaults []string
	for _, v := range []struct {
		address  string
		decimals int
	}{
		{"0x015d78c7ad1289f5aa1dec25bd6b67ba31fac1cf", 18},
		{"0x028ec7330ff87667b6dfb0d94b954c820195336c", 18},
		{"0x04c8bfe2eb09a1e2e9fa97a2fd970e06d87b43de", 18},
		{"0x0655977feb2f289a4ab78af67bab0d17aab84367", 18},
		{"0x082a5743aadf3d0daf750eef24652b36a68b1e9c", 18},
		{"0x08c0833af1331831759b8e0bfef1bc5738436325", 18},
		{"0x0abd93da8387b5ef0511a2859d85d84fe4519e94", 18},
		{"0x0e297de4005883c757c9f09fdf7cf1363c20e626", 6},
		{"0x133cb5cf617a33f5d02cffff579435776ef29fb0", 18},
		{"0x140d0d77eec240f9d3a07c92df37e257cf506081", 6},
	} {
		vaults = append(vaults, v.address)
		config += fmt.Sprintf("[[vault]]\nid = %[1]q\nchain_id = 1\naddress = %[1]q\nfamily = \"observed\"\nasset_decimals = %[2]d\nshare_decimals = %[2]d\n", v.address, v.decimals)
	}
	config += fmt.Sprintf("[[archive]]\npath = %q\n[archive.columns]\nobserved_at = \"observed_at_utc\"\nshare_price_raw = \"pps_raw\"\ntotal_assets = \"total_assets_raw\"\n", prices)
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	clock := time.Date(2025, 9, 28, 9, 0, 0, 0, time.UTC)
	if got := callWith(t, clock, "", "run", "--config", writeFile(t, filepath.Join(dir, "vaultperf.toml"), config), "--out", out); got.code != exitDone && got.code != exitIncomplete {
		t.Fatalf("exit %d\n%s", got.code, got.stderr)
	}
	audited(t, out, "ten vaults of Yearn", vaults...)
}

// auditedFigures are those that a workbook must compute.
var auditedFigures = []string{
	"total_return", "apy", "volatility", "headline_sharpe", "sharpe_ratio_zero", "sharpe_ratio", "newey_west_sharpe", "ljung_box_p",
	"downside_deviation", "sortino_ratio", "max_drawdown", "current_drawdown", "calmar_ratio", "value_at_risk_95", "win_rate",
}

// audited lets LibreOffice compute the workbooks of vaults, of which the file does not
// tell the results, and compares each figure with marts.performance.
func audited(t *testing.T, out, of string, vaults ...string) {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not installed: formulas are not computed by another program")
	}
	dir := t.TempDir()
	arguments := []string{
		"--headless", "-env:UserInstallation=file://" + filepath.Join(dir, "profile"),
		"--convert-to", asHeld, "--outdir", filepath.Join(dir, "out"),
	}
	for _, vault := range vaults {
		content, err := os.ReadFile(filepath.Join(out, "latest", vault, "report.xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, writeFile(t, filepath.Join(dir, vault+".xlsx"), string(forgotten(t, content))))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	if log, err := exec.CommandContext(ctx, office, arguments...).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, log)
	}
	want := figuresOf(t, out)
	largest, compared, undefined := map[string]float64{}, map[string]int{}, map[string]int{}
	for _, vault := range vaults {
		got := auditOf(t, filepath.Join(dir, "out", vault+"-Audit.csv"))
		for _, metric := range auditedFigures {
			figure, ok := want[vault+" "+metric]
			if !ok {
				t.Fatalf("marts.performance_long has no %s of %s", metric, vault)
			}
			row, ok := got[metric]
			switch {
			case !ok:
				t.Errorf("%s: the audit has no %s", vault, metric)
				continue
			case row.verdict != "yes":
				t.Errorf("%s: LibreOffice says of %s that it does not agree", vault, metric)
			case figure.reason != "":
				undefined[metric]++
				if row.value != strings.ReplaceAll(figure.reason, "_", " ") {
					t.Errorf("%s: LibreOffice says of %s %q, want the reason %q", vault, metric, row.value, figure.reason)
				}
				continue
			}
			digits, isPercent := strings.CutSuffix(row.value, "%")
			x, err := strconv.ParseFloat(digits, 64)
			if isPercent {
				x /= 100
			}
			if err != nil {
				t.Errorf("%s: LibreOffice says of %s %q, want %v", vault, metric, row.value, figure.value)
				continue
			}
			difference := math.Abs(x-figure.value) / max(1, math.Abs(figure.value))
			compared[metric]++
			largest[metric] = max(largest[metric], difference)
			if difference > 1e-9 {
				t.Errorf("%s: LibreOffice computes %s as %v, DuckDB as %v", vault, metric, x, figure.value)
			}
		}
	}
	if n := slices.Max(slices.Collect(maps.Values(compared))); n == 0 {
		t.Error("nothing was compared")
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%s: |LibreOffice - DuckDB| / max(1, |figure|)\n| figure | vaults | undefined, for the same reason | largest difference |\n|---|---|---|---|\n", of)
	for _, metric := range auditedFigures {
		fmt.Fprintf(&table, "| %s | %d | %d | %.1e |\n", metric, compared[metric], undefined[metric], largest[metric])
	}
	t.Log(table.String())
}

// asHeld is CSV in UTF-8 of what cells hold, a file for each sheet.
const asHeld = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"

// A figure is what DuckDB computed, or why it did not.
type figure struct {
	value  float64
	reason string
}

// figuresOf are all figures since inception, by vault and metric.
func figuresOf(t *testing.T, out string) map[string]figure {
	t.Helper()
	answer := mustCall(t, exitDone, "sql", "--db", filepath.Join(out, "vaultperf.duckdb"), "--format", "csv",
		"select vault_id, metric, value, reason from marts.performance_long where period = 'itd'").stdout
	rows, err := csv.NewReader(strings.NewReader(answer)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]figure{}
	for _, row := range rows[1:] {
		f := figure{reason: row[3]}
		if f.reason == "" {
			if f.value, err = strconv.ParseFloat(cmp.Or(strings.TrimPrefix(row[2], "'"), "-"), 64); err != nil {
				t.Fatal(err)
			}
		}
		all[row[0]+" "+row[1]] = f
	}
	return all
}

// An auditRow is what the sheet Audit holds of a figure.
type auditRow struct{ value, verdict string }

// auditOf reads the sheet as LibreOffice wrote it.
func auditOf(t *testing.T, file string) map[string]auditRow {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]auditRow{}
	for _, row := range rows {
		if row[4] != "" && row[5] != "" {
			all[row[5]] = auditRow{row[2], row[4]}
		}
	}
	return all
}

// computed is a formula's cell, its value last.
var computed = regexp.MustCompile(`(<f>[^<]*</f>)<v>[^<]*</v>`)

// forgotten is a workbook without the values of its formulas.
func forgotten(t *testing.T, content []byte) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range archive.File {
		from, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		to, err := w.Create(f.Name)
		if err == nil {
			_, err = to.Write(computed.ReplaceAll(part, []byte("$1")))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
