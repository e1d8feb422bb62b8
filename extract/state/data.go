package state

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/family"
)

// manyShares is what convertToAssets is asked for: a million million shares. It
// is linear, and a single share's answer is cut to the asset's few digits.
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

// argumentOf is what raw.states names a read's argument by.
func argumentOf(r family.Read, shareDecimals int) string {
	if !r.TakesShares {
		return ""
	}
	return manyShares(shareDecimals).String()
}

// Selector is the head of a call of a function.
func Selector(signature string) []byte {
	return crypto.Keccak256([]byte(signature))[:4]
}

// Word is a number as an argument of a call.
func Word(n *big.Int) []byte {
	return common.LeftPadBytes(n.Bytes(), 32)
}
