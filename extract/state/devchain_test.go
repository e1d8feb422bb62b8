package state

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/testchain"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// TestDevchainStates compares what was read of two years with what the chain's
// rules say, and shows that the price of every settlement is the contract's own.
func TestDevchainStates(t *testing.T) {
	c, pool := extracttest.StartDevchain(t)
	db, vaults := extracttest.DevHistory(t, c)
	for i, v := range c.Vaults {
		if v.Accountant != (common.Address{}) {
			vaults[i].Contracts = []vault.Contract{{Address: strings.ToLower(v.Accountant.Hex()), Role: vault.RoleAccountant, Family: "veda_accountant"}}
		}
	}
	if _, err := Read(t.Context(), db, pool, Options{ChainID: testchain.ChainID, Vaults: vaults, To: int64(c.Head)}); err != nil {
		t.Fatal(err)
	}
	states := map[string]*big.Int{}
	rows, err := db.QueryContext(t.Context(), "select address, block_number, field, value::varchar from raw.states where status = 'ok' and value is not null")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var address, field, value string
		var block uint64
		if err := rows.Scan(&address, &block, &field, &value); err != nil {
			t.Fatal(err)
		}
		states[fmt.Sprint(address, block, field)], _ = new(big.Int).SetString(value, 10)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	compared := 0
	compare := func(v *testchain.Vault, block uint64, field string, want *big.Int) {
		compared++
		got := states[fmt.Sprint(strings.ToLower(v.Address.Hex()), block, field)]
		if got == nil || got.Cmp(want) != 0 {
			t.Errorf("%s, block %d: %s is %v, want %v", v.ID, block, field, got, want)
		}
	}
	many := new(big.Int).Exp(big.NewInt(10), big.NewInt(30), nil)
	for _, v := range c.Vaults {
		for _, s := range v.Truth.Settlements {
			compare(v, s.Block, "totalAssets", s.AssetsAfter)
			compare(v, s.Block, "totalSupply", s.SupplyAfter)
			compare(v, s.Block, "convertToAssets", s.PriceFine)
			// the price that the totals give, to the last digit of thirty
			price := new(big.Int).Mul(many, new(big.Int).Add(s.AssetsAfter, big.NewInt(1)))
			price.Quo(price, new(big.Int).Add(s.SupplyAfter, big.NewInt(1e12)))
			compare(v, s.Block, "convertToAssets", price)
		}
		for _, d := range v.Truth.Closes {
			compare(v, d.Block, "totalSupply", d.TotalSupply)
			if d.TotalAssets == nil { // only its accountant knows what it is worth
				compare(v, d.Block, "accountant.getRate", new(big.Int).Quo(d.PriceFine, big.NewInt(1e12)))
				continue
			}
			compare(v, d.Block, "totalAssets", d.TotalAssets)
			if v.ShareDecimals == 18 {
				compare(v, d.Block, "convertToAssets", d.PriceFine)
			}
		}
	}
	for _, v := range c.Vaults {
		if v.Safe == (common.Address{}) {
			continue
		}
		owners, threshold := extracttest.SafeNow(v)
		keys := sqltest.Query(t, db, fmt.Sprintf(`
			select max_by(value, block_number) filter (where field = 'safe.getThreshold') || ' of '
				|| array_to_string((max_by(text, block_number) filter (where field = 'safe.getOwners'))::json::varchar[], ' ')
			from raw.states where status = 'ok' and address = '%s'`, strings.ToLower(v.Address.Hex())))
		if want := threshold + " of " + owners + "\n"; keys != want {
			t.Errorf("%s: the Safe's owners are %swant %s", v.ID, keys, want)
		}
	}
	for _, v := range c.Vaults {
		if v.Family != "erc4626" {
			continue
		}
		address := strings.ToLower(v.Address.Hex())
		most := new(big.Int) // of the truth's shares at the end
		for _, shares := range v.Truth.Balances {
			if shares.Cmp(most) > 0 {
				most = shares
			}
		}
		for i, d := range v.Truth.Closes {
			shares := states[fmt.Sprint(address, d.Block, "holder.balanceOf")]
			if shares == nil || i == len(v.Truth.Closes)-1 && shares.Cmp(most) != 0 {
				t.Errorf("%s, block %d: the largest holder has %v, want at last %v", v.ID, d.Block, shares, most)
				continue
			}
			can := new(big.Int).Mul(shares, new(big.Int).Add(d.TotalAssets, big.NewInt(1)))
			can.Quo(can, new(big.Int).Add(d.TotalSupply, big.NewInt(1)))
			compare(v, d.Block, "holder.maxWithdraw", can)
			compare(v, d.Block, "holder.maxRedeem", shares)
			compare(v, d.Block, "asset.balanceOf", d.TotalAssets)
		}
	}
	if compared < 9_000 {
		t.Errorf("only %d comparisons", compared)
	}
}
