package report

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	models "github.com/vaultperf/vaultperf/sql"
)

// Marts for tests of the page and of the workbook. The figures are plausible
// and made up; that they are right is the business of transform's tests. The
// columns are those of the models, which TestFixtureHasTheModelsColumns keeps.

// fixtureTables are the marts and their columns' types.
var fixtureTables = []struct{ name, columns string }{
	{"run", "as_of date, until_at timestamptz, risk_free_rate double, min_total_assets double"},
	{"vaults", `vault_id varchar, config_position integer, chain_id bigint, address varchar, name varchar, family varchar,
		asset_symbol varchar, asset_decimals integer, share_decimals integer, safe varchar, source_note varchar,
		status varchar, is_flat boolean, first_at timestamptz, last_at timestamptz, last_change_at timestamptz,
		share_price double, total_assets double, largest_total_assets double, block_number bigint,
		readings_count bigint, marks_count bigint, days_count bigint, days_with_mark bigint, coverage double,
		longest_gap_days double, start_rule_applied boolean`},
	{"share_prices", `vault_id varchar, observed_at timestamptz, price_date date, share_price double, total_assets double,
		total_supply double, total_assets_raw varchar, total_supply_raw varchar, block_number bigint,
		is_inception boolean, source varchar, is_inexact boolean`},
	{"returns", `vault_id varchar, observed_at timestamptz, price_date date, previous_at timestamptz,
		elapsed_seconds double, simple_return double, drawdown double`},
	{"performance", `vault_id varchar, period varchar, period_position integer, start_at timestamptz,
		end_at timestamptz, elapsed_days double, is_partial boolean, returns_count bigint, total_return double,
		apy double, apr double, volatility double, headline_sharpe double, sharpe_ratio_zero double, sharpe_ratio double,
		sortino_ratio double, downside_deviation double, max_drawdown double, current_drawdown double,
		calmar_ratio double, win_rate double, best_day double, worst_day double`},
	{"performance_reasons", "vault_id varchar, period varchar, metric varchar, reason varchar"},
	{"reasons", "reason varchar, meaning varchar"},
	{"drawdowns", `vault_id varchar, episode integer, depth double, peak_at timestamptz, first_below_at timestamptz,
		trough_at timestamptz, recovery_at timestamptz, peak_price double, trough_price double,
		days_to_trough double, days_to_recovery double, days double, is_open boolean`},
	{"monthly_returns", "vault_id varchar, month date, total_return double, reason varchar, is_partial boolean, spans_gap boolean"},
	{"annual_returns", "vault_id varchar, year integer, total_return double, reason varchar, is_partial boolean, spans_gap boolean"},
	{"rolling", "vault_id varchar, observed_at timestamptz, days integer, apy double, reason varchar"},
	{"metric_definitions", `metric varchar, position integer, label varchar, metric_group varchar, definition varchar, formula varchar,
		unit varchar, source varchar, null_when varchar`},
	{"warnings", "vault_id varchar, warning varchar, message varchar, rows bigint"},
	{"imports", `path varchar, kind varchar, format varchar, sha256 varchar, bytes bigint, state varchar, note varchar,
		rows_read bigint, rows_kept bigint, rows_new bigint, rows_filtered bigint, rows_set_aside bigint,
		rows_after_as_of bigint`},
	{"import_reasons", "path varchar, reason varchar, rows_set_aside bigint, first_line bigint, example varchar"},
}

var fixtureReasons = map[string]string{
	"insufficient_data": "too few prices or returns to compute it",
	"zero_dispersion":   "all returns are the same, so there is no dispersion to divide by",
	"no_downside":       "no return was a loss",
	"no_drawdown":       "the share price never fell below an earlier peak",
	"no_anchor":         "the record does not reach back that far",
	"no_risk_free_rate": "no risk-free rate is configured",
}

// fixtureMetrics are name, label, definition, formula, unit.
var fixtureMetrics = [][5]string{
	{"total_return", "Total return", "Growth of the share price over the period.", "p_end / p_start - 1", "fraction"},
	{"apy", "APY", "Compound annual rate by the period's true elapsed time.", "(p_end / p_start) ^ (31536000 / elapsed seconds) - 1", "fraction per year"},
	{"apr", "APR", "Linear annual rate.", "(p_end / p_start - 1) * 31536000 / elapsed seconds", "fraction per year"},
	{"volatility", "Volatility", "Standard deviation of the returns, by the year.", "stddev(r, n - 1) * sqrt(periods per year)", "fraction per year"},
	{"headline_sharpe", "Sharpe ratio, headline", "Sharpe ratio at 0.", "sharpe_ratio_zero", "ratio"},
	{"sharpe_ratio_zero", "Sharpe ratio at 0", "Mean return per unit of volatility.", "mean(r) / stddev(r, n - 1) * sqrt(periods per year)", "ratio"},
	{"sharpe_ratio", "Sharpe ratio", "Mean return above the configured rate per unit of volatility.", "mean(x) / stddev(x, n - 1) * sqrt(periods per year)", "ratio"},
	{"sortino_ratio", "Sortino ratio", "Mean return per unit of downside deviation.", "mean(r) / sqrt(sum(min(r, 0) ^ 2) / n) * sqrt(periods per year)", "ratio"},
	{"downside_deviation", "Downside deviation", "Root mean square of the losses, by the year.", "sqrt(sum(min(r, 0) ^ 2) / n) * sqrt(periods per year)", "fraction per year"},
	{"max_drawdown", "Maximum drawdown", "Deepest fall from an earlier mark.", "min(p / max(p so far) - 1)", "fraction"},
	{"current_drawdown", "Current drawdown", "Fall of the last mark from the highest.", "p_end / max(p) - 1", "fraction"},
	{"calmar_ratio", "Calmar ratio", "APY per unit of maximum drawdown.", "apy / |max_drawdown|", "ratio"},
	{"win_rate", "Win rate", "Share of the returns that were gains.", "count(r > 0) / n", "fraction"},
	{"best_day", "Best day", "Largest return between two marks.", "max(r)", "fraction"},
	{"worst_day", "Worst day", "Smallest return between two marks.", "min(r)", "fraction"},
}

// fixtureUntil is the end of the as-of day, 2025-09-04.
var fixtureUntil = time.Date(2025, 9, 5, 0, 0, 0, 0, time.UTC)

// A fixtureVault is what a vault's marts are made of: prices at times, the last
// of them at end.
type fixtureVault struct {
	id, name, symbol, note string
	status                 string // empty: live
	flat                   bool
	end                    time.Time // zero: 7 hours before fixtureUntil
	prices                 []float64 // NaN: a day without a mark
	assets                 float64   // at the end; 0: not known
	warnings               []string
	events                 bool // whether events tell of it
}

// walk makes n daily prices that drift up by a year's rate and swing.
func walk(n int, rate, swing float64) []float64 {
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

// fixtureVaults are a tear sheet's usual and awkward cases.
func fixtureVaults() []fixtureVault {
	gappy := walk(87, 0.08, 0.0006)
	for i := 10; i < 80; i += 4 {
		gappy[i] = math.NaN()
	}
	flat := make([]float64, 60)
	for i := range flat {
		flat[i] = 1.05
	}
	return []fixtureVault{
		{id: "usual", name: "Steady Dollar Vault", symbol: "USDC", prices: walk(730, 0.09, 0.004), assets: 48_123_456.78, events: true},
		{id: "gappy", name: "alUSD", symbol: "USDC", prices: gappy, assets: 1_134_567.25, note: "published by a third party, not chain-verified", warnings: []string{
			"the record starts with 10.00 USDC in the vault, under 0.1 % of the most it held; the returns of those thin first hours weigh as much as all later ones",
			"18 of 87 days have no mark; the return over such days is one longer return, the longest over 2.0 days",
		}},
		{id: "one-mark", name: "Born Yesterday", symbol: "DAI", prices: []float64{1}, assets: 500},
		{id: "flat", name: "Never Moves", symbol: "USDT", prices: flat, flat: true, assets: 12, warnings: []string{"the price was read but has not changed for 59 days"}},
		{id: "../../etc/passwd", name: hostileName, symbol: "<b>\u202eX</b>", note: hostileName, prices: walk(40, -0.5, 0.02), assets: 7e20, events: true, warnings: []string{hostileName}},
		{id: "stale", name: "Old Vault", symbol: "WETH", status: "stale", end: fixtureUntil.AddDate(0, -3, 0), prices: walk(400, 0.03, 0.001)},
		{id: "absent", name: "Never Read", symbol: "USDC", status: "no_reading", warnings: []string{"no price was observed by the as-of date, so there is nothing to measure"}},
	}
}

const hostileName = "</script></title><script>document.title='PWNED'</script><img src=x onerror=\"document.title='PWNED'\">" +
	"__f__(document.title='PWNED')__f__ \u202e\u2066\x00\x1b[31m =HYPERLINK(\"http://example.com\")"

// openFixture opens a database in memory that holds the marts of vaults; with a
// nil rate there is no risk-free rate.
func openFixture(tb testing.TB, rate *float64, vaults ...fixtureVault) *sql.DB {
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
	f := &fixture{tb: tb, rate: rate, rows: map[string][][]any{}}
	for i, v := range vaults {
		f.vault(i+1, v)
	}
	f.night()
	for _, table := range slices.Concat(fixtureTables, listingFixtures) {
		if _, err := db.ExecContext(tb.Context(), fmt.Sprintf("create table marts.%s (%s)", table.name, table.columns)); err != nil {
			tb.Fatal(err)
		}
		f.fill(tb.Context(), db, table.name)
	}
	return db
}

// A fixture collects rows by table.
type fixture struct {
	tb   testing.TB
	rate *float64
	rows map[string][][]any
}

func (f *fixture) add(table string, values ...any) { f.rows[table] = append(f.rows[table], values) }

func (f *fixture) fill(ctx context.Context, db *sql.DB, table string) {
	f.tb.Helper()
	conn, err := db.Conn(ctx)
	if err != nil {
		f.tb.Fatal(err)
	}
	err = models.Append(ctx, conn, "marts", table, func(add func(values ...any) error) error {
		for _, row := range f.rows[table] {
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

func (f *fixture) night() {
	f.add("run", fixtureUntil.AddDate(0, 0, -1), fixtureUntil, optional(f.rate), nil)
	for reason, meaning := range fixtureReasons {
		f.add("reasons", reason, meaning)
	}
	for i, m := range fixtureMetrics {
		group := "returns"
		if i >= len(growth) {
			group = []string{"risk-adjusted", "drawdown"}[i/10]
		}
		f.add("metric_definitions", m[0], int32(i+1), m[1], group, m[2], m[3], m[4], "made for this test", "it is undefined")
	}
	f.add("warnings", "", "set_aside", "3 rows were set aside because two readings of one time disagree", int64(3))
	f.add("imports", "readings/usual.csv", "readings", "csv", strings.Repeat("ab12", 16), int64(51234), "new",
		"published by a third party, not chain-verified", int64(1500), int64(1400), int64(1400), int64(97), int64(3), int64(0))
	f.add("imports", "logs/18000000.parquet", "logs", "cryo parquet", strings.Repeat("cd34", 16), int64(912345), "unchanged",
		"", int64(291), int64(0), int64(0), int64(291), int64(0), int64(0))
	f.add("import_reasons", "readings/usual.csv", "conflicting_reading", int64(3), int64(12), "2025-01-01T00:00:00Z,1.01")
}

func optional(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}

// columnsOf lists the columns of a fixture table.
func columnsOf(table string) []string {
	var names []string
	for _, t := range slices.Concat(fixtureTables, listingFixtures) {
		if t.name != table {
			continue
		}
		for column := range strings.SplitSeq(t.columns, ",") {
			names = append(names, strings.Fields(column)[0])
		}
	}
	return names
}
