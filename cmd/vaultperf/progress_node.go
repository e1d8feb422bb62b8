package main

import (
	"sync"
	"time"

	"github.com/vaultperf/vaultperf/extract"
)

// reportEvery is how often the log says how far a fetch has come, where there is no
// terminal to show a bar.
const reportEvery = 30 * time.Second

// A nodeReport shows how far a fetch has come.
type nodeReport struct {
	run *run
	bar *bar

	mu   sync.Mutex
	last time.Time
}

func (r *run) nodeReport() *nodeReport {
	return &nodeReport{run: r, bar: r.app.progress("blocks", false), last: time.Now()}
}

func (r *nodeReport) show(p extract.NodeProgress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bar.inner != nil {
		r.bar.set(int64(p.Done), int64(p.Total))
		return
	}
	if time.Since(r.last) < reportEvery {
		return
	}
	r.last = time.Now()
	seconds := max(p.Elapsed.Seconds(), 0.001)
	left := "unknown"
	if p.Done > 0 {
		left = time.Duration(p.Elapsed.Seconds() * float64(p.Total-p.Done) / float64(p.Done) * float64(time.Second)).Round(time.Second).String()
	}
	stage, what := p.Stage, "blocks"
	if stage == "states" {
		what = "reads"
	}
	values := []any{"chain", p.ChainID, what, p.Done, "of", p.Total}
	if stage == "" {
		stage = "fetching"
		values = append(values, "logs", p.Logs, "logs_per_second", int64(float64(p.Logs)/seconds))
	}
	values = append(values, "requests_per_second", round(float64(p.Stats.Calls)/seconds), "throttled", p.Stats.Throttled, "left", left)
	r.run.log.Info(stage, values...)
}
