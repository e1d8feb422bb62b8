package view

import "github.com/vaultperf/vaultperf/report/marts"

// sentences are warnings fit to print.
func sentences(warnings []marts.Warning) []Cell {
	out := make([]Cell, len(warnings))
	for i, w := range warnings {
		c := stranger(w.Message, 400)
		out[i] = Cell{Text: sentence(c.Text), Full: sentence(c.Full)}
	}
	return out
}
