// Package testchain makes a test chain of two years with vaults whose every event is
// known beforehand, and serves it as an archive node does.
//
// The same seed gives the same blocks to the last byte. What was built into each
// vault is in its Truth, computed from the rules and never read from the chain, so
// that a test can compare what a program found with what was there to find.
//
// The contracts are our own, but for OpenZeppelin's ERC-4626 vault and proxies;
// they emit what the real ones emit. It reads no clock.
package testchain

import (
	"context"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"
)

// Multicall3 is the address that it has on every chain, and has here.
var Multicall3 = common.HexToAddress("0xcA11bde05977b3631167028862bE2a173976CA11")

// GasBomb is a contract that burns all gas in every call.
var GasBomb = common.HexToAddress("0x00000000000000000000000000000000000b0b00")

// ChainID is the test chain's.
const ChainID = 1337

// Options say which chain to make. The zero value is the whole history of seed 0
// on a free port of this machine.
type Options struct {
	Seed  uint64
	Until time.Time // the last UTC day; zero: 2025-09-04, with which the history ends
	Addr  string    // host:port to serve at; empty: 127.0.0.1 and a free port

	// Crowd is how many additional transfers of synthetic-plain's share every block
	// has, each to its own sender, to load an extractor. It changes the history.
	Crowd int
}

// A Chain is what stands on the chain, and the node that serves it. It is made by
// Start.
type Chain struct {
	URL             string // of JSON-RPC over HTTP
	Head            uint64
	Safe, Finalized uint64 // the blocks of these tags; the whole history is final
	Tip             common.Hash
	LastDay         time.Time // the last UTC day with transactions

	Asset, FeeRegistry             common.Address
	LendingPool, AToken, DebtToken common.Address
	Beacon                         common.Address // of synthetic-good
	Venues                         []Venue
	Vaults                         []*Vault // synthetic-good, -bad, -closed, -plain, -rated

	Transactions, Logs int

	// Beyond is a transfer of synthetic-good's share behind the finalized block. No
	// Truth has it; a chain that ends early may lack it.
	Beyond Point

	node *server
}

// A Venue is an ERC-4626 vault that Safes supply to.
type Venue struct {
	Address common.Address
	Name    string
}

// A Vault is one vault as it was deployed; Truth says what changed.
type Vault struct {
	ID, Name, Symbol             string
	Family                       string // as in a config: lagoon, erc4626 or veda
	Address                      common.Address
	Deployed                     Point
	Asset                        common.Address
	AssetDecimals, ShareDecimals int

	// Of the asynchronous ones only.
	Safe, Silo                                common.Address
	SafeOwners                                []common.Address
	SafeThreshold                             int
	Module                                    common.Address // of the Safe
	Implementation                            common.Address
	Beacon                                    common.Address // zero: a proxy of its own
	ProxyAdmin                                common.Address // zero: behind the beacon
	Owner, ValuationManager, WhitelistManager common.Address
	FeeReceiver, ProtocolFeeReceiver          common.Address
	Rates                                     Rates
	Venues                                    []common.Address
	StablePool, RangePool                     common.Address // zero: none

	// Of the rated one only. Bridge is a teller that is not its hook.
	Authority, Accountant, Teller, Bridge common.Address
	Queue, Solver, Manager                common.Address

	Truth *Truth
}

// Vault is the vault of that id, or nil.
func (c *Chain) Vault(id string) *Vault {
	for _, v := range c.Vaults {
		if v.ID == id {
			return v
		}
	}
	return nil
}

// Start makes the chain and serves it until Close. Without compiled contracts the
// error is ErrNotCompiled.
func Start(ctx context.Context, opt Options) (*Chain, error) {
	h, err := build(ctx, opt)
	if err != nil {
		return nil, fmt.Errorf("make the chain: %w", err)
	}
	c := h.chain
	c.node, err = serve(ctx, h, opt.Addr)
	if err != nil {
		return nil, fmt.Errorf("serve the chain: %w", err)
	}
	c.URL = c.node.url()
	return c, nil
}

// Close stops the node.
func (c *Chain) Close() error { return c.node.close() }
