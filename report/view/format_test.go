package view

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/report/marts/martstest"
)

func TestFormat(t *testing.T) {
	x := func(f float64) *float64 { return &f }
	for _, test := range []struct{ name, got, want string }{
		{"percent", Percent.Text(x(0.0190941)), "1.91 %"},
		{"small percent keeps two digits", Percent.Text(x(-0.00021)), "−0.021 %"},
		{"percent of zero", Percent.Text(x(0)), "0.00 %"},
		{"percent of negative zero", Percent.Text(x(math.Copysign(0, -1))), "0.00 %"},
		{"percent too small to show", Percent.Text(x(-1e-12)), "≈ 0 %"},
		{"large percent", Percent.Text(x(3759.81)), "375,981 %"},
		{"huge percent", Percent.Text(x(1e300)), "1.00e+302 %"},
		{"undefined percent", Percent.Text(nil), "–"},
		{"percent without sign", Points.Text(x(0.05)), "5.00"},
		{"ratio", Ratio.Text(x(1.584)), "1.58"},
		{"small ratio", Ratio.Text(x(0.0123)), "0.012"},
		{"ratio too small to show", Ratio.Text(x(1.04e-29)), "≈ 0"},
		{"ratio too small to show, negative", Ratio.Text(x(-9.9e-7)), "≈ 0"},
		{"smallest ratio", Ratio.Text(x(1.04e-6)), "0.0000010"},
		{"amount too small to show", Amount.Text(x(1e-18)), "≈ 0"},
		{"price of dust", Price.Text(x(1e-18)), "1.000000e-18"},
		{"large ratio", Ratio.Text(x(-123456)), "−123,456"},
		{"price", Price.Text(x(1.0190941)), "1.0190941"},
		{"price of a division", Price.Text(x(1.0190940999999999)), "1.0190941"},
		{"price rounded", Price.Text(x(1.0190940943977502)), "1.0190941"},
		{"price in full", allDigits(x(1.0190940943977502)), "1.0190940943977502"},
		{"price of one", Price.Text(x(1)), "1.0000"},
		{"large price", Price.Text(x(3456.5)), "3,456.5000"},
		{"small price", Price.Text(x(0.00000123)), "0.00000123"},
		{"zero price", Price.Text(x(0)), "0.0000"},
		{"undefined price", Price.Text(nil), "–"},
		{"amount", Amount.Text(x(12345.678)), "12,345.68"},
		{"large amount", Amount.Text(x(48123456.78)), "48,123,457"},
		{"dust", Amount.Text(x(0.00012345)), "0.000123"},
		{"short amount", ShortAmount.Text(x(48123456.78)), "48.12 M"},
		{"short amount at the edge", ShortAmount.Text(x(999999)), "1.00 M"},
		{"short amount of a few", ShortAmount.Text(x(12)), "12.00"},
		{"count", count(1234567), "1,234,567"},
		{"one", counted(1, "day"), "1 day"},
		{"days", Days.Text(x(86.64)), "86.6"},
		{"whole days", Days.Text(x(30)), "30"},
		{"duration of days", duration(76 * time.Hour), "3 d 4 h"},
		{"duration of hours", duration(449 * time.Minute), "7 h 29 min"},
		{"duration of minutes", duration(20 * time.Second), "0 min"},
		{"date", date(&martstest.Until), "2025-09-05"},
		{"moment", dateTime(&martstest.Until), "2025-09-05 00:00 UTC"},
		{"trailing period", periodLabel("365d"), "365 days"},
		{"one day", periodLabel("1d"), "1 day"},
		{"calendar period", periodLabel("ytd"), "Year to date"},
		{"unknown period", periodLabel("last_quarter"), "last quarter"},
		{"reason", inWords("no_anchor"), "no anchor"},
		{"sentence", sentence("éa"), "Éa"},
		{"definition", definitionText("days with one"), "Days with one."},
		{"definition with a column", definitionText("total_return - benchmark_return"), "total_return - benchmark_return."},
		{"price tick", priceTick(1.025, 0.025), "1.025"},
		{"percent tick", percentTick(-0.00005, 0.00005), "−0.005 %"},
		{"amount tick", amountTick(250000, 250000), "250 k"},
		{"amount tick of a fraction", amountTick(1250, 1250), "1.25 k"},
		{"amount tick of very many", amountTick(8e20, 2e20), "8.000e+20"},
		{"amount tick of zero", amountTick(0, 1), "0"},
		{"first month tick", monthTick(martstest.Until, true), "Sep 2025"},
		{"text without control", clean("a\x00\x1b[31m b\u202ec\u200b", 20), "a[31m bc"},
		{"text without runs of space", clean("  a \n\t b  ", 20), "a b"},
		{"text of exactly the length", clean("abcde", 5), "abcde"},
		{"text cut", clean("abcdef", 5), "abcd…"},
		{"text cut long", clean(strings.Repeat("x", 40000), 8), "xxxxxxx…"},
		{"text of broken bytes", clean("a\xff\xfeb", 8), "ab"},
		{"text of many marks", clean("e"+strings.Repeat("\u0301", 50), 8), "e\u0301\u0301"},
	} {
		if test.got != test.want {
			t.Errorf("%s: %q, want %q", test.name, test.got, test.want)
		}
	}
}
