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
	"testing/synctest"
	"time"

	"github.com/vaultperf/vaultperf/extract/extracttest/memnet"
)

// onFakeClock runs a test with a node and a pool of it, for which time passes
// only while all of them wait: what is measured does not depend on the machine.
func onFakeClock(t *testing.T, opt Options, test func(t *testing.T, n *node, p *Pool)) {
	synctest.Test(t, func(t *testing.T) {
		n := &node{chain: 7, answer: echo, methods: map[string]int{}}
		n.Server, opt.Transport = memnet.Serve(t, n)
		test(t, n, dial(t, opt, n))
	})
}

// hosts sends each request to the handler that plays its host.
type hosts map[string]http.Handler

func (h hosts) ServeHTTP(w http.ResponseWriter, r *http.Request) { h[r.Host].ServeHTTP(w, r) }

// busiest is how many calls the server counted in its busiest span.
func (n *node) busiest(span time.Duration) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	at := slices.Clone(n.arrivals)
	slices.SortFunc(at, time.Time.Compare)
	most, from := 0, 0
	for i := range at {
		for at[i].Sub(at[from]) >= span {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

// TestRateIsNeverExceeded counts at the server, in any span of a second, single
// calls and batches of two goroutines each.
func TestRateIsNeverExceeded(t *testing.T) {
	for _, rate := range []float64{40, 7.5} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			onFakeClock(t, Options{RequestsPerSecond: rate, MaxBatch: 5}, func(t *testing.T, n *node, p *Pool) {
				var k atomic.Int64
				n.fault = func(http.ResponseWriter, []byte, []wireRequest) bool {
					time.Sleep(time.Duration(k.Add(7)%20) * time.Millisecond)
					return false
				}
				calls := int(rate * 3)
				start := time.Now()
				failed := make(chan error)
				for k := range 4 {
					go func() {
						if k%2 == 0 {
							_, err := p.Batch(t.Context(), echoCalls(calls/4))
							failed <- err
							return
						}
						for i := range calls / 4 {
							if _, err := p.Call(t.Context(), "echo", i); err != nil {
								failed <- err
								return
							}
						}
						failed <- nil
					}()
				}
				for range 4 {
					if err := <-failed; err != nil {
						t.Error(err)
					}
				}
				took := time.Since(start)
				if got := n.busiest(time.Second); got > int(rate) {
					t.Errorf("%d calls in a second, want at most %v", got, rate)
				}
				if ideal := float64(len(n.arrivals)) / float64(int(rate)); took.Seconds() > 1.3*ideal {
					t.Errorf("took %s, the limit alone %.1f s", took, ideal)
				}
			})
		})
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	for name, refuse := range map[string]func(w http.ResponseWriter, requests []wireRequest){
		"seconds": func(w http.ResponseWriter, _ []wireRequest) {
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
		},
		"date": func(w http.ResponseWriter, _ []wireRequest) {
			w.Header().Set("Retry-After", time.Now().Add(time.Minute).UTC().Format(http.TimeFormat))
			w.WriteHeader(http.StatusTooManyRequests)
		},
		"beside elements": func(w http.ResponseWriter, requests []wireRequest) {
			w.Header().Set("Retry-After", "60")
			answers(w, requests, func(i int, a map[string]any) {
				if i == 1 {
					delete(a, "result")
					a["error"] = refusal(429, "slow down")
				}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			onFakeClock(t, Options{MaxBatch: 5, Concurrency: 1}, func(t *testing.T, n *node, p *Pool) {
				var refusedAt time.Time
				n.fault = func(w http.ResponseWriter, _ []byte, requests []wireRequest) bool {
					if !refusedAt.IsZero() {
						return false
					}
					refusedAt = time.Now()
					refuse(w, requests)
					return true
				}
				results, err := p.Batch(t.Context(), echoCalls(20))
				wantEchoes(t, results, err)
				for _, arrival := range n.arrivals {
					// HTTP dates are whole seconds
					if since := arrival.Sub(refusedAt); since > 0 && since < 59*time.Second {
						t.Errorf("a request %s after a refusal that said to wait a minute", since)
					}
				}
			})
		})
	}
}

// TestThrottledAnswersCostLittle has three of ten answers be refusals, of a node
// near and of one far away: the work must take little longer than the limiter
// alone makes it.
func TestThrottledAnswersCostLittle(t *testing.T) {
	const rate = 100
	for _, way := range []time.Duration{time.Millisecond, 20 * time.Millisecond, 120 * time.Millisecond} {
		t.Run(way.String(), func(t *testing.T) {
			onFakeClock(t, Options{RequestsPerSecond: rate, MaxBatch: 1}, func(t *testing.T, n *node, p *Pool) {
				var k atomic.Int64
				n.fault = func(w http.ResponseWriter, _ []byte, _ []wireRequest) bool {
					time.Sleep(way)
					if k.Add(7)%10 >= 3 {
						return false
					}
					w.WriteHeader(http.StatusTooManyRequests)
					return true
				}
				start := time.Now()
				results, err := p.Batch(t.Context(), echoCalls(2000))
				took := time.Since(start)
				wantEchoes(t, results, err)
				limit := time.Duration(float64(len(n.arrivals)) / rate * float64(time.Second))
				t.Logf("took %s, the limiter alone needs %s for %d requests", took, limit, len(n.arrivals))
				if took > limit*13/10 {
					t.Error("want less than 1.3 times that")
				}
				if got := n.busiest(time.Second); got > rate {
					t.Errorf("%d calls in a second, want at most %d", got, rate)
				}
			})
		})
	}
}

// TestConcurrencyFollows shows the additive increase and the multiplicative
// decrease.
func TestConcurrencyFollows(t *testing.T) {
	n := newNode(t, 7, echo)
	p := dial(t, Options{MaxBatch: 1, Concurrency: 12}, n)
	if _, err := p.Batch(t.Context(), echoCalls(400)); err != nil {
		t.Fatal(err)
	}
	e := p.endpoints[0]
	if e.limit != 12 {
		t.Errorf("%d at once after 400 good answers, want 12", e.limit)
	}
	var left atomic.Int32
	left.Store(1)
	n.fault = func(w http.ResponseWriter, _ []byte, _ []wireRequest) bool {
		if left.Add(-1) < 0 {
			return false
		}
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	if _, err := p.Batch(t.Context(), echoCalls(10)); err != nil {
		t.Fatal(err)
	}
	if e.limit != 6 {
		t.Errorf("%d at once after a refusal, want 6", e.limit)
	}
}

// TestLogsThatDoNotArrive: where two endpoints hang, the third is asked before the logs are
// given up; where all hang, so that the caller may ask for fewer logs.
func TestLogsThatDoNotArrive(t *testing.T) {
	for hanging, want := range []time.Duration{0, time.Minute, 2 * time.Minute, 3 * time.Minute} {
		t.Run(fmt.Sprintf("%d of 3 hang", hanging), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				served := hosts{}
				opt := Options{ChainID: 7}
				for i := range 3 {
					n := &node{chain: 7, answer: func(string, json.RawMessage) (any, any) { return []int{}, nil }, methods: map[string]int{}}
					if i < hanging {
						n.fault = func(_ http.ResponseWriter, _ []byte, requests []wireRequest) bool {
							if requests[0].Method == methodLogs {
								time.Sleep(time.Hour)
							}
							return false
						}
					}
					host := fmt.Sprintf("node%d.test", i)
					served[host] = n
					opt.URLs = append(opt.URLs, "http://"+host)
				}
				_, opt.Transport = memnet.Serve(t, served)
				p, err := Dial(t.Context(), opt)
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				set, err := p.Logs(t.Context(), Query{From: 1, To: 1, Addresses: []Address{{1}}})
				if took := time.Since(start); took < want || took > want+time.Second {
					t.Errorf("took %s, want %s", took, want)
				}
				var failed *Error
				switch {
				case hanging < 3 && (err != nil || !strings.Contains(set.Endpoint, fmt.Sprintf("node%d.test", hanging))):
					t.Errorf("got %+v, %v", set, err)
				case hanging == 3 && (!errors.As(err, &failed) || !failed.isTimeout):
					t.Errorf("got %v, want that logs do not arrive", err)
				}
			})
		})
	}
}

// TestIdleTimeIsNotCounted has an endpoint be throttled while it is dialled, and fail once
// when it is next asked, after a time that would have been too long to fail in.
func TestIdleTimeIsNotCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &node{chain: 7, answer: echo, methods: map[string]int{}}
		refused := 0
		n.fault = func(w http.ResponseWriter, _ []byte, _ []wireRequest) bool {
			n.mu.Lock()
			defer n.mu.Unlock()
			if refused++; refused == 4 { // after the chain's id
				w.WriteHeader(http.StatusBadGateway)
				return true
			}
			if refused <= 2 {
				w.WriteHeader(http.StatusTooManyRequests)
			}
			return refused <= 2
		}
		var opt Options
		n.Server, opt.Transport = memnet.Serve(t, n)
		p := dial(t, opt, n)
		time.Sleep(10 * time.Minute)
		results, err := p.Batch(t.Context(), echoCalls(1))
		wantEchoes(t, results, err)
		if refused != 5 {
			t.Errorf("%d requests, want two refused, the chain's id, one that failed and one", refused)
		}
	})
}

// TestAWaitTooLong: an endpoint that asks for an hour at once is said to, and not to have
// done nothing for as long as it may.
func TestAWaitTooLong(t *testing.T) {
	onFakeClock(t, Options{}, func(t *testing.T, n *node, p *Pool) {
		n.fault = func(w http.ResponseWriter, _ []byte, _ []wireRequest) bool {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
			return true
		}
		start := time.Now()
		_, err := p.Batch(t.Context(), echoCalls(1))
		var none *NoEndpointError
		if !errors.As(err, &none) || !strings.Contains(err.Error(), "(it asks to wait 1h0m0s, longer than give_up_after leaves, 3m0s)") ||
			strings.Contains(err.Error(), "did anything") {
			t.Errorf("got %v", err)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("it took %s", took)
		}
	})
}
