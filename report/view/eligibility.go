package view

import (
	"slices"

	"github.com/vaultperf/vaultperf/report/marts"
)

// isRanked says whether the vault may have a place in a ranking.
func isRanked(v *marts.Vault) bool { return len(v.Ineligible) == 0 }

// isRate says of a metric that vaults are compared by it: of a vault that is not ranked
// it is no result that anybody can have.
func isRate(metric string) bool {
	return metric == "apy" || metric == "apr" || metric == headlineSharpe
}

// doubted strikes out a figure that is no result; one that is undefined says why.
func doubted(c Cell) Cell {
	if c.Number != nil {
		c.Tone = Void
	}
	return c
}

// whyNot are the reasons for which a vault is not ranked, each as its warning says it,
// with figures, or as the reason itself does.
func whyNot(v *marts.Vault) []Cell {
	var out []Cell
	for _, reason := range v.Ineligible {
		text := reason.Meaning
		for _, w := range v.Warnings {
			if w.Code == reason.Code {
				text = w.Message
			}
		}
		c := stranger(text, 400)
		out = append(out, Cell{Text: sentence(c.Text), Full: sentence(c.Full)})
	}
	return out
}

// verdict is what a report of a vault that is not ranked begins with.
func verdict(v *marts.Vault) *Warnings {
	if isRanked(v) {
		return &Warnings{ID: "verdict"}
	}
	return &Warnings{ID: "verdict", Title: "Not ranked: " + inWords(v.Ineligible[0].Code), Texts: whyNot(v), Grave: true}
}

// others are the warnings that the verdict does not say.
func others(v *marts.Vault) []marts.Warning {
	return slices.DeleteFunc(slices.Clone(v.Warnings), func(w marts.Warning) bool {
		return slices.ContainsFunc(v.Ineligible, func(reason marts.Ineligible) bool { return reason.Code == w.Code })
	})
}

// place says at the head of a workbook whether the vault is ranked.
func place(v *marts.Vault) Fact {
	if isRanked(v) {
		return Fact{"Ranking", words("ranked among eligible vaults"), nil}
	}
	text := "not ranked"
	for i, reason := range v.Ineligible {
		if i > 0 {
			text += ","
		} else {
			text += ":"
		}
		text += " " + inWords(reason.Code)
	}
	return Fact{"Ranking", Cell{Text: text, Tone: Bad}, nil}
}
