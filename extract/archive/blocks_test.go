package archive

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

func TestRunReadsBlockTimes(t *testing.T) {
	const want = "1 100 2023-05-02 12:20:00+00\n1 101 2023-05-02 12:20:12+00\n"
	at := archivedLogs[0].time().Unix()
	tests := map[string]string{
		"csv":              fmt.Sprintf("block_number,timestamp\n100,%d\n101,%d\n", at, at+12),
		"csv with chains":  fmt.Sprintf("chain_id,number,timestamp\n1,100,%d\n1,101,%d\n10,5,%d\n", at, at+12, at),
		"text times":       "block_number,timestamp\n100,2023-05-02 12:20:00 UTC\n101,2023-05-02T12:20:12Z\n",
		"ethereum-etl":     fmt.Sprintf("{\"type\":\"block\",\"number\":100,\"hash\":\"0x00\",\"total_difficulty\":58750003716598352816469,\"timestamp\":%d}\n{\"number\":101,\"timestamp\":%d}\n", at, at+12),
		"hex":              fmt.Sprintf("{\"number\":\"0x64\",\"timestamp\":\"%#x\"}\n{\"number\":\"0x65\",\"timestamp\":\"%#x\"}\n", at, at+12),
		"array":            fmt.Sprintf("[{\"number\":100,\"timestamp\":%d},\n{\"number\":101,\"timestamp\":%d}]", at, at+12),
		"repeated":         fmt.Sprintf("block_number,timestamp\n100,%d\n100,%d\n101,%d\n", at, at, at+12),
		"in another order": fmt.Sprintf("timestamp,block_number\n%d,101\n%d,100\n", at+12, at),
	}
	for name, text := range tests {
		for _, gzipped := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s gzipped %t", name, gzipped), func(t *testing.T) {
				dir := t.TempDir()
				content := []byte(text)
				if gzipped {
					content = zip(t, content)
				}
				extracttest.WriteFile(t, filepath.Join(dir, "times"), content)
				readBlocks(t, dir, want)
			})
		}
	}
	for name, query := range map[string]string{
		"parquet":   "select distinct block_number, block_timestamp as timestamp from logs",
		"hypersync": "select distinct block_number::ubigint as number, unhex(printf('%x', epoch(block_timestamp)::bigint)) as timestamp from logs",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			copyParquet(t, filepath.Join(dir, "times"), query)
			readBlocks(t, dir, want)
		})
	}
}

// readBlocks imports times beside logs, and times again.
func readBlocks(t *testing.T, dir, want string) {
	t.Helper()
	copyParquet(t, filepath.Join(dir, "logs"), parquetFormats["cryo hex"].query)
	db := sqltest.Open(t)
	opt := testOptions(dir, "logs")
	opt.Archives[0].Blocks = "times"
	files := mustImport(t, db, opt)
	if f := files[0]; f.Kind != "blocks" || f.Path != "times" || f.New != 2 {
		t.Errorf("got %+v, want 2 new blocks", f)
	}
	const blocks = "select chain_id || ' ' || block_number || ' ' || block_timestamp from raw.blocks order by all"
	if got := sqltest.Query(t, db, blocks); got != want {
		t.Errorf("raw.blocks has\n%s\nwant\n%s", got, want)
	}
	if f := mustImport(t, db, opt)[0]; f.State != "unchanged" {
		t.Errorf("got %+v, want it unchanged", f)
	}
}

func TestRunRefusesBadBlockTimes(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no time", "block_number,timestamp\n100,1683030000\n101,\n", "times:3: want a block time, got nothing"},
		{"no number", "block_number,timestamp\n,1683030000\n", "times:2: want a block number, a whole number, got nothing"},
		{"nonsense", "block_number,timestamp\n100,soon\n", "times:2: want a block time, got soon"},
		{"future", "block_number,timestamp\n100,1893456000\n", "times:2: want a block time that is not in the future, got 1893456000"},
		{"backwards", "block_number,timestamp\n100,1683030000\n101,1683029999\n", "times:3: want one time per block, rising with the block number"},
		{"two times", "block_number,timestamp\n100,1683030000\n100,1683030001\n", "times:3: want one time per block, rising with the block number"},
		{"other columns", "a,b\n1,2\n", "times: want block times with columns block_number and timestamp, got columns a, b"},
		{"answers", `{"result":[]}`, "times: want block times with columns block_number and timestamp"},
		{"half a row", "block_number,timestamp\n100", "times:2: want 2 columns, got 1"},
		{"a carriage return alone", "block_number,timestamp\n100,1683030000\n\r,1683030012\n102,1683030024\n", "times:3: want lines that end in LF or in CR LF, got"},
		{"half an object", `{"number":1,"timestamp":168`, "times:1: want JSON that can be parsed, got unexpected EOF"},
		{"empty", "", "times: want rows, got an empty file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			extracttest.WriteFile(t, filepath.Join(dir, "times"), []byte(test.text))
			extracttest.WriteFile(t, filepath.Join(dir, "logs"), []byte(textFormats(t)["rpc array"].text))
			opt := testOptions(dir, "logs")
			opt.Archives[0].Blocks = "times"
			refused(t, sqltest.Open(t), opt, test.want)
		})
	}
}

func TestRunRefusesTimesThatFilesDisagreeOn(t *testing.T) {
	const header = "block_number,timestamp\n"
	tests := []struct{ name, first, second, want string }{
		{"blocks", "100,1683030000\n", "100,1683030001\n", "2: want the time that 1 has for chain 1 block 100, 2023-05-02 12:20:00+00, got 2023-05-02 12:20:01+00"},
		{
			"order", "100,1683030000\n", "102,1683029000\n",
			"2: want one time per block, rising with the block number, got chain 1 block 102 at 2023-05-02 12:03:20+00 and block 100 at 2023-05-02 12:20:00+00 in 1",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			extracttest.WriteFile(t, filepath.Join(dir, "1"), []byte(header+test.first))
			extracttest.WriteFile(t, filepath.Join(dir, "2"), []byte(header+test.second))
			copyParquet(t, filepath.Join(dir, "logs"), parquetFormats["cryo hex"].query)
			opt := testOptions(dir, "logs")
			opt.Archives[0].Blocks = "[12]"
			refused(t, sqltest.Open(t), opt, test.want)
		})
	}
	t.Run("a log and a block", func(t *testing.T) {
		dir := t.TempDir()
		extracttest.WriteFile(t, filepath.Join(dir, "times"), []byte(header+"100,1683030007\n"))
		extracttest.WriteFile(t, filepath.Join(dir, "logs"), []byte(textFormats(t)["rpc array"].text))
		opt := testOptions(dir, "logs")
		opt.Archives[0].Blocks = "times"
		refused(t, sqltest.Open(t), opt, "times: want one time per block, rising with the block number, got chain 1 block 100 at 2023-05-02 12:20:07+00 and block 100 at 2023-05-02 12:20:00+00 in logs")
	})
}
