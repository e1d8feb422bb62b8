package report

import (
	"io"
	"testing"
)

// BenchmarkWorkbook writes the workbook of two years of daily marks.
func BenchmarkWorkbook(b *testing.B) {
	rate := 0.043
	d := bookData(b, &rate)
	v := bookVault(b, d, "usual")
	var size counter
	if err := writeWorkbook(&size, d, v); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := writeWorkbook(io.Discard, d, v); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(size)/1000, "kB/book")
}

// A counter counts the bytes written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
