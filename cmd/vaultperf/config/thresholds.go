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
	UnbackedShare       *float64 `toml:"unbacked_share"`
	ImpairedShare       *float64 `toml:"impaired_share"`
	IlliquidShare       *float64 `toml:"illiquid_share"`
	FullUtilisation     *float64 `toml:"full_utilisation"`
	BackedShare         *float64 `toml:"backed_share"`
	RequestDays         *float64 `toml:"request_days"`
	FactDays            *float64 `toml:"fact_days"`
}

// A threshold is one that a config may set, and between what.
type threshold struct {
	name        string
	value       *float64
	least, most float64
	isWhole     bool
	what        string // in words
}

func (t thresholds) all() []threshold {
	const (
		positive = math.SmallestNonzeroFloat64
		share    = "a fraction above 0, at most 1"
		days     = "whole days, "
		mostDays = 3650
	)
	inf := math.Inf(1)
	return []threshold{
		{"implausible_rate", t.ImplausibleRate, 0, inf, false, "a fraction per year, 0 or more"},
		{"implausible_drawdown", t.ImplausibleDrawdown, -1, 0, false, "a fraction from -1 to 0, as drawdowns are"},
		{"emptied_share", t.EmptiedShare, 0, 1, false, "a fraction from 0 to 1"},
		{"dust_assets", t.DustAssets, 0, inf, false, "an amount of US dollars, 0 or more"},
		{"no_exit_days", t.NoExitDays, 1, mostDays, true, days + "1 to 3650"},
		{"large_loss", t.LargeLoss, -1, 0, false, "a fraction from -1 to 0, as drawdowns are"},
		{"least_returns", t.LeastReturns, 0, inf, true, "a whole number of returns, 0 or more"},
		{"unbacked_share", t.UnbackedShare, positive, 1, false, share},
		{"impaired_share", t.ImpairedShare, positive, 1, false, share},
		{"illiquid_share", t.IlliquidShare, positive, 1, false, share},
		{"full_utilisation", t.FullUtilisation, positive, 1, false, share},
		{"backed_share", t.BackedShare, positive, 1, false, share},
		{"request_days", t.RequestDays, 0, mostDays, true, days + "0 to 3650"},
		{"fact_days", t.FactDays, 0, mostDays, true, days + "0 to 3650"},
	}
}

func (f *File) validateThresholds(faults *faults) {
	for _, t := range f.Thresholds.all() {
		v := t.value
		if v == nil {
			continue
		}
		isWithin := *v >= t.least && *v <= t.most && !math.IsInf(*v, 0)
		if !isWithin || t.isWhole && *v != math.Trunc(*v) {
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
