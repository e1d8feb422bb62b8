package rpc

import (
	"fmt"
	"strings"
	"time"
)

// A Class says how the caller should react to an error.
type Class int

// What a provider's refusal means.
const (
	Unknown      Class = iota // not recognised: retry, then split once, then report
	SplitRange                // fewer blocks
	SplitAddress              // fewer addresses or topics
	SplitBatch                // fewer calls in a batch
	Wait                      // rate limit: retry later
	Quota                     // used up: waiting does not help
	Rotate                    // transient; another endpoint may do better
	StateMissing              // the node has pruned the state
	NotYet                    // the node is behind
	Refused                   // the method or form is not served
	Revert                    // the contract's answer, not the node's
	Fatal                     // retrying cannot help
)

var classNames = [...]string{
	"unknown", "split range", "split addresses", "split batch", "wait", "quota",
	"rotate", "state missing", "not yet", "refused", "revert", "fatal",
}

func (c Class) String() string { return classNames[c] }

// An Error is a refusal in the node's own words. Keys of URLs are masked.
type Error struct {
	Class    Class
	Code     int    // JSON-RPC code; 0: none
	Status   int    // HTTP status; 0: no answer
	Message  string // safe to print, shortened
	Data     []byte // error data: of a revert the ABI-encoded reason, else JSON
	Endpoint string // masked
	Hint     Hint   // of a SplitRange

	retryAfter time.Duration // 0: not said
	isTimeout  bool
	isClosed   bool // the endpoint is of no use: a wrong key, another chain
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Endpoint, e.Message)
	switch {
	case e.Code != 0 && e.Status != 0:
		fmt.Fprintf(&b, " (code %d, status %d)", e.Code, e.Status)
	case e.Code != 0:
		fmt.Fprintf(&b, " (code %d)", e.Code)
	case e.Status != 0:
		fmt.Fprintf(&b, " (status %d)", e.Status)
	}
	return b.String()
}

// A Hint is what a provider says it would answer. It is not reliable: some suggest the very
// range that they refused, or one with its ends swapped.
type Hint struct {
	From, To uint64 // both ends included; 0, 0: no range named
	Blocks   uint64 // most blocks per request; 0: not said
}

// A NoEndpointError says that no endpoint of a chain can be used: each is unreachable, out
// of quota, refuses, or serves another chain.
type NoEndpointError struct {
	ChainID uint64
	Errors  []*Error      // the last of each endpoint
	After   time.Duration // how long they may only fail, where that is why; else 0
}

func (e *NoEndpointError) Error() string {
	said := make([]string, len(e.Errors))
	for i, err := range e.Errors {
		said[i] = err.Error()
	}
	if e.After > 0 {
		return fmt.Sprintf("no endpoint of chain %d did anything within give_up_after, %s: %s", e.ChainID, e.After, strings.Join(said, "; "))
	}
	return fmt.Sprintf("no endpoint of chain %d can be used: %s", e.ChainID, strings.Join(said, "; "))
}
