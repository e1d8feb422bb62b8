package discover

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// known are vaults of which nothing was found out yet.
func known(vaults []vault.Vault) []Known {
	all := make([]Known, len(vaults))
	for i, v := range vaults {
		all[i].Vault = v
	}
	return all
}

// TestFollow: an address that the config names has the config's family, whichever vault
// it is found with, and is not added to one that names it.
func TestFollow(t *testing.T) {
	const safe, timelock, admin = "0x00000000000000000000000000000000000000a1", "0x00000000000000000000000000000000000000b2", "0x00000000000000000000000000000000000000c3"
	vaults := known([]vault.Vault{
		{ID: "first", ChainID: 1, Address: extracttest.LagoonAddress, Family: "lagoon", Safe: safe},
		{ID: "second", ChainID: 1, Address: extracttest.OtherAddress, Family: "erc4626", Contracts: []vault.Contract{{Address: timelock, Role: vault.RoleGovernor, Family: "timelock"}}},
		{ID: "elsewhere", ChainID: 10, Address: timelock, Family: "erc4626"},
	})
	around := func(name string, p Proxy) []vault.Contract {
		f, _ := family.Of(name)
		return p.contracts(f)
	}
	follow(vaults, 0, around("lagoon", Proxy{Beacon: safe, Admin: admin}))
	follow(vaults, 0, around("lagoon", Proxy{Admin: timelock}))
	follow(vaults, 1, around("erc4626", Proxy{Admin: admin}))
	got := ""
	for _, v := range vaults {
		for _, c := range v.All()[1:] {
			got += fmt.Sprintln(v.ID, c.Address[40:], c.Role, c.Family)
		}
	}
	want := "first a1 safe safe\nfirst c3 proxy_admin lagoon_proxy\nfirst b2 proxy_admin timelock\nsecond b2 governor timelock\nsecond c3 proxy_admin lagoon_proxy\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if found := around("evk", Proxy{Beacon: admin}); len(found) != 1 || found[0].Family != "evk_factory" {
		t.Errorf("the beacon of Euler's vaults is followed as %v, want their factory", found)
	}
}

// TestAgree: a vault that another was found with before anybody knew its family, and its
// Safe, are decoded as what they are.
func TestAgree(t *testing.T) {
	const safe = "0x00000000000000000000000000000000000000A1"
	config := []vault.Vault{
		{ID: "first", ChainID: 1, Address: extracttest.LagoonAddress, Family: FamilyAuto, Contracts: []vault.Contract{{Address: safe, Family: "timelock"}}},
		{ID: "second", ChainID: 1, Address: extracttest.OtherAddress, Family: FamilyAuto},
		{ID: "elsewhere", ChainID: 10, Address: extracttest.OtherAddress, Family: "evk"},
	}
	vaults := known(config)
	vaults[0].learn("erc4626", "", 18, 18, "")
	follow(vaults, 0, []vault.Contract{{Address: extracttest.OtherAddress, Role: "asset", Family: "erc20"}, {Address: strings.ToLower(safe[:41]) + "2", Family: "erc20"}})
	vaults[1].learn("susde", "", 18, 18, safe[:41]+"2")
	agree(vaults, config)
	var got []string
	for _, c := range vaults[0].Contracts {
		got = append(got, c.Family)
	}
	if want := []string{"timelock", "susde", "safe"}; !slices.Equal(got, want) {
		t.Errorf("families %v, want %v", got, want)
	}
}

// TestFactsStandOnce: a run that finds out again what one found that was broken off
// leaves one row of each, which the figures' grain wants.
func TestFactsStandOnce(t *testing.T) {
	db := sqltest.Open(t)
	v := vault.Vault{ID: "first", ChainID: 1, Address: extracttest.LagoonAddress}
	for i := range int64(2) {
		found := vaultFacts{v, []fact{{fieldProxyBeacon, "", 0}, {fieldStartBlock, "", 40 + i}}}
		err := store.InTransaction(t.Context(), db, func(conn *sql.Conn) error {
			return keepFacts(t.Context(), conn, 100, time.Unix(1_700_000_000, 0), found)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	got := sqltest.Query(t, db, "select concat_ws(' ', field, value, text, '.') from raw.states order by field")
	if want := "code.start_block 41 .\nproxy.beacon  .\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
