package archive

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/snippet"
	models "github.com/vaultperf/vaultperf/sql"
)

// BenchmarkKinds are what a benchmark's values may be. An annual_rate accrues from its
// day to the next day with a rate; a vault needs no file.
var BenchmarkKinds = []string{"price", "index", "annual_rate", kindVault}

const (
	kindVault     = "vault"
	kindRate      = "annual_rate"
	kindBenchmark = "benchmark" // a file's
)

// A Benchmark is a series that vaults are measured against.
type Benchmark struct {
	Name     string
	Kind     string            // one of BenchmarkKinds
	DayCount int               // days of a rate's year; 0: none
	Vault    string            // id of the vault whose share price it is
	RiskFree bool              // the rate that excess returns are measured against
	Dir      string            // the folder Path is relative to
	Path     string            // a CSV file
	Columns  map[string]string // names in the file, by column name of the import (observed_on, value)
	Where    map[string]string // the text that rows must have, by column name in the file
	Percent  bool              // a value of 5 is 0.05
	Note     string            // where it comes from
}

// importBenchmarks rewrites the benchmarks and their values. A value that is empty, "."
// or NA, as rates have on holidays, is counted and set aside.
func (n *importer) importBenchmarks(ctx context.Context) ([]input.File, error) {
	for _, table := range []string{"raw.benchmark_sources", "raw.benchmarks"} {
		if _, err := n.conn.ExecContext(ctx, "delete from "+table); err != nil {
			return nil, fmt.Errorf("import benchmarks: %w", err)
		}
	}
	byFile := map[string][]Benchmark{}
	for i, b := range n.opt.Benchmarks {
		_, err := n.conn.ExecContext(ctx, "insert into raw.benchmark_sources values (?, ?, ?, ?, ?, ?)",
			b.Name, i+1, b.Kind, orNull(b.DayCount), orNull(b.Vault), b.RiskFree)
		if err != nil {
			return nil, fmt.Errorf("import benchmark %s: %w", b.Name, err)
		}
		if b.Kind != kindVault {
			byFile[b.Path] = append(byFile[b.Path], b)
		}
	}
	var files []input.File
	for _, path := range slices.Sorted(maps.Keys(byFile)) {
		f, err := n.benchmarkFile(ctx, path, byFile[path])
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

func orNull[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// benchmarkFile reads the values of all benchmarks of one file.
func (n *importer) benchmarkFile(ctx context.Context, path string, all []Benchmark) (input.File, error) {
	if slices.Contains(n.seen, path) {
		return input.File{}, &input.Error{File: path, Want: "a file that is an archive's or a benchmark's", Got: "one that is both"}
	}
	n.seen = append(n.seen, path)
	place := filepath.Join(all[0].Dir, filepath.FromSlash(path))
	if info, err := os.Stat(place); err == nil && !info.Mode().IsRegular() {
		return input.File{}, &input.Error{File: path, Want: "a file", Got: "none that is regular"}
	}
	text, err := os.ReadFile(place)
	if err != nil {
		return input.File{}, unreadable(path, err)
	}
	values, c, err := parseBenchmarks(path, text, all, n.opt.Now)
	if err != nil {
		return input.File{}, err
	}
	for name, days := range values {
		err := models.Append(ctx, n.conn, "raw", "benchmarks", func(add func(...any) error) error {
			for _, day := range slices.SortedFunc(maps.Keys(days), time.Time.Compare) {
				if err := add(name, day, days[day].value); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return input.File{}, err
		}
	}
	hash := sha256.Sum256(text)
	sum := hex.EncodeToString(hash[:])
	old, isKnown := n.known[path]
	f := input.File{
		Path: path, Kind: kindBenchmark, Format: "csv", SHA256: sum, State: stateOf(isKnown, sum == old.sha256, input.KindReadings),
		Read: c.read, Kept: c.kept, Filtered: c.filtered,
	}
	if f.State == input.StateReread {
		f.State = input.StateUnchanged
	}
	if f.State != input.StateUnchanged {
		f.New = c.kept
	}
	for _, a := range c.aside {
		f.SetAside += a.rows
	}
	id := old.id
	if !isKnown {
		id = n.nextID
		n.nextID++
	}
	j := job{path: path, bytes: int64(len(text)), archive: Archive{Note: all[0].Note}}
	return f, n.record(ctx, j, id, f, "", c.aside)
}

// A dated value has the time of its observation: the last of a day counts.
type dated struct {
	at    time.Time
	value float64
	line  int
}

// parseBenchmarks reads a CSV file with a header: each benchmark's values by UTC day. A
// row counts as filtered if no benchmark uses it.
func parseBenchmarks(path string, text []byte, all []Benchmark, now time.Time) (map[string]map[time.Time]dated, counts, error) {
	c := counts{aside: map[string]*aside{}}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
	header, err := r.Read()
	if err != nil {
		return nil, c, &input.Error{File: path, Line: 1, Want: "a line of column names", Got: snippet.Of(err.Error(), 80)}
	}
	line, _ := r.FieldPos(0)
	readers := make([]benchmarkReader, len(all))
	values := map[string]map[time.Time]dated{}
	for i, b := range all {
		if readers[i], err = newBenchmarkReader(path, line, header, b); err != nil {
			return nil, c, err
		}
		values[b.Name] = map[time.Time]dated{}
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fault := &input.Error{File: path, Want: fmt.Sprintf("%d columns of CSV", len(header)), Got: snippet.Of(err.Error(), 80)}
			var syntax *csv.ParseError
			if errors.As(err, &syntax) { // a row in which no field has a position
				fault.Line, fault.Got = int64(syntax.StartLine), snippet.Of(syntax.Err.Error(), 80)
			}
			return nil, c, fault
		}
		line, _ := r.FieldPos(0)
		c.read++
		isWanted, isKept := false, false
		for _, b := range readers {
			if !b.wants(row) {
				continue
			}
			isWanted = true
			v, isEmpty, err := b.value(path, line, row, now)
			if err != nil {
				return nil, c, err
			}
			if isEmpty {
				continue
			}
			isKept = true
			if err := keepLatest(path, values[b.benchmark.Name], v); err != nil {
				return nil, c, err
			}
		}
		switch {
		case isKept:
			c.kept++
		case isWanted:
			c.setAside(emptyValue, int64(line), snippet.Of(strings.Join(row, ","), 120))
		default:
			c.filtered++
		}
	}
	for _, b := range all {
		if len(values[b.Name]) == 0 {
			return nil, c, &input.Error{File: path, Want: "a value of the benchmark " + snippet.Of(b.Name, 60), Got: "none"}
		}
	}
	return values, c, nil
}

// keepLatest keeps the last value of a day; two values of the same instant must agree.
func keepLatest(path string, days map[time.Time]dated, v dated) error {
	day := v.at.Truncate(24 * time.Hour)
	old, isThere := days[day]
	switch {
	case isThere && old.at.Equal(v.at) && old.value != v.value:
		return &input.Error{
			File: path, Line: int64(v.line), Want: fmt.Sprintf("%v again, as line %d has it for the same time", old.value, old.line),
			Got: strconv.FormatFloat(v.value, 'g', -1, 64),
		}
	case !isThere || !old.at.After(v.at):
		days[day] = v
	}
	return nil
}

// A benchmarkReader finds a benchmark's cells in the rows of a file.
type benchmarkReader struct {
	benchmark   Benchmark
	day, amount int
	where       map[int]string
	scale       float64
	floor       float64 // values must be greater
}

func newBenchmarkReader(path string, line int, header []string, b Benchmark) (benchmarkReader, error) {
	r := benchmarkReader{benchmark: b, where: map[int]string{}, scale: 1}
	if b.Percent {
		r.scale = 0.01
	}
	if b.Kind == kindRate {
		r.floor = -1
	}
	place := func(name string) (int, error) {
		if i := slices.Index(header, name); i >= 0 {
			return i, nil
		}
		return 0, &input.Error{File: path, Line: int64(line), Want: "a column " + snippet.Of(name, 60), Got: snippet.Of(strings.Join(header, ","), 120)}
	}
	named := func(field string) (int, error) {
		if name := b.Columns[field]; name != "" {
			return place(name)
		}
		return place(field)
	}
	var err error
	if r.day, err = named("observed_on"); err != nil {
		return r, err
	}
	if r.amount, err = named("value"); err != nil {
		return r, err
	}
	for name, text := range b.Where {
		i, err := place(name)
		if err != nil {
			return r, err
		}
		r.where[i] = text
	}
	return r, nil
}

func (r benchmarkReader) wants(row []string) bool {
	for i, text := range r.where {
		if row[i] != text {
			return false
		}
	}
	return true
}

func (r benchmarkReader) value(path string, line int, row []string, now time.Time) (v dated, isEmpty bool, err error) {
	v.line = line
	fault := func(want, got string) error {
		return &input.Error{File: path, Line: int64(line), Want: want, Got: snippet.Of(got, 60)}
	}
	text := strings.TrimSpace(row[r.day])
	if v.at, err = time.Parse(time.DateOnly, text); err != nil {
		if v.at, err = time.Parse(time.RFC3339, text); err != nil {
			return v, false, fault("a day as 2025-09-04 or a time as 2025-09-04T10:00:00Z", text)
		}
	}
	if v.at = v.at.UTC(); v.at.After(now) {
		return v, false, fault("a day that has been", text)
	}
	text = strings.TrimSpace(row[r.amount])
	if text == "" || text == "." || strings.EqualFold(text, "na") || strings.EqualFold(text, "null") {
		return v, true, nil
	}
	v.value, err = strconv.ParseFloat(text, 64)
	v.value *= r.scale
	if err != nil || math.IsInf(v.value, 0) || !(v.value > r.floor) {
		return v, false, fault(fmt.Sprintf("a number above %v", r.floor/r.scale), text)
	}
	return v, false, nil
}
