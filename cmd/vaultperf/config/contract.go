package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/extract"
)

// A contract is one [[vault.contract]]: a contract whose logs the vault's
// figures need.
type contract struct {
	Address string   `toml:"address"`
	Role    string   `toml:"role"`
	Family  string   `toml:"family"`
	Name    string   `toml:"name,omitempty"`    // empty: the role
	Shared  *bool    `toml:"shared,omitempty"`  // nil: as the role has it
	PoolID  string   `toml:"pool_id,omitempty"` // of a pool in Uniswap V4's manager
	Coins   []string `toml:"coins,omitempty"`   // of a pool, in the order of its numbers; of a market, what it lends

	StartBlock int64 `toml:"start_block,omitempty"` // first block to ask a node for, where it is before the vault's
}

var poolIDForm = regexp.MustCompile(`^0x[0-9a-fA-F]{64}$`)

// validateContracts checks each vault's contracts, and that a contract that
// several vaults name has one family: a log is decoded once.
func (f *File) validateContracts(faults *faults) {
	type place struct{ family, who string }
	families := map[string]place{}
	for i, v := range f.Vaults {
		fault := func(who, format string, args ...any) {
			faults.add(f.lineOfTable("vault", i), who, format, args...)
		}
		one := func(address, family, who string) {
			if v.ChainID == nil || !addressForm.MatchString(address) {
				return
			}
			key := fmt.Sprintf("%d %s", *v.ChainID, strings.ToLower(address))
			if other, taken := families[key]; taken && other.family != family {
				fault(who, "family: want one family for each contract, got %s, but %s gives it as %s", family, other.who, other.family)
				return
			}
			families[key] = place{family, who}
		}
		who := fmt.Sprintf("vault %q", v.ID)
		one(v.Address, v.Family, who)
		if v.Safe != "" {
			one(v.Safe, "safe", who+": safe")
		}
		for _, account := range v.Accounts {
			if !addressForm.MatchString(account) {
				fault(who, "accounts: want addresses, each 0x and 40 hex digits in quotes, got %q", account)
			}
			one(account, "safe", who+": accounts")
		}
		seen := map[string]bool{}
		for n, contract := range v.Contracts {
			about := fmt.Sprintf("%s: contract %q", who, contract.Address)
			if contract.Address == "" {
				about = fmt.Sprintf("%s: [[vault.contract]] number %d", who, n+1)
			}
			contract.validate(func(format string, args ...any) { fault(about, format, args...) })
			one(contract.Address, contract.Family, about)
			key := strings.ToLower(contract.Address + " " + contract.Role + " " + contract.PoolID)
			if seen[key] {
				fault(about, "address and role: want each only once")
			}
			seen[key] = true
		}
	}
}

func (k contract) validate(fault func(format string, args ...any)) {
	if !addressForm.MatchString(k.Address) {
		fault("address: want 0x and 40 hex digits in quotes, got %q", k.Address)
	}
	families := extract.ContractFamilies()
	isRole, isFamily := slices.Contains(extract.ContractRoles, k.Role), slices.Contains(families, k.Family)
	if !isRole {
		fault("role: want one of %s, got %q", strings.Join(extract.ContractRoles, ", "), k.Role)
	}
	if !isFamily {
		fault("family: want one of %s, got %q", strings.Join(families, ", "), k.Family)
	}
	if isRole && isFamily && k.Shared != nil && *k.Shared {
		if why := extract.CannotBeShared(k.Role, k.Family); why != "" {
			fault("shared: a %s of family %s cannot be shared: %s", k.Role, k.Family, why)
		}
	}
	switch isV4 := k.Family == "uniswap_v4"; {
	case isV4 && !poolIDForm.MatchString(k.PoolID):
		fault("pool_id: want the pool's id in the manager, 0x and 64 hex digits in quotes, got %q", k.PoolID)
	case !isV4 && k.PoolID != "":
		fault("pool_id: only a pool of family uniswap_v4 has one, got %q", k.PoolID)
	}
	if k.StartBlock < 0 {
		fault("start_block: want 0 or more, got %d", k.StartBlock)
	}
	for _, coin := range k.Coins {
		if !addressForm.MatchString(coin) {
			fault("coins: want addresses, each 0x and 40 hex digits in quotes, got %q", coin)
		}
	}
	switch {
	case k.Role == "pool" && k.Family == "curve" && len(k.Coins) < 2:
		fault("coins: want the pool's coins in the order of coins(0), coins(1), …, because its trades name them by number")
	case (k.Role == "venue" || k.Role == "lending") && len(k.Coins) > 1:
		fault("coins: want the token that it lends and nothing else, got %d", len(k.Coins))
	case k.Role != "pool" && k.Role != "venue" && k.Role != "lending" && len(k.Coins) > 0:
		fault("coins: only a pool, a venue and a lending market have them")
	case k.Role == "pool" && k.Family != "curve" && len(k.Coins) != 0 && len(k.Coins) != 2:
		fault("coins: want two, got %d", len(k.Coins))
	}
}

// contracts are the vault's accounts and contracts as extract wants them.
func (v vault) contracts() []extract.Contract {
	var out []extract.Contract
	for _, account := range v.Accounts {
		out = append(out, extract.Contract{Address: strings.ToLower(account), Role: "account", Family: "safe", Name: "account"})
	}
	for _, c := range v.Contracts {
		contract := extract.Contract{
			Address: strings.ToLower(c.Address), Role: c.Role, Family: c.Family, Name: c.Name,
			Shared: extract.SharedByDefault(c.Role, c.Family), PoolID: strings.ToLower(c.PoolID),
			StartBlock: uint64(c.StartBlock),
		}
		if c.Name == "" {
			contract.Name = c.Role
		}
		if c.Shared != nil {
			contract.Shared = *c.Shared
		}
		for _, coin := range c.Coins {
			contract.Coins = append(contract.Coins, strings.ToLower(coin))
		}
		out = append(out, contract)
	}
	return out
}
