// Package vault describes the configured vaults and the contracts around them, and decides
// which logs are relevant for them.
package vault

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
)

// A Vault is one configured vault, as far as extract needs to know it.
type Vault struct {
	ID            string // vault_id in every table
	Name          string
	ChainID       uint64
	Address       string // lower-case hex with 0x
	Family        string // one of Families
	AssetSymbol   string
	AssetDecimals int
	ShareDecimals int
	Safe          string // lower-case hex with 0x, or empty
	AssetPrice    string `json:",omitempty"` // the benchmark that is its asset's price in US dollars
	Reference     string `json:",omitempty"` // what the asset is worth, one of References; empty: by its symbol
	IsSynchronous *bool  `json:",omitempty"` // whether it redeems in the transaction that asks; nil: as its family does
	StartBlock    uint64 // first block to fetch; 0: the chain's first
	SafeStart     uint64 // the Safe's own first block, where that is known
	Contracts     []Contract
}

// References are what a vault's asset may be worth: about a US dollar, or anything else.
var References = []string{"usd", "other"}

// A Contract is one whose logs a vault's figures need in addition to the vault's own.
type Contract struct {
	Address string // lower-case hex with 0x
	Role    string // its relation to the vault, as in raw.contracts
	Family  string // whose events it emits
	Name    string
	Shared  bool     // keep only logs with one of the vault's accounts in a topic
	PoolID  string   // the pool in a contract that holds many, 32 bytes of hex with 0x; or empty
	Coins   []string // of a pool, in the order of its events' coin numbers; may be empty
	// StartBlock is its own first block, where that is known; 0: its logs are asked for
	// from the vault's start block on.
	StartBlock uint64
}

// From is the first block of which a contract's logs are asked for: the vault's, or its
// own if that is earlier, since who has a power today may have been given it before.
func (v Vault) From(c Contract) uint64 {
	if c.StartBlock == 0 {
		return v.StartBlock
	}
	return min(v.StartBlock, c.StartBlock)
}

// Roles of contracts other than the vault itself and its Safe: their relation to the vault.
const (
	RoleVault      = "vault"
	RoleSafe       = family.SafeRole
	roleAccount    = family.OnAccount
	RoleAsset      = family.OnAsset
	RoleRoles      = "roles"
	RoleProxyAdmin = "proxy_admin"
	RoleBeacon     = "beacon"
	RoleAccountant = family.OnAccountant
	RoleGovernor   = family.OnGovernor
	roleReceiver   = "fee_receiver"
	roleVenue      = "venue"
	roleLending    = "lending"
	RolePool       = "pool"
	roleReward     = "reward"
)

// ContractRoles are the roles that [[vault.contract]] may name: asset is the
// vault's asset, account another holder of its assets, roles a module that acts
// for its Safe, governor any other contract with powers over it, accountant the
// one that sets its price, fee_receiver an account that its fees are minted to,
// venue one it invests in, lending one it could borrow from, pool one that
// trades its shares, reward a token it is given.
var ContractRoles = []string{
	RoleAsset, roleAccount, RoleRoles, RoleProxyAdmin, RoleBeacon, RoleAccountant, RoleGovernor,
	roleReceiver, roleVenue, roleLending, RolePool, roleReward,
}

// HasPowers says whether a contract with this role has powers over a vault or holds its
// assets. What it did before the vault was there may still be in force.
func HasPowers(role string) bool {
	return slices.Contains([]string{roleAccount, RoleRoles, RoleProxyAdmin, RoleBeacon, RoleAccountant, RoleGovernor}, role)
}

// All are the vault's contracts, including itself and its Safe.
func (v Vault) All() []Contract {
	out := []Contract{{Address: v.Address, Role: RoleVault, Family: v.Family, Name: v.Name}}
	if v.Safe != "" {
		out = append(out, Contract{Address: v.Safe, Role: RoleSafe, Family: family.Safe, Name: "Safe", StartBlock: v.SafeStart})
	}
	return append(out, v.Contracts...)
}

// Accounts are the addresses that hold the vault's assets and act for it.
func (v Vault) Accounts() []string {
	var out []string
	for _, c := range v.All() {
		if slices.Contains([]string{RoleVault, RoleSafe, roleAccount}, c.Role) {
			out = append(out, strings.ToLower(c.Address))
		}
	}
	return out
}

// IsPlace says whether a contract of a role and family is one in which the vault's accounts
// may have something, or which they may owe, and says so when it is asked.
func IsPlace(role string, f family.Family) bool {
	switch role {
	case roleVenue, roleLending:
		return len(f.PositionReads()) > 0
	case roleAccount: // it may keep books
		return !f.IsVault && len(f.Positions) > 0
	default:
		return false
	}
}

// ParseAddress reads a configured address, whose form config has checked.
func ParseAddress(text string) (a rpc.Address, err error) {
	b, err := hex.DecodeString(strings.TrimPrefix(strings.ToLower(text), "0x"))
	if err != nil || len(b) != len(a) {
		return a, fmt.Errorf("want an address, got %q", text)
	}
	copy(a[:], b)
	return a, nil
}
