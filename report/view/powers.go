package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
)

// powersList is the listing of who can do what today, which opens the section of
// powers and terms: on the page as a picture, on its sheet as the mart has it.
const powersList = "powers"

// What a page shows of powers; the sheet has all.
const (
	mostPowers  = 40 // rows
	mostSteps   = 6  // contracts below each other
	mostHolders = 4  // addresses in a row, and in a sentence of those who decide
)

// powersColumns are the columns of the sheet Powers, of which some make the picture.
var powersColumns = []listColumn{
	{head: "Place", width: 7, kind: Count, value: "position"},
	{head: "Steps", width: 7, kind: Count, value: "depth"},
	{head: "Power", width: 18, kind: asText, value: "power"},
	{head: "State", width: 11, kind: asWords, value: "status"},
	{head: "Over", width: 18, kind: asTerm, value: "coalesce(nullif(contract_name, ''), role)"},
	{head: "Address", width: 20, kind: asShort, value: "contract"},
	{head: "What", width: 20, kind: asText, value: "term"},
	{head: "Role or call", width: 20, kind: asTerm, value: "object"},
	{head: "Held by", width: 11, kind: asWords, value: "held_by"},
	{head: "Holder", width: 20, kind: asShort, value: "holder"},
	{head: "Holder is", width: 16, kind: asWords, value: "holder_kind"},
	{head: "Holder's name", width: 18, kind: asText, value: "holder_name"},
	{head: "Signers", width: 9, kind: Count, value: "signers"},
	{head: "Needed", width: 9, kind: Count, value: "threshold"},
	{head: "Acts", width: 11, kind: asWords, value: "acts"},
	{head: "Waits (seconds)", width: 12, kind: Count, value: "delay_seconds"},
	{head: "Holder waits (seconds)", width: 12, kind: Count, value: "holder_delay_seconds"},
	{head: "In all (seconds)", width: 12, kind: Count, value: "total_delay_seconds"},
	{head: "Soonest (seconds)", width: 12, kind: Count, value: "soonest_delay_seconds"},
	{head: "Effective (UTC)", width: 17, kind: Minute, value: "effective_at"},
	{head: "Limited to", width: 40, kind: asTerm, value: "scope"},
	{head: "What it allows", width: 60, kind: asText, value: "allows"},
	{head: "By way of", width: 40, kind: asTerm, value: "chain"},
	{head: "All logs there", width: 10, kind: asText, value: "if(is_covered, 'yes', 'no')"},
	{head: "Not known", width: 18, kind: asWords, value: "reason"},
}

// A power is one row of marts.powers.
type power struct {
	depth                        int
	what, status, over, contract string
	term, object                 string
	heldBy, holder, kind         string
	signers, threshold           *float64
	acts                         string
	holderWait, total, soonest   *float64
	effective                    *time.Time
	scope, allows, reason        string
	isCovered                    bool
	below                        int  // how many of the rows that follow are below it
	isParent                     bool // the powers over its holder follow
	place                        int  // of the first power over the holder
	elsewhere                    int  // where they stand if not here: above (-1), below (1) or nowhere (0)
	same                         []string
	isMerged                     bool // stands in another's same
	parentKind, parentSign       string
}

// powersField is where a column of the mart stands in a row.
func powersField(value string) int {
	return slices.IndexFunc(powersColumns, func(c listColumn) bool { return c.value == value })
}

func powersOf(rows [][]marts.Field) []power {
	out := make([]power, len(rows))
	for i, fields := range rows {
		get := func(value string) marts.Field { return fields[powersField(value)] }
		out[i] = power{
			what: get("power").Text, status: get("status").Text, over: get("coalesce(nullif(contract_name, ''), role)").Text,
			contract: get("contract").Text, term: get("term").Text, object: get("object").Text,
			heldBy: get("held_by").Text, holder: get("holder").Text, kind: get("holder_kind").Text,
			signers: get("signers").Number, threshold: get("threshold").Number, acts: get("acts").Text,
			holderWait: get("holder_delay_seconds").Number, total: get("total_delay_seconds").Number, soonest: get("soonest_delay_seconds").Number,
			effective: get("effective_at").At, scope: get("scope").Text, allows: get("allows").Text,
			isCovered: get("if(is_covered, 'yes', 'no')").Text == "yes", reason: get("reason").Text,
		}
		if n := get("depth").Number; n != nil {
			out[i].depth = int(*n)
		}
	}
	places := map[string]int{} // of the first power over a contract
	for i := range out {
		if _, known := places[out[i].contract]; !known {
			places[out[i].contract] = i
		}
	}
	for i := range out {
		p := &out[i]
		for p.below = 0; i+p.below+1 < len(out) && out[i+p.below+1].depth > p.depth; p.below++ {
		}
		p.isParent = p.below > 0 && out[i+1].contract == p.holder
		if at, known := places[p.holder]; known && p.heldBy == "one" && !p.isParent {
			p.place, p.elsewhere = at, 1
			if at < i {
				p.elsewhere = -1
			}
		}
		for j := i + 1; p.isParent && j <= i+p.below; j++ {
			if out[j].contract == p.holder && out[j].depth == p.depth+1 {
				out[j].parentKind, out[j].parentSign = kindWords(p.kind), signing(p)
			}
		}
	}
	merge(out)
	return out
}

// merge puts holders of the same power of whom no more is known into one row.
func merge(all []power) {
	first := map[string]int{}
	for i := range all {
		p := &all[i]
		if p.isParent || p.reason != "not_followed" || p.heldBy != "one" {
			continue
		}
		key := fmt.Sprintf("%q", []string{
			p.contract, p.term, p.object, p.status, p.scope, p.acts, p.allows, speed(p.total), dateTime(p.effective),
		})
		at, known := first[key]
		if !known {
			first[key], at = i, i
		} else {
			p.isMerged = true
		}
		all[at].same = append(all[at].same, p.holder)
	}
}

// powersTable is the picture: a row for each power, indented by the steps to the vault.
func (w *View) powersTable(all []power) *Table {
	t := &Table{
		ID: powersList, Shape: Tree,
		Caption: "As it stands at the end of the as-of day. Below a contract that has a power stand those who have power over it. “How fast” is the soonest by the delays of the contracts that were followed. A power that no log told is not here.",
		Columns: []Column{{Head: "Who"}, {Head: "Can do what"}, {Head: "How fast", Kind: Term}},
	}
	heading, left, deeper := "", 0, 0
	shown := 0
	for i := range all {
		p := &all[i]
		switch {
		case p.isMerged:
			continue
		case p.depth > mostSteps:
			deeper++
			continue
		case shown == mostPowers:
			left++
			continue
		}
		if h := p.heading(); p.depth == 0 && h != heading {
			heading = h
			t.Rows = append(t.Rows, Row{Group: h})
		}
		shown++
		t.Rows = append(t.Rows, Row{Cells: []Cell{p.who(), p.can(), {Text: p.fast()}}})
	}
	t.Lead = len(t.Rows)
	uncovered := map[string]bool{}
	for i := range all {
		if p := &all[i]; !p.isCovered {
			uncovered[p.contract] = true
		}
	}
	if len(uncovered) > 0 {
		t.Notes = append(t.Notes, Note{"", "The sources do not hold all logs of " + counted(int64(len(uncovered)), "contract") + " of these: powers that those give or take are missing."})
	}
	if left+deeper > 0 {
		text := "And " + counted(int64(left+deeper), "more row")
		if deeper > 0 {
			text += fmt.Sprintf(", %d of them over %d steps from the vault,", deeper, mostSteps)
		}
		t.Notes = append(t.Notes, Note{"", text + " in the workbook, on the sheet Powers."})
	}
	return t
}

// heading is what powers that nobody else stands above come to.
func (p *power) heading() string {
	h := sentence(inWords(p.what))
	if p.over == "vault" {
		return h
	}
	return h + " of " + clean(inWords(p.over), 60) + " " + middle(p.contract, 13)
}

// who is the holder, and what that is.
func (p *power) who() Cell {
	c := Cell{Level: p.depth}
	switch {
	case p.heldBy == "nobody yet":
		c.Text = "A call that waits"
		return c
	case p.heldBy != "one":
		c.Text = sentence(p.heldBy)
		if p.heldBy == "nobody" && p.status == "given up" {
			c.Small = "given up, or never given"
		}
		return c
	case len(p.same) > 1:
		return p.several()
	}
	address := shortened(p.holder)
	c.Text, c.Full, c.Title = address.Text, address.Full, address.Title
	if k := kindWords(p.kind); k != "" {
		c.Text = sentence(k) + " " + c.Text
	}
	c.Small = strings.Join(p.about(), "; ")
	return c
}

// several are holders of the same power.
func (p *power) several() Cell {
	var texts []string
	for _, one := range p.same[:min(len(p.same), mostHolders)] {
		texts = append(texts, middle(one, 13))
	}
	all := strings.Join(p.same, ", ")
	c := Cell{Level: p.depth, Text: strings.Join(texts, ", "), Full: clean(all, longestText), Title: clean(all, 1000)}
	if more := len(p.same) - len(texts); more > 0 {
		c.Text += fmt.Sprintf(" and %d more", more)
	}
	c.Small = counted(int64(len(p.same)), "key") + " or contracts, which were not followed"
	return c
}

// about is what is known of a holder, and what is not.
func (p *power) about() []string {
	var out []string
	if s := signing(p); s != "" {
		out = append(out, s)
	}
	if p.holderWait != nil && *p.holderWait > 0 {
		out = append(out, "whatever it does waits "+span(*p.holderWait))
	}
	switch p.reason {
	case "not_followed":
		out = append(out, "not followed: a key, or unknown from here")
	case "not_told":
		out = append(out, "unknown from here: no log that was read tells who has power over it")
	case "logs_not_covered":
		out = append(out, "as far as its logs were read")
	case "signers_not_told":
		out = append(out, "how many must sign is unknown")
	case "circle":
		out = append(out, p.circle())
	}
	switch {
	case p.reason == "circle":
	case p.elsewhere < 0:
		out = append(out, "who has power over it stands above")
	case p.elsewhere > 0:
		out = append(out, "who has power over it stands below")
	}
	return out
}

// circle says where a holder that has power over itself stands.
func (p *power) circle() string {
	switch {
	case p.holder == p.contract:
		return "itself"
	case p.total != nil:
		return "the same as above"
	}
	return "in a circle, or too far from the vault to be followed"
}

// signing says how many sign for a Safe, where that is told.
func signing(p *power) string {
	if p.signers == nil || p.threshold == nil {
		return ""
	}
	if *p.signers == 1 && *p.threshold == 1 {
		return "the one signer"
	}
	return fmt.Sprintf("%s of %s signers", count(int64(*p.threshold)), count(int64(*p.signers)))
}

// can is what the holder may do.
func (p *power) can() Cell {
	text := inWords(p.term)
	if p.object != "" && p.heldBy != "nobody yet" {
		text += ": " + term(p.object).Text
	}
	if p.parentKind != "" {
		text += " of the " + p.parentKind
	}
	c := Cell{Text: clean(sentence(text), 200)}
	var small []string
	if p.allows != "" && p.heldBy != "nobody" {
		small = append(small, clean(p.allows, 300))
	}
	if p.status == "configured" {
		small = append(small, inWords(p.what)+", as the config says")
	}
	if p.scope != "" {
		scope := term(p.scope)
		c.Title = clean(p.scope, 1000)
		if p.heldBy == "nobody yet" {
			small = append([]string{clean(scope.Text, 300)}, small...)
		} else {
			small = append(small, "limited to "+clean(scope.Text, 300))
		}
	}
	c.Small = strings.Join(small, "; ")
	return c
}

// fast is how soon what the holder decides can happen.
func (p *power) fast() string {
	switch {
	case p.status == "waits" && p.effective != nil:
		return "from " + dateTime(p.effective)
	case p.status == "waits":
		return "when is not told"
	case p.heldBy == "nobody":
		return Dash
	case p.status == "pending" && p.acts != "" && strings.HasPrefix(p.term, "pending"):
		return "once it accepts"
	case p.status == "pending" && p.effective != nil:
		return "from " + dateTime(p.effective)
	case p.status == "pending":
		return "when is not told"
	case p.acts == "stops":
		return "only stops, at once"
	case p.acts == "serves":
		return "only what has waited"
	case p.acts == "idle":
		return "nothing by this alone"
	case p.acts == "together" && p.parentSign != "":
		return p.parentSign + " together"
	case p.acts == "together":
		return "how many together is unknown"
	}
	switch {
	case p.soonest == nil:
		return "unknown"
	case p.reason == "not_followed" && p.acts == "alone":
		return speed(p.soonest) + ", if it is a key"
	}
	return speed(p.soonest)
}

// decides says that the holder does of its own accord what the power allows, and that no
// row below it tells who decides for it.
func (p *power) decides() bool {
	return p.acts == "alone" && (p.status == "stands" || p.status == "configured") && p.reason != "circle" &&
		(!p.isParent || p.threshold != nil)
}

// powersAnswer says in a line for each power over the vault who decides, alone or with
// whom, and how fast.
func powersAnswer(all []power) *Terms {
	type decision struct {
		text    string
		seconds float64
	}
	out := &Terms{}
	at := map[string]int{}
	var said [][]decision
	for i := range all {
		p := &all[i]
		if p.depth > 0 || p.over != "vault" || p.status == "waits" || p.status == "pending" {
			continue
		}
		k, known := at[p.what]
		if !known {
			k = len(said)
			at[p.what] = k
			said = append(said, nil)
			out.Notes = append(out.Notes, Note{Term: sentence(inWords(p.what))})
		}
		for j := i; j <= i+p.below; j++ {
			isTold := all[j].elsewhere != 0 && all[j].threshold == nil && all[j].place > i && all[j].place <= i+p.below
			if s := all[j].decider(j == i, isTold); s != "" && !slices.ContainsFunc(said[k], func(d decision) bool { return d.text == s }) {
				d := decision{text: s}
				if t := all[j].total; t != nil {
					d.seconds = *t
				}
				said[k] = append(said[k], d)
			}
		}
	}
	for k, decisions := range said { // the soonest first, and what may be at once
		slices.SortStableFunc(decisions, func(a, b decision) int { return cmp.Compare(a.seconds, b.seconds) })
		texts := []string{"unknown"}
		if len(decisions) > 0 {
			texts = nil
		}
		for _, d := range decisions {
			texts = append(texts, d.text)
		}
		if more := len(texts) - mostHolders; more > 0 {
			texts = append(slices.Clone(texts[:mostHolders]), fmt.Sprintf("and %d more below", more))
		}
		out.Notes[k].Text = sentence(strings.Join(texts, "; ")) + "."
	}
	return out
}

// decider is who decides in a row and how fast, or nothing where nobody does, or where
// other rows of the same power tell.
func (p *power) decider(isTop, isTold bool) string {
	fast := speed(p.total)
	switch {
	case p.isMerged, p.term == "signer", isTold:
		return "" // a Safe's row says it
	case isTop && p.heldBy == "nobody":
		return "nobody as " + inWords(p.term)
	case isTop && p.acts == "stops":
		fast = "at once"
	case !p.decides():
		return ""
	}
	limits := ""
	if p.scope != "" {
		limits = ", within limits"
	}
	switch {
	case p.heldBy == "anybody":
		return "anybody, " + fast + limits
	case p.reason == "not_told":
		return "unknown from " + kindWords(p.kind) + " " + middle(p.holder, 13) + " on"
	case len(p.same) > 1:
		return fmt.Sprintf("each of %d addresses, %s where it is a key", len(p.same), fast) + limits
	case signing(p) != "":
		return signing(p) + " of " + kindWords(p.kind) + " " + middle(p.holder, 13) + ", " + fast + limits
	case p.kind != "":
		return "who has power over " + kindWords(p.kind) + " " + middle(p.holder, 13) + ", " + fast + limits
	}
	if p.total != nil {
		fast += " if it is a key"
	}
	return middle(p.holder, 13) + ", " + fast + limits
}

// kindWords is what a contract is, in words.
func kindWords(kind string) string {
	switch kind {
	case "access": // it has an owner or roles, and is nothing that is known
		return "contract"
	case "vault":
		return "the vault itself,"
	case "safe":
		return "Safe"
	}
	return inWords(kind)
}

// speed says when something can happen after so many seconds.
func speed(seconds *float64) string {
	switch {
	case seconds == nil:
		return "how fast is unknown"
	case *seconds == 0:
		return "at once"
	}
	return "after " + span(*seconds)
}

// span is a length of time that a contract says, which may be absurd.
func span(seconds float64) string {
	const century = 100 * 365.25 * 86400
	minutes, rest := int64(seconds)/60, int64(seconds)%60
	switch {
	case seconds > century:
		return "over 100 years"
	case minutes == 0:
		return count(rest) + " s"
	case minutes < 60 && rest > 0:
		return count(minutes) + " min " + count(rest) + " s"
	}
	return duration(time.Duration(minutes) * time.Minute)
}
