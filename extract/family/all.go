package family

import (
	"slices"
	"strings"
)

// vaults are in display order.
var vaults = []Family{
	lagoon, erc7540, erc4626, yearnV2, yearnV3, metaMorpho, morphoV2,
	eulerEarn, evk, susde, susds, sdai, veda, iporFusion, midas, observed,
}

// others govern vaults, hold their assets, lend to them, or trade their shares.
var others = []Family{
	safe, zodiacRoles, zodiacDelay, access, accessManager, timelock, lagoonRegistry, lagoonProxy,
	evkFactory, morphoAdapter, morphoGate, morphoAllocator, publicAllocator, vedaAccountant, vedaTeller, vedaManager, vedaQueue, vedaAuthority,
	iporAccessManager, iporFeeManager, iporWithdrawManager, priceFeed,
	erc20, aaveV3, aaveV2, aaveToken, morphoBlue, compoundV3, compoundV2, evc,
	fluidLiquidity, fluidVault, fluidToken,
	uniswapV2, uniswapV3, uniswapV4, curve,
}

// Families of contracts around a vault that are found with it.
var (
	Safe   = safe.Name
	Access = access.Name
	ERC20  = erc20.Name
)

// all are the families by name.
var all = func() map[string]Family {
	byName := map[string]Family{}
	for _, f := range All() {
		byName[f.Name] = f
	}
	return byName
}()

// All are all families: those of vaults in display order, then the others in alphabetical
// order.
func All() []Family {
	rest := slices.Clone(others)
	slices.SortFunc(rest, func(a, b Family) int { return strings.Compare(a.Name, b.Name) })
	return slices.Concat(vaults, rest)
}

// Of finds a family by its name.
func Of(name string) (f Family, isKnown bool) {
	f, isKnown = all[name]
	return f, isKnown
}

// Vaults are the names of the families that a vault may be of, in display order.
func Vaults() []string {
	names := make([]string, len(vaults))
	for i, f := range vaults {
		names[i] = f.Name
	}
	return names
}

// Governing are the families that a contract with powers can be recognised as.
func Governing() []Family {
	var found []Family
	for _, f := range others {
		if len(f.Answers) > 0 {
			found = append(found, f)
		}
	}
	return found
}

// Detectable are the families that a vault can be recognised as, in the order in which to
// try them: a family whose functions include another's comes before it.
func Detectable() []Family {
	var specific, standard []Family
	for _, f := range vaults {
		switch {
		case len(f.Answers) == 0:
		case f.IsStandardOnly:
			standard = append(standard, f)
		default:
			specific = append(specific, f)
		}
	}
	return append(specific, standard...)
}
