package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	models "github.com/vaultperf/vaultperf/sql"
)

// A badRun is a config with its archives that must not be published.
type badRun struct {
	name   string
	files  map[string]string
	config string // appended to a good vault and a good archive, unless whole
	whole  bool
	asOf   string // default: 2025-08-03
	reads  bool   // the archive can be read, so import keeps what it holds
	code   int
	want   []string // in the message
}

const (
	withBadReadings = "[[archive]]\npath = \"bad.csv\"\n"
	withBadLogs     = "[[archive]]\npath = \"bad.ndjson\"\nchain_id = 1\n"
	header          = "vault,observed_at,share_price\n"
)

var badRuns = []badRun{
	{
		name: "MissingFile", config: withBadReadings,
		code: exitFailed, want: []string{"bad.csv"},
	}, {
		name: "EmptyFile", files: map[string]string{"bad.csv": ""}, config: withBadReadings,
		code: exitFailed, want: []string{"bad.csv", "want"},
	}, {
		name: "WrongFormat", files: map[string]string{"bad.csv": "a picture,of\na,duck\n"}, config: withBadReadings,
		code: exitFailed, want: []string{"bad.csv", "want"},
	}, {
		name: "OtherFormatThanTheConfigSays", files: map[string]string{"bad.csv": goodReadings},
		config: withBadReadings + "format = \"cryo\"\n",
		code:   exitFailed, want: []string{"bad.csv", "want"},
	}, {
		name: "MissingColumn", files: map[string]string{"bad.csv": "vault,observed_at\nalpha,2025-08-01T00:00:00Z\n"},
		config: withBadReadings,
		code:   exitFailed, want: []string{"bad.csv", "share_price"},
	}, {
		name: "UnreadablePrice", files: map[string]string{"bad.csv": header + "alpha,2025-08-01T05:00:00Z,1.0\nalpha,2025-08-01T06:00:00Z,much\n"},
		config: withBadReadings,
		code:   exitFailed, want: []string{"bad.csv:3", "price", "much"},
	}, {
		name: "UnreadableTime", files: map[string]string{"bad.csv": header + "alpha,yesterday,1.0\n"},
		config: withBadReadings,
		code:   exitFailed, want: []string{"bad.csv:2", "RFC 3339", "yesterday"},
	}, {
		name: "Infinity", files: map[string]string{"bad.csv": header + "alpha,2025-08-01T05:00:00Z,Infinity\n"},
		config: withBadReadings,
		code:   exitFailed, want: []string{"bad.csv:2", "Infinity"},
	}, {
		name: "NegativePrice", files: map[string]string{"bad.csv": header + "alpha,2025-08-01T05:00:00Z,-1.0\n"},
		config: withBadReadings,
		code:   exitFailed, want: []string{"bad.csv:2", "-1.0"},
	}, {
		name: "TimeLaterThanTheClock", files: map[string]string{"bad.csv": header + "alpha,2025-10-01T09:30:01Z,1.0\n"},
		config: withBadReadings,
		code:   exitFailed, want: []string{"bad.csv:2", "2025-10-01"},
	}, {
		name: "HalfALineOfCSV", files: map[string]string{"bad.csv": header + "alpha,2025-08-01T05:00:00Z,1.0\nalpha,2025-08"},
		config: withBadReadings,
		code:   exitFailed, want: []string{"bad.csv:3", "want"},
	}, {
		name:   "HalfALineOfJSON",
		files:  map[string]string{"bad.ndjson": `{"vault":"alpha","observed_at":"2025-08-01T05:00:00Z","share_price":"1.0"}` + "\n" + `{"vault":"alp`},
		config: withBadLogs,
		code:   exitFailed, want: []string{"bad.ndjson:2", "want"},
	}, {
		name:   "HalfALineOfLogs",
		files:  map[string]string{"bad.ndjson": settlement(16, 1000000) + "\n" + settlement(17, 1000000)[:90]},
		config: withBadLogs,
		code:   exitFailed, want: []string{"bad.ndjson:2", "want"},
	}, {
		name:   "LogKeyWithOtherContent",
		files:  map[string]string{"bad.ndjson": settlement(16, 1000000), "worse.ndjson": settlement(16, 1000001)},
		config: withBadLogs + "[[archive]]\npath = \"worse.ndjson\"\nchain_id = 1\n",
		code:   exitFailed, want: []string{"bad.ndjson", "worse.ndjson", "16"},
	}, {
		name: "BlockTimeGoingBackwards",
		files: map[string]string{
			"bad.ndjson": settlement(16, 1000000) + "\n" + settlement(17, 1000000),
			"blocks.csv": "block_number,timestamp\n16,1754006400\n17,1754006399\n",
		},
		config: withBadLogs + "blocks = \"blocks.csv\"\n",
		code:   exitFailed, want: []string{"17", "16"},
	}, {
		name: "DecimalsMissing", whole: true, config: strings.Replace(alphaVault, "asset_decimals = 6\n", "", 1) + goodArchive,
		code: exitUsage, want: []string{"bad.toml:2", `vault "alpha"`, "asset_decimals is missing"},
	}, {
		name: "UnknownFamily", whole: true, config: strings.Replace(alphaVault, "lagoon", "lagune", 1) + goodArchive,
		code: exitUsage, want: []string{"bad.toml:2", `vault "alpha"`, "lagune", "lagoon", "erc4626", "observed"},
	}, {
		name: "UnknownKey", whole: true, config: alphaVault + "asset_decimal = 6\n" + goodArchive,
		code: exitUsage, want: []string{"bad.toml:10", "unknown key", "asset_decimal"},
	}, {
		name: "TwoVaultsWithOneID", whole: true, config: alphaVault + strings.Replace(alphaVault, "A1", "B2", 1) + goodArchive,
		code: exitUsage, want: []string{"bad.toml:11", `vault "alpha"`, "only once"},
	}, {
		name: "TwoVaultsWithOneContract", whole: true, config: alphaVault + strings.Replace(alphaVault, "alpha", "beta", 1) + goodArchive,
		code: exitUsage, want: []string{"bad.toml:11", `vault "beta"`, `"alpha"`},
	}, {
		name: "NoVaultWithAnyReading", whole: true, config: strings.NewReplacer("alpha", "beta", "A1", "B2").Replace(alphaVault) + goodArchive,
		reads: true, code: exitFailed, want: []string{"no vault has a reading"},
	}, {
		name: "AsOfBeforeFirstPrice", asOf: "2025-07-31",
		code: exitFailed, want: []string{"2025-07-31", "the first is of 2025-08-01T00:00:00Z"},
	}, {
		name: "AsOfLaterThanToday", asOf: "2025-10-02",
		code: exitUsage, want: []string{"--as-of", "2025-10-01", "2025-10-02"},
	}, {
		name: "NoLogWithABlockTime", whole: true, files: map[string]string{"bad.ndjson": settlement(16, 1000000)},
		config: alphaVault + withBadLogs,
		reads:  true, code: exitFailed, want: []string{"no vault has a reading", "none of 1 logs has a block time", "blocks"},
	}, {
		name: "DollarsThatNothingConverts", whole: true,
		files:  map[string]string{"bad.csv": header + "alpha,2025-08-01T05:00:00Z,1.0\n"},
		config: alphaVault + withBadReadings + "units = { share_price = \"usd\" }\n",
		reads:  true, code: exitFailed, want: []string{"no vault has a price by", "its rows were set aside"},
	}, {
		name: "BlockThatNoFileOfBlocksHas", whole: true,
		files: map[string]string{
			"bad.ndjson": settlement(17, 1000000) + "\n" + settlement(16, 1000000), "blocks.csv": "block_number,timestamp\n15,1754006400\n",
		},
		config: alphaVault + withBadLogs + "blocks = \"blocks.csv\"\n",
		reads:  true, code: exitFailed, want: []string{"none of 2 logs has a block time: block 16 of chain 1, the first, is in no file of block times"},
	}, {
		name: "AsOfBeforeTheFirstTimeOfABlocksFile", whole: true, asOf: "2025-07-31",
		files: map[string]string{
			"bad.ndjson": settlement(16, 1000000), "blocks.csv": "block_number,timestamp\n16,1754006400\n",
		},
		config: alphaVault + withBadLogs + "blocks = \"blocks.csv\"\n",
		reads:  true, code: exitFailed, want: []string{"2025-07-31", "the first is of 2025-08-01T00:00:00Z"},
	},
}

// settlement is a Lagoon SettleDeposit of the vault alpha as a node gives it,
// without a block time.
func settlement(block, totalAssets int) string {
	return fmt.Sprintf(`{"address":"0x00000000000000000000000000000000000000a1","topics":[`+
		`"0x26be8b1af887e484fec2868840869fd162e136268c24803bede886ab91aa29bc","0x%064x","0x%064x"],`+
		`"data":"0x%064x%064x%064x%064x","blockNumber":"0x%x","logIndex":"0x0",`+
		`"transactionHash":"0x%064x","transactionIndex":"0x0","blockHash":"0x%064x","removed":false}`,
		1, 1, totalAssets, 1000000000000000000, totalAssets, 1000000000000000000, block, block, block)
}

func TestBadInputIsRefusedAndNothingIsLost(t *testing.T) {
	dir, good, out := goodRun(t)
	before, rows := published(t, out), rawRows(t, out)
	for _, run := range badRuns {
		t.Run(run.name, func(t *testing.T) {
			for name, content := range run.files {
				path := writeFile(t, filepath.Join(dir, name), content)
				defer func() { _ = os.Remove(path) }()
			}
			text := run.config
			if !run.whole {
				text = alphaVault + goodArchive + run.config
			}
			asOf := "2025-08-03"
			if run.asOf != "" {
				asOf = run.asOf
			}
			config := writeFile(t, filepath.Join(dir, "bad.toml"), text)
			got := call(t, "run", "--config", config, "--out", out, "--as-of", asOf)
			if got.code != run.code {
				t.Errorf("exit code %d, want %d", got.code, run.code)
			}
			for _, want := range run.want {
				if !strings.Contains(got.stderr, want) {
					t.Errorf("message lacks %q", want)
				}
			}
			if t.Failed() {
				t.Log(got.stderr)
			}
			if got.stdout != "" {
				t.Errorf("stdout: %s", got.stdout)
			}
			wantUnchanged(t, before, published(t, out))
			if after := rawRows(t, out); after != rows && !run.reads {
				t.Errorf("raw rows were %s, are %s", rows, after)
			}
			if run.reads {
				mustCall(t, exitDone, "extract", "--config", good, "--out", out)
			}
		})
	}
	mustCall(t, exitDone, "run", "--config", good, "--out", out, "--as-of", "2025-08-03")
	wholeRun(t, out)
}

func TestTruncatedParquetIsRefused(t *testing.T) {
	dir, _, out := goodRun(t)
	before, rows := published(t, out), rawRows(t, out)
	whole := filepath.Join(dir, "whole.parquet")
	db, err := models.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(t.Context(), "copy (select 'alpha' as vault, timestamp '2025-08-01' + interval (i) second as observed_at, 1.0 as share_price from range(1000) as r(i)) to '"+whole+"' (format parquet)")
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "bad.parquet"), string(content[:len(content)/2]))
	config := writeFile(t, filepath.Join(dir, "bad.toml"), alphaVault+goodArchive+"[[archive]]\npath = \"bad.parquet\"\n")
	got := mustCall(t, exitFailed, "run", "--config", config, "--out", out)
	if !strings.Contains(got.stderr, "bad.parquet") || !strings.Contains(got.stderr, "want") {
		t.Errorf("message: %s", got.stderr)
	}
	wantUnchanged(t, before, published(t, out))
	if after := rawRows(t, out); after != rows {
		t.Errorf("raw rows were %s, are %s", rows, after)
	}
}

// rawRows counts what import has kept, to show that a refused run adds
// nothing.
func rawRows(t *testing.T, out string) string {
	t.Helper()
	db, err := models.Open(t.Context(), filepath.Join(out, ".work", "vaultperf.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var counts string
	const q = `select printf('%d files, %d readings, %d logs, %d blocks',
		(select count(*) from raw.files), (select count(*) from raw.readings),
		(select count(*) from raw.logs), (select count(*) from raw.blocks))`
	if err := db.QueryRowContext(t.Context(), q).Scan(&counts); err != nil {
		t.Fatal(err)
	}
	return counts
}
