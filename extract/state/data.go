package state

import (
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/family"
)

// manyShares is the argument of convertToAssets: a million million shares, and more where
// the asset has fewer than six decimals. The function is linear, and for a single share the
// answer would be cut to the asset's few digits; of so many it has 18 at a price of one,
// more than a double keeps. It is a power of ten, and no more than need be: contracts refuse
// amounts that no vault can have, Euler's those over 2 ^ 112.
func manyShares(assetDecimals, shareDecimals int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(shareDecimals+max(12, 18-assetDecimals))), nil)
}

// callData is the data of a read's call.
func callData(r family.Read, assetDecimals, shareDecimals int) []byte {
	switch {
	case r.TakesNumber != "":
		return append(Selector(r.Name+"("+r.TakesNumber+")"), Word(big.NewInt(r.Number))...)
	case !r.TakesShares:
		return Selector(r.Name + "()")
	}
	return append(Selector(r.Name+"(uint256)"), Word(manyShares(assetDecimals, shareDecimals))...)
}

// argumentOf is a read's argument as raw.states writes it.
func argumentOf(r family.Read, assetDecimals, shareDecimals int) string {
	switch {
	case r.TakesNumber != "":
		return fmt.Sprintf("%d %s", r.Number, r.TakesNumber)
	case !r.TakesShares:
		return ""
	}
	return manyShares(assetDecimals, shareDecimals).String()
}

// Selector is the first four bytes of a call of a function.
func Selector(signature string) []byte {
	return crypto.Keccak256([]byte(signature))[:4]
}

// Word encodes a number as an argument of a call.
func Word(n *big.Int) []byte {
	return common.LeftPadBytes(n.Bytes(), 32)
}
