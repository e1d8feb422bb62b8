package state

import (
	"bytes"
	"testing"

	"github.com/ethereum/go-ethereum/core/vm"

	"github.com/vaultperf/vaultperf/extract/extracttest"
)

// ownCodeListing is the source of ownCode. The stack is written with its top at
// the right: n calls, out where the next answer goes in memory, i of the call.
func ownCodeListing() []byte {
	b := func(n byte) []byte { return []byte{n} }
	return extracttest.Assemble(
		// memory: 0x20, n, n offsets, then the answers
		vm.PUSH1, b(0x20), vm.PUSH1, b(0), vm.MSTORE,
		vm.PUSH1, b(0x24), vm.CALLDATALOAD, vm.DUP1, vm.PUSH1, b(0x20), vm.MSTORE, // n
		vm.DUP1, vm.PUSH1, b(5), vm.SHL, vm.PUSH1, b(0x40), vm.ADD, vm.PUSH1, b(0), // n out i
		extracttest.Label("loop"),
		vm.DUP3, vm.DUP2, vm.LT, vm.ISZERO, extracttest.Jump("end"), vm.JUMPI,
		// the answer's offset
		vm.PUSH1, b(0x40), vm.DUP3, vm.SUB, vm.DUP2, vm.PUSH1, b(5), vm.SHL, vm.PUSH1, b(0x40), vm.ADD, vm.MSTORE,
		// p, where the call is in the input
		vm.DUP1, vm.PUSH1, b(5), vm.SHL, vm.PUSH1, b(0x44), vm.ADD, vm.CALLDATALOAD, vm.PUSH1, b(0x44), vm.ADD,
		// its data goes where its answer will be
		vm.DUP1, vm.PUSH1, b(0x60), vm.ADD, vm.CALLDATALOAD, // n out i p length
		vm.DUP1, vm.DUP3, vm.PUSH1, b(0x80), vm.ADD, vm.DUP6, vm.PUSH1, b(0x60), vm.ADD, vm.CALLDATACOPY,
		// call(gas, target, 0, out+0x60, length, 0, 0)
		vm.PUSH1, b(0), vm.PUSH1, b(0), vm.SWAP2, vm.DUP6, vm.PUSH1, b(0x60), vm.ADD,
		vm.PUSH1, b(0), vm.DUP6, vm.CALLDATALOAD, vm.GAS, vm.CALL, // n out i p success
		vm.DUP4, vm.MSTORE, vm.POP, // n out i
		vm.PUSH1, b(0x40), vm.DUP3, vm.PUSH1, b(0x20), vm.ADD, vm.MSTORE,
		vm.RETURNDATASIZE, vm.DUP3, vm.PUSH1, b(0x40), vm.ADD, vm.MSTORE,
		vm.RETURNDATASIZE, vm.PUSH1, b(0), vm.DUP4, vm.PUSH1, b(0x60), vm.ADD, vm.RETURNDATACOPY,
		// out += 0x60 and the length, rounded up to words; i += 1
		vm.RETURNDATASIZE, vm.PUSH1, b(0x1f), vm.ADD, vm.PUSH1, b(0x1f), vm.NOT, vm.AND, vm.PUSH1, b(0x60), vm.ADD,
		vm.SWAP1, vm.PUSH1, b(1), vm.ADD, vm.SWAP2, vm.ADD, vm.SWAP1,
		extracttest.Jump("loop"), vm.JUMP,
		extracttest.Label("end"), vm.POP, vm.PUSH1, b(0), vm.RETURN,
	)
}

func TestOwnCodeIsItsListing(t *testing.T) {
	if want := ownCodeListing(); !bytes.Equal(ownCode, want) {
		t.Errorf("ownCode is\n%x\nits listing assembles to\n%x", ownCode, want)
	}
}
