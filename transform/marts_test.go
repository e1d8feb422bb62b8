package transform

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform/model"
)

// populated is a database with something in every raw table: series of all
// shapes, a Lagoon vault with logs missing, one that was emptied, trades, mixed
// sources, rows set aside, logs undecoded and without time, readings after the
// as-of day.
func populated(t testing.TB) (*sql.DB, Options) {
	t.Helper()
	db := database(t)
	fillSeries(t, db, seriesOf())
	addVault(t, db, "lagoon", "lagoon")
	v := liveLagoon(address(t, db, "lagoon"))
	for i := range v.logs {
		*v.logs[i].at = v.logs[i].at.AddDate(-1, 0, 0)
	}
	v.logs[90].at = nil
	addLogs(t, db, 2, v.address, slices.Delete(v.logs, 150, 151))
	addVault(t, db, "emptied", "lagoon")
	e := newLagoonVault(address(t, db, "emptied"), hours(0).AddDate(-1, 0, 0))
	e.block, e.logs, e.management, e.performance = e.block+1_000_000, nil, 0, 0
	for day := range 4 {
		e.begin(hours(24*day+1).AddDate(-1, 0, 0))
		if day == 2 {
			e.requestRedeem(e.supply)
		} else {
			e.requestDeposit(usd(30_000_00))
		}
		e.settle(grow(e.assets, 1000), true)
	}
	addLogs(t, db, 5, e.address, e.logs)
	addReadings(t, db, 26, []reading{{vault: "emptied", at: hours(4*24).AddDate(-1, 0, 0), assets: e.assets, supply: e.supply}})
	addVault(t, db, "trades", "erc4626")
	addLogs(t, db, 3, address(t, db, "trades"), trades(40))
	addVault(t, db, "silent", "observed")
	addVault(t, db, "thin", "observed")
	var thin []reading
	for day := range 40 {
		thin = append(thin, reading{
			vault: "thin", at: date("2024-02-01").AddDate(0, 0, day),
			assets: big.NewInt(int64(1 + day*day*day*1_000_000)), supply: mul(big.NewInt(int64(1+day*day*day)), offset),
		})
	}
	addReadings(t, db, 4, thin)
	addVault(t, db, "spiky", "observed")
	var spiky []reading
	for day := range 40 {
		r := reading{vault: "spiky", at: date("2024-02-01").AddDate(0, 0, day), price: ptr(1 + float64(day)/10_000)}
		switch day {
		case 20:
			r.price = ptr(1.3)
		case 33: // a fall besides
			r.price = ptr(1.003)
		case 0, 30:
			r.assets, r.supply = usd(50_000_00), mul(big.NewInt(50_000), wholeShare)
		}
		spiky = append(spiky, r)
	}
	addReadings(t, db, 25, spiky)
	addVault(t, db, "stays", "observed")
	var stays []reading
	for day := range 58 { // nobody leaves
		stays = append(stays, reading{vault: "stays", at: date("2024-02-01").AddDate(0, 0, day), price: ptr(1.0 + float64(day)/10_000), assets: usd(int64(50_000_00 + 500*day))})
	}
	addReadings(t, db, 27, stays)
	for i, books := range []struct {
		vault, family, event string
		arguments            map[string]any
	}{
		{"strategies", "yearn_v3", "DebtUpdated", map[string]any{"strategy": "0x51", "current_debt": "0", "new_debt": "600000000"}},
		{"adapters", "morpho_v2", "Allocate", map[string]any{"adapter": "0xad", "assets": "600000000", "change": "600000000"}},
		{"lender", "evk", "VaultStatus", map[string]any{"totalShares": "1000000000000000000", "totalBorrows": "600000", "accumulatedFees": "0", "cash": "500000"}},
		{"losing", "metamorpho", "UpdateLostAssets", map[string]any{"newLostAssets": "600000000"}},
		{"stopped", "erc4626", "Paused", map[string]any{"account": user}},
	} {
		addVault(t, db, books.vault, books.family)
		addLogs(t, db, 60+i, address(t, db, books.vault), []chainLog{{
			event: books.event, at: ptr(date("2024-02-01")), tx: "0x" + strings.Repeat("5", 64), block: int64(90_000_000 + i), arguments: books.arguments,
		}})
	}
	exec(t, db, "insert into raw.states values (1, 1, ?, ?, 'feeRates', '', 'ok', null, '[\"200\",\"2000\"]')", date("2024-02-01"), v.address)
	exec(t, db, "insert into raw.states values (1, 1, ?, ?, 'decimals', '', 'ok', 6, null)", date("2024-02-01"), v.address)
	addGoverned(t, db)
	addReopened(t, db)
	addCases(t, db, 100,
		"positions_read", "evk_bad_debt", "claims_of_erc7540", "holders_of_susde", "holders_of_veda", "moves_without_assets_of_veda", "flows_of_evk",
		"flows_without_their_logs", "settlement_missing_of_lagoon", "total_of_a_closed_lagoon", "redemptions_less_an_exit_fee",
		"prices_of_a_feed", "outliers_within_the_day", "fees_by_lagoons_code/v", "exits/short",
	)
	addCharged(t, db)
	exec(t, db, "update raw.readings set is_inexact = true where vault_id = 'thin'")
	exec(t, db, "insert into raw.usd_readings select file_id, line, 2, 100 from raw.readings where vault_id = 'spiky' and total_assets is not null")
	exec(t, db, "insert into raw.asset_prices values ('spiky', 'index')")
	exec(t, db, "update raw.files set note = 'published by somebody''s site' where file_id = 4")
	exec(t, db, "insert into raw.set_aside values (4, 'empty_price', 3, 17, 'line 17')")
	exec(t, db, `
		insert into raw.undecoded
		select chain_id, block_number, log_index, if(log_index % 2 = 0, 'undecodable', 'unknown_event'), 'detail'
		from raw.logs where file_id = 3 limit 7`)
	addVault(t, db, "stated", "metamorpho")
	for day := range 5 {
		addStates(t, db, "stated", 18, []state{{int64(9000 + day), date("2024-03-20").AddDate(0, 0, day), map[string]string{
			"totalAssets": fmt.Sprint(1_000_000_000_000 + day*1_000_000), "totalSupply": "1000000000000000000000000",
		}}})
	}
	exec(t, db, "insert into raw.headers values (1, 9001, ''::blob, ''::blob, ''::blob, ?, true)", date("2024-03-21"))
	// an archive that is called complete, and a node that has one more of its logs
	exec(t, db, "insert into raw.spans select 100, 'logs/*', chain_id, '0x' || lower(hex(address)), 0, min(block_number), max(block_number), true from raw.logs where file_id = 100 group by all")
	exec(t, db, "insert into raw.spans select 0, 'node', chain_id, address, 1, from_block, to_block, true from raw.spans where file_id = 100")
	exec(t, db, "insert into raw.verifications values ('stated', 'L0', 'proved', 5, null, 'fine'), ('stated', 'L2', 'proved', 5, null, 'fine')")
	addSiteFigures(t, db, 100_000, []siteFigure{{"Yearn", "week_ago_apr", "stated", date("2024-03-24"), 0.01, 1e-4}})
	levels := map[time.Time]float64{}
	for i := range 400 {
		levels[date("2023-02-01").AddDate(0, 0, i)] = 100 + float64(i%7)
	}
	addBenchmark(t, db, "index", "index", nil, false, levels)
	addBenchmark(t, db, "rate", "annual_rate", 360, true, map[time.Time]float64{date("2024-03-20"): 0.05, date("2024-03-25"): 0.04})
	return db, Options{AsOf: date("2024-03-29"), RiskFreeRate: ptr(0.04), MinTotalAssets: ptr(20000.0)}
}

func marts(t testing.TB, db *sql.DB) []string {
	t.Helper()
	list := lines(t, db, `
		select name from (
			select table_name as name, schema_name, database_name from duckdb_tables()
			union all select view_name, schema_name, database_name from duckdb_views())
		where schema_name = 'marts' and database_name = current_database() order by name`)
	if len(list) == 0 {
		t.Fatal("there are no marts")
	}
	return list
}

// content is every row of every mart.
func content(t testing.TB, db *sql.DB) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, mart := range marts(t, db) {
		out[mart] = lines(t, db, "select * from marts."+mart+" order by all")
	}
	return out
}

func TestMarts(t *testing.T) {
	t.Parallel()
	db, opt := populated(t)
	run(t, db, opt)
	list, err := model.All()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("every model has rows and keeps its grain", func(t *testing.T) {
		// rows of these are in the case backing alone, whose run checks their grain
		ofFacts := []string{
			"staging.allocations", "staging.markets", "staging.reading_facts", "staging.synchronous", "staging.token_prices",
			"intermediate.token_days", "intermediate.lending_markets", "intermediate.lending_days", "intermediate.allocation_amounts",
			"intermediate.allocation_sums", "intermediate.carried_days", "intermediate.carried_amounts", "intermediate.carried_sums", "intermediate.allocation_days",
			"intermediate.overdue_requests", "marts.backing_markets",
		}
		for _, m := range list {
			if slices.Contains(ofFacts, m.String()) {
				continue
			}
			if one[int](t, db, "select count(*) from "+m.String()) == 0 {
				t.Errorf("%s is empty: this test proves nothing of it", m)
			}
			if wrong := lines(t, db, grainQuery(m)+" limit 3"); len(wrong) > 0 {
				t.Errorf("%s: rows break the grain %v: %v", m, m.Header.Grain, wrong)
			}
		}
	})
	t.Run("every undefined figure has a known reason", func(t *testing.T) {
		for _, q := range []string{
			"select * from marts.monthly_returns where (total_return is null) != (reason is not null)",
			"select * from marts.annual_returns where (total_return is null) != (reason is not null)",
			"select * from marts.quarterly_returns where (total_return is null) != (reason is not null)",
			"select * from marts.rolling where (apy is null) != (reason is not null)",
			"select * from marts.rolling where (sharpe_ratio_zero is null) != (sharpe_reason is not null)",
			"select * from marts.rolling where (volatility is null) != (coalesce(sharpe_reason, '') not in ('', 'zero_dispersion'))",
			"select * from marts.rolling where (max_drawdown is null) != (coalesce(reason, '') not in ('', 'out_of_range'))",
			"select * from marts.rolling where max_drawdown not between -1 and 0",
			"select sharpe_reason from marts.rolling where sharpe_reason not in (from marts.reasons select reason)",
			"select reason from marts.monthly_returns where reason not in (from marts.reasons select reason)",
			"select reason from marts.annual_returns where reason not in (from marts.reasons select reason)",
			"select reason from marts.rolling where reason not in (from marts.reasons select reason)",
			"select split_reason from marts.fees where split_reason not in (from marts.reasons select reason)",
			"select reason from marts.fees where reason not in (from marts.reasons select reason) or (net_price is null) != (reason is not null)",
			"select reason from marts.concentration where reason not in (from marts.reasons select reason) or (top_1_share is null) != (reason is not null)",
			"select reason from marts.period_flows where reason not in (from marts.reasons select reason) or (net_flow is null) != (reason is not null)",
			"select * from marts.investor_returns where (money_weighted_return is null) != (money_weighted_reason is not null)",
			"select * from marts.investor_returns where (time_weighted_return is null) != (time_weighted_reason is not null)",
			"select * from marts.investor_returns where (modified_dietz is null) != (modified_dietz_reason is not null)",
			"select * from marts.performance_without_spikes where (value is null) != (reason is not null)",
			"select * from marts.performance_without_spikes where (value_without_spikes is null) != (reason_without_spikes is not null)",
			"select reason from (select money_weighted_reason as reason from marts.investor_returns union select time_weighted_reason from marts.investor_returns union select modified_dietz_reason from marts.investor_returns union select reason_without_spikes from marts.performance_without_spikes) where reason not in (from marts.reasons select reason)",
			"select reason from marts.market_trades where reason not in (from marts.reasons select reason)",
			"select * from marts.market_trades where (premium is null) != (reason is not null)",
			"select reason from marts.redemptions where reason not in (from marts.reasons select reason)",
			"select * from marts.redemptions where (realised_price is null) != (reason is not null)",
			"select reason from marts.allocations where reason not in (from marts.reasons select reason)",
			"select * from marts.allocations where (contribution is null) != (reason is not null)",
		} {
			equalLines(t, lines(t, db, q+" limit 3"))
		}
	})
	t.Run("no figure is infinite or not a number", func(t *testing.T) { finite(t, db) })
	t.Run("every metric is in the marts", func(t *testing.T) {
		for _, fault := range metricFaults(t, db, list) {
			t.Error(fault)
		}
		forgotten := append(slices.Clone(list), model.Model{Schema: "metrics", Name: "forgotten"})
		if faults := metricFaults(t, db, forgotten); len(faults) != 3 || !strings.Contains(faults[0], "forgotten") {
			t.Errorf("a metric that is in no mart: got %q", faults)
		}
	})
	t.Run("vaults stand in the order of the config", func(t *testing.T) {
		equalLines(t, lines(t, db, "select vault_id from marts.vaults"), lines(t, db, "select vault_id from raw.vaults order by config_position")...)
	})
	t.Run("a second run gives the same rows", func(t *testing.T) {
		if testing.Short() {
			t.Skip("the next case is stricter")
		}
		before := content(t, db)
		run(t, db, opt)
		sameContent(t, content(t, db), before)
	})
	t.Run("a past day can be made again", func(t *testing.T) {
		before := content(t, db)
		run(t, db, Options{AsOf: date("2023-12-31")})
		if maps.EqualFunc(content(t, db), before, slices.Equal[[]string]) {
			t.Error("another day gave the same marts")
		}
		run(t, db, opt)
		sameContent(t, content(t, db), before)
	})
	t.Run("publish", func(t *testing.T) { publishes(t, db) })
}

func sameContent(t *testing.T, got, want map[string][]string) {
	t.Helper()
	for mart, rows := range want {
		if !slices.Equal(got[mart], rows) {
			t.Errorf("marts.%s differs", mart)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d marts, want %d", len(got), len(want))
	}
}

// documented finds columns without a comment, or whose comment lacks what their header
// says, and headers that name a column the mart does not have.
func documented(t *testing.T, db *sql.DB, list []model.Model) {
	t.Helper()
	for _, m := range list {
		if m.Schema != "marts" {
			continue
		}
		columns := lines(t, db, "select column_name from duckdb_columns() where schema_name = 'marts' and table_name = '"+m.Name+"'")
		for name := range m.Header.Columns {
			if !slices.Contains(columns, name) {
				t.Errorf("%s: the header names %s, which is no column", m, name)
			}
		}
	}
	for _, name := range lines(t, db, `
		select table_name || '.' || column_name from duckdb_columns()
		where schema_name = 'marts' and coalesce(comment, '') = ''`) {
		t.Errorf("%s has no comment", name)
	}
	for _, name := range lines(t, db, `
		select columns.table_name || '.' || columns.column_name || ': ' || comment
		from duckdb_columns() as columns
		left join marts.column_definitions as said on mart = table_name and said.column_name = columns.column_name
		where schema_name = 'marts' and (
			mart is null or not contains(comment, definition) or not contains(comment, ' File: ' || sql_file || '.')
			or not contains(comment, ' Unit: ' || if(unit = '', 'none', unit) || '.')
				and (unit != '' or numeric_precision is not null or ends_with(columns.column_name, '_raw')))`) {
		t.Errorf("%s lacks its definition, its file or, though it holds numbers, its unit", name)
	}
	for _, name := range lines(t, db, `
		select name from (
			select table_name as name, schema_name, comment from duckdb_tables()
			union all select view_name, schema_name, comment from duckdb_views())
		where schema_name = 'marts' and coalesce(comment, '') = ''`) {
		t.Errorf("marts.%s has no comment", name)
	}
}

func finite(t *testing.T, db *sql.DB) {
	t.Helper()
	columns := lines(t, db, "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and data_type = 'DOUBLE'")
	if len(columns) < 30 {
		t.Fatalf("only %d columns of figures", len(columns))
	}
	for _, c := range columns {
		table, column, _ := strings.Cut(c, "|")
		if n := one[int](t, db, fmt.Sprintf("select count(*) from marts.%s where not isfinite(%s)", table, column)); n > 0 {
			t.Errorf("marts.%s.%s: %d rows are not finite", table, column, n)
		}
	}
}

// metricFaults says in which marts a metric's file is forgotten.
func metricFaults(t *testing.T, db *sql.DB, list []model.Model) []string {
	t.Helper()
	columns := lines(t, db, "select column_name from duckdb_columns() where schema_name = 'marts' and table_name = 'performance'")
	reasons := lines(t, db, "select distinct metric from marts.performance_reasons")
	definitions := lines(t, db, "select metric from marts.metric_definitions")
	var out []string
	for _, m := range list {
		if !m.IsMetric() {
			continue
		}
		if !slices.Contains(columns, m.Name) {
			out = append(out, m.String()+" is no column of marts.performance")
		}
		if !slices.Contains(reasons, m.Name) {
			out = append(out, m.String()+" gives marts.performance_reasons no row")
		}
		if !slices.Contains(definitions, m.Name) {
			out = append(out, m.String()+" has no place in marts.metric_definitions")
		}
	}
	return out
}

// publishes proves the published file: what is in it, and that it stands alone.
func publishes(t *testing.T, db *sql.DB) {
	path := filepath.Join(t.TempDir(), "it's published.duckdb")
	publish(t, db, path)
	want := content(t, db)
	equalLines(t, lines(t, db, "select count(*) from duckdb_databases() where database_name = 'published'"), "0")

	// the header holds the version: 64 is that of DuckDB 0.9 to 1.1, which wrote v1.0.0
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(text[8:12]) != "DUCK" || text[12] != 64 {
		t.Errorf("the file begins with %q and has storage number %d, want 64", text[8:12], text[12])
	}

	published, err := models.OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = published.Close() }()
	equalLines(t, lines(t, published, "select distinct schema_name from duckdb_tables()"), "marts")
	equalLines(t, lines(t, published, "select view_name from duckdb_views() where not internal order by all"), "performance_long", "rolling")
	equalLines(t, lines(t, published, "select distinct schema_name from duckdb_schemas() where not internal and schema_name != 'main'"), "marts")
	sameContent(t, content(t, published), want)
	list, err := model.All()
	if err != nil {
		t.Fatal(err)
	}
	documented(t, published, list)
}

func TestPublishToAnExistingPath(t *testing.T) {
	db := database(t)
	run(t, db, Options{AsOf: date("2025-09-04")})
	folder := t.TempDir()
	text := filepath.Join(folder, "notes.txt")
	if err := os.WriteFile(text, []byte("mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(folder, "empty.duckdb")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	last := filepath.Join(folder, "last.duckdb")
	publish(t, db, last)
	for name, path := range map[string]string{
		"text file": text, "empty file": empty, "published before": last,
		"folder": folder, "no such folder": filepath.Join(folder, "no", "file.duckdb"),
	} {
		t.Run(name, func(t *testing.T) {
			before, _ := os.ReadFile(path)
			if err := Prepare(t.Context(), path); err == nil {
				t.Error("want an error")
			}
			if name != "published before" {
				if err := Publish(t.Context(), db, path); err == nil {
					t.Error("want an error of what was not prepared")
				}
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
	// what failed leaves nothing behind that keeps the next from working
	publish(t, db, filepath.Join(folder, "new.duckdb"))
}

// publish makes and fills a published database.
func publish(t *testing.T, db *sql.DB, path string) {
	t.Helper()
	if err := Prepare(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := Publish(t.Context(), db, path); err != nil {
		t.Fatal(err)
	}
}

// TestFailedRunKeepsTheLast breaks promises in turn: the error says which, and
// the marts of the run before stand, to the row.
func TestFailedRunKeepsTheLast(t *testing.T) {
	t.Parallel()
	db := database(t)
	addVault(t, db, "v", "observed")
	addVault(t, db, "logs", "erc4626")
	addLogs(t, db, 2, address(t, db, "logs"), trades(5))
	addReadings(t, db, 1, []reading{{vault: "v", at: date("2025-09-01"), price: ptr(1.0)}, {vault: "v", at: date("2025-09-02"), price: ptr(1.01)}})
	opt := Options{AsOf: date("2025-09-04")}
	run(t, db, opt)
	before := content(t, db)
	for _, c := range []struct {
		name, breaks, mends, check string
		rows                       int64
		first                      string
	}{
		{
			"log imported twice", "insert into raw.logs from raw.logs limit 2",
			"delete from raw.logs where rowid not in (select min(rowid) from raw.logs group by chain_id, block_number, log_index)",
			"logs_are_unique", 2, "copies",
		},
		{
			"family that nobody knows", "update raw.vaults set family = 'nobody' where vault_id = 'v'",
			"update raw.vaults set family = 'observed' where vault_id = 'v'",
			"families_are_known", 1, "nobody",
		},
		{
			"negative price", "update raw.readings set share_price = -1.01 where line = 3",
			"update raw.readings set share_price = 1.01 where line = 3", "prices_are_sound", 1, "v",
		},
		{
			"infinite price", "update raw.readings set share_price = 'inf' where line = 3",
			"update raw.readings set share_price = 1.01 where line = 3", "prices_are_sound", 1, "inf",
		},
		{
			"price that is no number", "update raw.readings set share_price = 'nan' where line = 3",
			"update raw.readings set share_price = 1.01 where line = 3", "prices_are_sound", 1, "nan",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			exec(t, db, c.breaks)
			err := Run(t.Context(), db, Options{AsOf: date("2025-09-03")})
			var broken *CheckError
			if !errors.As(err, &broken) {
				t.Fatalf("got %v, want a CheckError", err)
			}
			if broken.Check != c.check || broken.Rows != c.rows || !strings.Contains(broken.First, c.first) {
				t.Errorf("got check %q, %d rows, first %q; want %q, %d, one with %q", broken.Check, broken.Rows, broken.First, c.check, c.rows, c.first)
			}
			if !strings.Contains(err.Error(), c.check) || !strings.Contains(err.Error(), broken.First) {
				t.Errorf("the message is %q", err)
			}
			sameContent(t, content(t, db), before)
			equalLines(t, lines(t, db, "select as_of from raw.run"), "2025-09-04")
			exec(t, db, c.mends)
		})
	}
	run(t, db, opt)
	sameContent(t, content(t, db), before)
}

// TestRunStoppedAfterItsCommit: its figures are shown by then, and stay. The next run
// removes those before.
func TestRunStoppedAfterItsCommit(t *testing.T) {
	t.Parallel()
	db := database(t)
	addVault(t, db, "v", "observed")
	addReadings(t, db, 1, []reading{{vault: "v", at: date("2025-09-01"), price: ptr(1.0)}, {vault: "v", at: date("2025-09-02"), price: ptr(1.01)}})
	run(t, db, Options{AsOf: date("2025-09-03")})
	ctx, cancel := context.WithCancel(t.Context())
	err := Run(ctx, db, Options{AsOf: date("2025-09-04"), Progress: func(step string) {
		if step == "commit" {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want that it was cancelled", err)
	}
	equalLines(t, lines(t, db, "select as_of::varchar from marts.run"), "2025-09-04")
	run(t, db, Options{AsOf: date("2025-09-05")})
	equalLines(t, lines(t, db, "select as_of::varchar from marts.run"), "2025-09-05")
	if n := one[int](t, db, "select count(*) from duckdb_databases() where database_name like 'vaultperf_figures_%'"); n != 1 {
		t.Errorf("%d databases of figures are left, want 1", n)
	}
}

// TestFailedRunKeepsItsThreads: a run of few rows, which takes one thread and joins as
// written, fails, and the next works with all threads and optimizers again.
func TestFailedRunKeepsItsThreads(t *testing.T) {
	db := database(t)
	addVault(t, db, "v", "observed")
	addReadings(t, db, 1, []reading{{vault: "v", at: date("2025-09-01"), price: ptr(1.0)}, {vault: "v", at: date("2025-09-02"), price: ptr(1.01)}})
	const threads = "select current_setting('threads')::bigint"
	exec(t, db, "set threads = 3; reset threads")
	before := one[int64](t, db, threads)
	if before < 2 {
		t.Skip("there is one processor")
	}
	err := Run(t.Context(), db, Options{AsOf: date("2025-09-04"), RiskFreeRate: ptr(-2.0)}) // its logarithm fails
	if err == nil || !strings.Contains(err.Error(), "cannot take logarithm") {
		t.Fatalf("got %v, want a failure of the first model that takes the rate's logarithm", err)
	}
	if got := one[int64](t, db, threads); got != before {
		t.Errorf("%d threads, want %d", got, before)
	}
	if got := one[string](t, db, "select current_setting('disabled_optimizers')"); got != "" {
		t.Errorf("without the optimizers %s, want none", got)
	}
}

// TestStaleModelsGo: a model that today's version does not have is dropped, one
// that was a view is a table.
func TestStaleModelsGo(t *testing.T) {
	db := database(t)
	exec(t, db, "create table marts.gone as select 1 as v")
	exec(t, db, "create view metrics.gone as select v from marts.gone")
	exec(t, db, "create view marts.vaults as select 1 as v")
	exec(t, db, "create table metrics.apy as select 1 as v")
	for range 2 {
		run(t, db, Options{AsOf: date("2025-09-04")})
	}
	for _, mart := range marts(t, db) {
		if mart == "gone" {
			t.Error("marts.gone is still there")
		}
	}
	if n := one[int](t, db, "select count(*) from marts.metric_definitions"); n != len(metricNames) {
		t.Errorf("%d metrics, want %d", n, len(metricNames))
	}
}

// TestRunReadsOnlyTheDate: any time of the as-of day gives the same run.
func TestRunReadsOnlyTheDate(t *testing.T) {
	db := database(t)
	run(t, db, Options{AsOf: date("2025-09-04").Add(17*time.Hour + 5)})
	equalLines(t, lines(t, db, "select as_of, until_at, risk_free_rate, min_total_assets from marts.run"), "2025-09-04|2025-09-05 00:00:00+00|null|null")
	run(t, db, Options{AsOf: date("2025-09-05"), RiskFreeRate: ptr(0.043), MinTotalAssets: ptr(20000.0)})
	equalLines(t, lines(t, db, "select as_of, until_at, risk_free_rate, min_total_assets from marts.run"), "2025-09-05|2025-09-06 00:00:00+00|0.043|20000.0")
}
