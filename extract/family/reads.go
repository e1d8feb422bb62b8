package family

import "slices"

// A Kind says what a function returns, and so how its value is stored.
type Kind int

// The kinds.
const (
	KindInteger     Kind = iota // a word, kept as an exact integer; also a bool
	KindAddress                 // a word, kept as 0x hex
	KindText                    // a string, or a bytes32 of old tokens
	KindIntegers                // words, kept as a JSON list of decimal strings
	KindAddresses               // words, kept as a JSON list of 0x hex
	KindAddressList             // an address[], kept in the same way
)

// Contracts that a read may call, by their role.
const (
	OnVault      = ""
	OnAsset      = "asset"
	OnAccountant = "accountant" // it posts the rate
	OnSafe       = SafeRole
)

// OnHolder is the vault again, asked about the holder with the most shares.
const OnHolder = "holder"

// Roles of contracts that families lead to and nobody reads.
const (
	OnAccount  = "account"  // it holds assets of the vault
	OnGovernor = "governor" // it has powers over the vault
)

// A Read is one function to call on a family's contracts. Of those about a vault only
// convertToAssets takes an argument, and functions whose answers are numbered.
type Read struct {
	Name        string // the function
	Kind        Kind
	On          string // which contract answers
	TakesShares bool   // its argument is an amount of shares
	TakesNumber string // the type of its argument, which is Number; empty: it takes none
	Number      int64
	Word        int // of the answer, which is not a list: where the value begins
}

// Field is the read's name in raw.states: the function's name, preceded by the contract's
// role unless that is the vault, or by what it is asked about.
func (r Read) Field() string {
	if r.On == OnVault {
		return r.Name
	}
	return r.On + "." + r.Name
}

// Reads are all reads of a vault of the family, each once.
func (f Family) Reads() []Read {
	var all []Read
	for _, one := range slices.Concat(f.Price, f.Daily, f.Once) {
		if !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}

// SafeReads show who can move a Safe's assets: a threshold number of its owners.
func SafeReads() []Read {
	return join(reads(KindInteger, OnSafe, "getThreshold"), reads(KindAddressList, OnSafe, "getOwners"))
}

func integers(names ...string) []Read { return reads(KindInteger, OnVault, names...) }

func addresses(names ...string) []Read { return reads(KindAddress, OnVault, names...) }

func reads(k Kind, on string, names ...string) []Read {
	all := make([]Read, len(names))
	for i, n := range names {
		all[i] = Read{Name: n, Kind: k, On: on}
	}
	return all
}

// numbered are the first so many answers of a function that takes a number, by each of
// the types that versions of it take.
func numbered(k Kind, name string, count int64, types ...string) []Read {
	var all []Read
	for _, typ := range types {
		for n := range count {
			all = append(all, Read{Name: name, Kind: k, TakesNumber: typ, Number: n})
		}
	}
	return all
}

func join(lists ...[]Read) []Read { return slices.Concat(lists...) }

var (
	// totals are what an ERC-4626 vault's price is computed from, in either of two ways.
	totals = join(integers("totalAssets", "totalSupply"), []Read{{Name: "convertToAssets", TakesShares: true}})
	tokens = join(
		reads(KindText, OnVault, "name", "symbol"), integers("decimals"),
		reads(KindText, OnAsset, "symbol"), reads(KindInteger, OnAsset, "decimals"),
	)
)

// named are the names of a vault and its asset, and more reads.
func named(more ...[]Read) []Read {
	return join(tokens, addresses("asset"), join(more...))
}
