package state

import (
	"testing"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// TestPositionsInASharedMarket lists what is read for two vaults that lend to one market.
// Each read is due on the days of its own vault's life, so that none may stand for the
// other's: the market's price of shares, too, which is one question for both.
func TestPositionsInASharedMarket(t *testing.T) {
	market := vault.Contract{Address: "0x00000000000000000000000000000000000000e1", Role: "venue", Family: "metamorpho"}
	s := &stateRun{conn: sqltest.OpenConn(t), opt: Options{ChainID: 1, To: 100}}
	for _, address := range []string{"0x00000000000000000000000000000000000000a1", "0x00000000000000000000000000000000000000a2"} {
		v := vault.Vault{ID: address, ChainID: 1, Address: address, Family: "erc4626", Contracts: []vault.Contract{market}}
		f, _ := family.Of(v.Family)
		s.vaults = append(s.vaults, &scheduled{vault: v, family: f})
	}
	if err := s.listPositions(t.Context()); err != nil {
		t.Fatal(err)
	}
	reads := map[int]map[string]bool{0: {}, 1: {}}
	for _, target := range s.caller.targets {
		reads[target.vault][target.read.Field()] = true
	}
	for v, fields := range reads {
		for _, want := range []string{"market.balanceOf", "market.convertToAssets"} {
			if !fields[want] {
				t.Errorf("vault %d: %s is not read, only %v", v, want, fields)
			}
		}
	}
}
