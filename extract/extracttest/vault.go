package extracttest

import (
	"database/sql"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
)

// Transfer is the first topic of share transfers.
var Transfer = crypto.Keccak256Hash([]byte("Transfer(address,address,uint256)"))

// A Vault says what a fixture answers as the vault that it plays.
type Vault struct {
	At             common.Address
	Assets, Supply *big.Int
	balances       map[common.Address]int64 // shares
}

// Mint gives a holder shares and tells the fixture its new totals: one asset a
// share, and interest.
func (v *Vault) Mint(b *Block, holder common.Address, shares int64) {
	b.Call(v.At, emit(Transfer, common.Hash{}, common.BytesToHash(holder[:]), E18(shares)))
	v.Supply = new(big.Int).Add(v.Supply, E18(shares))
	v.hold(b, holder, shares)
	v.Assets = new(big.Int).Add(v.Assets, big.NewInt(shares*1_000_000+int64(b.Number().Uint64())))
	v.Tell(b)
}

// Burn takes shares from a holder and, with them, one asset a share.
func (v *Vault) Burn(b *Block, holder common.Address, shares int64) {
	b.Call(v.At, emit(Transfer, common.BytesToHash(holder[:]), common.Hash{}, E18(shares)))
	v.Supply = new(big.Int).Sub(v.Supply, E18(shares))
	v.hold(b, holder, -shares)
	v.Assets = new(big.Int).Sub(v.Assets, big.NewInt(shares*1_000_000))
	v.Tell(b)
}

// transfer gives a holder's shares to another.
func (v *Vault) transfer(b *Block, from, to common.Address, shares int64) {
	b.Call(v.At, emit(Transfer, common.BytesToHash(from[:]), common.BytesToHash(to[:]), E18(shares)))
	v.hold(b, from, -shares)
	v.hold(b, to, shares)
}

func (v *Vault) hold(b *Block, holder common.Address, shares int64) {
	v.balances[holder] += shares
	data := callOf("balanceOf(address)", holder[:])
	b.Call(v.At, SetAnswer(data, ModeReturn, E18(v.balances[holder])))
}

// Tell tells the fixture its totals and what they make of shares.
func (v *Vault) Tell(b *Block) {
	// (assets + 1) * many / (supply + 10^12), as a vault with virtual shares computes it
	many := new(big.Int).Exp(big.NewInt(10), big.NewInt(18+12), nil)
	price := new(big.Int).Mul(many, new(big.Int).Add(v.Assets, big.NewInt(1)))
	price.Quo(price, new(big.Int).Add(v.Supply, big.NewInt(1e12)))
	b.Call(v.At, SetAnswer(callOf("totalAssets()"), ModeReturn, v.Assets))
	b.Call(v.At, SetAnswer(callOf("totalSupply()"), ModeReturn, v.Supply))
	b.Call(v.At, SetAnswer(callOf("convertToAssets(uint256)", many.Bytes()), ModeReturn, price))
}

// E18 is n of a unit with 18 decimals.
func E18(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), big.NewInt(1e18)) }

// NewVault deploys a vault without shares.
func NewVault(b *Block) *Vault {
	v := &Vault{At: b.Deploy(Fixture(0)), Assets: new(big.Int), Supply: new(big.Int), balances: map[common.Address]int64{}}
	b.Call(v.At, SetAnswer(callOf("decimals()"), ModeReturn, big.NewInt(18)))
	return v
}

// Vault is its configuration.
func (v *Vault) Vault(id string) vault.Vault {
	return vault.Vault{
		ID: id, Name: id, ChainID: TestConfig.ChainID.Uint64(), Address: strings.ToLower(v.At.Hex()), Family: "erc4626",
		AssetSymbol: "USD", AssetDecimals: 6, ShareDecimals: 18,
	}
}

// HoldLogs puts a chain's logs of some contracts into raw.logs, as an extraction
// would.
func HoldLogs(t testing.TB, db *sql.DB, c *Chain, contracts ...common.Address) {
	t.Helper()
	logs, err := c.Client.FilterLogs(t.Context(), ethereum.FilterQuery{FromBlock: new(big.Int), ToBlock: new(big.Int).SetUint64(c.Tip), Addresses: contracts})
	if err != nil {
		t.Fatal(err)
	}
	AppendLogs(t, db, logs)
}

// AppendLogs puts logs into raw.logs.
func AppendLogs(t testing.TB, db *sql.DB, logs []types.Log) {
	t.Helper()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = models.Append(t.Context(), conn, "raw", "logs", func(add func(...any) error) error {
		for _, l := range logs {
			var topics [4]any
			for i, topic := range l.Topics {
				topics[i] = topic.Bytes()
			}
			err := add(TestConfig.ChainID.Int64(), int64(l.BlockNumber), int64(l.Index), l.BlockHash.Bytes(), nil, l.TxHash.Bytes(), int64(l.TxIndex),
				l.Address.Bytes(), topics[0], topics[1], topics[2], topics[3], l.Data, int32(0))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// NewVaultChain has a vault from block 3 on that mints every fourth block, in blocks
// seven hours apart; shares change hands in blocks 5 and 9.
func NewVaultChain(t testing.TB, alloc types.GenesisAlloc) (*Chain, *Vault) {
	var v *Vault
	c := StartChain(t, 60, 7*3600, false, alloc, func(i int, b *Block) {
		switch {
		case i == 3:
			v = NewVault(b)
			v.Mint(b, common.Address{1}, 100)
		case i == 5, i == 9:
			v.transfer(b, common.Address{1}, common.Address{2}, 1)
		case i > 3 && i%4 == 0:
			v.Mint(b, common.Address{byte(i)}, int64(i))
		}
	})
	return c, v
}

// callOf is the data of a call, each argument a word.
func callOf(signature string, arguments ...[]byte) []byte {
	data := crypto.Keccak256([]byte(signature))[:4]
	for _, a := range arguments {
		data = append(data, common.LeftPadBytes(a, 32)...)
	}
	return data
}

// HoldWhole records that all logs of a contract are stored.
func HoldWhole(t testing.TB, db *sql.DB, at common.Address, tip uint64) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `
insert into raw.spans (file_id, archive, chain_id, address, logs, from_block, to_block, is_complete)
values (0, '', 1337, ?, 0, 1, ?, true)`, strings.ToLower(at.Hex()), tip)
	if err != nil {
		t.Fatal(err)
	}
}
