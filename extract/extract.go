// Package extract fills the raw tables: from archived files of event logs, price
// readings, block times and benchmarks, and from nodes. It keeps what the configured
// vaults need, decodes their logs, reads the state that prices are computed from, and
// proves how complete the history is. It counts every row it does not keep, by reason.
//
// It writes only raw.* and computes no price. It takes every date from its caller and
// uses the clock only to time requests.
//
// This package is the face; each step is a package below it.
package extract

import (
	"net/http"
	"time"

	"github.com/vaultperf/vaultperf/extract/archive"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// Options are the inputs of a run. Dates come from the command only.
type Options struct {
	Vaults     []vault.Vault
	Archives   []archive.Archive
	Benchmarks []archive.Benchmark     // their names are unique
	Now        time.Time               // no row may be later
	Progress   func(done, total int64) // bytes of input handled; may be nil

	Nodes          []Node             // at most one per chain
	Record, Replay string             // folders to record the nodes' answers in, or to replay them from; empty: neither
	NodeProgress   func(NodeProgress) // called now and then from other goroutines; may be nil
	Notice         func(text string)  // messages about nodes for the user, safe to print; nil: dropped
}

// A Node is the JSON-RPC endpoints of one chain.
type Node struct {
	ChainID           uint64
	URLs              []string      // in the order of preference, with their keys; never shown
	RequestsPerSecond float64       // calls to one endpoint, each of a batch counted; 0: no limit
	MaxBatch          int           // calls in one request; 0: 100
	Archive           bool          // serves the state of old blocks
	Verify            int           // how deep the history is verified, 0 to 3
	Confirmations     uint64        // depth at which a block counts as final where the node does not say; 0: 64
	GiveUpAfter       time.Duration // of failures without one call that is done; 0: 3 min

	tries     int               // of a request; 0: the default of rpc
	backoff   time.Duration     // likewise
	transport http.RoundTripper // nil: the network
}

// A NodeError says that a chain's endpoints cannot be used, now or at all. What
// was fetched before is kept.
type NodeError struct {
	ChainID uint64
	Err     error
}

func (e *NodeError) Error() string { return e.Err.Error() }

func (e *NodeError) Unwrap() error { return e.Err }

// NodeProgress is how far the work with a chain's node is.
type NodeProgress struct {
	ChainID     uint64
	Stage       string        // empty: logs; states, then verify
	Done, Total uint64        // blocks, each counted once per separate filter; in stage states: reads
	Logs        int64         // fetched in this run
	Elapsed     time.Duration // of the stage
	Stats       rpc.Stats     // calls of this stage; everything else of the whole run
}
