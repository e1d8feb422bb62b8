// Package extracttest provides what extract is tested against: a go-ethereum chain with a
// vault on it, a node with scripted answers, and files of real data.
package extracttest

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/consensus/beacon"
	"github.com/ethereum/go-ethereum/consensus/ethash"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/eth/filters"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/params"
	gethrpc "github.com/ethereum/go-ethereum/rpc"

	"github.com/vaultperf/vaultperf/extract/rpc"
)

// A Chain is a chain of a real node, built block by block from a key that pays
// for everything.
type Chain struct {
	Url    string
	Client *ethclient.Client
	Tip    uint64
	Blocks []*types.Block
}

// A Block is one block while it is built.
type Block struct {
	*core.BlockGen
	t testing.TB
}

// The first block's time, and what a transaction may use.
const (
	GenesisTime = 1_699_920_000 // 2023-11-14T00:00:00Z
	testGas     = 3_000_000
)

// Who pays for everything, and the rules of the chain.
var (
	testKey, _ = crypto.ToECDSA(crypto.Keccak256([]byte("vaultperf")))
	TestSender = crypto.PubkeyToAddress(testKey.PublicKey)
	TestConfig = func() *params.ChainConfig {
		c := *params.AllDevChainProtocolChanges
		c.BogotaTime = nil // it makes the first write of a slot very dear
		return &c
	}()
)

// Deploy creates a contract with this code and returns its address.
func (b *Block) Deploy(code []byte) common.Address {
	b.t.Helper()
	at := crypto.CreateAddress(TestSender, b.TxNonce(TestSender))
	b.transact(nil, creation(code))
	return at
}

// Call sends data to a contract.
func (b *Block) Call(to common.Address, data []byte) {
	b.t.Helper()
	b.transact(&to, data)
}

func (b *Block) transact(to *common.Address, data []byte) {
	b.t.Helper()
	tx, err := types.SignNewTx(testKey, types.LatestSigner(TestConfig), &types.DynamicFeeTx{
		ChainID: TestConfig.ChainID, Nonce: b.TxNonce(TestSender), To: to, Gas: testGas,
		GasFeeCap: new(big.Int).Add(b.BaseFee(), big.NewInt(1e9)), GasTipCap: big.NewInt(1e9), Data: data,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.AddTx(tx)
}

// StartChain builds a chain of n blocks, spacing seconds apart, and serves it
// over HTTP. A pruned node forgets the state of old blocks.
func StartChain(t testing.TB, n int, spacing int64, pruned bool, alloc types.GenesisAlloc, build func(i int, b *Block)) *Chain {
	t.Helper()
	all := core.SystemContractAllocs()
	for at, account := range alloc {
		all[at] = account
	}
	all[TestSender] = types.Account{Balance: new(big.Int).Exp(big.NewInt(10), big.NewInt(30), nil)}
	genesis := &core.Genesis{
		Config: TestConfig, GasLimit: 60_000_000, Alloc: all, Timestamp: GenesisTime,
		BaseFee: big.NewInt(1e9), Difficulty: new(big.Int),
	}
	engine := beacon.New(ethash.NewFaker())
	_, blocks, receipts := core.GenerateChainWithGenesis(genesis, engine, n, func(i int, b *core.BlockGen) {
		b.OffsetTime(spacing - 10)
		b.SetPoS()
		b.SetParentBeaconRoot(common.Hash{})
		build(i+1, &Block{b, t})
	})
	for i, of := range receipts {
		for _, r := range of {
			if r.Status != 1 {
				t.Fatalf("block %d: transaction %d failed", i+1, r.TransactionIndex)
			}
		}
	}
	c := serve(t, genesis, blocks, pruned)
	c.Blocks = blocks
	return c
}

func serve(t testing.TB, genesis *core.Genesis, blocks []*types.Block, pruned bool) *Chain {
	t.Helper()
	conf := node.DefaultConfig
	conf.DataDir = ""
	conf.P2P = p2p.Config{NoDiscovery: true, ListenAddr: ""}
	conf.HTTPHost, conf.HTTPPort, conf.HTTPModules = "127.0.0.1", 0, []string{"eth", "net", "web3"}
	stack, err := node.New(&conf)
	if err != nil {
		t.Fatal(err)
	}
	ec := ethconfig.Defaults
	ec.Genesis, ec.SyncMode, ec.SnapshotCache = genesis, ethconfig.FullSync, 0
	ec.NoPruning, ec.StateScheme, ec.LogNoHistory = !pruned, rawdb.HashScheme, true
	if pruned {
		ec.StateScheme = rawdb.PathScheme
	}
	ec.TxPool.NoLocals = true
	backend, err := eth.New(stack, &ec)
	if err != nil {
		t.Fatal(err)
	}
	system := filters.NewFilterSystem(backend.APIBackend, filters.Config{})
	stack.RegisterAPIs([]gethrpc.API{{Namespace: "eth", Service: filters.NewFilterAPI(system)}})
	if err := stack.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stack.Close() })
	if _, err := backend.BlockChain().InsertChain(blocks); err != nil {
		t.Fatal(err)
	}
	tip := blocks[len(blocks)-1]
	backend.BlockChain().SetFinalized(tip.Header())
	backend.SetSynced()
	client, err := ethclient.Dial(stack.HTTPEndpoint())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return &Chain{Url: stack.HTTPEndpoint(), Client: client, Tip: tip.NumberU64()}
}

// A Node sends batches to one URL, as the pool does with its endpoints.
type Node struct {
	Url      string
	Calls    int
	Requests int
	Spoil    func(call rpc.Call, result *rpc.Result) // nil: as the node said
}

// Batch is that of rpc.Caller.
func (p *Node) Batch(ctx context.Context, calls []rpc.Call) ([]rpc.Result, error) {
	results := make([]rpc.Result, 0, len(calls))
	for len(calls) > 0 {
		part := calls[:min(len(calls), 100)]
		got, err := p.post(ctx, part)
		if err != nil {
			return nil, err
		}
		results = append(results, got...)
		calls = calls[len(part):]
	}
	return results, nil
}

func (p *Node) post(ctx context.Context, calls []rpc.Call) ([]rpc.Result, error) {
	p.Requests++
	p.Calls += len(calls)
	type request struct {
		Version string `json:"jsonrpc"`
		ID      int    `json:"id"`
		Method  string `json:"method"`
		Params  []any  `json:"params"`
	}
	body := make([]request, len(calls))
	for i, c := range calls {
		body[i] = request{"2.0", i, c.Method, c.Params}
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Url, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	var got []struct {
		ID     int             `json:"id"`
		Result json.RawMessage `json:"result"`
		Error  *struct {
			Code    int    `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		return nil, fmt.Errorf("%w: %.200s", err, answer)
	}
	results := make([]rpc.Result, len(calls))
	for _, g := range got {
		r := &results[g.ID]
		r.Value = g.Result
		if g.Error != nil {
			r.Value, r.Err = nil, &rpc.Error{Class: classOf(g.Error.Message), Code: g.Error.Code, Message: g.Error.Message}
		}
		if p.Spoil != nil {
			p.Spoil(calls[g.ID], r)
		}
	}
	return results, nil
}

// classOf knows what the test's node says.
func classOf(message string) rpc.Class {
	for text, class := range map[string]rpc.Class{
		"execution reverted": rpc.Revert, "out of gas": rpc.Revert, "historical state": rpc.StateMissing, "missing trie node": rpc.StateMissing,
		"header not found": rpc.NotYet,
	} {
		if bytes.Contains([]byte(message), []byte(text)) {
			return class
		}
	}
	return rpc.Unknown
}

// creation is the code that deploys a contract with this one.
func creation(code []byte) []byte {
	head := Assemble(
		vm.PUSH2, binary.BigEndian.AppendUint16(nil, uint16(len(code))), vm.DUP1,
		vm.PUSH1, []byte{12}, vm.PUSH1, []byte{0}, vm.CODECOPY, vm.PUSH1, []byte{0}, vm.RETURN,
	)
	if len(head) != 12 {
		panic(fmt.Sprint("the creation code has ", len(head), " bytes"))
	}
	return append(head, code...)
}

// A Label marks a place in code.
type Label string

// A Jump pushes a label's place.
type Jump string

// Assemble makes code of opcodes, bytes to push, labels and jumps.
func Assemble(parts ...any) []byte {
	var code []byte
	places, uses := map[Label]int{}, map[int]Label{}
	for _, part := range parts {
		switch p := part.(type) {
		case vm.OpCode:
			code = append(code, byte(p))
		case []byte:
			code = append(code, p...)
		case Label:
			places[p] = len(code)
			code = append(code, byte(vm.JUMPDEST))
		case Jump:
			code = append(code, byte(vm.PUSH2))
			uses[len(code)] = Label(p)
			code = append(code, 0, 0)
		default:
			panic(fmt.Sprintf("assemble %T", part))
		}
	}
	for at, l := range uses {
		binary.BigEndian.PutUint16(code[at:], uint16(places[l]))
	}
	return code
}

// Fixture is a contract with scripted answers: any call whose bytes were set returns the
// value set plus add, or burns all gas, or reverts. It logs on demand. Like any contract's,
// its state is kept by the node.
func Fixture(add byte) []byte {
	b := func(n ...byte) []byte { return n }
	return Assemble(
		vm.PUSH1, b(0), vm.CALLDATALOAD, vm.PUSH1, b(224), vm.SHR,
		vm.DUP1, vm.PUSH1, b(1), vm.EQ, Jump("set"), vm.JUMPI,
		vm.DUP1, vm.PUSH1, b(2), vm.EQ, Jump("log"), vm.JUMPI,
		vm.POP,
		vm.CALLDATASIZE, vm.PUSH1, b(0), vm.PUSH1, b(0), vm.CALLDATACOPY,
		vm.CALLDATASIZE, vm.PUSH1, b(0), vm.KECCAK256,
		vm.DUP1, vm.SLOAD,
		vm.DUP1, vm.PUSH1, b(ModeReturn), vm.EQ, Jump("return"), vm.JUMPI,
		vm.DUP1, vm.PUSH1, b(ModeBurn), vm.EQ, Jump("burn"), vm.JUMPI,
		vm.PUSH1, b(0), vm.PUSH1, b(0), vm.REVERT,
		Label("return"), vm.POP, vm.PUSH1, b(1), vm.ADD, vm.SLOAD, vm.PUSH1, b(add), vm.ADD,
		vm.PUSH1, b(0), vm.MSTORE, vm.PUSH1, b(32), vm.PUSH1, b(0), vm.RETURN,
		// memory far out costs more gas than there is
		Label("burn"), vm.PUSH1, b(0), vm.PUSH5, b(1, 0, 0, 0, 0), vm.MSTORE, vm.STOP,
		Label("set"),
		vm.PUSH1, b(36), vm.CALLDATALOAD, vm.PUSH1, b(4), vm.CALLDATALOAD, vm.SSTORE,
		vm.PUSH1, b(68), vm.CALLDATALOAD, vm.PUSH1, b(4), vm.CALLDATALOAD, vm.PUSH1, b(1), vm.ADD, vm.SSTORE, vm.STOP,
		Label("log"),
		vm.PUSH1, b(100), vm.CALLDATALOAD, vm.PUSH1, b(0), vm.MSTORE,
		vm.PUSH1, b(68), vm.CALLDATALOAD, vm.PUSH1, b(36), vm.CALLDATALOAD, vm.PUSH1, b(4), vm.CALLDATALOAD,
		vm.PUSH1, b(32), vm.PUSH1, b(0), vm.LOG3, vm.STOP,
	)
}

// What a fixture does when it is called.
const (
	modeRevert = 0
	ModeReturn = 1
	ModeBurn   = 2
)

// SetAnswer is the call that tells a fixture what to answer to data.
func SetAnswer(data []byte, mode byte, value *big.Int) []byte {
	call := []byte{0, 0, 0, 1}
	call = append(call, crypto.Keccak256(data)...)
	call = append(call, common.LeftPadBytes([]byte{mode}, 32)...)
	return append(call, common.LeftPadBytes(value.Bytes(), 32)...)
}

// emit is the call that makes a fixture log, e.g. a transfer.
func emit(topic0, topic1, topic2 common.Hash, value *big.Int) []byte {
	call := []byte{0, 0, 0, 2}
	for _, topic := range []common.Hash{topic0, topic1, topic2} {
		call = append(call, topic[:]...)
	}
	return append(call, common.LeftPadBytes(value.Bytes(), 32)...)
}

// Proxy delegates to the contract in the slot of EIP-1967, which a call with
// selector 3 changes, logging Upgraded.
func Proxy() []byte {
	b := func(n ...byte) []byte { return n }
	slot := common.HexToHash("0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc").Bytes()
	upgraded := crypto.Keccak256([]byte("Upgraded(address)"))
	return Assemble(
		vm.PUSH1, b(0), vm.CALLDATALOAD, vm.PUSH1, b(224), vm.SHR,
		vm.PUSH1, b(3), vm.EQ, Jump("upgrade"), vm.JUMPI,
		vm.CALLDATASIZE, vm.PUSH1, b(0), vm.PUSH1, b(0), vm.CALLDATACOPY,
		vm.PUSH1, b(0), vm.PUSH1, b(0), vm.CALLDATASIZE, vm.PUSH1, b(0), vm.PUSH32, slot, vm.SLOAD, vm.GAS, vm.DELEGATECALL,
		vm.RETURNDATASIZE, vm.PUSH1, b(0), vm.PUSH1, b(0), vm.RETURNDATACOPY,
		Jump("ok"), vm.JUMPI, vm.RETURNDATASIZE, vm.PUSH1, b(0), vm.REVERT,
		Label("ok"), vm.RETURNDATASIZE, vm.PUSH1, b(0), vm.RETURN,
		Label("upgrade"), vm.PUSH1, b(4), vm.CALLDATALOAD, vm.PUSH32, slot, vm.SSTORE,
		vm.PUSH1, b(4), vm.CALLDATALOAD, vm.PUSH32, upgraded, vm.PUSH1, b(0), vm.PUSH1, b(0), vm.LOG2, vm.STOP,
	)
}
