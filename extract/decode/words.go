package decode

import (
	"bytes"
	"encoding/binary"
	"math/big"
	"math/bits"
	"slices"
	"strconv"

	"github.com/ethereum/go-ethereum/accounts/abi"
)

// isWord says whether appendWord knows the type.
func isWord(typ abi.Type) bool {
	return slices.Contains([]byte{abi.UintTy, abi.IntTy, abi.AddressTy, abi.BoolTy, abi.FixedBytesTy}, typ.T)
}

// appendWords is appendArguments for the usual case: well-formed arguments of one word
// each. It takes less time and memory, and leaves every other case to go-ethereum,
// above all saying what is wrong with a log.
func (e *Event) appendWords(dst []byte, topics [][]byte, data []byte) ([]byte, bool) {
	if !e.isWords || len(data) < 32*len(e.data) || len(topics) != 1+len(e.topics) {
		return dst, false
	}
	dst = append(dst, '{')
	indexed := topics[1:]
	for i, argument := range e.arguments {
		var word []byte
		if argument.indexed {
			word, indexed = indexed[0], indexed[1:]
		} else {
			word, data = data[:32], data[32:]
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		ok := false
		if dst, ok = appendWord(append(dst, argument.key...), e.all[i].Type, word); !ok {
			return dst, false
		}
	}
	return append(dst, '}'), true
}

var zeroWord [32]byte

// appendWord adds a value as appendValue does; false if it does not fit its type or is
// negative.
func appendWord(dst []byte, typ abi.Type, word []byte) ([]byte, bool) {
	switch typ.T {
	case abi.UintTy, abi.IntTy:
		unused := 32 - typ.Size/8
		if !bytes.Equal(word[:unused], zeroWord[:unused]) || typ.T == abi.IntTy && word[unused] >= 0x80 {
			return dst, false
		}
		return append(appendDecimal(append(dst, '"'), word), '"'), true
	case abi.AddressTy:
		return appendHex(dst, word[12:]), true
	case abi.BoolTy:
		if !bytes.Equal(word[:31], zeroWord[:31]) || word[31] > 1 {
			return dst, false
		}
		return strconv.AppendBool(dst, word[31] == 1), true
	case abi.FixedBytesTy:
		return appendHex(dst, word[:typ.Size]), true
	}
	return dst, false
}

// appendDecimal adds a 256-bit unsigned integer.
func appendDecimal(dst, word []byte) []byte {
	const digits, ten19 = 19, 10_000_000_000_000_000_000 // the largest power of ten in a uint64
	high, low := binary.BigEndian.Uint64(word[16:]), binary.BigEndian.Uint64(word[24:])
	switch {
	case !bytes.Equal(word[:16], zeroWord[:16]) || high >= ten19:
		return new(big.Int).SetBytes(word).Append(dst, 10)
	case high == 0:
		return strconv.AppendUint(dst, low, 10)
	}
	head, tail := bits.Div64(high, low, ten19)
	dst = strconv.AppendUint(dst, head, 10)
	var last [digits]byte
	for i := range last {
		last[digits-1-i] = '0' + byte(tail%10)
		tail /= 10
	}
	return append(dst, last[:]...)
}
