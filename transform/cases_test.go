package transform

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/transform/model"
)

// TestCases runs each folder of testdata/cases: its options.csv, vaults.csv,
// readings.csv, contracts.csv, events.csv, spans.csv, states.csv and what loadFacts reads go in, and
// each file in its want folder is what a mart must hold, as far as the file's
// columns and its "# where:" line go. The comments say how the values were found;
// -update rewrites files that differ. {name} stands for a vault's or contract's
// address everywhere.
func TestCases(t *testing.T) {
	folders, err := filepath.Glob("testdata/cases/*")
	if err != nil {
		t.Fatal(err)
	}
	if len(folders) == 0 {
		t.Fatal("there are no cases")
	}
	list, err := model.All()
	if err != nil {
		t.Fatal(err)
	}
	grains := map[string]string{}
	for _, m := range list {
		if m.Schema == "marts" {
			grains[m.Name] = strings.Join(m.Header.Grain, ", ")
		}
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			db, opt := loadCase(t, folder)
			run(t, db, opt)
			files, err := filepath.Glob(filepath.Join(folder, "want", "*.csv"))
			if err != nil {
				t.Fatal(err)
			}
			if len(files) == 0 {
				t.Error("nothing is wanted")
			}
			for _, file := range files {
				mart := strings.TrimSuffix(filepath.Base(file), ".csv")
				compareMart(t, db, file, mart, grains[mart])
			}
			compareWithReference(t, db, opt)
		})
	}
}

var whereLine = regexp.MustCompile(`(?m)^# where: (.+)$`)

// compareMart holds a mart against the file that says what it must be.
func compareMart(t *testing.T, db *sql.DB, file, mart, grain string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := readCSV(t, file)
	where := "true"
	if m := whereLine.FindSubmatch(text); m != nil {
		where = string(m[1])
	}
	order := grain
	if mart == "vaults" {
		order = "config_position"
	}
	query := fmt.Sprintf("select %s from marts.%s where %s order by %s", strings.Join(want[0], ", "), mart, where, order)
	got := [][]string{want[0]}
	for _, line := range lines(t, db, query) {
		var row []string
		for _, v := range strings.Split(line, "|") {
			if v == "null" {
				v = ""
			}
			row = append(row, v)
		}
		got = append(got, row)
	}
	if slices.EqualFunc(got, want, func(a, b []string) bool { return slices.EqualFunc(a, b, sameCell) }) {
		return
	}
	if *update {
		rewrite(t, file, text, got)
		return
	}
	t.Errorf("%s: got\n%swant\n%s", file, joinRows(got), joinRows(want))
}

// sameCell compares numbers as numbers, where they have a point or an exponent,
// and all else as text.
func sameCell(a, b string) bool {
	if a == b {
		return true
	}
	if !strings.ContainsAny(a+b, ".e") {
		return false
	}
	x, err := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err == nil && err2 == nil && near(x, y)
}

func joinRows(rows [][]string) string {
	var out strings.Builder
	for _, row := range rows {
		out.WriteString(strings.Join(row, ",") + "\n")
	}
	return out.String()
}

// rewrite keeps the comments at the head of the file.
func rewrite(t *testing.T, file string, text []byte, rows [][]string) {
	t.Helper()
	var out bytes.Buffer
	for line := range bytes.Lines(text) {
		if !bytes.HasPrefix(line, []byte("#")) {
			break
		}
		out.Write(line)
	}
	w := csv.NewWriter(&out)
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: rewritten", file)
}

// readCSV returns the rows of a file without its comments, nil where there is no
// such file.
func readCSV(t testing.TB, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return rows
}

// records are the rows of a file by column name.
func records(t testing.TB, file string) []map[string]string {
	t.Helper()
	var out []map[string]string
	rows := readCSV(t, file)
	for _, row := range rows[min(1, len(rows)):] {
		record := map[string]string{}
		for i, name := range rows[0] {
			record[name] = row[i]
		}
		out = append(out, record)
	}
	return out
}

func loadCase(t *testing.T, folder string) (*sql.DB, Options) {
	t.Helper()
	db := database(t)
	for _, r := range records(t, filepath.Join(folder, "vaults.csv")) {
		addVault(t, db, r["vault"], r["family"])
	}
	var readings []reading
	for _, r := range records(t, filepath.Join(folder, "readings.csv")) {
		readings = append(readings, reading{
			vault: r["vault"], at: moment(t, r["observed_at"]), price: decimal(t, r["share_price"]),
			assets: integer(t, r["total_assets"]), supply: integer(t, r["total_supply"]),
		})
	}
	addReadings(t, db, 1, readings)
	exec(t, db, "update raw.files set rows_read = ?, rows_kept = ?, rows_new = ?", len(readings), len(readings), len(readings))

	named := loadContracts(t, db, folder)
	logs := map[string][]chainLog{}
	for _, r := range records(t, filepath.Join(folder, "events.csv")) {
		l := chainLog{event: r["event"], at: ptr(moment(t, r["at"])), tx: "0x" + strings.Repeat("0", 64-len(r["block"])) + r["block"]}
		l.block, l.index = integer(t, r["block"]).Int64(), integer(t, r["index"]).Int64()
		if err := json.Unmarshal([]byte(named.Replace(r["arguments"])), &l.arguments); err != nil {
			t.Fatalf("%s: %v", r["arguments"], err)
		}
		emitter := r["contract"]
		if emitter == "" {
			emitter = "{v}"
		}
		logs[named.Replace(emitter)] = append(logs[named.Replace(emitter)], l)
	}
	for i, contract := range slices.Sorted(maps.Keys(logs)) {
		addLogs(t, db, 2+i, contract, logs[contract])
	}
	loadStates(t, db, folder, named)
	loadFacts(t, db, folder)
	option := records(t, filepath.Join(folder, "options.csv"))[0]
	return db, Options{
		AsOf: date(option["as_of"]), RiskFreeRate: decimal(t, option["risk_free_rate"]), MinTotalAssets: decimal(t, option["min_total_assets"]),
	}
}

// loadContracts writes contracts.csv and spans.csv. Addresses may be given by
// number; the names it returns a replacer for are those of vaults and contracts.
func loadContracts(t *testing.T, db *sql.DB, folder string) *strings.Replacer {
	t.Helper()
	var pairs []string
	scan(t, db, func(scan func(...any) error) error {
		var id, address string
		err := scan(&id, &address)
		pairs = append(pairs, "{"+id+"}", address)
		return err
	}, "select vault_id, address from raw.vaults")
	contracts := records(t, filepath.Join(folder, "contracts.csv"))
	for _, r := range contracts {
		if n, err := strconv.Atoi(r["address"]); err == nil {
			r["address"] = fmt.Sprintf("0x%038x00", n)
		}
		pairs = append(pairs, "{"+r["name"]+"}", r["address"])
	}
	named := strings.NewReplacer(pairs...)
	for _, r := range contracts {
		exec(t, db, "insert into raw.contracts values (?, 1, ?, ?, ?, ?, ?, ?, ?)",
			r["vault"], r["address"], r["role"], r["family"], r["name"], r["shared"] == "true", r["pool_id"], named.Replace(r["coins"]))
	}
	for i, r := range records(t, filepath.Join(folder, "spans.csv")) {
		exec(t, db, "insert into raw.spans values (?, ?, 1, ?, ?, ?, ?, ?)",
			i+1, r["archive"], named.Replace(r["contract"]), r["logs"], r["from_block"], r["to_block"], r["is_complete"] == "true")
	}
	return named
}

// loadFacts writes what stands behind prices, each kind as a file of its own: facts.csv,
// markets.csv, allocations.csv and token_prices.csv, and what the config says of vaults in
// synchronous.csv.
func loadFacts(t *testing.T, db *sql.DB, folder string) {
	t.Helper()
	for i, kind := range []string{"reading_facts", "markets", "allocations", "token_prices", "usd_readings", "synchronous"} {
		file := 101 + i
		rows := readCSV(t, filepath.Join(folder, kind+".csv"))
		if len(rows) == 0 {
			continue
		}
		if kind == "usd_readings" || kind == "synchronous" { // of the case's readings, and of none
			file = 1
		} else {
			addFile(t, db, file, kind)
			exec(t, db, "update raw.files set rows_read = ?, rows_kept = ?, rows_new = ? where file_id = ?", len(rows)-1, len(rows)-1, len(rows)-1, file)
		}
		columns, values := strings.Join(rows[0], ", "), strings.Repeat(", nullif(?, '')", len(rows[0]))
		for line, row := range rows[1:] {
			args := make([]any, len(row))
			for i, cell := range row {
				args[i] = cell
			}
			if kind == "synchronous" || kind == "usd_readings" {
				exec(t, db, "insert into raw."+kind+" ("+columns+") values ("+values[2:]+")", args...)
				continue
			}
			exec(t, db, "insert into raw."+kind+" (file_id, line, "+columns+") values ("+fmt.Sprint(file, ", ", line+2)+values+")", args...)
		}
	}
}

func loadStates(t *testing.T, db *sql.DB, folder string, named *strings.Replacer) {
	t.Helper()
	for _, r := range records(t, filepath.Join(folder, "states.csv")) {
		exec(t, db, "insert into raw.states values (1, ?, ?, ?, ?, ?, 'ok', nullif(?, '')::bignum, nullif(?, ''))",
			r["block"], moment(t, r["at"]), named.Replace(r["contract"]), r["field"], named.Replace(r["argument"]), r["value"], named.Replace(r["text"]))
	}
}

func moment(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func decimal(t testing.TB, text string) *float64 {
	t.Helper()
	if text == "" {
		return nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return &v
}

func integer(t testing.TB, text string) *big.Int {
	t.Helper()
	if text == "" {
		return nil
	}
	v, ok := new(big.Int).SetString(text, 10)
	if !ok {
		t.Fatalf("%s is no integer", text)
	}
	return v
}

// compareWithReference computes every figure of a case from its marks a second
// time, by the loops in Go.
func compareWithReference(t *testing.T, db *sql.DB, opt Options) {
	t.Helper()
	marks := map[string][]mark{}
	scan(t, db, func(scan func(...any) error) error {
		var vault string
		var m mark
		err := scan(&vault, &m.at, &m.price)
		marks[vault] = append(marks[vault], mark{m.at.UTC(), m.price})
		return err
	}, "select vault_id, observed_at, share_price from marts.share_prices order by vault_id, observed_at")
	day := opt.AsOf.Format(time.DateOnly)
	compareSpans(t, db, day, marks, opt.RiskFreeRate)
	compareFigures(t, db, opt.AsOf, marks, opt.RiskFreeRate, map[string]int{})
	compareRolling(t, db, day, marks)
	compareDrawdowns(t, db, day, marks)
	compareMonths(t, db, opt.AsOf, marks)
}
