package xlsx

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/vaultperf/vaultperf/report/marts"
	"github.com/vaultperf/vaultperf/report/marts/martstest"
	"github.com/vaultperf/vaultperf/report/view"
)

// The sheets' names.
const (
	sheetSummary     = "Summary"
	sheetPrices      = "Share prices"
	sheetReturns     = "Returns"
	sheetAudit       = "Audit"
	sheetMonthly     = "Monthly returns"
	sheetDrawdowns   = "Drawdowns"
	sheetQuality     = "Data quality"
	sheetDefinitions = "Definitions"
	sheetProvenance  = "Provenance"
)

var bookSheets = []string{sheetSummary, sheetPrices, sheetReturns, sheetAudit, sheetMonthly, sheetDrawdowns, sheetQuality, sheetProvenance, sheetDefinitions}

// A testBook is a workbook as a reader finds it.
type testBook struct {
	*excelize.File
	tb    testing.TB
	bytes []byte
}

// bookData reads the fixture's marts.
func bookData(tb testing.TB, rate *float64) *marts.Data {
	tb.Helper()
	return martstest.Read(tb, rate, 10, view.Listings(), martstest.Vaults()...)
}

// write writes a vault's workbook, with at most some rows on a sheet.
func write(w io.Writer, d *marts.Data, v *marts.Vault, most int) error {
	r, err := view.New(d, view.Options{SheetRows: most}).Report(v)
	if err != nil {
		return err
	}
	return Write(w, &r.Workbook)
}

func openBook(tb testing.TB, d *marts.Data, v *marts.Vault, most int) *testBook {
	tb.Helper()
	var b bytes.Buffer
	if err := write(&b, d, v, most); err != nil {
		tb.Fatal(err)
	}
	return readBook(tb, b.Bytes())
}

func readBook(tb testing.TB, content []byte) *testBook {
	tb.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := f.Close(); err != nil {
			tb.Error(err)
		}
	})
	return &testBook{f, tb, content}
}

// shown is a cell as its format shows it; raw is what it holds.
func (b *testBook) shown(sheet, cell string) string {
	b.tb.Helper()
	s, err := b.GetCellValue(sheet, cell)
	if err != nil {
		b.tb.Fatal(err)
	}
	return s
}

func (b *testBook) raw(sheet, cell string) string {
	b.tb.Helper()
	s, err := b.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if err != nil {
		b.tb.Fatal(err)
	}
	return s
}

// number is a cell that must hold a number.
func (b *testBook) number(sheet, cell string) float64 {
	b.tb.Helper()
	kind, err := b.GetCellType(sheet, cell)
	if err != nil {
		b.tb.Fatal(err)
	}
	x, err := strconv.ParseFloat(b.raw(sheet, cell), 64)
	if err != nil || (kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber) {
		b.tb.Fatalf("%s!%s holds %q of type %v, want a number", sheet, cell, b.raw(sheet, cell), kind)
	}
	return x
}

// format is the number format of a cell among the months.
func (b *testBook) format(cell string) string {
	b.tb.Helper()
	id, err := b.GetCellStyle(sheetMonthly, cell)
	if err != nil {
		b.tb.Fatal(err)
	}
	style, err := b.GetStyle(id)
	if err != nil || style.CustomNumFmt == nil {
		b.tb.Fatalf("%s!%s has no number format: %v", sheetMonthly, cell, err)
	}
	return *style.CustomNumFmt
}

// isText says whether a cell holds a text.
func (b *testBook) isText(sheet, cell string) bool {
	b.tb.Helper()
	kind, err := b.GetCellType(sheet, cell)
	if err != nil {
		b.tb.Fatal(err)
	}
	return kind == excelize.CellTypeInlineString
}

// rowOf finds the last row of the summary whose first cell is a text.
func (b *testBook) rowOf(text string) int {
	b.tb.Helper()
	rows, err := b.GetRows(sheetSummary)
	if err != nil {
		b.tb.Fatal(err)
	}
	for i := range slices.Backward(rows) {
		if len(rows[i]) > 0 && rows[i][0] == text {
			return i + 1
		}
	}
	b.tb.Fatalf("no row %q in %s", text, sheetSummary)
	return 0
}

// text is all of a sheet's texts.
func (b *testBook) text(sheet string) string {
	b.tb.Helper()
	rows, err := b.GetRows(sheet)
	if err != nil {
		b.tb.Fatal(err)
	}
	var all []string
	for _, row := range rows {
		all = append(all, strings.Join(row, "\t"))
	}
	return strings.Join(all, "\n")
}

func TestWorkbookSummary(t *testing.T) {
	rate := 0.043
	d := bookData(t, &rate)
	v := martstest.Find(t, d, "gappy")
	b := openBook(t, d, v, MaxRows)

	if got := b.GetSheetList(); !slices.Equal(got, bookSheets) {
		t.Errorf("sheets %q, want %q", got, bookSheets)
	}
	if got := b.shown(sheetSummary, "A1"); got != "alUSD" {
		t.Errorf("title %q", got)
	}
	period := 1 // the periods' row of heads
	for b.shown(sheetSummary, at(2, period)) != "1 day" && period < 200 {
		period++
	}
	heads := []string{
		"1 day", "7 days", "30 days", "90 days", "180 days", "365 days",
		"Month to date", "Quarter to date", "Year to date", "Since inception",
	}
	for column, p := range v.Periods {
		head := strings.TrimSuffix(b.shown(sheetSummary, at(column+2, period)), "*")
		if head != heads[column] {
			t.Errorf("head %q, want %q", head, heads[column])
		}
		for i, m := range d.Metrics {
			cell, want := at(column+2, period+5+i), p.Values[m.Name]
			switch {
			case want.Number == nil:
				if got := b.shown(sheetSummary, cell); got != strings.ReplaceAll(want.Reason, "_", " ") || !b.isText(sheetSummary, cell) {
					t.Errorf("%s of %s is %q, want the reason %q as text", m.Name, p.Period, got, want.Reason)
				}
			case !digits15(b.number(sheetSummary, cell), *want.Number):
				t.Errorf("%s of %s is %v, want %v", m.Name, p.Period, b.number(sheetSummary, cell), *want.Number)
			}
		}
	}
	for _, want := range []string{
		"published by a third party, not chain-verified", "18 of 87 days have no price", "no anchor: The record does not reach back that far",
		"none: history starts at the first reading", "readings as published (69)", "Current",
	} {
		if !strings.Contains(b.text(sheetSummary), want) {
			t.Errorf("the summary does not say %q", want)
		}
	}
}

// figures are of all sizes, in each format that a sheet shows figures in.
func figures(each func(format view.Format, x float64, page string)) {
	// The minus, the space and the power of ten are the spreadsheet's own.
	alike := strings.NewReplacer("−", "-", " ", "", "e", "E")
	for _, format := range []view.Format{view.Percent, view.Points, view.Ratio, view.Price, view.Amount, view.Days, view.LongDays, view.Count} {
		for _, x := range []float64{
			0, 0.0191, 0.0834, -0.00021, -0.021, 1, 12.5, 99.99, 0.00099, 0.001, 0.0009999, 3e-6, -98.7654, 0.5, 20.779, 0.10049,
			1e-12, -1e-12, 1.0190940943977502, 3456.5, 0.00000123, -12345.678, 48123456.78, 7e14, 2, -30, 365, 1e6,
		} {
			if format == view.Count && x != math.Trunc(x) || x < 0 && (format == view.Days || format == view.LongDays) {
				continue
			}
			page := format.Text(&x)
			if format == view.Points {
				page = view.Percent.Text(&x)
			}
			if format == view.Percent && strings.Contains(page, "e") || format == view.Points && strings.Contains(page, "e") {
				continue // a multiple on a sheet
			}
			each(format, x, alike.Replace(page))
		}
	}
}

// The page and the workbook must show one figure alike.
func TestWorkbookFormatsAsThePage(t *testing.T) {
	f := excelize.NewFile()
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	b := &book{file: f, looks: map[look]int{}}
	figures(func(format view.Format, x float64, page string) {
		if code := format.Code(x); code == "#,##0%" {
			return // excelize puts the separators elsewhere; LibreOffice shows them
		}
		style, err := b.style(look{format: format.Code(x)})
		if err == nil {
			err = errors.Join(f.SetCellValue("Sheet1", "A1", x), f.SetCellStyle("Sheet1", "A1", "A1", style))
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.GetCellValue("Sheet1", "A1")
		if err != nil {
			t.Fatal(err)
		}
		if got = strings.ReplaceAll(got, " ", ""); got != page {
			t.Errorf("%v in format %d: the workbook shows %q by %q, the page %q", x, format, got, format.Code(x), page)
		}
	})
}

func TestWorkbookPrices(t *testing.T) {
	d := bookData(t, nil)
	v := martstest.Find(t, d, "gappy")
	v.Prices[5].At = time.Date(2025, 6, 15, 23, 59, 59, 0, time.UTC)
	v.Prices[6].BlockNumber = ptr(int64(1<<53 + 1))
	v.Prices[6].TotalSupplyRaw = "115792089237316195423570985008687907853269984665640564039457584007913129639935"
	b := openBook(t, d, v, MaxRows)

	rows, err := b.GetRows(sheetPrices)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(v.Prices)+1 {
		t.Errorf("%d rows, want a header and %d price points", len(rows), len(v.Prices))
	}
	for _, c := range []struct{ cell, shown, raw string }{
		{"A2", "2025-06-10 17:00:00", ""},
		{"A7", "2025-06-15 23:59:59", ""},
		{"B7", "2025-06-15", "45823"},
		{"C2", "", plainNumber(fifteen(v.Prices[0].SharePrice))},
		{"D2", "", ""}, // no return at inception: blank
		{"E2", "", ""},
		{"D3", "", plainNumber(fifteen(*v.Prices[1].Return))},
		{"I3", "", plainNumber(fifteen(*v.Prices[1].TotalAssets))},
		{"K3", "1000000000", "1000000000"},
		{"L8", v.Prices[6].TotalSupplyRaw, v.Prices[6].TotalSupplyRaw},
		{"M3", "23000001", "23000001"},
		{"M8", "9007199254740993", "9007199254740993"},
		{"N3", "readings as published", ""},
		{"O2", "inception", ""},
		{"O3", "no APY: no anchor", ""},
	} {
		if got := b.shown(sheetPrices, c.cell); c.shown != "" && got != c.shown {
			t.Errorf("%s shows %q, want %q", c.cell, got, c.shown)
		}
		if got := b.raw(sheetPrices, c.cell); (c.raw != "" || c.shown == "") && got != c.raw {
			t.Errorf("%s holds %q, want %q", c.cell, got, c.raw)
		}
	}
	// excelize reads fifteen digits; the file holds all, of which small deviations are made
	part := b.part("xl/worksheets/sheet2.xml")
	for _, x := range []float64{*v.Prices[1].Return, *v.Prices[9].Return, v.Prices[9].SharePrice} {
		if !strings.Contains(part, "<v>"+plainNumber(x)+"</v>") {
			t.Errorf("the sheet does not hold all digits of %v", x)
		}
	}
	for cell, want := range map[string]bool{"A2": false, "C2": false, "K3": true, "L8": true, "M3": false, "M8": true} {
		if got := b.isText(sheetPrices, cell); got != want {
			t.Errorf("%s is text: %t, want %t", cell, got, want)
		}
	}
}

func TestWorkbookIsEasyToRead(t *testing.T) {
	d := bookData(t, nil)
	b := openBook(t, d, martstest.Find(t, d, "usual"), MaxRows)
	titles := map[string]string{}
	for _, name := range b.GetDefinedName() {
		titles[name.Scope+" "+name.Name] = name.RefersTo
	}
	for _, sheet := range bookSheets {
		props, err := b.GetSheetProps(sheet)
		if err != nil || props.FitToPage == nil || !*props.FitToPage {
			t.Errorf("%s does not fit the page: %v", sheet, err)
		}
		page, err := b.GetPageLayout(sheet)
		if err != nil || page.FitToHeight == nil || *page.FitToHeight != 0 || *page.Size != 9 {
			t.Errorf("%s: page %+v: %v", sheet, page, err)
		}
		if view, err := b.GetSheetView(sheet, 0); err != nil || *view.ShowGridLines {
			t.Errorf("%s shows grid lines: %v", sheet, err)
		}
	}
	for sheet, filter := range map[string]string{
		sheetPrices: "$A$1:$O$731", sheetMonthly: "", sheetDrawdowns: "$A$1:$M$", sheetDefinitions: "$A$1:$I$",
	} {
		panes, err := b.GetPanes(sheet)
		if err != nil || !panes.Freeze || panes.YSplit != 1 || panes.XSplit == 0 {
			t.Errorf("%s: panes %+v: %v", sheet, panes, err)
		}
		if got, want := titles[sheet+" _xlnm.Print_Titles"], "'"+sheet+"'!$1:$1"; got != want {
			t.Errorf("%s repeats %q, want %q", sheet, got, want)
		}
		if got := titles[sheet+" _xlnm._FilterDatabase"]; filter != "" && !strings.HasPrefix(got, "'"+sheet+"'!"+filter) {
			t.Errorf("%s is filtered by %q, want %q", sheet, got, filter)
		}
	}
	if props, err := b.GetDocProps(); err != nil || props.Created != "2025-09-05T00:00:00Z" || props.Modified != props.Created {
		t.Errorf("document properties %+v: %v", props, err)
	}
}

func TestWorkbookMonths(t *testing.T) {
	d := bookData(t, nil)
	v := martstest.Find(t, d, "usual")
	v.Months[3].Return, v.Months[3].Reason = nil, "no_price_in_period"
	v.Months[4].SpansGap = true
	b := openBook(t, d, v, MaxRows)
	for i, m := range v.Months {
		cell := at(1+int(m.Month.Month()), 2+2025-m.Month.Year())
		if i == 3 {
			if got := b.shown(sheetMonthly, cell); got != "no price in period" {
				t.Errorf("%s shows %q, want the reason", cell, got)
			}
			continue
		}
		if got := b.number(sheetMonthly, cell); !digits15(got, *m.Return) {
			t.Errorf("%s holds %v, want %v", cell, got, *m.Return)
		}
		if got := strings.HasSuffix(b.format(cell), `%"†"`); got != m.SpansGap {
			t.Errorf("%s is formatted by %q, want a dagger: %t", cell, b.format(cell), m.SpansGap)
		}
		if got := strings.HasSuffix(b.format(cell), `%"*"`); got != m.IsPartial {
			t.Errorf("%s is formatted by %q, want an asterisk: %t", cell, b.format(cell), m.IsPartial)
		}
	}
	if got := b.number(sheetMonthly, "N2"); !digits15(got, *v.Years[len(v.Years)-1].Return) {
		t.Errorf("the year's return is %v", got)
	}
	formats, err := b.GetConditionalFormats(sheetMonthly)
	if err != nil || len(formats["B2:M4"]) != 1 || formats["B2:M4"][0].Type != "3_color_scale" {
		t.Errorf("colours %+v: %v", formats, err)
	}
}

func TestWorkbookDrawdowns(t *testing.T) {
	d := bookData(t, nil)
	v := martstest.Find(t, d, "usual")
	b := openBook(t, d, v, MaxRows)
	depth := math.Inf(-1)
	slices.SortStableFunc(v.Drawdowns, func(a, b marts.Drawdown) int { return cmp.Compare(a.Depth, b.Depth) })
	for i, e := range v.Drawdowns {
		row := strconv.Itoa(i + 2)
		if got := b.number(sheetDrawdowns, "B"+row); !digits15(got, e.Depth) || got < depth {
			t.Errorf("row %s: depth %v, want %v, and no less than %v", row, got, e.Depth, depth)
		}
		depth = fifteen(e.Depth)
		if e.RecoveryAt == nil && (b.raw(sheetDrawdowns, "F"+row) != "" || b.shown(sheetDrawdowns, "L"+row) != "not recovered") {
			t.Errorf("row %s: an open drawdown has recovered on %q", row, b.raw(sheetDrawdowns, "F"+row))
		}
	}
}

func TestWorkbookIsTheSameEveryTime(t *testing.T) {
	d := bookData(t, nil)
	for _, v := range d.Vaults {
		if !v.HasPage {
			continue
		}
		digests := map[[32]byte]bool{}
		for range 8 {
			var b bytes.Buffer
			if err := write(&b, d, v, MaxRows); err != nil {
				t.Fatal(err)
			}
			digests[sha256.Sum256(b.Bytes())] = true
		}
		if len(digests) != 1 {
			t.Errorf("%s: %d different files of 8", v.ID, len(digests))
		}
	}
}

func TestWorkbookOfAwkwardVaults(t *testing.T) {
	d := bookData(t, nil)
	for id, want := range map[string][]string{
		"one-mark": {"There is one price point so far; a line needs two.", "insufficient data: Too few prices"},
		"flat":     {"The share price has been 1.0500", "No drawdown: no price point is below an earlier one.", "flat for a week or more", "Impaired since 2025-08-16, not ranked", "25.00 % of the 12.00 USDT that it claims to have are known to be lost, though its price counts them: 3.00 USDT, as it is told.", "It holds too little for its price to mean anything.", "not ranked: impaired, dust"},
		"stale":    {"Stale", "Unknown what stands behind this price, not ranked: implausible growth", "Nothing was looked at that shows what stands behind this price.", "not ranked: implausible growth, stale"},
	} {
		t.Run(id, func(t *testing.T) {
			b := openBook(t, d, martstest.Find(t, d, id), MaxRows)
			b.mustBeWellFormed()
			for _, sentence := range want {
				if !strings.Contains(b.text(sheetSummary), sentence) {
					t.Errorf("the summary does not say %q", sentence)
				}
			}
			// of a vault that is not ranked the rates at the head are struck out, and of one
			// whose assets are known to be lost the gain
			v := martstest.Find(t, d, id)
			values, isStruck := b.rowOf("Share price ("+v.AssetSymbol+")")+1, map[string]bool{}
			for label, column := range map[string]int{"return": 2, "APY": 4, "Sharpe": 10} {
				id, err := b.GetCellStyle(sheetSummary, at(column, values))
				if err != nil {
					t.Fatal(err)
				}
				style, err := b.GetStyle(id)
				if err != nil {
					t.Fatal(err)
				}
				isStruck[label] = style.Font.Strike
			}
			hasSharpe := v.Value("itd", "headline_sharpe").Number != nil
			if isRanked := id == "one-mark"; isStruck["return"] != (id == "flat") || isStruck["APY"] == isRanked || isStruck["Sharpe"] != (hasSharpe && !isRanked) {
				t.Errorf("struck out: %v", isStruck)
			}
		})
	}
	t.Run("nothing at all", func(t *testing.T) {
		openBook(t, &marts.Data{}, &marts.Vault{}, MaxRows).mustBeWellFormed()
	})
}

func TestWorkbookKeepsTheLastMarksThatFit(t *testing.T) {
	d := bookData(t, nil)
	v := martstest.Find(t, d, "usual")
	const most = 50
	b := openBook(t, d, v, most)
	rows, err := b.GetRows(sheetPrices)
	if err != nil {
		t.Fatal(err)
	}
	first := v.Prices[len(v.Prices)-most]
	if len(rows) != most+1 || b.number(sheetPrices, "C2") != first.SharePrice {
		t.Errorf("%d rows from %s, want the last %d price points", len(rows), b.shown(sheetPrices, "A2"), most)
	}
	peak := 0.0
	for _, m := range v.Prices[:len(v.Prices)-most+1] {
		peak = max(peak, m.SharePrice)
	}
	if got := b.number(sheetPrices, "F2"); got != peak {
		t.Errorf("the highest price so far is %v, want %v", got, peak)
	}
	for _, sheet := range []string{sheetSummary, sheetQuality} {
		if !strings.Contains(b.text(sheet), "holds the last 50 price points; 680 before them") {
			t.Errorf("%s does not say that price points were left out", sheet)
		}
	}
	if sheets := b.GetSheetList(); slices.Contains(sheets, sheetAudit) || slices.Contains(sheets, sheetReturns) {
		t.Error("an audit of all prices was made from some")
	}
}

func TestWorkbookChartsShowTheData(t *testing.T) {
	d := bookData(t, nil)
	v := martstest.Find(t, d, "gappy")
	b := openBook(t, d, v, MaxRows)
	for part, want := range map[string][]string{
		"xl/charts/chart1.xml": {
			`<c:f>'Share prices'!$B$2:$B$70</c:f>`, `<c:f>'Share prices'!$C$2:$C$70</c:f>`, `<c:min val="1"/>`, `<c:max val="1.02"/>`,
			"<c:t", "Share price (USDC)", "<c:lineChart>", "<c:dateAx>",
		},
		"xl/charts/chart2.xml": {`<c:f>'Share prices'!$E$2:$E$70</c:f>`, `<c:max val="0"/>`, "<c:areaChart>"},
	} {
		content, _ := b.Pkg.Load(part)
		text := string(content.([]byte))
		for _, s := range want {
			if !strings.Contains(text, s) {
				t.Errorf("%s lacks %s", part, s)
			}
		}
		if strings.ContainsAny(text, "{}") {
			t.Errorf("%s has a blank left", part)
		}
	}
}

func TestSerial(t *testing.T) {
	for at, want := range map[time.Time]float64{
		time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC):                     61,
		time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC):                     25569,
		time.Date(1969, 12, 31, 12, 0, 0, 0, time.UTC):                  25568.5,
		time.Date(2025, 9, 4, 18, 0, 0, 0, time.UTC):                    45904.75,
		time.Date(2025, 9, 4, 20, 0, 0, 0, time.FixedZone("", 2*60*60)): 45904.75,
	} {
		if got := serial(at); got != want {
			t.Errorf("%v is %v, want %v", at, got, want)
		}
	}
}

// digits15 says whether a number has the first fifteen digits of another.
func digits15(got, want float64) bool { return math.Abs(got-want) <= 5e-15*math.Abs(want) }

func ptr[T any](x T) *T { return &x }

// TestWorkbookListsWhatEventsTell reads the sheets of listings back.
func TestWorkbookListsWhatEventsTell(t *testing.T) {
	d := bookData(t, nil)
	f := openBook(t, d, martstest.Find(t, d, "usual"), MaxRows)
	for _, test := range []struct{ sheet, cell, want string }{
		{"Claims", "B2", "broken"},
		{"Claims", "C3", "All 31 settled requests were paid at the settlement's price."},
		{"Benchmarks", "B3", "30 days"}, // in the order of the periods, not of their codes
		{"Benchmarks", "E3", "-1.23%"},
		{"Benchmarks", "H3", "-0.0041"},
		{"Benchmarks", "J5", "12,346"},
		{"Benchmarks", "A6", "sofr"},
		{"Benchmarks", "G6", "no risk free rate"},
		{"Flows", "A2", "2025-08-17"}, // the latest first
		{"Fees", "D2", "insufficient data"},
		{"Fees", "K3", "1.09"}, // the mark that was set down
		{"Fees", "L3", "1.0612"},
		{"Investor returns", "A3", "First in 2025-08"},
		{"Redemptions", "C2", "waiting"},
		{"Market", "G2", "-7.30%"},
		{"Market", "H2", "market"},
		{"Market", "I2", "-8.00%"},
	} {
		got, err := f.GetCellValue(test.sheet, test.cell)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(got, test.want) {
			t.Errorf("%s %s is %q, want %q", test.sheet, test.cell, got, test.want)
		}
	}
	if rows, err := f.GetRows("Flows"); err != nil || len(rows) != 13 {
		t.Errorf("sheet Flows has %d rows, want a head and 12 (%v)", len(rows), err)
	}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if strings.Contains(strings.Join(row, " "), "00000000ad") {
				t.Errorf("sheet %s names a holder: %q", sheet, row)
			}
		}
	}
}

// TestHostileBenchmark: a name is text wherever it stands, and none is a formula.
func TestHostileBenchmark(t *testing.T) {
	vault := martstest.Vaults()[0]
	vault.Name = "=HYPERLINK(\"http://example.com\")<b>\u202eX</b>"
	d := martstest.Read(t, &martstest.Rate, 1, view.Listings(), vault)
	b := openBook(t, d, d.Vaults[0], MaxRows)
	if got, err := b.GetCellFormula("Benchmarks", "A2"); err != nil || got != "" || !b.isText("Benchmarks", "A2") {
		t.Errorf("a benchmark's name is a formula %q, or no text: %v", got, err)
	}
	if got, want := b.shown("Benchmarks", "A2"), "=HYPERLINK(\"http://example.com\")<b>X</b>"; got != want {
		t.Errorf("the name is %q, want %q", got, want)
	}
}

// TestEveryFigureLeadsToItsDefinition walks all cells: each number, but for times and the
// numbers of rows, stands below or beside a name that leads to the row of the sheet of
// definitions that says what it is, in which unit and by which file.
func TestEveryFigureLeadsToItsDefinition(t *testing.T) {
	d := bookData(t, &martstest.Rate)
	b := openBook(t, d, martstest.Find(t, d, "usual"), 1000)
	leads := func(sheet, cell string) bool {
		found, target, err := b.GetCellHyperLink(sheet, cell)
		if err != nil {
			t.Fatal(err)
		}
		if !found || strings.HasPrefix(target, "https://") {
			return false
		}
		if other, isSheet := strings.CutSuffix(target, "!A1"); isSheet {
			if !slices.Contains(b.GetSheetList(), strings.Trim(other, "'")) {
				t.Errorf("%s!%s leads to %s, which is no sheet", sheet, cell, other)
			}
			return false
		}
		row, isThere := strings.CutPrefix(target, "'"+sheetDefinitions+"'!A")
		for _, column := range []string{"A", "C", "D", "G", "H"} {
			isThere = isThere && b.shown(sheetDefinitions, column+row) != ""
		}
		if !isThere || !strings.HasPrefix(b.shown(sheetDefinitions, "H"+row), "sql/") {
			t.Errorf("%s!%s leads to %q, which defines nothing", sheet, cell, target)
		}
		return true
	}
	for _, sheet := range b.GetSheetList() {
		if sheet == sheetDefinitions {
			continue
		}
		rows, err := b.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		figures := 0
		above := map[int]bool{} // columns under a name that leads on
		for i, row := range rows {
			if strings.Join(row, "") == "" { // the next block has heads of its own
				clear(above)
			}
			if sheet == sheetAudit && strings.HasPrefix(strings.Join(row, ""), "Autocovariances") {
				break
			}
			// a step of the audit says itself what it is
			beside := sheet == sheetAudit && len(row) > 5 && row[5] != ""
			for j := range row {
				cell := at(j+1, i+1)
				if leads(sheet, cell) {
					beside, above[j] = true, true
					continue
				}
				if _, err := strconv.ParseFloat(row[j], 64); err != nil || b.isText(sheet, cell) && !strings.Contains(b.shown(sheet, at(j+1, 1)), "raw integer") || b.isTime(sheet, cell) {
					continue
				}
				figures++
				if !above[j] && !beside && b.shown(sheet, at(j+1, 1)) != "No." {
					t.Errorf("%s!%s: nothing says what %s is", sheet, cell, row[j])
				}
			}
		}
		if len(rows) > 3 && figures == 0 && !slices.Contains([]string{"Permissions", "Claims", sheetQuality}, sheet) {
			t.Errorf("%s has no figure", sheet)
		}
	}
}

// isTime says whether a cell's format is a date's.
func (b *testBook) isTime(sheet, cell string) bool {
	b.tb.Helper()
	id, err := b.GetCellStyle(sheet, cell)
	if err != nil {
		b.tb.Fatal(err)
	}
	style, err := b.GetStyle(id)
	if err != nil {
		b.tb.Fatal(err)
	}
	return style.CustomNumFmt != nil && strings.HasPrefix(*style.CustomNumFmt, "yyyy")
}

// TestWorkbookBeginsWithTheVerdict: the summary says it before anything else, and the days
// and markets behind it have sheets, of which a vault at which nothing was looked has none.
func TestWorkbookBeginsWithTheVerdict(t *testing.T) {
	d := bookData(t, nil)
	for id, want := range map[string]string{
		"usual": "Backed since 2025-08-16",
		"flat":  "Impaired since 2025-08-16, not ranked",
		"gappy": "Unknown what stands behind this price",
	} {
		v := martstest.Find(t, d, id)
		b := openBook(t, d, v, MaxRows)
		if got := b.shown(sheetSummary, "A4"); got != want {
			t.Errorf("%s: below the title stands %q, want %q", id, got, want)
		}
		if b.rowOf("Vault") < 4 {
			t.Errorf("%s: what the vault is stands before its verdict", id)
		}
		for sheet, rows := range map[string]int{"Backing": len(v.Listings["backing"]), "Backing markets": len(v.Listings["backing_markets"])} {
			got, err := b.GetRows(sheet)
			if (err == nil) != (rows > 0) || err == nil && len(got) != rows+1 {
				t.Errorf("%s: sheet %s has %d rows (%v), want %d below its heads", id, sheet, len(got), err, rows)
			}
		}
		if id != "usual" {
			continue
		}
		if days, verdict, worth := b.raw("Backing", "E2"), b.shown("Backing", "B2"), b.shown("Backing", "O2"); days != "48123456.78" || verdict != "backed" || worth != "97.00%" {
			t.Errorf("the last day: claimed %s, %s, worth of %s known", days, verdict, worth)
		}
		if market := b.shown("Backing markets", "C2"); !strings.HasPrefix(market, "0x0f95") || !strings.HasSuffix(market, "b129") || len(market) != 66 {
			t.Errorf("the market is %q", market)
		}
		if link, _, err := b.GetCellHyperLink("Backing", "E1"); err != nil || !link {
			t.Errorf("the head of the claimed assets leads nowhere: %v", err)
		}
	}
}

// part is a part of the archive.
func (b *testBook) part(name string) string {
	b.tb.Helper()
	archive, err := zip.NewReader(bytes.NewReader(b.bytes), int64(len(b.bytes)))
	if err != nil {
		b.tb.Fatal(err)
	}
	content, err := fs.ReadFile(archive, name)
	if err != nil {
		b.tb.Fatal(err)
	}
	return string(content)
}

// TestAuditShowsWhatDoesNotAgree: a figure of the database that its prices do not give is
// shown as such, and so is one that is undefined for another reason.
func TestAuditShowsWhatDoesNotAgree(t *testing.T) {
	d := bookData(t, &martstest.Rate)
	v := copied(martstest.Find(t, d, "usual"))
	values := v.Period("itd").Values
	apy := *values["apy"].Number + 2e-9
	values["apy"] = marts.Value{Number: &apy}
	values["sortino_ratio"] = marts.Value{Reason: "no_downside"}
	b := openBook(t, d, v, MaxRows)
	rows, err := b.GetRows(sheetAudit)
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]int{}
	for _, row := range rows {
		if len(row) > 5 && (row[4] == "yes" || row[4] == "NO") {
			verdicts[row[4]]++
			if isWrong := row[5] == "apy" || row[5] == "sortino_ratio"; isWrong != (row[4] == "NO") {
				t.Errorf("%s agrees: %s", row[0], row[4])
			}
		}
	}
	if verdicts["yes"] != 13 || verdicts["NO"] != 2 || !strings.Contains(b.text(sheetSummary), "2 of 15 DO NOT AGREE") {
		t.Errorf("verdicts %v", verdicts)
	}
	if formats, err := b.GetConditionalFormats(sheetAudit); err != nil || len(formats) != 1 {
		t.Errorf("the verdicts are not coloured: %v, %v", formats, err)
	}
	names := map[string]string{}
	for _, name := range b.GetDefinedName() {
		names[name.Name] = name.RefersTo
	}
	for name, want := range map[string]string{"share_prices": "'Share prices'!$C$2:$C$731", "returns": "'Returns'!$C$2:$C$730", "seconds": "'Returns'!$B$2:$B$730"} {
		if names[name] != want {
			t.Errorf("%s are %s, want %s", name, names[name], want)
		}
	}
}

// TestAuditOfDatedRates: rates that are not in the workbook leave one ratio out, and the
// sheet says so.
func TestAuditOfDatedRates(t *testing.T) {
	d := bookData(t, nil)
	d.RiskFreeSeries = "so<fr>"
	b := openBook(t, d, martstest.Find(t, d, "usual"), MaxRows)
	text := b.text(sheetAudit)
	if _, rest, found := strings.Cut(text, "Not live"); !found || !strings.Contains(rest, "Sharpe ratio (so<fr>)") || strings.Contains(rest, "APY") {
		t.Errorf("the audit does not say what is not live: %q", rest)
	}
	if strings.Contains(text, "sharpe_ratio\t") || !strings.Contains(text, "dated rates") || strings.Contains(b.text(sheetReturns), "isk-free") {
		t.Error("a ratio is computed against rates that are not in the workbook")
	}
}
