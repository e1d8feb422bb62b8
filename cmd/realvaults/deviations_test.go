//go:build !race

package realvaults

// findings are what is known to be wrong today.
var findings = map[string]string{
	"G1": "the price is assets over supply where the contract's own answer is another",
	"G2": "price times supply is compared with the assets without the fees that are pending",
	"G7": "of an unfinished last day only the blocks of the vault's own events are read",
	"F1": "assets that the vault counts as lost are told nowhere",
	"F2": "what is at hand counts as redeemable at once, although redemptions have to wait",
	"F3": "of a valuation's two fees the first mint is taken for the manager's, the second for the protocol's",
	"F4": "fees on entry and exit have no parts and a haircut is no fee, although the vault states them",
	"F5": "a published fee on exit counts as a redemption below value",
	"F6": "the contracts that hold a vault's assets at work are not discovered",
	"N1": "a loss is taken for a wrong reading if the vault is emptied and opened again within a week",
	"N2": "a fee counts as estimated and has no parts, although the vault's event states it",
}

// deviations are the figures that differ from the contracts' answers today, with the
// finding that explains it. A fix deletes its rows.
var deviations = map[subject]string{
	{"erc4626, reopened", "jumps"}:                    "N1",
	{"erc4626, unfinished day", "price"}:              "G7",
	{"erc4626, unfinished day", "total assets"}:       "G7",
	{"lagoon", "fees' receivers"}:                     "F3",
	{"lagoon v0.6", "claim fully_liquid"}:             "F2",
	{"lagoon v0.6", "claim proportional_claim"}:       "G2",
	{"lagoon v0.6", "claim redemption_at_true_value"}: "F5",
	{"lagoon v0.6", "fees' receivers"}:                "F3",
	{"lagoon v0.6", "fees on entry and exit"}:         "F4",
	{"lagoon v0.6", "haircuts are told"}:              "F4",
	{"metamorpho", "claim proportional_claim"}:        "G2",
	{"metamorpho", "fees are told"}:                   "N2",
	{"metamorpho", "fees' split"}:                     "N2",
	{"metamorpho", "investors paid in"}:               "G1",
	{"metamorpho", "investors profit"}:                "G1",
	{"metamorpho", "investors return"}:                "G1",
	{"metamorpho", "investors took out"}:              "G1",
	{"metamorpho", "lost assets are told"}:            "F1",
	{"metamorpho", "price"}:                           "G1",
	{"morpho_v2", "adapters are discovered"}:          "F6",
	{"morpho_v2", "claim proportional_claim"}:         "G2",
	{"morpho_v2", "fees are told"}:                    "N2",
	{"morpho_v2", "fees' split"}:                      "N2",
	{"morpho_v2", "investors end value"}:              "G1",
	{"morpho_v2", "investors paid in"}:                "G1",
	{"morpho_v2", "investors profit"}:                 "G1",
	{"morpho_v2", "investors return"}:                 "G1",
	{"morpho_v2", "investors took out"}:               "G1",
	{"morpho_v2", "investors' profit together"}:       "G1",
	{"morpho_v2", "price"}:                            "G1",
}
