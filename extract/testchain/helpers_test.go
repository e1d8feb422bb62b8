package testchain

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"os"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"
)

// whole is the chain of two years, made once for all tests that read it.
var whole = sync.OnceValues(func() (*Chain, error) { return Start(context.Background(), Options{}) })

func TestMain(m *testing.M) {
	code := m.Run()
	if c, err := whole(); err == nil {
		_ = c.Close()
	}
	os.Exit(code)
}

func startWhole(t *testing.T) *Chain {
	t.Helper()
	c, err := whole()
	needCompiled(t, err)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func needCompiled(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, ErrNotCompiled) {
		t.Skip(err)
	}
}

// A node is the chain as its clients see it.
type eyes struct {
	*ethclient.Client
	t *testing.T
	c *Chain
}

func dial(t *testing.T, c *Chain) *eyes {
	t.Helper()
	client, err := ethclient.DialContext(t.Context(), c.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return &eyes{client, t, c}
}

func abiOf(t *testing.T, contract string) *abi.ABI {
	t.Helper()
	all, err := contracts()
	if err != nil {
		t.Fatal(err)
	}
	return &all[contract].abi
}

// A question is one function of one integer's answer.
type question struct {
	at       common.Address
	contract string
	method   string
	args     []any
}

// ask puts questions at a block in one aggregate3; nil stands for a failed one.
func (n *eyes) ask(block uint64, questions ...question) []*big.Int {
	n.t.Helper()
	type call3 struct {
		Target       common.Address
		AllowFailure bool
		CallData     []byte
	}
	var calls []call3
	for _, q := range questions {
		methods := abiOf(n.t, q.contract)
		data, err := methods.Pack(overload(methods, q.method, len(q.args)), q.args...)
		if err != nil {
			n.t.Fatal(err)
		}
		calls = append(calls, call3{q.at, true, data})
	}
	multicall := abiOf(n.t, "Multicall3")
	data, err := multicall.Pack("aggregate3", calls)
	if err != nil {
		n.t.Fatal(err)
	}
	answer, err := n.CallContract(n.t.Context(), ethereum.CallMsg{To: &Multicall3, Data: data}, new(big.Int).SetUint64(block))
	if err != nil {
		n.t.Fatalf("block %d: %v", block, err)
	}
	var results []struct {
		Success    bool
		ReturnData []byte
	}
	if err := multicall.UnpackIntoInterface(&results, "aggregate3", answer); err != nil {
		n.t.Fatalf("block %d: %v", block, err)
	}
	out := make([]*big.Int, len(results))
	for i, r := range results {
		if r.Success && len(r.ReturnData) >= 32 {
			out[i] = new(big.Int).SetBytes(r.ReturnData[:32])
		}
	}
	return out
}

// logs are all those of an address, in order, up to the finalized block.
func (n *eyes) logs(address common.Address) []types.Log {
	n.t.Helper()
	logs, err := n.FilterLogs(n.t.Context(), ethereum.FilterQuery{
		Addresses: []common.Address{address}, ToBlock: new(big.Int).SetUint64(n.c.Finalized),
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return logs
}

// eventOf is a log's event, of the contract or of the proxy before it.
func eventOf(t *testing.T, contract string, log types.Log) *abi.Event {
	t.Helper()
	for _, name := range []string{contract, "BeaconProxy", "TransparentUpgradeableProxy"} {
		if event, err := abiOf(t, name).EventByID(log.Topics[0]); err == nil {
			return event
		}
	}
	t.Fatalf("%s logs an unknown event %s", contract, log.Topics[0])
	return nil
}

// say is a log in words: Event(argument, …) in the order of the signature.
func say(t *testing.T, contract string, log types.Log) string {
	t.Helper()
	event := eventOf(t, contract, log)
	values, err := event.Inputs.NonIndexed().Unpack(log.Data)
	if err != nil {
		t.Fatalf("%s: %v", event.Name, err)
	}
	topics := log.Topics[1:]
	text := event.Name + "("
	for i, input := range event.Inputs {
		if i > 0 {
			text += ", "
		}
		switch {
		case !input.Indexed:
			text += fmt.Sprint(values[0])
			values = values[1:]
		case input.Type.T == abi.AddressTy:
			text += common.BytesToAddress(topics[0][:]).Hex()
			topics = topics[1:]
		default:
			text += topics[0].Big().String()
			topics = topics[1:]
		}
	}
	return text + ")"
}

func equalNumber(t *testing.T, what string, block uint64, got, want *big.Int) {
	t.Helper()
	if got == nil || got.Cmp(want) != 0 {
		t.Errorf("block %d: %s %v, want %v", block, what, got, want)
	}
}
