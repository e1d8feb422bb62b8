package config

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/vaultperf/vaultperf/extract"
)

// Block writes what was found out about a vault as a [[vault]] of a config, with
// the symbol for its id as far as an id may hold it, else the address.
func Block(d extract.Discovery) ([]byte, error) {
	chain := int64(d.ChainID)
	v := vault{
		ID: blockID(d), Name: d.Name, ChainID: &chain, Address: d.Address, Family: d.Family,
		AssetSymbol: d.AssetSymbol, AssetDecimals: &d.AssetDecimals, ShareDecimals: &d.ShareDecimals,
		Safe: d.Safe, StartBlock: d.StartBlock,
	}
	for _, c := range d.Contracts {
		one := contract{Address: c.Address, Role: c.Role, Family: c.Family, Name: c.Name}
		if int64(c.StartBlock) < d.StartBlock {
			one.StartBlock = int64(c.StartBlock)
		}
		v.Contracts = append(v.Contracts, one)
	}
	text, err := toml.Marshal(map[string][]vault{"vault": {v}})
	if err != nil {
		return nil, fmt.Errorf("write the config block: %w", err)
	}
	return text, nil
}

var notInIDs = regexp.MustCompile(`[^a-z0-9._-]+`)

func blockID(d extract.Discovery) string {
	id := strings.Trim(notInIDs.ReplaceAllString(strings.ToLower(d.Symbol), "-"), ".-")
	if id == "" || len(id) > 40 {
		return d.Address
	}
	return id
}
