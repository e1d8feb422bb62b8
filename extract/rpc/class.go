package rpc

import (
	"fmt"
	"strings"
	"time"
)

// A Class says what an error asks of the caller.
type Class int

// What a provider's refusal means.
const (
	Unknown      Class = iota // not recognised: tried again, then split once, then shown
	SplitRange                // fewer blocks
	SplitAddress              // fewer addresses or topics
	SplitBatch                // fewer calls in a batch
	Wait                      // rate limit: the same again, later
	Quota                     // used up: no use to wait
	Rotate                    // another endpoint may do better; transient
	StateMissing              // the node has pruned what was asked
	NotYet                    // the node is behind
	Refused                   // the method or form is not served
	Revert                    // the contract's answer, not the node's
	Fatal                     // asking again cannot help
)

var classNames = [...]string{
	"unknown", "split range", "split addresses", "split batch", "wait", "quota",
	"rotate", "state missing", "not yet", "refused", "revert", "fatal",
}

func (c Class) String() string { return classNames[c] }

// An Error is a refusal, as the node worded it. Keys of URLs are masked.
type Error struct {
	Class    Class
	Code     int    // JSON-RPC code; 0: none
	Status   int    // HTTP status; 0: no answer
	Message  string // harmless to a terminal, shortened
	Data     []byte // error data: of a revert the ABI-encoded reason, else JSON
	Endpoint string // masked
	Hint     Hint   // of a SplitRange

	retryAfter time.Duration // 0: not said
	isTimeout  bool
	isClosed   bool // whatever is asked: a wrong key, another chain
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

// A Hint is what a provider says would be answered. It is only a proposal: some
// propose the very range that they refused, or one upside down.
type Hint struct {
	From, To uint64 // both ends included; 0, 0: no range named
	Blocks   uint64 // most blocks of a request; 0: not said
}

// A NoEndpointError says that no endpoint of a chain can be used: unreachable,
// used up, refused, or of another chain. Nothing was taken from any of them.
type NoEndpointError struct {
	ChainID uint64
	Errors  []*Error // the last of each endpoint
}

func (e *NoEndpointError) Error() string {
	said := make([]string, len(e.Errors))
	for i, err := range e.Errors {
		said[i] = err.Error()
	}
	return fmt.Sprintf("no endpoint of chain %d can be used: %s", e.ChainID, strings.Join(said, "; "))
}
