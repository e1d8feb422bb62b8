package discover

import (
	"context"
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

// TestResolveAgain: a vault is asked again after a contract around it says that somebody
// new has power over it, and not before; without a node what was found stands.
func TestResolveAgain(t *testing.T) {
	db := sqltest.Open(t)
	const owner = "0x00000000000000000000000000000000000000a1"
	config := []vault.Vault{{ID: "first", ChainID: 1, Address: extracttest.LagoonAddress, Family: FamilyAuto, AssetDecimals: -1, ShareDecimals: -1}}
	asked, isDown := 0, false
	resolve := func() (contracts []string) {
		t.Helper()
		found, err := Resolve(t.Context(), db, config, func(_ context.Context, v vault.Vault) (Discovery, time.Time, error) {
			if isDown {
				return Discovery{}, time.Time{}, fmt.Errorf("chain 1: %w", ErrNoNode)
			}
			asked++
			d := Discovery{ChainID: 1, Address: v.Address, Family: "erc4626", AssetDecimals: 6, ShareDecimals: 6, Block: int64(100 * asked), FirstBlock: 5, StartBlock: 5}
			d.Contracts = []vault.Contract{{Address: owner, Role: vault.RoleGovernor, Family: "safe", StartBlock: 3}}
			if asked > 1 {
				d.Contracts = append(d.Contracts, vault.Contract{Address: owner[:41] + "2", Role: vault.RoleGovernor, Family: "timelock"})
			}
			return d, time.Unix(1_700_000_000, 0), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = store.InTransaction(t.Context(), db, func(conn *sql.Conn) error { return vault.Write(t.Context(), conn, Vaults(found)) })
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range found[0].Contracts {
			contracts = append(contracts, fmt.Sprintf("%s from %d", c.Family, found[0].From(c)))
		}
		return contracts
	}
	log := func(block int, event string) {
		t.Helper()
		_, err := db.ExecContext(t.Context(), "insert into raw.events (chain_id, block_number, log_index, transaction_hash, address, event, signature, arguments) values (1, ?, 0, '0x00', ?, ?, '', '{}')", block, owner, event)
		if err != nil {
			t.Fatal(err)
		}
	}
	check := func(what string, got, want []string, times int) {
		t.Helper()
		if !slices.Equal(got, want) || asked != times {
			t.Errorf("%s: %v after %d questions, want %v after %d", what, got, asked, want, times)
		}
	}
	one, two := []string{"safe from 3"}, []string{"safe from 3", "timelock from 5"}
	check("at first", resolve(), one, 1)
	log(90, "EnabledModule")
	log(130, "ExecutionSuccess")
	check("nothing new", resolve(), one, 1)
	log(131, "EnabledModule")
	isDown = true
	check("without a node", resolve(), one, 1)
	isDown = false
	check("something new", resolve(), two, 2)
	check("afterwards", resolve(), two, 2)
}
