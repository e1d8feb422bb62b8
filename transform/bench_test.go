package transform

import (
	"database/sql"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	models "github.com/vaultperf/vaultperf/sql"
)

// BenchmarkRun builds all models and runs all checks on 1,000 vaults with
// three years of daily prices each, from a database file. Target: 2 s.
func BenchmarkRun(b *testing.B) {
	db, err := models.Open(b.Context(), filepath.Join(b.TempDir(), "bench.duckdb"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	fillReadings(b, db, 1000)
	rate := 0.043
	opt := Options{AsOf: time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC), RiskFreeRate: &rate}
	if testing.Verbose() {
		last, lastCPU := b.Elapsed(), cpuSeconds(b)
		opt.Progress = func(step string) {
			now, nowCPU := b.Elapsed(), cpuSeconds(b)
			if (now - last).Seconds() > 0.01 {
				b.Logf("%-50s %6.3f s, %6.3f s of processor time", step, (now - last).Seconds(), nowCPU-lastCPU)
			}
			last, lastCPU = now, nowCPU
		}
	}
	before := cpuSeconds(b)
	for b.Loop() {
		if err := Run(b.Context(), db, opt); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((cpuSeconds(b)-before)/float64(b.N), "cpu-s/op")
}

// cpuSeconds is the processor time this process has used; beside other work on
// the machine it says more than the clock.
func cpuSeconds(b *testing.B) float64 {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
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
