package archive

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
)

func TestRunReadsRealLogs(t *testing.T) {
	dir := extracttest.SharedData(t)
	tests := []struct {
		path    string
		chainID uint64
		vault   string
		format  string
		read    int64
		kept    int64
	}{
		{"indexsupply-shovel/logs-18000000.json", 1, "0xfd14567eaf9ba941cb8c8a94eec14831ca7fd1b4", "rpc", 291, 1},
		{"indexsupply-shovel/logs-1000001.json", 1, "0xfd14567eaf9ba941cb8c8a94eec14831ca7fd1b4", "rpc", 0, 0},
		{"ethereum-etl/test_stream/blocks_17173049_17173050/expected_logs.json", 1, "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2", "ethereum-etl", 681, 0},
		{"ethereum-etl/test_export_receipts_job/receipts_with_logs/expected_logs.csv", 1, "0xf4eced2f682ce333f96f2d8966c613ded8fc95dd", "ethereum-etl", 2, 2},
		{"ethereum-etl/test_export_receipts_job/receipts_with_logs/expected_logs.json", 1, "0xf4eced2f682ce333f96f2d8966c613ded8fc95dd", "ethereum-etl", 2, 2},
		{"ethereum-etl/test_extract_token_transfers_job/logs/logs.csv", 1, "0xf51bc4633f5924465c8c6317169faf3e4312e82f", "ethereum-etl", 3, 1},
		{"rotki-test-caching/receipts_with_vault_or_aave_logs.ndjson", 0, "0xb0be5d911e3bd4ee2a8706cf1fac8d767a550497", "rpc", 1303, 0},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			db, err := models.Open(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			opt := Options{
				Vaults:   []vault.Vault{{ID: "v", ChainID: max(test.chainID, 1), Address: test.vault, Family: "erc4626"}},
				Archives: []Archive{{Dir: dir, Path: test.path, ChainID: test.chainID}},
				Now:      time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
			}
			files, err := tryImport(t.Context(), db, opt)
			if err != nil {
				t.Fatal(err)
			}
			f := files[0]
			t.Log(f)
			if f.Read != test.read || f.Format != test.format || f.Kept+f.Filtered != f.Read || f.Kept < test.kept {
				t.Errorf("got %+v", f)
			}
		})
	}
}

func TestRunRefusesRealFilesWithoutLogs(t *testing.T) {
	dir := extracttest.SharedData(t)
	tests := []struct{ path, want string }{
		{"rindexer/rocketpooleth-transfer.csv", "decoded events: the raw topics and data are missing"},
		{"indexsupply-shovel/block-18000000.json", "blocks without their logs"},
		{"rotki-test-caching/jsonrpc_error_bodies.json", "an error in place of an answer"},
		{"rotki-test-caching/getlogs_requests_responses.json", "limited to a 1000 blocks range"},
		{"ethereum-etl/test_stream/blocks_17173049_17173050/expected_token_transfers.json", "token transfers"},
		{"ethereum-etl/test_export_token_transfers_job/block_with_transfers/expected_token_transfers.csv", "token transfers"},
		{"ethereum-etl/test_stream/blocks_508110_508110/expected_tokens.json", "an empty file"},
		{"ethereum-etl/test_export_receipts_job/receipts_with_logs/expected_receipts.csv", "columns transaction_hash"},
		{"rotki-test-caching/erc4626_events_decoded.csv", "want"},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			db, err := models.Open(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			_, err = tryImport(t.Context(), db, Options{
				Vaults:   []vault.Vault{{ID: "v", ChainID: 1, Address: "0xae78736cd615f374d3085123a210448e74fc6393", Family: "erc4626"}},
				Archives: []Archive{{Dir: dir, Path: test.path, ChainID: 1}},
				Now:      time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
			})
			var refused *input.Error
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), test.path) {
				t.Errorf("got %v, want an InputError with %q", err, test.want)
			}
			t.Log(err)
		})
	}
}
