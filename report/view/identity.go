package view

import (
	"slices"

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
func (w *View) identity(v *marts.Vault) []Fact {
	is := func(column, label string) *Definition { return w.column("vaults", column, label) }
	facts := []Fact{
		{"Address", words(clean(v.Address, 64)), nil},
		{"Chain", words(chainLabel(v.ChainID)), nil},
		{"Asset", words(symbol(v)), nil},
		{"Kind", words(clean(v.Family, 80)), nil},
	}
	if v.Safe != "" {
		facts = append(facts, Fact{"Safe", words(clean(v.Safe, 64)), nil})
	}
	facts = append(facts, Fact{"Last price point", words(dateTime(v.LastAt)), nil})
	if v.BlockNumber != nil {
		facts = append(facts, Fact{"Block", integer(v.BlockNumber, Integer), is("block_number", "Block")})
	}
	if v.TotalAssets != nil {
		facts = append(facts, Fact{"Total assets", words(Amount.Text(v.TotalAssets) + " " + symbol(v)), is("total_assets", "Total assets")})
	}
	facts = append(facts, w.lost(v, "Of these lost", Neutral)...)
	if v.Paused != "" {
		facts = append(facts, Fact{"Paused", words(paused(v)), nil})
	}
	return append(facts, w.redemptions(v)...)
}

// badges say what is wrong with a vault, the gravest first, or how current it is. That
// the price of one that is not ranked is current is nothing good.
func badges(v *marts.Vault) []Badge {
	var out []Badge
	for _, reason := range v.Ineligible {
		out = append(out, Badge{clean(reason.Badge, 40), Bad})
	}
	lapsed := isLapsed(&v.Backing)
	if lapsed && isRanked(v) {
		out = append(out, Badge{sentence(v.Backing.LastVerdict) + " when last looked at", Bad})
	}
	switch status := (Badge{statusLabel(v.Status), Bad}); {
	case v.Status == "live" && isRanked(v) && !lapsed:
		out = append(out, Badge{status.Text, Good})
	case v.Status == "live":
		out = append(out, Badge{status.Text, Neutral})
	case !slices.Contains(out, status):
		out = append(out, status)
	}
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

// redemptions are how long one takes by the vault's own rules, and how much waits; nothing
// where none is known to wait.
func (w *View) redemptions(v *marts.Vault) (facts []Fact) {
	if v.CooldownDays != nil && *v.CooldownDays > 0 {
		const label = "Redemptions"
		facts = append(facts, Fact{label, words("paid after a cooldown of " + inDays(v.CooldownDays)), w.column("vaults", "cooldown_days", label)})
	}
	if v.WaitingShares != nil && *v.WaitingShares > 0 {
		const label = "Redemptions that wait"
		facts = append(facts, Fact{label, words(Amount.Text(v.WaitingShares) + " shares asked to be redeemed and not known to be paid"), w.column("vaults", "waiting_shares", label)})
	}
	return facts
}

// hasLost says whether the vault counts assets as lost that its price still counts.
func hasLost(v *marts.Vault) bool { return v.LostAssets != nil && *v.LostAssets > 0 }

// lost is how much that is, and what part of all.
func (w *View) lost(v *marts.Vault, label string, tone Tone) []Fact {
	if !hasLost(v) {
		return nil
	}
	facts := []Fact{{label, Cell{Text: Amount.Text(v.LostAssets) + " " + symbol(v) + ", still counted in the price", Tone: tone}, w.column("vaults", "lost_assets", "Lost assets")}}
	if v.LostShare != nil {
		facts = append(facts, Fact{"Part that is lost", Cell{Text: Percent.Text(v.LostShare), Tone: tone}, w.column("vaults", "lost_share", "Part that is lost")})
	}
	return facts
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
			{"Vault", words(clean(v.ID, 80)), nil},
			{"Address", addressCell(v.ChainID, v.Address), nil},
			{"Chain", words(chainLabel(v.ChainID)), nil},
			{"Kind", words(clean(v.Family, 80)), nil},
			{"Asset", all(symbol(v) + ", " + counted(int64(v.AssetDecimals), "decimal")), w.column("vaults", "asset_decimals", "Decimals of the asset")},
			{"Share", words(counted(int64(v.ShareDecimals), "decimal")), w.column("vaults", "share_decimals", "Decimals of the share")},
		},
		Right: w.currency(v),
		Wide:  []Note{{"Start rule", clean(w.startRule(v), longestText)}, {"Prices", clean(sources(v.Prices), longestText)}},
	}
	if v.Safe != "" {
		p.Left = append(p.Left, Fact{"Safe", addressCell(v.ChainID, v.Safe), nil})
	}
	rate := words("none configured")
	switch {
	case w.data.RiskFreeSeries != "":
		rate = words(w.riskFreeLabel())
	case w.data.RiskFreeRate != nil:
		rate = number(w.data.RiskFreeRate, Percent)
	}
	p.Left = append(p.Left, Fact{"Risk-free rate, a year", rate, w.column("run", "risk_free_rate", "Risk-free rate")})
	if v.SourceNote != "" {
		p.Wide = append(p.Wide, Note{"The source says", clean(v.SourceNote, 300)})
	}
	return p
}

// currency says how current the vault is.
func (w *View) currency(v *marts.Vault) []Fact {
	is := func(column, label string) *Definition { return w.column("vaults", column, label) }
	status := Cell{Text: statusLabel(v.Status), Tone: Bad}
	switch {
	case v.Status == "live" && isRanked(v):
		status.Tone = Good
	case v.Status == "live":
		status.Tone = Neutral
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
		{"Status", status, nil},
		place(v),
		{"Total assets" + unit(v), orDash(v.TotalAssets, Amount), is("total_assets", "Total assets")},
		{"Last price point (UTC)", moment(v.LastAt, Second), nil},
		{"Block of the last price point", block, is("block_number", "Block")},
		{"First price point (UTC)", moment(v.FirstAt, Second), nil},
		{"Price points", words(count(v.PricesCount)), is("price_points_count", "Price points")},
		{"Days with a price point", words(count(v.DaysWithPrice)), is("days_with_price", "Days with a price point")},
		{"Days from first to last price point", words(count(v.DaysCount)), is("days_count", "Days from first to last price point")},
	}
	facts = append(facts, w.lost(v, "Of these assets lost", Bad)...)
	return append(facts, w.redemptions(v)...)
}
