package rpc

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/vaultperf/vaultperf/extract/snippet"
)

// defaultConfirmations are two epochs of Ethereum.
const defaultConfirmations = 64

// LastFinal is the last final block: the node's own, or if it does not know one, the block
// that many confirmations behind its head; 0: 64. Every other endpoint must prove that it
// has the block before it is used again.
func (p *Pool) LastFinal(ctx context.Context, confirmations uint64) (Block, error) {
	block, err := p.anchorAt(ctx, "finalized")
	var refused *Error
	if err == nil || !errors.As(err, &refused) || refused.Class == Rotate || refused.Class == Wait {
		return block, err
	}
	value, err := p.Call(ctx, "eth_blockNumber")
	if err != nil {
		return block, fmt.Errorf("find the last final block: %w", err)
	}
	number, err := strconv.ParseUint(strings.Trim(string(value), `"`), 0, 64)
	if err != nil {
		return block, fmt.Errorf("find the last final block: eth_blockNumber: want a number, got %s", snippet.Of(string(value), 40))
	}
	if confirmations == 0 {
		confirmations = defaultConfirmations
	}
	p.notice("chain %d has no finalized block: taking the one %d behind the head", p.opt.ChainID, confirmations)
	return p.anchorAt(ctx, fmt.Sprintf("%#x", number-min(number, confirmations)))
}

// anchorAt asks for a block and makes it the anchor.
func (p *Pool) anchorAt(ctx context.Context, tag string) (Block, error) {
	results, err := p.Batch(ctx, []Call{{Method: "eth_getBlockByNumber", Params: []any{tag, false}}})
	if err == nil && results[0].Err != nil {
		err = results[0].Err
	}
	if err != nil {
		return Block{}, fmt.Errorf("find the last final block: %w", err)
	}
	block, err := ParseBlock(results[0].Value)
	if err != nil {
		return block, fmt.Errorf("find the last final block: %s: %w", results[0].Endpoint, err)
	}
	p.Anchor(block, results[0].Endpoint)
	return block, nil
}

// Blocks asks for blocks by number. Blocks that the node does not have are missing from
// the map.
func (p *Pool) Blocks(ctx context.Context, numbers []uint64) (map[uint64]Block, error) {
	calls := make([]Call, len(numbers))
	for i, number := range numbers {
		calls[i] = HeaderCall(int64(number))
	}
	results, err := p.Batch(ctx, calls)
	if err != nil {
		return nil, fmt.Errorf("read headers: %w", err)
	}
	blocks := make(map[uint64]Block, len(numbers))
	for i, r := range results {
		if r.Err != nil && r.Err.Class == NotYet {
			continue
		}
		if r.Err != nil {
			return nil, fmt.Errorf("read header %d: %w", numbers[i], r.Err)
		}
		block, err := ParseBlock(r.Value)
		if err == nil && block.Number != numbers[i] {
			err = fmt.Errorf("it is block %d", block.Number)
		}
		if err != nil {
			return nil, fmt.Errorf("read header %d from %s: %w", numbers[i], r.Endpoint, err)
		}
		blocks[block.Number] = block
	}
	return blocks, nil
}
