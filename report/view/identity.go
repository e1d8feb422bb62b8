package view

import (
	"strings"

	"github.com/vaultperf/vaultperf/report/marts"
)

// displayName is the vault's name, or its id where it has none to show.
func displayName(v *marts.Vault) string {
	if name := clean(v.Name, 80); name != "" {
		return name
	}
	return clean(v.ID, 80)
}

// symbol is the asset's, and unit the same in brackets, to follow a head.
func symbol(v *marts.Vault) string { return clean(v.AssetSymbol, 16) }

func unit(v *marts.Vault) string {
	if s := symbol(v); s != "" {
		return " (" + s + ")"
	}
	return ""
}

// identity says what the vault is.
func (w *View) identity(v *marts.Vault) []Note {
	facts := []Note{
		{"Address", clean(v.Address, 64)},
		{"Chain", chainLabel(v.ChainID)},
		{"Asset", symbol(v)},
		{"Kind", clean(v.Family, 80)},
	}
	if v.Safe != "" {
		facts = append(facts, Note{"Safe", clean(v.Safe, 64)})
	}
	facts = append(facts, Note{"Last price point", dateTime(v.LastAt)})
	if v.BlockNumber != nil {
		facts = append(facts, Note{"Block", Integer.whole(*v.BlockNumber)})
	}
	if v.TotalAssets != nil {
		facts = append(facts, Note{"Total assets", Amount.Text(v.TotalAssets) + " " + symbol(v)})
	}
	if hasLost(v) {
		facts = append(facts, Note{"Of these lost", lost(v)})
	}
	if v.Paused != "" {
		facts = append(facts, Note{"Paused", paused(v)})
	}
	if isDelayed(v) {
		facts = append(facts, Note{"Redemptions", delay(v)})
	}
	return facts
}

// badges say how current the vault is.
func badges(v *marts.Vault) []Badge {
	tone := Bad
	if v.Status == "live" {
		tone = Good
	}
	out := []Badge{{statusLabel(v.Status), tone}}
	if v.IsFlat {
		out = append(out, Badge{"Flat for a week or more", Mild})
	}
	if v.Paused != "" {
		out = append(out, Badge{"Paused", Bad})
	}
	if hasLost(v) {
		out = append(out, Badge{"Counts lost assets", Bad})
	}
	if v.CooldownDays != nil && *v.CooldownDays > 0 {
		out = append(out, Badge{"Redemptions cool down", Mild})
	}
	return out
}

// isDelayed says whether redemptions are known to wait.
func isDelayed(v *marts.Vault) bool {
	return v.CooldownDays != nil && *v.CooldownDays > 0 || v.WaitingShares != nil && *v.WaitingShares > 0
}

// delay is how long a redemption takes by the vault's own rules, and how much waits.
func delay(v *marts.Vault) string {
	var parts []string
	if v.CooldownDays != nil && *v.CooldownDays > 0 {
		parts = append(parts, "paid after a cooldown of "+inDays(v.CooldownDays))
	}
	if v.WaitingShares != nil && *v.WaitingShares > 0 {
		parts = append(parts, Amount.Text(v.WaitingShares)+" shares asked to be redeemed and not known to be paid")
	}
	return strings.Join(parts, "; ")
}

// hasLost says whether the vault counts assets as lost that its price still counts.
func hasLost(v *marts.Vault) bool { return v.LostAssets != nil && *v.LostAssets > 0 }

// lost is how much that is, and what part of all.
func lost(v *marts.Vault) string {
	text := Amount.Text(v.LostAssets) + " " + symbol(v)
	if v.LostShare != nil {
		text += ", " + Percent.Text(v.LostShare)
	}
	return text + ", still counted in the price"
}

// paused is which of the vault's contracts are paused, and since when.
func paused(v *marts.Vault) string {
	text := clean(v.Paused, 80)
	if v.PausedSince != nil {
		text += ", since " + dateTime(v.PausedSince) + " or shortly before"
	}
	return text
}

// profile says the same as identity, and more, at the head of a workbook.
func (w *View) profile(v *marts.Vault) *Profile {
	all := func(s string) Cell { return words(clean(s, longestText)) }
	p := &Profile{
		Left: []Fact{
			{"Vault", words(clean(v.ID, 80))},
			{"Address", all(v.Address)},
			{"Chain", words(chainLabel(v.ChainID))},
			{"Kind", words(clean(v.Family, 80))},
			{"Asset", all(symbol(v) + ", " + counted(int64(v.AssetDecimals), "decimal"))},
			{"Share", words(counted(int64(v.ShareDecimals), "decimal"))},
		},
		Right: currency(v),
		Wide:  []Note{{"Start rule", clean(w.startRule(v), longestText)}, {"Prices", clean(sources(v.Prices), longestText)}},
	}
	if v.Safe != "" {
		p.Left = append(p.Left, Fact{"Safe", all(v.Safe)})
	}
	rate := words("none configured")
	switch {
	case w.data.RiskFreeSeries != "":
		rate = words(w.riskFreeLabel())
	case w.data.RiskFreeRate != nil:
		rate = number(w.data.RiskFreeRate, Percent)
	}
	p.Left = append(p.Left, Fact{"Risk-free rate, a year", rate})
	if v.SourceNote != "" {
		p.Wide = append(p.Wide, Note{"The source says", clean(v.SourceNote, 300)})
	}
	return p
}

// currency says how current the vault is.
func currency(v *marts.Vault) []Fact {
	status := Cell{Text: statusLabel(v.Status), Tone: Bad}
	if v.Status == "live" {
		status.Tone = Good
	}
	if v.IsFlat {
		status.Text += ", flat for a week or more"
	}
	block := words(Dash)
	if v.BlockNumber != nil {
		block = integer(v.BlockNumber, Integer)
	}
	if v.Paused != "" {
		status.Text += ", paused: " + paused(v)
		status.Tone = Bad
	}
	facts := []Fact{
		{"Status", status},
		{"Total assets" + unit(v), orDash(v.TotalAssets, Amount)},
		{"Last price point (UTC)", moment(v.LastAt, Second)},
		{"Block of the last price point", block},
		{"First price point (UTC)", moment(v.FirstAt, Second)},
		{"Price points; days with one", words(count(v.PricesCount) + "; " + count(v.DaysWithPrice) + " of " + count(v.DaysCount))},
	}
	if hasLost(v) {
		facts = append(facts, Fact{"Of these assets lost", Cell{Text: lost(v), Tone: Bad}})
	}
	if isDelayed(v) {
		facts = append(facts, Fact{"Redemptions", words(delay(v))})
	}
	return facts
}
