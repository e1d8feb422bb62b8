//go:build !race

package realvaults

import (
	"bufio"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/rpc"
)

// chainID is Anvil's own.
const chainID = 31337

// genesisTime is the first block's: 2025-01-01, UTC.
const genesisTime = 1735689600

// A node is an Anvil of one scenario. It mines only when it is told to.
type node struct {
	url      string
	rpc      *rpc.Client
	eth      *ethclient.Client
	accounts []common.Address // which it signs for
}

// startNode starts Anvil on a free port, with further flags, until the test ends. The test skips where
// the npm packages are not installed.
func startNode(t testing.TB, flags ...string) *node {
	t.Helper()
	if testing.Short() {
		t.Skip("plays real contracts: run make real")
	}
	found, err := filepath.Glob(filepath.Join("contracts", "node_modules", "@foundry-rs", "anvil-*", "bin", "anvil"))
	if err != nil || len(found) == 0 {
		t.Skip("Anvil is not installed: run make real")
	}
	flags = append(flags, "--host", "127.0.0.1", "--port", "0", "--no-mining", "--order", "fifo", "--accounts", "24",
		"--timestamp", "1735689600", "--slots-in-an-epoch", "1", "--disable-code-size-limit", "--gas-limit", "100000000",
		"--cache-path", t.TempDir())
	cmd := exec.CommandContext(t.Context(), found[0], flags...)
	cmd.Env = append(cmd.Environ(), "HOME="+t.TempDir()) // where it keeps old states
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start Anvil: %v", err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // the test's context has ended it
	n := &node{}
	lines := bufio.NewScanner(out)
	for n.url == "" && lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "Listening on "); ok {
			n.url = "http://" + address
		}
	}
	if n.url == "" {
		t.Fatalf("Anvil does not say where it listens: %v", lines.Err())
	}
	go func() {
		for lines.Scan() { // so that it can go on writing
		}
	}()
	if n.rpc, err = rpc.DialContext(t.Context(), n.url); err != nil {
		t.Fatalf("connect to Anvil: %v", err)
	}
	t.Cleanup(n.rpc.Close)
	n.eth = ethclient.NewClient(n.rpc)
	n.must(t, &n.accounts, "eth_accounts")
	return n
}

// must asks for what cannot fail in a sound scenario.
func (n *node) must(t testing.TB, result any, method string, args ...any) {
	t.Helper()
	var raw json.RawMessage
	if err := n.rpc.CallContext(t.Context(), &raw, method, args...); err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	if result == nil {
		return
	}
	if err := json.Unmarshal(raw, result); err != nil {
		t.Fatalf("%s: %v", method, err)
	}
}
