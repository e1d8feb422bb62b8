package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// A smallNode serves a chain of a thousand blocks with one transfer of the
// vault alpha's shares in block 100. Its URL has a key.
type smallNode struct {
	*httptest.Server
	requests atomic.Int64
	isDown   atomic.Bool
}

const nodeKey = "s3cr3tk3ys3cr3tk3y"

func newSmallNode(t *testing.T) *smallNode {
	t.Helper()
	n := &smallNode{}
	n.Server = httptest.NewServer(n)
	t.Cleanup(n.Close)
	return n
}

func (n *smallNode) url() string { return n.URL + "/v2/" + nodeKey }

func (n *smallNode) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.requests.Add(1)
	if n.isDown.Load() || r.URL.Path != "/v2/"+nodeKey {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	type request struct {
		ID     json.RawMessage
		Method string
		Params []json.RawMessage
	}
	body, _ := io.ReadAll(r.Body)
	var all []request
	var one request
	isOne := json.Unmarshal(body, &one) == nil
	if isOne {
		all = []request{one}
	} else if json.Unmarshal(body, &all) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	var answers []any
	for _, q := range all {
		answer := map[string]any{"jsonrpc": "2.0", "id": q.ID}
		switch q.Method {
		case "eth_chainId":
			answer["result"] = "0x1"
		case "eth_getBlockByNumber":
			number := strings.Trim(string(q.Params[0]), `"`)
			if number == "finalized" {
				number = "0x3e7"
			}
			answer["result"] = map[string]any{"number": number, "hash": blockHash(number), "timestamp": blockTime(number)}
		case "eth_getLogs":
			var filter struct{ FromBlock, ToBlock string }
			_ = json.Unmarshal(q.Params[0], &filter)
			logs := []any{}
			if quantity(filter.FromBlock) <= 100 && quantity(filter.ToBlock) >= 100 {
				logs = append(logs, transferLog())
			}
			answer["result"] = logs
		default:
			answer["error"] = map[string]any{"code": -32601, "message": "the method " + q.Method + " does not exist"}
		}
		answers = append(answers, answer)
	}
	if isOne {
		_ = json.NewEncoder(w).Encode(answers[0])
		return
	}
	_ = json.NewEncoder(w).Encode(answers)
}

func quantity(text string) int64 {
	n, _ := strconv.ParseInt(text, 0, 64)
	return n
}

func blockHash(number string) string { return fmt.Sprintf("0x%064x", 1000+quantity(number)) }

func blockTime(number string) string { return fmt.Sprintf("%#x", 1_750_000_000+12*quantity(number)) }

func transferLog() map[string]any {
	return map[string]any{
		"address": "0x00000000000000000000000000000000000000a1", "blockNumber": "0x64", "blockHash": blockHash("0x64"),
		"transactionHash": fmt.Sprintf("0x%064x", 7), "transactionIndex": "0x0", "logIndex": "0x0", "removed": false, "blockTimestamp": blockTime("0x64"),
		"topics": []string{"0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef", fmt.Sprintf("0x%064x", 0), fmt.Sprintf("0x%064x", 5)},
		"data":   fmt.Sprintf("0x%064x", 1_000_000),
	}
}

// nodeRun is a good run's folder whose config also names a node, by a
// variable.
func nodeRun(t *testing.T, n *smallNode) (config, out string) {
	t.Helper()
	dir, _, out := goodRun(t)
	t.Setenv("ALPHA_RPC_URL", n.url())
	table := "\n[[rpc]]\nchain_id = 1\nurls = [\"env:ALPHA_RPC_URL\"]\nverify = \"L0\"\n"
	vault := strings.Replace(alphaVault, `"lagoon"`, `"erc4626"`, 1)
	return writeFile(t, filepath.Join(dir, "node.toml"), vault+goodArchive+table), out
}

func TestNodeOfAConfig(t *testing.T) {
	n := newSmallNode(t)
	config, out := nodeRun(t, n)

	plan := mustCall(t, exitDone, "extract", "--dry-run", "--config", config, "--out", out)
	for _, want := range []string{"chain 1  " + n.URL + "/…", "final    block 999 of 2025-06-15T18:26:28Z", "missing  blocks 0 to 999 of 1 contracts", "logs     about 2 requests, 80 compute units"} {
		if !strings.Contains(plan.stdout, want) {
			t.Errorf("the plan lacks %q:\n%s", want, plan.stdout)
		}
	}

	got := mustCall(t, exitDone, "run", "--config", config, "--out", out, "--as-of", "2025-08-03")
	rows := mustCall(t, exitDone, "sql", "--out", out, "--format", "csv",
		"select path, kind, format, state, rows_read, rows_kept, rows_new from marts.imports where format = 'eth_getLogs'")
	if want := n.URL + "/… (chain 1),logs,eth_getLogs,new,1,1,1"; !strings.Contains(rows.stdout, want) {
		t.Errorf("marts.imports has\n%s\nwant %s", rows.stdout, want)
	}
	n.requests.Store(0)
	again := mustCall(t, exitDone, "run", "--config", config, "--out", out, "--as-of", "2025-08-03")
	if n.requests.Load() > 3 {
		t.Errorf("%d requests for nothing new", n.requests.Load())
	}
	plan = mustCall(t, exitDone, "run", "--dry-run", "--config", config, "--out", out)
	if strings.Contains(plan.stdout, "missing") {
		t.Errorf("the plan is\n%s", plan.stdout)
	}

	// The node is gone: an exit code of its own, and the last run stands.
	before := published(t, out)
	n.isDown.Store(true)
	down := mustCall(t, exitNode, "run", "--config", config, "--out", out, "--as-of", "2025-08-04")
	wantUnchanged(t, before, published(t, out))
	if !strings.Contains(down.stderr, "no endpoint of chain 1 can be used: "+n.URL+"/…: ") {
		t.Errorf("message: %s", down.stderr)
	}
	n.isDown.Store(false)
	for _, said := range []string{plan.stdout, plan.stderr, got.stdout, got.stderr, again.stderr, down.stderr, everything(t, out)} {
		if strings.Contains(said, nodeKey) {
			t.Errorf("the key is shown: %s", said)
		}
	}
}

// everything is the text of all files that a run published.
func everything(t *testing.T, out string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(out, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestNodeRecordedAndReplayed(t *testing.T) {
	n := newSmallNode(t)
	config, out := nodeRun(t, n)
	recording := filepath.Join(t.TempDir(), "recording")
	mustCall(t, exitDone, "extract", "--config", config, "--out", out, "--record", recording)
	if strings.Contains(everything(t, recording), nodeKey) {
		t.Error("the key is recorded")
	}
	n.Close()
	if err := os.Unsetenv("ALPHA_RPC_URL"); err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "out")
	mustCall(t, exitDone, "run", "--config", config, "--out", elsewhere, "--as-of", "2025-08-03", "--replay", recording)
	rows := mustCall(t, exitDone, "sql", "--out", elsewhere, "--format", "csv", "select path, rows_new from marts.imports where format = 'eth_getLogs'")
	if want := n.URL + "/… (chain 1),1"; !strings.Contains(rows.stdout, want) {
		t.Errorf("marts.imports has\n%s\nwant %s", rows.stdout, want)
	}
	mustCall(t, exitUsage, "extract", "--config", config, "--out", out, "--record", recording, "--replay", recording)
	for flag, c := range map[string]struct{ folder, want string }{
		"--record": {recording, "holds a recording already"},
		"--replay": {elsewhere, "holds no recording"},
	} {
		if got := mustCall(t, exitUsage, "extract", "--config", config, "--out", out, flag, c.folder); !strings.Contains(got.stderr, c.want) {
			t.Errorf("%s %s: %s", flag, c.folder, got.stderr)
		}
	}
	if got := mustCall(t, exitUsage, "extract", "--config", config, "--out", out); !strings.Contains(got.stderr, "want the environment variable ALPHA_RPC_URL to hold a URL, it is not set") {
		t.Errorf("message: %s", got.stderr)
	}
	t.Setenv("ALPHA_RPC_URL", "ftp://host/"+nodeKey)
	got := mustCall(t, exitUsage, "extract", "--config", config, "--out", out)
	if !strings.Contains(got.stderr, "ALPHA_RPC_URL to hold an http or https URL") || strings.Contains(got.stderr, nodeKey) {
		t.Errorf("message: %s", got.stderr)
	}
}
