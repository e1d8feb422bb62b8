package xlsx

import (
	"fmt"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/vaultperf/vaultperf/report/view"
)

// A sheet is streamed from top to bottom. Its first error stops it and is
// returned by end.
type sheet struct {
	*book
	name      string
	stream    *excelize.StreamWriter
	widths    []float64 // of the columns, in digits
	across    int       // columns that a paragraph spans
	landscape bool
	filtered  bool
	row       int // the last one written
	err       error
}

// begin opens a sheet. excelize loses, without an error, what is set too late:
// the properties must be set before the stream is made, view and panes before
// its first row, all else before it ends.
func (b *book) begin(page *view.Sheet) *sheet {
	s := &sheet{book: b, name: page.Name, widths: page.Widths, across: page.Across, landscape: page.Landscape}
	yes, no := true, false
	s.try(b.file.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &yes}))
	if s.err == nil {
		s.stream, s.err = b.file.NewStreamWriter(s.name)
	}
	if s.err != nil {
		return s
	}
	s.try(b.file.SetSheetView(s.name, -1, &excelize.ViewOptions{ShowGridLines: &no}))
	for i, width := range s.widths {
		s.try(s.stream.SetColWidth(i+1, i+1, width))
	}
	s.freeze(page.Frozen)
	s.print(page.Frozen > 0, page.Wide)
	return s
}

// freeze keeps the heads and the first columns in view.
func (s *sheet) freeze(columns int) {
	if columns == 0 {
		return
	}
	panes := &excelize.Panes{Freeze: true, XSplit: columns, YSplit: 1, TopLeftCell: at(columns+1, 2), ActivePane: "bottomRight"}
	panes.Selection = []excelize.Selection{{SQRef: panes.TopLeftCell, ActiveCell: panes.TopLeftCell, Pane: panes.ActivePane}}
	s.try(s.stream.SetPanes(panes))
}

// print fits the sheet to the width of A4 paper unless it is wide, its heads on every
// page.
func (s *sheet) print(heads, isWide bool) {
	paper, orientation, wide, high := 9, "portrait", 1, 0
	if s.landscape {
		orientation = "landscape"
	}
	titles := fmt.Sprintf("'%s'!$1:$1", s.name)
	if isWide {
		wide = 0
		titles = fmt.Sprintf("'%[1]s'!$A:$A,'%[1]s'!$1:$1", s.name)
	}
	s.try(s.file.SetPageLayout(s.name, &excelize.PageLayoutOptions{
		Size: &paper, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &high,
	}))
	side, top, foot, yes := 0.4, 0.5, 0.25, true
	s.try(s.file.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{
		Left: &side, Right: &side, Top: &top, Bottom: &top, Header: &foot, Footer: &foot, Horizontally: &yes,
	}))
	// In a footer "&" begins a code.
	footer := strings.ReplaceAll(s.Footer, "&", "&&")
	s.try(s.file.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{
		OddFooter: "&L&8 " + footer + "&C&8" + s.name + "&R&8&P of &N",
	}))
	if heads {
		s.try(s.file.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: titles,
		}))
	}
}

func (s *sheet) try(err error) {
	if s.err == nil {
		s.err = err
	}
}

// end writes the sheet out.
func (s *sheet) end() error {
	if columns := max(len(s.widths), s.across); s.row > 0 && columns > 0 {
		s.try(s.file.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Area", Scope: s.name, RefersTo: fmt.Sprintf("'%s'!$A$1:$%s", s.name, fixed(columns, s.row)),
		}))
	}
	if s.err != nil {
		return s.err
	}
	return s.stream.Flush()
}

// rowHeight is the height of a row of one line, in points. Every row says its
// height: programs differ in the default height of a row, and in whether a text
// that wraps makes it higher.
const rowHeight = 15

// line writes the next row.
func (s *sheet) line(height float64, cells ...any) {
	s.row++
	if s.err == nil {
		s.try(s.stream.SetRow(at(1, s.row), cells, excelize.RowOpts{Height: height}))
	}
}

// skip leaves a row empty.
func (s *sheet) skip() { s.row++ }

// merge makes one cell of some columns of the last row.
func (s *sheet) merge(from, to int) {
	if s.err == nil && to > from {
		s.try(s.stream.MergeCell(at(from, s.row), at(to, s.row)))
	}
}

// wrapped writes a row as high as its longest text needs.
func (s *sheet) wrapped(cells ...any) {
	most := 1.0
	for i, c := range cells {
		if c, ok := c.(excelize.Cell); ok {
			if text, ok := c.Value.(string); ok {
				most = max(most, lines(text, s.widths[i]))
			}
		}
	}
	s.line(min(2+13*most, excelize.MaxRowHeight), cells...)
}

// lines is how many lines a text needs at some characters a line.
func lines(text string, width float64) float64 {
	return max(1, math.Ceil(float64(len([]rune(text)))/max(width, 1)))
}

// filter puts a filter over a header and the rows below it.
func (s *sheet) filter(headerRow, columns, lastRow int) {
	if s.err == nil {
		s.try(s.file.AutoFilter(s.name, at(1, headerRow)+":"+at(columns, lastRow), nil))
	}
}

// at names a cell: at(2, 3) is "B3".
func at(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return "" // refused where it is used
	}
	return name
}
