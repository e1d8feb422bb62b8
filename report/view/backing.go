package view

import (
	"strings"

	"github.com/vaultperf/vaultperf/report/marts"
)

// Verdicts that are asked for by name.
const (
	backed  = "backed"
	unknown = "unknown"
)

// isAgainst says that a verdict speaks against the price.
func isAgainst(verdict string) bool {
	return verdict == "unbacked" || verdict == "impaired" || verdict == "illiquid"
}

// isKnown says that there is a verdict.
func isKnown(b *marts.Backing) bool { return isAgainst(b.Verdict) || b.Verdict == backed }

// isLapsed says that the last known verdict speaks against the price and that nothing of
// what it was made of was looked at since. Requests to redeem are followed by logs: where
// none is overdue any more, that is known.
func isLapsed(b *marts.Backing) bool {
	if isKnown(b) || !isAgainst(b.LastVerdict) {
		return false
	}
	made := []string{"losses", "bad_debt"}
	if b.LastVerdict == "illiquid" {
		if !b.IsSynchronous {
			return false
		}
		made = []string{"liquidity", "markets", "pause"}
	}
	for _, look := range made {
		if strings.Contains(", "+b.LookedAt+",", ", "+look+",") {
			return false
		}
	}
	return true
}

// backingWord is the verdict as a badge.
func backingWord(v *marts.Vault) string {
	if isKnown(&v.Backing) {
		return sentence(v.Backing.Verdict)
	}
	return "Unknown"
}

// backingTone is the verdict's: nothing is good of a vault that is not ranked.
func backingTone(v *marts.Vault) Tone {
	switch b := &v.Backing; {
	case isAgainst(b.Verdict), isLapsed(b):
		return Bad
	case b.Verdict == backed && isRanked(v):
		return Good
	}
	return Flat
}

// backingCell is the verdict in the index.
func backingCell(v *marts.Vault) Cell {
	b := &v.Backing
	c := Cell{Text: backingWord(v), Tone: backingTone(v), Title: standing(v, false)}
	order := "5"
	switch {
	case isLapsed(b):
		c.Small, order = b.LastVerdict+" until "+date(b.LastVerdictOn), "4"
	case isKnown(b):
		order = map[string]string{"unbacked": "1", "impaired": "2", "illiquid": "3", backed: "6"}[b.Verdict]
		if b.Since != nil {
			c.Small = "since " + date(b.Since)
		}
	}
	c.Entry = &Entry{Sort: order}
	return c
}

// standing says in a sentence or two what stands behind the price, with figures; in
// brief, without what they are made of.
func standing(v *marts.Vault, isBrief bool) string {
	b := &v.Backing
	detail := func(text string) string {
		if isBrief {
			return ""
		}
		return text
	}
	amounts := func(x *float64) string { return strings.TrimSpace(Amount.Text(x) + " " + symbol(v)) }
	claimed := "of the " + amounts(b.ClaimedAssets) + " that it claims to have"
	switch {
	case b.Verdict == "unbacked", b.Verdict == "impaired":
		return Percent.Text(b.KnownLossShare) + " " + claimed + " are known to be lost, though its price counts them: " +
			amounts(b.KnownLoss) + detail(lossParts(b, amounts)) + "."
	case b.Verdict == "illiquid" && b.StuckAssets == nil, b.Verdict == "illiquid" && !b.IsSynchronous:
		return "A request to redeem has waited unpaid for " + inDays(b.OldestRequestDays) + "."
	case b.Verdict == "illiquid":
		return Percent.Text(b.StuckShare) + " " + claimed + " lie where nothing comes out" + detail(worst(b)) + "."
	case b.Verdict == backed:
		text := "The worth of " + Percent.Text(b.ValuedShare) + " " + claimed + " is known"
		switch {
		case b.KnownLoss == nil:
		case *b.KnownLoss == 0:
			text += "; none is known to be lost"
		default:
			text += "; " + amounts(b.KnownLoss) + " are known to be lost"
		}
		return text + "."
	case b.Reason == "no_claimed_assets" && b.ClaimedAssets != nil:
		return "It claims to have nothing." + before(b)
	case b.Reason == "no_claimed_assets":
		return "Nothing tells what it claims to have." + before(b)
	case b.Reason == "assets_not_valued" && b.ValuedShare == nil:
		return "What was looked at, " + looks(b.LookedAt) + ", speaks neither against this price nor for it, as it tells the worth of nothing " +
			claimed + ". Not looked at: " + looks(b.NotLookedAt) + "." + before(b)
	case b.Reason == "assets_not_valued":
		return "What was looked at, " + looks(b.LookedAt) + ", speaks neither against this price nor for it, as it tells the worth of only " +
			Percent.Text(b.ValuedShare) + " " + claimed + ". Not looked at: " + looks(b.NotLookedAt) + "." + before(b)
	}
	after := ""
	if days := v.Listings[backingList]; len(days) > 0 && days[0][0].At != nil {
		after = " after " + date(days[0][0].At)
	}
	return "Nothing was looked at" + after + " that shows what stands behind this price." + before(b)
}

// lossParts are what a loss is made of, where that is more than one.
func lossParts(b *marts.Backing, amounts func(*float64) string) string {
	switch {
	case b.LostAssets == nil:
		return " of bad debt"
	case b.BadDebt == nil || *b.BadDebt == 0:
		return ", as it is told"
	}
	return ", of which " + amounts(b.LostAssets) + " as it is told and " + amounts(b.BadDebt) + " of bad debt"
}

// worst is the market of the highest utilisation, to follow a sentence.
func worst(b *marts.Backing) string {
	if b.WorstMarket == "" || b.WorstUtilisation == nil {
		return ""
	}
	return "; worst market " + marketName(b.WorstCollateral, b.WorstMarket) + ", " + Percent.Text(b.WorstUtilisation) + " utilised"
}

// marketName is a market by what it lends against and the ends of its id.
func marketName(collateral, market string) string {
	name, id := clean(collateral, 24), middle(market, 13)
	if name == "" {
		return id
	}
	return name + " (" + id + ")"
}

// before says what the verdict was before it became unknown, to follow a sentence.
func before(b *marts.Backing) string {
	switch {
	case isLapsed(b):
		return " The last verdict was " + b.LastVerdict + ", on " + date(b.LastVerdictOn) + ": nothing was looked at since that shows that this has changed."
	case b.LastVerdict != "":
		return " The last verdict was " + clean(b.LastVerdict, 40) + ", on " + date(b.LastVerdictOn) + "."
	}
	return ""
}

// looks are what was looked at, in words.
func looks(list string) string {
	if list == "" {
		return "nothing"
	}
	names := strings.Split(clean(list, 200), ", ")
	for i, name := range names {
		switch name {
		case "losses":
			names[i] = "losses that it counts"
		case "bad_debt":
			names[i] = "bad debt of its markets"
		case "liquidity":
			names[i] = "what can be withdrawn"
		case "markets":
			names[i] = "markets that it is in"
		case "pause":
			names[i] = "whether it is paused"
		case "requests":
			names[i] = "requests to redeem"
		default:
			names[i] = inWords(name)
		}
	}
	return strings.Join(names, ", ")
}

// Listings that make up the section of evidence.
const (
	backingList = "backing"
	marketsList = "backing_markets"
)

// evidence is the section that shows what the verdicts are made of; nothing where nothing
// was looked at.
func (w *View) evidence(v *marts.Vault, p *parts) Section {
	days := v.Listings[backingList]
	if len(days) == 0 {
		return Section{}
	}
	s := Section{ID: "backing", Title: "What stands behind the price"}
	add := func(b Block) { s.Blocks = append(s.Blocks, b) }
	add(w.lastLook(v, days[0]))
	add(w.backingChart(v, days))
	if markets := v.Listings[marketsList]; len(markets) > 0 {
		add(w.utilisationChart(markets))
	}
	for _, id := range []string{marketsList, backingList} {
		for _, l := range p.listings {
			if l.id == id {
				add(l.table)
			}
		}
	}
	add(Prose("What decides the verdicts in this run:"))
	add(w.thresholds())
	return s
}

// lastLook are the figures of the last day on which something was looked at.
func (w *View) lastLook(v *marts.Vault, last []marts.Field) *Facts {
	l := listingOf(backingList)
	day := last[l.at("day")].At
	facts := Facts{{"Last day looked at", moment(day, Date), nil}}
	for _, column := range []string{
		"claimed_assets", "known_loss", "withdrawable_assets", "idle_assets", "allocated_assets", "stuck_assets", "stuck_share", "valued_share", "utilisation",
	} {
		i := l.at(column)
		c := &l.columns[i]
		if x := last[i].Number; x != nil {
			label := c.head
			if c.kind == Amount {
				label += unit(v)
			}
			facts = append(facts, Fact{label, number(x, c.kind), w.column(l.mart(), c.value, c.head)})
		}
	}
	facts = append(facts,
		Fact{"Looked at", words(looks(last[l.at("looked_at")].Text)), nil},
		Fact{"Not looked at", words(looks(last[l.at("not_looked_at")].Text)), nil})
	return &facts
}

// thresholds are those of the verdicts.
func (w *View) thresholds() *Facts {
	var facts Facts
	for _, t := range []struct {
		name, label string
		format      Format
	}{
		{"unbacked_share", "Unbacked from, lost", Percent},
		{"impaired_share", "Impaired from, lost", Percent},
		{"illiquid_share", "Illiquid from, stuck", Percent},
		{"request_days", "Illiquid after, request unpaid", LongDays},
		{"backed_share", "Backed from, of known worth", Percent},
		{"full_utilisation", "Lent out in full from", Percent},
		{"fact_days", "A fact counts for, after its day", LongDays},
	} {
		if x, ok := w.data.Thresholds[t.name]; ok {
			facts = append(facts, Fact{t.label, number(&x, t.format), w.column("thresholds", "value", "Threshold")})
		}
	}
	return &facts
}

// threshold is one of them as texts mention it.
func (w *View) threshold(name string) string {
	if x, ok := w.data.Thresholds[name]; ok {
		return strings.Replace(percent(x), ".00 %", " %", 1)
	}
	return Dash
}
