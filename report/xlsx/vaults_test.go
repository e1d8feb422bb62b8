package xlsx

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/vaultperf/vaultperf/report/marts"
	"github.com/vaultperf/vaultperf/report/marts/martstest"
	"github.com/vaultperf/vaultperf/report/view"
)

// allVaults is the workbook of all vaults.
func allVaults(tb testing.TB, d *marts.Data) *testBook {
	tb.Helper()
	var out bytes.Buffer
	if err := Write(&out, view.New(d, view.Options{SheetRows: MaxRows}).Vaults()); err != nil {
		tb.Fatal(err)
	}
	return readBook(tb, out.Bytes())
}

// TestWorkbookOfAllVaults: every vault has a row, with the figures of the marts or the
// reasons why there are none, also one that was never read.
func TestWorkbookOfAllVaults(t *testing.T) {
	d := bookData(t, &martstest.Rate)
	b := allVaults(t, d)
	b.mustBeWellFormed()
	if !bytes.Equal(allVaults(t, d).bytes, b.bytes) {
		t.Error("the same vaults gave other bytes")
	}
	columnsOf := func(sheet string) (columns map[string]int, rows int) {
		all, err := b.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		columns = map[string]int{}
		for i, head := range all[0] {
			columns[head] = i + 1
		}
		for i, row := range all[1:] {
			for j, text := range row {
				if strings.ContainsAny(text, "\u202e\x00\x1b") || strings.HasPrefix(text, "=") && !b.isText(sheet, at(j+1, i+2)) {
					t.Errorf("%s holds %q", sheet, text)
				}
			}
		}
		return columns, len(all)
	}
	columns, rows := columnsOf("Vaults")
	if rows != len(d.Vaults)+1 {
		t.Errorf("Vaults has %d rows, want the heads and %d vaults", rows, len(d.Vaults))
	}
	for i, v := range d.Vaults {
		_, link, err := b.GetCellHyperLink("Vaults", at(1, i+2))
		if want := map[bool]string{true: v.Slug + "/report.xlsx"}[v.HasPage]; err != nil || link != want {
			t.Errorf("%s leads to %q, want %q: %v", v.ID, link, want, err)
		}
		for head, want := range map[string]marts.Value{
			"Total return, 30 days": v.Value("30d", "total_return"), "APY": v.Value("itd", "apy"),
			"Sharpe ratio, headline": v.Value("itd", "headline_sharpe"), "Total assets": {Number: v.TotalAssets},
		} {
			cell := at(columns[head], i+2)
			if want.Number == nil && b.raw("Vaults", cell) != "" || want.Number != nil && !digits15(b.number("Vaults", cell), *want.Number) {
				t.Errorf("%s of %s is %q, want %v", head, v.ID, b.raw("Vaults", cell), want)
			}
		}
	}
	columns, rows = columnsOf("Periods")
	row := 1
	for _, v := range d.Vaults {
		for _, p := range v.Periods {
			row++
			if got := b.shown("Periods", at(columns["Id"], row)); got != strings.Map(visible, v.ID) {
				t.Errorf("row %d is of %q, want %q", row, got, v.ID)
			}
			undefined := b.shown("Periods", at(columns["Undefined"], row))
			for _, m := range d.Metrics {
				column := columns[m.Label]
				if m.Name == "sharpe_ratio" {
					column = columns["Sharpe ratio (4.30 %)"]
				}
				want := p.Values[m.Name]
				switch cell := at(column, row); {
				case column == 0:
					t.Fatalf("there is no column of %s", m.Name)
				case want.Number != nil:
					if got := b.number("Periods", cell); !digits15(got, *want.Number) {
						t.Errorf("row %d: %s is %v, want %v", row, m.Name, got, *want.Number)
					}
				case b.raw("Periods", cell) != "" || !strings.Contains(undefined, strings.ReplaceAll(want.Reason, "_", " ")):
					t.Errorf("row %d: %s is %q, and undefined is %q, want %s", row, m.Name, b.raw("Periods", cell), undefined, want.Reason)
				}
			}
		}
	}
	if rows != row {
		t.Errorf("Periods has %d rows, want %d", rows, row)
	}
	areas := map[string]string{}
	for _, name := range b.GetDefinedName() {
		if name.Name == "_xlnm.Print_Area" {
			areas[name.Scope] = name.RefersTo
		}
	}
	for _, sheet := range b.GetSheetList() {
		if !strings.HasPrefix(areas[sheet], "'"+sheet+"'!$A$1:$") {
			t.Errorf("%s prints %q", sheet, areas[sheet])
		}
	}
}

// visible leaves out what is not shown.
func visible(r rune) rune {
	if strconv.IsPrint(r) {
		return r
	}
	return -1
}

// TestWorkbookMemoryIsFlat: a workbook of a million prices, with all its formulas, takes
// little more memory than the file itself.
func TestWorkbookMemoryIsFlat(t *testing.T) {
	if os.Getenv("VAULTPERF_PROVE") == "" {
		t.Skip("writes a million rows twice over")
	}
	const rows = 1_000_000
	d := bookData(t, &martstest.Rate)
	v := copied(martstest.Find(t, d, "usual"))
	first := v.Prices[0].At
	v.Prices = make([]marts.PricePoint, rows)
	price, minute := 1.0, time.Minute.Seconds()
	for i := range v.Prices {
		p := &v.Prices[i]
		p.At = first.Add(time.Duration(i) * time.Minute)
		p.Date, p.SharePrice, p.Source = p.At.Truncate(24*time.Hour), price, "reading"
		if i > 0 {
			change := price/v.Prices[i-1].SharePrice - 1
			p.Return, p.ElapsedSeconds = &change, &minute
		}
		price *= 1 + 1e-7*float64(i%7-2)
	}
	p := v.Period("itd")
	p.StartAt, p.EndAt = &v.Prices[0].At, &v.Prices[rows-1].At
	r, err := view.New(d, view.Options{SheetRows: MaxRows}).Report(v)
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	stop, watched := make(chan struct{}), sync.WaitGroup{}
	most := before.HeapInuse
	watched.Go(func() {
		var now runtime.MemStats
		for {
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapInuse)
			}
		}
	})
	size := &counter{}
	begun := time.Now() //nolint:forbidigo // measured, not shown
	err = Write(size, &r.Workbook)
	close(stop)
	watched.Wait()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d prices and as many returns: %d MB in %.1f s, %d MB of memory beside the prices", rows, size.n>>20,
		time.Since(begun).Seconds(), (most-before.HeapInuse)>>20)
	if size.n < 50<<20 {
		t.Errorf("the workbook has %d bytes", size.n)
	}
	// the packed file and, while it is written, a buffer or two
	if most-before.HeapInuse > uint64(2*size.n)+64<<20 {
		t.Errorf("%d MB of memory for a file of %d MB", (most-before.HeapInuse)>>20, size.n>>20)
	}
}

// A counter counts bytes.
type counter struct{ n int64 }

func (c *counter) Write(b []byte) (int, error) {
	c.n += int64(len(b))
	return len(b), nil
}
