package family

import "slices"

// A Kind says what a function returns, and so how a state is written down.
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

// Contracts that a read may ask, by their role.
const (
	OnVault      = ""
	OnAsset      = "asset"
	OnAccountant = "accountant" // it posts the rate
	OnSafe       = SafeRole
)

// A Read is one function that a family's contracts answer without an argument,
// but for convertToAssets.
type Read struct {
	Name        string // the function
	Kind        Kind
	On          string // which contract answers
	TakesShares bool   // its argument is an amount of shares
}

// Field is the read's name in raw.states: the function's, after the contract's
// role where that is not the vault.
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

// SafeReads are who can move what a Safe holds: any so many of its owners.
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

func join(lists ...[]Read) []Read { return slices.Concat(lists...) }

var (
	// totals are what an ERC-4626 vault's price follows from, one way or the other.
	totals = join(integers("totalAssets", "totalSupply"), []Read{{Name: "convertToAssets", TakesShares: true}})
	tokens = join(
		reads(KindText, OnVault, "name", "symbol"), integers("decimals"),
		reads(KindText, OnAsset, "symbol"), reads(KindInteger, OnAsset, "decimals"),
	)
)

// named are what a vault and its asset call themselves, and more reads.
func named(more ...[]Read) []Read {
	return join(tokens, addresses("asset"), join(more...))
}
