package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/extract"
)

// Ten to the 77th is the largest power of ten in a uint256.
const mostDecimals = 77

var (
	addressForm = regexp.MustCompile(`^0x[0-9a-fA-F]{40}$`)
	idForm      = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$`)
	tableStart  = regexp.MustCompile(`(?m)^[ \t]*\[\[?[ \t]*(\w+)[ \t]*\]`)
)

// readingColumns are the columns of a readings file that [archive.columns] may
// name. A map's keys are not checked by the decoder.
var readingColumns = []string{
	"vault", "observed_at", "chain_id", "block_number",
	"share_price", "share_price_raw", "total_assets", "total_supply",
}

// Validate says what is wrong with c, all of it, and changes nothing.
func (c *Config) Validate() error {
	faults := &faults{config: c}
	if _, err := c.asOfDate(); err != nil {
		faults.add(c.lineOf("as_of"), "", "%w", err)
	}
	if r := c.RiskFreeRate; r != nil && !(*r > -1 && !math.IsInf(*r, 0)) {
		faults.add(c.lineOf("risk_free_rate"), "", "risk_free_rate: want a fraction per year above -1, got %v", *r)
	}
	if c.MaxPages < 1 {
		faults.add(c.lineOf("max_pages"), "", "max_pages: want 1 or more, got %d", c.MaxPages)
	}
	if m := c.Start.MinTotalAssets; m != nil && !(*m >= 0 && !math.IsInf(*m, 0)) {
		faults.add(c.lineOf("min_total_assets"), "", "min_total_assets: want an amount of the asset, 0 or more, got %v", *m)
	}
	c.validateVaults(faults)
	c.validateContracts(faults)
	c.validateArchives(faults)
	c.validateRPCs(faults)
	c.validateBenchmarks(faults)
	return errors.Join(faults.all...)
}

func (c *Config) validateVaults(faults *faults) {
	if len(c.Vaults) == 0 {
		faults.add(0, "", "want at least one [[vault]]")
	}
	ids := map[string]string{}
	contracts := map[string]string{}
	for i, v := range c.Vaults {
		who := fmt.Sprintf("vault %q", v.ID)
		if v.ID == "" {
			who = fmt.Sprintf("[[vault]] number %d", i+1)
		}
		fault := func(format string, args ...any) {
			faults.add(c.lineOfTable("vault", i), who, format, args...)
		}
		v.validate(fault)
		hasNode := slices.ContainsFunc(c.RPCs, func(r RPC) bool { return r.ChainID != nil && v.ChainID != nil && *r.ChainID == *v.ChainID })
		if v.Family == extract.FamilyAuto && !hasNode {
			fault("family: auto is found out by a node, want an [[rpc]] of the vault's chain")
		}
		if v.ID != "" {
			// Folders are named by id, and some file systems know no case.
			if other, taken := ids[strings.ToLower(v.ID)]; taken {
				fault("id: want each only once, whatever the case, got %q and %q", other, v.ID)
			}
			ids[strings.ToLower(v.ID)] = v.ID
		}
		if v.ChainID != nil && addressForm.MatchString(v.Address) {
			contract := fmt.Sprintf("%d %s", *v.ChainID, strings.ToLower(v.Address))
			if other, taken := contracts[contract]; taken {
				fault("chain_id and address: want each contract only once, vault %q has the same", other)
			}
			contracts[contract] = v.ID
		}
	}
}

func (v VaultKeys) validate(fault func(format string, args ...any)) {
	if !idForm.MatchString(v.ID) {
		fault("id: want 1 to 100 of A-Z a-z 0-9 . _ - and not a . or - first, because files and tables are named by it, got %q", v.ID)
	}
	switch {
	case v.ChainID == nil:
		fault("chain_id is missing: want the chain's number, 1 for Ethereum")
	case *v.ChainID < 1:
		fault("chain_id: want 1 or more, got %d", *v.ChainID)
	}
	if !addressForm.MatchString(v.Address) {
		fault("address: want 0x and 40 hex digits in quotes, got %q", v.Address)
	}
	if v.Safe != "" && !addressForm.MatchString(v.Safe) {
		fault("safe: want 0x and 40 hex digits in quotes, got %q", v.Safe)
	}
	if v.Family != extract.FamilyAuto && !slices.Contains(extract.Families, v.Family) {
		fault("family: want one of %s, or auto, got %q", strings.Join(extract.Families, ", "), v.Family)
	}
	if v.StartBlock < 0 {
		fault("start_block: want 0 or more, got %d", v.StartBlock)
	}
	if v.Family != extract.FamilyAuto || v.AssetDecimals != nil {
		checkDecimals("asset_decimals", v.AssetDecimals, fault)
	}
	if v.Family != extract.FamilyAuto || v.ShareDecimals != nil {
		checkDecimals("share_decimals", v.ShareDecimals, fault)
	}
	v.checkShareDecimals(fault)
}

// checkShareDecimals: where the family fixes how many decimals a share has, others would
// scale all prices wrong.
func (v VaultKeys) checkShareDecimals(fault func(format string, args ...any)) {
	f, _ := extract.FamilyOf(v.Family)
	if f.ShareDecimals == nil || v.AssetDecimals == nil || v.ShareDecimals == nil {
		return
	}
	if want := f.ShareDecimals(*v.AssetDecimals); *v.ShareDecimals != want {
		fault("share_decimals: want %d, as a %s vault has them for an asset of %d, got %d", want, f.Label, *v.AssetDecimals, *v.ShareDecimals)
	}
}

var poolIDForm = regexp.MustCompile(`^0x[0-9a-fA-F]{64}$`)

// validateContracts checks each vault's contracts, and that a contract that
// several vaults name has one family: a log is decoded once.
func (c *Config) validateContracts(faults *faults) {
	type place struct{ family, who string }
	families := map[string]place{}
	for i, v := range c.Vaults {
		line := c.lineOfTable("vault", i)
		one := func(address, family, who string) {
			if v.ChainID == nil || !addressForm.MatchString(address) {
				return
			}
			key := fmt.Sprintf("%d %s", *v.ChainID, strings.ToLower(address))
			if other, taken := families[key]; taken && other.family != family {
				faults.add(line, who, "family: want one family for each contract, got %s, but %s gives it as %s", family, other.who, other.family)
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
				faults.add(line, who, "accounts: want addresses, each 0x and 40 hex digits in quotes, got %q", account)
			}
			one(account, "safe", who+": accounts")
		}
		seen := map[string]bool{}
		for n, contract := range v.Contracts {
			about := fmt.Sprintf("%s: contract %q", who, contract.Address)
			if contract.Address == "" {
				about = fmt.Sprintf("%s: [[vault.contract]] number %d", who, n+1)
			}
			contract.validate(func(format string, args ...any) { faults.add(line, about, format, args...) })
			one(contract.Address, contract.Family, about)
			key := strings.ToLower(contract.Address + " " + contract.Role + " " + contract.PoolID)
			if seen[key] {
				faults.add(line, about, "address and role: want each only once")
			}
			seen[key] = true
		}
	}
}

func (k ContractKeys) validate(fault func(format string, args ...any)) {
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
	for _, coin := range k.Coins {
		if !addressForm.MatchString(coin) {
			fault("coins: want addresses, each 0x and 40 hex digits in quotes, got %q", coin)
		}
	}
	switch {
	case k.Role == "pool" && k.Family == "curve" && len(k.Coins) < 2:
		fault("coins: want the pool's coins in the order of coins(0), coins(1), …, because its trades name them by number")
	case k.Role != "pool" && len(k.Coins) > 0:
		fault("coins: only a pool has them")
	case k.Role == "pool" && k.Family != "curve" && len(k.Coins) != 0 && len(k.Coins) != 2:
		fault("coins: want two, got %d", len(k.Coins))
	}
}

func checkDecimals(key string, decimals *int, fault func(format string, args ...any)) {
	switch {
	case decimals == nil:
		fault("%s is missing: want a number from 0 to %d", key, mostDecimals)
	case *decimals < 0 || *decimals > mostDecimals:
		fault("%s: want a number from 0 to %d, got %d", key, mostDecimals, *decimals)
	}
}

func (c *Config) validateArchives(faults *faults) {
	if len(c.Archives)+len(c.RPCs) == 0 {
		faults.add(0, "", "want at least one [[archive]] or [[rpc]]")
	}
	for i, a := range c.Archives {
		who := fmt.Sprintf("archive %q", a.Path)
		if a.Path == "" {
			who = fmt.Sprintf("[[archive]] number %d", i+1)
		}
		a.validate(c, func(format string, args ...any) {
			faults.add(c.lineOfTable("archive", i), who, format, args...)
		})
	}
}

func (a Archive) validate(c *Config, fault func(format string, args ...any)) {
	if a.Path == "" {
		fault("path is missing: want a file name or a pattern, relative to the config")
	}
	if _, err := filepath.Match(a.Path, ""); err != nil {
		fault("path: want a file name or a pattern as logs/*.parquet, got %q", a.Path)
	}
	if _, err := filepath.Match(a.Blocks, ""); err != nil {
		fault("blocks: want a file name or a pattern as blocks/*.csv, got %q", a.Blocks)
	}
	if a.Format != "" && !slices.Contains(extract.Formats, a.Format) {
		fault("format: want one of %s, got %q", strings.Join(extract.Formats, ", "), a.Format)
	}
	if a.ChainID != nil && *a.ChainID < 1 {
		fault("chain_id: want 1 or more, got %d", *a.ChainID)
	}
	for _, ours := range slices.Sorted(maps.Keys(a.Columns)) {
		if !slices.Contains(readingColumns, ours) {
			fault("columns: want ours = \"theirs\" with ours one of %s, got %q", strings.Join(readingColumns, ", "), ours)
		}
		if a.Columns[ours] == "" {
			fault("columns: want the file's name for %s, got \"\"", ours)
		}
	}
	configured := func(v VaultKeys) bool { return v.ID == a.Vault }
	if a.Vault != "" && !slices.ContainsFunc(c.Vaults, configured) {
		fault("vault: want the id of a [[vault]], got %q", a.Vault)
	}
}

// faults collects what is wrong, each with its place in the file.
type faults struct {
	config *Config
	all    []error
}

func (f *faults) add(line int, who, format string, args ...any) {
	where := f.config.name
	if line > 0 {
		where = fmt.Sprintf("%s:%d", where, line)
	}
	if who != "" {
		where += ": " + who
	}
	f.all = append(f.all, fmt.Errorf(where+": "+format, args...))
}

// lineOf is the line that sets key, 0 where none is found. It only serves
// messages, so a look at the text is enough.
func (c *Config) lineOf(key string) int {
	return c.lineAt(regexp.MustCompile(`(?m)^[ \t]*` + key + `[ \t]*=`).FindIndex(c.source))
}

// lineOfTable is the line where the table array's nth entry starts, from 0.
func (c *Config) lineOfTable(name string, n int) int {
	for _, m := range tableStart.FindAllSubmatchIndex(c.source, -1) {
		if string(c.source[m[2]:m[3]]) != name {
			continue
		}
		if n == 0 {
			return c.lineAt(m)
		}
		n--
	}
	return 0
}

func (c *Config) lineAt(match []int) int {
	if match == nil {
		return 0
	}
	return 1 + bytes.Count(c.source[:match[0]], []byte("\n"))
}
