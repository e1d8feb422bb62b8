package rpc

import "fmt"

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

// An Error is a refusal, as the node worded it. Keys of URLs are masked.
type Error struct {
	Class    Class
	Code     int    // JSON-RPC code; 0: none
	Status   int    // HTTP status; 0: no answer
	Message  string // harmless to a terminal, shortened
	Data     []byte // error data, of a revert the ABI-encoded reason
	Endpoint string // masked
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s (code %d, status %d)", e.Endpoint, e.Message, e.Code, e.Status)
}
