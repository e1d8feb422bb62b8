package transform

import (
	"context"
	"slices"
	"sync"

	"github.com/vaultperf/vaultperf/crash"
	"github.com/vaultperf/vaultperf/transform/model"
)

// A plan hands out models to those who build them, each once all that it reads is built.
type plan struct {
	mu      sync.Mutex
	changed *sync.Cond
	list    []model.Model
	reads   [][]int // the places in list of what each reads
	stages  []stage
	running int
}

// A stage is how far a model is.
type stage int

const (
	waiting stage = iota
	taken
	built
)

// newPlan plans a list of models. Whoever waits for one is let go when ctx ends.
func newPlan(ctx context.Context, list []model.Model) *plan {
	p := &plan{list: slices.Clone(list), reads: make([][]int, len(list)), stages: make([]stage, len(list))}
	p.changed = sync.NewCond(&p.mu)
	places := map[string]int{}
	for i, m := range list {
		places[m.String()] = i
	}
	for i, m := range list {
		for _, name := range m.Reads {
			if j, isHere := places[name]; isHere {
				p.reads[i] = append(p.reads[i], j)
			}
		}
	}
	context.AfterFunc(ctx, func() {
		defer crash.Watch()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.changed.Broadcast()
	})
	return p
}

// next is the place of a model to build now; false: there is none left.
func (p *plan) next(ctx context.Context) (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for ctx.Err() == nil {
		first := slices.Index(p.stages, waiting)
		if first < 0 {
			return 0, false
		}
		ready := first
		for ready < len(p.list) && !p.isReady(ready) {
			ready++
		}
		if ready == len(p.list) && p.running == 0 {
			ready = first // nothing will make it ready: DuckDB says what it misses
		}
		if ready < len(p.list) {
			p.stages[ready] = taken
			p.running++
			return ready, true
		}
		p.changed.Wait()
	}
	return 0, false
}

func (p *plan) isReady(i int) bool {
	return p.stages[i] == waiting && !slices.ContainsFunc(p.reads[i], func(j int) bool { return p.stages[j] != built })
}

// done says that a model is built, and how.
func (p *plan) done(i int, m model.Model) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list[i] = m
	p.stages[i] = built
	p.running--
	p.changed.Broadcast()
}

// ending says which models of a list are views that no other reads.
func ending(list []model.Model) func(m model.Model) bool {
	isRead := map[string]bool{}
	for _, m := range list {
		for _, name := range m.Reads {
			isRead[name] = true
		}
	}
	return func(m model.Model) bool { return !m.IsTable() && !isRead[m.String()] }
}
