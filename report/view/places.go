package view

import (
	"cmp"
	"math"
	"slices"

	"github.com/vaultperf/vaultperf/report/marts"
)

// vaultFacets are what vaults can be filtered by besides columns of their table.
var vaultFacets = []string{"Chain", "Asset", "Family"}

func facetsOf(v *marts.Vault) []string {
	return []string{chainLabel(v.ChainID), symbol(v), clean(v.Family, 80)}
}

// byPlace are the vaults in the order of their places; those without one follow in the
// config's.
func byPlace(vaults []*marts.Vault) []*marts.Vault {
	place := func(v *marts.Vault) int64 {
		if v.Place == nil {
			return math.MaxInt64
		}
		return *v.Place
	}
	out := slices.Clone(vaults)
	slices.SortStableFunc(out, func(a, b *marts.Vault) int { return cmp.Compare(place(a), place(b)) })
	return out
}

func (w *View) placeColumn() Column {
	return Column{Head: "Place", Small: "since inception", Is: w.column("rankings", "place", "Place"), Kind: Figure}
}

func placeCell(v *marts.Vault) Cell {
	if v.Place == nil {
		return Cell{Text: Dash, Tone: Absent, Format: Place}
	}
	place := float64(*v.Place)
	return number(&place, Place)
}

func (w *View) deflatedColumn() Column {
	return Column{Head: "Deflated Sharpe", Small: "since inception", Is: w.column("rankings", "deflated_sharpe", "Deflated Sharpe"), Kind: Figure}
}

func deflatedCell(v *marts.Vault, why *explained) Cell {
	if v.DeflatedSharpe == nil {
		return why.reason(v.Value("itd", "deflated_sharpe").Reason)
	}
	return number(v.DeflatedSharpe, Ratio)
}

// howManyRanked says of how many vaults the first is the best.
func (w *View) howManyRanked() string {
	if w.data.RankedCount == 0 {
		return ""
	}
	return ", " + count(w.data.RankedCount) + " with a place"
}

// placeNotes say what a place is by, and what the choice among so many is worth.
func (w *View) placeNotes() []Note {
	if w.data.RankedCount == 0 {
		return nil
	}
	return []Note{
		{"Place", "By the headline Sharpe ratio since inception, among " + counted(w.data.RankedCount, "vault") + " that are eligible and have the returns for it. A ratio of a few weeks and one of years are in one order: see the days."},
		{"Deflated Sharpe", "The probability that the Sharpe ratio is better than the best that luck alone shows among the " + counted(w.data.RankedCount, "vault") + " compared: near 1 the place is earned, at 0.5 and below it is what the best of so many coins would show."},
	}
}
