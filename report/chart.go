package report

import (
	"encoding/json"
	"html/template"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// A chart is one figure of a page: a drawing, or the words that stand for it.
type chart struct {
	ID    string // also of its elements
	Title string
	Note  string // one line under the title
	Alt   string // what it shows, for who cannot see it
	Words string // instead of a drawing, where there is nothing to draw
	Data  template.JS
}

// A drawing is what boot.js reads. Every text in it was formatted here, so that
// the script formats nothing.
type drawing struct {
	Kind   string         `json:"kind"`
	Option map[string]any `json:"option"`
	X      scale          `json:"x"`
	Y      scale          `json:"y"`
	Tips   []string       `json:"tips"` // by point
}

// A scale is the labelled ticks of an axis, from its first to its last.
type scale struct {
	At   []float64 `json:"at"`
	Text []string  `json:"text"`
	Min  float64   `json:"-"`
	Max  float64   `json:"-"`
}

// A band is a shaded stretch of time.
type band struct {
	From, To float64 // milliseconds
	Label    string
}

// linePlot describes a line over time.
type linePlot struct {
	kind   string // price, drawdown or rolling: boot.js has a colour for each
	name   string
	points []point
	x, y   scale
	tip    func(point) string
	bands  []band
	filled bool // down from zero
}

// encode builds the options with go-echarts and marshals the drawing. A number
// that JSON cannot hold is an error.
func (p linePlot) encode() (template.JS, error) {
	points := thin(p.points, mostPoints)
	values := make([][2]any, len(points))
	tips := make([]string, len(points))
	for i, at := range points {
		values[i] = [2]any{at.ms(), at.y}
		tips[i] = p.tip(at)
	}
	line := charts.NewLine()
	line.SetGlobalOptions(
		charts.WithInitializationOpts(opts.Initialization{ChartID: p.kind}),
		charts.WithAnimation(false),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Trigger: "axis", Formatter: "tips"}),
		charts.WithGridOpts(opts.Grid{Left: "74", Right: "18", Top: "14", Bottom: "28"}),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Min: p.x.Min, Max: p.x.Max}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Min: p.y.Min, Max: p.y.Max}),
	)
	line.AddSeries(p.name, nil, charts.WithSeriesOpts(func(s *charts.SingleSeries) {
		s.Data = values
		s.Symbol = "circle"
		s.SymbolSize = 4
		s.ShowSymbol = opts.Bool(len(points) <= fewPoints)
		s.LineStyle = &opts.LineStyle{Width: 1.6}
		if p.filled {
			s.AreaStyle = &opts.AreaStyle{Opacity: opts.Float(0.22)}
		}
	}))
	line.Accept(visitor{plot: p})
	line.Validate()
	js, err := json.Marshal(drawing{Kind: p.kind, Option: line.JSON(), X: p.x, Y: p.y, Tips: tips})
	return template.JS(js), err
}

// fewPoints is how many marks a line shows as dots, so that days without one
// can be seen.
const fewPoints = 200

// A visitor adds what go-echarts has no field for.
type visitor struct {
	charts.BaseConfigurationVisitor
	plot linePlot
}

// axis is go-echarts' axis with ticks of our own, named for boot.js.
func axis(own any, ticks scale, formatter string, extra map[string]any) any {
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
	return axis(list[0], v.plot.x, "x", map[string]any{"splitLine": map[string]any{"show": false}})
}

func (v visitor) VisitYAxis(list []opts.YAxis) any {
	return axis(list[0], v.plot.y, "y", nil)
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
	if len(v.plot.bands) == 0 {
		return
	}
	var areas []any
	for _, b := range v.plot.bands {
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
