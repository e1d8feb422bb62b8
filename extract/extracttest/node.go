package extracttest

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

	"github.com/ethereum/go-ethereum/crypto"
)

// A FakeNode serves a made-up chain: blocks with hashes and times, and logs of
// two vaults and a stranger. It answers like geth 1.17; edit and fault make it
// worse.
type FakeNode struct {
	*httptest.Server
	Chain int

	Mu        sync.Mutex
	Head      int // last block
	Finalized int // -1: the node has no such tag
	Fork      int // blocks from here on are others; 0: none
	density   int // logs a block and vault
	MaxBlocks int // of a request; 0: no limit
	MaxLogs   int // likewise
	NoTimes   bool
	HasNoCode bool // at any address

	Fault    func(w http.ResponseWriter, method string, requests []FakeRequest) bool // true: answered
	Edit     func(logs []map[string]any) []map[string]any
	Requests int
	Methods  map[string]int
	Ranges   [][2]int // of eth_getLogs that were answered
}

// A FakeRequest is one call of a request.
type FakeRequest struct {
	ID     json.RawMessage
	Method string
	Params []json.RawMessage
}

// TransferTopic is the first topic of share transfers.
var TransferTopic = crypto.Keccak256Hash([]byte("Transfer(address,address,uint256)")).Hex()

// NewFakeNode serves blocks up to head, which is final.
func NewFakeNode(t testing.TB, head int) *FakeNode {
	t.Helper()
	n := &FakeNode{Chain: 1, Head: head, Finalized: head, density: 2, Methods: map[string]int{}}
	n.Server = httptest.NewServer(n)
	t.Cleanup(n.Close)
	return n
}

func (n *FakeNode) hash(kind string, block, index int) string {
	var seed [24]byte
	binary.BigEndian.PutUint64(seed[:], uint64(block))
	binary.BigEndian.PutUint64(seed[8:], uint64(index))
	if n.Fork > 0 && block >= n.Fork {
		binary.BigEndian.PutUint64(seed[16:], uint64(n.Fork))
	}
	return crypto.Keccak256Hash([]byte(kind), seed[:]).Hex()
}

// Time is that of a block, in Unix seconds.
func (n *FakeNode) Time(block int) int64 { return 1_700_000_000 + int64(block)*12 }

// Logs of a block: in every third there are none.
func (n *FakeNode) Logs(block int) []map[string]any {
	if block%3 == 0 {
		return nil
	}
	var logs []map[string]any
	for i := range n.density * 3 {
		address := []string{LagoonAddress, OtherAddress, Stranger}[i%3]
		l := map[string]any{
			"address": address, "blockNumber": QuantityText(block), "blockHash": n.hash("block", block, 0),
			"transactionHash": n.hash("tx", block, i/2), "transactionIndex": QuantityText(i / 2), "logIndex": QuantityText(i),
			"topics": []string{TransferTopic, "0x" + strings.Repeat("0", 24) + n.hash("from", block, i)[26:], "0x" + strings.Repeat("0", 24) + n.hash("to", block, i)[26:]},
			"data":   n.hash("value", block, i), "removed": false, "blockTimestamp": QuantityText(int(n.Time(block))),
		}
		if i%5 == 4 {
			l["topics"], l["data"] = []string{n.hash("unknown", block, 0)}, "0x"
		}
		if n.NoTimes {
			delete(l, "blockTimestamp")
		}
		logs = append(logs, l)
	}
	return logs
}

// QuantityText writes a number as nodes do.
func QuantityText(n int) string { return fmt.Sprintf("%#x", n) }

// ServeHTTP answers one request or a batch.
func (n *FakeNode) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	n.Mu.Lock()
	defer n.Mu.Unlock()
	var requests []FakeRequest
	isBatch := bytes.HasPrefix(body, []byte("["))
	if isBatch {
		err = json.Unmarshal(body, &requests)
	} else {
		requests = make([]FakeRequest, 1)
		err = json.Unmarshal(body, &requests[0])
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	n.Requests++
	for _, q := range requests {
		n.Methods[q.Method]++
	}
	if n.Fault != nil && n.Fault(w, requests[0].Method, requests) {
		return
	}
	answers := make([]any, len(requests))
	for i, q := range requests {
		answers[i] = n.Answer(q)
	}
	if isBatch {
		_ = json.NewEncoder(w).Encode(answers)
		return
	}
	_ = json.NewEncoder(w).Encode(answers[0])
}

// Answer is the answer to one call.
func (n *FakeNode) Answer(q FakeRequest) map[string]any {
	result, failed := n.result(q)
	answer := map[string]any{"jsonrpc": "2.0", "id": q.ID}
	if failed != "" {
		answer["error"] = map[string]any{"code": -32602, "message": failed}
	} else {
		answer["result"] = result
	}
	return answer
}

func (n *FakeNode) result(q FakeRequest) (result any, failed string) {
	switch q.Method {
	case "eth_chainId":
		return QuantityText(n.Chain), ""
	case "eth_blockNumber":
		return QuantityText(n.Head), ""
	case "eth_getBlockByNumber":
		return n.block(strings.Trim(string(q.Params[0]), `"`))
	case "eth_getBlockReceipts":
		return []any{map[string]any{"logs": n.Logs(Number(string(q.Params[0])))}}, ""
	case "eth_getStorageAt": // no proxy
		return "0x" + strings.Repeat("0", 64), ""
	case "eth_getCode":
		if n.HasNoCode {
			return "0x", ""
		}
		return "0x60", ""
	case "eth_getLogs":
		return n.getLogs(q.Params[0])
	}
	return nil, "the method " + q.Method + " does not exist/is not available"
}

func (n *FakeNode) block(tag string) (any, string) {
	at := Number(tag)
	if tag == "finalized" {
		if n.Finalized < 0 {
			return nil, "finalized block not found"
		}
		at = n.Finalized
	}
	if at > n.Head {
		return nil, ""
	}
	return map[string]any{"number": QuantityText(at), "hash": n.hash("block", at, 0), "timestamp": QuantityText(int(n.Time(at))), "transactions": []any{}}, ""
}

// Number reads a quantity; what is none is 0.
func Number(text string) int {
	n, _ := strconv.ParseInt(strings.Trim(text, `"`), 0, 64)
	return int(n)
}

func (n *FakeNode) getLogs(raw json.RawMessage) (any, string) {
	var filter struct {
		FromBlock, ToBlock string
		Address            []string
		Topics             []any
	}
	if err := json.Unmarshal(raw, &filter); err != nil {
		return nil, err.Error()
	}
	from, to := Number(filter.FromBlock), Number(filter.ToBlock)
	switch {
	case to > n.Head:
		return nil, "block range extends beyond current head block"
	case n.MaxBlocks > 0 && to-from+1 > n.MaxBlocks:
		return nil, fmt.Sprintf("exceed maximum block range %d", n.MaxBlocks)
	}
	logs := []map[string]any{}
	for block := from; block <= to; block++ {
		for _, l := range n.Logs(block) {
			if slices.Contains(filter.Address, l["address"].(string)) && takesTopics(filter.Topics, l["topics"].([]string)) {
				logs = append(logs, l)
			}
		}
		if n.MaxLogs > 0 && len(logs) > n.MaxLogs {
			return nil, fmt.Sprintf("query returned more than %d results", n.MaxLogs)
		}
	}
	if n.Edit != nil {
		logs = n.Edit(logs)
	}
	n.Ranges = append(n.Ranges, [2]int{from, to})
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
