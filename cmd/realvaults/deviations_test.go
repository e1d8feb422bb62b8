//go:build !race

package realvaults

// findings are what is known to be wrong, by a label. Today nothing is.
var findings = map[string]string{}

// deviations are the figures that differ from the contracts' answers, with the label of
// the finding that explains it. A fix deletes its rows.
var deviations = map[subject]string{}
