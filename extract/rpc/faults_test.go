package rpc

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// answers writes what an honest node would, changed by edit.
func answers(w http.ResponseWriter, requests []wireRequest, edit func(i int, answer map[string]any)) {
	all := make([]map[string]any, len(requests))
	for i, q := range requests {
		all[i] = map[string]any{"jsonrpc": "2.0", "id": q.ID, "result": q.Params}
		edit(i, all[i])
	}
	if len(all) == 1 {
		_ = json.NewEncoder(w).Encode(all[0])
		return
	}
	_ = json.NewEncoder(w).Encode(all)
}

// passing are faults that go away. Each must end in every call having its own
// answer.
var passing = map[string]func(w http.ResponseWriter, requests []wireRequest){
	"empty body": func(w http.ResponseWriter, _ []wireRequest) {},
	"html": func(w http.ResponseWriter, _ []wireRequest) {
		_, _ = fmt.Fprint(w, "<html><body>Just a moment</body></html>")
	},
	"cut short":   func(w http.ResponseWriter, _ []wireRequest) { _, _ = fmt.Fprint(w, `[{"jsonrpc":"2.0","id":`) },
	"null":        func(w http.ResponseWriter, _ []wireRequest) { _, _ = fmt.Fprint(w, "null") },
	"empty batch": func(w http.ResponseWriter, _ []wireRequest) { _, _ = fmt.Fprint(w, "[]") },
	"null results": func(w http.ResponseWriter, requests []wireRequest) {
		answers(w, requests, func(_ int, a map[string]any) { a["result"] = nil })
	},
	"no results": func(w http.ResponseWriter, requests []wireRequest) {
		answers(w, requests, func(_ int, a map[string]any) { delete(a, "result") })
	},
	"ids of another request": func(w http.ResponseWriter, requests []wireRequest) {
		answers(w, requests, func(i int, a map[string]any) { a["id"] = i + 1 })
	},
	"one id twice": func(w http.ResponseWriter, requests []wireRequest) {
		answers(w, requests, func(_ int, a map[string]any) { a["id"] = requests[0].ID })
	},
	"ids that are names": func(w http.ResponseWriter, requests []wireRequest) {
		answers(w, requests, func(_ int, a map[string]any) { a["id"] = "first" })
	},
	"connection closed": func(w http.ResponseWriter, _ []wireRequest) { panic(http.ErrAbortHandler) },
	"closed in the middle": func(w http.ResponseWriter, _ []wireRequest) {
		w.Header().Set("Content-Length", "1000")
		_, _ = fmt.Fprint(w, `[{"jsonrpc":"2.0",`)
		panic(http.ErrAbortHandler)
	},
	"stalled": func(w http.ResponseWriter, _ []wireRequest) {
		_, _ = fmt.Fprint(w, `[{"jsonrpc":"2.0",`)
		w.(http.Flusher).Flush()
		time.Sleep(2 * time.Minute)
	},
	"500": func(w http.ResponseWriter, _ []wireRequest) { w.WriteHeader(http.StatusInternalServerError) },
	"502 with html": func(w http.ResponseWriter, _ []wireRequest) {
		w.WriteHeader(http.StatusBadGateway)
		_, _ = fmt.Fprint(w, "<html>bad</html>")
	},
	"429": func(w http.ResponseWriter, _ []wireRequest) { w.WriteHeader(http.StatusTooManyRequests) },
	"429 with json": func(w http.ResponseWriter, _ []wireRequest) {
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = fmt.Fprint(w, `{"jsonrpc":"2.0","error":{"code":429,"message":"slow down"}}`)
	},
	"429 of all elements": func(w http.ResponseWriter, requests []wireRequest) {
		answers(w, requests, func(_ int, a map[string]any) {
			delete(a, "result")
			a["error"] = refusal(429, "Your app has exceeded its compute units per second capacity.")
		})
	},
	"429 of every other element": func(w http.ResponseWriter, requests []wireRequest) {
		answers(w, requests, func(i int, a map[string]any) {
			if i%2 == 0 {
				delete(a, "result")
				a["error"] = refusal(429, "Your app has exceeded its compute units per second capacity.")
			}
		})
	},
	"errors that are text": func(w http.ResponseWriter, requests []wireRequest) {
		answers(w, requests, func(_ int, a map[string]any) { a["error"] = "internal error" })
	},
	"codes that are text": func(w http.ResponseWriter, requests []wireRequest) {
		answers(w, requests, func(_ int, a map[string]any) { a["error"] = map[string]any{"code": "-32603", "message": "oops"} })
	},
	"an error of the whole batch": func(w http.ResponseWriter, _ []wireRequest) {
		_, _ = fmt.Fprint(w, `{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"Internal JSON-RPC error"}}`)
	},
	"an error of the whole batch in a list": func(w http.ResponseWriter, _ []wireRequest) {
		_, _ = fmt.Fprint(w, `[{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"Internal JSON-RPC error"}}]`)
	},
	"half of the batch": func(w http.ResponseWriter, requests []wireRequest) {
		answers(w, requests[:(len(requests)+1)/2], func(int, map[string]any) {})
	},
	"a redirect": func(w http.ResponseWriter, _ []wireRequest) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusFound)
	},
}

func TestBatchOutlivesPassingFaults(t *testing.T) {
	for name, fault := range passing {
		for _, calls := range []int{1, 25} {
			if calls == 1 && (name == "one id twice" || name == "half of the batch") {
				continue // no fault then
			}
			t.Run(fmt.Sprintf("%s/%d calls", name, calls), func(t *testing.T) {
				onFakeClock(t, Options{MaxBatch: 10}, func(t *testing.T, n *node, p *Pool) {
					var left atomic.Int32
					left.Store(3)
					n.fault = func(w http.ResponseWriter, _ []byte, requests []wireRequest) bool {
						if left.Add(-1) < 0 {
							return false
						}
						fault(w, requests)
						return true
					}
					results, err := p.Batch(t.Context(), echoCalls(calls))
					wantEchoes(t, results, err)
					if left.Load() >= 0 {
						t.Error("the fault was not met")
					}
				})
			})
		}
	}
}

// TestBatchAnswersOutOfOrder also has ids that came back as text.
func TestBatchAnswersOutOfOrder(t *testing.T) {
	n := newNode(t, 7, echo)
	p := dial(t, Options{}, n)
	n.fault = func(w http.ResponseWriter, _ []byte, requests []wireRequest) bool {
		slices.Reverse(requests)
		answers(w, requests, func(i int, a map[string]any) {
			if i%2 == 0 {
				a["id"] = string(a["id"].(json.RawMessage))
			}
		})
		return true
	}
	results, err := p.Batch(t.Context(), echoCalls(50))
	wantEchoes(t, results, err)
}

// TestBatchLearnsItsSize has a node that takes 7 calls and refuses more in the
// words of several.
func TestBatchLearnsItsSize(t *testing.T) {
	for _, text := range []string{
		`{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"batch limit 7 exceeded (can increase by --rpc.batch.limit). Requested batch of size: 401"}}`,
		`{"error":{"code":-32600,"message":"batch too large"}}`,
		`{"jsonrpc":"2.0","error":{"code":-32005,"message":"Number of requests exceeds max batch size"},"id":null}`,
		`[{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch too large"}}]`,
	} {
		n := newNode(t, 7, echo)
		p := dial(t, Options{Concurrency: 1}, n)
		refused := 0
		n.fault = func(w http.ResponseWriter, _ []byte, requests []wireRequest) bool {
			if len(requests) <= 7 {
				return false
			}
			refused++
			_, _ = fmt.Fprint(w, text)
			return true
		}
		results, err := p.Batch(t.Context(), echoCalls(300))
		wantEchoes(t, results, err)
		if refused > 12 {
			t.Errorf("%s: refused %d times", text, refused)
		}
		refused = 0
		results, err = p.Batch(t.Context(), echoCalls(300))
		wantEchoes(t, results, err)
		if refused > 0 {
			t.Errorf("%s: forgotten", text)
		}
	}
}

// TestBatchTooLargeAnAnswer splits where the answers together are too large.
func TestBatchTooLargeAnAnswer(t *testing.T) {
	n := newNode(t, 7, func(_ string, params json.RawMessage) (any, any) {
		return append([]string{string(params)}, strings.Repeat("x", 100_000)), nil
	})
	p := dial(t, Options{MaxBody: 1 << 20}, n)
	results, err := p.Batch(t.Context(), echoCalls(40))
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if r.Err != nil || !strings.HasPrefix(string(r.Value), fmt.Sprintf(`["[%d]"`, i)) {
			t.Fatalf("result %d: %.40s %v", i, r.Value, r.Err)
		}
	}
}

// TestBatchResultsThatStand are errors of single calls beside good answers.
func TestBatchResultsThatStand(t *testing.T) {
	n := newNode(t, 7, func(method string, params json.RawMessage) (any, any) {
		switch method {
		case "eth_call":
			return nil, map[string]any{"code": 3, "message": "execution reverted", "data": "0x08c379a0"}
		case "eth_getBalance":
			return nil, refusal(-32000, "missing trie node 00 (path ) <nil>")
		case "eth_foo":
			return nil, refusal(-32601, "the method eth_foo does not exist/is not available")
		case "eth_getBlockByNumber":
			return nil, nil
		case "eth_odd":
			return nil, refusal(-32099, "the moon is full")
		}
		return params, nil
	})
	p := dial(t, Options{}, n)
	methods := []string{"echo", "eth_call", "eth_getBalance", "eth_foo", "eth_getBlockByNumber", "eth_odd", "echo"}
	var calls []Call
	for _, m := range methods {
		calls = append(calls, Call{m, []any{1}})
	}
	for _, size := range []int{1, 100} {
		p.endpoints[0].maxBatch = size
		results, err := p.Batch(t.Context(), calls)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []Class{-1, Revert, StateMissing, Refused, NotYet, Unknown, -1} {
			switch got := results[i]; {
			case want < 0 && (got.Err != nil || string(got.Value) != "[1]"):
				t.Errorf("%s: got %s, %v", methods[i], got.Value, got.Err)
			case want >= 0 && (got.Err == nil || got.Err.Class != want || got.Value != nil):
				t.Errorf("%s: got %s, %v, want class %s", methods[i], got.Value, got.Err, want)
			}
		}
		if got := results[1].Err; string(got.Data) != "\x08\xc3\x79\xa0" || got.Code != 3 {
			t.Errorf("revert is %+v", got)
		}
	}
}

func TestFailover(t *testing.T) {
	good := func(t *testing.T) *node { return newNode(t, 7, echo) }
	t.Run("first does not answer", func(t *testing.T) {
		dead, alive := good(t), good(t)
		dead.Close()
		p := dial(t, Options{}, dead, alive)
		results, err := p.Batch(t.Context(), echoCalls(5))
		wantEchoes(t, results, err)
		if !strings.Contains(alive.URL, strings.TrimPrefix(results[0].Endpoint, "http://")) {
			t.Errorf("answered by %s", results[0].Endpoint)
		}
	})
	t.Run("second is another chain", func(t *testing.T) {
		first, foreign := good(t), newNode(t, 8, func(string, json.RawMessage) (any, any) { return "foreign", nil })
		p := dial(t, Options{Tries: 3}, first, foreign)
		first.fault = passingAlways(http.StatusBadGateway)
		_, err := p.Batch(t.Context(), echoCalls(5))
		if err == nil || foreign.methods["echo"] > 0 {
			t.Errorf("got %v, and the foreign node was asked %d times", err, foreign.methods["echo"])
		}
	})
	t.Run("pruned first", func(t *testing.T) {
		first, archive := good(t), good(t)
		first.answer = func(method string, params json.RawMessage) (any, any) {
			if string(params) == "[3]" {
				return nil, refusal(-32000, "missing trie node 00 (path ) <nil>")
			}
			return params, nil
		}
		p := dial(t, Options{}, first, archive)
		results, err := p.Batch(t.Context(), echoCalls(6))
		wantEchoes(t, results, err)
		if archive.methods["echo"] != 1 {
			t.Errorf("%d calls to the second, want the one that the first has pruned", archive.methods["echo"])
		}
	})
	t.Run("quota used up", func(t *testing.T) {
		used, other := good(t), good(t)
		var notices []string
		p := dial(t, Options{Concurrency: 1, Notice: func(s string) { notices = append(notices, s) }}, used, other)
		used.fault = passingAlways(http.StatusPaymentRequired)
		results, err := p.Batch(t.Context(), echoCalls(5))
		wantEchoes(t, results, err)
		before := used.requests
		results, err = p.Batch(t.Context(), echoCalls(5))
		wantEchoes(t, results, err)
		if used.requests != before || len(notices) != 1 || !strings.Contains(notices[0], "not used any more") {
			t.Errorf("%d requests after %d; notices %q", used.requests, before, notices)
		}
	})
	t.Run("all used up", func(t *testing.T) {
		used := good(t)
		p := dial(t, Options{}, used)
		used.fault = passingAlways(http.StatusPaymentRequired)
		_, err := p.Batch(t.Context(), echoCalls(5))
		var none *NoEndpointError
		if !errors.As(err, &none) || none.Errors[0].Class != Quota {
			t.Errorf("got %v", err)
		}
	})
}

func passingAlways(status int) func(w http.ResponseWriter, _ []byte, _ []wireRequest) bool {
	return func(w http.ResponseWriter, _ []byte, _ []wireRequest) bool {
		w.WriteHeader(status)
		return true
	}
}

func TestUnreachable(t *testing.T) {
	n := newNode(t, 7, echo)
	n.Close()
	_, err := Dial(t.Context(), Options{ChainID: 7, URLs: []string{n.URL}, Tries: 3})
	var none *NoEndpointError
	if !errors.As(err, &none) || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("got %v", err)
	}
}

// TestKeysAreNeverShown has a key in each place of a URL, and nodes that repeat
// it.
func TestKeysAreNeverShown(t *testing.T) {
	const key = "s3cr3tk3ys3cr3tk3ys3cr3t"
	n := newNode(t, 7, echo)
	n.fault = func(w http.ResponseWriter, _ []byte, _ []wireRequest) bool {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = fmt.Fprintf(w, `{"error":{"code":-32603,"message":"internal error at /v2/%s?apikey=%s for %s\u001b[31m"}}`, key, key, key)
		return true
	}
	host := strings.TrimPrefix(n.URL, "http://")
	for _, url := range []string{
		"http://" + host + "/v2/" + key, "http://" + host + "/?apikey=" + key, "http://user:" + key + "@" + host,
		"http://" + key + ".invalid/", "http://127.0.0.1:1/v3/" + key, "ftp://host/" + key, "http://%zz/" + key,
	} {
		var notices []string
		_, err := Dial(t.Context(), Options{ChainID: 7, URLs: []string{url}, Tries: 2, Notice: func(s string) { notices = append(notices, s) }})
		if err == nil {
			t.Fatalf("%s was dialled", url)
		}
		if said := err.Error() + strings.Join(notices, ""); strings.Contains(said, key) || strings.ContainsRune(said, 0x1b) {
			t.Errorf("%s: %q", url, said)
		}
	}
}
