package html

import (
	"encoding/json"
	"html/template"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/vaultperf/vaultperf/report/view"
)

// A chart is a view's, and the drawing that boot.js reads.
type chart struct {
	ID               string
	Name             name
	Note, Alt, Words string
	Lines            []line
	Data             template.JS
}

// A line is the name of one of several, and the number of its colour.
type line struct {
	Name   name
	Colour int
}

func newChart(c *view.Chart) (*chart, error) {
	out := &chart{ID: c.ID, Name: name{c.Title, id(c.Is)}, Note: c.Note, Alt: c.Alt, Words: c.Words}
	var err error
	if c.Words == "" {
		for i := range c.Lines {
			l := &c.Lines[i]
			out.Lines = append(out.Lines, line{name{l.Name, id(l.Is)}, l.Colour % view.LineColours})
		}
		out.Data, err = encode(c)
	}
	return out, err
}

// A drawing is what boot.js reads. Every text in it was formatted here, so that
// the script formats nothing.
type drawing struct {
	Kind   string         `json:"kind"`
	Option map[string]any `json:"option"`
	X      scale          `json:"x"`
	Y      scale          `json:"y"`
	Tips   []string       `json:"tips"` // by point
	// Colours are those of the lines, by number, where there are several.
	Colours []int `json:"colours,omitempty"`
}

// A scale is the labelled ticks of an axis, from its first to its last.
type scale struct {
	At   []float64 `json:"at"`
	Text []string  `json:"text"`
}

// encode builds the options with go-echarts and marshals the drawing. A number
// that JSON cannot hold is an error.
func encode(c *view.Chart) (template.JS, error) {
	all := c.Lines
	if len(all) == 0 {
		all = []view.Line{{Name: c.Title, Points: c.Points, Filled: c.Filled}}
	}
	var colours []int
	for i := range c.Lines {
		colours = append(colours, c.Lines[i].Colour%view.LineColours)
	}
	moments := make([]float64, len(all[0].Points)) // milliseconds are whole, and written so
	tips := make([]string, len(moments))
	for i, p := range all[0].Points {
		moments[i] = float64(p.At.UnixMilli())
		tips[i] = c.TipAt(i)
	}
	line := charts.NewLine()
	line.SetGlobalOptions(
		charts.WithInitializationOpts(opts.Initialization{ChartID: c.ID}),
		charts.WithAnimation(false),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Trigger: "axis", Formatter: "tips"}),
		charts.WithGridOpts(opts.Grid{Left: "74", Right: "18", Top: "14", Bottom: "28"}),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Min: c.X.Min, Max: c.X.Max}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Min: c.Y.Min, Max: c.Y.Max}),
	)
	for i := range all {
		values := make([][2]*float64, len(moments))
		for k := range values {
			values[k] = [2]*float64{&moments[k], all[i].Points[k].Y}
		}
		line.AddSeries(all[i].Name, nil, charts.WithSeriesOpts(func(s *charts.SingleSeries) {
			s.Data = values
			s.Symbol = "circle"
			s.SymbolSize = 4
			s.ShowSymbol = opts.Bool(len(moments) <= fewPoints)
			s.LineStyle = &opts.LineStyle{Width: 1.6}
			if all[i].Filled {
				s.AreaStyle = &opts.AreaStyle{Opacity: opts.Float(0.22)}
			}
		}))
	}
	line.Accept(visitor{chart: c})
	line.Validate()
	js, err := json.Marshal(drawing{Kind: c.ID, Option: line.JSON(), X: scale{c.X.At, c.X.Text}, Y: scale{c.Y.At, c.Y.Text}, Tips: tips, Colours: colours})
	return template.JS(js), err
}

// fewPoints is how many price points a line shows as dots, so that days without one
// can be seen.
const fewPoints = 200

// A visitor adds what go-echarts has no field for.
type visitor struct {
	charts.BaseConfigurationVisitor
	chart *view.Chart
}

// axis is go-echarts' axis with ticks of our own, named for boot.js.
func axis(own any, ticks view.Scale, formatter string, extra map[string]any) any {
	m := map[string]any{
		"axisLabel": map[string]any{
			"customValues": ticks.At, "formatter": formatter, "hideOverlap": true, "fontSize": 11,
		},
		"axisTick": map[string]any{"customValues": ticks.At},
	}
	switch a := own.(type) {
	case opts.XAxis:
		m["type"], m["min"], m["max"] = a.Type, a.Min, a.Max
	case opts.YAxis:
		m["type"], m["min"], m["max"] = a.Type, a.Min, a.Max
	}
	for k, v := range extra {
		m[k] = v
	}
	return m
}

func (v visitor) VisitXAxis(list []opts.XAxis) any {
	return axis(list[0], v.chart.X, "x", map[string]any{"splitLine": map[string]any{"show": false}})
}

func (v visitor) VisitYAxis(list []opts.YAxis) any {
	return axis(list[0], v.chart.Y, "y", nil)
}

func (v visitor) VisitTooltipOpt(tooltip opts.Tooltip) any {
	return struct {
		opts.Tooltip
		// Never markup: text is drawn, not parsed.
		RenderMode string `json:"renderMode"`
		Confine    bool   `json:"confine"`
	}{tooltip, "richText", true}
}

func (v visitor) Visit(option map[string]any) {
	option["useUTC"] = true
	delete(option, "title")
	delete(option, "toolbox")
	if len(v.chart.Bands) == 0 {
		return
	}
	var areas []any
	for _, b := range v.chart.Bands {
		areas = append(areas, []any{
			map[string]any{"xAxis": b.From, "name": b.Label},
			map[string]any{"xAxis": b.To},
		})
	}
	series := option["series"].(charts.MultiSeries)
	option["series"] = []any{struct {
		charts.SingleSeries
		MarkArea any `json:"markArea"`
	}{series[0], map[string]any{"silent": true, "data": areas}}}
}
