package extract

import (
	"slices"

	"github.com/vaultperf/vaultperf/extract/archive"
	"github.com/vaultperf/vaultperf/extract/discover"
	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// What the steps below are asked for and answer with.
type (
	Vault      = vault.Vault
	Contract   = vault.Contract
	Archive    = archive.Archive
	Benchmark  = archive.Benchmark
	File       = input.File
	InputError = input.Error
	Family     = family.Family
	Discovery  = discover.Discovery
	Role       = discover.Role
	Proxy      = discover.Proxy
	Upgrade    = discover.Upgrade
)

// FamilyAuto stands in a config for the family that a node finds out. Decimals
// below zero are found out too.
const FamilyAuto = discover.FamilyAuto

// What a config may name.
var (
	// Families are the kinds of vault, in the order in which people are shown them. An
	// observed vault's logs are not decoded.
	Families = family.Vaults()

	// ContractRoles are what a [[vault.contract]] may be to its vault.
	ContractRoles = vault.ContractRoles

	// BenchmarkKinds are what a benchmark's values may be.
	BenchmarkKinds = archive.BenchmarkKinds

	// Formats are the names an archive's format may have.
	Formats = archive.Formats
)

// ContractFamilies are the kinds of contract that [[vault.contract]] may name, in
// order of the alphabet: vaults, and whatever else a vault's figures need.
func ContractFamilies() []string {
	var names []string
	for _, f := range family.All() {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return names
}

// FamilyOf is what is true of the contracts of a family. It is not known where no family
// has this name.
func FamilyOf(name string) (f Family, isKnown bool) { return family.Of(name) }

// SharedByDefault says whether a contract of this role and family is one that many
// others use, so that only logs are kept in which a topic is one of the vault's accounts.
func SharedByDefault(role, familyName string) bool { return vault.SharedByDefault(role, familyName) }

// CannotBeShared says why a contract's logs are all needed, or nothing.
func CannotBeShared(role, familyName string) string { return vault.CannotBeShared(role, familyName) }
