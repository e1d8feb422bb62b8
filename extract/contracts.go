package extract

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	models "github.com/vaultperf/vaultperf/sql"
)

// Roles of a contract besides the vault itself and its Safe: what it is to the
// vault.
const (
	roleVault      = "vault"
	roleSafe       = "safe"
	roleAccount    = "account"
	roleAsset      = "asset"
	roleRoles      = "roles"
	roleProxyAdmin = "proxy_admin"
	roleBeacon     = "beacon"
	roleAccountant = "accountant"
	roleGovernor   = "governor"
	roleVenue      = "venue"
	roleLending    = "lending"
	rolePool       = "pool"
	roleReward     = "reward"
)

// ContractRoles are the roles that [[vault.contract]] may name: asset is the
// vault's asset, account another holder of its assets, roles a module that acts
// for its Safe, governor any other contract with powers over it, accountant the
// one that sets its price, venue one it invests in, lending one it could borrow
// from, pool one that trades its shares, reward a token it is given.
var ContractRoles = []string{
	roleAsset, roleAccount, roleRoles, roleProxyAdmin, roleBeacon, roleAccountant, roleGovernor,
	roleVenue, roleLending, rolePool, roleReward,
}

// borrowerInData are families whose logs name who owes in data only, where no
// filter finds it.
var borrowerInData = []string{"compound_v2", "fluid_vault"}

// SharedByDefault says whether a contract is one that many others use, so that
// only logs are kept in which a topic is one of the vault's accounts.
func SharedByDefault(role, family string) bool {
	switch role {
	case roleAsset, roleVenue, roleLending, roleReward:
		return !slices.Contains(borrowerInData, family)
	case rolePool:
		return family == "uniswap_v4"
	default:
		return false
	}
}

// CannotBeShared says why a contract's logs are all needed, or nothing.
func CannotBeShared(role, family string) string {
	switch {
	case slices.Contains(borrowerInData, family):
		return "its logs have who owes in their data, which no filter finds"
	case role == rolePool && family != "uniswap_v4":
		return "everybody's trades are wanted"
	case !SharedByDefault(role, family):
		return "all its logs are wanted"
	default:
		return ""
	}
}

// all are the vault's contracts with itself and its Safe.
func (v Vault) all() []Contract {
	out := []Contract{{Address: v.Address, Role: roleVault, Family: v.Family, Name: v.Name}}
	if v.Safe != "" {
		out = append(out, Contract{Address: v.Safe, Role: roleSafe, Family: "safe", Name: "Safe"})
	}
	return append(out, v.Contracts...)
}

// accounts are the addresses that hold the vault's assets and act for it.
func (v Vault) accounts() []string {
	var out []string
	for _, c := range v.all() {
		if slices.Contains([]string{roleVault, roleSafe, roleAccount}, c.Role) {
			out = append(out, strings.ToLower(c.Address))
		}
	}
	return out
}

// A wantedContract is one whose logs are kept: all of them, or those in which a
// topic is one of accounts or pools.
type wantedContract struct {
	chainID  uint64
	address  string // lower case with 0x, as all others here
	family   string
	shared   bool
	accounts []string
	pools    []string
}

// keys are the parts of topics that make a shared contract's log ours, as hex
// in upper case. An account is there without its last byte, by which Euler tells
// a sub-account from its owner; nothing else shares the other 19.
func (w wantedContract) keys() []string {
	var out []string
	for _, account := range w.accounts {
		out = append(out, strings.ToUpper(account[2:len(account)-2]))
	}
	for _, pool := range w.pools {
		out = append(out, strings.ToUpper(pool[2:]))
	}
	return out
}

// wanted merges the contracts of all vaults. One that a vault needs whole is
// kept whole.
func wanted(vaults []Vault) []wantedContract {
	var out []wantedContract
	for _, v := range vaults {
		for _, c := range v.all() {
			add := wantedContract{chainID: v.ChainID, address: strings.ToLower(c.Address), family: c.Family, shared: c.Shared}
			if c.Shared {
				add.accounts = v.accounts()
			}
			if c.Shared && c.PoolID != "" {
				add.pools = []string{strings.ToLower(c.PoolID)}
			}
			same := func(w wantedContract) bool { return w.chainID == add.chainID && w.address == add.address }
			if i := slices.IndexFunc(out, same); i >= 0 {
				out[i].shared = out[i].shared && add.shared
				out[i].accounts = append(out[i].accounts, add.accounts...)
				out[i].pools = append(out[i].pools, add.pools...)
				continue
			}
			out = append(out, add)
		}
	}
	for i := range out {
		for _, list := range []*[]string{&out[i].accounts, &out[i].pools} {
			slices.Sort(*list)
			*list = slices.Compact(*list)
		}
	}
	return out
}

// writeContracts writes raw.contracts, and temp.wanted for the import.
func writeContracts(ctx context.Context, conn *sql.Conn, vaults []Vault) error {
	if _, err := conn.ExecContext(ctx, "delete from raw.contracts"); err != nil {
		return fmt.Errorf("write contracts: %w", err)
	}
	err := models.Append(ctx, conn, "raw", "contracts", func(add func(values ...any) error) error {
		for _, v := range vaults {
			for _, c := range v.all() {
				err := add(v.ID, int64(v.ChainID), strings.ToLower(c.Address), c.Role, c.Family, c.Name, c.Shared,
					strings.ToLower(c.PoolID), strings.ToLower(strings.Join(c.Coins, ",")))
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	const table = `create or replace temp table wanted (
    wanted_chain_id bigint, wanted_address blob, wanted_number integer, is_shared boolean, wanted_keys varchar[])`
	if _, err := conn.ExecContext(ctx, table); err != nil {
		return fmt.Errorf("write contracts: %w", err)
	}
	all := wanted(vaults)
	if len(all) == 0 {
		return nil
	}
	chains, addresses, shared, keys := make([]int64, len(all)), make([]string, len(all)), make([]bool, len(all)), make([]string, len(all))
	for i, w := range all {
		chains[i], addresses[i], shared[i], keys[i] = int64(w.chainID), w.address[2:], w.shared, strings.Join(w.keys(), ",")
	}
	_, err = conn.ExecContext(ctx, `
insert into temp.wanted
select
    unnest($1::bigint[]), unhex(unnest($2::varchar[])), unnest(range(len($2::varchar[]))),
    unnest($3::boolean[]), string_split(unnest($4::varchar[]), ',')`, chains, addresses, shared, keys)
	if err != nil {
		return fmt.Errorf("write contracts: %w", err)
	}
	return nil
}
