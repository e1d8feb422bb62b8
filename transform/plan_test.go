package transform

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/vaultperf/vaultperf/transform/model"
)

// TestPlan: however long each takes, every model is handed out once, after all that it
// reads; and whoever waits is let go when the run is cancelled.
func TestPlan(t *testing.T) {
	list, err := model.All()
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(5) {
		dice := rand.New(rand.NewPCG(seed, 0))
		pauses := make([]int, len(list))
		for i := range pauses {
			pauses[i] = dice.IntN(50)
		}
		p := newPlan(t.Context(), list)
		var mu sync.Mutex
		var built []string
		var workers sync.WaitGroup
		for range 4 {
			workers.Go(func() {
				for {
					i, ok := p.next(t.Context())
					if !ok {
						return
					}
					mu.Lock()
					for _, name := range list[i].Reads {
						isModel := slices.ContainsFunc(list, func(m model.Model) bool { return m.String() == name })
						if isModel && !slices.Contains(built, name) {
							t.Errorf("seed %d: %s is built before %s, which it reads", seed, list[i], name)
						}
					}
					mu.Unlock()
					for range pauses[i] {
						runtime.Gosched()
					}
					mu.Lock()
					built = append(built, list[i].String())
					mu.Unlock()
					p.done(i, list[i])
				}
			})
		}
		workers.Wait()
		slices.Sort(built)
		if len(built) != len(list) || len(slices.Compact(built)) != len(list) {
			t.Errorf("seed %d: %d models were built, want each of %d once", seed, len(built), len(list))
		}
	}
}

func TestPlanIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	list := []model.Model{{Schema: "marts", Name: "a"}, {Schema: "marts", Name: "b", Reads: []string{"marts.a"}}}
	p := newPlan(ctx, list)
	if i, ok := p.next(ctx); i != 0 || !ok {
		t.Fatalf("got %d, %t, want the first", i, ok)
	}
	waited := make(chan string)
	go func() {
		i, ok := p.next(ctx) // the second waits for the first, which fails
		waited <- fmt.Sprint(i, ok)
	}()
	cancel()
	if got := <-waited; got != "0 false" {
		t.Errorf("got %s, want none", got)
	}
}
