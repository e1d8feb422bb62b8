package xlsx

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/vaultperf/vaultperf/report/marts/martstest"
	"github.com/vaultperf/vaultperf/report/view"
)

// cached is a formula's cell in a sheet's XML, its value last.
var cached = regexp.MustCompile(`(<f>[^<]*</f>)<v>[^<]*</v>`)

// forgotten is a workbook without the values of its formulas, so that whatever
// opens it must compute them.
func forgotten(tb testing.TB, content []byte) []byte {
	tb.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range archive.File {
		from, err := f.Open()
		if err != nil {
			tb.Fatal(err)
		}
		part, err := io.ReadAll(from)
		if err != nil {
			tb.Fatal(err)
		}
		to, err := w.Create(f.Name)
		if err == nil {
			_, err = to.Write(cached.ReplaceAll(part, []byte("$1")))
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// recalculated is a workbook after LibreOffice opened and saved it.
func recalculated(t *testing.T, content []byte) *testBook {
	t.Helper()
	return readBook(t, converted(t, content, "xlsx:Calc MS Excel 2007 XML"))
}

// converted is a workbook as LibreOffice saves it in some format.
func converted(t *testing.T, content []byte, format string) []byte {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not installed: formulas are not computed by another program")
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in", "book.xlsx"), filepath.Join(dir, "out")
	if err := os.Mkdir(filepath.Dir(in), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in, content, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	log, err := exec.CommandContext(ctx, office, "--headless", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"),
		"--convert-to", format, "--outdir", out, in).CombinedOutput()
	if err != nil {
		t.Fatalf("soffice: %v\n%s", err, log)
	}
	kind, _, _ := strings.Cut(format, ":")
	content, err = os.ReadFile(filepath.Join(out, "book."+kind))
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	return content
}

// The formulas must give the report's figures in a program that is not ours.
func TestWorkbookFormulasAgreeInLibreOffice(t *testing.T) {
	if testing.Short() {
		t.Skip("starts LibreOffice")
	}
	steady := []float64{1} // its returns differ in the ninth digit, which fifteen of a price do not hold
	for i := range 400 {
		steady = append(steady, steady[i]*(1.0001+1e-9*float64(i*i%11)))
	}
	d := martstest.Read(t, &martstest.Rate, 10, view.Listings(), append(martstest.Vaults()[:4],
		martstest.Vault{ID: "steady", Name: "Steady", Symbol: "USDC", Prices: steady, Assets: 5},
		martstest.Vault{ID: "one-return", Name: "Two Prices", Symbol: "USDC", Prices: []float64{1, 1.01}, Assets: 4},
		martstest.Vault{ID: "last-digit", Name: "Last Digit", Symbol: "USDC", Prices: []float64{1.4, math.Nextafter(1.4, 2), 1.42, 1.41, 1.43}, Assets: 2},
		martstest.Vault{ID: "lost", Name: "All Lost", Symbol: "USDC", Prices: []float64{1, 1.01, 0.7, 0}, Assets: 3},
	)...)
	for _, id := range []string{"usual", "gappy", "flat", "steady", "one-return", "last-digit", "lost"} {
		t.Run(id, func(t *testing.T) {
			v := martstest.Find(t, d, id)
			ours := openBook(t, d, v, MaxRows)
			b := recalculated(t, forgotten(t, ours.bytes))
			rows := b.mustAgree()
			for _, metric := range []string{"total_return", "apy", "volatility", "headline_sharpe", "sharpe_ratio_zero", "sharpe_ratio", "newey_west_sharpe", "ljung_box_p", "downside_deviation", "sortino_ratio", "max_drawdown", "current_drawdown", "calmar_ratio", "value_at_risk_95", "win_rate"} {
				row, want := rows[metric], v.Value("itd", metric)
				if row == "" {
					t.Errorf("the audit has no row of %s", metric)
					continue
				}
				if want.Number == nil {
					if got := b.shown(sheetAudit, "C"+row); got != strings.ReplaceAll(want.Reason, "_", " ") {
						t.Errorf("%s: LibreOffice says %q, want the reason %q", metric, got, want.Reason)
					}
					continue
				}
				if got := b.number(sheetAudit, "C"+row); math.Abs(got-*want.Number) > 1e-9*max(1, math.Abs(*want.Number)) {
					t.Errorf("%s: LibreOffice computes %v, want %v", metric, got, *want.Number)
				}
			}
			// what a reader sees that computes nothing
			audit, err := ours.GetRows(sheetAudit, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			for i := range audit {
				cell := "C" + strconv.Itoa(i+1)
				cached, err := strconv.ParseFloat(ours.raw(sheetAudit, cell), 64)
				if formula, _ := ours.GetCellFormula(sheetAudit, cell); formula == "" {
					continue
				}
				if err != nil {
					if ours.raw(sheetAudit, cell) != b.raw(sheetAudit, cell) {
						t.Errorf("%s: the file holds %q for its formula, LibreOffice says %q", cell, ours.raw(sheetAudit, cell), b.raw(sheetAudit, cell))
					}
					continue
				}
				if got := b.number(sheetAudit, cell); math.Abs(got-cached) > 1e-12+1e-10*math.Abs(got) {
					t.Errorf("%s: the file holds %v for its formula, LibreOffice computes %v", cell, cached, got)
				}
			}
			peak := 0.0
			for i, m := range v.Prices {
				peak = max(peak, m.SharePrice)
				row := strconv.Itoa(i + 2)
				if got := b.number(sheetPrices, "F"+row); math.Abs(got-peak) > 1e-14*peak {
					t.Errorf("row %s: the highest price so far is %v, want %v", row, got, peak)
				}
				if got := b.shown(sheetPrices, "A"+row); got != m.At.UTC().Format("2006-01-02 15:04:05") {
					t.Errorf("row %s: the time is %q, want %v", row, got, m.At)
				}
				if i == 0 {
					continue
				}
				row = strconv.Itoa(i + 1)
				if got := b.number(sheetReturns, "C"+row); math.Abs(got-*m.Return) > 1e-14 {
					t.Errorf("row %s: the return is %v, want %v", row, got, *m.Return)
				}
				if got := b.number(sheetReturns, "B"+row); got != *m.ElapsedSeconds {
					t.Errorf("row %s: %v seconds, want %v", row, got, *m.ElapsedSeconds)
				}
			}
		})
	}
}

// mustAgree finds the rows of the audit's figures by their names, and wants of each that
// the sheet itself finds that it agrees.
func (b *testBook) mustAgree() map[string]string {
	b.tb.Helper()
	rows, err := b.GetRows(sheetAudit)
	if err != nil {
		b.tb.Fatal(err)
	}
	found := map[string]string{}
	for i, row := range rows {
		if len(row) < 6 || row[4] != "yes" && row[4] != "NO" {
			continue
		}
		found[row[5]] = strconv.Itoa(i + 1)
		if row[4] != "yes" {
			b.tb.Errorf("%s does not agree: %q", row[0], row)
		}
	}
	return found
}

// Figures read in LibreOffice as they do on the page.
func TestWorkbookFormatsAsThePageInLibreOffice(t *testing.T) {
	if testing.Short() {
		t.Skip("starts LibreOffice")
	}
	f := excelize.NewFile()
	b := &book{file: f, looks: map[look]int{}}
	var want []string
	var values []float64
	figures(func(format view.Format, x float64, page string) {
		style, err := b.style(look{format: format.Code(x)})
		cell := at(1, len(want)+1)
		if err == nil {
			err = errors.Join(f.SetCellValue("Sheet1", cell, x), f.SetCellStyle("Sheet1", cell, cell, style))
		}
		if err != nil {
			t.Fatal(err)
		}
		want, values = append(want, page), append(values, x)
	})
	var book bytes.Buffer
	if err := errors.Join(f.Write(&book), f.Close()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(converted(t, book.Bytes(), asShown))).ReadAll()
	if err != nil || len(rows) != len(want) {
		t.Fatalf("%d rows, want %d: %v", len(rows), len(want), err)
	}
	for i, row := range rows {
		if got := strings.ReplaceAll(row[0], " ", ""); got != want[i] {
			t.Errorf("%v: LibreOffice shows %q, the page %q", values[i], got, want[i])
		}
	}
}

// asShown is CSV in UTF-8 of what cells show, not of what they hold.
const asShown = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true"

// A name that looks like a formula must still be a text after another program
// opened and saved the file.
func TestWorkbookTextStaysTextInLibreOffice(t *testing.T) {
	if testing.Short() {
		t.Skip("starts LibreOffice")
	}
	d := bookData(t, nil)
	v := martstest.Find(t, d, "one-mark")
	v.Name, v.Address, v.ID, v.Safe = `=HYPERLINK("http://example.com","x")`, "+1", "@SUM(A1)", "-2+3"
	b := recalculated(t, openBook(t, d, v, MaxRows).bytes)
	for row, want := range map[string]string{"Vault": v.ID, "Address": v.Address, "Safe": v.Safe} {
		cell := at(2, b.rowOf(row))
		if got := b.shown(sheetSummary, cell); got != want {
			t.Errorf("%s is %q, want %q", row, got, want)
		}
		if formula, err := b.GetCellFormula(sheetSummary, cell); err != nil || formula != "" {
			t.Errorf("%s is the formula %q: %v", row, formula, err)
		}
	}
	if got := b.shown(sheetSummary, "A1"); got != v.Name {
		t.Errorf("the title is %q, want %q", got, v.Name)
	}
}

// TestWorkbookPrintedByLibreOffice: every sheet is printed, no formula fails, and no
// figure is too wide for its column.
func TestWorkbookPrintedByLibreOffice(t *testing.T) {
	if testing.Short() {
		t.Skip("starts LibreOffice")
	}
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed")
	}
	d := bookData(t, &martstest.Rate)
	for name, b := range map[string]*testBook{
		"usual": openBook(t, d, martstest.Find(t, d, "usual"), MaxRows), "all vaults": allVaults(t, d),
	} {
		file := filepath.Join(t.TempDir(), "book.pdf")
		if err := os.WriteFile(file, converted(t, forgotten(t, b.bytes), "pdf"), 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := exec.CommandContext(t.Context(), reader, "-layout", file, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		foot := regexp.MustCompile(`as of 2025-09-04 +(\S.*\S) +\d+ of \d+`)
		printed := map[string]bool{}
		for _, m := range foot.FindAllStringSubmatch(string(text), -1) {
			printed[m[1]] = true
		}
		for _, sheet := range b.GetSheetList() {
			if !printed[sheet] {
				t.Errorf("%s: %s is not printed", name, sheet)
			}
		}
		for _, wrong := range []string{"###", "#NAME?", "#VALUE!", "#DIV/0!", "#REF!", "#N/A", "#NUM!", "Err:"} {
			if i := strings.Index(string(text), wrong); i >= 0 {
				t.Errorf("%s: %q is printed: %.200q", name, wrong, text[max(0, i-100):])
			}
		}
	}
}
