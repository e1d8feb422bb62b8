package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/xuri/excelize/v2"

	"github.com/vaultperf/vaultperf/report/marts"
	"github.com/vaultperf/vaultperf/report/marts/martstest"
)

func TestWorkbookKeepsStrangersTextAsText(t *testing.T) {
	hostile := []string{
		`=HYPERLINK("http://example.com","x")`, "+1", "-2+3", "@SUM(A1)", "=cmd|'/c calc'!A0", "\t=1+1", "\r\n=1", "'=1",
		"\u202e=1\u2066\u200b", "a\x00\x01\x1b[31m\x7fb", "\xff\xfe", strings.Repeat("=x", 20000), "]]></t></is>&amp;<f>1</f>", "_x0041_",
		"&P&\"Arial\"&24", "",
	}
	d := bookData(t, nil)
	v := martstest.Find(t, d, "gappy")
	for i, name := range hostile {
		v.ID, v.Name, v.Address, v.Safe, v.Family, v.AssetSymbol, v.SourceNote = name, name, name, name, name, name, name
		for k := range v.Warnings {
			v.Warnings[k].Message = name
		}
		for k := range d.Imports {
			f := &d.Imports[k]
			f.Path, f.Note, f.Kind, f.Format, f.SHA256 = name, name, name, name, name
			for r := range f.Reasons {
				f.Reasons[r].Reason, f.Reasons[r].Example = name, name
			}
		}
		v.Prices[3].Source, v.Prices[3].TotalAssetsRaw = name, name
		v.Months[0].Return, v.Months[0].Reason = nil, name
		v.Periods[9].Values["volatility"] = marts.Value{Reason: name}
		b := openBook(t, d, v, MaxRows)
		for _, sheet := range bookSheets {
			b.mustHoldPlainText(sheet, i)
		}
		b.mustBeWellFormed()
	}
}

// mustHoldPlainText looks for formulas that are not ours and for characters that
// cannot be seen.
func (b *testBook) mustHoldPlainText(sheet string, i int) {
	b.tb.Helper()
	rows, err := b.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		b.tb.Fatal(err)
	}
	for r, row := range rows {
		for c, text := range row {
			formula, err := b.GetCellFormula(sheet, at(c+1, r+1))
			if err != nil {
				b.tb.Fatal(err)
			}
			ours := sheet == sheetPrices && c+1 == 6 || sheet == sheetReturns || sheet == sheetAudit && c >= 2 && c <= 4
			if formula != "" && !ours {
				b.tb.Errorf("name %d: %s!%s is the formula %q", i, sheet, at(c+1, r+1), formula)
			}
			if strings.ContainsFunc(text, func(r rune) bool { return r != ' ' && !unicode.IsPrint(r) }) || len(text) > 32767 {
				b.tb.Errorf("name %d: %s!%s holds %.80q", i, sheet, at(c+1, r+1), text)
			}
		}
	}
}

// toExplorer is the only kind of link that leaves a workbook,
// but one from the workbook of all vaults to that of each.
var toExplorer = regexp.MustCompile(` Target="(https://[a-z.]+/address/0x[0-9a-f]{40}|[0-9a-z-]+/report\.xlsx)"`)

// mustBeWellFormed parses every part, and finds none that reaches outside.
func (b *testBook) mustBeWellFormed() {
	b.tb.Helper()
	archive, err := zip.NewReader(bytes.NewReader(b.bytes), int64(len(b.bytes)))
	if err != nil {
		b.tb.Fatal(err)
	}
	var names []string
	for _, f := range archive.File {
		names = append(names, f.Name)
		if !f.Modified.IsZero() && f.Modified.Year() > 1980 {
			b.tb.Errorf("%s is dated %v", f.Name, f.Modified)
		}
		r, err := f.Open()
		if err != nil {
			b.tb.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			b.tb.Fatal(err)
		}
		decoder := xml.NewDecoder(bytes.NewReader(content))
		for err == nil {
			_, err = decoder.Token()
		}
		if !errors.Is(err, io.EOF) {
			b.tb.Errorf("%s: %v", f.Name, err)
		}
		if strings.Contains(f.Name, "externalLink") {
			b.tb.Errorf("%s reaches outside the workbook", f.Name)
		}
		for _, link := range strings.Split(string(content), "<Relationship ") {
			if strings.Contains(link, "External") && !toExplorer.MatchString(link) {
				b.tb.Errorf("%s reaches outside the workbook: %s", f.Name, link)
			}
		}
	}
	if !slices.IsSorted(names) {
		b.tb.Errorf("parts out of order: %q", names)
	}
}

func TestWorkbookRefusesWhatIsNoNumber(t *testing.T) {
	clean := bookData(t, nil)
	for sheet, spoil := range map[string]func(d *marts.Data, v *marts.Vault, x float64){
		sheetSummary + ", period": func(_ *marts.Data, v *marts.Vault, x float64) {
			v.Periods[0].Values["win_rate"] = marts.Value{Number: &x}
		},
		sheetSummary + ", headline": func(_ *marts.Data, v *marts.Vault, x float64) { v.SharePrice = &x },
		sheetSummary + ", assets":   func(_ *marts.Data, v *marts.Vault, x float64) { v.TotalAssets = &x },
		sheetSummary + ", rate":     func(d *marts.Data, _ *marts.Vault, x float64) { d.RiskFreeRate = &x },
		sheetPrices + ", price":     func(_ *marts.Data, v *marts.Vault, x float64) { v.Prices[9].SharePrice = x },
		sheetPrices + ", return":    func(_ *marts.Data, v *marts.Vault, x float64) { v.Prices[9].Return = &x },
		sheetPrices + ", supply":    func(_ *marts.Data, v *marts.Vault, x float64) { v.Prices[9].TotalSupply = &x },
		sheetPrices + ", rolling":   func(_ *marts.Data, v *marts.Vault, x float64) { v.Rolling[60].APY = &x },
		sheetMonthly + ", month":    func(_ *marts.Data, v *marts.Vault, x float64) { v.Months[1].Return = &x },
		sheetMonthly + ", year":     func(_ *marts.Data, v *marts.Vault, x float64) { v.Years[0].Return = &x },
		sheetDrawdowns + ", depth":  func(_ *marts.Data, v *marts.Vault, x float64) { v.Drawdowns[0].Depth = x },
	} {
		for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			d, v := *clean, copied(martstest.Find(t, clean, "gappy"))
			spoil(&d, v, x)
			if err := write(io.Discard, &d, v, MaxRows); err == nil {
				t.Errorf("%s: %v was written", sheet, x)
			}
		}
	}
}

// copied is a vault whose figures may be changed.
func copied(v *marts.Vault) *marts.Vault {
	c := *v
	c.Periods, c.Prices, c.Drawdowns = slices.Clone(v.Periods), slices.Clone(v.Prices), slices.Clone(v.Drawdowns)
	c.Months, c.Years, c.Rolling = slices.Clone(v.Months), slices.Clone(v.Years), slices.Clone(v.Rolling)
	for i := range c.Periods {
		c.Periods[i].Values = maps.Clone(c.Periods[i].Values)
	}
	return &c
}

// TestAddressesLeadToTheExplorer: an address of a chain whose explorer is known does, a
// text in its place does not.
func TestAddressesLeadToTheExplorer(t *testing.T) {
	d := bookData(t, nil)
	v := copied(martstest.Find(t, d, "one-mark"))
	const address = "0xDcD0F5Ab30856f28385f641580bbd85f88349124"
	for _, c := range []struct {
		chain         int64
		address, want string
	}{
		{1, address, "https://etherscan.io/address/" + strings.ToLower(address)},
		{8453, address, "https://basescan.org/address/" + strings.ToLower(address)},
		{31337, address, ""},
		{1, address + "/../../x", ""},
		{1, `javascript:alert(1)`, ""},
		{1, "https://example.com/" + address, ""},
	} {
		v.ChainID, v.Address = c.chain, c.address
		b := openBook(t, d, v, MaxRows)
		found, got, err := b.GetCellHyperLink(sheetSummary, at(2, b.rowOf("Address")))
		if err != nil || found != (c.want != "") || got != c.want {
			t.Errorf("%s on chain %d leads to %q, want %q: %v", c.address, c.chain, got, c.want, err)
		}
	}
}
