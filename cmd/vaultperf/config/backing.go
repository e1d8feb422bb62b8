package config

import (
	"maps"
	"slices"
)

// backing is the table [backing]: the thresholds of what stands behind a price, by the
// names that sql/seeds/thresholds.csv gives them; nil: as they are there.
type backing struct {
	UnbackedShare   *float64 `toml:"unbacked_share"`
	ImpairedShare   *float64 `toml:"impaired_share"`
	IlliquidShare   *float64 `toml:"illiquid_share"`
	FullUtilisation *float64 `toml:"full_utilisation"`
	BackedShare     *float64 `toml:"backed_share"`
	RequestDays     *int64   `toml:"request_days"`
	FactDays        *int64   `toml:"fact_days"`
}

// mostThresholdDays is longer than most vaults have lived, and short enough to count days.
const mostThresholdDays = 3650

func (b backing) shares() map[string]*float64 {
	return map[string]*float64{
		"unbacked_share": b.UnbackedShare, "impaired_share": b.ImpairedShare, "illiquid_share": b.IlliquidShare,
		"full_utilisation": b.FullUtilisation, "backed_share": b.BackedShare,
	}
}

func (b backing) days() map[string]*int64 {
	return map[string]*int64{"request_days": b.RequestDays, "fact_days": b.FactDays}
}

func (b backing) validate(fault func(key, format string, args ...any)) {
	shares, days := b.shares(), b.days()
	for _, key := range slices.Sorted(maps.Keys(shares)) {
		if share := shares[key]; share != nil && !(*share > 0 && *share <= 1) {
			fault(key, "%s: want a fraction above 0, at most 1, got %v", key, *share)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(days)) {
		if n := days[key]; n != nil && (*n < 0 || *n > mostThresholdDays) {
			fault(key, "%s: want a number of days from 0 to %d, got %d", key, mostThresholdDays, *n)
		}
	}
}

// thresholds are those that the config sets, by name.
func (b backing) thresholds() map[string]float64 {
	set := map[string]float64{}
	for key, share := range b.shares() {
		if share != nil {
			set[key] = *share
		}
	}
	for key, days := range b.days() {
		if days != nil {
			set[key] = float64(*days)
		}
	}
	return set
}
