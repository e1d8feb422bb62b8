package state

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"sync"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/vaultperf/vaultperf/extract/blocks"
	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
)

// What became of a read, as raw.states says it.
const (
	ReadOK       = "ok"
	ReadReverted = "reverted" // refused by the contract, or answered by something else
	ReadNoCode   = "no_code"
	ReadOutOfGas = "out_of_gas"
	ReadFailed   = "failed" // the node's fault; read again in another run
)

// MostCalls is how many reads one aggregate may have.
const MostCalls = 40

// A dueRead is one read that is due at a block.
type dueRead struct {
	block  int64
	target int // of the multicaller's targets
}

// A callTarget is one call of a contract that is made at many blocks.
type callTarget struct {
	read     family.Read
	vault    int    // of the run's vaults; of a pool's read not used
	address  string // whom the read is about, and its answer is kept under
	to       common.Address
	data     []byte
	argument string // as raw.states names it
	often    string // daily or once, of a read that the vault's family does not list; else empty
	of       *lookup
	ofWord   int // of the lookup's answer

	isResolved bool // to is another contract than the vault, and known
	isNowhere  bool // the vault does not say which contract to call
}

// A ReadResult is the outcome of one read.
type ReadResult struct {
	Status string // one of ReadOK and its like
	Value  *big.Int
	Text   string // if the value is not an integer
}

// A multicaller reads contracts' state through a node: many reads in one call if possible,
// otherwise each on its own.
type multicaller struct {
	node    rpc.Caller
	chainID uint64
	targets []callTarget

	at       *common.Address // address of aggregate3; nil: each read is a call of its own
	since    int64           // the first block with aggregate3
	override bool            // with our own code at the address

	mu    sync.Mutex
	alone map[int]bool      // targets that failed before, which are not aggregated
	texts map[string]string // the data of aggregates
}

// chooseAggregator determines how to aggregate reads: by Multicall3 if its code is the
// expected one, or else by our own code in its place, or else not at all. The node must
// have the state of from; if not the error is a *PrunedError.
func (a *multicaller) chooseAggregator(ctx context.Context, from, to int64) error {
	a.alone, a.texts = map[int]bool{}, map[string]string{}
	codes, err := Codes(ctx, a.node, a.chainID, multicall3, from, to)
	if err != nil {
		return err
	}
	if codes[1] == multicall3Hash {
		a.at = &multicall3
		a.since = from
		if codes[0] == multicall3Hash {
			return nil
		}
		a.since, err = blocks.First(ctx, from, to, func(ctx context.Context, n int64) (bool, error) {
			codes, err := Codes(ctx, a.node, a.chainID, multicall3, n)
			return err == nil && codes[0] == multicall3Hash, err
		})
		if err != nil {
			return err
		}
	}
	// our own code answers an empty aggregate
	call := a.aggregateCall(ownMulticall, true, from, hexutil.Encode(encodeCalls(nil)))
	results, err := a.node.Batch(ctx, []rpc.Call{call})
	if err != nil {
		return fmt.Errorf("try a state override: %w", err)
	}
	if results[0].Err == nil {
		if data, err := rpc.HexData(results[0].Value); err == nil {
			if _, err := decodeAnswers(data, 0); err == nil {
				a.override = true
			}
		}
	}
	return nil
}

// An aggregate is reads of one block that are made in one call.
type aggregate struct {
	asks []int // indices of the due reads
}

// read makes all reads and returns their results in the same order.
func (a *multicaller) read(ctx context.Context, asks []dueRead) ([]ReadResult, error) {
	out := make([]ReadResult, len(asks))
	open, alone := a.group(asks, out)
	var done []aggregate
	for len(open) > 0 {
		halves, single, err := a.round(ctx, asks, open, out)
		if err != nil {
			return nil, err
		}
		alone = append(alone, single...)
		done = append(done, open...)
		open = halves
	}
	if err := a.readAlone(ctx, asks, alone, out); err != nil {
		return nil, err
	}
	// a call that burned all gas left too little for those after it, which are repeated
	var again []int
	for _, g := range done {
		burned := false
		for _, i := range g.asks {
			if burned && out[i].Status == ReadOK {
				again = append(again, i)
			}
			burned = burned || out[i].Status == ReadOutOfGas
		}
	}
	slices.Sort(again)
	return out, a.readAlone(ctx, asks, slices.Compact(again), out)
}

// group aggregates the reads of a block, except for targets that failed before.
func (a *multicaller) group(asks []dueRead, out []ReadResult) (groups []aggregate, alone []int) {
	byBlock := map[int64][]int{}
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, q := range asks {
		if a.targets[q.target].isNowhere {
			out[i].Status = ReadReverted // as the vault's own answer did
			continue
		}
		isThere := a.override || a.at != nil && q.block >= a.since
		if !isThere || a.alone[q.target] {
			alone = append(alone, i)
			continue
		}
		byBlock[q.block] = append(byBlock[q.block], i)
	}
	for _, n := range slices.Sorted(maps.Keys(byBlock)) {
		for part := range slices.Chunk(byBlock[n], MostCalls) {
			groups = append(groups, aggregate{part})
		}
	}
	return groups, alone
}

// round makes each aggregate call once. An aggregate that fails as a whole is to be halved;
// a read that fails within one is to be made alone, which shows why.
func (a *multicaller) round(ctx context.Context, asks []dueRead, open []aggregate, out []ReadResult) (halves []aggregate, alone []int, err error) {
	calls := make([]rpc.Call, len(open))
	for k, g := range open {
		block := asks[g.asks[0]].block
		at, override := ownMulticall, true
		if a.at != nil && block >= a.since {
			at, override = *a.at, false
		}
		calls[k] = a.aggregateCall(at, override, block, a.text(asks, g.asks))
	}
	results, err := a.batch(ctx, calls)
	if err != nil {
		return nil, nil, err
	}
	for k, g := range open {
		block := asks[g.asks[0]].block
		answers, err := answersOf(results[k], len(g.asks))
		if err != nil {
			if failed := results[k].Err; failed != nil && isEnd(failed) {
				return nil, nil, stop(a.chainID, failed, block)
			}
			if len(g.asks) == 1 {
				alone = append(alone, g.asks...)
				continue
			}
			half := len(g.asks) / 2
			halves = append(halves, aggregate{g.asks[:half]}, aggregate{g.asks[half:]})
			continue
		}
		for j, i := range g.asks {
			read := a.targets[asks[i].target].read
			value, text, ok := valueFrom(read, answers[j].data)
			if !answers[j].ok || !ok {
				alone = append(alone, i)
				continue
			}
			out[i] = ReadResult{Status: ReadOK, Value: value, Text: text}
		}
	}
	return halves, alone, nil
}

func answersOf(r rpc.Result, n int) ([]answer3, error) {
	if r.Err != nil {
		return nil, r.Err
	}
	data, err := rpc.HexData(r.Value)
	if err != nil {
		return nil, err
	}
	return decodeAnswers(data, n)
}

// isEnd says whether an error is the node's, so that no other call can do better.
func isEnd(e *rpc.Error) bool {
	return e.Class == rpc.StateMissing || e.Class == rpc.NotYet || e.Class == rpc.Refused || e.Class == rpc.Quota
}

// batch makes calls. A node that gives up on one that takes too long fails the whole batch;
// halving it isolates the call.
func (a *multicaller) batch(ctx context.Context, calls []rpc.Call) ([]rpc.Result, error) {
	results, err := a.node.Batch(ctx, calls)
	var failed *rpc.Error
	if err == nil || !errors.As(err, &failed) || !strings.Contains(failed.Message, "timeout") || ctx.Err() != nil {
		return results, err
	}
	if len(calls) == 1 {
		return []rpc.Result{{Err: failed}}, nil
	}
	half := len(calls) / 2
	first, err := a.batch(ctx, calls[:half])
	if err != nil {
		return nil, err
	}
	second, err := a.batch(ctx, calls[half:])
	return append(first, second...), err
}

// readAlone makes each read on its own, which shows why one fails.
func (a *multicaller) readAlone(ctx context.Context, asks []dueRead, which []int, out []ReadResult) error {
	if len(which) == 0 {
		return nil
	}
	empty, err := a.askAlone(ctx, asks, which, out)
	if err != nil {
		return err
	}
	return a.checkCode(ctx, asks, empty, out)
}

// askAlone also returns the reads with empty answers.
func (a *multicaller) askAlone(ctx context.Context, asks []dueRead, which []int, out []ReadResult) (empty []int, err error) {
	calls := make([]rpc.Call, len(which))
	for k, i := range which {
		t := a.targets[asks[i].target]
		calls[k] = rpc.Call{Method: "eth_call", Params: []any{
			map[string]any{"to": t.to, "data": hexutil.Encode(t.data)}, rpc.HexNumber(asks[i].block),
		}}
	}
	results, err := a.batch(ctx, calls)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for k, i := range which {
		if failed := results[k].Err; failed != nil && isEnd(failed) {
			return nil, stop(a.chainID, failed, asks[i].block)
		}
		out[i] = a.judge(asks[i], results[k])
		if out[i].Status == ReadReverted || out[i].Status == ReadOutOfGas {
			a.alone[asks[i].target] = true
		}
		if out[i].Status == ReadNoCode {
			empty = append(empty, i)
		}
	}
	return empty, nil
}

// judge is the result of a read that was made alone. An empty answer counts as missing code
// until that is checked.
func (a *multicaller) judge(q dueRead, r rpc.Result) ReadResult {
	t := a.targets[q.target]
	if r.Err != nil {
		status := ReadFailed
		switch {
		case isOutOfGas(r.Err.Message):
			status = ReadOutOfGas
		case isContracts(r.Err):
			status = ReadReverted
		}
		return ReadResult{Status: status}
	}
	data, err := rpc.HexData(r.Value)
	if err != nil {
		return ReadResult{Status: ReadFailed}
	}
	if len(data) == 0 {
		return ReadResult{Status: ReadNoCode}
	}
	value, text, ok := valueFrom(t.read, data)
	if !ok {
		return ReadResult{Status: ReadReverted}
	}
	return ReadResult{Status: ReadOK, Value: value, Text: text}
}

// checkCode distinguishes contracts with an empty answer from addresses without code.
func (a *multicaller) checkCode(ctx context.Context, asks []dueRead, empty []int, out []ReadResult) error {
	if len(empty) == 0 {
		return nil
	}
	calls := make([]rpc.Call, len(empty))
	for k, i := range empty {
		calls[k] = rpc.Call{Method: "eth_getCode", Params: []any{a.targets[asks[i].target].to, rpc.HexNumber(asks[i].block)}}
	}
	results, err := a.node.Batch(ctx, calls)
	if err != nil {
		return fmt.Errorf("read code: %w", err)
	}
	for k, i := range empty {
		code, err := rpc.HexData(results[k].Value)
		switch {
		case results[k].Err != nil || err != nil:
			out[i].Status = ReadFailed
		case len(code) > 0:
			out[i].Status = ReadReverted
		}
	}
	return nil
}

// isContracts says whether a call failed in the contract, not in the node.
func isContracts(e *rpc.Error) bool {
	message := strings.ToLower(e.Message)
	return e.Class == rpc.Revert || isOutOfGas(message) ||
		strings.Contains(message, "invalid opcode") || strings.Contains(message, "invalid jump") ||
		strings.Contains(message, "stack underflow") || strings.Contains(message, "stack limit")
}

func isOutOfGas(message string) bool {
	message = strings.ToLower(message)
	return strings.Contains(message, "out of gas") || strings.Contains(message, "outofgas") ||
		strings.Contains(message, "gas required exceeds") || strings.Contains(message, "gas uint64 overflow")
}

func (a *multicaller) aggregateCall(at common.Address, override bool, block int64, data string) rpc.Call {
	params := []any{map[string]any{"to": at, "data": data}, rpc.HexNumber(block)}
	if override {
		params = append(params, map[string]any{at.Hex(): map[string]any{"code": hexutil.Encode(ownCode)}})
	}
	return rpc.Call{Method: "eth_call", Params: params}
}

// text is the data of an aggregate in hex, cached because most blocks have the same reads.
func (a *multicaller) text(asks []dueRead, which []int) string {
	key := make([]byte, 0, 4*len(which))
	for _, i := range which {
		t := asks[i].target
		key = append(key, byte(t>>16), byte(t>>8), byte(t))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if text, known := a.texts[string(key)]; known {
		return text
	}
	calls := make([]call3, len(which))
	for k, i := range which {
		t := a.targets[asks[i].target]
		calls[k] = call3{t.to, t.data}
	}
	text := hexutil.Encode(encodeCalls(calls))
	a.texts[string(key)] = text
	return text
}
