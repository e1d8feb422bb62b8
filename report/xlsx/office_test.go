package xlsx

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/report/marts/martstest"
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
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	log, err := exec.CommandContext(ctx, office, "--headless", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"),
		"--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", out, in).CombinedOutput()
	if err != nil {
		t.Fatalf("soffice: %v\n%s", err, log)
	}
	content, err = os.ReadFile(filepath.Join(out, "book.xlsx"))
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	return readBook(t, content)
}

// The formulas must give the report's figures in a program that is not ours.
func TestWorkbookFormulasAgreeInLibreOffice(t *testing.T) {
	if testing.Short() {
		t.Skip("starts LibreOffice")
	}
	rate := 0.043
	d := bookData(t, &rate)
	for _, id := range []string{"usual", "gappy"} {
		t.Run(id, func(t *testing.T) {
			v := martstest.Find(t, d, id)
			ours := openBook(t, d, v, MaxRows)
			b := recalculated(t, forgotten(t, ours.bytes))

			first := b.rowOf(sheetSummary, "Figure") + 1 // the last such row is the check's
			for i, metric := range []string{"total_return", "apy", "volatility", "sharpe_ratio_zero", "max_drawdown", "win_rate"} {
				row := strconv.Itoa(first + i)
				want := *v.Value("itd", metric).Number
				if got := b.number(sheetSummary, "B"+row); !digits15(got, want) {
					t.Errorf("%s: the report's own value is %v, want %v", metric, got, want)
				}
				if got := b.number(sheetSummary, "C"+row); math.Abs(got-want) > 1e-9 {
					t.Errorf("%s: LibreOffice computes %v, want %v", metric, got, want)
				}
				if cached := ours.number(sheetSummary, "C"+row); math.Abs(cached-b.number(sheetSummary, "C"+row)) > 1e-12 {
					t.Errorf("%s: the file holds %v for its formula, LibreOffice computes %v", metric, cached, b.number(sheetSummary, "C"+row))
				}
				if got := b.shown(sheetSummary, "E"+row); got != "yes" {
					t.Errorf("%s agrees: %q", metric, got)
				}
			}
			peak := 0.0
			for i, m := range v.Marks {
				peak = max(peak, m.SharePrice)
				row := strconv.Itoa(i + 2)
				if got := b.number(sheetPrices, "F"+row); !digits15(got, peak) {
					t.Errorf("row %s: the highest price so far is %v, want %v", row, got, peak)
				}
				if got := b.shown(sheetPrices, "A"+row); got != m.At.UTC().Format("2006-01-02 15:04:05") {
					t.Errorf("row %s: the time is %q, want %v", row, got, m.At)
				}
			}
		})
	}
}

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
		cell := at(2, b.rowOf(sheetSummary, row))
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
