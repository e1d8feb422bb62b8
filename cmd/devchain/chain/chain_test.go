package chain

import (
	"context"
	"errors"
	"math/big"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/ethclient"
)

// whole is the chain of two years, made once for all tests that read it.
var whole = sync.OnceValues(func() (*Chain, error) { return Start(context.Background(), Options{}) })

func startWhole(t *testing.T) *Chain {
	t.Helper()
	c, err := whole()
	if errors.Is(err, ErrNotCompiled) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A reader calls contracts at past blocks.
type reader struct {
	t      *testing.T
	client *ethclient.Client
}

func newReader(t *testing.T, c *Chain) *reader {
	t.Helper()
	client, err := ethclient.DialContext(t.Context(), c.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return &reader{t, client}
}

// number is a function's one integer at a block.
func (r *reader) number(block uint64, contract string, at common.Address, method string, args ...any) *big.Int {
	r.t.Helper()
	all, err := contracts()
	if err != nil {
		r.t.Fatal(err)
	}
	abi := all[contract].abi
	name := overload(&abi, method, len(args))
	data, err := abi.Pack(name, args...)
	if err != nil {
		r.t.Fatal(err)
	}
	answer, err := r.client.CallContract(r.t.Context(), ethereum.CallMsg{To: &at, Data: data}, new(big.Int).SetUint64(block))
	if err != nil {
		r.t.Fatalf("%s at block %d: %v", method, block, err)
	}
	values, err := abi.Unpack(name, answer)
	if err != nil {
		r.t.Fatalf("%s at block %d: %v", method, block, err)
	}
	n, ok := values[0].(*big.Int)
	if !ok {
		r.t.Fatalf("%s gives %T", method, values[0])
	}
	return n
}

func wantNumber(t *testing.T, what string, block uint64, got, want *big.Int) {
	t.Helper()
	if got.Cmp(want) != 0 {
		t.Errorf("block %d: %s %s, want %s", block, what, got, want)
	}
}

func TestPriceIsTheRulesAtEverySettlement(t *testing.T) {
	c := startWhole(t)
	r := newReader(t, c)
	for _, v := range c.Vaults {
		for _, s := range v.Truth.Settlements {
			wantNumber(t, v.ID+" totalAssets", s.Block, r.number(s.Block, "AsyncVault", v.Address, "totalAssets"), s.AssetsAfter)
			wantNumber(t, v.ID+" totalSupply", s.Block, r.number(s.Block, "AsyncVault", v.Address, "totalSupply"), s.SupplyAfter)
			wantNumber(t, v.ID+" convertToAssets(1e18)", s.Block,
				r.number(s.Block, "AsyncVault", v.Address, "convertToAssets", shareUnit), s.PriceAfter)
			wantNumber(t, v.ID+" convertToAssets(1e30)", s.Block,
				r.number(s.Block, "AsyncVault", v.Address, "convertToAssets", assetRate), s.PriceFine)
		}
	}
}
