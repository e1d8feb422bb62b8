package rpc

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// A node answers calls one by one; fault may answer a whole request in its
// place.
type node struct {
	*httptest.Server
	chain  uint64
	answer func(method string, params json.RawMessage) (result any, failed any)
	fault  func(w http.ResponseWriter, body []byte, requests []wireRequest) bool

	mu       sync.Mutex
	arrivals []time.Time // of calls
	requests int
	methods  map[string]int
}

type wireRequest struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

func newNode(t testing.TB, chain uint64, answer func(method string, params json.RawMessage) (any, any)) *node {
	t.Helper()
	n := &node{chain: chain, answer: answer, methods: map[string]int{}}
	n.Server = httptest.NewServer(n)
	t.Cleanup(n.Close)
	return n
}

func (n *node) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	requests, isBatch := parseRequests(body)
	n.mu.Lock()
	n.requests++
	for _, q := range requests {
		n.arrivals = append(n.arrivals, time.Now())
		n.methods[q.Method]++
	}
	n.mu.Unlock()
	if n.fault != nil && n.fault(w, body, requests) {
		return
	}
	answers := make([]map[string]any, len(requests))
	for i, q := range requests {
		answers[i] = n.one(q)
	}
	w.Header().Set("Content-Type", "application/json")
	if isBatch {
		_ = json.NewEncoder(w).Encode(answers)
		return
	}
	_ = json.NewEncoder(w).Encode(answers[0])
}

func (n *node) one(q wireRequest) map[string]any {
	answer := map[string]any{"jsonrpc": "2.0", "id": q.ID}
	if q.Method == "eth_chainId" {
		answer["result"] = fmt.Sprintf("%#x", n.chain)
		return answer
	}
	result, failed := n.answer(q.Method, q.Params)
	if failed != nil {
		answer["error"] = failed
	} else {
		answer["result"] = result
	}
	return answer
}

func parseRequests(body []byte) (requests []wireRequest, isBatch bool) {
	if json.Unmarshal(body, &requests) == nil {
		return requests, true
	}
	var one wireRequest
	if json.Unmarshal(body, &one) != nil {
		return nil, false
	}
	return []wireRequest{one}, false
}

// echo answers with the params.
func echo(_ string, params json.RawMessage) (any, any) { return params, nil }

func refusal(code int, message string) map[string]any {
	return map[string]any{"code": code, "message": message}
}

func dial(t testing.TB, opt Options, nodes ...*node) *Pool {
	t.Helper()
	if opt.ChainID == 0 {
		opt.ChainID = 7
	}
	for _, n := range nodes {
		opt.URLs = append(opt.URLs, n.URL)
	}
	p, err := Dial(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func echoCalls(n int) []Call {
	calls := make([]Call, n)
	for i := range calls {
		calls[i] = Call{"echo", []any{i}}
	}
	return calls
}

// wantEchoes checks that every call has its own answer.
func wantEchoes(t testing.TB, results []Result, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if want := fmt.Sprintf("[%d]", i); r.Err != nil || string(r.Value) != want {
			t.Fatalf("result %d is %s, %v, want %s", i, r.Value, r.Err, want)
		}
	}
}

func TestBatchKeepsOrder(t *testing.T) {
	n := newNode(t, 7, echo)
	p := dial(t, Options{}, n)
	results, err := p.Batch(t.Context(), echoCalls(1234))
	wantEchoes(t, results, err)
	if n.requests != 1+13 {
		t.Errorf("%d requests, want 13 of 100 calls and the chain's", n.requests)
	}
}

func TestDialRefusesAnotherChain(t *testing.T) {
	n := newNode(t, 10, echo)
	_, err := Dial(t.Context(), Options{ChainID: 1, URLs: []string{n.URL}})
	var none *NoEndpointError
	if !errors.As(err, &none) || !strings.Contains(err.Error(), "serves chain 0xa, want 0x1") {
		t.Errorf("got %v", err)
	}
}

// TestSilentEndpoint has a first endpoint that takes connections and never answers.
func TestSilentEndpoint(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	good := newNode(t, 7, echo)
	var mu sync.Mutex
	var notices []string
	opt := Options{
		ChainID: 7, URLs: []string{"http://" + listener.Addr().String(), good.URL}, Timeout: 10 * time.Minute,
		checkTimeout: 5 * time.Second, // in which the other answers on a slow machine too
		Notice: func(text string) {
			mu.Lock()
			defer mu.Unlock()
			notices = append(notices, text)
		},
	}
	start := time.Now()
	p, err := Dial(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(times int) {
		var wait sync.WaitGroup
		for i := range times {
			wait.Go(func() {
				if _, err := p.Call(t.Context(), "echo", i); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
	}
	ask(20)
	p.Anchor(Block{}, p.Endpoints()[1])
	ask(20)
	if took := time.Since(start); took > opt.Timeout/2 {
		t.Errorf("it took %s, want one check's time", took)
	}
	// when it is tried again, one request waits for that, and only once
	p.mu.Lock()
	p.endpoints[0].silentUntil = time.Now()
	p.mu.Unlock()
	start = time.Now()
	ask(20)
	if took := time.Since(start); took > opt.Timeout/2 {
		t.Errorf("the second check took %s", took)
	}
	p.mu.Lock()
	until := p.endpoints[0].silentUntil
	if until.Before(start.Add(time.Minute)) || until.After(time.Now().Add(time.Minute)) {
		t.Errorf("then it is passed over until %s, want a minute from the second check, which began after %s", until, start)
	}
	p.mu.Unlock()
	mu.Lock()
	defer mu.Unlock()
	if len(notices) != 1 || !strings.Contains(notices[0], listener.Addr().String()) {
		t.Errorf("notices are %q, want one that names the silent endpoint", notices)
	}
}
