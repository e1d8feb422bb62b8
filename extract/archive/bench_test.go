package archive

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
)

const benchRows = 300_000

// benchLogs makes 300,000 logs like those of a busy chain in every shape that
// has a speed to reach: 20 contracts, 25 logs a block, a third with long data.
func benchLogs(b *testing.B, dir string) {
	b.Helper()
	db, err := models.Open(b.Context(), "")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	const logs = `
create temp table logs as
select
    1::ubigint as chain_id,
    (20000000 + i // 25)::uinteger as block_number,
    (i % 25)::uinteger as log_index,
    '0x' || sha256('block' || (i // 25)) as block_hash,
    1700000000 + (i // 25) * 12 as block_timestamp,
    '0x' || sha256('transaction' || (i // 3)) as transaction_hash,
    ((i % 25) // 3)::uinteger as transaction_index,
    '0x' || left(sha256('contract' || (hash(i) % 20)), 40) as address,
    '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef' as topic0,
    '0x000000000000000000000000' || left(sha256('from' || (hash(i) % 5000)), 40) as topic1,
    case when i % 7 > 0 then '0x000000000000000000000000' || left(sha256('to' || (hash(i) % 7000)), 40) end as topic2,
    null::varchar as topic3,
    '0x' || repeat('0', 44) || left(sha256('amount' || i), 20)
        || case when i % 3 = 0 then sha256('more' || i) || sha256('and more' || i) else '' end as data,
    ((strlen(data) - 2) // 2)::uinteger as n_data_bytes
from range(` + "300000" + `) as rows(i)`
	const bytes = `select block_number, log_index, transaction_index, n_data_bytes, chain_id,
    unhex(substr(transaction_hash, 3)) as transaction_hash, unhex(substr(address, 3)) as address,
    unhex(substr(topic0, 3)) as topic0, unhex(substr(topic1, 3)) as topic1, unhex(substr(topic2, 3)) as topic2,
    unhex(substr(topic3, 3)) as topic3, unhex(substr(data, 3)) as data from logs`
	const topics = `list_filter([topic0, topic1, topic2, topic3], lambda x: x is not null)`
	for _, q := range []string{
		logs,
		"copy (" + bytes + ") to '" + dir + "/binary.parquet' (compression lz4)",
		"copy (select * exclude (block_timestamp, block_hash) from logs) to '" + dir + "/hex.parquet' (compression lz4)",
		"copy (select log_index, transaction_hash, transaction_index, block_hash, block_number, address, data, array_to_string(" + topics + ", ',') as topics from logs) to '" + dir + "/logs.csv'",
		"copy (select 'log' as type, log_index, transaction_hash, transaction_index, address, data, " + topics + " as topics, block_number, block_timestamp, block_hash from logs) to '" + dir + "/etl.ndjson' (format json)",
		`copy (select address, ` + topics + ` as topics, data, '0x' || lower(hex(block_number::bigint)) as "blockNumber", transaction_hash as "transactionHash",
            '0x' || lower(hex(transaction_index::bigint)) as "transactionIndex", block_hash as "blockHash", '0x' || lower(hex(block_timestamp::bigint)) as "blockTimestamp",
            '0x' || lower(hex(log_index::bigint)) as "logIndex", false as removed from logs) to '` + dir + "/rpc.ndjson' (format json)",
		`copy (select address, ` + topics + ` as topics, data, '0x' || lower(hex(block_number::bigint)) as "blockNumber", transaction_hash as "transactionHash",
            '0x' || lower(hex(transaction_index::bigint)) as "transactionIndex", block_hash as "blockHash", '0x' || lower(hex(block_timestamp::bigint)) as "blockTimestamp",
            '0x' || lower(hex(log_index::bigint)) as "logIndex", false as removed from logs) to '` + dir + "/rpc.json' (format json, array true)",
	} {
		if _, err := db.ExecContext(b.Context(), q); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkImport measures the import into a database on disk. Of the rows
// 5 % or all belong to configured vaults; known is the same file once more.
// Decoding is not part of it.
func BenchmarkImport(b *testing.B) {
	dir := b.TempDir()
	benchLogs(b, dir)
	for _, name := range []string{"binary.parquet", "hex.parquet", "logs.csv", "etl.ndjson", "rpc.ndjson", "rpc.json"} {
		for _, vaults := range []int{1, 20} {
			for _, known := range []bool{false, true} {
				title := fmt.Sprintf("file=%s/kept=%d/known=%t", strings.ReplaceAll(name, ".", "_"), vaults*5, known)
				b.Run(title, func(b *testing.B) { benchImport(b, dir, name, vaults, known) })
			}
		}
	}
}

func benchImport(b *testing.B, dir, name string, vaults int, known bool) {
	var all []vault.Vault
	for i, address := range benchContracts(b)[:vaults] {
		all = append(all, vault.Vault{ID: fmt.Sprint("v", i), ChainID: 1, Address: address, Family: "observed"})
	}
	benchVaults(b, dir, name, all, known)
}

func benchVaults(b *testing.B, dir, name string, vaults []vault.Vault, known bool) {
	b.Helper()
	opt := Options{
		Vaults:   vaults,
		Archives: []Archive{{Dir: dir, Path: name, ChainID: 1}},
		Now:      time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	var total time.Duration
	for b.Loop() {
		db, err := models.Open(b.Context(), filepath.Join(b.TempDir(), "bench.duckdb"))
		if err != nil {
			b.Fatal(err)
		}
		var files []input.File
		work := func(conn *sql.Conn) error {
			if err := vault.Write(b.Context(), conn, opt.Vaults); err != nil {
				return err
			}
			files, err = Import(b.Context(), conn, opt)
			return err
		}
		if known {
			if err := store.InTransaction(b.Context(), db, work); err != nil {
				b.Fatal(err)
			}
		}
		start := time.Now()
		err = store.InTransaction(b.Context(), db, work)
		total += time.Since(start)
		if err != nil || files[0].Read != benchRows || known && files[0].New != 0 {
			b.Fatal(files, err)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(benchRows)*float64(b.N)/total.Seconds(), "rows/s")
	b.ReportMetric(0, "ns/op")
}

func benchContracts(b *testing.B) []string {
	b.Helper()
	db, err := models.Open(b.Context(), "")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(b.Context(), "select '0x' || left(sha256('contract' || i), 40) from range(20) as rows(i)")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var contracts []string
	for rows.Next() {
		var contract string
		if err := rows.Scan(&contract); err != nil {
			b.Fatal(err)
		}
		contracts = append(contracts, contract)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return contracts
}
