package rpc

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/vaultperf/vaultperf/extract/snippet"
)

// A Caller answers any number of JSON-RPC calls, in their order. Pool is one.
type Caller interface {
	Batch(ctx context.Context, calls []Call) ([]Result, error)
}

// A Header is the part of a block's header that is kept.
type Header struct {
	Number       int64
	Hash, Parent common.Hash
	ReceiptsRoot common.Hash
	At           time.Time // UTC
	Bloom        types.Bloom
	IsRecomputed bool // Hash was recomputed from the header, which needs Ethereum's header format
}

// FetchHeaders asks for the headers of blocks in one batch. They are returned in the order
// of numbers; a header of another block is an error.
func FetchHeaders(ctx context.Context, node Caller, numbers []int64) ([]Header, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	calls := make([]Call, len(numbers))
	for i, n := range numbers {
		calls[i] = HeaderCall(n)
	}
	results, err := node.Batch(ctx, calls)
	if err != nil {
		return nil, fmt.Errorf("read headers: %w", err)
	}
	headers := make([]Header, len(numbers))
	for i, r := range results {
		if r.Err != nil {
			return nil, fmt.Errorf("read the header of block %d: %w", numbers[i], r.Err)
		}
		h, err := ParseHeader(r.Value)
		if err != nil {
			return nil, fmt.Errorf("read the header of block %d: %w", numbers[i], err)
		}
		if h.Number != numbers[i] {
			return nil, fmt.Errorf("read the header of block %d: the node sent that of %d", numbers[i], h.Number)
		}
		headers[i] = h
	}
	return headers, nil
}

// ParseHeader parses the fields that a header has on every chain, and recomputes its hash
// if it has Ethereum's format.
func ParseHeader(text json.RawMessage) (Header, error) {
	var plain struct {
		Number       Quantity    `json:"number"`
		Hash         common.Hash `json:"hash"`
		Parent       common.Hash `json:"parentHash"`
		ReceiptsRoot common.Hash `json:"receiptsRoot"`
		Time         Quantity    `json:"timestamp"`
		Bloom        types.Bloom `json:"logsBloom"`
	}
	if err := json.Unmarshal(text, &plain); err != nil {
		return Header{}, err
	}
	if plain.Hash == (common.Hash{}) || plain.Time == 0 && plain.Number != 0 {
		return Header{}, fmt.Errorf("it has no hash or no time: %s", snippet.Of(string(text), 80))
	}
	h := Header{
		Number: int64(plain.Number), Hash: plain.Hash, Parent: plain.Parent, ReceiptsRoot: plain.ReceiptsRoot,
		At: time.Unix(int64(plain.Time), 0).UTC(), Bloom: plain.Bloom,
	}
	var full types.Header
	if json.Unmarshal(text, &full) == nil {
		h.IsRecomputed = full.Hash() == h.Hash
	}
	return h, nil
}

// HeaderCall asks for a block's header; Pool.Blocks and ParseHeader read the answer.
func HeaderCall(number int64) Call {
	return Call{Method: "eth_getBlockByNumber", Params: []any{HexNumber(number), false}}
}
