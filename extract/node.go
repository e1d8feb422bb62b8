package extract

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vaultperf/vaultperf/extract/rpc"
)

// A Node is the JSON-RPC endpoints of one chain.
type Node struct {
	ChainID           uint64
	URLs              []string // in the order of preference, with their keys; never shown
	RequestsPerSecond float64  // calls to one endpoint, each of a batch counted; 0: no limit
	MaxBatch          int      // calls in one request; 0: 100
	Archive           bool     // serves the state of old blocks
	Verify            int      // how deep the history is verified, 0 to 3
	Confirmations     uint64   // blocks behind the head that are taken for final where a node cannot say; 0: 64

	tries   int           // of a request; 0: as rpc has it
	backoff time.Duration // likewise
}

// A NodeError says that a chain's endpoints cannot be used, now or at all. What
// was fetched before is kept.
type NodeError struct {
	ChainID uint64
	Err     error
}

func (e *NodeError) Error() string { return e.Err.Error() }
func (e *NodeError) Unwrap() error { return e.Err }

// NodeProgress is how far the logs of a chain are.
type NodeProgress struct {
	ChainID     uint64
	Stage       string        // empty: logs; states, then verify
	Done, Total uint64        // blocks, each as often as filters ask for it apart; of states reads
	Logs        int64         // fetched tonight
	Elapsed     time.Duration // of the stage
	Stats       rpc.Stats     // its calls are the stage's, all else tonight's
}

// formatNode is the format of what a node answered, as raw.files has it.
const formatNode = "eth_getLogs"

// defaultConfirmations are two epochs of Ethereum.
const defaultConfirmations = 64

// runNodes brings the logs of every chain that has a node up to its last final
// block. Each unit of blocks is a transaction of its own, so that what is there
// stays whatever comes next.
func runNodes(ctx context.Context, db *sql.DB, opt Options) (files []File, err error) {
	for _, node := range opt.Nodes {
		vaults := vaultsOf(opt.Vaults, node.ChainID)
		if len(vaults) == 0 {
			continue
		}
		n, err := dialNode(ctx, db, opt, node, vaults)
		if err != nil {
			return files, asNodeError(ctx, node.ChainID, err)
		}
		if err := n.run(ctx); err != nil {
			return files, asNodeError(ctx, node.ChainID, err)
		}
		opt.Vaults = n.opt.Vaults
		for _, s := range n.sources {
			if !s.isNew { // it has answered, tonight or before
				files = append(files, s.file)
			}
		}
	}
	return files, nil
}

func vaultsOf(all []Vault, chain uint64) []Vault {
	var vaults []Vault
	for _, v := range all {
		if v.ChainID == chain {
			vaults = append(vaults, v)
		}
	}
	return vaults
}

// asNodeError tells what the endpoints are to blame for from all else.
func asNodeError(ctx context.Context, chain uint64, err error) error {
	var refused *rpc.Error
	var none *rpc.NoEndpointError
	var pruned *PrunedError
	if ctx.Err() == nil && (errors.As(err, &refused) || errors.As(err, &none) || errors.As(err, &pruned)) {
		return &NodeError{chain, err}
	}
	return err
}

// A chain is one node's work of a night.
type chain struct {
	node   Node
	opt    Options
	vaults []Vault
	db     *sql.DB
	pool   *rpc.Pool
	head   rpc.Block // the last final one

	sources  map[string]*nodeSource // by endpoint
	families map[rpc.Address]string // of the contracts, whose logs are decoded as they come
	fresh    span                   // blocks in which logs are new tonight; empty: none
	occupied []span                 // blocks outside of which no log was held before the unit that is written
	start    time.Time
	before   int64 // calls before that

	mu        sync.Mutex
	reporting sync.Mutex // holds while NodeProgress is called
	progress  NodeProgress
}

// A dialedChain is the endpoints that serve a chain, and its last final block.
type dialedChain struct {
	pool *rpc.Pool
	head rpc.Block
}

// dialNode finds the endpoints that serve the chain, and its last final block. A
// night does it once for each chain.
func dialNode(ctx context.Context, db *sql.DB, opt Options, node Node, vaults []Vault) (*chain, error) {
	n := &chain{
		node: node, opt: opt, vaults: vaults, db: db,
		sources: map[string]*nodeSource{}, fresh: noSpan, start: time.Now(),
	}
	n.progress.ChainID = node.ChainID
	if known := opt.dialed[node.ChainID]; known != nil {
		n.pool, n.head, n.before = known.pool, known.head, known.pool.Stats().Calls
		return n, nil
	}
	var err error
	n.pool, err = rpc.Dial(ctx, rpc.Options{
		ChainID: node.ChainID, URLs: node.URLs, RequestsPerSecond: node.RequestsPerSecond, MaxBatch: node.MaxBatch,
		Record: opt.Record, Replay: opt.Replay, Notice: opt.Notice, Tries: node.tries, Backoff: node.backoff,
	})
	if err != nil {
		return nil, err
	}
	if n.head, err = n.lastFinal(ctx); err != nil {
		return nil, err
	}
	if opt.dialed != nil {
		opt.dialed[node.ChainID] = &dialedChain{n.pool, n.head}
	}
	return n, nil
}

// run fetches what is missing of every filter.
func (n *chain) run(ctx context.Context) error {
	if err := n.readSources(ctx); err != nil {
		return err
	}
	if err := n.forgetReach(ctx, n.db); err != nil {
		return err
	}
	if err := n.rollBack(ctx); err != nil {
		return err
	}
	if err := n.followProxies(ctx); err != nil {
		return err
	}
	n.families = decodedAs(n.vaults)
	work, err := n.missing(ctx)
	if err != nil {
		return err
	}
	for _, s := range work {
		n.progress.Total += s.blocks()
	}
	if len(work) > 0 {
		if err := n.probeDepth(ctx); err != nil {
			return err
		}
	}
	if err := n.fetch(ctx, work); err != nil {
		return err
	}
	if err := n.fillTimes(ctx); err != nil {
		return err
	}
	if err := n.finish(ctx); err != nil {
		return err
	}
	if err := n.recordReach(ctx); err != nil {
		return err
	}
	return n.prove(ctx)
}

// finish looks at what no unit alone can show.
func (n *chain) finish(ctx context.Context) error {
	if n.fresh.isEmpty() {
		return nil
	}
	return inTransaction(ctx, n.db, func(conn *sql.Conn) error { return checkBlockTimes(ctx, conn) })
}

// report tells how far the work is, one caller at a time.
func (n *chain) report() {
	if n.opt.NodeProgress == nil {
		return
	}
	n.reporting.Lock()
	defer n.reporting.Unlock()
	n.mu.Lock()
	n.progress.Elapsed = time.Since(n.start)
	n.progress.Stats = n.pool.Stats()
	n.progress.Stats.Calls -= n.before
	progress := n.progress
	n.mu.Unlock()
	n.opt.NodeProgress(progress)
}

func (n *chain) notice(format string, args ...any) {
	if n.opt.Notice != nil {
		n.opt.Notice(fmt.Sprintf(format, args...))
	}
}

// lastFinal is the last block that cannot change any more: the node's word, or
// as many blocks behind its head as the config says.
func (n *chain) lastFinal(ctx context.Context) (rpc.Block, error) {
	block, err := n.anchor(ctx, "finalized")
	var refused *rpc.Error
	if err == nil || !errors.As(err, &refused) || refused.Class == rpc.Rotate || refused.Class == rpc.Wait {
		return block, err
	}
	value, err := n.pool.Call(ctx, "eth_blockNumber")
	if err != nil {
		return block, fmt.Errorf("find the last final block: %w", err)
	}
	number, err := parseQuantity(string(value))
	if err != nil {
		return block, fmt.Errorf("find the last final block: eth_blockNumber: %w", err)
	}
	behind := n.node.Confirmations
	if behind == 0 {
		behind = defaultConfirmations
	}
	n.notice("chain %d has no finalized block: taking the one %d behind the head", n.node.ChainID, behind)
	return n.anchor(ctx, fmt.Sprintf("%#x", number-min(number, behind)))
}

// anchor asks for a block and has every other endpoint prove that it has it too.
func (n *chain) anchor(ctx context.Context, tag string) (rpc.Block, error) {
	results, err := n.pool.Batch(ctx, []rpc.Call{{Method: "eth_getBlockByNumber", Params: []any{tag, false}}})
	if err == nil && results[0].Err != nil {
		err = results[0].Err
	}
	if err != nil {
		return rpc.Block{}, fmt.Errorf("find the last final block: %w", err)
	}
	block, err := rpc.ParseBlock(results[0].Value)
	if err != nil {
		return block, fmt.Errorf("find the last final block: %s: %w", results[0].Endpoint, err)
	}
	n.pool.Anchor(block, results[0].Endpoint)
	return block, nil
}

// headers asks for blocks by number, in the order of numbers. A block that the
// node does not have is missing from the map.
func (n *chain) headers(ctx context.Context, numbers []uint64) (map[uint64]rpc.Block, error) {
	calls := make([]rpc.Call, len(numbers))
	for i, number := range numbers {
		calls[i] = rpc.Call{Method: "eth_getBlockByNumber", Params: []any{fmt.Sprintf("%#x", number), false}}
	}
	results, err := n.pool.Batch(ctx, calls)
	if err != nil {
		return nil, fmt.Errorf("read headers: %w", err)
	}
	blocks := make(map[uint64]rpc.Block, len(numbers))
	for i, r := range results {
		if r.Err != nil && r.Err.Class == rpc.NotYet {
			continue
		}
		if r.Err != nil {
			return nil, fmt.Errorf("read header %d: %w", numbers[i], r.Err)
		}
		block, err := rpc.ParseBlock(r.Value)
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

// addressOf reads a configured address; config has checked its form.
func addressOf(text string) (a rpc.Address, err error) {
	b, err := hex.DecodeString(strings.TrimPrefix(strings.ToLower(text), "0x"))
	if err != nil || len(b) != len(a) {
		return a, fmt.Errorf("want an address, got %q", text)
	}
	copy(a[:], b)
	return a, nil
}

// parseQuantity reads a number as JSON-RPC writes it.
func parseQuantity(value string) (uint64, error) {
	return strconv.ParseUint(strings.Trim(value, `"`), 0, 64)
}
