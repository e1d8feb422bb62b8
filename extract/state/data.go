package state

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/family"
)

// manyShares is the argument of convertToAssets: a million million shares. The function is
// linear, and for a single share the answer would be cut to the asset's few digits.
func manyShares(shareDecimals int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(shareDecimals)+12), nil)
}

// callData is the data of a read's call.
func callData(r family.Read, shareDecimals int) []byte {
	if !r.TakesShares {
		return Selector(r.Name + "()")
	}
	return append(Selector(r.Name+"(uint256)"), Word(manyShares(shareDecimals))...)
}

// argumentOf is a read's argument as raw.states writes it.
func argumentOf(r family.Read, shareDecimals int) string {
	if !r.TakesShares {
		return ""
	}
	return manyShares(shareDecimals).String()
}

// Selector is the first four bytes of a call of a function.
func Selector(signature string) []byte {
	return crypto.Keccak256([]byte(signature))[:4]
}

// Word encodes a number as an argument of a call.
func Word(n *big.Int) []byte {
	return common.LeftPadBytes(n.Bytes(), 32)
}
