package rpc

import (
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

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
			t.Parallel()
			n := newNode(t, 7, echo)
			n.fault = func(http.ResponseWriter, []byte, []wireRequest) bool {
				time.Sleep(time.Duration(time.Now().UnixNano()%20) * time.Millisecond)
				return false
			}
			p := dial(t, Options{RequestsPerSecond: rate, MaxBatch: 5}, n)
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
			span := time.Second
			if got := n.busiest(span); got > int(rate) {
				t.Errorf("%d calls in a second, want at most %v", got, rate)
			}
			if ideal := float64(len(n.arrivals)) / float64(int(rate)); took.Seconds() > 1.3*ideal {
				t.Errorf("took %s, the limit alone %.1f s", took, ideal)
			}
		})
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	for name, refuse := range map[string]func(w http.ResponseWriter, requests []wireRequest){
		"seconds": func(w http.ResponseWriter, _ []wireRequest) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
		},
		"date": func(w http.ResponseWriter, _ []wireRequest) {
			w.Header().Set("Retry-After", time.Now().Add(2*time.Second).UTC().Format(http.TimeFormat))
			w.WriteHeader(http.StatusTooManyRequests)
		},
		"beside elements": func(w http.ResponseWriter, requests []wireRequest) {
			w.Header().Set("Retry-After", "1")
			answers(w, requests, func(i int, a map[string]any) {
				if i == 1 {
					delete(a, "result")
					a["error"] = refusal(429, "slow down")
				}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNode(t, 7, echo)
			p := dial(t, Options{MaxBatch: 5, Concurrency: 1}, n)
			var refusedAt atomic.Int64
			n.fault = func(w http.ResponseWriter, _ []byte, requests []wireRequest) bool {
				if !refusedAt.CompareAndSwap(0, time.Now().UnixNano()) {
					return false
				}
				refuse(w, requests)
				return true
			}
			results, err := p.Batch(t.Context(), echoCalls(20))
			wantEchoes(t, results, err)
			at := time.Unix(0, refusedAt.Load())
			for _, arrival := range n.arrivals {
				if since := arrival.Sub(at); since > 50*time.Millisecond && since < 950*time.Millisecond {
					t.Errorf("asked %s after being told to wait a second", since)
				}
			}
		})
	}
}

// TestThrottledAnswersCostLittle has every third answer be a refusal: the work
// must take little longer than the limiter alone makes it.
func TestThrottledAnswersCostLittle(t *testing.T) {
	const rate = 100
	n := newNode(t, 7, echo)
	p := dial(t, Options{RequestsPerSecond: rate, MaxBatch: 1}, n)
	var k atomic.Int64
	n.fault = func(w http.ResponseWriter, _ []byte, _ []wireRequest) bool {
		if k.Add(7)%10 >= 3 {
			return false
		}
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	start := time.Now()
	results, err := p.Batch(t.Context(), echoCalls(400))
	took := time.Since(start)
	wantEchoes(t, results, err)
	limit := time.Duration(float64(len(n.arrivals)) / rate * float64(time.Second))
	if took > limit*13/10 {
		t.Errorf("took %s, the limiter alone needs %s for %d requests", took, limit, len(n.arrivals))
	}
	t.Logf("took %s, the limiter alone needs %s for %d requests", took, limit, len(n.arrivals))
	if got := n.busiest(time.Second); got > rate {
		t.Errorf("%d calls in a second, want at most %d", got, rate)
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
