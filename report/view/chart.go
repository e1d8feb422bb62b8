package view

import (
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
)

// A Chart is a line over time, or the words that stand for it.
type Chart struct {
	ID     string // price, drawdown or rolling
	Title  string
	Note   string // one line under the title
	Alt    string // what it shows, for screen readers
	Words  string // instead of a drawing, where there is nothing to draw
	Format Format // of its values
	Is     *Definition
	Points []Point
	Lines  []Line // instead of Points, each with a point at the same moments
	X, Y   Scale
	Bands  []Band
	Filled bool // down from zero
	Native *Native
}

// A Line is one of several in a chart.
type Line struct {
	Name   string
	Is     *Definition // nil: it is the chart's
	Points []Point
	Colour int  // of LineColours
	Filled bool // down to zero

	column string // of a listing
}

// LineColours is how many colours lines have.
const LineColours = 8

// Charts stand side by side on a sheet.
type Charts []*Chart

// A Native is a chart as a spreadsheet draws it itself, from the cells of a series.
type Native struct {
	Title  string
	Series *Series
	X, Y   int // columns of the series
	Dates  DateAxis
	Scale  Scale
	Code   string // number format of the value axis
}

// A DateAxis is an axis of days.
type DateAxis struct {
	From, To time.Time
	Step     int    // units from tick to tick
	Unit     string // days, months or years
	Code     string // number format
}

// A Scale is the labelled ticks of an axis, from its first to its last.
type Scale struct {
	At   []float64
	Text []string
	Min  float64
	Max  float64
}

// Step is how far apart the first two ticks are.
func (s *Scale) Step() float64 { return s.At[1] - s.At[0] }

// A Band is a shaded stretch of time.
type Band struct {
	From, To float64 // milliseconds
	Label    string
}

// Tip is what is said of one point: its time above its value.
func (c *Chart) Tip(p Point) string { return dateTime(&p.At) + "\n" + c.Format.Text(p.Y) }

// Moments are those of all lines.
func (c *Chart) Moments() []Point {
	if len(c.Lines) > 0 {
		return c.Lines[0].Points
	}
	return c.Points
}

// TipAt is what is said of one moment.
func (c *Chart) TipAt(i int) string {
	if len(c.Lines) == 0 {
		return c.Tip(c.Points[i])
	}
	text := date(&c.Lines[0].Points[i].At)
	isTold := false
	for j := range c.Lines {
		if y := c.Lines[j].Points[i].Y; y != nil {
			text += "\n" + c.Lines[j].Name + ": " + c.Format.Text(y)
			isTold = true
		}
	}
	if !isTold {
		text += "\nnothing was looked at"
	}
	return text
}

// dateAxis chooses some six ticks for the dates of a series. Those of months and
// years begin on the first of one, so that a tick stands where its name says.
func dateAxis(points []marts.PricePoint) DateAxis {
	first, last := points[0].Date, points[len(points)-1].Date
	days := int(last.Sub(first).Hours()/24) + 1
	month := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, time.UTC)
	switch {
	case days <= 62:
		return DateAxis{first, last, max(1, (days+5)/6), "days", "d mmm"}
	case days <= 7*365:
		return DateAxis{month, last, monthStep(float64(days) / 30.4 * 1.4), "months", "mmm yyyy"}
	}
	return DateAxis{time.Date(first.Year(), 1, 1, 0, 0, 0, 0, time.UTC), last, days/365/8 + 1, "years", "yyyy"}
}
