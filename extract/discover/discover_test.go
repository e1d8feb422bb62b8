package discover

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/testchain"
)

func TestDiscover(t *testing.T) {
	c, pool := extracttest.StartDevchain(t)
	for _, v := range c.Vaults {
		d, err := Vault(t.Context(), pool, testchain.ChainID, v.Address.Hex(), int64(c.Head))
		if err != nil {
			t.Errorf("%s: %v", v.ID, err)
			continue
		}
		lower := func(a common.Address) string {
			if a == (common.Address{}) {
				return ""
			}
			return strings.ToLower(a.Hex())
		}
		if d.Family != v.Family || d.Symbol != v.Symbol || d.Name != v.Name || d.Asset != lower(v.Asset) ||
			d.AssetDecimals != v.AssetDecimals || d.ShareDecimals != v.ShareDecimals || d.Safe != lower(v.Safe) ||
			d.FirstBlock != int64(v.Deployed.Block) || d.StartBlock < 1 || d.StartBlock > d.FirstBlock || !d.FirstAt.Equal(v.Deployed.Time) {
			t.Errorf("got %+v\nwant %+v", d, v)
		}
		if d.Proxy.Beacon != lower(v.Beacon) || d.Proxy.Admin != lower(v.ProxyAdmin) {
			t.Errorf("%s: proxy %+v, want beacon %s and admin %s", v.ID, d.Proxy, v.Beacon, v.ProxyAdmin)
		}
		owners, threshold := extracttest.SafeNow(v)
		if strings.Join(d.SafeOwners, " ") != owners || fmt.Sprint(d.SafeThreshold) != threshold {
			t.Errorf("%s: %d of %v owners, want %s of %s", v.ID, d.SafeThreshold, d.SafeOwners, threshold, owners)
		}
	}
	rated := c.Vault("synthetic-rated")
	d, err := Vault(t.Context(), pool, testchain.ChainID, rated.Address.Hex(), int64(c.Head))
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, k := range d.Contracts {
		got = append(got, k.Address+" "+k.Family)
	}
	for _, k := range rated.Contracts(c) {
		want = append(want, strings.ToLower(k.Address.Hex())+" "+k.Family)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || len(d.Notes) > 0 {
		t.Errorf("around the rated vault are\n%s\nwant\n%s\nnotes %v", strings.Join(got, "\n"), strings.Join(want, "\n"), d.Notes)
	}
	_, err = Vault(t.Context(), pool, testchain.ChainID, c.Asset.Hex(), int64(c.Head))
	if err == nil || !strings.Contains(err.Error(), "no vault family") {
		t.Errorf("the asset: got %v, want no family", err)
	}
	_, err = Vault(t.Context(), pool, testchain.ChainID, testchain.GasBomb.Hex(), int64(c.Head))
	if err == nil || !strings.Contains(err.Error(), "no vault family") {
		t.Errorf("the gas bomb: got %v, want no family", err)
	}
	_, err = Vault(t.Context(), pool, testchain.ChainID, "0x00000000000000000000000000000000000000ff", int64(c.Head))
	if err == nil || !strings.Contains(err.Error(), "no code") {
		t.Errorf("an empty address: got %v, want no code", err)
	}
}
