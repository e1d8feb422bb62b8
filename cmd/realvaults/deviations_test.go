//go:build !race

package realvaults

// findings are what is known to be wrong today: G of all families, F, E and Y of one
// family each, N of what these scenarios were the first to show.
var findings = map[string]string{
	"A3": "of a deposit whose event is missing in a file nothing is told",
	"F3": "of a valuation's two fees the first mint is taken for the manager's, the second for the protocol's",
	"F4": "fees on entry and exit have no parts and a haircut is no fee, although the vault states them",
	"N2": "a fee counts as estimated and has no parts, although the vault's event states it",
	"G3": "the parts of a fee that its event states are not told",
}

// deviations are the figures that differ from the contracts' answers today, with the
// finding that explains it. A fix deletes its rows.
var deviations = map[subject]string{
	{"erc4626, archived", "a missing log is told"}: "A3",
	{"euler_earn", "fees are told"}:                "N2",
	{"euler_earn", "fees' split"}:                  "N2",
	{"evk", "fees' receivers"}:                     "G3",
	{"lagoon v0.6", "fees on entry and exit"}:      "F4",
	{"lagoon v0.6", "fees' receivers"}:             "F3",
	{"lagoon v0.6", "haircuts are told"}:           "F4",
	{"lagoon", "fees' receivers"}:                  "F3",
	{"metamorpho", "fees are told"}:                "N2",
	{"metamorpho", "fees' split"}:                  "N2",
	{"morpho_v2", "fees are told"}:                 "N2",
	{"morpho_v2", "fees' split"}:                   "N2",
	{"susde", "investors profit"}:                  "N3",
	{"susde", "investors return"}:                  "N3",
	{"susde", "investors took out"}:                "N3",
	{"yearn, accruing", "fees are told"}:           "N2",
	{"yearn, accruing", "fees' receivers"}:         "N2",
	{"yearn, accruing", "fees' split"}:             "N2",
	{"yearn, reporting", "fees are told"}:          "N2",
	{"yearn, reporting", "fees' receivers"}:        "N2",
	{"yearn, reporting", "fees' split"}:            "N2",
}
