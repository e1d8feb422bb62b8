package report

import (
	"bytes"
	"io"
	"testing"

	"github.com/vaultperf/vaultperf/report/html"
	"github.com/vaultperf/vaultperf/report/marts"
	"github.com/vaultperf/vaultperf/report/marts/martstest"
	"github.com/vaultperf/vaultperf/report/view"
	"github.com/vaultperf/vaultperf/report/xlsx"
)

// made makes the view of the usual vault's marts, and a renderer of pages.
func made(b *testing.B, pages int) (*marts.Data, *view.View, *html.Renderer) {
	d := martstest.Read(b, &martstest.Rate, pages, view.Listings(), martstest.Vaults()[0])
	r, err := html.New()
	if err != nil {
		b.Fatal(err)
	}
	return d, view.New(d, view.Options{Version: "bench", SheetRows: xlsx.MaxRows}), r
}

// BenchmarkTearSheet renders one page of two years of daily marks.
func BenchmarkTearSheet(b *testing.B) {
	d, w, r := made(b, 1)
	var page bytes.Buffer
	for b.Loop() {
		page.Reset()
		report, err := w.Report(d.Vaults[0])
		if err != nil {
			b.Fatal(err)
		}
		if err := r.Report(&page, report); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(page.Len()), "bytes")
}

// BenchmarkIndex renders the index of 1,000 vaults.
func BenchmarkIndex(b *testing.B) {
	d, w, r := made(b, 0)
	for range 999 {
		d.Vaults = append(d.Vaults, d.Vaults[0])
	}
	for b.Loop() {
		if err := r.Index(io.Discard, w.Index()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRead reads the marts of one vault with a page.
func BenchmarkRead(b *testing.B) {
	db := martstest.Open(b, &martstest.Rate, martstest.Vaults()[0])
	for b.Loop() {
		if _, err := marts.Read(b.Context(), db, 1, view.Listings()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWorkbook writes the workbook of two years of daily marks.
func BenchmarkWorkbook(b *testing.B) {
	d, w, _ := made(b, 1)
	var book bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		book.Reset()
		report, err := w.Report(d.Vaults[0])
		if err != nil {
			b.Fatal(err)
		}
		if err := xlsx.Write(&book, &report.Workbook); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(book.Len())/1000, "kB/book")
}

// BenchmarkVaultsWorkbook writes the workbook of 1,000 vaults.
func BenchmarkVaultsWorkbook(b *testing.B) {
	d, w, _ := made(b, 0)
	for range 999 {
		d.Vaults = append(d.Vaults, d.Vaults[0])
	}
	var book bytes.Buffer
	for b.Loop() {
		book.Reset()
		if err := xlsx.Write(&book, w.Vaults()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(book.Len())/1000, "kB/book")
}
