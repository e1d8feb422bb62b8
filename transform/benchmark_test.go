package transform

import (
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// addBenchmark configures one with a value a day.
func addBenchmark(t testing.TB, db *sql.DB, name, kind string, dayCount any, isRiskFree bool, values map[time.Time]float64) {
	t.Helper()
	exec(t, db, "insert into raw.benchmark_sources select ?, count(*) + 1, ?, ?, null, ? from raw.benchmark_sources", name, kind, dayCount, isRiskFree)
	appendRows(t, db, "benchmarks", func(add func(...any) error) error {
		for day, value := range values {
			if err := add(name, day, value); err != nil {
				return err
			}
		}
		return nil
	})
}

// pair are the returns of a vault and of a benchmark between the days both have.
type pair struct {
	vault, benchmark, free []float64
	start                  []time.Time
	seconds                float64
}

func pairOf(marks []mark, levels, free map[time.Time]float64, from time.Time) pair {
	var p pair
	var last *mark
	for i, m := range marks {
		day := m.at.Truncate(24 * time.Hour)
		level, isThere := levels[day]
		if !isThere || i+1 < len(marks) && sameDay(marks[i+1].at, m.at) {
			continue // no value, or not the day's last mark
		}
		if last != nil && !last.at.Before(from) {
			before := last.at.Truncate(24 * time.Hour)
			p.vault = append(p.vault, m.price/last.price-1)
			p.benchmark = append(p.benchmark, level/levels[before]-1)
			p.free = append(p.free, free[day]/free[before]-1)
			p.start = append(p.start, last.at)
			p.seconds += m.at.Sub(last.at).Seconds()
		}
		last = &marks[i]
	}
	return p
}

func covariance(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += (a[i] - mean(a)) * (b[i] - mean(b))
	}
	return sum / float64(len(a)-1)
}

func grown(values []float64, takes func(i int) bool) float64 {
	out := 1.0
	for i, v := range values {
		if takes(i) {
			out *= 1 + v
		}
	}
	return out - 1
}

// figures are all comparisons, by plain loops.
func (p pair) figures() map[string]float64 {
	n := float64(len(p.vault))
	perYear := n / (p.seconds / yearSeconds)
	var differences, excess, benchmarkExcess []float64
	for i := range p.vault {
		differences = append(differences, p.vault[i]-p.benchmark[i])
		excess = append(excess, p.vault[i]-p.free[i])
		benchmarkExcess = append(benchmarkExcess, p.benchmark[i]-p.free[i])
	}
	always := func(int) bool { return true }
	up := func(i int) bool { return p.benchmark[i] > 0 }
	down := func(i int) bool { return p.benchmark[i] < 0 }
	beta := covariance(p.vault, p.benchmark) / covariance(p.benchmark, p.benchmark)
	return map[string]float64{
		"returns_count": n, "total_return": grown(p.vault, always), "benchmark_return": grown(p.benchmark, always),
		"excess_return": grown(p.vault, always) - grown(p.benchmark, always), "beta": beta,
		"alpha":             (mean(excess) - beta*mean(benchmarkExcess)) * perYear,
		"correlation":       covariance(p.vault, p.benchmark) / deviation(p.vault) / deviation(p.benchmark),
		"tracking_error":    deviation(differences) * math.Sqrt(perYear),
		"information_ratio": mean(differences) / deviation(differences) * math.Sqrt(perYear),
		"up_capture":        grown(p.vault, up) / grown(p.benchmark, up),
		"down_capture":      grown(p.vault, down) / grown(p.benchmark, down),
	}
}

// TestBenchmarkComparison holds every figure of every period against loops:
// daily and gappy vaults, a benchmark that is missing on some days, dated rates.
func TestBenchmarkComparison(t *testing.T) {
	all := seriesOf()
	series := map[string][]price{"daily": all["daily-a"], "gaps": all["gaps-a"], "busy": all["busy-b"], "midnight": all["midnight-c"]}
	db := database(t)
	fillSeries(t, db, series)
	levels, rates := map[time.Time]float64{}, map[time.Time]float64{}
	for _, p := range all["gaps-b"] {
		levels[p.at.Truncate(24*time.Hour)] = *p.price
	}
	first := seriesFrom.Truncate(24 * time.Hour)
	for i := 0; i < seriesDays-2; i += 1 + i%5 { // the last two days have none yet
		rates[first.AddDate(0, 0, i)] = 0.03 + 0.0001*float64(i)
	}
	addBenchmark(t, db, "index", "index", nil, false, levels)
	addBenchmark(t, db, "rate", "annual_rate", 360, true, rates)
	exec(t, db, "insert into raw.benchmark_sources values ('peer', 3, 'vault', null, 'daily', false)")
	asOf := date("2024-03-31")
	run(t, db, Options{AsOf: asOf})

	// the account at the rates, day by day
	free := map[time.Time]float64{}
	account, fixing, rate := 1.0, first, rates[first]
	for day := first; !day.After(asOf); day = day.AddDate(0, 0, 1) {
		if r, isFixed := rates[day]; isFixed && day.After(first) {
			account *= 1 + rate*day.Sub(fixing).Hours()/24/360
			fixing, rate = day, r
		}
		free[day] = account * (1 + rate*day.Sub(fixing).Hours()/24/360)
	}
	peer := map[time.Time]float64{}
	for _, m := range marksOf(series["daily"], asOf.AddDate(0, 0, 1)) {
		peer[m.at.Truncate(24*time.Hour)] = m.price
	}
	benchmarks := map[string]map[time.Time]float64{"index": levels, "peer": peer}

	compared := 0
	for vault, prices := range series {
		marks := marksOf(prices, asOf.AddDate(0, 0, 1))
		for _, period := range []string{"itd", "365d", "90d", "30d", "qtd"} {
			s := spanOf(period, marks, asOf, nil)
			for benchmark, levels := range benchmarks {
				if vault == "daily" && benchmark == "peer" {
					continue
				}
				p := pairOf(marks, levels, free, *s.start)
				for figure, want := range p.figures() {
					got := one[*float64](t, db, fmt.Sprintf("select %s::double from marts.benchmark_comparison where vault_id = ? and period = ? and benchmark = ?", figure), vault, period, benchmark)
					compared++
					if got == nil || !near(*got, want) {
						t.Errorf("%s %s against %s: %s is %s, want %v", vault, period, benchmark, figure, show(got), want)
					}
				}
			}
		}
		// the Sharpe ratio above the same account
		returns := returnsOf(marks)
		var excess []float64
		for i, r := range returns {
			excess = append(excess, r+1-free[marks[i+1].at.Truncate(24*time.Hour)]/free[marks[i].at.Truncate(24*time.Hour)])
		}
		elapsed := marks[len(marks)-1].at.Sub(marks[0].at).Seconds() / yearSeconds
		want := mean(excess) / deviation(excess) * math.Sqrt(float64(len(excess))/elapsed)
		got := one[*float64](t, db, "select sharpe_ratio from marts.performance where vault_id = ? and period = 'itd'", vault)
		if got == nil || !near(*got, want) {
			t.Errorf("%s: Sharpe ratio %s above dated rates, want %v", vault, show(got), want)
		}
	}
	t.Logf("%d figures compared", compared)
	equalLines(t, lines(t, db, "select count(*) from marts.benchmark_comparison where vault_id = 'daily' and benchmark = 'peer'"), "0")
	equalLines(t, lines(t, db, "select risk_free_rate, risk_free_series from marts.run"), "null|rate")
}

// TestBenchmarkReasons: what has no value says why.
func TestBenchmarkReasons(t *testing.T) {
	db := database(t)
	day := func(i int) time.Time { return date("2025-01-01").AddDate(0, 0, i) }
	var vault, flat []price
	rising, constant, early := map[time.Time]float64{}, map[time.Time]float64{}, map[time.Time]float64{day(-9): 1, day(-8): 2}
	for i := range 20 {
		vault = append(vault, price{day(i), ptr(1 + 0.01*float64(i%3))})
		flat = append(flat, price{day(i), ptr(1.0)})
		rising[day(i)], constant[day(i)] = math.Pow(1.01, float64(i))+float64(i*i), 5
	}
	fillSeries(t, db, map[string][]price{"v": vault, "flat": flat})
	addBenchmark(t, db, "rising", "price", nil, false, rising)
	addBenchmark(t, db, "constant", "price", nil, false, constant)
	addBenchmark(t, db, "early", "price", nil, false, early)
	addBenchmark(t, db, "two-days", "price", nil, false, map[time.Time]float64{day(3): 1, day(7): 2})
	addBenchmark(t, db, "three-days", "price", nil, false, map[time.Time]float64{day(3): 1, day(7): 2, day(9): 3})
	addBenchmark(t, db, "short-rate", "annual_rate", 365, true, map[time.Time]float64{day(0): 0.05, day(1): 0.05})
	run(t, db, Options{AsOf: day(19)})
	const query = "select benchmark || ' ' || string_agg(figure || ' ' || reason, ', ' order by figure) from marts.benchmark_reasons where vault_id = '%s' and period = 'itd' and benchmark = '%s' group by benchmark"
	for _, c := range [][3]string{
		{"v", "rising", "rising alpha no_risk_free_rate, down_capture insufficient_data"},
		{"flat", "rising", "rising alpha no_risk_free_rate, correlation zero_dispersion, down_capture insufficient_data"},
		{"v", "constant", "constant alpha zero_dispersion, beta zero_dispersion, correlation zero_dispersion, down_capture insufficient_data, up_capture insufficient_data"},
		{"v", "two-days", "two-days alpha insufficient_data, beta insufficient_data, correlation insufficient_data, down_capture insufficient_data, information_ratio insufficient_data, tracking_error insufficient_data"},
		{"v", "three-days", "three-days alpha no_risk_free_rate, correlation insufficient_data, down_capture insufficient_data"},
	} {
		equalLines(t, lines(t, db, fmt.Sprintf(query, c[0], c[1])), c[2])
	}
	equalLines(t, lines(t, db, "select distinct reason from marts.benchmark_reasons where benchmark = 'early' and vault_id = 'v' and period = 'itd'"), "no_benchmark")
	equalLines(t, lines(t, db, "select distinct reason from marts.benchmark_reasons where benchmark = 'rising' and period = '365d'"), "no_anchor")
	// rates that do not reach over all days give no Sharpe ratio
	equalLines(t, lines(t, db, "select reason from marts.performance_reasons where vault_id = 'v' and period = 'itd' and metric = 'sharpe_ratio'"), "no_risk_free_rate")
	equalLines(t, lines(t, db, "select first_on, last_on, days_count from marts.benchmarks where benchmark = 'rising'"), "2025-01-01|2025-01-20|20")
}

// TestBaconBenchmark: what others compute of Bacon's portfolio and benchmark:
// up and down capture of PerformanceAnalytics 0.9456 and 1.0165, information
// ratio by the month -0.1073 (QuantStats, empyrical, ffn).
func TestBaconBenchmark(t *testing.T) {
	file := func(name string) string { return filepath.Join(oracleDir, "pps", name+".csv") }
	if _, err := os.Stat(file("bacon_benchmark")); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the oracle is not beside this checkout")
	}
	portfolio := readPrices(t, file("bacon_portfolio"))
	db := database(t)
	fillSeries(t, db, map[string][]price{"portfolio": portfolio, "benchmark": readPrices(t, file("bacon_benchmark"))})
	exec(t, db, "insert into raw.benchmark_sources values ('bacon', 1, 'vault', null, 'benchmark', false)")
	run(t, db, Options{AsOf: portfolio[len(portfolio)-1].at, RiskFreeRate: ptr(0.0)})
	years := portfolio[len(portfolio)-1].at.Sub(portfolio[0].at).Seconds() / yearSeconds
	value := func(figure string) *float64 {
		return one[*float64](t, db, "select "+figure+" from marts.benchmark_comparison where vault_id = 'portfolio' and period = 'itd'")
	}
	prints(t, "up capture", figure{value: value("up_capture")}, 0.9456, 4)
	// PerformanceAnalytics takes the month in which the benchmark stood still for one
	// in which it fell
	withFlat := one[float64](t, db, `
		select (product(1 + simple_return) - 1) / (product(1 + benchmark_return) - 1)
		from intermediate.benchmark_returns where benchmark_return <= 1e-12`)
	prints(t, "down capture with the flat month", figure{value: &withFlat}, 1.0165, 4)
	without := one[float64](t, db, `
		select (product(1 + simple_return) - 1) / (product(1 + benchmark_return) - 1)
		from intermediate.benchmark_returns where benchmark_return < 0`)
	if got := value("down_capture"); got == nil || !near(*got, without) {
		t.Errorf("down capture: got %s, want %v", show(got), without)
	}
	prints(t, "information ratio by the month", figure{value: ptr(*value("information_ratio") / math.Sqrt(24/years))}, -0.1073, 4)
}

// TestSOFRIndex: the account at the New York Fed's rates grows as its own
// published index does.
func TestSOFRIndex(t *testing.T) {
	read := func(name string) map[time.Time]float64 {
		f, err := os.Open("../../shared/data/sofr/" + name + ".csv")
		if errors.Is(err, fs.ErrNotExist) {
			t.Skip("the New York Fed's rates are not beside this checkout")
		}
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		out := map[time.Time]float64{}
		for _, row := range rows[1:] {
			if v, err := strconv.ParseFloat(row[1], 64); err == nil {
				out[date(row[0])] = v
			}
		}
		return out
	}
	rates, index := read("SOFR"), read("SOFRINDEX")
	for day := range rates {
		rates[day] /= 100
	}
	db := database(t)
	addBenchmark(t, db, "sofr", "annual_rate", 360, true, rates)
	run(t, db, Options{AsOf: date("2024-12-31")})
	levels := map[time.Time]float64{}
	scan(t, db, func(scan func(...any) error) error {
		var day time.Time
		var level float64
		err := scan(&day, &level)
		levels[day.UTC()] = level
		return err
	}, "select on_date, level from intermediate.benchmark_levels")
	var days []time.Time
	for day := range index {
		if levels[day] > 0 {
			days = append(days, day)
		}
	}
	slices.SortFunc(days, time.Time.Compare)
	first, last := days[0], days[len(days)-1]
	if len(days) < 1240 {
		t.Fatalf("only %d days", len(days))
	}
	for _, day := range days {
		got, want := levels[day]/levels[first], index[day]/index[first]
		if math.Abs(got-want) > 2e-7 {
			t.Errorf("%s: grown to %.8f, the index says %.8f", day.Format(time.DateOnly), got, want)
		}
	}
	t.Logf("%d days to %s: %.8f", len(days), last.Format(time.DateOnly), levels[last]/levels[first])
}
