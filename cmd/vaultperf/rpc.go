package main

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/vaultperf/vaultperf/extract"
)

// An RPC is one [[rpc]]: the endpoints of a chain.
type RPC struct {
	ChainID           *int64   `toml:"chain_id"`
	URLs              []string `toml:"urls"` // http(s), or env:NAME of a variable that holds one
	RequestsPerSecond float64  `toml:"requests_per_second"`
	MaxBatch          int      `toml:"max_batch"`
	Archive           bool     `toml:"archive"`
	Verify            string   `toml:"verify"` // L0 to L3; empty: L3
	Confirmations     int64    `toml:"confirmations"`
}

// levels are how deep a history may be verified.
var levels = []string{"L0", "L1", "L2", "L3"}

var envForm = regexp.MustCompile(`^env:[A-Za-z_][A-Za-z0-9_]*$`)

func (c *Config) validateRPCs(faults *faults) {
	seen := map[int64]bool{}
	for i, r := range c.RPCs {
		fault := func(format string, args ...any) {
			faults.add(c.lineOfTable("rpc", i), fmt.Sprintf("[[rpc]] number %d", i+1), format, args...)
		}
		r.validate(fault)
		if r.ChainID == nil {
			continue
		}
		if seen[*r.ChainID] {
			fault("chain_id: want one [[rpc]] per chain, with all its urls, got %d twice", *r.ChainID)
		}
		seen[*r.ChainID] = true
	}
}

// validate never shows a URL, which may hold a key.
func (r RPC) validate(fault func(format string, args ...any)) {
	switch {
	case r.ChainID == nil:
		fault("chain_id is missing: want the chain's number, 1 for Ethereum")
	case *r.ChainID < 1:
		fault("chain_id: want 1 or more, got %d", *r.ChainID)
	}
	if len(r.URLs) == 0 {
		fault("urls is missing: want [\"env:NAME\"], the name of an environment variable that holds a URL, or URLs")
	}
	for i, text := range r.URLs {
		if !envForm.MatchString(text) && !isURL(text) {
			fault("urls: want env:NAME or an http or https URL, number %d is neither", i+1)
		}
	}
	if !(r.RequestsPerSecond >= 0) || math.IsInf(r.RequestsPerSecond, 0) {
		fault("requests_per_second: want a number above 0, or none for no limit, got %v", r.RequestsPerSecond)
	}
	if r.MaxBatch < 0 || r.MaxBatch > 10_000 {
		fault("max_batch: want 1 to 10000, got %d", r.MaxBatch)
	}
	if r.Verify != "" && !slices.Contains(levels, r.Verify) {
		fault("verify: want one of %s, got %q", strings.Join(levels, ", "), r.Verify)
	}
	if r.Confirmations < 0 {
		fault("confirmations: want 0 or more blocks, got %d", r.Confirmations)
	}
}

func isURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// nodes are the configured endpoints as extract wants them, with what the
// environment holds. A replay needs no URL.
func (c *Config) nodes(isReplay bool) ([]extract.Node, error) {
	nodes := make([]extract.Node, len(c.RPCs))
	for i, r := range c.RPCs {
		nodes[i] = extract.Node{
			ChainID:           uint64(*r.ChainID),
			RequestsPerSecond: r.RequestsPerSecond,
			MaxBatch:          r.MaxBatch,
			Archive:           r.Archive,
			Verify:            len(levels) - 1,
			Confirmations:     uint64(r.Confirmations),
		}
		if r.Verify != "" {
			nodes[i].Verify = slices.Index(levels, r.Verify)
		}
		for _, text := range r.URLs {
			name, isEnv := strings.CutPrefix(text, "env:")
			if isEnv && !isReplay {
				text = strings.TrimSpace(os.Getenv(name))
				switch {
				case text == "":
					return nil, usageErrorf("%s:%d: urls: want the environment variable %s to hold a URL, it is not set", c.name, c.lineOfTable("rpc", i), name)
				case !isURL(text):
					return nil, usageErrorf("%s:%d: urls: want the environment variable %s to hold an http or https URL", c.name, c.lineOfTable("rpc", i), name)
				}
			}
			nodes[i].URLs = append(nodes[i].URLs, text)
		}
	}
	return nodes, nil
}

// nodeFlags are those of the commands that may ask a node.
func (a *app) nodeFlags(cmd *cobra.Command) *cobra.Command {
	flags := cmd.Flags()
	flags.BoolVar(&a.dryRun, "dry-run", false, "only say what would be asked of nodes, and what it costs")
	flags.StringVar(&a.record, "record", "", "keep what nodes are asked and answer in this `folder`, without keys")
	flags.StringVar(&a.replay, "replay", "", "answer from a `folder` made by --record, without a network")
	return cmd
}

func (a *app) checkNodeFlags() error {
	if a.record != "" && a.replay != "" {
		return usageErrorf("want --record or --replay, not both")
	}
	switch {
	case a.record != "" && holdsRecording(a.record):
		return usageErrorf("--record: %s holds a recording already: want a new folder", a.record)
	case a.replay != "" && !holdsRecording(a.replay):
		return usageErrorf("--replay: %s holds no recording: want a folder made by --record", a.replay)
	}
	return nil
}

func holdsRecording(folder string) bool {
	entries, err := os.ReadDir(folder)
	return err == nil && slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), "chain-") })
}

// planNodes prints what would be fetched.
func planNodes(ctx context.Context, n *night) error {
	opt, err := n.extractOptions()
	if err != nil {
		return err
	}
	plans, err := extract.Plan(ctx, n.db, opt)
	if err != nil {
		return err
	}
	n.results = func() error { return writePlans(n, plans) }
	return nil
}

// mostPlanned is how many stretches of blocks a plan lists.
const mostPlanned = 20

func writePlans(n *night, plans []extract.NodePlan) error {
	w := tabwriter.NewWriter(n.app.std.out, 0, 0, 2, ' ', 0)
	if len(plans) == 0 {
		_, _ = fmt.Fprintln(w, "nothing to ask of nodes: no [[rpc]] has a configured vault's chain")
	}
	for _, p := range plans {
		_, _ = fmt.Fprintf(w, "chain %d\t%s\n", p.ChainID, strings.Join(p.Endpoints, ", then "))
		_, _ = fmt.Fprintf(w, "final\tblock %d of %s\n", p.Final, p.FinalAt.Format(time.RFC3339))
		for i, work := range p.Work {
			if i == mostPlanned {
				_, _ = fmt.Fprintf(w, "missing\t… and %d more stretches\n", len(p.Work)-i)
				break
			}
			_, _ = fmt.Fprintf(w, "missing\tblocks %d to %d of %d contracts\n", work.From, work.To, work.Contracts)
		}
		for _, step := range p.Steps {
			_, _ = fmt.Fprintf(w, "%s\tabout %d requests, %d compute units", step.Name, step.Requests, step.Units)
			if step.Least > 0 {
				_, _ = fmt.Fprintf(w, ", %s at the configured rate", step.Least.Round(time.Second))
			}
			if step.Each > 0 {
				_, _ = fmt.Fprintf(w, ", and %d for each block with logs", step.Each)
			}
			if step.EachDay > 0 {
				_, _ = fmt.Fprintf(w, ", and %d for each day since the first", step.EachDay)
			}
			_, _ = fmt.Fprintln(w)
		}
		if len(p.Unknown) > 0 {
			_, _ = fmt.Fprintf(w, "unknown\tfamily and first block of %s: a night finds them first, which makes this plan another\n", harmless(strings.Join(p.Unknown, ", ")))
		}
	}
	return w.Flush() // the only write that can fail
}

// reportEvery is how often a line says how far a fetch is, where no terminal
// shows a bar.
const reportEvery = 30 * time.Second

// A nodeReport shows how far a fetch is.
type nodeReport struct {
	night *night
	bar   *bar

	mu   sync.Mutex
	last time.Time
}

func (n *night) nodeReport() *nodeReport {
	return &nodeReport{night: n, bar: n.app.progress("blocks", false), last: time.Now()}
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
	r.night.log.Info(stage, values...)
}
