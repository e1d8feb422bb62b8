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
	periods := 1
	for _, sheet := range []string{"Vaults", "Periods"} {
		rows, err := b.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		columns := map[string]int{}
		for i, head := range rows[0] {
			columns[head] = i + 1
		}
		compare := func(v *marts.Vault, p *marts.Period, row int) {
			if got := b.shown(sheet, at(columns["Id"], row)); got != strings.Map(visible, v.ID) {
				t.Errorf("%s row %d is of %q, want %q", sheet, row, got, v.ID)
			}
			undefined := b.shown(sheet, at(columns["Undefined"], row))
			for _, m := range d.Metrics {
				column := 0
				for head, i := range columns {
					if head == m.Label || m.Name == "sharpe_ratio" && strings.HasPrefix(head, "Sharpe ratio (") {
						column = i
					}
				}
				if column == 0 {
					t.Fatalf("%s has no column of %s", sheet, m.Name)
				}
				var want marts.Value
				if p != nil {
					want = p.Values[m.Name]
				}
				switch {
				case want.Number != nil:
					if got := b.number(sheet, at(column, row)); !digits15(got, *want.Number) {
						t.Errorf("%s row %d: %s is %v, want %v", sheet, row, m.Name, got, *want.Number)
					}
				case b.raw(sheet, at(column, row)) != "" || undefined == "":
					t.Errorf("%s row %d: %s is %q and undefined as %q", sheet, row, m.Name, b.raw(sheet, at(column, row)), undefined)
				case want.Reason != "" && !strings.Contains(undefined, strings.ReplaceAll(want.Reason, "_", " ")):
					t.Errorf("%s row %d: %q does not say %s", sheet, row, undefined, want.Reason)
				}
			}
		}
		for i, v := range d.Vaults {
			if sheet == "Vaults" {
				compare(v, v.Period("itd"), i+2)
				continue
			}
			for j := range v.Periods {
				periods++
				compare(v, &v.Periods[j], periods)
			}
		}
		if want := map[string]int{"Vaults": len(d.Vaults) + 1, "Periods": periods}[sheet]; len(rows) != want {
			t.Errorf("%s has %d rows, want %d", sheet, len(rows), want)
		}
		for _, row := range rows {
			for j, text := range row {
				if strings.ContainsAny(text, "\u202e\x00\x1b") {
					t.Errorf("%s holds %q", sheet, text)
				}
				if strings.HasPrefix(text, "=") && !b.isText(sheet, at(j+1, 1)) {
					t.Errorf("%s holds the formula %q", sheet, text)
				}
			}
		}
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
