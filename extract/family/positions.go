package family

import (
	"math/big"
	"strings"
)

// An Argument is what the function of a PositionRead is called with.
type Argument int

// The arguments.
const (
	ByAccount Argument = iota // one of the vault's accounts, each in turn
	ByItem                    // a market within the contract, or one of its tokens, each in turn
	ByAsset                   // the vault's asset
	ByShares                  // so many shares that no digit of what they are worth is lost
)

// PositionShares is the argument ByShares: a thousand million shares of 18 decimals. A
// contract whose asset has as many refuses not even so many where it keeps amounts in 112
// bits, as Euler's does.
var PositionShares = new(big.Int).Exp(big.NewInt(10), big.NewInt(27), nil)

// A PositionRead is one function by which a market or venue tells what an account has in
// it or owes it, or in which token.
type PositionRead struct {
	Read
	Signature string // of the function, for its selector
	Arguments []Argument
	Of        string // the signature of the market's function that names, for an item, the contract to ask instead
	OfWord    int    // the word of its answer
	IsLasting bool   // asked once: the answer does not change
}

// Key are the arguments by which raw.states tells the read's rows apart.
func (r PositionRead) Key() []Argument {
	if r.Of != "" {
		return append([]Argument{ByItem}, r.Arguments...)
	}
	return r.Arguments
}

// OnMarket precedes the names of positions' reads in raw.states, whose address is the
// market's.
const OnMarket = "market"

// position is a read whose name is that of its function.
func position(k Kind, signature string, arguments ...Argument) PositionRead {
	name, _, _ := strings.Cut(signature, "(")
	return PositionRead{Read: Read{Name: name, Kind: k, On: OnMarket}, Signature: signature, Arguments: arguments}
}

// named is the read under another name.
func (r PositionRead) named(name string) PositionRead {
	r.Name = name
	return r
}

// word is the read of another word of the answer than the first.
func (r PositionRead) word(n int) PositionRead {
	r.Word = n
	return r
}

// of is the read of the contract that a function of the market names for an item.
func (r PositionRead) of(signature string, word int) PositionRead {
	r.Of, r.OfWord = signature, word
	return r
}

// lasting is the read, made once.
func (r PositionRead) lasting() PositionRead {
	r.IsLasting = true
	return r
}

// sharePositions are what a venue with shares says of those of an account.
var sharePositions = []PositionRead{
	position(KindAddress, "asset()").lasting(),
	position(KindInteger, "balanceOf(address)", ByAccount),
	position(KindInteger, "convertToAssets(uint256)", ByShares),
}

// PositionReads are all that a contract of the family is asked about a vault's accounts.
func (f Family) PositionReads() []PositionRead {
	if f.Standard != "" {
		return append(sharePositions[:len(sharePositions):len(sharePositions)], f.Positions...)
	}
	return f.Positions
}
