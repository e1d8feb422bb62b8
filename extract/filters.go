package extract

import (
	"cmp"
	"slices"

	"github.com/ethereum/go-ethereum/common"
)

// A LogFilter is a question to a node's eth_getLogs, all its parts at once: logs
// of these addresses with one of Topics[i] at each place i, any where that is
// nil.
type LogFilter struct {
	ChainID   uint64
	Addresses []common.Address // in order of the alphabet
	Topics    [][]common.Hash
}

// LogFilters are the questions that together give every log the vaults need: one
// a chain for contracts of their own, and for those that others use too one for
// each place of a topic in which an account can stand. What they give is what
// the import keeps of a file.
func LogFilters(vaults []Vault) []LogFilter {
	var out []LogFilter
	for _, w := range wanted(vaults) {
		address := common.HexToAddress(w.address)
		if !w.shared {
			out = addTo(out, LogFilter{ChainID: w.chainID, Addresses: []common.Address{address}})
			continue
		}
		words := w.topics()
		for place := 1; place <= 3; place++ {
			topics := make([][]common.Hash, place+1)
			topics[place] = words
			out = addTo(out, LogFilter{ChainID: w.chainID, Addresses: []common.Address{address}, Topics: topics})
		}
	}
	for i := range out {
		slices.SortFunc(out[i].Addresses, common.Address.Cmp)
	}
	slices.SortStableFunc(out, func(a, b LogFilter) int {
		return cmp.Or(cmp.Compare(a.ChainID, b.ChainID), cmp.Compare(len(a.Topics), len(b.Topics)))
	})
	return out
}

// addTo adds a filter's address to the one that asks the same of others.
func addTo(filters []LogFilter, add LogFilter) []LogFilter {
	for i, f := range filters {
		same := func(a, b []common.Hash) bool { return slices.Equal(a, b) }
		if f.ChainID == add.ChainID && slices.EqualFunc(f.Topics, add.Topics, same) {
			filters[i].Addresses = append(filters[i].Addresses, add.Addresses...)
			return filters
		}
	}
	return append(filters, add)
}

// topics are accounts and pools as topics have them; to Euler's contracts an
// account is 256 of them, and the 19 bytes they share at the start of a word.
func (w wantedContract) topics() []common.Hash {
	var out []common.Hash
	for _, account := range w.accounts {
		address := common.HexToAddress(account)
		if w.family != "evk" && w.family != "evc" {
			out = append(out, common.BytesToHash(address[:]))
			continue
		}
		out = append(out, common.Hash(common.RightPadBytes(address[:19], common.HashLength)))
		for last := range 256 {
			address[19] = byte(last)
			out = append(out, common.BytesToHash(address[:]))
		}
	}
	for _, pool := range w.pools {
		out = append(out, common.HexToHash(pool))
	}
	return out
}
