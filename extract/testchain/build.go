package testchain

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/consensus/beacon"
	"github.com/ethereum/go-ethereum/consensus/ethash"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"
)

// A history is a chain that no node serves yet.
type history struct {
	genesis *core.Genesis
	blocks  []*types.Block
	chain   *Chain
}

func unix(seconds uint64) time.Time { return time.Unix(int64(seconds), 0).UTC() }

// build makes all blocks. The script runs inside the making, so that what it sends
// and what it knows stay together.
func build(ctx context.Context, opt Options) (h *history, err error) {
	all, err := contracts()
	if err != nil {
		return nil, err
	}
	until := opt.Until
	if until.IsZero() {
		until = lastDay
	}
	if until.Before(firstDay) || until.After(lastDay) || until != until.UTC().Truncate(24*time.Hour) {
		return nil, fmt.Errorf("until: want a UTC day from %s to %s", firstDay.Format(time.DateOnly), lastDay.Format(time.DateOnly))
	}
	defer func() { // the script's own faults, and transactions that do not fit
		if fault := recover(); fault != nil {
			h, err = nil, fmt.Errorf("script: %v", fault)
		}
	}()

	config := chainConfig()
	b := &builder{
		seed: opt.Seed, crowd: opt.Crowd, config: config, signer: types.LatestSigner(config), contracts: all,
		abis: map[common.Address]*abi.ABI{}, people: map[string]*person{},
	}
	w := newWorld(b)
	genesis := b.genesis()
	blocks := moments(newDice(opt.Seed, "clock"), until)
	engine := beacon.New(ethash.NewFaker())
	last := genesis.Timestamp
	_, made, receipts := core.GenerateChainWithGenesis(genesis, engine, len(blocks), func(i int, block *core.BlockGen) {
		if ctx.Err() != nil {
			panic(ctx.Err())
		}
		b.block, b.at = block, blocks[i]
		block.OffsetTime(int64(blocks[i].time-last) - 10) // it counts from ten seconds after the parent
		last = blocks[i].time
		block.SetPoS()
		block.SetParentBeaconRoot(common.Hash{})
		w.step(i == 0)
	})
	c := w.describe()
	if err := b.check(receipts, c); err != nil {
		return nil, err
	}
	c.Head, c.Tip = uint64(len(made)), made[len(made)-1].Hash()
	c.Finalized, c.Safe = c.Head-tailBlocks+tailFinalized, c.Head-tailBlocks+tailSafe
	c.LastDay = until
	return &history{genesis: genesis, blocks: made, chain: c}, nil
}

// chainConfig has all forks of mainnet from the first block.
func chainConfig() *params.ChainConfig {
	config := *params.AllDevChainProtocolChanges
	config.ChainID = big.NewInt(ChainID)
	config.BogotaTime = nil // its first storage writes cost three times as much
	return &config
}

// genesis gives everybody that may come to act the means to pay for it.
func (b *builder) genesis() *core.Genesis {
	alloc := core.SystemContractAllocs()
	for _, extra := range []string{"donor", "deployer", "keeper"} {
		b.person(extra)
	}
	for _, id := range []string{"synthetic-good", "synthetic-bad", "synthetic-closed"} {
		for _, role := range []string{
			"signer a", "signer b", "signer c", "signer d", "curator", "next owner", "next valuation manager",
			"next fee receiver", "next curator",
		} {
			b.person(id + " " + role)
		}
	}
	wealth := new(big.Int).Exp(big.NewInt(10), big.NewInt(24), nil)
	for _, p := range b.people {
		alloc[p.address] = types.Account{Balance: wealth}
	}
	alloc[Multicall3] = types.Account{Code: b.contracts["Multicall3"].runtime, Balance: new(big.Int)}
	alloc[GasBomb] = types.Account{Code: []byte{0x5b, 0x5f, 0x56}, Balance: new(big.Int)} // here: jump here
	return &core.Genesis{
		Config: b.config, GasLimit: 60_000_000, Alloc: alloc, Timestamp: uint64(firstDay.Unix()) - slotSeconds,
		BaseFee: big.NewInt(params.GWei), Difficulty: new(big.Int),
	}
}

// check sees that every transaction did what the script sent it for.
func (b *builder) check(receipts []types.Receipts, c *Chain) error {
	sent := make(map[common.Hash]string, len(b.sent))
	for _, s := range b.sent {
		sent[s.hash] = s.what
	}
	for _, list := range receipts {
		for _, r := range list {
			if r.Status != types.ReceiptStatusSuccessful {
				return fmt.Errorf("block %d: %s: failed with %d gas used", r.BlockNumber, sent[r.TxHash], r.GasUsed)
			}
			c.Transactions++
			c.Logs += len(r.Logs)
		}
	}
	if c.Transactions != len(b.sent) {
		return fmt.Errorf("%d transactions sent, %d in blocks", len(b.sent), c.Transactions)
	}
	return nil
}

// describe is the world for those who come to read it.
func (w *world) describe() *Chain {
	c := &Chain{
		Asset: w.asset, Beyond: w.beyond, FeeRegistry: w.registry, Beacon: w.beacon,
		LendingPool: w.lending.pool, AToken: w.lending.aToken, DebtToken: w.lending.debtToken,
	}
	for _, v := range []*venue{w.prime, w.reserve, w.frontier} {
		c.Venues = append(c.Venues, Venue{v.self, v.name})
	}
	for _, f := range w.funds {
		if f.info != nil {
			f.truth.Balances = f.shares().holders()
			c.Vaults = append(c.Vaults, f.info)
		}
	}
	if w.plain.info != nil {
		w.plain.truth.Balances = w.plain.model.shares.holders()
		c.Vaults = append(c.Vaults, w.plain.info)
	}
	if w.rated.info != nil {
		w.rated.truth.Balances = w.rated.model.shares.holders()
		c.Vaults = append(c.Vaults, w.rated.info)
	}
	return c
}
