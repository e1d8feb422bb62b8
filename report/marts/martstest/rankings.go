package martstest

import "math"

// rank gives the vaults that may have one a place by their Sharpe ratio since inception:
// here by their order, as all other figures are made up. The last of them has none.
func (f *fixture) rank(vaults []Vault) {
	ranked := 0
	for _, v := range vaults {
		if len(v.Ineligible) == 0 && len(v.Prices) > 1 {
			ranked++
		}
	}
	place := 0
	for _, v := range vaults {
		if len(v.Prices) == 0 {
			continue
		}
		var at, deflated, reason any
		switch {
		case len(v.Ineligible) > 0:
			reason = v.Ineligible[0]
		case len(v.Prices) > 1:
			place++
			at, deflated = int64(place), math.Pow(0.9, float64(place))
		}
		f.add("rankings(period, ranking, place, vault_id, value, is_eligible, ineligible_reason, ranked_count, deflated_sharpe, status)",
			"itd", "headline_sharpe", at, v.ID, nil, reason == nil, reason, int64(ranked), deflated, "live")
	}
}
