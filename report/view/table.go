package view

import (
	"strconv"
	"strings"
	"time"
)

// A Table is rows under heads. A page shows its first rows and not every column,
// a sheet all rows.
type Table struct {
	ID      string
	Title   string // its heading on a sheet, where it is not alone
	Caption string
	Shape   Shape
	Columns []Column
	Rows    []Row
	Lead    int     // how many rows a page shows, from the first
	Before  string  // a sentence above its heads on a sheet
	Notes   []Note  // below it
	Words   string  // instead of the rows, where there are none
	Height  float64 // of its heads on a sheet, in points
	Largest float64 // of a Calendar: the largest size of a month's return

	// Facets name what the rows of a Sortable table can be filtered by besides its
	// columns that are Filter: each row has a text for each.
	Facets []string
}

// Shape is what kind of table it is, which decides how it is laid out.
type Shape int

// The shapes of tables.
const (
	Plain    Shape = iota
	Listing        // a mart's rows
	Crowded        // a Listing of so many columns that a page must crowd them
	Matrix         // figures by period
	Calendar       // years by months, coloured by size
	Lexicon        // words and their meaning
	Files          // paths and counts
	Sortable       // vaults, to be sorted by any column
	Tree           // rows of which some stand below others
)

// A Column is a head, and what its cells have in common.
type Column struct {
	Head  string
	Sheet string      // its head on a sheet, where it is another
	Small string      // a line above the head
	Is    *Definition // of its figures; nil where each row's first cell has its own
	Kind  Kind
	Tone  Tone
	In    Medium
	Width float64 // on a sheet, in digits
	Blank bool    // on a sheet, undefined figures are blank: another column says why

	Filter bool // the rows of a Sortable table can be filtered by its cells' texts
}

// SheetHead is the column's head on a sheet.
func (c *Column) SheetHead() string {
	if c.Sheet != "" {
		return c.Sheet
	}
	return c.Head
}

// Kind is what a column's cells are.
type Kind int

// The kinds of columns.
const (
	Text    Kind = iota // that may need several lines
	Term                // a word or two
	Code                // a hash, a formula, an example from a file
	Ordinal             // a number that counts the rows or names them
	Figure
	Moment
	Trend  // a line of prices
	Status // a badge
)

// Medium is where a column is shown.
type Medium int

// The media that a column may be kept to.
const (
	Everywhere Medium = iota
	OnPages
	OnSheets
)

// A Row is one cell for each column, or a heading over the rows below it.
type Row struct {
	Group string
	Cells []Cell
	Soft  bool // facts about the columns, not figures
	Last  bool // of rows that belong together

	Facets []string // of a Sortable table, as its Facets
}

// A Cell is a figure, a time or a text. Where a figure or a time is undefined, its
// text says why.
type Cell struct {
	Number *float64
	Whole  *int64
	At     *time.Time
	Text   string
	Format Format
	Tone   Tone
	Signs  string      // after a figure, explained below the table
	Full   string      // the text where there is room for all of it; empty: Text
	Title  string      // explains the cell
	Is     *Definition // of a row's first cell: of the row's figures
	Small  string      // a second line
	URL    string      // of the page that tells of it, outside the report
	Level  int         // of a Tree's first column: how many rows it stands below
	Entry  *Entry      // of a Sortable table
}

// An Entry is what only a cell of a Sortable table has.
type Entry struct {
	Link  string  // the folder of a vault's report
	Sort  string  // what a text is sorted by
	Spark []Point // the line of a Trend
}

// String is the cell as a page shows it.
func (c *Cell) String() string {
	switch {
	case c.Number != nil:
		return c.Format.Text(c.Number) + c.Signs
	case c.Whole != nil:
		return c.Format.whole(*c.Whole)
	case c.At != nil:
		return c.Format.Moment(c.At)
	}
	return c.Text
}

// Long is a text where there is room for all of it.
func (c *Cell) Long() string {
	if c.Full != "" {
		return c.Full
	}
	return c.Text
}

// Explained is what explains the cell, or nothing.
func (c *Cell) Explained() string {
	if c.Title == "" && c.At != nil && c.Format != Date {
		return dateTime(c.At)
	}
	return c.Title
}

// IsUndefined says of a cell in a column of figures or times that it has none.
func (c *Cell) IsUndefined() bool { return c.Number == nil && c.Whole == nil && c.At == nil }

// Code is the cell's number format in a spreadsheet; an undefined figure has none.
func (c *Cell) Code() string {
	switch {
	case c.Number != nil:
		return withSigns(c.Format.Code(*c.Number), c.Signs)
	case c.Whole != nil:
		return c.Format.Code(0)
	case c.At != nil:
		return c.Format.momentCode()
	}
	return ""
}

// withSigns adds signs to a number format, so that they are not in the number.
func withSigns(code, signs string) string {
	if signs == "" {
		return code
	}
	sections := strings.Split(code, ";")
	for i, s := range sections {
		if quoted, ok := strings.CutSuffix(s, `"`); ok {
			sections[i] = quoted + signs + `"`
		} else {
			sections[i] = s + `"` + signs + `"`
		}
	}
	return strings.Join(sections, ";")
}

// SortKey is what the cell is sorted by as a number, or as a text; empty sorts
// last.
func (c *Cell) SortKey() string {
	switch {
	case c.Entry != nil:
		return c.Entry.Sort
	case c.Number != nil:
		return strconv.FormatFloat(*c.Number, 'g', 9, 64)
	}
	return ""
}

// Tone is what a cell's appearance adds to its text.
type Tone uint8

// The tones.
const (
	Neutral Tone = iota
	Loss         // below zero, where that is a loss
	Why          // the reason why a figure is undefined
	Absent       // nothing, and no reason for it
	Good
	Mild
	Bad
	Hash  // an address, a hash, a formula
	Total // of its row
	Empty // outside the record
	Flat  // neither gain nor loss
	Void  // a figure that is no result: struck out

	up   // and four stronger ones
	down = up + Shades
)

// Shades is how many strengths a gain's or a loss's colour has.
const Shades = 5

// Tones is how many there are.
const Tones = down + Shades

// Up says whether the tone is a gain's, and how strong from 1 to Shades.
func (t Tone) Up() (level int, ok bool) { return int(t-up) + 1, t >= up && t < down }

// Down says whether the tone is a loss's, and how strong from 1 to Shades.
func (t Tone) Down() (level int, ok bool) { return int(t-down) + 1, t >= down && t < Tones }

func number(x *float64, f Format) Cell { return Cell{Number: x, Format: f} }

func integer(n *int64, f Format) Cell { return Cell{Whole: n, Format: f} }

func moment(t *time.Time, f Format) Cell {
	if t == nil {
		return Cell{Text: Dash, Title: dateTime(t), Tone: Absent, Format: f}
	}
	return Cell{At: t, Format: f}
}

func words(text string) Cell { return Cell{Text: text} }

// stranger is a stranger's text, as much of it as a page and a sheet have room for.
func stranger(s string, longest int) Cell {
	text, full := cut(s, longest)
	return Cell{Text: text, Full: full}
}

// orDash is a figure, or a dash that is no reason.
func orDash(x *float64, f Format) Cell {
	if x == nil {
		return Cell{Text: Dash, Tone: Absent, Format: f}
	}
	return number(x, f)
}

// sheetColumns are the columns that a sheet shows, and widths how wide they are.
func (t *Table) sheetColumns() []Column {
	var out []Column
	for _, c := range t.Columns {
		if c.In != OnPages {
			out = append(out, c)
		}
	}
	return out
}

func (t *Table) widths() []float64 {
	var out []float64
	for _, c := range t.sheetColumns() {
		out = append(out, c.Width)
	}
	return out
}
