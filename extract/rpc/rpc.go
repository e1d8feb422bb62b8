// Package rpc speaks JSON-RPC with real Ethereum archive nodes: it observes each endpoint's
// limits, understands the refusals of different providers, and never mistakes a missing
// answer for an empty one.
//
// It knows nothing of databases or vaults.
package rpc

import (
	"encoding/json"
)

// A Call is one request, without its id.
type Call struct {
	Method string
	Params []any // marshalled as JSON; nil: none
}

// A Result is the answer to one Call of a batch: exactly one of Value and Err
// is set.
type Result struct {
	Value    json.RawMessage // never null
	Err      *Error          // of this call only: a revert, missing state, a refused method
	Endpoint string          // masked: who answered
}
