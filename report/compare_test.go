package report

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/vaultperf/vaultperf/report/html"
	"github.com/vaultperf/vaultperf/report/marts"
	"github.com/vaultperf/vaultperf/report/marts/martstest"
	"github.com/vaultperf/vaultperf/report/view"
)

// manyVaults are as many as Yearn has: each with a name, a close in every week, of the
// volatility of a stock, and a note on its source.
func manyVaults(tb testing.TB) *view.View {
	tb.Helper()
	usual := martstest.Vaults()[0]
	usual.Events = false
	d := martstest.Read(tb, &martstest.Rate, 1, nil, usual)
	one := d.Vaults[0]
	d.Vaults = nil
	for i := range 1092 {
		v := *one
		v.ID = fmt.Sprintf("0x%040x", 0xdcd0f5ab+i*7919)
		v.Slug = v.ID
		v.Name = fmt.Sprintf("Curve Something-Else Factory yVault %d", i)
		v.SourceNote = "published by a third party, not chain-verified"
		v.Closes = make([]*float64, marts.Weeks)
		for week, p := range martstest.Walk(marts.Weeks+i, 5, 0.2)[i:] {
			v.Closes[week] = &p
		}
		d.Vaults = append(d.Vaults, &v)
	}
	return view.New(d, view.Options{Version: "v0.0.0-test"})
}

// TestComparisonOfAThousandVaultsIsUnderThreeMegabytes: a page that is opened from disk can
// fetch nothing, so it holds all that can be chosen.
func TestComparisonOfAThousandVaultsIsUnderThreeMegabytes(t *testing.T) {
	r, err := html.New()
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := r.Compare(&page, manyVaults(t).Comparison()); err != nil {
		t.Fatal(err)
	}
	if page.Len() > 3_000_000 || page.Len() < 1_000_000 {
		t.Errorf("the page has %d bytes", page.Len())
	}
	t.Logf("%d bytes", page.Len())
}

// BenchmarkCompare renders the comparison of 1,092 vaults of 160 weeks.
func BenchmarkCompare(b *testing.B) {
	w := manyVaults(b)
	r, err := html.New()
	if err != nil {
		b.Fatal(err)
	}
	var page bytes.Buffer
	for b.Loop() {
		page.Reset()
		if err := r.Compare(&page, w.Comparison()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(page.Len()), "bytes")
}
