package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// A nativeChart is a line or an area over the dates of sheetPrices.
type nativeChart struct {
	kind   string // lineChart or areaChart
	title  string
	alt    string
	color  string
	column int // of sheetPrices
	format string
	y      scale
}

// nativePrice is the chart of the share price, or the words that stand for it.
func (b *book) nativePrice() (nativeChart, string, error) {
	c, err := priceChart(b.vault)
	if err != nil || c.Words != "" {
		return nativeChart{}, c.Words, err
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, m := range b.marks {
		low, high = min(low, m.SharePrice), max(high, m.SharePrice)
	}
	y := levels(low, high, PriceTick)
	format := fixedFormat(stepDecimals(step(y)))
	if high >= 1e9 || step(y) < 1e-9 {
		format = "0.00E+00"
	}
	return nativeChart{
		kind: "lineChart", title: c.Title + assetUnit(b.vault), alt: c.Alt, color: priceColor,
		column: priceValue, format: format, y: y,
	}, "", nil
}

// nativeDrawdown is the chart of the drawdown, or the words that stand for it.
func (b *book) nativeDrawdown() (nativeChart, string, error) {
	c, err := drawdownChart(b.vault)
	if err != nil || c.Words != "" {
		return nativeChart{}, c.Words, err
	}
	deepest := 0.0
	for _, m := range b.marks {
		if m.Drawdown != nil {
			deepest = min(deepest, *m.Drawdown)
		}
	}
	y := levels(deepest, 0, PercentTick)
	return nativeChart{
		kind: "areaChart", title: c.Title, alt: c.Alt, color: fallColor,
		column: priceDrawdown, format: fixedFormat(stepDecimals(step(y)*100)) + "%", y: y,
	}, "", nil
}

func step(y scale) float64 { return y.At[1] - y.At[0] }

// draw lays a chart over some columns and rows.
func (s *sheet) draw(c nativeChart, fromColumn, toColumn, fromRow, toRow int) {
	if s.err != nil {
		return
	}
	// excelize takes a row to be 18 pixels high and a digit to be 7 wide; the
	// anchors it finds so are cells, which any program keeps to.
	wide, high := uint(0), uint(18*(toRow-fromRow+1)-9)
	for _, w := range s.widths[fromColumn-1 : toColumn] {
		wide += uint(w*7 + 5)
	}
	// excelize makes the parts and how they belong together, but knows no axis
	// of dates: its own drawing is replaced.
	s.drawn++
	s.try(s.file.AddChart(s.name, at(fromColumn, fromRow), &excelize.Chart{
		Type:      excelize.Line,
		Series:    []excelize.ChartSeries{{Values: s.priceRange(c.column, len(s.marks))}},
		Dimension: excelize.ChartDimension{Width: wide - 8, Height: high},
		Format:    excelize.GraphicOptions{AltText: c.alt},
	}))
	s.file.Pkg.Store("xl/charts/chart"+strconv.Itoa(s.drawn)+".xml", []byte(s.chartPart(c)))
}

// chartPart is the drawing of a chart.
func (b *book) chartPart(c nativeChart) string {
	first, last := b.marks[0].Date, b.marks[len(b.marks)-1].Date
	x := dateTicks(first, last)
	line := fmt.Sprintf(`<a:ln w="19050" cap="rnd"><a:solidFill><a:srgbClr val="%s"/></a:solidFill><a:round/></a:ln>`, c.color)
	shape, marker, smooth := line, `<c:marker><c:symbol val="none"/></c:marker>`, `<c:smooth val="0"/>`
	if c.kind == "areaChart" {
		shape = fmt.Sprintf(`<a:solidFill><a:srgbClr val="%s"><a:alpha val="35000"/></a:srgbClr></a:solidFill>`, c.color) +
			strings.Replace(line, "19050", "9525", 1)
		marker, smooth = "", ""
	}
	return strings.NewReplacer(
		"{kind}", c.kind, "{title}", escaped(c.title), "{shape}", shape, "{marker}", marker, "{smooth}", smooth,
		"{markers}", map[bool]string{true: `<c:marker val="1"/>`}[c.kind == "lineChart"],
		"{name}", b.priceCell(c.column, -1), "{dates}", b.priceRange(priceDate, len(b.marks)),
		"{values}", b.priceRange(c.column, len(b.marks)),
		"{xmin}", plainNumber(serial(x.from)), "{xmax}", plainNumber(serial(last)), "{xformat}", x.format,
		"{xstep}", strconv.Itoa(x.step), "{xunit}", x.unit,
		"{ymin}", plainNumber(c.y.Min), "{ymax}", plainNumber(c.y.Max), "{ystep}", plainNumber(step(c.y)),
		"{yformat}", escaped(c.format),
		"{font}", `<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="800"><a:solidFill><a:srgbClr val="`+softColor+
			`"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang="en-US"/></a:p></c:txPr>`,
		"{faint}", `<a:ln w="6350"><a:solidFill><a:srgbClr val="`+lineColor+`"/></a:solidFill></a:ln>`,
		"{ink}", inkColor,
	).Replace(chartXML)
}

// dates are the ticks of an axis of dates: one each step units.
type dates struct {
	from   time.Time
	step   int
	unit   string
	format string
}

// dateTicks chooses some six ticks. Those of months and years begin on the first
// of one, so that a tick stands where its name says.
func dateTicks(first, last time.Time) dates {
	days := int(last.Sub(first).Hours()/24) + 1
	month := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, time.UTC)
	switch {
	case days <= 62:
		return dates{first, max(1, (days+5)/6), "days", "d mmm"}
	case days <= 7*365:
		return dates{month, monthStep(float64(days) / 30.4 * 1.4), "months", "mmm yyyy"}
	}
	return dates{time.Date(first.Year(), 1, 1, 0, 0, 0, 0, time.UTC), days/365/8 + 1, "years", "yyyy"}
}

func plainNumber(x float64) string { return strconv.FormatFloat(x+0, 'g', -1, 64) }

// escaped makes a text fit for XML.
func escaped(text string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return ""
	}
	return b.String()
}

// chartXML is a chart with an axis of dates, after ECMA-376 part 1, 21.2.
const chartXML = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">` +
	`<c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart>` +
	`<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1000" b="1"/></a:pPr>` +
	`<a:r><a:rPr lang="en-US" sz="1000" b="1"><a:solidFill><a:srgbClr val="{ink}"/></a:solidFill></a:rPr><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx>` +
	`<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>` +
	`<c:{kind}><c:grouping val="standard"/><c:varyColors val="0"/>` +
	`<c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:strRef><c:f>{name}</c:f></c:strRef></c:tx><c:spPr>{shape}</c:spPr>{marker}` +
	`<c:cat><c:numRef><c:f>{dates}</c:f></c:numRef></c:cat><c:val><c:numRef><c:f>{values}</c:f></c:numRef></c:val>{smooth}</c:ser>` +
	`{markers}<c:axId val="100000000"/><c:axId val="100000001"/></c:{kind}>` +
	`<c:dateAx><c:axId val="100000000"/><c:scaling><c:orientation val="minMax"/><c:max val="{xmax}"/><c:min val="{xmin}"/></c:scaling>` +
	`<c:delete val="0"/><c:axPos val="b"/><c:numFmt formatCode="{xformat}" sourceLinked="0"/><c:majorTickMark val="out"/>` +
	`<c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:spPr>{faint}</c:spPr>{font}<c:crossAx val="100000001"/><c:crosses val="autoZero"/>` +
	`<c:auto val="0"/><c:lblOffset val="100"/><c:baseTimeUnit val="days"/><c:majorUnit val="{xstep}"/><c:majorTimeUnit val="{xunit}"/></c:dateAx>` +
	`<c:valAx><c:axId val="100000001"/><c:scaling><c:orientation val="minMax"/><c:max val="{ymax}"/><c:min val="{ymin}"/></c:scaling>` +
	`<c:delete val="0"/><c:axPos val="l"/><c:majorGridlines><c:spPr>{faint}</c:spPr></c:majorGridlines>` +
	`<c:numFmt formatCode="{yformat}" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>` +
	`<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{font}<c:crossAx val="100000000"/><c:crosses val="min"/><c:crossBetween val="midCat"/>` +
	`<c:majorUnit val="{ystep}"/></c:valAx><c:spPr><a:noFill/></c:spPr></c:plotArea><c:plotVisOnly val="0"/><c:dispBlanksAs val="gap"/></c:chart>` +
	`<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr></c:chartSpace>`
