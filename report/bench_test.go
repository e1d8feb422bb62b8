package report

import (
	"bytes"
	"io"
	"testing"
)

// BenchmarkTearSheet renders one page of two years of daily marks.
func BenchmarkTearSheet(b *testing.B) {
	db := openFixture(b, &rate, fixtureVaults()[0])
	d, err := Read(b.Context(), db, 1)
	if err != nil {
		b.Fatal(err)
	}
	js, err := library()
	if err != nil {
		b.Fatal(err)
	}
	p, err := newPages("bench", js)
	if err != nil {
		b.Fatal(err)
	}
	var page bytes.Buffer
	for b.Loop() {
		page.Reset()
		if err := p.writePage(&page, d, d.Vaults[0]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(page.Len()), "bytes")
}

// BenchmarkIndex renders the index of 1,000 vaults.
func BenchmarkIndex(b *testing.B) {
	db := openFixture(b, &rate, fixtureVaults()[0])
	d, err := Read(b.Context(), db, 0)
	if err != nil {
		b.Fatal(err)
	}
	for range 999 {
		d.Vaults = append(d.Vaults, d.Vaults[0])
	}
	p, err := newPages("bench", nil)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := p.writeIndex(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRead reads the marts of one vault with a page.
func BenchmarkRead(b *testing.B) {
	db := openFixture(b, &rate, fixtureVaults()[0])
	for b.Loop() {
		if _, err := Read(b.Context(), db, 1); err != nil {
			b.Fatal(err)
		}
	}
}
