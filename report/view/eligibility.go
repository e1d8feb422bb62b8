package view

import (
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/report/marts"
)

// isRanked says whether the vault may have a place in a ranking.
func isRanked(v *marts.Vault) bool { return len(v.Ineligible) == 0 }

// isRate says of a metric that vaults are compared by it: of a vault that is not ranked
// it is no result that anybody can have.
func isRate(metric string) bool {
	return metric == "apy" || metric == "apr" || metric == headlineSharpe
}

// isDoubted says of a figure that it is no result: a rate of a vault that is not ranked,
// and a gain, or that there was no loss, where a verdict speaks against the price.
func isDoubted(v *marts.Vault, metric string, x *float64) bool {
	isClaim := isAgainst(v.Backing.Verdict) && x != nil && *x >= 0 && (metric == "total_return" || metric == "max_drawdown")
	return isClaim || !isRanked(v) && isRate(metric)
}

// of is a vault's metric, struck out where it is no result; one that is undefined says why.
func (e *explained) of(v *marts.Vault, m marts.Metric, value marts.Value) Cell {
	c := e.value(m, value)
	if c.Number != nil && isDoubted(v, m.Name, c.Number) {
		c.Tone = Void
	}
	return c
}

// whyNot are the reasons for which a vault is not ranked, each as its verdict or its
// warning says it, with figures, or as the reason itself does.
func whyNot(v *marts.Vault, isBrief bool) []Cell {
	var out []Cell
	for _, reason := range v.Ineligible {
		text := reason.Meaning
		for _, w := range v.Warnings {
			if w.Code == reason.Code {
				text = w.Message
			}
		}
		if reason.Code == v.Backing.Verdict {
			text = standing(v, isBrief)
		}
		c := stranger(text, 400)
		out = append(out, Cell{Text: sentence(c.Text), Full: sentence(c.Full)})
	}
	return out
}

// verdict is what a report begins with: what stands behind the price, and why the vault
// is not ranked, if so.
func verdict(v *marts.Vault) *Warnings {
	b := &v.Backing
	out := &Warnings{ID: "verdict", Badge: Badge{backingWord(v), backingTone(v)}, Tone: backingTone(v), Texts: whyNot(v, false)}
	switch {
	case isLapsed(b):
		out.Title = "now, last known as " + b.LastVerdict + " on " + date(b.LastVerdictOn)
	case b.Since != nil && isKnown(b):
		out.Title = "since " + date(b.Since)
	default:
		out.Title = "what stands behind this price"
	}
	if !isRanked(v) {
		out.Title += ", not ranked"
		if !isAgainst(b.Verdict) {
			out.Title += ": " + inWords(v.Ineligible[0].Code)
		}
		out.Tone = Bad
	}
	if !slices.ContainsFunc(v.Ineligible, func(reason marts.Ineligible) bool { return reason.Code == b.Verdict }) {
		out.Texts = append(out.Texts, Cell{Text: standing(v, false)})
	}
	for i := range out.Texts {
		c := &out.Texts[i]
		*c = Cell{Text: ended(c.Text), Full: ended(c.Full)}
	}
	return out
}

// ended is a sentence with its stop.
func ended(text string) string {
	if text == "" || strings.HasSuffix(text, "…") {
		return text
	}
	return strings.TrimSuffix(text, ".") + "."
}

// others are the warnings that the verdict does not say.
func others(v *marts.Vault) []marts.Warning {
	return slices.DeleteFunc(slices.Clone(v.Warnings), func(w marts.Warning) bool {
		return w.Code == "verdict_lapsed" && isLapsed(&v.Backing) || slices.ContainsFunc(v.Ineligible, func(reason marts.Ineligible) bool { return reason.Code == w.Code })
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
