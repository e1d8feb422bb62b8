//go:build !race

package realvaults

// findings are what is known to be wrong today: G of all families, F, E and Y of one
// family each, N of what these scenarios were the first to show.
var findings = map[string]string{
	"A3": "of a deposit whose event is missing in a file nothing is told",
}

// deviations are the figures that differ from the contracts' answers today, with the
// finding that explains it. A fix deletes its rows.
var deviations = map[subject]string{
	{"erc4626, archived", "a missing log is told"}: "A3",
}
