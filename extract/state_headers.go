package extract

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/vaultperf/vaultperf/extract/rpc"
	models "github.com/vaultperf/vaultperf/sql"
)

// A Caller answers JSON-RPC calls in the order they were asked, however many; the
// pool of a chain's endpoints is one.
type Caller interface {
	Batch(ctx context.Context, calls []rpc.Call) ([]rpc.Result, error)
}

// A header is what is kept of a block's.
type header struct {
	number       int64
	hash, parent common.Hash
	receiptsRoot common.Hash
	at           time.Time
	bloom        types.Bloom
	isRecomputed bool
}

// fetchHeaders asks for the headers of blocks, all in one batch. The answer is
// in the order of numbers; one that is of another block is an error.
func fetchHeaders(ctx context.Context, node Caller, numbers []int64) ([]header, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	calls := make([]rpc.Call, len(numbers))
	for i, n := range numbers {
		calls[i] = rpc.Call{Method: "eth_getBlockByNumber", Params: []any{hexNumber(n), false}}
	}
	results, err := node.Batch(ctx, calls)
	if err != nil {
		return nil, fmt.Errorf("read headers: %w", err)
	}
	headers := make([]header, len(numbers))
	for i, r := range results {
		if r.Err != nil {
			return nil, fmt.Errorf("read the header of block %d: %w", numbers[i], r.Err)
		}
		h, err := parseHeader(r.Value)
		if err != nil {
			return nil, fmt.Errorf("read the header of block %d: %w", numbers[i], err)
		}
		if h.number != numbers[i] {
			return nil, fmt.Errorf("read the header of block %d: the node sent that of %d", numbers[i], h.number)
		}
		headers[i] = h
	}
	return headers, nil
}

// parseHeader takes what a header must have on every chain, and computes its
// hash where the chain's headers are Ethereum's.
func parseHeader(text json.RawMessage) (header, error) {
	var plain struct {
		Number       quantity    `json:"number"`
		Hash         common.Hash `json:"hash"`
		Parent       common.Hash `json:"parentHash"`
		ReceiptsRoot common.Hash `json:"receiptsRoot"`
		Time         quantity    `json:"timestamp"`
		Bloom        types.Bloom `json:"logsBloom"`
	}
	if err := json.Unmarshal(text, &plain); err != nil {
		return header{}, err
	}
	if plain.Hash == (common.Hash{}) || plain.Time == 0 && plain.Number != 0 {
		return header{}, fmt.Errorf("it has no hash or no time: %s", snippet(string(text), 80))
	}
	h := header{
		number: int64(plain.Number), hash: plain.Hash, parent: plain.Parent, receiptsRoot: plain.ReceiptsRoot,
		at: time.Unix(int64(plain.Time), 0).UTC(), bloom: plain.Bloom,
	}
	var full types.Header
	if json.Unmarshal(text, &full) == nil {
		h.isRecomputed = full.Hash() == h.hash
	}
	return h, nil
}

// A quantity is a number as nodes write it: hex in quotes, by some without.
type quantity uint64

// UnmarshalJSON takes "0x1b4" and 436.
func (q *quantity) UnmarshalJSON(text []byte) error {
	s := string(text)
	if unquoted, err := strconv.Unquote(s); err == nil {
		s = unquoted
	}
	n, err := strconv.ParseUint(s, 0, 63)
	if err != nil {
		return fmt.Errorf("want a number, got %s", snippet(string(text), 40))
	}
	*q = quantity(n)
	return nil
}

func hexNumber(n int64) string { return "0x" + strconv.FormatInt(n, 16) }

// writeHeaders adds headers that are not in raw.headers yet.
func writeHeaders(ctx context.Context, conn *sql.Conn, chainID uint64, headers []header) error {
	if len(headers) == 0 {
		return nil
	}
	return models.Append(ctx, conn, "raw", "headers", func(add func(values ...any) error) error {
		for _, h := range headers {
			err := add(int64(chainID), h.number, h.hash[:], h.parent[:], h.receiptsRoot[:], h.at, h.isRecomputed)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
