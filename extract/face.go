package extract

import (
	"slices"

	"github.com/vaultperf/vaultperf/extract/archive"
	"github.com/vaultperf/vaultperf/extract/discover"
	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// A Vault is one configured vault.
type Vault = vault.Vault

// RowRules say how the rows of a file of readings are read.
type RowRules = archive.RowRules

// A Contract is one whose logs a vault's figures need in addition to the vault's own.
type Contract = vault.Contract

// An Archive is a set of files that share a layout.
type Archive = archive.Archive

// A Benchmark is a series that vaults are measured against.
type Benchmark = archive.Benchmark

// A File says what one archived file or endpoint gave.
type File = input.File

// An InputError is input that cannot be read at all; nothing of its file is kept.
type InputError = input.Error

// A Family is a kind of contract.
type Family = family.Family

// A Discovery is what a node says about a vault. Role and Proxy are parts of it.
type Discovery = discover.Discovery

// A Role is a power over a vault and who has it.
type Role = discover.Role

// A Proxy says what code runs at a vault's address, and who may change it.
type Proxy = discover.Proxy

// An Upgrade is a change of the code behind a proxy.
type Upgrade = discover.Upgrade

// FamilyAuto stands in a config for a family that is to be discovered through a node.
// Negative decimals are discovered too.
const FamilyAuto = discover.FamilyAuto

// What a config may name.
var (
	// Families are the kinds of vault, in display order. An observed vault's logs are not
	// decoded.
	Families = family.Vaults()

	// ContractRoles are what a [[vault.contract]] may be to its vault.
	ContractRoles = vault.ContractRoles

	// References are what a vault's asset may be worth.
	References = vault.References

	// BenchmarkKinds are what a benchmark's values may be.
	BenchmarkKinds = archive.BenchmarkKinds

	// ColumnsOf are the columns of files of an archive's kind, empty for readings, and
	// Units the units that amounts may have, the usual one first.
	ColumnsOf = archive.ColumnsOf
	Units     = archive.Units

	// CheckDateFormat says what is wrong with a format of times.
	CheckDateFormat = archive.CheckDateFormat

	// Formats are the names an archive's format may have.
	Formats = archive.Formats

	// ArchiveKinds are what an archive's kind may be, and KindSite the one of another
	// site's figures, of which SiteColumns are the columns.
	ArchiveKinds = archive.ArchiveKinds
	KindSite     = input.KindSite
	SiteColumns  = archive.SiteColumns
)

// ContractFamilies are the kinds of contract that [[vault.contract]] may name, in
// alphabetical order: vaults, and whatever else a vault's figures need.
func ContractFamilies() []string {
	var names []string
	for _, f := range family.All() {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return names
}

// FamilyOf finds a family by its name; false if there is none of that name.
func FamilyOf(name string) (f Family, isKnown bool) { return family.Of(name) }

// SharedByDefault says whether a contract of this role and family is one that many
// others use, so that only logs are kept in which a topic is one of the vault's accounts.
func SharedByDefault(role, familyName string) bool { return vault.SharedByDefault(role, familyName) }

// CannotBeShared says why a contract cannot be shared, because all of its logs are
// needed; empty if it can.
func CannotBeShared(role, familyName string) string { return vault.CannotBeShared(role, familyName) }
