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
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A siteFigure is a row of raw.site_figures.
type siteFigure struct {
	site, figure, vault string
	at                  time.Time
	value, step         float64
}

func addSiteFigures(t testing.TB, db *sql.DB, file int, figures []siteFigure) {
	t.Helper()
	addFile(t, db, file, "site")
	appendRows(t, db, "site_figures", func(add func(...any) error) error {
		for i, f := range figures {
			if err := add(int32(file), int64(i+2), f.site, f.figure, f.vault, f.at, f.value, f.step); err != nil {
				return err
			}
		}
		return nil
	})
}

// fillSeriesOf configures a vault of the family for each series, with its readings in
// a file of their own.
func fillSeriesOf(t testing.TB, db *sql.DB, family string, series map[string][]price) {
	t.Helper()
	var readings []reading
	for _, name := range slices.Sorted(maps.Keys(series)) {
		addVault(t, db, name, family)
		for _, p := range series[name] {
			readings = append(readings, reading{vault: name, at: p.at, price: p.price})
		}
	}
	addReadings(t, db, one[int](t, db, "select count(*) + 1 from raw.files"), readings)
}

// sharedFile reads a file of the shared data; the test is skipped where there is none.
func sharedFile(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("../../shared/data/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("../shared/data/%s is not beside this checkout", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// sharedCSV reads the rows of a CSV file of the shared data by column name.
func sharedCSV(t testing.TB, name string) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(sharedFile(t, name))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	records := make([]map[string]string, 0, len(rows))
	for _, row := range rows[1:] {
		record := map[string]string{}
		for i, cell := range row {
			record[rows[0][i]] = cell
		}
		records = append(records, record)
	}
	return records
}

// yearnYoung are the vaults younger than the 30 days their month is asked for,
// with the age in days by which Yearn divided: 30 days times what the rule gives
// over what was published.
var yearnYoung = map[string]int{
	"1-0x89e93172aef8261db8437b90c3dcb61545a05317":     8,
	"42161-0x252b965400862d94bda35fecf7ee0f204a53cc36": 20,
	"8453-0x3fa853290b0a21396f2e7bf0d4a372927d6eb5b4":  25,
}

// TestYearnPublished makes the rates that Yearn published for 766 vaults on one
// day from the prices of the same day, and compares them as captured figures.
func TestYearnPublished(t *testing.T) {
	t.Parallel()
	rows := sharedCSV(t, "yearn-ydaemon/yearn_pps_apy_2025-08-07.csv")
	parse := func(row map[string]string, name string) float64 {
		v, err := strconv.ParseFloat(row[name], 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	at := time.Date(2025, 8, 7, 13, 21, 59, 0, time.UTC)
	series := map[string][]price{}
	var captured []siteFigure
	for _, row := range rows {
		vault := row["chain_id"] + "-" + row["vault"]
		month := 30
		if age := yearnYoung[vault]; age > 0 {
			month = age
		}
		for _, p := range []struct {
			days int
			name string
		}{{month, "pps_month_ago"}, {7, "pps_week_ago"}, {0, "pps_today"}} {
			if value := parse(row, p.name); value > 0 {
				series[vault] = append(series[vault], price{at.AddDate(0, 0, -p.days), &value})
			}
		}
		for _, figure := range []string{"week_ago_apr", "month_ago_apr"} {
			// as many digits as a float has
			captured = append(captured, siteFigure{"Yearn", figure, vault, at, parse(row, figure), 1e-17})
		}
	}
	if len(series) < 760 {
		t.Fatalf("only %d vaults with a price", len(series))
	}
	db := database(t)
	fillSeries(t, db, series)
	addSiteFigures(t, db, 100_000, captured)
	run(t, db, Options{AsOf: at})

	for _, line := range lines(t, db, `
		select vault_id, figure, value, printed, difference, reason from marts.reconciliation
		where capture_number > 0 and is_reproduced is distinct from true`) {
		t.Errorf("not reproduced: %s", line)
	}
	met := one[int](t, db, "select count(*) from marts.reconciliation where is_reproduced")
	young := one[int](t, db, "select count(*) from marts.reconciliation where is_reproduced and convention like '%by the whole days of its age%'")
	t.Logf("%d rates of %d vaults are those that Yearn published, %d of them by a vault's age", met, len(series), young)
	if met != 2*len(series) || young != len(yearnYoung) {
		t.Errorf("%d of %d rates, %d by age", met, 2*len(series), young)
	}
}

// TestReconciliationOfAlUSD: what sites made, or would have made, of alUSD's last
// valuation, computed from the same 76 settlements outside this project.
func TestReconciliationOfAlUSD(t *testing.T) {
	t.Parallel()
	var states []struct {
		Timestamp     int64
		PricePerShare float64
	}
	if err := json.Unmarshal(sharedFile(t, "almanak-yield-tracker/price.json"), &states); err != nil {
		t.Fatal(err)
	}
	var series []price
	for _, s := range states {
		series = append(series, price{time.Unix(s.Timestamp, 0).UTC(), &s.PricePerShare})
	}
	last := series[len(series)-1].at
	db := database(t)
	fillSeriesOf(t, db, "lagoon", map[string][]price{"alusd": series})
	addSiteFigures(t, db, 100_000, []siteFigure{
		{"Lagoon", "apr_30d", "alusd", last, 0.0718, 1e-4},
		{"Lagoon", "apr_30d", "alusd", last.Add(time.Hour), 0.0719, 1e-4},
		// an earlier day, at which another valuation was the last
		{"Lagoon", "apr_inception", "alusd", date("2025-06-10").Add(8 * time.Hour), 0.5, 1e-2},
		{"vaults.fyi", "apy_7day", "alusd", last, 0.07, 1e-2},
		{"Yearn", "weekly_net_apy", "alusd", date("2025-06-10"), 0.07, 1e-2},
		// not known yet on the as-of day
		{"Lagoon", "apr_30d", "alusd", date("2025-09-05"), 0.07, 1e-2},
	})
	run(t, db, Options{AsOf: date("2025-09-04")})
	got := lines(t, db, `
		select site, figure, is_listed, from_at::timestamp, format('{:.3f}', 100 * value), reason
		from marts.reconciliation where capture_number = 0`)
	equalLines(t, got,
		"DefiLlama|apyBase|false|2025-08-28 17:38:59|7.127|null",
		"Lagoon|apr_30d|true|2025-08-05 17:21:47|7.180|null",
		"Lagoon|apr_30d_live|true|2025-08-05 17:21:47|7.067|null",
		"Lagoon|apr_7d|true|2025-08-28 17:38:59|7.127|null",
		"Lagoon|apr_inception|true|2025-06-10 07:07:35|8.083|null",
		"Lagoon|apr_inception_live|true|2025-06-10 07:07:35|8.038|null",
		"Yearn|month_ago_apr|false|2025-08-05 04:26:59|7.492|null",
		"Yearn|monthly_net_apy|false|2025-08-05 04:26:59|7.760|null",
		"Yearn|net_apy|false|2025-08-05 04:26:59|7.760|null",
		"Yearn|week_ago_apr|false|2025-08-27 15:52:11|8.160|null",
		"Yearn|weekly_net_apy|false|2025-08-27 15:52:11|8.501|null")
	equalLines(t, lines(t, db, `
		select site, figure, capture_number, until_at::timestamp, printed, round(1e4 * difference, 3), is_reproduced, reason
		from marts.reconciliation where capture_number > 0`),
		"Lagoon|apr_30d|1|2025-09-04 12:32:47|0.0718|-0.002|true|null",
		"Lagoon|apr_30d|2|2025-09-04 12:32:47|0.0719|-1.002|false|null",
		"Lagoon|apr_inception|1|2025-06-10 07:17:23|0.5|48817.777|false|null",
		"Yearn|weekly_net_apy|1|null|0.07|null|null|no_price_yet",
		"vaults.fyi|apy_7day|1|null|0.07|null|null|convention_unknown")
}

// TestSiteConventions: each convention can be evaluated, is of families that there are,
// and names the code that it was read in; a way ends where the next begins.
func TestSiteConventions(t *testing.T) {
	isVault := map[string]bool{}
	for _, r := range records(t, "../sql/generated/families.csv") {
		isVault[r["family"]] = r["is_vault"] == "true"
	}
	words := map[string]string{
		"formula": "linear compound", "anchor": "standing first_inside", "annual_days": "nominal true whole", "until": "valuation now live",
	}
	source := regexp.MustCompile(`^[\w-]+/[\w-]+@[0-9a-f]{7} \S`)
	begins, ends := map[string]bool{}, map[string]bool{}
	for _, r := range records(t, "../sql/seeds/site_figures.csv") {
		name := strings.Join([]string{r["site"], r["figure"], r["families"], r["chain"], r["choice"]}, " ")
		for _, f := range strings.Fields(r["families"]) {
			if !isVault[f] {
				t.Errorf("%s: no family of vaults is called %s", name, f)
			}
		}
		for column, allowed := range words {
			if isComputed := r["reason"] == ""; isComputed != slices.Contains(strings.Fields(allowed), r[column]) || !isComputed && r[column] != "" {
				t.Errorf("%s: %s is %q", name, column, r[column])
			}
		}
		if r["days"] == "" && (r["anchor"] == "standing" || r["annual_days"] == "nominal") {
			t.Errorf("%s: no days", name)
		}
		if !source.MatchString(r["source"]) || r["convention"] == "" {
			t.Errorf("%s: source %q, convention %q", name, r["source"], r["convention"])
		}
		figure := r["site"] + " " + r["figure"] + " " + r["families"] + " "
		if r["valid_from"] != "" {
			begins[figure+r["valid_from"]] = true
		}
		if r["valid_until"] != "" {
			ends[figure+r["valid_until"]] = true
		}
	}
	if !maps.Equal(begins, ends) || len(ends) == 0 {
		t.Errorf("ways begin %v and end %v", begins, ends)
	}
}

// TestReconciliation compares each site's figure with its formula by hand, for
// vaults that gain and that lose.
func TestReconciliation(t *testing.T) {
	const day = 24 * time.Hour
	end := date("2025-06-30").Add(12 * time.Hour)
	prices := func(last, week, month float64) []price {
		// the month's is read five hours early, and the day's is not the day's last
		return []price{
			{end.Add(-50 * day), ptr(1.0)},
			{end.Add(-30*day - 5*time.Hour), &month},
			{end.Add(-7 * day), &week},
			{end.Add(-day), ptr(1.05)},
			{end.Add(-13 * time.Hour), ptr(1.2)},
			{end, &last},
		}
	}
	db := database(t)
	fillSeriesOf(t, db, "erc4626", map[string][]price{"gains": prices(1.051, 1.04, 1.02), "loses": prices(1.049, 1.06, 1.07)})
	fillSeriesOf(t, db, "lagoon", map[string][]price{"lagoon": prices(1.049, 1.06, 1.07)})
	// too young for any window, too sparse for two, and once worth nothing
	fillSeriesOf(t, db, "yearn_v3", map[string][]price{
		"young":  {{end.Add(-3*day - time.Hour), ptr(1.0)}, {end, ptr(1.01)}},
		"sparse": {{end.Add(-40 * day), ptr(1.0)}, {end.Add(-8 * day), ptr(1.02)}, {end, ptr(1.01)}},
		"ruined": {{end.Add(-40 * day), ptr(1.0)}, {end.Add(-7 * day), ptr(0.0)}, {end, ptr(0.0)}},
	})
	fillSeriesOf(t, db, "morpho_v2", map[string][]price{"morpho": prices(1.051, 1.04, 1.02)})
	exec(t, db, "update raw.vaults set chain_id = 10 where vault_id = 'loses'")
	// read at the last blocks of days, of which one came a little late
	addVault(t, db, "blocks", "yearn_v3")
	for i, s := range []struct {
		at    time.Time
		price int64 // in thousandths
	}{{end.Add(-8 * day), 1000}, {end.Add(-7*day + 12*time.Second), 1010}, {end, 1020}} {
		for _, read := range []string{"('totalAssets', '', %d * 1000000)", "('totalSupply', '', 1000000000000000000000)", "('convertToAssets', '1000000000000000000000000000000', %d * 1000000000000000)"} {
			if strings.Contains(read, "%d") {
				read = fmt.Sprintf(read, s.price)
			}
			exec(t, db, "insert into raw.states select 1, ?, ?, ?, field, argument, 'ok', value::hugeint::bignum, null from (values "+read+") as t(field, argument, value)",
				i+1, s.at, address(t, db, "blocks"))
		}
	}
	run(t, db, Options{AsOf: end})
	month, year := (30*24+5)*3600.0, yearSeconds
	for _, want := range []struct {
		vault, figure string
		value         float64
	}{
		{"gains", "DefiLlama apyBase", math.Pow(1.051/1.05, 365) - 1},
		{"gains", "Yearn week_ago_apr", (1.051/1.04 - 1) * 365 / 7},
		{"gains", "Yearn month_ago_apr", (1.051/1.02 - 1) * 365 / 30},
		{"gains", "Yearn weekly_net_apy", math.Pow(1.051/1.04, 365.2425/7) - 1},
		{"gains", "Yearn monthly_net_apy", math.Pow(1.051/1.02, 365.2425/30) - 1},
		{"gains", "Yearn net_apy", math.Pow(1.051/1.02, 365.2425/30) - 1},
		// who prints 0 below 0, and who does not; on other chains the week comes first
		{"loses", "DefiLlama apyBase", 0},
		{"loses", "Yearn week_ago_apr", (1.049/1.06 - 1) * 365 / 7},
		{"loses", "Yearn weekly_net_apy", math.Pow(1.049/1.06, 365.2425/7) - 1},
		{"loses", "Yearn net_apy", 0},
		{"lagoon", "Lagoon apr_7d", (1.049/1.06 - 1) * 365 / 7},
		{"lagoon", "DefiLlama apyBase", 0},
		// the first inside the 30 days is the one of a week ago
		{"lagoon", "Lagoon apr_30d", (1.049/1.06 - 1) * 365 / 7},
		{"lagoon", "Lagoon apr_inception", (1.049 - 1) * 365 / 50},
		{"lagoon", "Lagoon apr_inception_live", (1.049 - 1) * 365 / 50.5},
		{"blocks", "Yearn week_ago_apr", (1.02/1.01 - 1) * 365 / 7},
		{"young", "Yearn week_ago_apr", 0.01 * 365 / 3},
		{"young", "Yearn month_ago_apr", 0.01 * 365 / 3},
	} {
		got := one[*float64](t, db, "select value from marts.reconciliation where vault_id = ? and site || ' ' || figure = ?", want.vault, want.figure)
		if got == nil || !near(*got, want.value) {
			t.Errorf("%s of %s: got %v, want %v", want.figure, want.vault, show(got), want.value)
		}
	}
	got := one[float64](t, db, "select apy from marts.reconciliation where vault_id = 'gains' and figure = 'month_ago_apr'")
	if want := math.Pow(1.051/1.02, year/month) - 1; !near(got, want) {
		t.Errorf("our rate: got %v, want %v", got, want)
	}
	equalLines(t, lines(t, db, "select vault_id, figure, reason from marts.reconciliation where value is null and figure not like 'inception%' and vault_id not in ('ruined', 'blocks')"),
		"morpho|apyBase|not_from_prices",
		"sparse|apyBase|not_from_prices",
		"sparse|month_ago_apr|anchor_stale", "sparse|monthly_net_apy|anchor_stale",
		"sparse|net_apy|anchor_stale", "sparse|week_ago_apr|anchor_stale", "sparse|weekly_net_apy|anchor_stale",
		"young|apyBase|not_from_prices", "young|monthly_net_apy|no_anchor", "young|net_apy|not_from_prices", "young|weekly_net_apy|no_anchor")
	equalLines(t, lines(t, db, "select figure, reason from marts.reconciliation where vault_id = 'ruined' and figure like 'week%'"),
		"week_ago_apr|bad_anchor_price", "weekly_net_apy|bad_anchor_price")
}

// TestRankings: the dead stay without a place, with their last day; the undefined come
// last.
func TestRankings(t *testing.T) {
	db := database(t)
	day := func(last int) []price {
		var out []price
		for i := range last {
			out = append(out, price{date("2024-01-01").AddDate(0, 0, i), ptr(1 + float64(i)*0.0001 + float64(i%3)*0.0001)})
		}
		return out
	}
	dead := append(day(300), price{date("2024-11-01"), ptr(0.0)})
	flat := times(day(366), 1)
	for i := range flat {
		flat[i].price = ptr(1.0)
	}
	fillSeries(t, db, map[string][]price{"lives": day(366), "stopped": day(200), "dead": dead, "flat": flat})
	run(t, db, Options{AsOf: date("2024-12-31")})
	equalLines(t, lines(t, db, "select place, vault_id, ranked_count, reason, status, ended_on from marts.rankings where period = 'itd' and ranking = 'headline_sharpe' order by place nulls last, vault_id"),
		"1|lives|1|null|live|null", "null|dead|1|null|closed|2024-11-01", "null|flat|1|zero_dispersion|live|null", "null|stopped|1|null|stale|2024-07-18")
	equalLines(t, lines(t, db, "select distinct vault_id, is_eligible, ineligible_reason from marts.rankings order by vault_id"),
		"dead|false|closed", "flat|true|null", "lives|true|null", "stopped|false|stale")
	equalLines(t, lines(t, db, "select place, vault_id from marts.rankings where period = 'itd' and ranking = 'max_drawdown' order by place, vault_id"),
		"1|flat", "2|lives", "null|dead", "null|stopped")
	equalLines(t, lines(t, db, "select vault_id, place, reason from marts.rankings where period = '30d' and ranking = 'apy' order by place nulls last, vault_id"),
		"lives|1|null", "flat|2|null", "dead|null|stale", "stopped|null|stale")
	equalLines(t, lines(t, db, `
		select vault_id from marts.rankings inner join marts.performance using (vault_id, period)
		where rankings.deflated_sharpe is distinct from performance.deflated_sharpe`))
}
