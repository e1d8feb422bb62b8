// Package martstest makes a database of marts for tests of reports. Its tables have
// the columns that the models' headers list; the figures in them are plausible and
// made up: that they are right is the business of transform's tests.
package martstest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
	models "github.com/vaultperf/vaultperf/sql"
)

var reasons = map[string]string{
	"insufficient_data": "too few prices or returns to compute it",
	"zero_dispersion":   "all returns are the same, so there is no dispersion to divide by",
	"no_downside":       "no return was a loss",
	"no_drawdown":       "the share price never fell below an earlier peak",
	"no_anchor":         "the record does not reach back that far",
	"no_risk_free_rate": "no risk-free rate is configured",
}

// metrics are name, label, definition, formula, unit.
var metrics = [][5]string{
	{"total_return", "Total return", "Growth of the share price over the period.", "p_end / p_start - 1", "fraction"},
	{"apy", "APY", "Compound annual rate by the period's true elapsed time.", "(p_end / p_start) ^ (31536000 / elapsed seconds) - 1", "fraction per year"},
	{"apr", "APR", "Linear annual rate.", "(p_end / p_start - 1) * 31536000 / elapsed seconds", "fraction per year"},
	{"volatility", "Volatility", "Standard deviation of the returns, by the year.", "stddev(r, n - 1) * sqrt(periods per year)", "fraction per year"},
	{"headline_sharpe", "Sharpe ratio, headline", "Sharpe ratio at 0.", "sharpe_ratio_zero", "ratio"},
	{"sharpe_ratio_zero", "Sharpe ratio at 0", "Mean return per unit of volatility.", "mean(r) / stddev(r, n - 1) * sqrt(periods per year)", "ratio"},
	{"sharpe_ratio", "Sharpe ratio", "Mean return above the configured rate per unit of volatility.", "mean(x) / stddev(x, n - 1) * sqrt(periods per year)", "ratio"},
	{"newey_west_sharpe", "Newey-West Sharpe ratio", "Sharpe ratio at 0 by the long-run deviation.", "mean(r) / sqrt(long-run variance) * sqrt(periods per year)", "ratio"},
	{"ljung_box_p", "Ljung-Box p", "Probability of such autocorrelations if there were none.", "chi-square tail", "probability"},
	{"sortino_ratio", "Sortino ratio", "Mean return per unit of downside deviation.", "mean(r) / sqrt(sum(min(r, 0) ^ 2) / n) * sqrt(periods per year)", "ratio"},
	{"downside_deviation", "Downside deviation", "Root mean square of the losses, by the year.", "sqrt(sum(min(r, 0) ^ 2) / n) * sqrt(periods per year)", "fraction per year"},
	{"max_drawdown", "Maximum drawdown", "Deepest fall from an earlier price point.", "min(p / max(p so far) - 1)", "fraction"},
	{"current_drawdown", "Current drawdown", "Fall of the last price point from the highest.", "p_end / max(p) - 1", "fraction"},
	{"calmar_ratio", "Calmar ratio", "APY per unit of maximum drawdown.", "apy / |max_drawdown|", "ratio"},
	{"value_at_risk_95", "Value at risk, 95 %", "Return that 95 % of the returns beat.", "quantile 5 % of r", "fraction"},
	{"win_rate", "Win rate", "Share of the returns that were gains.", "count(r > 0) / n", "fraction"},
	{"best_day", "Best day", "Largest return between two price points.", "max(r)", "fraction"},
	{"worst_day", "Worst day", "Smallest return between two price points.", "min(r)", "fraction"},
}

// Until is the end of the as-of day, 2025-09-04.
var Until = time.Date(2025, 9, 5, 0, 0, 0, 0, time.UTC)

// A Vault is what a vault's marts are made of: prices at times, the last of them at
// End.
type Vault struct {
	ID, Name, Symbol, Note string
	Status                 string // empty: live
	Flat                   bool
	End                    time.Time // zero: 7 hours before Until
	Prices                 []float64 // NaN: a day without a price
	Assets                 float64   // at the end; 0: not known
	Lost                   float64   // of these, as the vault counts; 0: it counts none
	Paused                 string    // its contracts that are paused, at the end
	Cooldown               float64   // days of cooldown before a redemption is paid; 0: none
	Warnings               []string
	Ineligible             []string // why it has no place in a ranking, the gravest first
	Backing                string   // the verdict on its price; empty: nothing was looked at
	LookedUntil            int      // days before the as-of day on which something was last looked at
	Events                 bool     // whether events tell of it
}

// Walk makes n daily prices that drift up by a year's rate and swing.
func Walk(n int, rate, swing float64) []float64 {
	prices := make([]float64, n)
	state := uint64(7)
	p := 1.0
	for i := range prices {
		state = state*6364136223846793005 + 1442695040888963407
		noise := float64(state>>33)/float64(1<<31) - 0.5
		p *= 1 + rate/365 + swing*noise
		prices[i] = math.Round(p*1e8) / 1e8
	}
	return prices
}

// Vaults are a tear sheet's usual and awkward cases.
func Vaults() []Vault {
	gappy := Walk(87, 0.08, 0.0006)
	for i := 10; i < 80; i += 4 {
		gappy[i] = math.NaN()
	}
	flat := make([]float64, 60)
	for i := range flat {
		flat[i] = 1.05
	}
	return []Vault{
		{ID: "usual", Name: "Steady Dollar Vault", Symbol: "USDC", Prices: Walk(730, 0.09, 0.004), Assets: 48_123_456.78, Backing: "backed", Events: true},
		{ID: "gappy", Name: "alUSD", Symbol: "USDC", Prices: gappy, Assets: 1_134_567.25, Note: "published by a third party, not chain-verified", Warnings: []string{
			"the record starts with 10.00 USDC in the vault, under 0.1 % of the most it held; the returns of those thin first hours weigh as much as all later ones",
			"18 of 87 days have no price; the return over such days is one longer return, the longest over 2.0 days",
		}},
		{ID: "one-mark", Name: "Born Yesterday", Symbol: "DAI", Prices: []float64{1}, Assets: 500},
		{ID: "flat", Name: "Never Moves", Symbol: "USDT", Prices: flat, Flat: true, Assets: 12, Lost: 3, Paused: "accountant", Cooldown: 7, Backing: "impaired", Ineligible: []string{"impaired", "dust"}, Warnings: []string{"the price was read but has not changed for 59 days"}},
		{ID: "../../etc/passwd", Name: Hostile, Symbol: "<b>\u202eX</b>", Note: Hostile, Prices: Walk(40, -0.5, 0.02), Assets: 7e20, Backing: "illiquid", LookedUntil: 9, Events: true, Warnings: []string{Hostile}},
		{ID: "stale", Name: "Old Vault", Symbol: "WETH", Status: "stale", End: Until.AddDate(0, -3, 0), Prices: Walk(400, 0.03, 0.001), Ineligible: []string{"implausible_growth", "stale"}},
		{ID: "absent", Name: "Never Read", Symbol: "USDC", Status: "no_reading", Warnings: []string{"no price was observed by the as-of date, so there is nothing to measure"}},
	}
}

// Hostile is a name that tries to be more than a text.
const Hostile = "</script></title><script>document.title='PWNED'</script><img src=x onerror=\"document.title='PWNED'\">" +
	"__f__(document.title='PWNED')__f__ \u202e\u2066\x00\x1b[31m =HYPERLINK(\"http://example.com\")"

// Open opens a database in memory that holds the marts of vaults; with a nil rate
// there is no risk-free rate.
func Open(tb testing.TB, rate *float64, vaults ...Vault) *sql.DB {
	tb.Helper()
	db, err := models.Open(tb.Context(), "")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	// Types are told by values, of which all vaults together have one in each column
	// that is read.
	types := fixture{tb: tb, rate: &Rate, tables: map[string]*table{}}
	for i, v := range Vaults() {
		types.vault(i+1, v)
	}
	types.rank(Vaults())
	types.run()
	f := &fixture{tb: tb, rate: rate, tables: map[string]*table{}}
	for i, v := range vaults {
		f.vault(i+1, v)
	}
	f.rank(vaults)
	f.run()
	for name, typed := range types.tables {
		create := fmt.Sprintf("create table marts.%s (%s)", name, strings.Join(typed.types(), ", "))
		if _, err := db.ExecContext(tb.Context(), create); err != nil {
			tb.Fatal(err)
		}
		if filled := f.tables[name]; filled != nil {
			f.fill(tb.Context(), db, name, filled)
		}
	}
	return db
}

// Rate is a risk-free rate.
var Rate = 0.043

// Read reads the marts of vaults, the most of them with a page and listings.
func Read(tb testing.TB, rate *float64, most int, listings []marts.Listing, vaults ...Vault) *marts.Data {
	tb.Helper()
	d, err := marts.Read(tb.Context(), Open(tb, rate, vaults...), most, listings)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// Find finds a vault by its id.
func Find(tb testing.TB, d *marts.Data, id string) *marts.Vault {
	tb.Helper()
	for _, v := range d.Vaults {
		if v.ID == id {
			return v
		}
	}
	tb.Fatalf("no vault %q", id)
	return nil
}

// A fixture collects rows by table.
type fixture struct {
	tb     testing.TB
	rate   *float64
	tables map[string]*table
}

// A table is a mart's columns, as its model lists them, and its rows.
type table struct {
	columns []string
	rows    [][]any
}

// add adds a row to a mart: "fees(vault_id, reason)" names the columns that have
// the values, all others are null.
func (f *fixture) add(into string, values ...any) {
	f.tb.Helper()
	name, list, _ := strings.Cut(strings.TrimSuffix(into, ")"), "(")
	t := f.tables[name]
	if t == nil {
		t = &table{columns: f.columns(name)}
		f.tables[name] = t
	}
	given := strings.Split(list, ", ")
	if len(given) != len(values) {
		f.tb.Fatalf("%s: %d values for %d columns", into, len(values), len(given))
	}
	row := make([]any, len(t.columns))
	for i, column := range given {
		place := slices.Index(t.columns, column)
		if place < 0 {
			f.tb.Fatalf("marts.%s has no column %s", name, column)
		}
		row[place] = values[i]
	}
	t.rows = append(t.rows, row)
}

var documented = regexp.MustCompile(`(?m)^--   ([a-z0-9_]+):`)

// columns are those that a mart's header lists, and of the figures the metrics'.
func (f *fixture) columns(name string) []string {
	f.tb.Helper()
	model, err := fs.ReadFile(models.Files, "marts/"+name+".sql")
	if err != nil {
		f.tb.Fatal(err)
	}
	_, header, found := strings.Cut(string(model), "-- columns:")
	if !found {
		f.tb.Fatalf("the header of marts/%s.sql lists no columns", name)
	}
	var out []string
	for _, m := range documented.FindAllStringSubmatch(header, -1) {
		out = append(out, m[1])
	}
	if name == "performance" {
		for _, m := range metrics {
			if _, err := fs.Stat(models.Files, "metrics/"+m[0]+".sql"); err != nil {
				f.tb.Fatal(err)
			}
			out = append(out, m[0])
		}
	}
	return out
}

// types are the columns with the types of their values; of those that have none
// nothing is known, and none is read.
func (t *table) types() []string {
	out := make([]string, len(t.columns))
	for i, column := range t.columns {
		kind := "varchar"
		for _, row := range t.rows {
			switch row[i].(type) {
			case nil, string:
				continue
			case int32:
				kind = "integer"
			case int64:
				kind = "bigint"
			case float64:
				kind = "double"
			case bool:
				kind = "boolean"
			case time.Time:
				kind = "timestamptz"
				if strings.HasSuffix(column, "_date") || column == "day" || column == "since" || column == "last_verdict_on" || column == "month" || column == "as_of" {
					kind = "date"
				}
			}
			break
		}
		out[i] = `"` + column + `" ` + kind
	}
	return out
}

func (f *fixture) fill(ctx context.Context, db *sql.DB, name string, t *table) {
	f.tb.Helper()
	conn, err := db.Conn(ctx)
	if err != nil {
		f.tb.Fatal(err)
	}
	err = models.Append(ctx, conn, "marts", name, func(add func(values ...any) error) error {
		for _, row := range t.rows {
			if err := add(row...); err != nil {
				return fmt.Errorf("%v: %w", row, err)
			}
		}
		return nil
	})
	if err != nil {
		f.tb.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		f.tb.Fatal(err)
	}
}

// run adds what is of no vault.
func (f *fixture) run() {
	f.add("run(as_of, until_at, risk_free_rate, risk_free_series, min_total_assets)", Until.AddDate(0, 0, -1), Until, optional(f.rate), nil, nil)
	f.add("families(family, label)", "observed", "Observed prices")
	for reason, meaning := range reasons {
		f.add("reasons(reason, meaning)", reason, meaning)
	}
	f.definitions()
	for _, row := range f.csv("seeds/thresholds.csv") {
		value, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			f.tb.Fatal(err)
		}
		f.add("thresholds(threshold, value)", row[0], value)
	}
	f.add("warnings(vault_id, warning, message, rows)", "", "set_aside", "3 rows were set aside because two readings of one time disagree", int64(3))
	f.add("imports(path, kind, format, sha256, bytes, state, note, rows_read, rows_kept, rows_new, rows_filtered, rows_set_aside, rows_after_as_of)", "readings/usual.csv", "readings", "csv", strings.Repeat("ab12", 16), int64(51234), "new",
		"published by a third party, not chain-verified", int64(1500), int64(1400), int64(1400), int64(97), int64(3), int64(0))
	f.add("imports(path, kind, format, sha256, bytes, state, note, rows_read, rows_kept, rows_new, rows_filtered, rows_set_aside, rows_after_as_of)", "logs/18000000.parquet", "logs", "cryo parquet", strings.Repeat("cd34", 16), int64(912345), "unchanged",
		"", int64(291), int64(0), int64(0), int64(291), int64(0), int64(0))
	f.add("import_reasons(path, reason, rows_set_aside, first_line, example)", "readings/usual.csv", "conflicting_reading", int64(3), int64(12), "2025-01-01T00:00:00Z,1.01")
}

// definitions are those of the headers, which are generated as CSV; of the metrics only
// the texts are this fixture's.
func (f *fixture) definitions() {
	of := map[string][5]string{}
	for _, m := range metrics {
		of[m[0]] = m
	}
	for _, row := range f.generated("metric_headers") {
		if m, ok := of[row[0]]; ok {
			position, err := strconv.Atoi(row[1])
			if err != nil {
				f.tb.Fatal(err)
			}
			f.add("metric_definitions(metric, position, label, metric_group, definition, formula, unit, source, null_when)", m[0], int32(position), m[1], row[3], m[2], m[3], m[4], "made for this test", "it is undefined")
		}
	}
	for _, row := range f.generated("column_headers") {
		f.add("column_definitions(mart, column_name, definition, unit, sql_file)", row[0], row[1], row[2], row[3], row[4])
	}
}

// generated are the rows of a seed that is made from headers, below its own.
func (f *fixture) generated(name string) [][]string {
	f.tb.Helper()
	return f.csv("generated/seeds/" + name + ".csv")
}

// csv are the rows of a file of seeds.
func (f *fixture) csv(file string) [][]string {
	f.tb.Helper()
	text, err := fs.ReadFile(models.Files, file)
	if err != nil {
		f.tb.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		f.tb.Fatal(err)
	}
	return rows[1:]
}

func optional(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}
