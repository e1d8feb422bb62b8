package view

import "github.com/vaultperf/vaultperf/report/marts"

// familyLabel names a vault's family.
func (w *View) familyLabel(v *marts.Vault) string {
	switch v.Family {
	case "lagoon":
		return "Lagoon"
	case "erc4626":
		return "ERC-4626"
	case "erc7540":
		return "ERC-7540"
	case "observed":
		return "Observed prices"
	}
	return inWords(v.Family)
}
