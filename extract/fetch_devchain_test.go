package extract

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/testchain"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// A disturbed is a front that passes requests to a node and, now and then,
// spoils the answers.
type disturbed struct {
	*httptest.Server
	to string

	mu     sync.Mutex
	random *rand.Rand
	rate   int // faults of ten answers
	most   int // blocks of a request; 0: no limit
	faults int
}

func newDisturbed(t testing.TB, to string, seed uint64, rate int) *disturbed {
	t.Helper()
	d := &disturbed{to: to, random: rand.New(rand.NewPCG(seed, 7)), rate: rate}
	d.Server = httptest.NewServer(d)
	t.Cleanup(d.Close)
	return d
}

// spoilers take an answer, real and whole, and do something to it.
var spoilers = map[string]func(w http.ResponseWriter, answers []map[string]any, write func([]map[string]any)){
	"429": func(w http.ResponseWriter, _ []map[string]any, _ func([]map[string]any)) {
		w.WriteHeader(http.StatusTooManyRequests)
	},
	"503": func(w http.ResponseWriter, _ []map[string]any, _ func([]map[string]any)) {
		w.WriteHeader(http.StatusServiceUnavailable)
	},
	"html": func(w http.ResponseWriter, _ []map[string]any, _ func([]map[string]any)) {
		_, _ = io.WriteString(w, "<html>One moment, please</html>")
	},
	"empty": func(http.ResponseWriter, []map[string]any, func([]map[string]any)) {},
	"cut": func(w http.ResponseWriter, answers []map[string]any, _ func([]map[string]any)) {
		text, _ := json.Marshal(answers)
		_, _ = w.Write(text[:len(text)*2/3])
	},
	"aborted": func(w http.ResponseWriter, answers []map[string]any, _ func([]map[string]any)) {
		w.Header().Set("Content-Length", "100000")
		_, _ = io.WriteString(w, `{"jsonrpc":"2.0","result":[`)
		panic(http.ErrAbortHandler)
	},
	"null": func(_ http.ResponseWriter, answers []map[string]any, write func([]map[string]any)) {
		answers[0]["result"] = nil
		write(answers)
	},
	"other id": func(_ http.ResponseWriter, answers []map[string]any, write func([]map[string]any)) {
		answers[0]["id"] = 1
		write(answers)
	},
	"429 inside": func(_ http.ResponseWriter, answers []map[string]any, write func([]map[string]any)) {
		delete(answers[0], "result")
		answers[0]["error"] = map[string]any{"code": 429, "message": "Your app has exceeded its compute units per second capacity."}
		write(answers)
	},
	"range": func(_ http.ResponseWriter, answers []map[string]any, write func([]map[string]any)) {
		if _, isLogs := answers[0]["result"].([]any); isLogs {
			delete(answers[0], "result")
			answers[0]["error"] = map[string]any{"code": -32005, "message": "query returned more than 10000 results"}
		}
		write(answers)
	},
	"removed":   spoilLogs(func(logs []any) []any { logs[0].(map[string]any)["removed"] = true; return logs }),
	"foreign":   spoilLogs(func(logs []any) []any { logs[0].(map[string]any)["address"] = extracttest.Stranger; return logs }),
	"elsewhere": spoilLogs(func(logs []any) []any { logs[0].(map[string]any)["blockNumber"] = "0xfffffff"; return logs }),
	"twice":     spoilLogs(func(logs []any) []any { return append(logs, logs[0]) }),
	"backwards": spoilLogs(func(logs []any) []any { slices.Reverse(logs); return logs }),
	"two": spoilLogs(func(logs []any) []any {
		second := maps.Clone(logs[0].(map[string]any))
		second["data"] = "0x02"
		return append(logs, second)
	}),
	"times": spoilLogs(func(logs []any) []any {
		for _, l := range logs {
			delete(l.(map[string]any), "blockTimestamp")
		}
		return logs
	}),
}

func spoilLogs(edit func(logs []any) []any) func(http.ResponseWriter, []map[string]any, func([]map[string]any)) {
	return func(_ http.ResponseWriter, answers []map[string]any, write func([]map[string]any)) {
		if logs, isLogs := answers[0]["result"].([]any); isLogs && len(logs) > 0 {
			answers[0]["result"] = edit(logs)
		}
		write(answers)
	}
}

func (d *disturbed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	resp, err := http.Post(d.to, "application/json", bytes.NewReader(body))
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	var q struct {
		ID     json.RawMessage
		Method string
		Params []struct{ FromBlock, ToBlock string }
	}
	if d.most > 0 && json.Unmarshal(body, &q) == nil && q.Method == "eth_getLogs" && extracttest.Number(q.Params[0].ToBlock)-extracttest.Number(q.Params[0].FromBlock) >= d.most {
		_, _ = fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"error":{"code":-32602,"message":"exceed maximum block range %d"}}`, q.ID, d.most)
		return
	}
	d.mu.Lock()
	names := slices.Sorted(maps.Keys(spoilers))
	name := names[d.random.IntN(len(names))]
	isSpoilt := d.random.IntN(10) < d.rate && !bytes.Contains(body, []byte("eth_chainId"))
	if isSpoilt {
		d.faults++
	}
	d.mu.Unlock()
	if !isSpoilt {
		_, _ = w.Write(text)
		return
	}
	isBatch := bytes.HasPrefix(text, []byte("["))
	answers := make([]map[string]any, 1)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if isBatch {
		err = decoder.Decode(&answers)
	} else {
		err = decoder.Decode(&answers[0])
	}
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	spoilers[name](w, answers, func(answers []map[string]any) {
		if isBatch {
			_ = json.NewEncoder(w).Encode(answers)
			return
		}
		_ = json.NewEncoder(w).Encode(answers[0])
	})
}

// TestDevchainLogsThroughFaults fetches the whole history of all vaults of the
// test chain from its real node through a front that spoils answers at random,
// with runs broken off at random. It must be what the node gives without faults,
// which must be what go-ethereum's own client reads.
func TestDevchainLogsThroughFaults(t *testing.T) {
	c, _ := extracttest.StartDevchain(t)
	opt := Options{
		Now:   time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Nodes: []Node{{ChainID: testchain.ChainID, URLs: []string{c.URL}, backoff: time.Millisecond, tries: 40}},
	}
	var contracts []common.Address
	for _, v := range c.Vaults {
		vault := extracttest.DevVault(v)
		vault.Safe = ""
		opt.Vaults = append(opt.Vaults, vault)
		contracts = append(contracts, v.Address)
	}
	db := sqltest.Open(t)
	mustRun(t, db, opt)
	want := sqltest.Query(t, db, nodeDigests)
	// no config names them
	followed := sqltest.Query(t, db, "select address from raw.contracts where role in ('beacon', 'proxy_admin')")
	if !strings.Contains(followed, strings.ToLower(c.Beacon.Hex())) || strings.Count(followed, "\n") != 3 {
		t.Errorf("followed are\n%swant three, %s among them", followed, c.Beacon)
	}
	for _, address := range strings.Fields(followed) {
		contracts = append(contracts, common.HexToAddress(address))
	}
	client, err := ethclient.DialContext(t.Context(), c.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	logs, err := client.FilterLogs(t.Context(), ethereum.FilterQuery{
		FromBlock: new(big.Int), ToBlock: new(big.Int).SetUint64(c.Finalized), Addresses: contracts,
	})
	if err != nil {
		t.Fatal(err)
	}
	plain := sqltest.Open(t)
	extracttest.AppendLogs(t, plain, logs)
	const rows = "select md5(string_agg(concat_ws(' ', block_number, log_index, hex(transaction_hash), hex(address), hex(topic0), hex(topic1), hex(topic2), hex(topic3), hex(data)), ';' order by block_number, log_index)) from raw.logs"
	if got, want := sqltest.Query(t, db, rows), sqltest.Query(t, plain, rows); got != want {
		t.Errorf("got %s, go-ethereum's client %s", got, want)
	}
	seeds := 5
	if proving() {
		seeds = 200
	}
	var faults atomic.Int64
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			front := newDisturbed(t, c.URL, uint64(seed), 2+seed%4)
			front.most = []int{0, 300, 1500}[seed%3]
			random := rand.New(rand.NewPCG(uint64(seed), 8))
			opt := opt
			opt.Nodes = slices.Clone(opt.Nodes)
			opt.Nodes[0].URLs = []string{front.URL}
			opt.Nodes[0].MaxBatch = 1 + random.IntN(100)
			db := sqltest.Open(t)
			for attempt := 1; ; attempt++ { // until one is not broken off; a slow machine gets longer
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+attempt/10)*time.Duration(300+random.IntN(6000))*time.Millisecond)
				_, err := Run(ctx, db, opt)
				isCut := ctx.Err() != nil
				cancel()
				if err == nil {
					break
				}
				if !isCut {
					t.Fatal(err)
				}
			}
			if got := sqltest.Query(t, db, nodeDigests); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			front.mu.Lock()
			defer front.mu.Unlock()
			faults.Add(int64(front.faults))
		})
	}
	t.Cleanup(func() { // after the parallel ones
		if got := faults.Load(); got < int64(seeds) {
			t.Errorf("only %d faults were met", got)
		} else {
			t.Logf("%d faults in %d histories", got, seeds)
		}
	})
	if !strings.Contains(want, "events ") {
		t.Error("nothing was decoded")
	}
}
