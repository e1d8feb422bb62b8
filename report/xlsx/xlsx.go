// Package xlsx writes reports as workbooks: cells that hold numbers and times, and
// charts that the spreadsheet draws from them. It chooses no figure, word, order or
// number of digits; what package view says is put into cells.
package xlsx

import (
	"cmp"
	"fmt"
	"io"
	"sort"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/vaultperf/vaultperf/report/view"
)

// MaxRows is how many rows a sheet can have below one row of heads.
const MaxRows = 1_048_575

// Write writes a workbook. The same workbook gives the same bytes. A number that
// is not finite is an error: a workbook has no cell for it.
func Write(w io.Writer, workbook *view.Workbook) (err error) {
	b := &book{
		file: excelize.NewFile(), Workbook: workbook,
		looks: map[look]int{}, series: map[*view.Series]string{}, ids: map[string]*view.Series{}, defined: map[string]string{},
		later: map[string]func(io.Writer) error{},
	}
	defer func() { err = cmp.Or(err, b.file.Close()) }()
	if err := b.prepare(); err != nil {
		return err
	}
	for i := range workbook.Sheets {
		if err := b.sheet(&workbook.Sheets[i]); err != nil {
			return fmt.Errorf("sheet %s: %w", workbook.Sheets[i].Name, err)
		}
	}
	return b.save(w)
}

// A book is a workbook in the making.
type book struct {
	*view.Workbook
	file   *excelize.File
	looks  map[look]int
	series map[*view.Series]string // the sheets they are on
	ids    map[string]*view.Series
	// defined are the cells that say what a figure is, by its definition's id
	defined map[string]string
	drawn   int                              // charts
	later   map[string]func(io.Writer) error // rows of sheets, by their parts of the archive
}

// prepare makes the empty sheets and the document's properties.
func (b *book) prepare() error {
	for i, s := range b.Sheets {
		var err error
		if i == 0 {
			err = b.file.SetSheetName("Sheet1", s.Name)
		} else {
			_, err = b.file.NewSheet(s.Name)
		}
		if err != nil {
			return err
		}
		for _, block := range s.Blocks {
			switch block := block.(type) {
			case *view.Series:
				b.series[block], b.ids[block.ID] = s.Name, block
			case *view.Table:
				b.define(s.Name, block)
			}
		}
	}
	if err := b.callColumns(); err != nil {
		return err
	}
	written := b.Written.UTC().Format(time.RFC3339)
	if err := b.file.SetDocProps(&excelize.DocProperties{
		Title:          b.Title,
		Subject:        b.Subject,
		Creator:        b.Creator,
		LastModifiedBy: b.Creator,
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

// callColumns gives the columns of series their names.
func (b *book) callColumns() error {
	for _, page := range b.Sheets {
		for _, block := range page.Blocks {
			series, ok := block.(*view.Series)
			if !ok || series.Len == 0 {
				continue
			}
			for i := range series.Columns {
				name := series.Columns[i].Name
				if name == "" {
					continue
				}
				if err := b.file.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: b.cells(series, i, 0, series.Len-1)}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// sheet writes the blocks of a sheet from top to bottom.
func (b *book) sheet(page *view.Sheet) error {
	s := b.begin(page)
	for _, block := range page.Blocks {
		switch block := block.(type) {
		case view.Title:
			s.title(block)
		case view.Heading:
			s.heading(string(block))
		case view.Prose:
			s.skip()
			s.paragraph(soft, 1, page.Across, nil, string(block))
		case *view.Profile:
			s.profile(block)
		case *view.Cards:
			s.cards(block)
		case *view.Warnings:
			s.warnings(block)
		case *view.Facts:
			s.facts(*block)
		case *view.Terms:
			s.terms(block)
		case *view.Charts:
			s.charts(*block)
		case *view.Table:
			s.table(block)
		case *view.Series:
			s.rows(block)
		case *view.Contents:
			s.contents(block)
		case *view.Audit:
			s.audit(block)
		default:
			s.try(fmt.Errorf("a sheet has no form for %T", block))
		}
	}
	return s.end()
}

// save writes the file, its parts in one fixed order.
func (b *book) save(w io.Writer) error {
	defaults := b.file.ContentTypes.Defaults
	sort.Slice(defaults, func(i, j int) bool { return defaults[i].Extension < defaults[j].Extension })
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return &orderedZip{w: w, later: b.later} })
	return b.file.Write(w)
}
