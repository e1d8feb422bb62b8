package extract

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
)

// A fakeNode serves a made-up chain: blocks with hashes and times, and logs of
// two vaults and a stranger. It answers like geth 1.17; edit and fault make it
// worse.
type fakeNode struct {
	*httptest.Server
	chain int

	mu        sync.Mutex
	head      int // last block
	finalized int // -1: the node has no such tag
	fork      int // blocks from here on are others; 0: none
	density   int // logs a block and vault
	maxBlocks int // of a request; 0: no limit
	maxLogs   int // likewise
	noTimes   bool
	hasNoCode bool // at any address

	fault    func(w http.ResponseWriter, method string, requests []fakeRequest) bool // true: answered
	edit     func(logs []map[string]any) []map[string]any
	requests int
	methods  map[string]int
	ranges   [][2]int // of eth_getLogs that were answered
}

type fakeRequest struct {
	ID     json.RawMessage
	Method string
	Params []json.RawMessage
}

const (
	otherVault = "0x2222222222222222222222222222222222222222"
	stranger   = "0x3333333333333333333333333333333333333333"
)

var transferTopic = crypto.Keccak256Hash([]byte("Transfer(address,address,uint256)")).Hex()

func newFakeNode(t testing.TB, head int) *fakeNode {
	t.Helper()
	n := &fakeNode{chain: 1, head: head, finalized: head, density: 2, methods: map[string]int{}}
	n.Server = httptest.NewServer(n)
	t.Cleanup(n.Close)
	return n
}

func (n *fakeNode) hash(kind string, block, index int) string {
	var seed [24]byte
	binary.BigEndian.PutUint64(seed[:], uint64(block))
	binary.BigEndian.PutUint64(seed[8:], uint64(index))
	if n.fork > 0 && block >= n.fork {
		binary.BigEndian.PutUint64(seed[16:], uint64(n.fork))
	}
	return crypto.Keccak256Hash([]byte(kind), seed[:]).Hex()
}

func (n *fakeNode) time(block int) int64 { return 1_700_000_000 + int64(block)*12 }

// logs of a block: in every third there are none.
func (n *fakeNode) logs(block int) []map[string]any {
	if block%3 == 0 {
		return nil
	}
	var logs []map[string]any
	for i := range n.density * 3 {
		address := []string{testVault, otherVault, stranger}[i%3]
		l := map[string]any{
			"address": address, "blockNumber": quantityText(block), "blockHash": n.hash("block", block, 0),
			"transactionHash": n.hash("tx", block, i/2), "transactionIndex": quantityText(i / 2), "logIndex": quantityText(i),
			"topics": []string{transferTopic, "0x" + strings.Repeat("0", 24) + n.hash("from", block, i)[26:], "0x" + strings.Repeat("0", 24) + n.hash("to", block, i)[26:]},
			"data":   n.hash("value", block, i), "removed": false, "blockTimestamp": quantityText(int(n.time(block))),
		}
		if i%5 == 4 {
			l["topics"], l["data"] = []string{n.hash("unknown", block, 0)}, "0x"
		}
		if n.noTimes {
			delete(l, "blockTimestamp")
		}
		logs = append(logs, l)
	}
	return logs
}

func quantityText(n int) string { return fmt.Sprintf("%#x", n) }

func (n *fakeNode) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	var requests []fakeRequest
	isBatch := bytes.HasPrefix(body, []byte("["))
	if isBatch {
		err = json.Unmarshal(body, &requests)
	} else {
		requests = make([]fakeRequest, 1)
		err = json.Unmarshal(body, &requests[0])
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	n.requests++
	for _, q := range requests {
		n.methods[q.Method]++
	}
	if n.fault != nil && n.fault(w, requests[0].Method, requests) {
		return
	}
	answers := make([]any, len(requests))
	for i, q := range requests {
		answers[i] = n.answer(q)
	}
	if isBatch {
		_ = json.NewEncoder(w).Encode(answers)
		return
	}
	_ = json.NewEncoder(w).Encode(answers[0])
}

func (n *fakeNode) answer(q fakeRequest) map[string]any {
	result, failed := n.result(q)
	answer := map[string]any{"jsonrpc": "2.0", "id": q.ID}
	if failed != "" {
		answer["error"] = map[string]any{"code": -32602, "message": failed}
	} else {
		answer["result"] = result
	}
	return answer
}

func (n *fakeNode) result(q fakeRequest) (result any, failed string) {
	switch q.Method {
	case "eth_chainId":
		return quantityText(n.chain), ""
	case "eth_blockNumber":
		return quantityText(n.head), ""
	case "eth_getBlockByNumber":
		return n.block(strings.Trim(string(q.Params[0]), `"`))
	case "eth_getBlockReceipts":
		return []any{map[string]any{"logs": n.logs(number(string(q.Params[0])))}}, ""
	case "eth_getStorageAt": // no proxy
		return "0x" + strings.Repeat("0", 64), ""
	case "eth_getCode":
		if n.hasNoCode {
			return "0x", ""
		}
		return "0x60", ""
	case "eth_getLogs":
		return n.getLogs(q.Params[0])
	}
	return nil, "the method " + q.Method + " does not exist/is not available"
}

func (n *fakeNode) block(tag string) (any, string) {
	at := number(tag)
	if tag == "finalized" {
		if n.finalized < 0 {
			return nil, "finalized block not found"
		}
		at = n.finalized
	}
	if at > n.head {
		return nil, ""
	}
	return map[string]any{"number": quantityText(at), "hash": n.hash("block", at, 0), "timestamp": quantityText(int(n.time(at))), "transactions": []any{}}, ""
}

func number(text string) int {
	n, _ := strconv.ParseInt(strings.Trim(text, `"`), 0, 64)
	return int(n)
}

func (n *fakeNode) getLogs(raw json.RawMessage) (any, string) {
	var filter struct {
		FromBlock, ToBlock string
		Address            []string
		Topics             []any
	}
	if err := json.Unmarshal(raw, &filter); err != nil {
		return nil, err.Error()
	}
	from, to := number(filter.FromBlock), number(filter.ToBlock)
	switch {
	case to > n.head:
		return nil, "block range extends beyond current head block"
	case n.maxBlocks > 0 && to-from+1 > n.maxBlocks:
		return nil, fmt.Sprintf("exceed maximum block range %d", n.maxBlocks)
	}
	logs := []map[string]any{}
	for block := from; block <= to; block++ {
		for _, l := range n.logs(block) {
			if slices.Contains(filter.Address, l["address"].(string)) && takesTopics(filter.Topics, l["topics"].([]string)) {
				logs = append(logs, l)
			}
		}
		if n.maxLogs > 0 && len(logs) > n.maxLogs {
			return nil, fmt.Sprintf("query returned more than %d results", n.maxLogs)
		}
	}
	if n.edit != nil {
		logs = n.edit(logs)
	}
	n.ranges = append(n.ranges, [2]int{from, to})
	return logs, ""
}

func takesTopics(want []any, topics []string) bool {
	for i, position := range want {
		words, isList := position.([]any)
		if !isList {
			continue
		}
		if i >= len(topics) || !slices.ContainsFunc(words, func(w any) bool { return w.(string) == topics[i] }) {
			return false
		}
	}
	return true
}

// nodeOptions ask the nodes for both vaults, the first of them first.
func nodeOptions(nodes ...*fakeNode) Options {
	opt := Options{
		Vaults: []Vault{
			{ID: "v", Name: "V", ChainID: 1, Address: testVault, Family: "erc4626", AssetDecimals: 6, ShareDecimals: 18},
			{ID: "o", Name: "O", ChainID: 1, Address: otherVault, Family: "erc4626", AssetDecimals: 6, ShareDecimals: 18},
		},
		Now:   time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Nodes: []Node{{ChainID: 1, backoff: time.Millisecond}},
	}
	for _, n := range nodes {
		opt.Nodes[0].URLs = append(opt.Nodes[0].URLs, n.URL)
	}
	return opt
}
