package archive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// secondBad is lines of logs as a node writes them, a blank line among them, of
// which the second log has another value.
func secondBad(t *testing.T, key string, value any) string {
	t.Helper()
	o := archivedLogs[1].object()
	o[key] = value
	return extracttest.JSON(t, archivedLogs[0].object()) + "\n\n" + extracttest.JSON(t, o) + "\n" + extracttest.JSON(t, archivedLogs[2].object()) + "\n"
}

func TestRunRefusesMalformedLogs(t *testing.T) {
	word := strings.Repeat("ab", 32)
	tests := []struct {
		name  string
		key   string
		value any
		want  string
	}{
		{"odd hex", "data", "0xabc", "file:3: want data as 0xhex digits, an even number, got 0xabc"},
		{"no hex digits", "data", "0xzz", "file:3: want data as 0xhex digits, an even number, got 0xzz"},
		{"data without 0x", "data", "ab", "file:3: want data as 0xhex digits, an even number, got ab"},
		{"no data", "data", nil, "file:3: want data as 0xhex digits, an even number, got nothing"},
		{"terminal codes", "data", "\x1b[31m", `file:3: want data as 0xhex digits, an even number, got \x1b[31m`},
		{"short address", "address", "0x1234", "file:3: want an address, 0x40 hex digits, got 0x1234"},
		{"no address", "address", nil, "file:3: want an address, 0x40 hex digits, got nothing"},
		{"short topic", "topics", []string{"0x" + word, "0x" + word[2:]}, "file:3: want up to four topics, each 0x64 hex digits, got "},
		{"topic that is no hex", "topics", []string{"0x" + word[2:] + "zz"}, "file:3: want up to four topics, each 0x64 hex digits, got "},
		{"five topics", "topics", []string{"0x" + word, "0x" + word, "0x" + word, "0x" + word, "0x" + word}, "file:3: want up to four topics, each 0x64 hex digits, got "},
		{"missing topic", "topics", []any{"0x" + word, nil}, "file:3: want up to four topics, each 0x64 hex digits, got "},
		{"topics that are a number", "topics", 7, "file:3: want topics as a list, got 7"},
		{"short hash", "transactionHash", "0x12", "file:3: want a transaction hash, 0x64 hex digits, got 0x12"},
		{"short block hash", "blockHash", "0x12", "file:3: want a block hash, 0x64 hex digits, got 0x12"},
		{"pending", "blockNumber", nil, "file:3: want a block number, a whole number, got nothing"},
		{"negative block", "blockNumber", -5, "file:3: want a block number, a whole number, got -5"},
		{"fraction of a block", "blockNumber", 1.5, "file:3: want a block number, a whole number, got 1.5"},
		{"block beyond numbers", "blockNumber", "0x8000000000000000", "file:3: want a block number, a whole number, got 0x8000000000000000"},
		{"zero without digits", "blockNumber", "0x", "file:3: want a block number, a whole number, got 0x"},
		{"no log index", "logIndex", nil, "file:3: want a log index, a whole number, got nothing"},
		{"bad transaction index", "transactionIndex", "first", "file:3: want a transaction index, a whole number, got first"},
		{"bad chain", "chainId", "mainnet", "file:3: want a chain id in the row, or chain_id in the archive's configuration, got mainnet"},
		{"bad time", "blockTimestamp", "yesterday", "file:3: want a block time, got yesterday"},
		{"time without end", "blockTimestamp", "infinity", "file:3: want a block time that is not in the future, got infinity"},
		{"microseconds", "blockTimestamp", 1683029999000000, "file:3: want a block time, got 1683029999000000"},
		{"time before Ethereum", "blockTimestamp", "2015-07-29 23:59:59 UTC", "file:3: want a block time from 2015-07-30 on, when Ethereum began, got 2015-07-29 23:59:59 UTC"},
		{"later than the clock", "blockTimestamp", "2025-09-05T00:00:01Z", "file:3: want a block time that is not in the future, got 2025-09-05T00:00:01Z"},
		{
			"two times for a block", "blockTimestamp", archivedLogs[1].time().Add(time.Second).Unix(),
			"file:3: want one time per block, rising with the block number, got chain 1 block 100 at 2023-05-02 12:20:01+00 and block 100 at 2023-05-02 12:20:00+00",
		},
		{
			"time that runs backwards", "blockNumber", 102,
			"file:3: want one time per block, rising with the block number, got chain 1 block 102 at 2023-05-02 12:20:00+00 and block 101 at 2023-05-02 12:20:12+00",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			text := secondBad(t, test.key, test.value)
			extracttest.WriteFile(t, filepath.Join(dir, "file"), []byte(text))
			refused(t, sqltest.Open(t), testOptions(dir, "file"), test.want)

			// the same in an array, whose logs have lines of their own
			lines := strings.Split(strings.TrimSpace(text), "\n")
			array := "[\n" + lines[0] + ",\n" + lines[2] + ",\n" + lines[3] + "\n]\n"
			extracttest.WriteFile(t, filepath.Join(dir, "file"), []byte(array))
			refused(t, sqltest.Open(t), testOptions(dir, "file"), test.want)
		})
	}
}

func TestRunRefusesDamagedFiles(t *testing.T) {
	formats := textFormats(t)
	csv, rpc, array := formats["ethereum-etl csv"].text, formats["rpc lines of logs"].text, formats["rpc array"].text
	header, _, _ := strings.Cut(csv, "\n")
	rowsOf := strings.SplitAfter(csv, "\n")
	zipped := string(zip(t, []byte(rpc)))
	// the second of three lines is one that DuckDB would read, or one that is too long
	second := strings.Index(rpc, "\n") + 2
	latin, long := rpc[:second]+"\"n\":\"caf\xe9\","+rpc[second:], rpc[:second]+"\"n\":\""+strings.Repeat("x", mostLine)+"\","+rpc[second:]
	const notText, tooLong = "want text in UTF-8, got the byte 0xe9", "want a line of at most 16777216 bytes, got a longer one"
	tests := []struct{ name, text, want string }{
		{"empty", "", "file: want rows, got an empty file"},
		{"white space", " \n\n", "file: want rows, got an empty file"},
		{"empty gzip", string(zip(t, nil)), "file: want rows, got an empty file"},
		{"bytes of nothing known", "\x00\x01\x02\x03", "file: want CSV, JSON or Parquet, each text also gzipped, got other bytes"},
		{"zstd", "\x28\xb5\x2f\xfd....", "file: want text, gzip or Parquet, got zstd"},
		{"prose", "hello, world\n", "file: want logs in one of the known layouts, or readings, got columns hello,  world"},
		{"short CSV row", rowsOf[0] + rowsOf[1] + "1,2,3\n" + rowsOf[2], "file:3: want 8 columns, got 3"},
		{"half a CSV row", csv[:len(csv)-200], "file:4: want a CSV row that can be parsed, got extraneous or missing \" in quoted-field"},
		{"CSV row cut before its end", rowsOf[0] + rowsOf[1] + rowsOf[2][:60], "file:3: want 8 columns, got 2"},
		{"half a JSON line", rpc[:len(rpc)-100], "file:3: want a whole JSON object, got {"},
		{"line that is no object", rpc + "[1,2]\n", "file:4: want a whole JSON object, got [1,2]"},
		{"line of nonsense", rpc + "nonsense\n", "file:4: want a whole JSON object, got nonsense"},
		{"half a JSON array", array[:len(array)-300], "file:1: want a whole JSON value, got the end of the file"},
		{"array without its end", array[:len(array)-1], "file:1: want the end of a JSON array, got the end of the file"},
		{"half a gzip", zipped[:len(zipped)-30], "file: want a whole gzip file, got one that ends early"},
		{"gzip without its checksum", zipped[:len(zipped)-8], "file: want a whole gzip file, got one that ends early"},
		{"JSON lines not in UTF-8", latin, "file:2: " + notText},
		{"gzipped JSON lines not in UTF-8", string(zip(t, []byte(latin))), "file:2: " + notText},
		{"JSON array not in UTF-8", strings.Replace(array, `"data"`, "\"\xe9\":1,\n\"data\"", 1), "file:1: " + notText},
		{"CSV not in UTF-8", strings.Replace(csv, rowsOf[2], "\xe9"+rowsOf[2], 1), "file:3: " + notText},
		{"gzipped CSV not in UTF-8", string(zip(t, []byte(strings.Replace(csv, rowsOf[2], "\xe9"+rowsOf[2], 1)))), "file:3: " + notText},
		{"readings not in UTF-8", "vault,observed_at,share_price\nv,2025-09-01T00:00:00Z,1\ncaf\xe9,2025-09-01T00:00:00Z,1\n", "file:3: " + notText},
		{"JSON readings not in UTF-8", "{\"vault\":\"caf\xe9\",\"observed_at\":\"2025-09-01T00:00:00Z\",\"share_price\":1}\n", "file:1: " + notText},
		{"half a character", rpc[:second] + `"n":"\\ud800\ud83d\ude42\ud800",` + rpc[second:], "file:2: want surrogates in pairs, got \\\\ud800"},
		{"a long JSON line", long, "file:2: " + tooLong},
		{"a long gzipped JSON line", string(zip(t, []byte(long))), "file:2: " + tooLong},
		{"two columns of a name", header + ",DATA\n", "file:1: want column names that differ"},
		{"missing column", "log_index,block_number,address,topics\n", "file: want raw logs with a column data, got columns log_index, block_number, address, topics"},
		{"token transfers", "token_address,from_address,to_address,value,transaction_hash,log_index,block_number\n", "file: want raw logs, got token transfers"},
		{"decoded events", "contract_address,from,to,value,tx_hash,block_number,block_hash,network,tx_index,log_index\n", "file: want raw logs, got decoded events: the raw topics and data are missing"},
		{"decoded cryo", "block_number,log_index,address,topic0,event__owner,event__value_string\n", "file: want raw logs, got decoded cryo file: the raw topics and data are missing"},
		{"lost answer", `{"jsonrpc":"2.0","id":1,"result":null}`, "file:1: want an answer with a result, got null"},
		{"error", `{"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"query timeout exceeded"}}`, "file:1: want logs, receipts, or answers with either, got an error in place of an answer: {\"code\":-32005,\"message\":\"query timeout exceeded\"}"},
		{"rate limit in words", `{"status":"0","message":"NOTOK","result":"Max rate limit reached"}`, `file:1: want an answer with a result, got "Max rate limit reached"`},
		{"block without logs", `{"jsonrpc":"2.0","id":1,"result":{"number":"0x1","parentHash":"0x00","transactions":[]}}`, "file: want logs, got blocks without their logs"},
		{"receipt without logs", `[{"receipt":{"status":"0x1","logs":null}}]`, "file:1: want logs as a list, got null"},
		{"object of something else", `{"result":{"a":1}}`, "file:1: want logs, receipts, or answers with either, got an object with a"},
		{"list of numbers", `{"result":[1,2]}`, "file:1: want logs, receipts, or answers with either, got 1"},
		{"wrapped nonsense", "{\"chain_id\":1,\n\"receipt\":{\"logs\":[{\"topics\":tru,\"data\":\"0x\"}]}}", "file:2: want a whole JSON object"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			extracttest.WriteFile(t, filepath.Join(dir, "file"), []byte(test.text))
			refused(t, sqltest.Open(t), testOptions(dir, "file"), test.want)
		})
	}
}

func TestRunRefusesParquetWithoutLogs(t *testing.T) {
	tests := []struct{ name, query, want string }{
		{"decoded cryo", "select block_number, log_index, address, topics[1] as topic0, data as event__value_string from logs", "file: want raw logs, got decoded cryo file: the raw topics and data are missing"},
		{"decoded hypersync", "select unhex(address[3:]) as owner, unhex(data[3:]) as assets from logs", "file: want raw logs, got decoded hypersync logs: block number and log index are missing, use logs.parquet"},
		{"token transfers of the AWS lake", "select address as token_address, address as from_address, address as to_address, 1.5e30 as value, transaction_hash, log_index, block_number from logs", "file: want raw logs, got token transfers"},
		{"short bytes", strings.Replace(parquetFormats["cryo binary"].query, "unhex(topics[2][3:])", "unhex(topics[2][5:])", 1), "file:1: want up to four topics, each 32 bytes, got 0xABAB"},
		{"length that is not the data's", strings.Replace(parquetFormats["cryo hex"].query, "(strlen(data) - 2) // 2", "3", 1), "file:1: want data as long as n_data_bytes says, got 0xfff"},
		{"block number as a float", strings.Replace(parquetFormats["aws"].query, "block_number,", "block_number::double as block_number,", 1), "file:1: want a block number, a whole number, got 100.0"},
		{"negative log index", strings.Replace(parquetFormats["aws"].query, "log_index,", "-log_index - 1 as log_index,", 1), "file:1: want a log index, a whole number, got -1"},
		{"time later than the clock", strings.Replace(parquetFormats["aws"].query, "block_timestamp::timestamp", "timestamp '2025-09-06'", 1), "file:1: want a block time that is not in the future, got 2025-09-06 00:00:00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			copyParquet(t, filepath.Join(dir, "file"), test.query)
			refused(t, sqltest.Open(t), testOptions(dir, "file"), test.want)
		})
	}
}

func TestRunRefusesTruncatedParquet(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	copyParquet(t, path, parquetFormats["cryo binary"].query)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{4, 100, len(whole) / 2, len(whole) - 1} {
		extracttest.WriteFile(t, path, whole[:size])
		refused(t, sqltest.Open(t), testOptions(dir, "file"), "file: want a whole Parquet file, got ")
	}
	// whole at both ends, damaged between
	damaged := append([]byte{}, whole...)
	for i := 4; i < len(whole)/2; i++ {
		damaged[i] ^= 0x55
	}
	extracttest.WriteFile(t, path, damaged)
	refused(t, sqltest.Open(t), testOptions(dir, "file"), "file")
}

func TestRunRefusesLogsWithoutChain(t *testing.T) {
	dir := t.TempDir()
	extracttest.WriteFile(t, filepath.Join(dir, "file"), []byte(textFormats(t)["ethereum-etl csv"].text))
	opt := testOptions(dir, "file")
	opt.Archives[0].ChainID = 0
	refused(t, sqltest.Open(t), opt, "file:2: want a chain id in the row, or chain_id in the archive's configuration, got nothing")
}

func TestRunRefusesWhatIsNotThere(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "logs"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"none/*.csv", "logs*", "logs/*"} {
		refused(t, sqltest.Open(t), testOptions(dir, path), path+": want at least one regular file, got none")
	}
	refused(t, sqltest.Open(t), testOptions(dir, "[a"), "[a: want a pattern of file names")
	opt := testOptions(dir, "blocks")
	extracttest.WriteFile(t, filepath.Join(dir, "blocks"), []byte(textFormats(t)["rpc array"].text))
	opt.Archives[0].Blocks = "times*.csv"
	refused(t, sqltest.Open(t), opt, "times*.csv: want at least one regular file, got none")
}

// TestRunBoundsNesting: logs lie a few levels deep. A file of brackets costs no more
// time than its size is worth, and neither does an object of many members.
func TestRunBoundsNesting(t *testing.T) {
	const levels = 60_000
	log := extracttest.JSON(t, archivedLogs[0].object())
	var members strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&members, "\n\"%d\":[],", i)
	}
	for name, c := range map[string]struct{ text, want string }{
		"Lists":   {`{"chain_id":1,"logs":` + strings.Repeat("[", levels) + log + strings.Repeat("]", levels) + "}", "file:1: want logs at most 16 levels deep"},
		"Objects": {strings.Repeat(`{"result":`, levels) + log + strings.Repeat("}", levels), "file:1: want logs at most 16 levels deep"},
		"Lines":   {strings.Repeat("{\"result\":\n", 20) + log + strings.Repeat("}", 20), "file:17: want logs at most 16 levels deep"},
		"Members": {`{"chain_id":1,` + members.String() + "\n\"logs\":[5]}", "file:20002: want logs"},
		"Wrapped": {`{"chain_id":1,` + members.String() + "\n\"responses\":[5]}", "file:20002: want logs"},
		"Allowed": {`{"chain_id":1,"responses":` + strings.Repeat("[", 14) + log + strings.Repeat("]", 14) + "}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			extracttest.WriteFile(t, filepath.Join(dir, "file"), []byte(c.text))
			within(t, time.Minute, func() {
				if c.want != "" {
					refused(t, sqltest.Open(t), testOptions(dir, "file"), c.want)
				} else if f := mustImport(t, sqltest.Open(t), testOptions(dir, "file"))[0]; f.Kept != 1 {
					t.Errorf("got %+v", f)
				}
			})
		})
	}
}

func TestRunStopsWhenCancelled(t *testing.T) {
	dir := t.TempDir()
	extracttest.WriteFile(t, filepath.Join(dir, "file"), []byte(textFormats(t)["rpc array"].text))
	db := sqltest.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	opt := testOptions(dir, "file")
	opt.Progress = func(int64, int64) { cancel() }
	if _, err := tryImport(ctx, db, opt); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want a cancelled context", err)
	}
	if got := sqltest.Query(t, db, "select 'file' from raw.files union all select 'log' from raw.logs"); got != "" {
		t.Errorf("a cancelled run left %s", got)
	}
}

func TestInstantsOfManyKinds(t *testing.T) {
	at := archivedLogs[0].time()
	for _, value := range []any{
		at.Unix(), fmt.Sprint(at.Unix()), at.UnixMilli(), fmt.Sprintf("%#x", at.Unix()), fmt.Sprintf("%#x", at.UnixMilli()),
		"2023-05-02 12:20:00 UTC", "2023-05-02T12:20:00Z", "2023-05-02T14:20:00+02:00", "2023-05-02 12:20:00", "2023-05-02 12:20:00.000 UTC",
	} {
		t.Run(fmt.Sprint(value), func(t *testing.T) {
			o := archivedLogs[0].object()
			o["blockTimestamp"] = value
			dir := t.TempDir()
			extracttest.WriteFile(t, filepath.Join(dir, "file"), []byte(extracttest.JSON(t, o)))
			db := sqltest.Open(t)
			mustImport(t, db, testOptions(dir, "file"))
			if got := sqltest.Query(t, db, "select block_timestamp::varchar from raw.logs"); got != "2023-05-02 12:20:00+00\n" {
				t.Errorf("got %s", got)
			}
		})
	}
	for _, value := range []any{nil, 0, "0x0", ""} {
		o := archivedLogs[0].object()
		o["blockTimestamp"] = value
		dir := t.TempDir()
		extracttest.WriteFile(t, filepath.Join(dir, "file"), []byte(extracttest.JSON(t, o)))
		db := sqltest.Open(t)
		mustImport(t, db, testOptions(dir, "file"))
		if got := sqltest.Query(t, db, "select coalesce(block_timestamp::varchar, 'none') from raw.logs"); got != "none\n" {
			t.Errorf("time %v became %s, want none", value, got)
		}
	}
}
