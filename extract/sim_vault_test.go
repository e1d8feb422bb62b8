package extract

import (
	"database/sql"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	models "github.com/vaultperf/vaultperf/sql"
)

var simTransfer = crypto.Keccak256Hash([]byte("Transfer(address,address,uint256)"))

// A simVault says what a fixture answers as the vault that it plays.
type simVault struct {
	at             common.Address
	assets, supply *big.Int
	balances       map[common.Address]int64 // shares
}

// mint gives a holder shares and tells the fixture its new totals: one asset a
// share, and interest.
func (v *simVault) mint(b *testBlock, holder common.Address, shares int64) {
	b.call(v.at, emit(simTransfer, common.Hash{}, common.BytesToHash(holder[:]), e18(shares)))
	v.supply = new(big.Int).Add(v.supply, e18(shares))
	v.hold(b, holder, shares)
	v.assets = new(big.Int).Add(v.assets, big.NewInt(shares*1_000_000+int64(b.Number().Uint64())))
	v.tell(b)
}

// transfer gives a holder's shares to another.
func (v *simVault) transfer(b *testBlock, from, to common.Address, shares int64) {
	b.call(v.at, emit(simTransfer, common.BytesToHash(from[:]), common.BytesToHash(to[:]), e18(shares)))
	v.hold(b, from, -shares)
	v.hold(b, to, shares)
}

func (v *simVault) hold(b *testBlock, holder common.Address, shares int64) {
	v.balances[holder] += shares
	data := callOf("balanceOf(address)", holder[:])
	b.call(v.at, setAnswer(data, modeReturn, e18(v.balances[holder])))
}

func (v *simVault) tell(b *testBlock) {
	// (assets + 1) * many / (supply + 10^12), as a vault with virtual shares computes it
	many := new(big.Int).Exp(big.NewInt(10), big.NewInt(18+12), nil)
	price := new(big.Int).Mul(many, new(big.Int).Add(v.assets, big.NewInt(1)))
	price.Quo(price, new(big.Int).Add(v.supply, big.NewInt(1e12)))
	b.call(v.at, setAnswer(callOf("totalAssets()"), modeReturn, v.assets))
	b.call(v.at, setAnswer(callOf("totalSupply()"), modeReturn, v.supply))
	b.call(v.at, setAnswer(callOf("convertToAssets(uint256)", many.Bytes()), modeReturn, price))
}

func e18(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), big.NewInt(1e18)) }

func newSim(b *testBlock) *simVault {
	v := &simVault{at: b.deploy(fixture(0)), assets: new(big.Int), supply: new(big.Int), balances: map[common.Address]int64{}}
	b.call(v.at, setAnswer(callOf("decimals()"), modeReturn, big.NewInt(18)))
	return v
}

func (v *simVault) vault(id string) Vault {
	return Vault{
		ID: id, Name: id, ChainID: testConfig.ChainID.Uint64(), Address: strings.ToLower(v.at.Hex()), Family: "erc4626",
		AssetSymbol: "USD", AssetDecimals: 6, ShareDecimals: 18,
	}
}

// holdLogs puts a chain's logs of some contracts into raw.logs, as an extraction
// would.
func holdLogs(t testing.TB, db *sql.DB, c *testChain, contracts ...common.Address) {
	t.Helper()
	logs, err := c.client.FilterLogs(t.Context(), ethereum.FilterQuery{FromBlock: new(big.Int), ToBlock: new(big.Int).SetUint64(c.tip), Addresses: contracts})
	if err != nil {
		t.Fatal(err)
	}
	appendLogs(t, db, logs)
}

func appendLogs(t testing.TB, db *sql.DB, logs []types.Log) {
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
			err := add(testConfig.ChainID.Int64(), int64(l.BlockNumber), int64(l.Index), l.BlockHash.Bytes(), nil, l.TxHash.Bytes(), int64(l.TxIndex),
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

// simChain has a vault from block 3 on that mints every fourth block, in blocks
// seven hours apart; shares change hands in blocks 5 and 9.
func simChain(t testing.TB, alloc types.GenesisAlloc) (*testChain, *simVault) {
	var v *simVault
	c := startChain(t, 60, 7*3600, false, alloc, func(i int, b *testBlock) {
		switch {
		case i == 3:
			v = newSim(b)
			v.mint(b, common.Address{1}, 100)
		case i == 5, i == 9:
			v.transfer(b, common.Address{1}, common.Address{2}, 1)
		case i > 3 && i%4 == 0:
			v.mint(b, common.Address{byte(i)}, int64(i))
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

// hold says that all logs of a contract are held.
func hold(t testing.TB, db *sql.DB, at common.Address, tip uint64) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `
insert into raw.spans (file_id, archive, chain_id, address, logs, from_block, to_block, is_complete)
values (0, '', 1337, ?, 0, 1, ?, true)`, strings.ToLower(at.Hex()), tip)
	if err != nil {
		t.Fatal(err)
	}
}
