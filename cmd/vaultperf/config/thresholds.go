package config

import "math"

// thresholds is the table [thresholds]. A key is the name of a threshold in
// marts.thresholds; one that is left out has its default.
type thresholds struct {
	ImplausibleRate     *float64 `toml:"implausible_rate"`
	ImplausibleDrawdown *float64 `toml:"implausible_drawdown"`
	EmptiedShare        *float64 `toml:"emptied_share"`
	DustAssets          *float64 `toml:"dust_assets"`
	NoExitDays          *float64 `toml:"no_exit_days"`
	LargeLoss           *float64 `toml:"large_loss"`
	LeastReturns        *float64 `toml:"least_returns"`
}

// A threshold is one that a config may set, and between what.
type threshold struct {
	name        string
	value       *float64
	least, most float64
	what        string // in words
}

func (t thresholds) all() []threshold {
	inf := math.Inf(1)
	return []threshold{
		{"implausible_rate", t.ImplausibleRate, 0, inf, "a fraction per year, 0 or more"},
		{"implausible_drawdown", t.ImplausibleDrawdown, -1, 0, "a fraction from -1 to 0, as drawdowns are"},
		{"emptied_share", t.EmptiedShare, 0, 1, "a fraction from 0 to 1"},
		{"dust_assets", t.DustAssets, 0, inf, "an amount of US dollars, 0 or more"},
		{"no_exit_days", t.NoExitDays, 1, 3650, "days, 1 to 3650"},
		{"large_loss", t.LargeLoss, -1, 0, "a fraction from -1 to 0, as drawdowns are"},
		{"least_returns", t.LeastReturns, 0, inf, "a number of returns, 0 or more"},
	}
}

func (f *File) validateThresholds(faults *faults) {
	for _, t := range f.Thresholds.all() {
		if v := t.value; v != nil && (!(*v >= t.least && *v <= t.most) || math.IsInf(*v, 0)) {
			faults.add(f.lineOf(t.name), "", "%s: want %s, got %v", t.name, t.what, *v)
		}
	}
}

// thresholds are those that the config sets.
func (f *File) thresholds() map[string]float64 {
	set := map[string]float64{}
	for _, t := range f.Thresholds.all() {
		if t.value != nil {
			set[t.name] = *t.value
		}
	}
	return set
}
