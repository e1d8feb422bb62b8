package archive

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

func TestReadingsParquetTypes(t *testing.T) {
	const at = "alusd|2025-09-04T10:00:00.000000|NULL|"
	tests := []struct {
		name, query, want string
	}{
		{"timestamp without zone", "select timestamp '2025-09-04 10:00:00' as observed_at, 1.5 as share_price", "1|" + at + "1.5|NULL|NULL|NULL|false"},
		{"timestamp with zone", "select timestamptz '2025-09-04 12:00:00+02' as observed_at, 1.5 as share_price", "1|" + at + "1.5|NULL|NULL|NULL|false"},
		{"timestamp in nanoseconds", "select timestamp_ns '2025-09-04 10:00:00.000000999' as observed_at, 1.5 as share_price", "1|" + at + "1.5|NULL|NULL|NULL|false"},
		{"date", "select date '2025-09-04' as observed_at, 1.5 as share_price", "1|alusd|2025-09-04T00:00:00.000000|NULL|1.5|NULL|NULL|NULL|false"},
		{"unix seconds as double", "select 1756980000::double as observed_at, 1.5 as share_price", "1|" + at + "1.5|NULL|NULL|NULL|false"},
		{"double keeps its digits", "select 1756980000 as observed_at, 1.0190940944043572::double as share_price", "1|" + at + "1.0190940944043572|NULL|NULL|NULL|false"},
		{"float keeps its digits", "select 1756980000 as observed_at, 1.0190941::float as share_price", "1|" + at + "1.0190941|NULL|NULL|NULL|false"},
		{"decimal", "select 1756980000 as observed_at, 1.019094094404357200::decimal(38, 18) as share_price", "1|" + at + "1.0190940944043572|NULL|NULL|NULL|false"},
		{"decimal of 38 digits", "select 1756980000 as observed_at, 99999999999999999999999999999999999999::decimal(38, 0) as total_assets, 1.5 as share_price", "1|" + at + "1.5|NULL|99999999999999999999999999999999999999|NULL|false"},
		{"ubigint", "select 1756980000 as observed_at, 18446744073709551615::ubigint as share_price_raw, 23000000::uinteger as block_number", "1|alusd|2025-09-04T10:00:00.000000|23000000|NULL|18446744073709551615|NULL|NULL|false"},
		// DuckDB writes a HUGEINT to Parquet as a double: the digits left of 2^127-1.
		{"hugeint", "select 1756980000 as observed_at, 170141183460469231731687303715884105727::hugeint as total_assets, 1.5 as share_price", "1|" + at + "1.5|NULL|170141183460469230000000000000000000000|NULL|true"},
		{"hugeint as text", "select 1756980000 as observed_at, 170141183460469231731687303715884105727::hugeint::varchar as total_assets, 1.5 as share_price", "1|" + at + "1.5|NULL|170141183460469231731687303715884105727|NULL|false"},
		{"text stored as bytes", "select 1756980000 as observed_at, '170141183460469231731687303715884105727'::blob as total_assets, 1.5 as share_price", "1|" + at + "1.5|NULL|170141183460469231731687303715884105727|NULL|false"},
		{"null", "select 1756980000 as observed_at, null::double as share_price, 5 as total_assets", "1|" + at + "NULL|NULL|NULL|NULL|false"},
	}
	conn := sqltest.OpenConn(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sqltest.Exec(t, conn, "delete from raw.readings")
			in := readingsFile(t, "f.parquet", parquetFile(t, conn, test.query), Archive{Vault: "alusd"})
			if _, err := importInto(t.Context(), t, conn, in); err != nil {
				t.Fatal(err)
			}
			sqltest.EqualLines(t, sqltest.Lines(t, conn, readingsQuery), test.want)
		})
	}
}

func TestReadingsParquetRefused(t *testing.T) {
	const good = "select 1756980000 as observed_at, 1.5::double as share_price"
	tests := []struct {
		name, query, want string
	}{
		{"nan", good + " union all select 1756980000, 'nan'::double", `f.parquet:2: want share_price as a finite number not below 0, got "nan"`},
		{"infinity", "select 1756980000 as observed_at, 'infinity'::double as share_price", `f.parquet:1: want share_price as a finite number not below 0, got "inf"`},
		{"negative", "select 1756980000 as observed_at, -1.5 as share_price", `f.parquet:1: want share_price as a finite number not below 0, got "-1.5"`},
		{"fraction in an integer", "select 1756980000 as observed_at, 1.5::double as share_price_raw", `f.parquet:1: want share_price_raw as a whole number from 0 to 2^256-1, got "1.5"`},
		{"infinite time", "select timestamp 'infinity' as observed_at, 1 as share_price", `f.parquet:1: want observed_at as a time (RFC 3339, 2025-09-04 10:00:00 or Unix seconds), got "infinity"`},
		{"no time", "select null::timestamp as observed_at, 1 as share_price", `f.parquet:1: want observed_at as a time (RFC 3339, 2025-09-04 10:00:00 or Unix seconds), got ""`},
		{"list for a price", "select 1756980000 as observed_at, [1.5] as share_price", `f.parquet:1: want share_price as a finite number not below 0, got "[1.5]"`},
		{"no price", "select 1756980000 as observed_at, 1 as pps", "f.parquet: want a column share_price or share_price_raw, or both total_assets and total_supply, got columns observed_at, pps"},
	}
	conn := sqltest.OpenConn(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := readingsFile(t, "f.parquet", parquetFile(t, conn, test.query), Archive{Vault: "alusd"})
			_, err := importInto(t.Context(), t, conn, in)
			var refused *input.Error
			if !errors.As(err, &refused) || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			sqltest.EqualLines(t, sqltest.Lines(t, conn, "select count(*) from raw.readings"), "0")
		})
	}
}

// TestReadingsParquetBroken breaks a file at every kind of place.
func TestReadingsParquetBroken(t *testing.T) {
	conn := sqltest.OpenConn(t)
	whole := parquetFile(t, conn, "select 1756980000 + i as observed_at, random() as share_price from range(20_000) as r (i)")
	early := "f.parquet: want a whole Parquet file, got one that ends early"
	for name, content := range map[string]string{
		"half": string(whole[:len(whole)/2]), "without its last byte": string(whole[:len(whole)-1]),
		"footer length": flip(whole, len(whole)-6), "nothing but magic": "PAR1", "magic twice": "PAR1PAR1",
	} {
		t.Run(name, func(t *testing.T) {
			in := readingsFile(t, "f.parquet", []byte(content), Archive{Vault: "alusd"})
			_, err := importInto(t.Context(), t, conn, in)
			var refused *input.Error
			if !errors.As(err, &refused) || refused.File != "f.parquet" || strings.Contains(err.Error(), in.file) {
				t.Fatalf("got %v", err)
			}
			if (name == "half" || strings.HasPrefix(name, "without")) && err.Error() != early {
				t.Errorf("got  %v\nwant %s", err, early)
			}
			sqltest.EqualLines(t, sqltest.Lines(t, conn, "select count(*) from raw.readings"), "0")
		})
	}
}

// TestReadingsParquetPaths opens files whose names mean something to SQL or to
// DuckDB's patterns.
func TestReadingsParquetPaths(t *testing.T) {
	conn := sqltest.OpenConn(t)
	content := parquetFile(t, conn, "select 1756980000 as observed_at, 1.5 as share_price")
	for _, name := range []string{"a'b;--.parquet", "a[1].parquet", "a*b?.parquet", `"quoted".parquet`, "vault=alusd/share_price=9/x.parquet", "no suffix", "{a,b}.parquet"} {
		t.Run(name, func(t *testing.T) {
			sqltest.Exec(t, conn, "delete from raw.readings")
			in := readingsFile(t, "f", content, Archive{Vault: "alusd"})
			in.file = filepath.Join(filepath.Dir(in.file), name)
			if err := os.MkdirAll(filepath.Dir(in.file), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(in.file, content, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := importInto(t.Context(), t, conn, in); err != nil {
				t.Fatal(err)
			}
			sqltest.EqualLines(t, sqltest.Lines(t, conn, "select share_price from raw.readings"), "1.5")
		})
	}
}

// TestReadingsParquetOrder: lines are row numbers over pages and row groups.
func TestReadingsParquetOrder(t *testing.T) {
	conn := sqltest.OpenConn(t)
	rows := 2*store.PageRows + 17
	path := filepath.Join(t.TempDir(), "many.parquet")
	sqltest.Exec(t, conn, "copy (select i + 1_500_000_001 as observed_at, i + 1 as share_price_raw from range(?) as r (i)) to '"+path+"' (format parquet, row_group_size 2048)", rows)
	in := fileInput{path: "many", file: path, archive: Archive{Vault: "alusd"}, vaults: readingVaults, now: readingsNow}
	got, err := importInto(t.Context(), t, conn, in)
	if err != nil || got.read != int64(rows) || got.kept != int64(rows) {
		t.Fatal(got, err)
	}
	sqltest.EqualLines(t, sqltest.Lines(t, conn, "select count(*) = ? from raw.readings where line::varchar = share_price_raw::varchar and epoch(observed_at) = 1_500_000_000 + line", rows), "true")
}

// TestReadingsYearn imports 100,971 rows whose integers the source wrote as
// floats (1e+18), first for all vaults, then for one.
func TestReadingsYearn(t *testing.T) {
	file := "../../../shared/data/yearn-ydaemon/yearn_pps_history_2023-11_2025-09.parquet"
	if _, err := os.Stat(file); err != nil {
		t.Skip("needs ../shared/data/yearn-ydaemon beside the repository")
	}
	conn := sqltest.OpenConn(t)
	in := fileInput{path: "yearn.parquet", file: file, now: readingsNow, archive: Archive{Columns: map[string]string{
		"observed_at": "observed_at_utc", "share_price_raw": "pps_raw", "total_assets": "total_assets_raw",
	}}}
	for _, line := range sqltest.Lines(t, conn, "select distinct chain_id, lower(vault) from read_parquet(?) order by all", file) {
		chain, address, _ := strings.Cut(line, "|")
		id, _ := parseInt64(chain)
		in.vaults = append(in.vaults, vault.Vault{ID: line, ChainID: uint64(id), Address: address})
	}
	start := time.Now()
	got, err := importInto(t.Context(), t, conn, in)
	if err != nil || got.read != 100_971 || got.kept != 100_971 || len(got.aside) != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	t.Logf("%d vaults, %d rows in %s", len(in.vaults), got.read, time.Since(start))
	sqltest.EqualLines(t, sqltest.Lines(t, conn, `
select count(*), count(*) filter (
    readings.share_price_raw::varchar::double = yearn.pps_raw::double
    and readings.total_assets::varchar::double = yearn.total_assets_raw::double
    and readings.vault_id = yearn.chain_id::varchar || '|' || lower(yearn.vault)
)
from raw.readings
inner join read_parquet(?, file_row_number = true) as yearn on readings.line = yearn.file_row_number + 1`, file), "100971|100971")

	sqltest.Exec(t, conn, "delete from raw.readings")
	in.vaults = in.vaults[:1]
	got, err = importInto(t.Context(), t, conn, in)
	if err != nil || got.read != 100_971 || got.kept+got.aside[vaultNotConfigured].rows != got.read || got.kept == 0 {
		t.Fatalf("%+v, %v", got, err)
	}
}
