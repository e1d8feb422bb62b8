package extract

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/extract/rpc"
)

// A filter is what coverage is kept of: one contract's logs, all of them, or
// those with some words at a position.
type filter struct {
	address rpc.Address
	topics  [][]rpc.Word
	from    uint64 // first block that is wanted
	digest  string // of address and topics
	ask     string // of topics: filters that have it in common can be asked in one request
}

func newFilter(address rpc.Address, topics [][]rpc.Word, from uint64) filter {
	var text strings.Builder
	for i, words := range topics {
		slices.SortFunc(words, func(a, b rpc.Word) int { return slices.Compare(a[:], b[:]) })
		for _, word := range words {
			fmt.Fprintf(&text, "%d:%x ", i, word)
		}
	}
	ask := text.String()
	sum := sha256.Sum256([]byte(fmt.Sprintf("%x %s", address, ask)))
	return filter{address, topics, from, hex.EncodeToString(sum[:]), ask}
}

// filtersOf are what the vaults of a chain need: all logs of their own
// contracts, and those logs of shared ones that name an account of the vault,
// wherever an event may have it.
func filtersOf(vaults []Vault) ([]filter, error) {
	byDigest := map[string]filter{}
	add := func(f filter) {
		if old, ok := byDigest[f.digest]; ok {
			f.from = min(f.from, old.from)
		}
		byDigest[f.digest] = f
	}
	for _, v := range vaults {
		own, err := addressOf(v.Address)
		if err != nil {
			return nil, fmt.Errorf("vault %s: %w", v.ID, err)
		}
		add(newFilter(own, nil, v.StartBlock))
		for _, c := range v.all()[1:] {
			address, err := addressOf(c.Address)
			if err != nil {
				return nil, fmt.Errorf("vault %s, contract %s: %w", v.ID, c.Role, err)
			}
			if !c.Shared {
				add(newFilter(address, nil, v.StartBlock))
				continue
			}
			words := c.words(v)
			for position := 1; position <= 3; position++ {
				topics := make([][]rpc.Word, position+1)
				topics[position] = slices.Clone(words)
				add(newFilter(address, topics, v.StartBlock))
			}
		}
	}
	var filters []filter
	for _, f := range byDigest {
		filters = append(filters, f)
	}
	slices.SortFunc(filters, func(a, b filter) int {
		return cmp.Or(cmp.Compare(a.ask, b.ask), slices.Compare(a.address[:], b.address[:]))
	})
	return filters, nil
}

// decodedAs is the family of each of the vaults' contracts, whose events its logs are
// decoded as: the same one that decode takes.
func decodedAs(vaults []Vault) map[rpc.Address]string {
	families := map[rpc.Address]string{}
	for _, v := range vaults {
		for _, c := range v.all() {
			address, err := addressOf(c.Address)
			if err != nil {
				continue // filtersOf says so
			}
			if other, isThere := families[address]; !isThere || c.Family < other {
				families[address] = c.Family
			}
		}
	}
	return families
}
