// Package rpc speaks JSON-RPC with Ethereum archive nodes as they are: it keeps
// each endpoint's limits, understands what providers answer when they refuse,
// and never takes a missing answer for an empty one.
//
// It knows no database and no vault.
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
	Err      *Error          // of this call alone: a revert, missing state, a method refused
	Endpoint string          // masked: who answered
}
