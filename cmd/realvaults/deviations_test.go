//go:build !race

package realvaults

// findings are what is known to be wrong today: G of all families, F, E and Y of one
// family each, N of what these scenarios were the first to show.
var findings = map[string]string{
	"A3": "of a deposit whose event is missing in a file nothing is told",
	"A1": "requests that wait at the end of a file count as waiting until the as-of day",
	"A2": "of a settlement whose event is missing in a file nothing is told",
}

// deviations are the figures that differ from the contracts' answers today, with the
// finding that explains it. A fix deletes its rows.
var deviations = map[subject]string{
	{"erc4626, archived", "a missing log is told"}:         "A3",
	{"lagoon, archived", "a missing log is told"}:          "A2",
	{"lagoon, archived", "claims of files that end early"}: "A1",
	{"susde", "investors profit"}:                          "N3",
	{"susde", "investors return"}:                          "N3",
	{"susde", "investors took out"}:                        "N3",
}
