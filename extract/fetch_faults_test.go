package extract

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/archive"
	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// neverHeardOf is the fault that is in no list of what nodes say.
const neverHeardOf = "never heard of"

// nodeFaults are what a node does wrong for some requests, every third or so,
// and what must not show in the database. The pool's own tests have more.
var nodeFaults = map[string]func(w http.ResponseWriter, n *extracttest.FakeNode, requests []extracttest.FakeRequest){
	"http 429": func(w http.ResponseWriter, _ *extracttest.FakeNode, _ []extracttest.FakeRequest) {
		w.WriteHeader(http.StatusTooManyRequests)
	},
	"429 of elements": func(w http.ResponseWriter, n *extracttest.FakeNode, requests []extracttest.FakeRequest) {
		writeEach(w, n, requests, func(i int, a map[string]any) {
			if i%2 == 0 {
				delete(a, "result")
				a["error"] = map[string]any{"code": 429, "message": "Your app has exceeded its compute units per second capacity."}
			}
		})
	},
	"null result": func(w http.ResponseWriter, n *extracttest.FakeNode, requests []extracttest.FakeRequest) {
		writeEach(w, n, requests, func(_ int, a map[string]any) { a["result"] = nil })
	},
	"wrong id": func(w http.ResponseWriter, n *extracttest.FakeNode, requests []extracttest.FakeRequest) {
		writeEach(w, n, requests, func(_ int, a map[string]any) { a["id"] = 12345 })
	},
	"cut short": func(w http.ResponseWriter, n *extracttest.FakeNode, requests []extracttest.FakeRequest) {
		text, _ := json.Marshal(n.Answer(requests[0]))
		_, _ = w.Write(text[:len(text)/2])
	},
	"cut connection": func(w http.ResponseWriter, n *extracttest.FakeNode, requests []extracttest.FakeRequest) {
		text, _ := json.Marshal(n.Answer(requests[0]))
		w.Header().Set("Content-Length", fmt.Sprint(len(text)))
		_, _ = w.Write(text[:len(text)/2])
		panic(http.ErrAbortHandler)
	},
	"html": func(w http.ResponseWriter, _ *extracttest.FakeNode, _ []extracttest.FakeRequest) {
		_, _ = fmt.Fprint(w, "<html>Checking your browser</html>")
	},
	"empty": func(http.ResponseWriter, *extracttest.FakeNode, []extracttest.FakeRequest) {},
	"502": func(w http.ResponseWriter, _ *extracttest.FakeNode, _ []extracttest.FakeRequest) {
		w.WriteHeader(http.StatusBadGateway)
	},
	neverHeardOf: func(w http.ResponseWriter, _ *extracttest.FakeNode, _ []extracttest.FakeRequest) {
		_, _ = fmt.Fprint(w, `{"jsonrpc":"2.0","id":null,"error":{"code":-32050,"message":"the moon is full"}}`)
	},
	"removed logs": wrongLogs(func(logs []map[string]any) []map[string]any {
		logs[0]["removed"] = true
		return logs
	}),
	"logs of others": wrongLogs(func(logs []map[string]any) []map[string]any {
		logs[0]["address"] = extracttest.Stranger
		return logs
	}),
	"logs of later blocks": wrongLogs(func(logs []map[string]any) []map[string]any {
		logs[0]["blockNumber"] = "0xffffff"
		return logs
	}),
	"two logs at one place": wrongLogs(func(logs []map[string]any) []map[string]any {
		other := maps.Clone(logs[0])
		other["data"] = "0x01"
		return append(logs, other)
	}),
	"two hashes of a block": wrongLogs(func(logs []map[string]any) []map[string]any {
		if len(logs) > 1 {
			logs[0]["blockHash"] = logs[0]["transactionHash"]
		}
		logs[0]["removed"] = true
		return logs
	}),
	"half a byte": wrongLogs(func(logs []map[string]any) []map[string]any {
		logs[0]["data"] = "0x1"
		return logs
	}),
	"a short topic": wrongLogs(func(logs []map[string]any) []map[string]any {
		logs[0]["topics"] = []string{"0x01"}
		return logs
	}),
	"a missing key": wrongLogs(func(logs []map[string]any) []map[string]any {
		delete(logs[0], "logIndex")
		return logs
	}),
}

func writeEach(w http.ResponseWriter, n *extracttest.FakeNode, requests []extracttest.FakeRequest, edit func(i int, a map[string]any)) {
	all := make([]any, len(requests))
	for i, q := range requests {
		a := n.Answer(q)
		edit(i, a)
		all[i] = a
	}
	if len(all) == 1 {
		_ = json.NewEncoder(w).Encode(all[0])
		return
	}
	_ = json.NewEncoder(w).Encode(all)
}

// wrongLogs edits the answer to an eth_getLogs that has some.
func wrongLogs(edit func(logs []map[string]any) []map[string]any) func(http.ResponseWriter, *extracttest.FakeNode, []extracttest.FakeRequest) {
	return func(w http.ResponseWriter, n *extracttest.FakeNode, requests []extracttest.FakeRequest) {
		writeEach(w, n, requests, func(_ int, a map[string]any) {
			if logs, ok := a["result"].([]map[string]any); ok && len(logs) > 0 {
				a["result"] = edit(logs)
			}
		})
	}
}

func TestNodeOutlivesPassingFaults(t *testing.T) {
	n := extracttest.NewFakeNode(t, 2500)
	want := honest(t, nodeOptions(n))
	for name, fault := range nodeFaults {
		t.Run(name, func(t *testing.T) {
			n := extracttest.NewFakeNode(t, 2500)
			n.MaxBlocks = 500
			opt := nodeOptions(n)
			opt.Nodes[0].MaxBatch = 3
			k := 0
			n.Fault = func(w http.ResponseWriter, method string, requests []extracttest.FakeRequest) bool {
				if k++; k%3 != 0 || method == "eth_chainId" {
					return false
				}
				fault(w, n, requests)
				return true
			}
			if got := honest(t, opt); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if k < 6 {
				t.Errorf("only %d requests", k)
			}
		})
	}
}

// TestNodeRefusesLastingFaults: what stays wrong is an error that names the
// blocks, and nothing of it is kept.
func TestNodeRefusesLastingFaults(t *testing.T) {
	for name, want := range map[string]string{
		"removed logs":          "a removed log in block 1 ",
		"logs of others":        "a log that was not asked for",
		"two logs at one place": "two logs at block 1, log 0",
		"null result":           "an answer of null to eth_",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := extracttest.NewFakeNode(t, 40)
			opt := nodeOptions(n)
			opt.Nodes[0].tries = 3
			n.Fault = func(w http.ResponseWriter, method string, requests []extracttest.FakeRequest) bool {
				if method != "eth_getLogs" {
					return false
				}
				nodeFaults[name](w, n, requests)
				return true
			}
			db := sqltest.Open(t)
			_, err := Run(t.Context(), db, opt)
			var node *NodeError
			if !errors.As(err, &node) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "fetch logs of blocks 0 to ") {
				t.Errorf("got %v, want a NodeError with %q", err, want)
			}
			if got := sqltest.Query(t, db, "select (select count(*) from raw.logs) + (select count(*) from raw.coverage)"); got != "0\n" {
				t.Errorf("%s rows are kept", got)
			}
		})
	}
}

func TestNodeTimes(t *testing.T) {
	want := honest(t, nodeOptions(extracttest.NewFakeNode(t, 300)))
	for name, edit := range map[string]func(at int64, l map[string]any){
		"number":             func(at int64, l map[string]any) { l["blockTimestamp"] = at },
		"milliseconds":       func(at int64, l map[string]any) { l["blockTimestamp"] = extracttest.QuantityText(int(at * 1000)) },
		"number of millis":   func(at int64, l map[string]any) { l["blockTimestamp"] = at * 1000 },
		"decimal text":       func(at int64, l map[string]any) { l["blockTimestamp"] = fmt.Sprint(at) },
		"leading zeros":      func(at int64, l map[string]any) { l["blockTimestamp"] = fmt.Sprintf("0x00%x", at) },
		"null":               func(_ int64, l map[string]any) { l["blockTimestamp"] = nil },
		"none":               func(_ int64, l map[string]any) { delete(l, "blockTimestamp") },
		"zero":               func(_ int64, l map[string]any) { l["blockTimestamp"] = "0x0" },
		"of some logs only":  func(_ int64, l map[string]any) { l["blockTimestamp"] = nil },
		"mixed case":         func(_ int64, l map[string]any) { l["data"] = "0x" + strings.ToUpper(l["data"].(string)[2:]) },
		"zeros as 0x":        func(_ int64, l map[string]any) { emptyZeros(l) },
		"numbers as numbers": func(_ int64, l map[string]any) { l["logIndex"] = extracttest.Number(l["logIndex"].(string)) },
	} {
		t.Run(name, func(t *testing.T) {
			n := extracttest.NewFakeNode(t, 300)
			n.Edit = func(logs []map[string]any) []map[string]any {
				for i, l := range logs {
					if block := extracttest.Number(l["blockNumber"].(string)); name != "of some logs only" || block%2 == 0 {
						edit(n.Time(block), logs[i])
					}
				}
				return logs
			}
			if got := honest(t, nodeOptions(n)); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			headers := n.Methods["eth_getBlockByNumber"] // one is the last final block
			if wantHeaders := map[string]int{"null": 201, "none": 201, "zero": 201, "of some logs only": 101}[name]; headers != max(1, wantHeaders) {
				t.Errorf("%d headers, want %d", headers, wantHeaders)
			}
		})
	}
}

func emptyZeros(l map[string]any) {
	for _, key := range []string{"logIndex", "transactionIndex"} {
		if l[key] == "0x0" {
			l[key] = "0x"
		}
	}
}

// TestNodeDuplicates has every log twice and in reverse.
func TestNodeDuplicates(t *testing.T) {
	n := extracttest.NewFakeNode(t, 300)
	want := honest(t, nodeOptions(n))
	n.Edit = func(logs []map[string]any) []map[string]any {
		var twice []map[string]any
		for i := range logs {
			twice = append(twice, logs[len(logs)-1-i], logs[len(logs)-1-i])
		}
		return twice
	}
	db := sqltest.Open(t)
	files := mustRun(t, db, nodeOptions(n))
	if got := sqltest.Query(t, db, nodeDigests); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if f := files[0]; f.Read != 1600 || f.New != 800 {
		t.Errorf("%+v, want 1600 read and 800 new", f)
	}
}

func TestNodeRanges(t *testing.T) {
	n := extracttest.NewFakeNode(t, 2000)
	want := honest(t, nodeOptions(n))
	logsOf := func(q extracttest.FakeRequest) (from, to, logs int) {
		var filter struct{ FromBlock, ToBlock string }
		_ = json.Unmarshal(q.Params[0], &filter)
		from, to = extracttest.Number(filter.FromBlock), extracttest.Number(filter.ToBlock)
		for b := from; b <= to; b++ {
			if b%3 != 0 {
				logs += 4
			}
		}
		return from, to, logs
	}
	refuse := func(w http.ResponseWriter, code int, message string) bool {
		_ = json.NewEncoder(w).Encode(map[string]any{"jsonrpc": "2.0", "id": nil, "error": map[string]any{"code": code, "message": message}})
		return true
	}
	for name, limit := range map[string]func(w http.ResponseWriter, from, to, logs int) bool{
		"a suggested range": func(w http.ResponseWriter, from, to, logs int) bool {
			return logs > 400 && refuse(w, -32005, fmt.Sprintf("query returned more than 400 results. Try with this block range [%#x, %#x].", from, from+99))
		},
		"the same range suggested": func(w http.ResponseWriter, from, to, logs int) bool {
			return logs > 400 && refuse(w, -32602, fmt.Sprintf("query exceeds max results 400, retry with the range %d-%d", from, to))
		},
		"a larger range suggested": func(w http.ResponseWriter, from, to, logs int) bool {
			return logs > 400 && refuse(w, -32602, fmt.Sprintf("query exceeds max results 400, retry with the range %d-%d", from, to+500))
		},
		"an inverted range suggested": func(w http.ResponseWriter, from, to, logs int) bool {
			return logs > 400 && refuse(w, -32600, fmt.Sprintf("You can make eth_getLogs requests with up to a 500 block range. Based on your parameters, this block range should work: [%#x, %#x]", to, from))
		},
		"another range suggested": func(w http.ResponseWriter, from, to, logs int) bool {
			return logs > 400 && refuse(w, -32005, fmt.Sprintf("Try with this block range [%#x, %#x]. query returned more than 400 results", from+10, from+20))
		},
		"no reason": func(w http.ResponseWriter, from, to, logs int) bool {
			return logs > 400 && refuse(w, -32000, "block range is too large")
		},
		"a limit of blocks": func(w http.ResponseWriter, from, to, _ int) bool {
			return to-from+1 > 50 && refuse(w, -32602, "exceed maximum block range 50")
		},
		"one block a request": func(w http.ResponseWriter, from, to, _ int) bool {
			return to-from+1 > 1 && from < 50 && refuse(w, -32602, "block range is too large")
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := extracttest.NewFakeNode(t, 2000)
			refused := 0
			n.Fault = func(w http.ResponseWriter, method string, requests []extracttest.FakeRequest) bool {
				if method != "eth_getLogs" {
					return false
				}
				from, to, logs := logsOf(requests[0])
				isRefused := limit(w, from, to, logs)
				if isRefused {
					refused++
				}
				return isRefused
			}
			if got := honest(t, nodeOptions(n)); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if refused == 0 || refused > len(n.Ranges)+20 {
				t.Errorf("refused %d times, answered %d", refused, len(n.Ranges))
			}
		})
	}
}

// TestNodeBlockOverTheLimit: one block of one contract is more than the node
// answers; its receipts have the logs too.
func TestNodeBlockOverTheLimit(t *testing.T) {
	n := extracttest.NewFakeNode(t, 30)
	want := honest(t, nodeOptions(n))
	n.MaxLogs = 1
	if got := honest(t, nodeOptions(n)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if n.Methods["eth_getBlockReceipts"] == 0 {
		t.Error("no receipts were asked for")
	}
	n.Fault = func(w http.ResponseWriter, method string, requests []extracttest.FakeRequest) bool {
		if method != "eth_getBlockReceipts" {
			return false
		}
		writeEach(w, n, requests, func(_ int, a map[string]any) {
			delete(a, "result")
			a["error"] = map[string]any{"code": -32601, "message": "the method eth_getBlockReceipts does not exist/is not available"}
		})
		return true
	}
	_, err := Run(t.Context(), sqltest.Open(t), nodeOptions(n))
	if err == nil || !strings.Contains(err.Error(), "fetch logs of blocks 1 to 1: ") || !strings.Contains(err.Error(), "query returned more than 1 results") {
		t.Errorf("got %v", err)
	}
}

func TestNodeTooManyAddresses(t *testing.T) {
	n := extracttest.NewFakeNode(t, 300)
	want := honest(t, nodeOptions(n))
	n.Fault = func(w http.ResponseWriter, method string, requests []extracttest.FakeRequest) bool {
		if method != "eth_getLogs" || strings.Count(string(requests[0].Params[0]), "0x2222")+strings.Count(string(requests[0].Params[0]), "0xdcd0") < 2 {
			return false
		}
		_, _ = fmt.Fprintf(w, `{"id":%s,"error":{"code":-32000,"message":"please specify less number of address in the getLogs query"}}`, requests[0].ID)
		return true
	}
	if got := honest(t, nodeOptions(n)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNodeWithoutAFinalizedBlock(t *testing.T) {
	n := extracttest.NewFakeNode(t, 300)
	n.Finalized = -1
	db := sqltest.Open(t)
	opt := nodeOptions(n)
	var notices []string
	opt.Notice = func(text string) { notices = append(notices, text) }
	opt.Nodes[0].Confirmations = 10
	mustRun(t, db, opt)
	if got := sqltest.Query(t, db, "select max(to_block) from raw.coverage"); got != "290\n" {
		t.Errorf("covered up to %s, want 290", got)
	}
	if len(notices) != 1 || !strings.Contains(notices[0], "10 behind the head") {
		t.Errorf("notices %q", notices)
	}
}

func TestNodeOfAnotherChain(t *testing.T) {
	n := extracttest.NewFakeNode(t, 300)
	n.Chain = 10
	_, err := Run(t.Context(), sqltest.Open(t), nodeOptions(n))
	var node *NodeError
	if !errors.As(err, &node) || !strings.Contains(err.Error(), "serves chain 0xa, want 0x1") {
		t.Errorf("got %v", err)
	}
}

// TestNodeFailover: the first endpoint dies on the way; the second is another
// chain, the third on another fork, the fourth behind, the fifth good.
func TestNodeFailover(t *testing.T) {
	n := extracttest.NewFakeNode(t, 3000)
	want := honest(t, nodeOptions(n))
	dying, foreign, forked, behind, good := extracttest.NewFakeNode(t, 3000), extracttest.NewFakeNode(t, 3000), extracttest.NewFakeNode(t, 3000), extracttest.NewFakeNode(t, 2000), extracttest.NewFakeNode(t, 3000)
	foreign.Chain, forked.Fork = 2, 1500
	dying.MaxBlocks = 100
	answered := 0
	dying.Fault = func(w http.ResponseWriter, method string, _ []extracttest.FakeRequest) bool {
		if method == "eth_getLogs" {
			answered++
		}
		if answered > 8 {
			w.WriteHeader(http.StatusBadGateway)
			return true
		}
		return false
	}
	if got := honest(t, nodeOptions(dying, foreign, forked, behind, good)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(foreign.Ranges)+len(forked.Ranges)+len(behind.Ranges) > 0 || len(good.Ranges) == 0 {
		t.Errorf("answered: foreign %v, forked %v, behind %v, good %v", foreign.Ranges, forked.Ranges, behind.Ranges, good.Ranges)
	}
}

func TestNodeHeadMovesBack(t *testing.T) {
	n := extracttest.NewFakeNode(t, 3000)
	db := sqltest.Open(t)
	mustRun(t, db, nodeOptions(n))
	before := sqltest.Query(t, db, nodeDigests)
	n.Head, n.Finalized = 2000, 1900
	opt := nodeOptions(n)
	var notices []string
	opt.Notice = func(text string) { notices = append(notices, text) }
	mustRun(t, db, opt)
	if got := sqltest.Query(t, db, nodeDigests); got != before {
		t.Errorf("got\n%s\nwant\n%s", got, before)
	}
	if len(notices) != 1 || !strings.Contains(notices[0], "last final block is 1900, logs are held up to 3000") {
		t.Errorf("notices %q", notices)
	}
}

// TestNodeReorganisation: blocks under finished units become others.
func TestNodeReorganisation(t *testing.T) {
	for _, fork := range []int{2999, 2000, 900, 1} {
		t.Run(fmt.Sprint("from ", fork), func(t *testing.T) {
			n := extracttest.NewFakeNode(t, 3100)
			n.Fork = fork
			want := honest(t, nodeOptions(n))
			n.Fork = 0
			db := sqltest.Open(t)
			for _, finalized := range []int{1000, 2000, 2500, 3000} {
				n.Finalized = finalized
				mustRun(t, db, nodeOptions(n))
			}
			n.Fork, n.Finalized, n.Ranges = fork, 3100, nil
			var notices []string
			opt := nodeOptions(n)
			opt.Notice = func(text string) { notices = append(notices, text) }
			mustRun(t, db, opt)
			if got := sqltest.Query(t, db, nodeDigests); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if len(notices) != 1 || !strings.Contains(notices[0], "are forgotten and fetched again") {
				t.Errorf("notices %q", notices)
			}
			again := 3100
			for _, r := range n.Ranges {
				again = min(again, r[0])
			}
			if again > fork || fork > 2000 && again < 2501 {
				t.Errorf("fetched again from block %d", again)
			}
		})
	}
}

func TestNodeUnreachable(t *testing.T) {
	n := extracttest.NewFakeNode(t, 300)
	opt := nodeOptions(n)
	db := sqltest.Open(t)
	mustRun(t, db, opt)
	before := sqltest.Query(t, db, nodeDigests)
	n.Close()
	_, err := Run(t.Context(), db, opt)
	var node *NodeError
	if !errors.As(err, &node) || node.ChainID != 1 {
		t.Errorf("got %v", err)
	}
	if got := sqltest.Query(t, db, nodeDigests); got != before {
		t.Errorf("got\n%s\nwant\n%s", got, before)
	}
}

// TestNodeBesideFiles: an archived file has some of the logs, without hashes and
// times. Logs are not doubled, what the file lacks is filled in, and the file
// stays their source.
func TestNodeBesideFiles(t *testing.T) {
	n := extracttest.NewFakeNode(t, 600)
	want := honest(t, nodeOptions(n))
	var lines strings.Builder
	inFile := 0
	for block := 100; block < 400; block++ {
		for _, l := range n.Logs(block) {
			less := maps.Clone(l)
			delete(less, "blockTimestamp")
			delete(less, "blockHash")
			lines.WriteString(extracttest.JSON(t, less) + "\n")
			if l["address"] != extracttest.Stranger {
				inFile++
			}
		}
	}
	for _, order := range []string{"file first", "node first"} {
		t.Run(order, func(t *testing.T) {
			dir := t.TempDir()
			extracttest.WriteFile(t, filepath.Join(dir, "logs.ndjson"), []byte(lines.String()))
			fromNode := nodeOptions(n)
			both := nodeOptions(n)
			both.Archives = []archive.Archive{{Dir: dir, Path: "logs.ndjson", ChainID: 1}}
			db := sqltest.Open(t)
			if order == "node first" {
				mustRun(t, db, fromNode)
			}
			mustRun(t, db, both)
			if got := sqltest.Query(t, db, nodeDigests); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			sources := map[string]string{
				"file first": fmt.Sprintf("%d logs.ndjson", inFile), "node first": "1600 " + n.URL,
			}
			got := sqltest.Query(t, db, "select count(*) || ' ' || path from raw.logs inner join raw.files using (file_id) group by path order by path = 'logs.ndjson' desc")
			if !strings.HasPrefix(got, sources[order]) {
				t.Errorf("logs are from\n%s\nwant first %s", got, sources[order])
			}
			mustRun(t, db, fromNode) // the file is gone; the node has all that it had
			if got := sqltest.Query(t, db, nodeDigests); got != want {
				t.Errorf("without the file\n%s\nwant\n%s", got, want)
			}
			if got := sqltest.Query(t, db, "select count(*)::varchar from raw.logs semi join (select file_id from raw.files where path = 'logs.ndjson') using (file_id)"); got != "0\n" {
				t.Errorf("%s logs are still of the file that is gone", got)
			}
		})
	}
}

func TestNodeAgainstFiles(t *testing.T) {
	n := extracttest.NewFakeNode(t, 600)
	for name, edit := range map[string]struct {
		of   func(l map[string]any)
		want string
	}{
		"other content":      {func(l map[string]any) { l["data"] = "0x" + extracttest.MaxWord }, "got other content at the same place"},
		"a log of its own":   {func(l map[string]any) { l["logIndex"] = "0x63" }, "got an answer without it"},
		"another block hash": {func(l map[string]any) { l["blockHash"] = "0x" + extracttest.MaxWord }, "got other content at the same place"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			l := n.Logs(100)[0]
			edit.of(l)
			extracttest.WriteFile(t, filepath.Join(dir, "a.json"), []byte(extracttest.JSON(t, []any{l})))
			opt := nodeOptions(n)
			opt.Archives = []archive.Archive{{Dir: dir, Path: "a.json", ChainID: 1}}
			_, err := Run(t.Context(), sqltest.Open(t), opt)
			var input *input.Error
			if !errors.As(err, &input) || !strings.Contains(err.Error(), "want the log that a.json has at chain 1 block 100 log ") || !strings.Contains(err.Error(), edit.want) {
				t.Errorf("got %v, want %s", err, edit.want)
			}
		})
	}
}

// TestNodeSharedContracts keeps only logs that name an account of the vault.
func TestNodeSharedContracts(t *testing.T) {
	n := extracttest.NewFakeNode(t, 300)
	var names [2]string // accounts, each in another topic of one of the stranger's logs
	names[0] = "0x" + n.Logs(100)[2]["topics"].([]string)[1][26:]
	names[1] = "0x" + n.Logs(200)[2]["topics"].([]string)[2][26:]
	opt := nodeOptions(n)
	opt.Vaults = opt.Vaults[:1]
	opt.Vaults[0].Safe = names[0]
	opt.Vaults[0].Contracts = []vault.Contract{
		{Address: extracttest.Stranger, Role: "asset", Family: "erc4626", Shared: true},
		{Address: names[1], Role: "account", Family: "safe"},
	}
	db := sqltest.Open(t)
	mustRun(t, db, opt)
	if got := sqltest.Query(t, db, "select block_number || ' ' || log_index from raw.logs where address = unhex('"+extracttest.Stranger[2:]+"') order by all"); got != "100 2\n200 2\n" {
		t.Errorf("kept\n%s", got)
	}
	before := sqltest.Query(t, db, nodeDigests)
	n.Requests = 0
	if mustRun(t, db, opt); n.Requests > 3 || sqltest.Query(t, db, nodeDigests) != before {
		t.Errorf("%d requests for nothing new", n.Requests)
	}
}

// TestNodeFillsTimesOfFiles: a log of a file before the start block has no time
// but the node's.
func TestNodeFillsTimesOfFiles(t *testing.T) {
	n := extracttest.NewFakeNode(t, 600)
	dir := t.TempDir()
	l := n.Logs(100)[0]
	delete(l, "blockTimestamp")
	extracttest.WriteFile(t, filepath.Join(dir, "a.json"), []byte(extracttest.JSON(t, []any{l})))
	opt := nodeOptions(n)
	opt.Archives = []archive.Archive{{Dir: dir, Path: "a.json", ChainID: 1}}
	for i := range opt.Vaults {
		opt.Vaults[i].StartBlock = 500
	}
	db := sqltest.Open(t)
	mustRun(t, db, opt)
	if got := sqltest.Query(t, db, "select block_number || ' ' || epoch(block_timestamp)::bigint from raw.blocks"); got != fmt.Sprintf("100 %d\n", n.Time(100)) {
		t.Errorf("block times are\n%s", got)
	}
	if got := sqltest.Query(t, db, "select min(from_block) || ' ' || max(to_block) from raw.coverage"); got != "500 600\n" {
		t.Errorf("covered %s", got)
	}
	n.Requests = 0
	if mustRun(t, db, opt); n.Requests > 3 {
		t.Errorf("%d requests for nothing new", n.Requests)
	}
}

// mustFail is the error of a run that must have one.
func mustFail(t *testing.T, db *sql.DB, opt Options) error {
	t.Helper()
	_, err := Run(t.Context(), db, opt)
	if err == nil {
		t.Fatal("no error")
	}
	return err
}

func TestNodeTimesInTheFuture(t *testing.T) {
	n := extracttest.NewFakeNode(t, 300)
	opt := nodeOptions(n)
	opt.Now = time.Date(2025, 9, 5, 0, 0, 0, 0, time.UTC).AddDate(-5, 0, 0)
	if err := mustFail(t, sqltest.Open(t), opt); !strings.Contains(err.Error(), "want a time that is not in the future") {
		t.Errorf("got %v", err)
	}
}

// TestNodeReplay runs from what a run recorded, keys stripped, without a node.
func TestNodeReplay(t *testing.T) {
	n := extracttest.NewFakeNode(t, 2000)
	n.MaxLogs = 1500
	k := 0
	n.Fault = func(w http.ResponseWriter, _ string, _ []extracttest.FakeRequest) bool {
		if k++; k%4 == 0 {
			w.WriteHeader(http.StatusTooManyRequests)
			return true
		}
		return false
	}
	opt := nodeOptions(n)
	const key = "s3cr3tk3ys3cr3tk3y"
	opt.Nodes[0].URLs[0] += "/v2/" + key
	opt.Record = t.TempDir()
	want := honest(t, opt)
	n.Close()
	files, err := filepath.Glob(filepath.Join(opt.Record, "chain-1", "*"))
	if err != nil || len(files) < 5 {
		t.Fatalf("recorded %d files, %v", len(files), err)
	}
	opt.Replay, opt.Record = opt.Record, ""
	opt.Nodes[0].URLs = nil
	if got := honest(t, opt); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	opt.Vaults[0].Address = extracttest.Stranger
	if _, err := Run(t.Context(), sqltest.Open(t), opt); err == nil || !strings.Contains(err.Error(), "the recording has no answer to") || strings.Contains(err.Error(), key) {
		t.Errorf("got %v", err)
	}
}
