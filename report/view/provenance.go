package view

import (
	"strings"

	"github.com/vaultperf/vaultperf/report/marts"
)

const sheetProvenance = "Provenance"

// provenanceSheet says what a workbook was made from, and by what: of one vault, or of
// all where there is none.
func (w *View) provenanceSheet(v *marts.Vault) Sheet {
	facts := Facts{
		{"As of", words(date(&w.data.AsOf) + " UTC, nothing from " + dateTime(&w.data.Until) + " on"), nil},
		{"Made by", words(strings.TrimSpace("vaultperf " + clean(w.opt.Version, 80))), nil},
		{"Risk-free rate", words(w.rate()), nil},
	}
	if v != nil {
		facts = append(Facts{
			{"Vault", words(clean(v.ID, 80)), nil},
			{"Address", addressCell(v.ChainID, v.Address), nil},
			{"Chain", words(chainLabel(v.ChainID)), nil},
			{"Kind of price", words(sources(v.Prices)), nil},
			{"In the database", words("marts.performance and marts.share_prices, where vault_id is the vault above"), nil},
		}, facts...)
	}
	s := Sheet{
		Name: sheetProvenance, Landscape: true, Across: 10,
		Widths: []float64{42, 12, 18, 12, 11, 11, 11, 11, 13, 38, 38},
		Blocks: []Block{Heading("What the figures were made from, and by what"), &facts, filesTable(w.imports)},
	}
	if w.setAside != nil {
		s.Blocks = append(s.Blocks, w.setAside)
	}
	s.Blocks = append(s.Blocks, Prose("The same files and the same as-of day give the same bytes. A file's SHA-256 tells whether it is the one that was read."))
	return s
}
