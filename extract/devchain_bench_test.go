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
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/testchain"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// BenchmarkDevchain fetches the test chain's logs, with a crowd of transfers among
// them, from its node into a database on disk: ours, raw and decoded, and as one would
// write it first, with go-ethereum's client and an appender, raw only, in turn, and each
// in a process of its own, as a run is; and what the node takes to answer alone, which
// none can be faster than.
// Targets: 40,000 logs a second, and three times the plain loop.
func BenchmarkDevchain(b *testing.B) {
	c := startCrowd(b, 48) // to fetch it takes ours more than a second: what a run does once is little of it
	var vaults []vault.Vault
	for _, v := range c.Vaults {
		vault := extracttest.DevVault(v)
		vault.Safe = ""
		vaults = append(vaults, vault)
	}
	job := timedJob{URL: c.URL, Last: c.Finalized, Vaults: vaults, Now: c.LastDay.AddDate(1, 0, 0)}
	db := sqltest.Open(b)
	mustRun(b, db, job.options())
	for _, address := range strings.Fields(sqltest.Query(b, db, "select distinct address from raw.contracts")) { // of proxies too
		job.Addresses = append(job.Addresses, common.HexToAddress(address))
	}
	client, err := ethclient.DialContext(b.Context(), c.URL)
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	all, err := client.FilterLogs(b.Context(), job.query())
	if err != nil {
		b.Fatal(err)
	}
	job.Want = len(all)
	b.Run("logs", func(b *testing.B) {
		const pairs = 3 // in one operation: of one the ratio varies by a tenth
		var ours, plain time.Duration
		for b.Loop() {
			for range pairs { // in turn: what else the machine does is the same for both
				job.Plain = false
				ours += job.start(b)
				job.Plain = true
				plain += job.start(b)
			}
		}
		logs := float64(job.Want * b.N * pairs)
		b.ReportMetric(logs/ours.Seconds(), "logs/s")
		b.ReportMetric(logs/plain.Seconds(), "plain-logs/s")
		b.ReportMetric(plain.Seconds()/ours.Seconds(), "times")
		b.ReportMetric(0, "ns/op")
	})
	b.Run("node", func(b *testing.B) {
		benchmarkFetch(b, job.Want, func(*sql.DB) error { readAnswers(b, c.URL, job.query()); return nil })
	})
}

// timedVariable makes the test binary a process that does one timedJob, and says how
// many nanoseconds it took from an empty database to a full one.
const timedVariable = "VAULTPERF_TEST_TIMED"

// A timedJob is a fetch of all logs of the test chain's vaults.
type timedJob struct {
	Path      string // of the database
	Plain     bool   // not ours, but the plain loop
	URL       string
	Last      uint64
	Vaults    []vault.Vault
	Addresses []common.Address // of the vaults' contracts
	Want      int              // logs
	Now       time.Time
}

func (j timedJob) options() Options {
	return Options{Vaults: j.Vaults, Nodes: []Node{{ChainID: testchain.ChainID, URLs: []string{j.URL}}}, Now: j.Now}
}

func (j timedJob) query() ethereum.FilterQuery {
	return ethereum.FilterQuery{FromBlock: new(big.Int), ToBlock: new(big.Int).SetUint64(j.Last), Addresses: j.Addresses}
}

// start does the job in a process of its own.
func (j timedJob) start(b *testing.B) time.Duration {
	b.Helper()
	j.Path = filepath.Join(b.TempDir(), "bench.duckdb")
	text, err := json.Marshal(j)
	if err != nil {
		b.Fatal(err)
	}
	cmd := process.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), timedVariable+"="+string(text))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	took, err := strconv.ParseInt(string(out), 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return time.Duration(took)
}

func doTimed(text string) int {
	took, err := timeJob(context.Background(), text)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Print(took.Nanoseconds())
	return 0
}

func timeJob(ctx context.Context, text string) (took time.Duration, err error) {
	var j timedJob
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return 0, err
	}
	db, err := models.Open(ctx, j.Path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	client, err := ethclient.DialContext(ctx, j.URL)
	if err != nil {
		return 0, err
	}
	defer client.Close()
	start := time.Now()
	if j.Plain {
		err = plainFetch(ctx, db, client, j.query())
	} else {
		_, err = Run(ctx, db, j.options())
	}
	took = time.Since(start)
	if err != nil {
		return 0, err
	}
	var logs int
	if err := db.QueryRowContext(ctx, "select count(*) from raw.logs").Scan(&logs); err != nil {
		return 0, err
	}
	if logs != j.Want {
		return 0, fmt.Errorf("%d logs, want %d", logs, j.Want)
	}
	return took, nil
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
	case errors.Is(err, testchain.ErrNotCompiled):
		return notCompiled
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

const notCompiled = 3

func serveCrowd(size int) error {
	c, err := testchain.Start(context.Background(), testchain.Options{Crowd: size})
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
func startCrowd(b *testing.B, size int) *testchain.Chain {
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
	c := &testchain.Chain{}
	if err := json.NewDecoder(out).Decode(c); err != nil {
		_ = in.Close()
		waited := cmd.Wait()
		if cmd.ProcessState.ExitCode() == notCompiled {
			b.Skip(testchain.ErrNotCompiled)
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
