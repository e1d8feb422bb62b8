package view

import (
	"strings"

	"github.com/vaultperf/vaultperf/report/marts"
)

// definitionsTable lists every metric as its model's header defines it.
func definitionsTable(d *marts.Data) *Table {
	t := &Table{
		ID: "definitions", Caption: "Read from the models that compute the figures.", Shape: Lexicon, Height: 20, Lead: len(d.Metrics),
		Columns: []Column{
			{Head: "Figure", Width: 22},
			{Head: "Column", In: OnSheets, Width: 20},
			{Head: "Definition", Width: 46},
			{Head: "Formula", Width: 48},
			{Head: "Unit", Width: 16},
			{Head: "Source", Width: 40},
			{Head: "Undefined when", Width: 40},
		},
	}
	for _, m := range d.Metrics {
		formula := stranger(m.Formula, 300)
		formula.Tone = Hash
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			stranger(m.Label, 60), words(clean(m.Name, longestText)), stranger(m.Definition, 600), formula,
			stranger(m.Unit, 40), stranger(m.Source, 300), stranger(m.NullWhen, 300),
		}})
	}
	return t
}

// conventions are the rules all figures follow, and of the vault's its start rule.
func (w *View) conventions(v *marts.Vault) []Note {
	return append(w.rules(),
		Note{"Rate", w.rate()},
		Note{"Start rule", w.startRule(v)},
		Note{"Undefined", "A figure that cannot be computed is left out and the reason stands in its place. It is never zero."},
		Note{"Young vaults", "An annualised figure of less than a year is an extrapolation, not a result."},
	)
}

// rules are those that the index states too.
func (w *View) rules() []Note {
	return []Note{
		{"Year", "365 days. Returns are annualised over the actual time between two price points."},
		{"Days", "UTC. A day's price point is its last accepted reading; a day without a reading has none, and none is made up."},
		{"Signs", "Losses and drawdowns are negative."},
		{"Fees", "Figures follow the share price, so they are net of the fees the vault takes from it and before any fee outside it, such as for entry or exit."},
	}
}

// rate says what the Sharpe ratio is measured against.
func (w *View) rate() string {
	switch {
	case w.data.RiskFreeSeries != "":
		return "The risk-free return is that of an account at the dated rates of " + w.riskFreeLabel() + ", over the days of each return."
	case w.data.RiskFreeRate != nil:
		return "The risk-free rate is " + w.riskFreeLabel() + " a year, less for shorter returns by their true length."
	}
	return "No risk-free rate is configured; the Sharpe ratio is then given at a rate of 0 only."
}

// workbookTerms explain what the page has no need to.
var workbookTerms = []Note{
	{"Column", "The name of the figure in marts.performance of the published database, one row per vault and period."},
	{"Undefined figures", "On Summary and Monthly returns the reason stands in the cell as text, so that a formula that uses the cell fails instead of taking a zero. On the sheets of one row per item the cell is blank and the last columns say why."},
	{"Exact integers", "Total assets and total supply are also given as the integers of the chain, before decimals. They are text, because a spreadsheet keeps 15 digits of a number; so is any whole number above 9,007,199,254,740,992."},
	{"Times", "All times are UTC. They are real dates: they sort, filter and subtract."},
	{"Digits", "Figures hold fifteen digits, as many as a spreadsheet works with; the number format shows some of them. The published database holds all."},
	{"Formulas", "Only the column of highest prices and the check on Summary are formulas. All other figures are values as they were computed, and recalculating cannot change them."},
}

// definitionsSheet says what every figure is, and the rules all figures follow.
func (w *View) definitionsSheet(v *marts.Vault) Sheet {
	return Sheet{
		Name: sheetDefinitions, Landscape: true, Frozen: 1, Widths: w.definitions.widths(), Blocks: []Block{
			w.definitions,
			&Terms{Title: "Conventions", Notes: w.conventions(v)},
			&Terms{Title: "In this workbook", Notes: workbookTerms},
			&Terms{Title: "Why a figure is undefined", Notes: w.reasons},
		},
	}
}

// provenance says what made the page from what.
func (w *View) provenance(v *marts.Vault) *Terms {
	return &Terms{
		Notes: []Note{
			{"Vault id", clean(v.ID, 80)},
			{"As of", date(&w.data.AsOf) + ", nothing after " + dateTime(&w.data.Until)},
			{"Made by", strings.TrimSpace("vaultperf " + clean(w.opt.Version, 80))},
			{"Same figures", "report.xlsx beside this page, and marts.performance in the published database, where vault_id is the vault id above"},
		},
		Digests: w.hashes,
		Closing: "Past performance does not say what will come. Figures are computed from the readings named above and are not audited; this page is not an offer.",
	}
}

// hashes are the digests of the files read.
func hashes(d *marts.Data) []Note {
	var out []Note
	for _, f := range d.Imports {
		out = append(out, Note{"SHA-256 of " + clean(f.Path, 120), clean(f.SHA256, 64)})
	}
	return out
}
