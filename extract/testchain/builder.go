package testchain

import (
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
)

// A builder puts transactions into the block that is being made. The functions
// here panic on what only a fault of the script can cause; Build recovers.
type builder struct {
	seed      uint64
	crowd     int
	config    *params.ChainConfig
	signer    types.Signer
	contracts map[string]*contract
	abis      map[common.Address]*abi.ABI
	people    map[string]*person

	block *core.BlockGen
	at    moment
	sent  []sent
}

// A sent transaction is checked to have succeeded once the chain is made.
type sent struct {
	hash common.Hash
	what string
}

func (b *builder) person(name string) *person {
	p := b.people[name]
	if p == nil {
		var err error
		if p, err = newPerson(b.seed, name); err != nil {
			panic(err)
		}
		b.people[name] = p
	}
	return p
}

func (b *builder) now() uint64 { return b.at.time }

// here is the block being made, without a transaction.
func (b *builder) here() Point {
	return Point{Block: b.block.Number().Uint64(), Time: time.Unix(int64(b.at.time), 0).UTC()}
}

func (b *builder) point(tx common.Hash) Point {
	p := b.here()
	p.Tx = tx
	return p
}

// lastPoint is where the last transaction is.
func (b *builder) lastPoint() Point { return b.point(b.sent[len(b.sent)-1].hash) }

const (
	callGas   = 3_000_000
	deployGas = 9_000_000
	tip       = params.GWei
)

func (b *builder) send(from *person, to *common.Address, gas uint64, data []byte, what string) common.Hash {
	tx, err := types.SignNewTx(from.key, b.signer, &types.DynamicFeeTx{
		ChainID:   b.config.ChainID,
		Nonce:     b.block.TxNonce(from.address),
		To:        to,
		Gas:       gas,
		GasFeeCap: new(big.Int).Add(b.block.BaseFee(), big.NewInt(tip)),
		GasTipCap: big.NewInt(tip),
		Data:      data,
	})
	if err != nil {
		panic(fmt.Errorf("%s: %w", what, err))
	}
	b.block.AddTx(tx)
	b.sent = append(b.sent, sent{tx.Hash(), what})
	return tx.Hash()
}

// call sends a call of a contract deployed here.
func (b *builder) call(from *person, to common.Address, method string, args ...any) Point {
	what := fmt.Sprintf("%s calls %s on %s", from.name, method, b.at.day.Format(time.DateOnly))
	return b.point(b.send(from, &to, callGas, b.pack(to, method, args...), what))
}

func (b *builder) pack(to common.Address, method string, args ...any) []byte {
	contract := b.abis[to]
	if contract == nil {
		panic(fmt.Errorf("no contract at %s", to))
	}
	data, err := contract.Pack(overload(contract, method, len(args)), args...)
	if err != nil {
		panic(fmt.Errorf("pack %s: %w", method, err))
	}
	return data
}

// overload is go-ethereum's name of the function with so many arguments.
func overload(contract *abi.ABI, method string, arguments int) string {
	for name, m := range contract.Methods {
		if m.RawName == method && len(m.Inputs) == arguments {
			return name
		}
	}
	return method
}

// packOf packs a call of a contract that does not stand yet.
func (b *builder) packOf(name, method string, args ...any) []byte {
	data, err := b.contracts[name].abi.Pack(method, args...)
	if err != nil {
		panic(fmt.Errorf("pack %s: %w", method, err))
	}
	return data
}

// deploy creates a contract and knows its functions from now on.
func (b *builder) deploy(from *person, name string, args ...any) common.Address {
	c := b.contracts[name]
	if c == nil {
		panic(fmt.Errorf("no contract %s: compile again", name))
	}
	input, err := c.abi.Pack("", args...)
	if err != nil {
		panic(fmt.Errorf("deploy %s: %w", name, err))
	}
	address := crypto.CreateAddress(from.address, b.block.TxNonce(from.address))
	b.send(from, nil, deployGas, append(append([]byte(nil), c.code...), input...), "deploy "+name)
	b.abis[address] = &c.abi
	return address
}

// speaks says that the contract at an address has the functions of another, as a
// proxy has.
func (b *builder) speaks(address common.Address, name string) {
	b.abis[address] = &b.contracts[name].abi
}
