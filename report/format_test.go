package report

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestFormat(t *testing.T) {
	x := func(f float64) *float64 { return &f }
	for _, test := range []struct{ name, got, want string }{
		{"percent", Percent(x(0.0190941)), "1.91 %"},
		{"small percent keeps two digits", Percent(x(-0.00021)), "−0.021 %"},
		{"percent of zero", Percent(x(0)), "0.00 %"},
		{"percent of negative zero", Percent(x(math.Copysign(0, -1))), "0.00 %"},
		{"percent too small to show", Percent(x(-1e-12)), "≈ 0 %"},
		{"large percent", Percent(x(3759.81)), "375,981 %"},
		{"huge percent", Percent(x(1e300)), "1.00e+302 %"},
		{"undefined percent", Percent(nil), "–"},
		{"percent without sign", PercentPoints(x(0.05)), "5.00"},
		{"ratio", Ratio(x(1.584)), "1.58"},
		{"small ratio", Ratio(x(0.0123)), "0.012"},
		{"large ratio", Ratio(x(-123456)), "−123,456"},
		{"price", Price(x(1.0190941)), "1.0190941"},
		{"price of a division", Price(x(1.0190940999999999)), "1.0190941"},
		{"price rounded", Price(x(1.0190940943977502)), "1.0190941"},
		{"price in full", FullPrice(x(1.0190940943977502)), "1.0190940943977502"},
		{"price of one", Price(x(1)), "1.0000"},
		{"large price", Price(x(3456.5)), "3,456.5000"},
		{"small price", Price(x(0.00000123)), "0.00000123"},
		{"zero price", Price(x(0)), "0.0000"},
		{"undefined price", Price(nil), "–"},
		{"amount", Amount(x(12345.678)), "12,345.68"},
		{"large amount", Amount(x(48123456.78)), "48,123,457"},
		{"dust", Amount(x(0.00012345)), "0.000123"},
		{"short amount", ShortAmount(x(48123456.78)), "48.12 M"},
		{"short amount at the edge", ShortAmount(x(999999)), "1.00 M"},
		{"short amount of a few", ShortAmount(x(12)), "12.00"},
		{"count", Count(1234567), "1,234,567"},
		{"one", Counted(1, "day"), "1 day"},
		{"days", Days(x(86.64)), "86.6"},
		{"whole days", Days(x(30)), "30"},
		{"duration of days", Duration(76 * time.Hour), "3 d 4 h"},
		{"duration of hours", Duration(449 * time.Minute), "7 h 29 min"},
		{"duration of minutes", Duration(20 * time.Second), "0 min"},
		{"date", Date(&fixtureUntil), "2025-09-05"},
		{"moment", DateTime(&fixtureUntil), "2025-09-05 00:00 UTC"},
		{"trailing period", PeriodLabel("365d"), "365 days"},
		{"one day", PeriodLabel("1d"), "1 day"},
		{"calendar period", PeriodLabel("ytd"), "Year to date"},
		{"unknown period", PeriodLabel("last_quarter"), "last quarter"},
		{"reason", Words("no_anchor"), "no anchor"},
		{"sentence", Sentence("éa"), "Éa"},
		{"price tick", PriceTick(1.025, 0.025), "1.025"},
		{"percent tick", PercentTick(-0.00005, 0.00005), "−0.005 %"},
		{"first month tick", MonthTick(fixtureUntil, true), "Sep 2025"},
		{"text without control", Text("a\x00\x1b[31m b\u202ec\u200b", 20), "a[31m bc"},
		{"text without runs of space", Text("  a \n\t b  ", 20), "a b"},
		{"text of exactly the length", Text("abcde", 5), "abcde"},
		{"text cut", Text("abcdef", 5), "abcd…"},
		{"text cut long", Text(strings.Repeat("x", 40000), 8), "xxxxxxx…"},
		{"text of broken bytes", Text("a\xff\xfeb", 8), "ab"},
		{"text of many marks", Text("e"+strings.Repeat("\u0301", 50), 8), "e\u0301\u0301"},
	} {
		if test.got != test.want {
			t.Errorf("%s: %q, want %q", test.name, test.got, test.want)
		}
	}
}

func TestSlugs(t *testing.T) {
	ids := []string{
		"alusd", "AlUSD", "../../etc/passwd", "a.b", "", "con", "latest", "index.html", ".", "a/b", "a-b", "vault_1",
		strings.Repeat("x", 300), "\u202e", "a b\x00c",
	}
	var vaults []*Vault
	for _, id := range ids {
		vaults = append(vaults, &Vault{ID: id})
	}
	giveSlugs(vaults)
	seen := map[string]string{}
	for _, v := range vaults {
		if other, taken := seen[v.Slug]; taken {
			t.Errorf("%q and %q are both %q", v.ID, other, v.Slug)
		}
		seen[v.Slug] = v.ID
		if v.Slug == "" || len(v.Slug) > 80 || strings.Trim(v.Slug, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" || reservedSlug.MatchString(v.Slug) {
			t.Errorf("%q is %q", v.ID, v.Slug)
		}
	}
	for i, want := range map[int]string{0: "alusd", 10: "a-b", 11: "vault_1"} {
		if vaults[i].Slug != want {
			t.Errorf("%q is %q, want %q", ids[i], vaults[i].Slug, want)
		}
	}
}
