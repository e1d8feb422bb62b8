package testchain

import (
	"bytes"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/ethereum/go-ethereum/trie"
)

func TestPriceIsTheRulesAtEverySettlement(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	for _, v := range c.Vaults {
		if v.Family == "lagoon" && len(v.Truth.Settlements) < 30 {
			t.Errorf("%s: %d settlements", v.ID, len(v.Truth.Settlements))
		}
		for _, s := range v.Truth.Settlements {
			got := n.ask(s.Block,
				question{v.Address, "AsyncVault", "totalAssets", nil},
				question{v.Address, "AsyncVault", "totalSupply", nil},
				question{v.Address, "AsyncVault", "convertToAssets", []any{shareUnit}},
				question{v.Address, "AsyncVault", "convertToAssets", []any{assetRate}},
			)
			equalNumber(t, v.ID+" totalAssets", s.Block, got[0], s.AssetsAfter)
			equalNumber(t, v.ID+" totalSupply", s.Block, got[1], s.SupplyAfter)
			equalNumber(t, v.ID+" convertToAssets(1e18)", s.Block, got[2], s.PriceAfter)
			equalNumber(t, v.ID+" convertToAssets(1e30)", s.Block, got[3], s.PriceFine)
		}
	}
}

// A day's last block of every vault is served as it was: the contracts, the Safe's
// cash, its debt, and what it has in venues. Every third day has to do.
func TestHistoricalStateIsTheTruth(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	for _, v := range c.Vaults {
		unit := assetRate
		if v.Family == "erc4626" {
			unit = shareUnit
		}
		last := v.Truth.Closes[len(v.Truth.Closes)-1]
		if !last.Day.Equal(c.LastDay) {
			t.Errorf("%s: the last day is %s", v.ID, last.Day)
		}
		if last.TotalAssets == nil {
			continue // its accountant answers, in TestTheAccountantIsTheRules
		}
		for i := len(v.Truth.Closes) - 1; i >= 0; i -= 3 {
			day := v.Truth.Closes[i]
			questions := []question{
				{v.Address, "PlainVault", "totalAssets", nil},
				{v.Address, "PlainVault", "totalSupply", nil},
				{v.Address, "PlainVault", "convertToAssets", []any{unit}},
			}
			want := []*big.Int{day.TotalAssets, day.TotalSupply, day.PriceFine}
			if v.Safe != (common.Address{}) {
				questions = append(questions,
					question{c.Asset, "Token", "balanceOf", []any{v.Safe}},
					question{c.DebtToken, "PositionToken", "balanceOf", []any{v.Safe}},
					question{c.AToken, "PositionToken", "balanceOf", []any{v.Safe}})
				want = append(want, day.SafeIdle, day.Debt, day.Venues[c.LendingPool])
			}
			for i, got := range n.ask(day.Block, questions...) {
				equalNumber(t, v.ID+" "+questions[i].method, day.Block, got, want[i])
			}
			for _, venue := range v.Venues {
				shares := n.ask(day.Block, question{venue, "PlainVault", "balanceOf", []any{v.Safe}})[0]
				worth := n.ask(day.Block, question{venue, "PlainVault", "convertToAssets", []any{shares}})[0]
				equalNumber(t, v.ID+" worth in a venue", day.Block, worth, day.Venues[venue])
			}
		}
	}
}

// What Lagoon's v0.5 keeps without a function to read it lies in the same slots.
func TestStorageLiesWhereLagoonKeepsIt(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	const (
		requests = "0x5c74d456014b1c0eb4368d944667a568313858a3029a650ff0cb7b56f8b57a00"
		fees     = "0xa5292f7ccd85acc1b3080c01f5da9af7799f2c26826bd4d79081d6511780bd00"
		roles    = "0x7c302ed2c673c3d6b4551cf74a01ee649f887e14fd20d13dbca1b6099534d900"
	)
	for _, v := range lagoonVaults(c) {
		for i := 0; i < len(v.Truth.Settlements); i += 10 {
			s := v.Truth.Settlements[i]
			for _, slot := range []struct {
				what string
				base string
				plus int64
				want *big.Int
			}{
				{"total assets", requests, 0, s.AssetsAfter},
				{"silo", requests, 8, v.Silo.Big()},
				{"last fee time", fees, 2, big.NewInt(s.Time.Unix())},
				{"high-water mark", fees, 3, s.HighWaterMark},
				{"safe", roles, 2, v.Safe.Big()},
			} {
				key := common.BigToHash(add(common.HexToHash(slot.base).Big(), num(slot.plus)))
				got, err := n.StorageAt(t.Context(), v.Address, key, new(big.Int).SetUint64(s.Block))
				if err != nil {
					t.Fatal(err)
				}
				equalNumber(t, v.ID+" "+slot.what, s.Block, new(big.Int).SetBytes(got), slot.want)
			}
		}
	}
}

func TestBeforeItsDeploymentAVaultHasNoCode(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	for _, v := range c.Vaults {
		for block, want := range map[uint64]bool{v.Deployed.Block - 1: false, v.Deployed.Block: true} {
			code, err := n.CodeAt(t.Context(), v.Address, new(big.Int).SetUint64(block))
			if err != nil {
				t.Fatal(err)
			}
			if got := len(code) > 0; got != want {
				t.Errorf("%s at block %d: code %t, want %t", v.ID, block, got, want)
			}
		}
	}
}

func TestTagsAreServed(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	for tag, want := range map[rpc.BlockNumber]uint64{
		rpc.FinalizedBlockNumber: c.Finalized, rpc.SafeBlockNumber: c.Safe, rpc.LatestBlockNumber: c.Head,
	} {
		header, err := n.HeaderByNumber(t.Context(), big.NewInt(tag.Int64()))
		if err != nil {
			t.Fatal(err)
		}
		if header.Number.Uint64() != want {
			t.Errorf("%s is block %d, want %d", tag, header.Number, want)
		}
		if unix(header.Time).Before(c.LastDay.AddDate(0, 0, 1)) {
			t.Errorf("%s is before the end of the history", tag)
		}
	}
	id, err := n.ChainID(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if id.Uint64() != ChainID {
		t.Errorf("chain id %d, want %d", id, ChainID)
	}
	var version string
	if err := n.Client.Client().CallContext(t.Context(), &version, "web3_clientVersion"); err != nil || version == "" {
		t.Errorf("version %q, %v", version, err)
	}
}

// A header commits to what receipts and bloom say, so that a client can prove
// that no log is missing.
func TestReceiptsAndHeadersProveEachOther(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	withLogs := 0
	for block := uint64(1); block <= c.Finalized; block += 7 {
		header, err := n.HeaderByNumber(t.Context(), new(big.Int).SetUint64(block))
		if err != nil {
			t.Fatal(err)
		}
		receipts, err := n.BlockReceipts(t.Context(), rpc.BlockNumberOrHashWithHash(header.Hash(), false))
		if err != nil {
			t.Fatal(err)
		}
		if root := types.DeriveSha(types.Receipts(receipts), trie.NewStackTrie(nil)); root != header.ReceiptHash {
			t.Fatalf("block %d: receipts root %s, want %s", block, root, header.ReceiptHash)
		}
		var logs []*types.Log
		for _, r := range receipts {
			logs = append(logs, r.Logs...)
		}
		if len(logs) > 0 {
			withLogs++
		}
		if bloom := types.MergeBloom(receipts); !bytes.Equal(bloom[:], header.Bloom[:]) {
			t.Fatalf("block %d: another bloom", block)
		}
	}
	if withLogs < 100 {
		t.Errorf("%d of the blocks have logs", withLogs)
	}
}

func TestGasBombBurnsAllGas(t *testing.T) {
	c := startWhole(t)
	n := dial(t, c)
	v := c.Vault("synthetic-good")
	got := n.ask(c.Finalized,
		question{v.Address, "AsyncVault", "totalAssets", nil},
		question{GasBomb, "AsyncVault", "totalAssets", nil},
	)
	if got[0] == nil || got[1] != nil {
		t.Errorf("got %v, want an answer and none", got)
	}
}
