package state

import (
	"encoding/hex"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// Multicall3 makes many calls in one. It is at this address on most chains, with this code.
// On some chains the address belongs to another contract, so the code is checked.
var (
	multicall3     = common.HexToAddress("0xcA11bde05977b3631167028862bE2a173976CA11")
	multicall3Hash = common.HexToHash("0xd5c15df687b16f2ff992fc8d767b4216323184a2bbc6ee2f9c398c318e770891")
)

// ownMulticall is where our own code is placed for the duration of a call: an address
// without code, so that a node which ignores the override gives an empty answer.
var ownMulticall = common.BytesToAddress(crypto.Keccak256([]byte("vaultperf.aggregate")))

// ownCode implements aggregate3 for blocks before the deployment of Multicall3, and for
// chains on which its address belongs to another contract. The listing is in
// multicall3_test.go, which assembles and compares it.
var ownCode = mustHex("6020600052602435806020528060051b60400160005b8281101561008157604082038160051b60400152806005" +
	"1b60440135604401806060013580826080018560600137600060009185606001600085355af183525060408260" +
	"2001523d82604001523d6000836060013e3d601f01601f191660600190600101910190610015565b506000f3")

// A call3 is one call of an aggregate.
type call3 struct {
	to   common.Address
	data []byte
}

// An answer3 is the result of a call3.
type answer3 struct {
	ok   bool
	data []byte
}

// encodeCalls is the data of aggregate3((address,bool,bytes)[]), with every call allowed to
// fail.
func encodeCalls(calls []call3) []byte {
	size := 4 + 64 + 32*len(calls)
	for _, c := range calls {
		size += 128 + padded(len(c.data))
	}
	out := make([]byte, 0, size)
	out = append(out, 0x82, 0xad, 0x56, 0xcb)
	out = appendInt(out, 32)
	out = appendInt(out, len(calls))
	at := 32 * len(calls)
	for _, c := range calls {
		out = appendInt(out, at)
		at += 128 + padded(len(c.data))
	}
	for _, c := range calls {
		out = append(out, make([]byte, 12)...)
		out = append(out, c.to[:]...)
		out = appendInt(out, 1)
		out = appendInt(out, 96)
		out = appendInt(out, len(c.data))
		out = append(out, c.data...)
		out = append(out, make([]byte, padded(len(c.data))-len(c.data))...)
	}
	return out
}

func padded(n int) int { return (n + 31) / 32 * 32 }

func appendInt(out []byte, n int) []byte {
	return append(out, Word(big.NewInt(int64(n)))...)
}

var errAggregate = errors.New("the answer is not that of aggregate3")

// decodeAnswers decodes (bool,bytes)[] of n elements. It trusts nothing, because the bytes
// may come from another contract.
func decodeAnswers(data []byte, n int) ([]answer3, error) {
	if len(data) < 64 {
		return nil, errAggregate
	}
	start, ok := smallInt(data[:32])
	if !ok || start > len(data)-32 {
		return nil, errAggregate
	}
	count, ok := smallInt(data[start : start+32])
	list := data[start+32:]
	if !ok || count != n || len(list) < 32*n {
		return nil, errAggregate
	}
	answers := make([]answer3, n)
	for i := range answers {
		at, ok := smallInt(list[32*i : 32*i+32])
		if !ok || at > len(list)-96 {
			return nil, errAggregate
		}
		element := list[at:]
		success, ok1 := smallInt(element[:32])
		offset, ok2 := smallInt(element[32:64])
		if !ok1 || !ok2 || success > 1 || offset > len(element)-32 {
			return nil, errAggregate
		}
		size, ok := smallInt(element[offset : offset+32])
		if !ok || size > len(element)-offset-32 {
			return nil, errAggregate
		}
		answers[i] = answer3{success == 1, element[offset+32 : offset+32+size]}
	}
	return answers, nil
}

func mustHex(text string) []byte {
	data, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return data
}
