package archive

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/decode"
	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

var testNow = time.Date(2025, 9, 5, 0, 0, 0, 0, time.UTC)

// A archivedLog is one log as all formats can tell it.
type archivedLog struct {
	block, index int
	address      string
	topics       []string
	data         string
}

// archivedLogs carry 2^256-1 in data and in a topic, empty data, and another
// contract's log.
var archivedLogs = []archivedLog{
	{100, 0, extracttest.LagoonAddress, []string{"0x" + strings.Repeat("ab", 32), "0x" + extracttest.MaxWord, "0x" + extracttest.MaxWord}, "0x" + extracttest.MaxWord + extracttest.MaxWord},
	{100, 5, extracttest.LagoonAddress, []string{"0x" + strings.Repeat("cd", 32)}, "0x"},
	{101, 2, "0x" + strings.Repeat("11", 20), []string{"0x" + extracttest.MaxWord, "0x" + extracttest.MaxWord, "0x" + extracttest.MaxWord, "0x" + extracttest.MaxWord}, "0x" + extracttest.MaxWord + "01"},
}

func (l archivedLog) time() time.Time {
	return time.Date(2023, 5, 2, 12, 0, 0, 0, time.UTC).Add(time.Duration(l.block) * 12 * time.Second)
}

func (l archivedLog) hash(what string) string {
	return fmt.Sprintf("0x%s%064x", "", l.block*1000+len(what))
}

// topic is the i-th, or empty.
func (l archivedLog) topic(i int) string {
	if i < len(l.topics) {
		return l.topics[i]
	}
	return ""
}

// object is a log as a node writes it.
func (l archivedLog) object() map[string]any {
	return map[string]any{
		"address": l.address, "topics": l.topics, "data": l.data, "removed": false,
		"blockNumber": fmt.Sprintf("%#x", l.block), "blockHash": l.hash("block"), "blockTimestamp": fmt.Sprintf("%#x", l.time().Unix()),
		"transactionHash": l.hash("transaction"), "transactionIndex": "0x1", "logIndex": fmt.Sprintf("%#x", l.index),
	}
}

func objects() []any {
	var all []any
	for _, l := range archivedLogs {
		all = append(all, l.object())
	}
	return all
}

// lines writes one JSON object per log.
func lines(t *testing.T, object func(archivedLog) map[string]any) string {
	t.Helper()
	var b strings.Builder
	for _, l := range archivedLogs {
		b.WriteString(extracttest.JSON(t, object(l)) + "\n")
	}
	return b.String()
}

// rows writes CSV with a line per log.
func rows(header string, row func(archivedLog) []string) string {
	b := header + "\n"
	for _, l := range archivedLogs {
		b += strings.Join(row(l), ",") + "\n"
	}
	return b
}

func snake(l archivedLog) map[string]any {
	return map[string]any{
		"log_index": l.index, "transaction_hash": l.hash("transaction"), "transaction_index": 1, "block_hash": l.hash("block"),
		"block_number": l.block, "address": l.address, "data": l.data, "topics": l.topics,
	}
}

func with(object map[string]any, more map[string]any) map[string]any {
	maps.Copy(object, more)
	return object
}

// textFormats are the formats of text, by a name that says what is particular.
func textFormats(t *testing.T) map[string]struct{ format, text string } {
	t.Helper()
	receipt := func(l archivedLog) map[string]any {
		return map[string]any{"transactionHash": l.hash("transaction"), "status": "0x1", "logs": []any{l.object()}}
	}
	answer := func(result any) map[string]any { return map[string]any{"jsonrpc": "2.0", "id": 1, "result": result} }
	pretty, err := json.MarshalIndent(answer(objects()), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	receipts := []any{receipt(archivedLogs[0]), receipt(archivedLogs[1]), receipt(archivedLogs[2])}
	ints := func(l archivedLog) map[string]any {
		return map[string]any{
			"block_number": fmt.Sprint(l.block), "log_index": fmt.Sprint(l.index), "transaction_index": "1",
			"block_timestamp": l.time().Format("2006-01-02 15:04:05") + " UTC", "removed": false,
		}
	}
	etherscan := func(l archivedLog) map[string]any {
		o := with(l.object(), map[string]any{"timeStamp": fmt.Sprintf("%#x", l.time().Unix()), "gasPrice": "0x", "gasUsed": "0x2f228"})
		delete(o, "blockTimestamp")
		delete(o, "removed")
		if l.index == 0 {
			o["logIndex"] = "0x"
		}
		return o
	}
	flat := func(l archivedLog) []string { return []string{l.topic(0), l.topic(1), l.topic(2), l.topic(3)} }
	key := func(l archivedLog) []string {
		return []string{fmt.Sprint(l.index), l.hash("transaction"), "1", l.hash("block"), fmt.Sprint(l.block), l.address, l.data}
	}
	const etl = "log_index,transaction_hash,transaction_index,block_hash,block_number,address,data,"
	return map[string]struct{ format, text string }{
		"ethereum-etl csv":      {"ethereum-etl", rows(etl+"topics", func(l archivedLog) []string { return append(key(l), `"`+strings.Join(l.topics, ",")+`"`) })},
		"ethereum-etl csv crlf": {"ethereum-etl", strings.ReplaceAll(rows(etl+"topics", func(l archivedLog) []string { return append(key(l), `"`+strings.Join(l.topics, ",")+`"`) }), "\n", "\r\n")},
		"ethereum-etl csv with python lists": {"ethereum-etl", rows(etl+"topics", func(l archivedLog) []string {
			return append(key(l), `"['`+strings.Join(l.topics, "', '")+`']"`)
		})},
		"ethereum-etl postgres csv": {"ethereum-etl", rows(etl+"topic0,topic1,topic2,topic3,block_timestamp", func(l archivedLog) []string {
			return append(append(key(l), flat(l)...), l.time().Format(time.RFC3339))
		})},
		"ethereum-etl ndjson": {"ethereum-etl", lines(t, snake)},
		"ethereum-etl stream": {"ethereum-etl", lines(t, func(l archivedLog) map[string]any {
			return with(snake(l), map[string]any{"type": "log", "block_timestamp": l.time().Unix(), "item_id": "log_" + l.data, "item_timestamp": "2023-05-02T12:19:59Z"})
		})},
		"ethereum-etl postgres ndjson": {"ethereum-etl", lines(t, func(l archivedLog) map[string]any {
			o := with(snake(l), map[string]any{"topic0": nil, "topic1": nil, "topic2": nil, "topic3": nil})
			delete(o, "topics")
			for i, topic := range l.topics {
				o[fmt.Sprint("topic", i)] = topic
			}
			return o
		})},
		"bigquery json": {"bigquery", lines(t, func(l archivedLog) map[string]any { return with(snake(l), ints(l)) })},
		"bigquery csv with flat topics": {"bigquery", rows(etl+"topic0,topic1,topic2,topic3,block_timestamp", func(l archivedLog) []string {
			return append(append(key(l), flat(l)...), l.time().Format("2006-01-02 15:04:05")+" UTC")
		})},
		"cryo csv": {"cryo", rows("block_number,transaction_index,log_index,transaction_hash,address,topic0,topic1,topic2,topic3,data,n_data_bytes,chain_id", func(l archivedLog) []string {
			return append(append([]string{fmt.Sprint(l.block), "1", fmt.Sprint(l.index), l.hash("transaction"), l.address}, flat(l)...),
				l.data, fmt.Sprint(len(l.data)/2-1), "1")
		})},
		"cryo json": {"cryo", extracttest.JSON(t, func() (all []any) {
			for _, l := range archivedLogs {
				o := with(snake(l), map[string]any{"topic0": nil, "topic1": nil, "topic2": nil, "topic3": nil, "n_data_bytes": len(l.data)/2 - 1, "chain_id": 1})
				delete(o, "topics")
				for i, topic := range l.topics {
					o[fmt.Sprint("topic", i)] = topic
				}
				all = append(all, o)
			}
			return all
		}())},
		"dune csv": {"dune", rows("block_time,block_number,block_hash,contract_address,topic0,topic1,topic2,topic3,data,tx_hash,index,tx_index", func(l archivedLog) []string {
			return slices.Concat([]string{l.time().Format("2006-01-02 15:04:05.000") + " UTC", fmt.Sprint(l.block), l.hash("block"), l.address},
				flat(l), []string{l.data, l.hash("transaction"), fmt.Sprint(l.index), "1"})
		})},
		"rpc array":                       {"rpc", extracttest.JSON(t, objects())},
		"rpc answer":                      {"rpc", extracttest.JSON(t, answer(objects()))},
		"rpc answer indented":             {"rpc", string(pretty)},
		"rpc batch":                       {"rpc", extracttest.JSON(t, []any{answer(map[string]any{"number": "0x64", "parentHash": "0x00"}), answer(objects()), answer([]any{})})},
		"rpc lines of logs":               {"rpc", lines(t, archivedLog.object)},
		"rpc lines of answers":            {"rpc", lines(t, func(l archivedLog) map[string]any { return answer([]any{l.object()}) })},
		"rpc lines of blocks and answers": {"rpc", extracttest.JSON(t, answer(map[string]any{"number": "0x64", "parentHash": "0x00"})) + "\n" + extracttest.JSON(t, answer(objects()))},
		"rpc receipts":                    {"rpc", extracttest.JSON(t, receipts)},
		"rpc lines of receipts":           {"rpc", lines(t, receipt)},
		"rpc answer of receipts":          {"rpc", extracttest.JSON(t, answer(receipts))},
		"wrapped array":                   {"rpc", extracttest.JSON(t, map[string]any{"chain_id": 1, "logs": objects()})},
		"wrapped answer":                  {"rpc", extracttest.JSON(t, map[string]any{"request": map[string]any{"address": "0x00"}, "response": answer(objects()), "zchain": 0, "chain_id": "1"})},
		"wrapped batch":                   {"rpc", extracttest.JSON(t, map[string]any{"chain_id": 1, "responses": []any{answer(objects())}})},
		"wrapped lines of logs":           {"rpc", lines(t, func(l archivedLog) map[string]any { return map[string]any{"log": l.object(), "chain_id": "0x1"} })},
		"wrapped lines of receipts": {"rpc", lines(t, func(l archivedLog) map[string]any {
			return map[string]any{"chain_id": 1, "source": "x", "receipt": receipt(l)}
		})},
		"etherscan answer": {"rpc", extracttest.JSON(t, map[string]any{"status": "1", "message": "OK", "result": []any{etherscan(archivedLogs[0]), etherscan(archivedLogs[1]), etherscan(archivedLogs[2])}})},
		"etherscan lines":  {"etherscan", lines(t, etherscan)},
	}
}

// parquetFormats are SQL over a table logs whose columns are hex text.
var parquetFormats = map[string]struct{ format, query string }{
	"cryo binary": {"cryo", `select block_number::uinteger as block_number, unhex(block_hash[3:]) as block_hash, 1::uinteger as transaction_index, log_index::uinteger as log_index,
        unhex(transaction_hash[3:]) as transaction_hash, unhex(address[3:]) as address, unhex(topics[1][3:]) as topic0, unhex(topics[2][3:]) as topic1,
        unhex(topics[3][3:]) as topic2, unhex(topics[4][3:]) as topic3, unhex(data[3:]) as data, ((strlen(data) - 2) // 2)::uinteger as n_data_bytes, 1::ubigint as chain_id from logs`},
	"cryo hex": {"cryo", `select block_number::uinteger as block_number, 1::uinteger as transaction_index, log_index::uinteger as log_index, transaction_hash, address,
        topics[1] as topic0, topics[2] as topic1, topics[3] as topic2, topics[4] as topic3, data, ((strlen(data) - 2) // 2)::uinteger as n_data_bytes, 1::ubigint as chain_id from logs`},
	"bigquery crypto_ethereum": {"bigquery", `select log_index, transaction_hash, 1::bigint as transaction_index, address, data, topics, block_timestamp, block_number, block_hash from logs`},
	"bigquery goog_blockchain": {"bigquery", `select block_hash, block_number, block_timestamp, transaction_hash, 1::bigint as transaction_index, log_index, address, data, topics, false as removed from logs`},
	"bigquery repeated struct": {"bigquery", `select log_index, transaction_hash, 1::bigint as transaction_index, address, data,
        {'list': list_transform(topics, lambda x: {'element': x})} as topics, block_timestamp, block_number, block_hash from logs`},
	"aws": {"aws", `select log_index, transaction_hash, 1::bigint as transaction_index, address, data, topics, block_timestamp::timestamp as block_timestamp, block_number, block_hash,
        '2023-05-02' as date, now()::timestamp as last_modified from logs`},
	"hypersync bytes": {"hypersync", `select null::boolean as removed, log_index::ubigint as log_index, 1::ubigint as transaction_index, unhex(transaction_hash[3:]) as transaction_hash,
        unhex(block_hash[3:]) as block_hash, block_number::ubigint as block_number, unhex(address[3:]) as address, unhex(data[3:]) as data,
        unhex(topics[1][3:]) as topic0, unhex(topics[2][3:]) as topic1, unhex(topics[3][3:]) as topic2, unhex(topics[4][3:]) as topic3 from logs`},
	"hypersync 0x text": {"hypersync", `select false as removed, log_index::ubigint as log_index, transaction_hash, block_number::ubigint as block_number, address, data,
        topics[1] as topic0, topics[2] as topic1, topics[3] as topic2, topics[4] as topic3 from logs`},
	"hypersync plain text": {"hypersync", `select log_index::ubigint as log_index, transaction_hash[3:] as transaction_hash, block_number::ubigint as block_number, address[3:] as address, data[3:] as data,
        topics[1][3:] as topic0, topics[2][3:] as topic1, topics[3][3:] as topic2, topics[4][3:] as topic3 from logs`},
	"dune": {"dune", `select block_timestamp as block_time, block_number, unhex(block_hash[3:]) as block_hash, unhex(address[3:]) as contract_address, unhex(topics[1][3:]) as topic0,
        unhex(topics[2][3:]) as topic1, unhex(topics[3][3:]) as topic2, unhex(topics[4][3:]) as topic3, unhex(data[3:]) as data, unhex(transaction_hash[3:]) as tx_hash, log_index as index, 1 as tx_index from logs`},
}

func TestRunReadsEveryTextFormatExactly(t *testing.T) {
	for name, test := range textFormats(t) {
		for _, gzipped := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s gzipped %t", name, gzipped), func(t *testing.T) {
				text := []byte(test.text)
				if gzipped {
					text = zip(t, text)
				}
				dir := t.TempDir()
				extracttest.WriteFile(t, filepath.Join(dir, "file"), text)
				importAndCompare(t, dir, test.format)
			})
		}
	}
}

func TestRunReadsEveryParquetFormatExactly(t *testing.T) {
	for name, test := range parquetFormats {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			copyParquet(t, filepath.Join(dir, "file"), test.query)
			importAndCompare(t, dir, test.format)
		})
	}
}

// importAndCompare imports the one file and holds raw.logs against archivedLogs.
func importAndCompare(t *testing.T, dir, format string) {
	t.Helper()
	db := sqltest.Open(t)
	opt := testOptions(dir, "file")
	files := mustImport(t, db, opt)
	if f := files[0]; f.Kind != "logs" || f.Format != format || f.State != "new" || f.Read != 3 || f.Kept != 2 || f.New != 2 || f.Filtered != 1 || f.SetAside != 0 {
		t.Errorf("file is %+v, want format %s, 3 read, 2 kept and new, 1 filtered", f, format)
	}
	want := ""
	for _, l := range archivedLogs[:2] {
		want += fmt.Sprintf("1|%d|%d|%s|%s|%s\n", l.block, l.index, l.address, strings.Join(l.topics, ","), l.data)
	}
	got := sqltest.Query(t, db, `
select chain_id || '|' || block_number || '|' || log_index || '|0x' || lower(hex(address)) || '|'
    || array_to_string(list_transform(list_filter([topic0, topic1, topic2, topic3], lambda x: x is not null), lambda x: '0x' || lower(hex(x))), ',')
    || '|0x' || lower(hex(data)) from raw.logs order by block_number, log_index`)
	if got != want {
		t.Errorf("raw.logs is\n%s\nwant\n%s", got, want)
	}
	wrong := sqltest.Query(t, db, fmt.Sprintf(`
select 'block ' || block_number || ' ' || coalesce(block_timestamp::varchar, '') from raw.logs
where block_timestamp is not null and epoch(block_timestamp) <> %d
    or lower(hex(transaction_hash)) <> '%s' or block_hash is not null and lower(hex(block_hash)) <> '%s' or transaction_index <> 1`,
		archivedLogs[0].time().Unix(), archivedLogs[0].hash("transaction")[2:], archivedLogs[0].hash("block")[2:]))
	if wrong != "" {
		t.Errorf("time, hash or index is wrong in %s", wrong)
	}
	for _, f := range mustImport(t, db, opt) {
		if f.State != "unchanged" || f.New != 0 || f.Read != 3 || f.Kept != 2 {
			t.Errorf("the second run has %+v, want an unchanged file with its counts and nothing new", f)
		}
	}
}

func TestFormatsAreAllTested(t *testing.T) {
	tested := []string{"auto", "readings"}
	for _, f := range textFormats(t) {
		tested = append(tested, f.format)
	}
	for _, f := range parquetFormats {
		tested = append(tested, f.format)
	}
	for _, format := range Formats {
		if !slices.Contains(tested, format) {
			t.Errorf("no test reads format %s", format)
		}
	}
}

func TestFormatCanBeForced(t *testing.T) {
	dir := t.TempDir()
	extracttest.WriteFile(t, filepath.Join(dir, "file"), []byte(textFormats(t)["ethereum-etl ndjson"].text))
	db := sqltest.Open(t)
	opt := testOptions(dir, "file")
	opt.Archives[0].Format = "ethereum-etl"
	mustImport(t, db, opt)
	tests := []struct{ format, want string }{
		{"cryo", "file: want a column topic0, as in format cryo, got columns address, block_hash"},
		{"rpc", "file: want a column blockNumber, as in format rpc"},
		{"bigquery", "file: want a column block_timestamp, as in format bigquery"},
		{"excel", "file: want a format among auto, cryo"},
	}
	for _, test := range tests {
		t.Run(test.format, func(t *testing.T) {
			opt.Archives[0].Format = test.format
			refused(t, sqltest.Open(t), opt, test.want)
		})
	}
}

// helpers

func testOptions(dir, path string) Options {
	return Options{
		Vaults:   []vault.Vault{{ID: "v", Name: "V", ChainID: 1, Address: extracttest.LagoonAddress, Family: "observed", AssetDecimals: 6, ShareDecimals: 18}},
		Archives: []Archive{{Dir: dir, Path: path, Format: "auto", ChainID: 1}},
		Now:      testNow,
	}
}

// tryImport imports and decodes in one transaction, as a run does.
func tryImport(ctx context.Context, db *sql.DB, opt Options) (files []input.File, err error) {
	err = store.InTransaction(ctx, db, func(conn *sql.Conn) error {
		if err := vault.Write(ctx, conn, opt.Vaults); err != nil {
			return err
		}
		if files, err = Import(ctx, conn, opt); err != nil {
			return err
		}
		return decode.Logs(ctx, conn, opt.Vaults)
	})
	if err != nil {
		return nil, err
	}
	return files, nil
}

func mustImport(t testing.TB, db *sql.DB, opt Options) []input.File {
	t.Helper()
	files, err := tryImport(t.Context(), db, opt)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func zip(t *testing.T, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// copyParquet writes what the query makes of archivedLogs.
func copyParquet(t *testing.T, path, query string) {
	t.Helper()
	db, err := models.Open(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	exec := func(q string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), q, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`create temp table logs (block_number bigint, log_index bigint, block_hash varchar, block_timestamp timestamptz, transaction_hash varchar, address varchar, topics varchar[], data varchar)`)
	for _, l := range archivedLogs {
		exec("insert into logs values (?, ?, ?, ?, ?, ?, string_split(?, ','), ?)",
			l.block, l.index, l.hash("block"), l.time(), l.hash("transaction"), l.address, strings.Join(l.topics, ","), l.data)
	}
	exec("copy (" + query + ") to " + quote(path) + " (format parquet)")
}
