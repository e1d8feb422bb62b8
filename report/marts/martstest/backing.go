package martstest

import "time"

// backing adds the verdict of the as-of day and, of a vault at which something was looked,
// those of 40 days with a gap of three, and three markets.
func (f *fixture) backing(v Vault) {
	const days, markets = "backing(vault_id, day, verdict, since, last_verdict, last_verdict_on, reason, is_synchronous, claimed_assets, known_loss, known_loss_share, lost_assets, bad_debt, withdrawable_assets, idle_assets, allocated_assets, stuck_assets, stuck_share, valued_share, worst_utilisation, worst_market, utilisation, oldest_request_days, looked_at, not_looked_at, told_at)",
		"backing_markets(vault_id, day, market, collateral, assets, share_of_assets, utilisation, is_stuck, lost_part, told_at)"
	asOf := Until.AddDate(0, 0, -1)
	last := asOf.AddDate(0, 0, -v.LookedUntil)
	reasons := map[string]string{"backed": "assets_valued", "impaired": "loss_known", "unbacked": "loss_known", "illiquid": "no_way_out"}
	since := last.AddDate(0, 0, -19) // the gap is before
	for i := 39; v.Backing != "" && i >= 0; i-- {
		if i >= 20 && i < 23 {
			continue
		}
		day := last.AddDate(0, 0, -i)
		from := since
		if i >= 23 {
			from = last.AddDate(0, 0, -39)
		}
		row := []any{v.ID, day, v.Backing, from, v.Backing, day, reasons[v.Backing], true, v.Assets}
		told := day.Add(12 * time.Hour)
		worst := "0x0f9563442d64ab3bd3bcb27058db0b0d4046a4c46f0acd811dacae9551d2b1" + "29"
		switch v.Backing {
		case "backed":
			row = append(row, 0.0, 0.0, 0.0, 0.0, v.Assets*0.97, v.Assets*0.1, v.Assets*0.9, 0.0, 0.0, 0.97, 0.9, worst, 0.9, nil, "losses, bad_debt, liquidity, idle_assets, markets, pause", "", told)
		case "illiquid":
			row = append(row, nil, nil, nil, nil, nil, nil, v.Assets, v.Assets*0.981, 0.981, 0.001, 0.9999, worst, nil, nil, "markets", "losses, bad_debt, liquidity, idle_assets, pause", told)
		default:
			row = append(row, v.Lost, v.Lost/v.Assets, v.Lost, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, 12.0, "losses, requests", "bad_debt, liquidity, idle_assets, markets, pause", told)
		}
		f.add(days, row...)
		if v.Backing == "backed" || v.Backing == "illiquid" {
			name := "sdeUSD"
			if v.Name == Hostile {
				name = Hostile
			}
			isStuck := v.Backing == "illiquid"
			f.add(markets, v.ID, day, worst, name, v.Assets*0.6, 0.6, 0.99-float64(i)/1000, isStuck, 0.0, told)
			f.add(markets, v.ID, day, Hostile, "", v.Assets*0.3, 0.3, 0.5, false, nil, told)
			f.add(markets, v.ID, day, "venue", "", nil, nil, nil, nil, nil, told)
		}
	}
	if v.Backing == "" || v.LookedUntil > 0 {
		var before, beforeOn, unknownSince any
		if v.Backing != "" {
			before, beforeOn, unknownSince = v.Backing, last, last.AddDate(0, 0, 1)
		}
		row := []any{v.ID, asOf, "unknown", unknownSince, before, beforeOn, "nothing_looked_at", true, v.Assets}
		for range 14 {
			row = append(row, nil)
		}
		f.add(days, append(row, nil, "losses, bad_debt, liquidity, idle_assets, markets, pause", nil)...)
	}
}
