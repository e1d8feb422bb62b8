package config

import (
	"fmt"
	"math"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/extract"
)

// An rpc is one [[rpc]]: the endpoints of a chain.
type rpc struct {
	ChainID           *int64   `toml:"chain_id"`
	URLs              []string `toml:"urls"` // http(s), or env:NAME of a variable that holds one
	RequestsPerSecond float64  `toml:"requests_per_second"`
	MaxBatch          int      `toml:"max_batch"`
	Archive           bool     `toml:"archive"`
	Verify            string   `toml:"verify"` // L0 to L3; empty: L3
	Confirmations     int64    `toml:"confirmations"`
	GiveUpAfter       string   `toml:"give_up_after"` // "3m"; empty: the default
}

// Bounds of give_up_after: one answer may take a minute.
const (
	leastGiveUpAfter = 10 * time.Second
	mostGiveUpAfter  = 24 * time.Hour
)

// levels are how deep a history may be verified.
var levels = []string{"L0", "L1", "L2", "L3"}

var envForm = regexp.MustCompile(`^env:[A-Za-z_][A-Za-z0-9_]*$`)

func (f *File) validateRPCs(faults *faults) {
	seen := map[int64]bool{}
	for i, r := range f.RPCs {
		fault := func(format string, args ...any) {
			faults.add(f.lineOfTable("rpc", i), fmt.Sprintf("[[rpc]] number %d", i+1), format, args...)
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
func (r rpc) validate(fault func(format string, args ...any)) {
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
	if _, ok := r.giveUpAfter(); !ok {
		fault("give_up_after: want a time from 10s to 24h as \"3m\", got %q", r.GiveUpAfter)
	}
}

// giveUpAfter is how long the endpoints may only fail; 0: the default.
func (r rpc) giveUpAfter() (after time.Duration, ok bool) {
	if r.GiveUpAfter == "" {
		return 0, true
	}
	after, err := time.ParseDuration(r.GiveUpAfter)
	return after, err == nil && after >= leastGiveUpAfter && after <= mostGiveUpAfter
}

func isURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// node is the [[rpc]] as extract wants it, with the URLs that the environment holds.
func (r rpc) node(isReplay bool) (extract.Node, error) {
	n := extract.Node{
		ChainID:           uint64(*r.ChainID),
		RequestsPerSecond: r.RequestsPerSecond,
		MaxBatch:          r.MaxBatch,
		Archive:           r.Archive,
		Verify:            len(levels) - 1,
		Confirmations:     uint64(r.Confirmations),
	}
	n.GiveUpAfter, _ = r.giveUpAfter() // validated
	if r.Verify != "" {
		n.Verify = slices.Index(levels, r.Verify)
	}
	for _, text := range r.URLs {
		name, isEnv := strings.CutPrefix(text, "env:")
		if isEnv && !isReplay {
			text = strings.TrimSpace(os.Getenv(name))
			switch {
			case text == "":
				return extract.Node{}, fmt.Errorf("urls: want the environment variable %s to hold a URL, it is not set", name)
			case !isURL(text):
				return extract.Node{}, fmt.Errorf("urls: want the environment variable %s to hold an http or https URL", name)
			}
		}
		n.URLs = append(n.URLs, text)
	}
	return n, nil
}
