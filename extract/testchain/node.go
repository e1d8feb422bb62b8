package testchain

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/eth/filters"
	"github.com/ethereum/go-ethereum/log"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/rpc"
)

// A server is go-ethereum's node, in memory and without peers, with all states.
type server struct{ stack *node.Node }

func serve(ctx context.Context, h *history, addr string) (*server, error) {
	host, port, err := hostPort(addr)
	if err != nil {
		return nil, err
	}
	quiet()
	config := node.DefaultConfig
	config.DataDir = ""
	config.Name = "devchain"
	config.Version = "v" + strconv.FormatUint(h.chain.Head, 10)
	config.P2P = p2p.Config{NoDiscovery: true}
	config.HTTPHost, config.HTTPPort, config.HTTPModules = host, port, []string{"eth", "net", "web3"}
	config.AuthPort = 0
	config.BatchRequestLimit, config.BatchResponseMaxSize = 10_000, 256<<20
	stack, err := node.New(&config)
	if err != nil {
		return nil, fmt.Errorf("new node: %w", err)
	}
	s := &server{stack: stack}
	if err := s.load(ctx, h); err != nil {
		_ = s.close()
		return nil, err
	}
	return s, nil
}

// load puts the blocks into the node, which executes them all again.
func (s *server) load(ctx context.Context, h *history) error {
	config := ethconfig.Defaults
	config.Genesis, config.SyncMode, config.NoPruning = h.genesis, ethconfig.FullSync, true
	config.StateScheme = rawdb.HashScheme // keeps every block's state
	config.LogNoHistory = true            // logs are found by bloom
	config.SnapshotCache = 0
	config.TxPool.NoLocals = true
	backend, err := eth.New(s.stack, &config)
	if err != nil {
		return fmt.Errorf("new eth service: %w", err)
	}
	// all blocks that have logs stay unpacked: what is measured against this node is
	// who asks it, not how often it unpacks a block
	logs := filters.NewFilterSystem(backend.APIBackend, filters.Config{LogCacheSize: len(h.blocks)})
	s.stack.RegisterAPIs([]rpc.API{{Namespace: "eth", Service: filters.NewFilterAPI(logs)}})
	if err := s.stack.Start(); err != nil {
		return fmt.Errorf("start node: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	blocks := backend.BlockChain()
	if _, err := blocks.InsertChain(h.blocks); err != nil {
		return fmt.Errorf("insert blocks: %w", err)
	}
	if got := blocks.CurrentBlock().Hash(); got != h.chain.Tip {
		return fmt.Errorf("insert blocks: head %s, want %s", got, h.chain.Tip)
	}
	blocks.SetFinalized(h.blocks[h.chain.Finalized-1].Header())
	// a minute after its start the node would begin to move what is final elsewhere, which
	// takes minutes with a database in memory, and Close waits for it; it looks here
	rawdb.WriteFinalizedBlockHash(backend.ChainDb(), common.Hash{})
	blocks.SetSafe(h.blocks[h.chain.Safe-1].Header())
	backend.SetSynced()
	return nil
}

func (s *server) url() string { return s.stack.HTTPEndpoint() }

func (s *server) close() error { return s.stack.Close() }

func hostPort(addr string) (host string, port int, err error) {
	if addr == "" {
		return "127.0.0.1", 0, nil
	}
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		return "", 0, fmt.Errorf("addr: %w", err)
	}
	if port, err = strconv.Atoi(text); err != nil {
		return "", 0, fmt.Errorf("addr: want host:port, got %q", addr)
	}
	if host == "" {
		host = "0.0.0.0"
	}
	return host, port, nil
}

// quiet keeps the node's own messages back, except errors.
func quiet() {
	var to io.Writer = os.Stderr
	log.SetDefault(log.NewLogger(log.NewTerminalHandlerWithLevel(to, slog.LevelError, false)))
}
