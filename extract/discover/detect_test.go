package discover

import (
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/state"
)

// TestDetect has a contract for each family that answers what identifies it, and
// what any ERC-4626 vault answers where the family is one.
func TestDetect(t *testing.T) {
	at := map[string]common.Address{}
	answerAll := func(b *extracttest.Block, names ...string) common.Address {
		contract := b.Deploy(extracttest.Fixture(0))
		for _, name := range names {
			data, known := withArguments[name]
			if !known {
				data = state.Selector(name + "()")
			}
			b.Call(contract, extracttest.SetAnswer(data, extracttest.ModeReturn, big.NewInt(1)))
		}
		return contract
	}
	families := family.Detectable()
	c := extracttest.StartChain(t, len(families)+2, 3600, false, nil, func(i int, b *extracttest.Block) {
		switch {
		case i <= len(families):
			f := families[i-1]
			names := slices.Clone(f.Answers)
			if f.Asset == "asset" {
				names = append(names, "totalAssets", "totalSupply", "convertToAssets", "decimals", "owner", "asset")
			}
			at[f.Name] = answerAll(b, names...)
		case i == len(families)+1:
			at[""] = answerAll(b, "name", "symbol", "decimals", "totalSupply")
		default:
			// answers whatever is asked, as some proxies do
			at["anything"] = answerAll(b, nobodys, "asset", "totalAssets", "convertToAssets")
		}
	})
	for name, contract := range at {
		if name == "anything" {
			name = ""
		}
		f, _, err := detect(t.Context(), &extracttest.Node{Url: c.Url}, contract, int64(c.Tip))
		if err != nil || f.Name != name {
			t.Errorf("got %q, %v, want %q", f.Name, err, name)
		}
	}
}
