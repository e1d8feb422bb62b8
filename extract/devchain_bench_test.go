package extract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/ethclient"

	devchain "github.com/vaultperf/vaultperf/cmd/devchain/chain"
)

// BenchmarkDevchain fetches the test chain's logs, with a crowd of transfers among
// them, from its node into a database on disk: ours, raw and decoded; as one would
// write it first, with go-ethereum's client and an appender, raw only; and what the
// node takes to answer alone, which none can be faster than.
// Targets: 40,000 logs a second, and three times the plain loop.
func BenchmarkDevchain(b *testing.B) {
	c, err := devchain.Start(b.Context(), devchain.Options{Crowd: 12})
	if err != nil {
		b.Skip(err)
	}
	defer func() { _ = c.Close() }()
	var vaults []Vault
	var addresses []common.Address
	for _, v := range c.Vaults {
		vault := devVault(v)
		vault.Safe = ""
		vaults = append(vaults, vault)
		addresses = append(addresses, v.Address)
	}
	query := ethereum.FilterQuery{FromBlock: new(big.Int), ToBlock: new(big.Int).SetUint64(c.Finalized), Addresses: addresses}
	client, err := ethclient.DialContext(b.Context(), c.URL)
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	all, err := client.FilterLogs(b.Context(), query)
	if err != nil {
		b.Fatal(err)
	}
	report := func(b *testing.B, total time.Duration) {
		b.ReportMetric(float64(len(all)*b.N)/total.Seconds(), "logs/s")
		b.ReportMetric(0, "ns/op")
	}
	b.Run("logs", func(b *testing.B) {
		var total time.Duration
		for b.Loop() {
			db := openFile(b, filepath.Join(b.TempDir(), "bench.duckdb"))
			start := time.Now()
			files, err := Run(b.Context(), db, Options{Vaults: vaults, Nodes: []Node{{ChainID: devchain.ChainID, URLs: []string{c.URL}}}, Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
			total += time.Since(start)
			if err != nil || files[0].New != int64(len(all)) {
				b.Fatal(files, err, len(all))
			}
			if err := db.Close(); err != nil {
				b.Fatal(err)
			}
		}
		report(b, total)
	})
	b.Run("ethclient", func(b *testing.B) {
		var total time.Duration
		for b.Loop() {
			db := openFile(b, filepath.Join(b.TempDir(), "bench.duckdb"))
			start := time.Now()
			plainFetch(b, db, client, query)
			total += time.Since(start)
			if err := db.Close(); err != nil {
				b.Fatal(err)
			}
		}
		report(b, total)
	})
	b.Run("node", func(b *testing.B) {
		var total time.Duration
		for b.Loop() {
			start := time.Now()
			for from := uint64(0); from <= c.Finalized; from += plainStep {
				text, _ := json.Marshal(map[string]any{"address": addresses, "fromBlock": fmt.Sprintf("%#x", from), "toBlock": fmt.Sprintf("%#x", min(c.Finalized, from+plainStep-1))})
				body := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[%s]}`, text)
				answer, err := http.Post(c.URL, "application/json", bytes.NewReader([]byte(body)))
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, answer.Body); err != nil {
					b.Fatal(err)
				}
				_ = answer.Body.Close()
			}
			total += time.Since(start)
		}
		report(b, total)
	})
}
