package extract

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	process "os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/ethclient"

	devchain "github.com/vaultperf/vaultperf/cmd/devchain/chain"
)

// BenchmarkDevchain fetches the test chain's logs, with a crowd of transfers among
// them, from its node into a database on disk: ours, raw and decoded; as one would
// write it first, with go-ethereum's client and an appender, raw only; and what the
// node takes to answer alone, which none can be faster than.
// Targets: 40,000 logs a second, and three times the plain loop.
func BenchmarkDevchain(b *testing.B) {
	c := startCrowd(b, 24)
	var vaults []Vault
	var addresses []common.Address
	for _, v := range c.Vaults {
		vault := devVault(v)
		vault.Safe = ""
		vaults = append(vaults, vault)
	}
	opt := Options{Vaults: vaults, Nodes: []Node{{ChainID: devchain.ChainID, URLs: []string{c.URL}}}, Now: c.LastDay.AddDate(1, 0, 0)}
	db := openTest(b)
	mustRun(b, db, opt)
	for _, address := range strings.Fields(query(b, db, "select distinct address from raw.contracts")) { // of proxies too
		addresses = append(addresses, common.HexToAddress(address))
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
	b.Run("logs", func(b *testing.B) {
		var ours, plain time.Duration
		for b.Loop() { // in turn: what else the machine does is the same for both
			ours += timeFetch(b, func(db *sql.DB) { fetchLogs(b, db, opt, len(all)) })
			plain += timeFetch(b, func(db *sql.DB) { plainFetch(b, db, client, query) })
		}
		logs := float64(len(all) * b.N)
		b.ReportMetric(logs/ours.Seconds(), "logs/s")
		b.ReportMetric(logs/plain.Seconds(), "plain-logs/s")
		b.ReportMetric(plain.Seconds()/ours.Seconds(), "times")
		b.ReportMetric(0, "ns/op")
	})
	b.Run("node", func(b *testing.B) {
		benchmarkFetch(b, len(all), func(*sql.DB) { readAnswers(b, c.URL, query) })
	})
}

// crowdVariable makes the test binary a test chain's node, with a crowd of its value,
// until its input ends.
const crowdVariable = "VAULTPERF_TEST_CROWD"

func serveAlone(crowd string) int {
	size, err := strconv.Atoi(crowd)
	if err == nil {
		err = serveCrowd(size)
	}
	switch {
	case errors.Is(err, devchain.ErrNotCompiled):
		return notCompiled
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

const notCompiled = 3

func serveCrowd(size int) error {
	c, err := devchain.Start(context.Background(), devchain.Options{Crowd: size})
	if err != nil {
		return err
	}
	for _, v := range c.Vaults {
		v.Truth = nil // of no use to a benchmark
	}
	if err := json.NewEncoder(os.Stdout).Encode(c); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, c.Close())
}

// startCrowd starts a node in a process of its own, as every real one has: in one
// process with it, to collect garbage is to go through the whole chain.
func startCrowd(b *testing.B, size int) *devchain.Chain {
	b.Helper()
	cmd := process.Command(os.Args[0]) // ends by itself: its input does
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", crowdVariable, size))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	c := &devchain.Chain{}
	if err := json.NewDecoder(out).Decode(c); err != nil {
		_ = in.Close()
		waited := cmd.Wait()
		if cmd.ProcessState.ExitCode() == notCompiled {
			b.Skip(devchain.ErrNotCompiled)
		}
		b.Fatal(errors.Join(err, waited))
	}
	b.Cleanup(func() {
		_ = in.Close()
		if err := cmd.Wait(); err != nil {
			b.Error(err)
		}
	})
	return c
}

// readAnswers asks as the plain loop does, and throws away what comes.
func readAnswers(b *testing.B, url string, query ethereum.FilterQuery) {
	b.Helper()
	last := query.ToBlock.Uint64()
	for from := query.FromBlock.Uint64(); from <= last; from += plainStep {
		body, err := json.Marshal(map[string]any{
			"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs", "params": []any{map[string]any{
				"address": query.Addresses, "fromBlock": hexutil.Uint64(from), "toBlock": hexutil.Uint64(min(last, from+plainStep-1)),
			}},
		})
		if err != nil {
			b.Fatal(err)
		}
		answer, err := http.Post(url, "application/json", bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			b.Fatal(err)
		}
		_ = answer.Body.Close()
	}
}
