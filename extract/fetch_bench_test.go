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
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// A cannedNode answers eth_getLogs as fast as bytes can be copied: every block
// is one text in which only numbers and hashes differ. A log is as long as a
// geth's, about 700 bytes.
type cannedNode struct {
	*httptest.Server
	blocks   int
	template []byte // of a block's logs, each followed by a comma
	places   []int  // where its number stands, 8 hex digits
	requests int
}

const (
	cannedStart = 0x10000000 // numbers of 8 digits
	cannedLogs  = 25         // a block
)

func newCannedNode(t testing.TB, blocks int) *cannedNode {
	t.Helper()
	n := &cannedNode{blocks: blocks}
	const hole = "########"
	for i := range cannedLogs {
		data := fmt.Sprintf("0x%064x", 1_000_000_007*(i+1))
		topics := fmt.Sprintf("%q,%q,%q", extracttest.TransferTopic, fmt.Sprintf("0x%064x", 17*i+1), fmt.Sprintf("0x%064x", 31*i+2))
		if i%3 == 0 { // every third is a deposit
			topics = fmt.Sprintf("%q,%q,%q", "0xdcbc1c05240f31ff3ad067ef1ee35ce4997762752e3a095284754544f4c709d7", fmt.Sprintf("0x%064x", 17*i+1), fmt.Sprintf("0x%064x", 31*i+2))
			data += data[2:]
		}
		_, _ = fmt.Fprintf((*textWriter)(&n.template), `{"address":"%s","topics":[%s],"data":"%s","blockNumber":"0x%s","transactionHash":"0x%s%016x%s%032x","transactionIndex":"%#x","blockHash":"0x%056x%s","blockTimestamp":"0x6%s","logIndex":"%#x","removed":false},`,
			extracttest.LagoonAddress, topics, data, hole, hole, 0xfeed, hole, i/2, i/2, 0xb10c, hole, hole[1:], i)
	}
	for at := 0; ; {
		i := bytes.Index(n.template[at:], []byte(hole))
		if i < 0 {
			break
		}
		n.places = append(n.places, at+i)
		at += i + len(hole)
	}
	// times have 7 digits after the 6, the last of the block's number
	n.template = bytes.ReplaceAll(n.template, []byte("0x6"+hole[1:]), []byte("0x65000000"))
	n.Server = httptest.NewServer(n)
	t.Cleanup(n.Close)
	return n
}

type textWriter []byte

func (w *textWriter) Write(b []byte) (int, error) {
	*w = append(*w, b...)
	return len(b), nil
}

func (n *cannedNode) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	n.requests++
	var q extracttest.FakeRequest
	if json.Unmarshal(body, &q) != nil {
		var all []extracttest.FakeRequest
		_ = json.Unmarshal(body, &all)
		_, _ = io.WriteString(w, "[")
		for i, q := range all {
			if i > 0 {
				_, _ = io.WriteString(w, ",")
			}
			n.one(w, q)
		}
		_, _ = io.WriteString(w, "]")
		return
	}
	n.one(w, q)
}

func (n *cannedNode) one(w io.Writer, q extracttest.FakeRequest) {
	_, _ = fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":`, q.ID)
	switch q.Method {
	case "eth_chainId":
		_, _ = io.WriteString(w, `"0x1"`)
	case "eth_getBlockByNumber":
		at := strings.Trim(string(q.Params[0]), `"`)
		if at == "finalized" {
			at = fmt.Sprintf("%#x", cannedStart+n.blocks-1)
		}
		_, _ = fmt.Fprintf(w, `{"number":"%s","hash":"0x%056x%s","timestamp":"0x65000000"}`, at, 0xb10c, at[2:])
	case "eth_getStorageAt": // no proxy
		_, _ = fmt.Fprintf(w, `"0x%064x"`, 0)
	case "eth_getCode":
		_, _ = io.WriteString(w, `"0x60"`)
	case "eth_getLogs":
		var filter struct{ FromBlock, ToBlock string }
		_ = json.Unmarshal(q.Params[0], &filter)
		from, to := extracttest.Number(filter.FromBlock), extracttest.Number(filter.ToBlock)
		block := bytes.Clone(n.template)
		_, _ = io.WriteString(w, "[")
		for b := from; b <= to; b++ {
			digits := strconv.AppendInt(nil, int64(b), 16)
			for _, at := range n.places {
				copy(block[at:], digits)
			}
			if b == to {
				_, _ = w.Write(block[:len(block)-1])
				break
			}
			_, _ = w.Write(block)
		}
		_, _ = io.WriteString(w, "]")
	}
	_, _ = io.WriteString(w, "}")
}

func cannedOptions(n *cannedNode) Options {
	return Options{
		Vaults: []vault.Vault{{ID: "v", ChainID: 1, Address: extracttest.LagoonAddress, Family: "erc4626", AssetDecimals: 6, ShareDecimals: 18, StartBlock: cannedStart}},
		Nodes:  []Node{{ChainID: 1, URLs: []string{n.URL}}},
		Now:    time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

// BenchmarkNode fetches logs from a canned node on the same machine into a
// database on disk: ours, raw and decoded; and as one would write it first, with
// go-ethereum's client and an appender, raw only.
func BenchmarkNode(b *testing.B) {
	const blocks = 16_000 // 400,000 logs
	b.Run("logs", func(b *testing.B) {
		n := newCannedNode(b, blocks)
		benchmarkFetch(b, blocks*cannedLogs, func(db *sql.DB) error { return fetchLogs(b.Context(), db, cannedOptions(n), blocks*cannedLogs) })
	})
	b.Run("ethclient", func(b *testing.B) {
		n := newCannedNode(b, blocks)
		client, err := ethclient.DialContext(b.Context(), n.URL)
		if err != nil {
			b.Fatal(err)
		}
		defer client.Close()
		query := ethereum.FilterQuery{
			FromBlock: big.NewInt(cannedStart), ToBlock: big.NewInt(cannedStart + blocks - 1),
			Addresses: []common.Address{common.HexToAddress(extracttest.LagoonAddress)},
		}
		benchmarkFetch(b, blocks*cannedLogs, func(db *sql.DB) error { return plainFetch(b.Context(), db, client, query) })
	})
}

// benchmarkFetch times what brings so many logs into a new database on disk.
func benchmarkFetch(b *testing.B, logs int, fetch func(db *sql.DB) error) {
	b.Helper()
	var total time.Duration
	used := processorTime()
	for b.Loop() {
		total += timeFetch(b, fetch)
	}
	b.ReportMetric((processorTime()-used).Seconds()*1e6/float64(logs*b.N), "cpu-s/Mlogs") // of this process: a canned node's too
	b.ReportMetric(float64(logs*b.N)/total.Seconds(), "logs/s")
	b.ReportMetric(0, "ns/op")
}

func timeFetch(b *testing.B, fetch func(db *sql.DB) error) time.Duration {
	b.Helper()
	db := sqltest.OpenFile(b, filepath.Join(b.TempDir(), "bench.duckdb"))
	runtime.GC() // what the one before has left is not collected in this one's time
	start := time.Now()
	err := fetch(db)
	took := time.Since(start)
	if err := errors.Join(err, db.Close()); err != nil {
		b.Fatal(err)
	}
	return took
}

// fetchLogs is our own way.
func fetchLogs(ctx context.Context, db *sql.DB, opt Options, want int) error {
	files, err := Run(ctx, db, opt)
	if err == nil && files[0].New != int64(want) {
		err = fmt.Errorf("%d logs, want %d", files[0].New, want)
	}
	return err
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// plainStep is how many blocks the plain loop asks for at once: of the test chain's they
// hold about as many logs as providers give in one answer.
const plainStep = 200

func plainFetch(ctx context.Context, db *sql.DB, client *ethclient.Client, query ethereum.FilterQuery) error {
	last := query.ToBlock.Uint64()
	for from := query.FromBlock.Uint64(); from <= last; from += plainStep {
		query.FromBlock = new(big.Int).SetUint64(from)
		query.ToBlock = new(big.Int).SetUint64(min(last, from+plainStep-1))
		logs, err := client.FilterLogs(ctx, query)
		if err != nil {
			return err
		}
		err = store.InTransaction(ctx, db, func(conn *sql.Conn) error {
			return models.Append(ctx, conn, "raw", "logs", func(add func(values ...any) error) error {
				for _, l := range logs {
					var topics [4]any
					for i := range l.Topics {
						topics[i] = l.Topics[i].Bytes()
					}
					err := add(int64(1), int64(l.BlockNumber), int64(l.Index), l.BlockHash.Bytes(), time.Unix(int64(l.BlockTimestamp), 0).UTC(),
						l.TxHash.Bytes(), int64(l.TxIndex), l.Address.Bytes(), topics[0], topics[1], topics[2], topics[3], l.Data, int32(1))
					if err != nil {
						return err
					}
				}
				return nil
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// TestNodeMemoryIsFlat fetches ten million logs and looks at what the process
// holds.
func TestNodeMemoryIsFlat(t *testing.T) {
	if !proving() {
		t.Skip("make prove: the race detector of make test holds as much itself")
	}
	const blocks = 400_000
	n := newCannedNode(t, blocks)
	db := sqltest.OpenFile(t, filepath.Join(t.TempDir(), "large.duckdb"))
	defer func() { _ = db.Close() }()
	opt := cannedOptions(n)
	var mu sync.Mutex
	most := int64(0)
	opt.NodeProgress = func(NodeProgress) {
		mu.Lock()
		defer mu.Unlock()
		most = max(most, anonymousMemory(t))
	}
	start := time.Now()
	files, err := Run(t.Context(), db, opt)
	if err != nil || files[0].New != int64(blocks*cannedLogs) {
		t.Fatal(files, err)
	}
	t.Logf("%d logs in %s, %d MB at most", files[0].New, time.Since(start).Round(time.Millisecond), most>>20)
	if most > 300<<20 {
		t.Errorf("%d MB, want at most 300", most>>20)
	}
}

// anonymousMemory is what the process holds beside its program and libraries,
// the canned node's too; 0 where the system does not say.
func anonymousMemory(t *testing.T) int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kilobytes int64
		if _, err := fmt.Sscanf(line, "RssAnon: %d kB", &kilobytes); err == nil {
			return kilobytes << 10
		}
	}
	t.Error("no RssAnon")
	return 0
}
