package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vaultperf/vaultperf/extract"
	"github.com/vaultperf/vaultperf/extract/rpc"
)

// Without a terminal the log has a line every reportEvery, and none before.
func TestProgressWithoutATerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var text strings.Builder
		a := &app{std: streams{err: &text}}
		r := &run{app: a, log: a.log()}
		report := r.nodeReport()
		report.show(progressOf("", 10))
		if text.Len() > 0 {
			t.Errorf("too early: %s", text.String())
		}
		for stage, want := range map[string]string{
			"":       "fetching chain=1 blocks=25 of=100 logs=500 logs_per_second=50 requests_per_second=4 throttled=3 left=30s",
			"states": "states chain=1 reads=25 of=100 requests_per_second=4 throttled=3 left=30s",
			"verify": "verify chain=1 blocks=25 of=100 requests_per_second=4 throttled=3 left=30s",
		} {
			text.Reset()
			time.Sleep(reportEvery)
			report.show(progressOf(stage, 25))
			report.show(progressOf(stage, 30))
			if got := text.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, want) {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	})
}

func progressOf(stage string, done uint64) extract.NodeProgress {
	return extract.NodeProgress{
		ChainID: 1, Stage: stage, Done: done, Total: 100, Logs: 500, Elapsed: 10 * time.Second, Stats: rpc.Stats{Calls: 40, Throttled: 3},
	}
}
