package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/extract"
)

// A vault is one [[vault]].
type vault struct {
	ID            string `toml:"id"`
	Name          string `toml:"name,omitempty"` // empty: the id
	ChainID       *int64 `toml:"chain_id"`
	Address       string `toml:"address"`
	Family        string `toml:"family"`
	AssetSymbol   string `toml:"asset_symbol"`
	AssetPrice    string `toml:"asset_price,omitempty"` // a benchmark: the asset in US dollars
	Reference     string `toml:"reference,omitempty"`   // what the asset is worth: usd or other
	Synchronous   *bool  `toml:"synchronous,omitempty"` // nil: as its family
	AssetDecimals *int   `toml:"asset_decimals"`
	ShareDecimals *int   `toml:"share_decimals"`
	Safe          string `toml:"safe,omitempty"`
	StartBlock    int64  `toml:"start_block,omitempty"` // first block to ask a node for

	Accounts  []string   `toml:"accounts,omitempty"` // other holders of its assets
	Contracts []contract `toml:"contract,omitempty"`
}

// Ten to the 77th is the largest power of ten in a uint256.
const mostDecimals = 77

var (
	addressForm = regexp.MustCompile(`^0x[0-9a-fA-F]{40}$`)
	idForm      = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$`)
)

// IsAddress says whether text is an address as configs have them: 0x and 40 hex
// digits of any case.
func IsAddress(text string) bool { return addressForm.MatchString(text) }

func (f *File) validateVaults(faults *faults) {
	if len(f.Vaults) == 0 {
		faults.add(0, "", "want at least one [[vault]]")
	}
	ids := map[string]string{}
	contracts := map[string]string{}
	for i, v := range f.Vaults {
		who := fmt.Sprintf("vault %q", v.ID)
		if v.ID == "" {
			who = fmt.Sprintf("[[vault]] number %d", i+1)
		}
		fault := func(format string, args ...any) {
			faults.add(f.lineOfTable("vault", i), who, format, args...)
		}
		v.validate(fault)
		isPrice := func(b benchmark) bool { return b.Name == v.AssetPrice && b.Kind == "price" }
		if v.AssetPrice != "" && !slices.ContainsFunc(f.Benchmarks, isPrice) {
			fault("asset_price: want the name of a [[benchmark]] of kind price, got %q", v.AssetPrice)
		}
		hasNode := slices.ContainsFunc(f.RPCs, func(r rpc) bool { return r.ChainID != nil && v.ChainID != nil && *r.ChainID == *v.ChainID })
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

func (v vault) validate(fault func(format string, args ...any)) {
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
	if v.Reference != "" && !slices.Contains(extract.References, v.Reference) {
		fault("reference: want one of %s, got %q", strings.Join(extract.References, ", "), v.Reference)
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
func (v vault) checkShareDecimals(fault func(format string, args ...any)) {
	f, _ := extract.FamilyOf(v.Family)
	if f.ShareDecimals == nil || v.AssetDecimals == nil || v.ShareDecimals == nil {
		return
	}
	if want := f.ShareDecimals(*v.AssetDecimals); *v.ShareDecimals != want {
		fault("share_decimals: want %d, as a %s vault has them for an asset of %d, got %d", want, f.Label, *v.AssetDecimals, *v.ShareDecimals)
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

// vaults are the configured vaults as extract wants them.
func (f *File) vaults() []extract.Vault {
	vaults := make([]extract.Vault, len(f.Vaults))
	for i, v := range f.Vaults {
		name := v.Name
		if name == "" {
			name = v.ID
		}
		vaults[i] = extract.Vault{
			ID:            v.ID,
			Name:          name,
			ChainID:       uint64(*v.ChainID),
			Address:       strings.ToLower(v.Address),
			Family:        v.Family,
			AssetSymbol:   v.AssetSymbol,
			AssetPrice:    v.AssetPrice,
			Reference:     v.Reference,
			IsSynchronous: v.Synchronous,
			AssetDecimals: orUnknown(v.AssetDecimals),
			ShareDecimals: orUnknown(v.ShareDecimals),
			Safe:          strings.ToLower(v.Safe),
			Contracts:     v.contracts(),
			StartBlock:    uint64(v.StartBlock),
		}
	}
	return vaults
}

// orUnknown is -1 for decimals that a node finds out.
func orUnknown(decimals *int) int {
	if decimals == nil {
		return -1
	}
	return *decimals
}
