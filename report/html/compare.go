package html

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/vaultperf/vaultperf/report/view"
)

// Compare writes the page on which a reader sets vaults side by side.
func (r *Renderer) Compare(w io.Writer, c *view.Comparison) error {
	chapters, err := chapters(c.Chapters)
	if err != nil {
		return err
	}
	page := struct {
		Chrome           chrome
		AsOf, Intro      string
		Growth, Drawdown *chart
		Common, Pairs    string
		Figures          *table
		Data             template.JS
		Chapters         [][]section
	}{Chrome: r.compare, AsOf: c.AsOf, Intro: c.Intro, Common: c.Common, Pairs: c.Pairs, Figures: newTable(c.Figures), Chapters: chapters}
	if page.Growth, err = newLines(c.Growth, c.Most); err != nil {
		return err
	}
	if page.Drawdown, err = newLines(c.Drawdown, c.Most); err != nil {
		return err
	}
	if page.Data, err = compared(c); err != nil {
		return err
	}
	return r.templates.ExecuteTemplate(w, "compare.html", page)
}

// newLines builds with go-echarts what compare.js fills: a chart of so many lines over
// weeks, whose data, ticks and colours follow from the reader's choice.
func newLines(c *view.Chart, most int) (*chart, error) {
	line := charts.NewLine()
	line.SetGlobalOptions(
		charts.WithInitializationOpts(opts.Initialization{ChartID: c.ID}),
		charts.WithAnimation(false),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Trigger: "axis", Formatter: "tips"}),
		charts.WithGridOpts(opts.Grid{Left: "74", Right: "30", Top: "14", Bottom: "28"}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category"}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value"}),
	)
	for i := range most {
		line.AddSeries(letter(i), nil, charts.WithSeriesOpts(func(s *charts.SingleSeries) {
			s.Data = []any{}
			s.ShowSymbol = opts.Bool(false)
		}))
	}
	line.Accept(lines{})
	line.Validate()
	js, err := json.Marshal(map[string]any{"kind": c.ID, "option": line.JSON()})
	return &chart{ID: c.ID, Name: name{c.Title, id(c.Is)}, Words: c.Words, Data: template.JS(js)}, err
}

// letter names a line of a comparison.
func letter(i int) string { return string(rune('A' + i)) }

// lines adds what go-echarts has no field for.
type lines struct {
	charts.BaseConfigurationVisitor
}

// VisitXAxis labels as many weeks as have room.
func (lines) VisitXAxis(list []opts.XAxis) any {
	return map[string]any{
		"type": list[0].Type, "boundaryGap": false, "data": []string{},
		"axisLabel": map[string]any{"hideOverlap": true, "fontSize": 11},
	}
}

// VisitYAxis takes its labels from compare.js.
func (lines) VisitYAxis(list []opts.YAxis) any {
	return map[string]any{"type": list[0].Type, "axisLabel": map[string]any{"formatter": "y", "fontSize": 11}}
}

func (lines) VisitTooltipOpt(tooltip opts.Tooltip) any {
	return visitor{}.VisitTooltipOpt(tooltip)
}

func (lines) Visit(option map[string]any) {
	option["useUTC"] = true
	delete(option, "title")
	delete(option, "toolbox")
}

// compared is the data of the page: every text formatted, every close a whole number.
func compared(c *view.Comparison) (template.JS, error) {
	type vault struct {
		ID     string   `json:"id"`
		Name   string   `json:"name"`
		Small  string   `json:"small"`
		Asset  string   `json:"asset"`
		Badge  string   `json:"badge"`
		Tone   string   `json:"tone,omitempty"`
		Source string   `json:"source,omitempty"`
		First  int      `json:"first"` // week of the first of the closes
		Closes []*int64 `json:"closes"`
		Cells  []string `json:"cells"`
	}
	data := struct {
		Weeks  []string `json:"weeks"`
		Least  int      `json:"least"`
		Most   int      `json:"most"`
		Unit   float64  `json:"unit"` // of a close
		Vaults []vault  `json:"vaults"`
	}{c.Weeks, c.Least, c.Most, closeUnit, make([]vault, len(c.Vaults))}
	for i := range c.Vaults {
		v := &c.Vaults[i]
		first, closes, err := encodeCloses(v.Closes)
		if err != nil {
			return "", fmt.Errorf("weekly closes of %s: %w", v.ID, err)
		}
		data.Vaults[i] = vault{
			v.ID, v.Name, v.Small, v.Asset, v.Badge.Text, class(view.Text, v.Badge.Tone), v.Source, first, closes, make([]string, len(v.Cells)),
		}
		for j := range v.Cells {
			data.Vaults[i].Cells[j] = cellText(&v.Cells[j])
		}
	}
	js, err := json.Marshal(data)
	return template.JS(js), err
}

// cellText is a cell's text, its class if it has one, and its second line if it has one,
// separated by tabs, which no text has.
func cellText(c *view.Cell) string {
	text, class := c.String(), class(view.Text, c.Tone)
	switch {
	case c.Small != "":
		return text + "\t" + class + "\t" + c.Small
	case class != "":
		return text + "\t" + class
	}
	return text
}

// closeUnit is the part of the close before that a close is told by: fine enough for the
// week of a vault that earns a hundredth of a percent in it.
const closeUnit = 1e8

// encodeCloses tells each close by how far it is above the one before, in parts of that,
// so that all are as exact whatever the price, in a third of the digits. Rounding does
// not add up: what a reader of the numbers has so far is what the next is compared with.
// A price of zero is the full distance down, and the next is compared with the last above
// zero. Gaps are nil; those before the first close and after the last are left out.
func encodeCloses(closes []*float64) (first int, out []*int64, err error) {
	reached := 0.0
	last := 0
	for i, p := range closes {
		switch {
		case p == nil && out == nil:
			continue
		case p == nil:
			out = append(out, nil)
			continue
		case *p < 0 || math.IsNaN(*p) || math.IsInf(*p, 0):
			return 0, nil, fmt.Errorf("%v is no price", *p)
		}
		if out == nil {
			first = i
		}
		n := int64(0)
		switch {
		case *p == 0:
			n = -closeUnit
		case reached == 0:
			reached = *p
		default:
			x := math.Round(closeUnit * (*p/reached - 1))
			if math.Abs(x) > 1<<53 {
				return 0, nil, fmt.Errorf("%v after %v: no number of JavaScript holds the distance", *p, reached)
			}
			n = int64(x)
			reached *= 1 + x/closeUnit
		}
		out = append(out, &n)
		last = len(out)
	}
	return first, out[:last], nil
}
