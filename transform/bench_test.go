package transform

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform/model"
)

var benchOptions = Options{AsOf: time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC), RiskFreeRate: ptr(0.043)}

// benchDatabase is a database file with so many vaults.
func benchDatabase(b *testing.B, vaults int) *sql.DB {
	b.Helper()
	db, err := models.Open(b.Context(), filepath.Join(b.TempDir(), "bench.duckdb"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	addFamilies(b, db)
	fillReadings(b, db, vaults)
	return db
}

// logSteps prints what each step took, each metric among them, in a verbose
// benchmark.
func logSteps(b *testing.B) func(step string) {
	b.Helper()
	if !testing.Verbose() {
		return func(string) {}
	}
	last, lastCPU := b.Elapsed(), cpuSeconds(b)
	return func(step string) {
		now, nowCPU := b.Elapsed(), cpuSeconds(b)
		if (now - last).Seconds() > 0.01 {
			b.Logf("%-50s %6.3f s, %6.3f s of processor time", step, (now - last).Seconds(), nowCPU-lastCPU)
		}
		last, lastCPU = now, nowCPU
	}
}

// BenchmarkRun builds all models, every metric of every period among them, and
// runs all checks on 1,000 vaults with three years of daily prices each, from a
// database file. Target: 4 s on two processors.
func BenchmarkRun(b *testing.B) { benchmarkRun(b, 1000) }

// BenchmarkRunBacked does so with total assets and with what stands behind each price: the
// state of 500 markets on each day, and what each vault has in none, one or five of them.
func BenchmarkRunBacked(b *testing.B) {
	for _, markets := range []int{0, 1, 5} {
		b.Run(fmt.Sprintf("%d markets each", markets), func(b *testing.B) {
			db := benchDatabase(b, 1000)
			fillBacking(b, db, markets)
			benchmarkRunOn(b, db)
		})
	}
}

// BenchmarkRunTenThousand does as BenchmarkRun for 10,000 vaults. Targets: ten times as long,
// 4 GiB of memory.
func BenchmarkRunTenThousand(b *testing.B) {
	if testing.Short() {
		b.Skip("takes minutes")
	}
	benchmarkRun(b, 10_000)
}

func benchmarkRun(b *testing.B, vaults int) {
	b.Helper()
	benchmarkRunOn(b, benchDatabase(b, vaults))
}

func benchmarkRunOn(b *testing.B, db *sql.DB) {
	b.Helper()
	opt := benchOptions
	opt.Progress = logSteps(b)
	before := cpuSeconds(b)
	for b.Loop() {
		if err := Run(b.Context(), db, opt); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((cpuSeconds(b)-before)/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(resourceUsage(b).Maxrss)/1024, "peak-MiB")
}

// BenchmarkEachMetric reads the values of one metric after another, of every vault and
// period, so that a slow one is seen.
func BenchmarkEachMetric(b *testing.B) {
	db := benchDatabase(b, 1000)
	if err := Run(b.Context(), db, benchOptions); err != nil {
		b.Fatal(err)
	}
	list, err := model.All()
	if err != nil {
		b.Fatal(err)
	}
	metrics, err := model.Metrics(list)
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range metrics {
		b.Run(m.Name, func(b *testing.B) {
			for b.Loop() {
				if rows := one[int64](b, db, "select count(*) + 0 * count(value) from "+m.String()); rows != 10_000 {
					b.Fatalf("%d rows", rows)
				}
			}
		})
	}
}

// BenchmarkSinceInception builds every metric of the period since inception
// alone, from the marks on. Target: 1.5 s.
func BenchmarkSinceInception(b *testing.B) {
	db := benchDatabase(b, 1000)
	if err := Run(b.Context(), db, benchOptions); err != nil {
		b.Fatal(err)
	}
	list, err := model.All()
	if err != nil {
		b.Fatal(err)
	}
	list = neededFor(list, "metrics.figures", "intermediate.periods", "intermediate.drawdown_episodes")
	progress := logSteps(b)
	figures := shownFigures(b, db)
	before := cpuSeconds(b)
	for b.Loop() {
		tx, err := figures.BeginTx(b.Context(), nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := tx.ExecContext(b.Context(), "delete from intermediate.periods where period != 'itd'"); err != nil {
			b.Fatal(err)
		}
		for _, m := range slices.Backward(list) {
			drop(b, tx, m)
		}
		for _, m := range list {
			if _, err := create(b.Context(), tx, m); err != nil {
				b.Fatal(err)
			}
			progress("build " + m.String())
		}
		if err := tx.Rollback(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((cpuSeconds(b)-before)/float64(b.N), "cpu-s/op")
}

// neededFor are the models that name reads, it included, that are also or read
// from; in their order, without the first of from.
func neededFor(list []model.Model, name string, from ...string) []model.Model {
	above := map[string]bool{} // from and what is made of it
	for _, f := range from {
		above[f] = true
	}
	below := map[string]bool{name: true} // name and what it is made of
	for _, m := range list {
		above[m.String()] = above[m.String()] || slices.ContainsFunc(m.Reads, func(r string) bool { return above[r] })
	}
	for _, m := range slices.Backward(list) {
		for _, r := range m.Reads {
			below[r] = below[r] || below[m.String()]
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(m model.Model) bool {
		return m.String() == from[0] || !above[m.String()] || !below[m.String()]
	})
}

func drop(b *testing.B, tx *sql.Tx, m model.Model) {
	b.Helper()
	kind := "view "
	if m.IsTable() {
		kind = "table "
	}
	if _, err := tx.ExecContext(b.Context(), "drop "+kind+m.String()+" cascade"); err != nil {
		b.Fatal(err)
	}
}

func resourceUsage(b *testing.B) syscall.Rusage {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return usage
}

// cpuSeconds is the processor time this process has used; beside other work on
// the machine it says more than the clock.
func cpuSeconds(b *testing.B) float64 {
	b.Helper()
	usage := resourceUsage(b)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

// fillReadings gives an empty database so many vaults with three years of daily
// readings up to the end of 2024, each wandering in its own way.
func fillReadings(t testing.TB, db *sql.DB, vaults int) {
	t.Helper()
	exec(t, db, `
		insert into raw.vaults
		select format('vault-{}', i), i + 1, 1, format('0x{:040x}', i), 'v', 'observed', 'USD', 6, 18, null
		from range(?) as vaults(i)`, vaults)
	exec(t, db, "insert into raw.contracts select vault_id, chain_id, address, 'vault', family, name, false, '', '' from raw.vaults")
	exec(t, db, `insert into raw.files values (1, 'prices.csv', 'readings', 'csv', '', 0, '', 'new', '', 0, 0, 0, 0)`)
	exec(t, db, `
		insert into raw.readings
		select 1, row_number() over (), format('vault-{}', i), timestamptz '2022-01-01 12:00:00+00' + to_days(d::int),
			null, exp(0.0001 * d + 0.01 * sin(i + d / 9.0) + 0.001 * sin(i * d)), null, null, null, false
		from range(?) as vaults(i), range(1096) as days(d)
		order by d, i`, vaults)
}

// fillBacking gives each vault of fillReadings total assets of 1,000,000 and, on each day,
// as much in each of so many of 500 markets. A tenth of these is lent out in full.
func fillBacking(t testing.TB, db *sql.DB, markets int) {
	t.Helper()
	exec(t, db, "update raw.readings set total_assets = 1000000000000")
	if markets == 0 {
		return
	}
	exec(t, db, `
		insert into raw.files values
			(2, 'markets.csv', 'markets', 'csv', '', 0, '', 'new', '', 0, 0, 0, 0),
			(3, 'allocations.csv', 'allocations', 'csv', '', 0, '', 'new', '', 0, 0, 0, 0)`)
	exec(t, db, `
		insert into raw.markets
		select 2, row_number() over (), 1, format('0x{:064x}', m), timestamptz '2022-01-01 00:00:00+00' + to_days(d::int),
			'usd', 1e8, if(m % 10 = 0, 1e8, 8e7), if(m % 10 = 0, 0, 2e7), null, null, null, null
		from range(500) as markets(m), range(1096) as days(d)
		order by d, m`)
	exec(t, db, `
		insert into raw.allocations
		select 3, row_number() over (), vault_id, market, observed_at, (1000000000000 / ?)::bigint, null, false
		from range(?) as places(place)
		cross join (select vault_id, row_number() over (order by vault_id) as vault_number from raw.vaults) as vaults
		inner join (
			select market, observed_at, row_number() over (partition by observed_at order by market) - 1 as market_number
			from raw.markets
		) as markets on market_number = (vault_number * 7 + place * 101) % 500
		order by observed_at, vault_number, place`, markets, markets)
}
