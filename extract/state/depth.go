package state

import (
	"context"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/blocks"
	"github.com/vaultperf/vaultperf/extract/rpc"
)

// CheckDepth makes sure, before any log is fetched, that a node has the state of the first
// block that will be read; at is any address. If it has not, the error is a *PrunedError
// that says how far back the node's state reaches.
func CheckDepth(ctx context.Context, node rpc.Caller, chainID uint64, at common.Address, first, to int64) error {
	_, err := Codes(ctx, node, chainID, at, first)
	var pruned *PrunedError
	if !errors.As(err, &pruned) {
		return err
	}
	return depth(ctx, node, chainID, pruned, to)
}

// depth adds to the error how far back the node's state reaches.
func depth(ctx context.Context, node rpc.Caller, chainID uint64, pruned *PrunedError, to int64) error {
	has := func(ctx context.Context, n int64) (bool, error) {
		_, err := Codes(ctx, node, chainID, multicall3, n)
		if errors.As(err, new(*PrunedError)) {
			return false, nil
		}
		return err == nil, err
	}
	hasAny, err := has(ctx, to)
	if err != nil {
		return err
	}
	if hasAny {
		if pruned.Since, err = blocks.First(ctx, pruned.Block, to, has); err != nil {
			return err
		}
	}
	return pruned
}

// A PrunedError says that a node has pruned the state of a block.
type PrunedError struct {
	ChainID uint64
	Block   int64 // whose state was requested
	Since   int64 // the first block whose state the node has; 0: not determined
}

// Error says what is missing, and from which block on it is there.
func (e *PrunedError) Error() string {
	have := ""
	if e.Since > 0 {
		have = fmt.Sprintf(", it has state from block %d on", e.Since)
	}
	return fmt.Sprintf("chain %d: the node has pruned the state of block %d%s: an archive node is needed", e.ChainID, e.Block, have)
}

// Codes are the hashes of the code of an address at some blocks, zero without code. If the
// node lacks the state of one of them the error is a *PrunedError.
func Codes(ctx context.Context, node rpc.Caller, chainID uint64, at common.Address, blocks ...int64) ([]common.Hash, error) {
	calls := make([]rpc.Call, len(blocks))
	for i, n := range blocks {
		calls[i] = rpc.Call{Method: "eth_getCode", Params: []any{at, rpc.HexNumber(n)}}
	}
	results, err := node.Batch(ctx, calls)
	if err != nil {
		return nil, fmt.Errorf("read code: %w", err)
	}
	hashes := make([]common.Hash, len(blocks))
	for i, r := range results {
		if r.Err != nil {
			return nil, stop(chainID, r.Err, blocks[i])
		}
		code, err := rpc.HexData(r.Value)
		if err != nil {
			return nil, fmt.Errorf("read code: %w", err)
		}
		if len(code) > 0 {
			hashes[i] = crypto.Keccak256Hash(code)
		}
	}
	return hashes, nil
}

// stop makes the error that ends all reading.
func stop(chainID uint64, failed *rpc.Error, block int64) error {
	if failed.Class != rpc.StateMissing {
		return fmt.Errorf("read state of block %d: %w", block, failed)
	}
	return &PrunedError{ChainID: chainID, Block: block}
}
