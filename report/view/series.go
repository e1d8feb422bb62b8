package view

import "time"

// A Series is a long table of the inputs of figures, which only a sheet shows. Its
// cells are computed when a row is read.
type Series struct {
	ID      string // the name by which formulas of other blocks know it
	Columns []SeriesColumn
	Len     int // rows

	leftOut string // says so; empty if all are there
}

// A SeriesColumn is one column of a series. Exactly one of its functions is set; it
// returns a row's value, nil for a blank cell.
type SeriesColumn struct {
	ID     string // the name that charts and formulas use; empty: none does
	Head   string
	Is     *Definition // of its figures
	Width  float64     // in digits
	Kind   Kind
	Code   string // number format
	Soft   bool   // remarks
	Left   bool   // stands at the left, though it is no text
	Exact  bool   // whole numbers too long for a spreadsheet: text on purpose
	Number func(row int) *float64
	Whole  func(row int) *int64
	At     func(row int) *time.Time
	Text   func(row int) string
	Link   func(row int) string // where a cell leads to, outside the workbook; nil: nowhere

	// Formula is how a sheet computes the column from row From on, where the value is
	// only what readers see that compute nothing: "{price}" stands for the cell of the
	// column of that id in the same row, "{price-1}" for the one above it, "{prices.price}"
	// for one of another series.
	Formula string
	From    int
	// Name is what formulas call the cells of the whole column; empty: nothing does.
	Name string
}

// Column finds a column by its id: its place, from 0.
func (s *Series) Column(id string) int {
	for i := range s.Columns {
		if s.Columns[i].ID == id {
			return i
		}
	}
	return -1
}

// withLeftOut adds to a vault's warnings that the series does not hold all price points,
// if so.
func (s *Series) withLeftOut(warnings []Cell) []Cell {
	if s.leftOut == "" {
		return warnings
	}
	return append(warnings[:len(warnings):len(warnings)], words(s.leftOut))
}

func (s *Series) sheet(name string) Sheet {
	out := Sheet{Name: name, Landscape: true, Frozen: 1, Blocks: []Block{s}}
	for _, c := range s.Columns {
		out.Widths = append(out.Widths, c.Width)
	}
	return out
}
