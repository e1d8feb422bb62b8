//go:build !race

package realvaults

import (
	"errors"
	"math/big"
	"reflect"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// A contract is one that was deployed, with what it understands.
type contract struct {
	w       *world
	name    string
	address common.Address
	abi     abi.ABI
}

// send lets from call a method, which must succeed. A method that shares its name with
// another is given by its signature.
func (c *contract) send(from common.Address, method string, args ...any) {
	c.w.t.Helper()
	c.w.send(c.name+"."+method, from, &c.address, c.data(method, args))
}

// fails is why a method would revert if from called it now; empty: it would not.
func (c *contract) fails(from common.Address, method string, args ...any) string {
	c.w.t.Helper()
	message := map[string]any{"from": from, "to": c.address, "data": hexutil.Bytes(c.data(method, args))}
	return c.reason(c.w.node.rpc.CallContext(c.w.t.Context(), new(string), "eth_call", message, "latest"))
}

// reason is the name of the error that a call reverted with, or what it says; empty where
// it did not.
func (c *contract) reason(err error) string {
	if err == nil {
		return ""
	}
	if data, ok := errors.AsType[rpc.DataError](err); ok {
		if text, ok := data.ErrorData().(string); ok && len(text) >= 10 {
			for _, e := range c.abi.Errors {
				if strings.HasPrefix(text, hexutil.Encode(e.ID[:4])) {
					return e.Name
				}
			}
		}
	}
	return err.Error()
}

// ask is what a method returns at a block.
func (c *contract) ask(block uint64, method string, args ...any) []any {
	c.w.t.Helper()
	message := map[string]any{"to": c.address, "data": hexutil.Bytes(c.data(method, args))}
	var answer hexutil.Bytes
	c.w.node.must(c.w.t, &answer, "eth_call", message, blockArg(block))
	values, err := c.method(method).Outputs.Unpack(answer)
	if err != nil {
		c.w.t.Fatalf("%s.%s: %v", c.name, method, err)
	}
	return values
}

// at is a method's first number at a block, now the same at the head.
func (c *contract) at(block uint64, method string, args ...any) *big.Int {
	c.w.t.Helper()
	switch v := c.ask(block, method, args...)[0].(type) {
	case *big.Int:
		return v
	default:
		number := reflect.ValueOf(v)
		if !number.CanUint() {
			c.w.t.Fatalf("%s.%s: want a number, got %T", c.name, method, v)
		}
		return new(big.Int).SetUint64(number.Uint())
	}
}

func (c *contract) now(method string, args ...any) *big.Int {
	c.w.t.Helper()
	return c.at(c.w.head, method, args...)
}

// as is the same contract with the understanding of another: a proxy with that of
// what stands behind it.
func (c *contract) as(other *contract) *contract {
	return &contract{c.w, other.name, c.address, other.abi}
}

func (c *contract) method(name string) abi.Method {
	c.w.t.Helper()
	if m, ok := c.abi.Methods[name]; ok {
		return m
	}
	for _, m := range c.abi.Methods {
		if m.Sig == name {
			return m
		}
	}
	c.w.t.Fatalf("%s has no method %s", c.name, name)
	return abi.Method{}
}

func (c *contract) data(method string, args []any) []byte {
	c.w.t.Helper()
	m := c.method(method)
	packed, err := m.Inputs.Pack(fit(m.Inputs, args)...)
	if err != nil {
		c.w.t.Fatalf("%s.%s: %v", c.name, method, err)
	}
	return append(m.ID, packed...)
}

// fit gives arguments the types that the ABI has: whole numbers their size, contracts
// their address.
func fit(inputs abi.Arguments, args []any) []any {
	fitted := make([]any, len(args))
	for i, arg := range args {
		fitted[i] = arg
		if c, ok := arg.(*contract); ok {
			fitted[i] = c.address
		}
		if i >= len(inputs) {
			continue
		}
		typ := inputs[i].Type
		n, isNumber := arg.(int)
		switch {
		case !isNumber || (typ.T != abi.UintTy && typ.T != abi.IntTy):
		case typ.GetType() == reflect.TypeFor[*big.Int]():
			fitted[i] = big.NewInt(int64(n))
		default:
			fitted[i] = reflect.ValueOf(n).Convert(typ.GetType()).Interface()
		}
	}
	return fitted
}

// encode is the ABI's encoding of values by their Go types: text, addresses, contracts
// and whole numbers of at most 256 bits. A struct of such is encoded as its parts are.
func encode(w *world, values ...any) []byte {
	w.t.Helper()
	var arguments abi.Arguments
	for i, v := range values {
		name := "uint256"
		switch v := v.(type) {
		case string:
			name = "string"
		case common.Address:
			name = "address"
		case *contract:
			name, values[i] = "address", v.address
		case int:
			values[i] = num(int64(v))
		}
		typ, err := abi.NewType(name, "", nil)
		if err != nil {
			w.t.Fatal(err)
		}
		arguments = append(arguments, abi.Argument{Type: typ})
	}
	packed, err := arguments.Pack(values...)
	if err != nil {
		w.t.Fatalf("encode: %v", err)
	}
	return packed
}
