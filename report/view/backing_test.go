package view

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
	"github.com/vaultperf/vaultperf/report/marts/martstest"
)

// TestVerdictInWords: each verdict is said with its figures, and one that lapsed with the
// day on which it was last known.
func TestVerdictInWords(t *testing.T) {
	x := func(f float64) *float64 { return &f }
	day := time.Date(2025, 11, 5, 0, 0, 0, 0, time.UTC)
	claimed := x(12345678)
	for _, c := range []struct {
		name       string
		backing    marts.Backing
		ineligible []string
		title      string
		tone       Tone
		text       string
	}{
		{
			"illiquid",
			marts.Backing{Verdict: "illiquid", Since: &day, IsSynchronous: true, ClaimedAssets: claimed, StuckAssets: x(12111110), StuckShare: x(0.981), WorstUtilisation: x(0.9999), WorstMarket: "0x" + strings.Repeat("ab", 32), WorstCollateral: "sdeUSD"},
			[]string{"illiquid"},
			"Illiquid since 2025-11-05, not ranked", Bad,
			"98.10 % of the 12,345,678 USDC that it claims to have lie where nothing comes out; worst market sdeUSD (0xababab…abab), 99.99 % utilised.",
		},
		{
			"illiquid by a request",
			marts.Backing{Verdict: "illiquid", Since: &day, ClaimedAssets: claimed, OldestRequestDays: x(45)},
			[]string{"illiquid"},
			"Illiquid since 2025-11-05, not ranked", Bad, "A request to redeem has waited unpaid for 45 days.",
		},
		{
			"unbacked",
			marts.Backing{Verdict: "unbacked", Since: &day, ClaimedAssets: claimed, KnownLoss: x(8888888), KnownLossShare: x(0.72), LostAssets: x(8000000), BadDebt: x(888888)},
			[]string{"unbacked", "dust"},
			"Unbacked since 2025-11-05, not ranked", Bad,
			"72.00 % of the 12,345,678 USDC that it claims to have are known to be lost, though its price counts them: 8,888,888 USDC, of which 8,000,000 USDC as it is told and 888,888.00 USDC of bad debt.",
		},
		{
			"backed",
			marts.Backing{Verdict: "backed", Since: &day, ClaimedAssets: claimed, ValuedShare: x(0.97), KnownLoss: x(0)},
			nil, "Backed since 2025-11-05", Good,
			"The worth of 97.00 % of the 12,345,678 USDC that it claims to have is known; none is known to be lost.",
		},
		{
			"backed, but stale",
			marts.Backing{Verdict: "backed", Since: &day, ClaimedAssets: claimed, ValuedShare: x(0.97)},
			[]string{"stale"},
			"Backed since 2025-11-05, not ranked: stale", Bad, "Stale.",
		},
		{
			"nothing known",
			marts.Backing{Verdict: "unknown", Reason: "nothing_looked_at", IsSynchronous: true},
			nil, "Unknown what stands behind this price", Flat, "Nothing was looked at that shows what stands behind this price.",
		},
		{
			"lapsed",
			marts.Backing{Verdict: "unknown", Reason: "nothing_looked_at", IsSynchronous: true, LastVerdict: "illiquid", LastVerdictOn: &day},
			nil, "Unknown now, last known as illiquid on 2025-11-05", Bad,
			"Nothing was looked at that shows what stands behind this price. The last verdict was illiquid, on 2025-11-05: nothing was looked at since that shows that this has changed.",
		},
		{
			"lapsed beside facts of something else",
			marts.Backing{Verdict: "unknown", Reason: "assets_not_valued", IsSynchronous: true, ClaimedAssets: claimed, LastVerdict: "illiquid", LastVerdictOn: &day, LookedAt: "losses", NotLookedAt: "bad_debt, liquidity, idle_assets, markets, pause"},
			nil, "Unknown now, last known as illiquid on 2025-11-05", Bad,
			"What was looked at, losses that it counts, speaks neither against this price nor for it, as it tells the worth of nothing of the 12,345,678 USDC that it claims to have. Not looked at: bad debt of its markets, what can be withdrawn, idle assets, markets that it is in, whether it is paused. The last verdict was illiquid, on 2025-11-05: nothing was looked at since that shows that this has changed.",
		},
		{
			"its markets were looked at since",
			marts.Backing{Verdict: "unknown", Reason: "assets_not_valued", IsSynchronous: true, ClaimedAssets: claimed, ValuedShare: x(0.1), Since: &day, LastVerdict: "illiquid", LastVerdictOn: &day, LookedAt: "markets", NotLookedAt: "losses"},
			nil, "Unknown what stands behind this price", Flat,
			"What was looked at, markets that it is in, speaks neither against this price nor for it, as it tells the worth of only 10.00 % of the 12,345,678 USDC that it claims to have. Not looked at: losses that it counts. The last verdict was illiquid, on 2025-11-05.",
		},
		{
			"a request that was paid",
			marts.Backing{Verdict: "unknown", Reason: "nothing_looked_at", LastVerdict: "illiquid", LastVerdictOn: &day},
			nil, "Unknown what stands behind this price", Flat,
			"Nothing was looked at that shows what stands behind this price. The last verdict was illiquid, on 2025-11-05.",
		},
	} {
		v := &marts.Vault{ID: "v", AssetSymbol: "USDC", Backing: c.backing}
		for _, code := range c.ineligible {
			v.Ineligible = append(v.Ineligible, marts.Ineligible{Code: code, Meaning: code})
		}
		got := verdict(v)
		if title := got.Badge.Text + " " + got.Title; title != c.title || got.Tone != c.tone {
			t.Errorf("%s: %q of tone %d, want %q of tone %d", c.name, title, got.Tone, c.title, c.tone)
		}
		if got.Texts[0].Text != c.text {
			t.Errorf("%s: got  %s\nwant %s", c.name, got.Texts[0].Text, c.text)
		}
	}
}

// TestEvidence: days without facts are gaps in the charts, markets stand in the order of
// what the vault had there, and a vault at which nothing was looked has no section.
func TestEvidence(t *testing.T) {
	d := read(t)
	sectionOf := func(id string) *Section {
		for _, chapter := range report(t, d, id).Chapters {
			for i := range chapter {
				if chapter[i].ID == "backing" {
					return &chapter[i]
				}
			}
		}
		return nil
	}
	if sectionOf("gappy") != nil {
		t.Error("a vault at which nothing was looked has a section of evidence")
	}
	for id, want := range map[string][]string{
		"usual":            {"Claimed", "Withdrawable", "Stuck: nothing comes out", "Known to be lost"},
		"flat":             {"Claimed", "Known to be lost"},
		"../../etc/passwd": {"Claimed", "Stuck: nothing comes out"},
	} {
		var charts []*Chart
		var tables []*Table
		for _, b := range sectionOf(id).Blocks {
			switch b := b.(type) {
			case *Chart:
				charts = append(charts, b)
			case *Table:
				tables = append(tables, b)
			}
		}
		var names []string
		for _, line := range charts[0].Lines {
			names = append(names, line.Name)
			var gaps []int
			for i, p := range line.Points {
				if p.Y == nil {
					gaps = append(gaps, i)
				}
			}
			if len(line.Points) != 40 || !slices.Equal(gaps, []int{17, 18, 19}) {
				t.Errorf("%s: %s has %d points, gaps at %v", id, line.Name, len(line.Points), gaps)
			}
		}
		if !slices.Equal(names, want) {
			t.Errorf("%s: lines are %q, want %q", id, names, want)
		}
		if tip := charts[0].TipAt(18); !strings.HasSuffix(tip, "\nnothing was looked at") {
			t.Errorf("%s: the tip of a gap is %q", id, tip)
		}
		if id == "flat" {
			continue
		}
		if got := charts[1].Lines; len(got) != 2 || !strings.HasSuffix(got[0].Name, " (0x0f9563…b129)") || *got[0].Points[39].Y != 0.99 {
			t.Errorf("%s: lines of markets: %v", id, got)
		}
		if rows := tables[0].Rows; tables[0].Lead != 3 || len(rows) != 3*37 || !strings.HasPrefix(rows[1].Cells[2].Text, "</script>") {
			t.Errorf("%s: %d rows of markets, %d on the page", id, len(rows), tables[0].Lead)
		}
	}
}

// TestVerdictsSort: the gravest first, and one that lapsed before one that never was.
func TestVerdictsSort(t *testing.T) {
	d := read(t)
	var got []string
	for _, v := range d.Vaults {
		c := backingCell(v)
		got = append(got, c.Entry.Sort+" "+v.ID)
	}
	slices.Sort(got)
	want := []string{"2 flat", "4 ../../etc/passwd", "5 absent", "5 gappy", "5 one-mark", "5 stale", "6 usual"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := standing(martstest.Find(t, d, "../../etc/passwd"), false); !strings.HasPrefix(got, "Nothing was looked at after 2025-08-26 that shows") {
		t.Errorf("of facts that have run out it says %q", got)
	}
	v := martstest.Find(t, d, "usual")
	if v.Backing.WorstCollateral != "sdeUSD" {
		t.Errorf("the worst market lends against %q", v.Backing.WorstCollateral)
	}
	v.Ineligible = []marts.Ineligible{{Code: "stale"}}
	if c := backingCell(v); c.Tone != Flat {
		t.Errorf("of a vault that is not ranked the verdict has tone %d", c.Tone)
	}
}
