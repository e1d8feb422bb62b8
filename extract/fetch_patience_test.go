package extract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/extracttest/memnet"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// An unfit endpoint answers one method and all after it in this way only.
type unfit func(w http.ResponseWriter, requests []extracttest.FakeRequest)

// status answers with an HTTP status and headers.
func status(code int, headers ...string) unfit {
	return func(w http.ResponseWriter, _ []extracttest.FakeRequest) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
	}
}

// says answers each call of a request with an error, or a result of null.
func says(text string) unfit {
	return func(w http.ResponseWriter, requests []extracttest.FakeRequest) {
		var all []string
		for _, q := range requests {
			all = append(all, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,%s}`, q.ID, text))
		}
		if len(all) == 1 {
			_, _ = fmt.Fprint(w, all[0])
			return
		}
		_, _ = fmt.Fprintf(w, "[%s]", strings.Join(all, ","))
	}
}

// unfitEndpoints fail for ever.
var unfitEndpoints = map[string]unfit{
	"status 500":              status(http.StatusInternalServerError),
	"status 429":              status(http.StatusTooManyRequests),
	"429, Retry-After 20 s":   status(http.StatusTooManyRequests, "Retry-After", "20"),
	"429, Retry-After 1 h":    status(http.StatusTooManyRequests, "Retry-After", "3600"),
	"internal error":          says(`"error":{"code":-32603,"message":"Internal JSON-RPC error"}`),
	"rate limit of each call": says(`"error":{"code":-32005,"message":"daily request rate exceeded, slow down"}`),
	"an error never heard of": says(`"error":{"code":-32050,"message":"the moon is full"}`),
	"null":                    says(`"result":null`),
	"block range too large":   says(`"error":{"code":-32000,"message":"block range is too large"}`),
	"header not found":        says(`"error":{"code":-32000,"message":"header not found"}`),
	"a page": func(w http.ResponseWriter, _ []extracttest.FakeRequest) {
		_, _ = fmt.Fprint(w, "<html>Just a moment</html>")
	},
	"never answers": func(http.ResponseWriter, []extracttest.FakeRequest) { time.Sleep(time.Hour) },
	"a byte in 20 s": func(w http.ResponseWriter, _ []extracttest.FakeRequest) {
		for range 100 {
			_, _ = fmt.Fprint(w, " ")
			w.(http.Flusher).Flush()
			time.Sleep(20 * time.Second)
		}
	},
	"control characters": says(`"error":{"code":-32603,"message":"internal error \u001b[31m\u0007\u202e` + strings.Repeat("long ", 10_000) + `"}`),
	"cut connections":    func(http.ResponseWriter, []extracttest.FakeRequest) { panic(http.ErrAbortHandler) },
}

// unfitFrom serves a chain until a method is asked for; from then on it is unfit, but
// still says which chain it serves.
func unfitFrom(n *extracttest.FakeNode, method string, fail unfit) http.Handler {
	var isUnfit bool
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		var requests []extracttest.FakeRequest
		if json.Unmarshal(body, &requests) != nil {
			requests = make([]extracttest.FakeRequest, 1)
			_ = json.Unmarshal(body, &requests[0])
		}
		asked := requests[0].Method
		n.Mu.Lock()
		isUnfit = isUnfit || asked == method
		fails := isUnfit && (asked != "eth_chainId" || method == asked)
		if fails {
			n.Requests++
		}
		n.Mu.Unlock()
		if fails {
			fail(w, requests)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		n.ServeHTTP(w, r)
	})
}

// onFakeClock runs extract with a node for which time passes only while all wait.
func onFakeClock(t *testing.T, n *extracttest.FakeNode, handler http.Handler, edit func(*Node)) (took time.Duration, err error) {
	synctest.Test(t, func(t *testing.T) {
		var transport http.RoundTripper
		n.Server, transport = memnet.Serve(t, handler)
		opt := nodeOptions(n)
		opt.Nodes[0].transport, opt.Nodes[0].backoff = transport, 0
		edit(&opt.Nodes[0])
		db := sqltest.Open(t)
		start := time.Now()
		_, err = Run(t.Context(), db, opt)
		took = time.Since(start)
		if got := sqltest.Query(t, db, "select 'logs ' || (select count(*) from raw.logs) || ' of ' || (select coalesce(sum(logs), 0) from raw.coverage)"); err != nil && got != "logs 0 of 0\n" {
			t.Errorf("%s are kept", got)
		}
	})
	return took, err
}

// TestEndpointsThatOnlyFail: a run ends with exit code 6 in minutes, whatever an
// endpoint does, from whatever call on, and what it says is short and harmless.
func TestEndpointsThatOnlyFail(t *testing.T) {
	for name, fail := range unfitEndpoints {
		froms := []string{"eth_chainId", "eth_getBlockByNumber", "eth_getLogs"}
		if testing.Short() {
			froms = froms[2:]
		}
		for _, from := range froms {
			t.Run(name+"/"+from, func(t *testing.T) {
				n := &extracttest.FakeNode{Chain: 1, Head: 3000, Finalized: 3000, Methods: map[string]int{}}
				took, err := onFakeClock(t, n, unfitFrom(n, from, fail), func(*Node) {})
				var node *NodeError
				if !errors.As(err, &node) {
					t.Fatalf("got %v, want a NodeError", err)
				}
				if took > 3*time.Minute+time.Second {
					t.Errorf("it took %s, want 3 minutes at most", took)
				}
				said := err.Error()
				if strings.ContainsFunc(said, unicode.IsControl) || utf8.RuneCountInString(said) > 700 {
					t.Errorf("%d characters: %q", utf8.RuneCountInString(said), said)
				}
				t.Logf("%.0f s, %d requests: %s", took.Seconds(), n.Requests, said)
			})
		}
	}
}

// TestGiveUpAfter: what counts is the time since a call was last done.
func TestGiveUpAfter(t *testing.T) {
	newNode := func() *extracttest.FakeNode {
		return &extracttest.FakeNode{Chain: 1, Head: 50, Finalized: 50, Methods: map[string]int{}}
	}
	n := newNode()
	took, err := onFakeClock(t, n, unfitFrom(n, "eth_getLogs", status(http.StatusTooManyRequests)), func(node *Node) { node.GiveUpAfter = 20 * time.Second })
	if took < 19*time.Second || took > 21*time.Second || err == nil || !strings.Contains(err.Error(), "no endpoint of chain 1 did anything within give_up_after, 20s: ") {
		t.Errorf("a limit of 20 s: took %s, %v", took, err)
	}
	// throttled, but for an answer every 100 s
	n = newNode()
	var last time.Time
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Mu.Lock()
		isDue := time.Since(last) > 100*time.Second
		if isDue {
			last = time.Now()
		}
		n.Mu.Unlock()
		if !isDue {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		n.ServeHTTP(w, r)
	})
	took, err = onFakeClock(t, n, handler, func(*Node) {})
	if err != nil || took < 5*time.Minute {
		t.Errorf("an answer every 100 s: took %s, %v", took, err)
	}
}
