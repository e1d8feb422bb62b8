package extract

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// proving is set by make prove: the long form of tests that make test has a
// short form of.
func proving() bool { return os.Getenv("VAULTPERF_PROVE") != "" }

// TestNodeRandomFaults lets a node be wrong at random, and runs be broken off at
// random, over a history that grows and is reorganised. In the end the database
// must be that of a node without faults. Seeds are fixed, so that a failure can
// be had again.
func TestNodeRandomFaults(t *testing.T) {
	seeds := 12
	if proving() {
		seeds = 200
	}
	const head = 900
	calm := extracttest.NewFakeNode(t, head)
	calm.Fork = head - 100
	want := honest(t, nodeOptions(calm))
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(seed), 1))
			n, spare := extracttest.NewFakeNode(t, head), extracttest.NewFakeNode(t, head)
			puzzles := &puzzles{asked: map[string]int{}}
			disturb(n, rand.New(rand.NewPCG(uint64(seed), 3)), seed%4, puzzles)
			disturb(spare, rand.New(rand.NewPCG(uint64(seed), 2)), 1, puzzles)
			nodes := []*extracttest.FakeNode{n, spare}
			opt := nodeOptions(nodes[:1+seed%2]...)
			opt.Nodes[0].MaxBatch = 1 + random.IntN(20)
			opt.Nodes[0].tries = 40
			db := sqltest.Open(t)
			runs := 3 + random.IntN(4)
			for run := 1; run <= runs; run++ {
				for _, n := range nodes {
					n.Mu.Lock()
					n.Finalized = head * run / runs
					if run == runs {
						n.Fork = head - 100
					}
					n.Mu.Unlock()
				}
				for attempt := 1; ; attempt++ { // until one is not broken off; a slow machine gets longer
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+attempt/10)*time.Duration(20+random.IntN(800))*time.Millisecond)
					_, err := Run(ctx, db, opt)
					isCut := ctx.Err() != nil
					cancel()
					if err == nil {
						break
					}
					if !isCut {
						t.Fatalf("run %d: %v", run, err)
					}
				}
			}
			if got := sqltest.Query(t, db, nodeDigests); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// puzzles are answers that nobody knows. The third to one request ends a run, by rule and
// whichever node gives it, so that no request gets more than two.
type puzzles struct {
	mu    sync.Mutex
	asked map[string]int
}

func (p *puzzles) allow(requests []extracttest.FakeRequest) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	var keys []string
	for _, r := range requests {
		keys = append(keys, fmt.Sprintf("%s %s", r.Method, r.Params))
	}
	if slices.ContainsFunc(keys, func(key string) bool { return p.asked[key] == 2 }) {
		return false
	}
	for _, key := range keys {
		p.asked[key]++
	}
	return true
}

// disturb makes a node answer wrongly some of the time, and with limits.
func disturb(n *extracttest.FakeNode, random *rand.Rand, rate int, puzzles *puzzles) {
	names := slices.Sorted(maps.Keys(nodeFaults))
	n.MaxBlocks = []int{0, 7, 100, 333}[random.IntN(4)]
	n.MaxLogs = []int{0, 60, 500}[random.IntN(3)]
	n.NoTimes = random.IntN(3) == 0
	n.Fault = func(w http.ResponseWriter, method string, requests []extracttest.FakeRequest) bool {
		if method == "eth_chainId" || random.IntN(10) >= 2*rate {
			return false
		}
		name := names[random.IntN(len(names))]
		if name == neverHeardOf && !puzzles.allow(requests) {
			return false
		}
		if random.IntN(5) == 0 {
			time.Sleep(time.Duration(random.IntN(20)) * time.Millisecond)
		}
		nodeFaults[name](w, n, requests)
		return true
	}
}
