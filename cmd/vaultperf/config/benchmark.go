package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/extract"
)

// A benchmark is one [[benchmark]]: a series to measure vaults against, from
// a file or from another vault.
type benchmark struct {
	Name     string            `toml:"name"`
	Vault    string            `toml:"vault"` // id of a vault that is the benchmark; then no path
	Path     string            `toml:"path"`  // a CSV file
	Kind     string            `toml:"kind"`  // of the file's values: price, index or annual_rate
	DayCount *int              `toml:"day_count"`
	Percent  bool              `toml:"percent"` // 5 is 0.05
	Columns  map[string]string `toml:"columns"` // ours = "theirs"
	Where    map[string]string `toml:"where"`   // theirs = "text": the rows to take
	Note     string            `toml:"note"`
}

// benchmarkColumns are the columns that [benchmark.columns] may name.
var benchmarkColumns = []string{"observed_on", "value"}

// benchmarks are the configured benchmarks as extract wants them.
func (f *File) benchmarks(dir string) []extract.Benchmark {
	var out []extract.Benchmark
	for _, b := range f.Benchmarks {
		one := extract.Benchmark{
			Name: b.Name, Kind: b.Kind, Vault: b.Vault, RiskFree: b.Name == f.RiskFreeSeries,
			Dir: dir, Path: filepath.ToSlash(filepath.Clean(b.Path)), Columns: b.Columns, Where: b.Where, Percent: b.Percent, Note: b.Note,
		}
		if b.Vault != "" {
			one.Kind, one.Path = "vault", ""
		}
		if b.DayCount != nil {
			one.DayCount = *b.DayCount
		}
		out = append(out, one)
	}
	return out
}

func (f *File) validateBenchmarks(faults *faults) {
	names := map[string]bool{}
	for i, b := range f.Benchmarks {
		who := fmt.Sprintf("benchmark %q", b.Name)
		if b.Name == "" {
			who = fmt.Sprintf("[[benchmark]] number %d", i+1)
		}
		fault := func(format string, args ...any) {
			faults.add(f.lineOfTable("benchmark", i), who, format, args...)
		}
		if !idForm.MatchString(b.Name) {
			fault("name: want 1 to 100 of A-Z a-z 0-9 . _ - and not a . or - first, got %q", b.Name)
		}
		if names[b.Name] {
			fault("name: want each only once, got %q", b.Name)
		}
		names[b.Name] = true
		if b.Vault != "" {
			f.validateVaultBenchmark(b, fault)
		} else {
			b.validateFile(fault)
		}
	}
	f.validateRiskFreeSeries(faults)
}

func (f *File) validateVaultBenchmark(b benchmark, fault func(format string, args ...any)) {
	if !slices.ContainsFunc(f.Vaults, func(v vault) bool { return v.ID == b.Vault }) {
		fault("vault: want the id of a [[vault]], got %q", b.Vault)
	}
	if b.Path != "" || b.Kind != "" || b.DayCount != nil || b.Percent || len(b.Columns)+len(b.Where) > 0 {
		fault("want a vault, or a path and what goes with it, and not both")
	}
}

func (b benchmark) validateFile(fault func(format string, args ...any)) {
	kinds := extract.BenchmarkKinds[:3]
	switch {
	case b.Path == "":
		fault("path is missing: want a CSV file, or the id of a vault")
	case strings.ContainsAny(b.Path, "*?["):
		fault("path: want one file, got %q", b.Path)
	}
	if !slices.Contains(kinds, b.Kind) {
		fault("kind: want one of %s, got %q", strings.Join(kinds, ", "), b.Kind)
	}
	switch isRate := b.Kind == "annual_rate"; {
	case isRate && (b.DayCount == nil || *b.DayCount != 360 && *b.DayCount != 365):
		fault("day_count: want the days of the rate's year, 360 or 365")
	case !isRate && b.DayCount != nil:
		fault("day_count: only an annual_rate has one")
	}
	for ours := range b.Columns {
		if !slices.Contains(benchmarkColumns, ours) {
			fault("columns: want names among %s, got %q", strings.Join(benchmarkColumns, ", "), ours)
		}
	}
}

// validateRiskFreeSeries: one rate to measure against, and a rate it must be.
func (f *File) validateRiskFreeSeries(faults *faults) {
	if f.RiskFreeSeries == "" {
		return
	}
	line := f.lineOf("risk_free_series")
	if f.RiskFreeRate != nil {
		faults.add(line, "", "want risk_free_rate or risk_free_series, not both")
	}
	isRate := func(b benchmark) bool { return b.Name == f.RiskFreeSeries && b.Kind == "annual_rate" }
	if !slices.ContainsFunc(f.Benchmarks, isRate) {
		faults.add(line, "", "risk_free_series: want the name of a [[benchmark]] of the kind annual_rate, got %q", f.RiskFreeSeries)
	}
}
