package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"sort"
	"time"

	"github.com/xuri/excelize/v2"
)

// The sheets' names. They are ours: nothing from a chain or a config is in them,
// in a defined name or in a formula.
const (
	sheetSummary     = "Summary"
	sheetPrices      = "Share prices"
	sheetMonthly     = "Monthly returns"
	sheetDrawdowns   = "Drawdowns"
	sheetQuality     = "Data quality"
	sheetDefinitions = "Definitions"
)

// sheetRows is how many rows a sheet has below its header.
const sheetRows = 1_048_575

// writeWorkbook writes a vault's workbook. The same data give the same bytes.
// A number that is not finite is an error: a workbook has no cell for it.
func writeWorkbook(w io.Writer, d *Data, v *Vault) error {
	return writeBook(w, d, v, sheetRows)
}

// writeBook keeps the last most marks.
func writeBook(w io.Writer, d *Data, v *Vault, most int) (err error) {
	b := &book{
		file: excelize.NewFile(), data: d, vault: v,
		marks: v.Marks[max(0, len(v.Marks)-most):],
		looks: map[look]int{},
	}
	defer func() { err = cmp.Or(err, b.file.Close()) }()
	if err := drawable(v.Marks); err != nil {
		return err
	}
	if err := b.prepare(); err != nil {
		return err
	}
	type part struct {
		name  string
		write func() error
	}
	parts := []part{
		{sheetSummary, b.summary},
		{sheetPrices, b.prices},
		{sheetMonthly, b.monthly},
		{sheetDrawdowns, b.drawdowns},
	}
	for _, l := range v.Listings {
		parts = append(parts, part{l.sheet, func() error { return b.listing(l) }})
	}
	parts = append(parts, part{sheetQuality, b.quality}, part{sheetDefinitions, b.definitions})
	for _, sheet := range parts {
		if err := sheet.write(); err != nil {
			return fmt.Errorf("sheet %s: %w", sheet.name, err)
		}
	}
	return b.save(w)
}

// drawable refuses what the charts' axes could not span.
func drawable(marks []Mark) error {
	for i := range marks {
		m := &marks[i]
		for _, x := range []*float64{&m.SharePrice, m.Drawdown} {
			if x != nil && (math.IsNaN(*x) || math.IsInf(*x, 0)) {
				return fmt.Errorf("mark of %s: %v is not a number a workbook can hold", DateTime(&m.At), *x)
			}
		}
	}
	return nil
}

// A book is a workbook in the making.
type book struct {
	file  *excelize.File
	data  *Data
	vault *Vault
	marks []Mark // those of sheetPrices: all, or the last that fit
	looks map[look]int
	drawn int // charts
}

// prepare makes the empty sheets and the document's properties.
func (b *book) prepare() error {
	if err := b.file.SetSheetName("Sheet1", sheetSummary); err != nil {
		return err
	}
	names := []string{sheetPrices, sheetMonthly, sheetDrawdowns}
	for _, l := range b.vault.Listings {
		names = append(names, l.sheet)
	}
	for _, name := range append(names, sheetQuality, sheetDefinitions) {
		if _, err := b.file.NewSheet(name); err != nil {
			return err
		}
	}
	// The clock is not read: the night's end stands for the time of writing.
	written := b.data.Until.UTC().Format(time.RFC3339)
	if err := b.file.SetDocProps(&excelize.DocProperties{
		Title:          displayName(b.vault) + ", performance as of " + Date(&b.data.AsOf),
		Subject:        "Performance of the vault " + Text(b.vault.ID, 80),
		Creator:        "vaultperf",
		LastModifiedBy: "vaultperf",
		Created:        written,
		Modified:       written,
	}); err != nil {
		return err
	}
	// Cached values are for readers that compute nothing; all others compute
	// the formulas afresh.
	yes := true
	return b.file.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &yes})
}

// save writes the file, its parts in one fixed order.
func (b *book) save(w io.Writer) error {
	defaults := b.file.ContentTypes.Defaults
	sort.Slice(defaults, func(i, j int) bool { return defaults[i].Extension < defaults[j].Extension })
	b.file.SetZipWriter(func(w io.Writer) excelize.ZipWriter { return &orderedZip{w: w} })
	return b.file.Write(w)
}
