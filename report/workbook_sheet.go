package report

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"
)

// A layout is what must be said of a sheet before its first row.
type layout struct {
	widths    []float64 // of the columns, in digits
	landscape bool
	header    int // rows that stay in view and are repeated on every printed page
	columns   int // columns that stay in view
}

// A sheet is streamed from top to bottom. Its first error stops it and is
// returned by end.
type sheet struct {
	*book
	name   string
	stream *excelize.StreamWriter
	widths []float64
	row    int // the last one written
	err    error
}

// begin opens a sheet. excelize loses, without an error, what is set too late:
// the properties must be set before the stream is made, view and panes before
// its first row, all else before it ends.
func (b *book) begin(name string, l layout) *sheet {
	s := &sheet{book: b, name: name, widths: l.widths}
	yes, no := true, false
	s.try(b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &yes}))
	if s.err == nil {
		s.stream, s.err = b.file.NewStreamWriter(name)
	}
	if s.err != nil {
		return s
	}
	s.try(b.file.SetSheetView(name, -1, &excelize.ViewOptions{ShowGridLines: &no}))
	for i, width := range l.widths {
		s.try(s.stream.SetColWidth(i+1, i+1, width))
	}
	s.freeze(l)
	s.print(l)
	return s
}

// freeze keeps the header in view.
func (s *sheet) freeze(l layout) {
	if l.header == 0 {
		return
	}
	panes := &excelize.Panes{Freeze: true, YSplit: l.header, TopLeftCell: at(1, l.header+1), ActivePane: "bottomLeft"}
	if l.columns > 0 {
		panes.XSplit, panes.TopLeftCell, panes.ActivePane = l.columns, at(l.columns+1, l.header+1), "bottomRight"
	}
	panes.Selection = []excelize.Selection{{SQRef: panes.TopLeftCell, ActiveCell: panes.TopLeftCell, Pane: panes.ActivePane}}
	s.try(s.stream.SetPanes(panes))
}

// print fits the sheet to the width of A4 paper.
func (s *sheet) print(l layout) {
	paper, orientation, wide, high := 9, "portrait", 1, 0
	if l.landscape {
		orientation = "landscape"
	}
	s.try(s.file.SetPageLayout(s.name, &excelize.PageLayoutOptions{
		Size: &paper, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &high,
	}))
	side, top, foot, yes := 0.4, 0.5, 0.25, true
	s.try(s.file.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{
		Left: &side, Right: &side, Top: &top, Bottom: &top, Header: &foot, Footer: &foot, Horizontally: &yes,
	}))
	// In a footer "&" begins a code.
	title := strings.ReplaceAll(Text(displayName(s.vault), 50), "&", "&&")
	s.try(s.file.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{
		OddFooter: "&L&8 " + title + ", as of " + Date(&s.data.AsOf) + "&C&8" + s.name + "&R&8&P of &N",
	}))
	if l.header > 0 {
		s.try(s.file.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: fmt.Sprintf("'%s'!$1:$%d", s.name, l.header),
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
	if s.err != nil {
		return s.err
	}
	return s.stream.Flush()
}

// rowHeight is the height of a row of one line, in points. Every row says its
// height: programs differ in how high an untold row is, and in whether a text
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

// title writes a heading over a part of the sheet.
func (s *sheet) title(text string) { s.line(20, s.label(heading, text)) }

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

// paragraph writes a text across columns.
func (s *sheet) paragraph(l look, from, to int, lead []any, text string) {
	l.wrap = true
	width := 0.0
	for _, w := range s.widths[from-1 : min(to, len(s.widths))] {
		width += w
	}
	cells := append(lead, s.text(l, text))
	for range to - from {
		cells = append(cells, s.label(l, ""))
	}
	size := cmp.Or(l.size, 10)
	s.line(min(4+1.3*size*lines(text, width*10.5/size), excelize.MaxRowHeight), cells...)
	s.merge(from, to)
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

// headers writes a row of column heads; a head of numbers ends in a tab, one of
// texts that follow numbers begins with one.
func (s *sheet) headers(height float64, heads ...string) {
	cells := make([]any, len(heads))
	for i, h := range heads {
		l := header
		if text, ok := strings.CutSuffix(h, "\t"); ok {
			h, l.align = text, "right"
		}
		if text, ok := strings.CutPrefix(h, "\t"); ok {
			h, l.align, l.indent = text, after.align, after.indent
		}
		cells[i] = s.text(l, h)
	}
	s.line(height, cells...)
}

// at names a cell: at(2, 3) is "B3".
func at(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return "" // refused where it is used
	}
	return name
}
