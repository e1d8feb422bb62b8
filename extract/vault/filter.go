package vault

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/extract/rpc"
)

// A Filter selects logs of one contract: all of them, or those with certain words at a
// position. Coverage is recorded per filter.
type Filter struct {
	Address rpc.Address
	Topics  [][]rpc.Word
	From    uint64 // first block to fetch
	Digest  string // of address and topics
	Group   string // of topics: filters with the same one can share a request
}

// NewFilter selects a contract's logs from a block on that have one of the words at each
// position of topics; a nil position matches anything, and nil topics match all logs.
func NewFilter(address rpc.Address, topics [][]rpc.Word, from uint64) Filter {
	var text strings.Builder
	for i, words := range topics {
		slices.SortFunc(words, func(a, b rpc.Word) int { return slices.Compare(a[:], b[:]) })
		for _, word := range words {
			fmt.Fprintf(&text, "%d:%x ", i, word)
		}
	}
	ask := text.String()
	sum := sha256.Sum256([]byte(fmt.Sprintf("%x %s", address, ask)))
	return Filter{address, topics, from, hex.EncodeToString(sum[:]), ask}
}

// Filters select what the vaults of a chain need: all logs of their own contracts, and the
// logs of shared contracts that name an account of a vault in any topic.
func Filters(vaults []Vault) ([]Filter, error) {
	byDigest := map[string]Filter{}
	add := func(f Filter) {
		if old, ok := byDigest[f.Digest]; ok {
			f.From = min(f.From, old.From)
		}
		byDigest[f.Digest] = f
	}
	for _, v := range vaults {
		own, err := ParseAddress(v.Address)
		if err != nil {
			return nil, fmt.Errorf("vault %s: %w", v.ID, err)
		}
		add(NewFilter(own, nil, v.StartBlock))
		for _, c := range v.All()[1:] {
			address, err := ParseAddress(c.Address)
			if err != nil {
				return nil, fmt.Errorf("vault %s, contract %s: %w", v.ID, c.Role, err)
			}
			if !c.Shared {
				add(NewFilter(address, nil, v.From(c)))
				continue
			}
			words := c.Words(v)
			for position := 1; position <= 3; position++ {
				topics := make([][]rpc.Word, position+1)
				topics[position] = slices.Clone(words)
				add(NewFilter(address, topics, v.From(c)))
			}
		}
	}
	var filters []Filter
	for _, f := range byDigest {
		filters = append(filters, f)
	}
	slices.SortFunc(filters, func(a, b Filter) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), slices.Compare(a.Address[:], b.Address[:]))
	})
	return filters, nil
}
