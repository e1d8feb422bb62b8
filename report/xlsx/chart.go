package xlsx

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/vaultperf/vaultperf/report/view"
)

// charts draws charts side by side, or says why not.
func (s *sheet) charts(charts view.Charts) {
	const rows = 18
	s.skip()
	var drawn []*view.Chart
	for _, c := range charts {
		if c.Words == "" {
			drawn = append(drawn, c)
		} else {
			s.line(rowHeight, s.text(plain, c.Words))
		}
	}
	from := 1
	for _, c := range drawn {
		to := from + 4
		if from > 1 || len(drawn) == 1 {
			to = s.across
		}
		s.draw(c, from, to, s.row+1, s.row+rows)
		from = to + 1
	}
	if len(drawn) > 0 {
		// The rows are written, though empty, because programs differ in the height
		// of a missing row and the chart would cover what follows it.
		for range rows {
			s.line(rowHeight)
		}
	}
}

// draw lays a chart over some columns and rows.
func (s *sheet) draw(c *view.Chart, fromColumn, toColumn, fromRow, toRow int) {
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
		Series:    []excelize.ChartSeries{{Values: s.cells(c.Native.Series, c.Native.Y, 0, c.Native.Series.Len-1)}},
		Dimension: excelize.ChartDimension{Width: wide - 8, Height: high},
		Format:    excelize.GraphicOptions{AltText: c.Alt},
	}))
	s.file.Pkg.Store("xl/charts/chart"+strconv.Itoa(s.drawn)+".xml", []byte(s.chartPart(c)))
}

// chartPart is the drawing of a chart.
func (b *book) chartPart(c *view.Chart) string {
	n, color := c.Native, priceColor
	if c.Filled {
		color = fallColor
	}
	kind, markers := "lineChart", `<c:marker val="1"/>`
	line := fmt.Sprintf(`<a:ln w="19050" cap="rnd"><a:solidFill><a:srgbClr val="%s"/></a:solidFill><a:round/></a:ln>`, color)
	shape, marker, smooth := line, `<c:marker><c:symbol val="none"/></c:marker>`, `<c:smooth val="0"/>`
	if c.Filled {
		kind, markers, marker, smooth = "areaChart", "", "", ""
		shape = fmt.Sprintf(`<a:solidFill><a:srgbClr val="%s"><a:alpha val="35000"/></a:srgbClr></a:solidFill>`, color) +
			strings.Replace(line, "19050", "9525", 1)
	}
	return strings.NewReplacer(
		"{kind}", kind, "{title}", escaped(n.Title), "{shape}", shape, "{marker}", marker, "{smooth}", smooth,
		"{markers}", markers,
		"{name}", b.cellAt(n.Series, n.Y, -1), "{dates}", b.cells(n.Series, n.X, 0, n.Series.Len-1),
		"{values}", b.cells(n.Series, n.Y, 0, n.Series.Len-1),
		"{xmin}", plainNumber(serial(n.Dates.From)), "{xmax}", plainNumber(serial(n.Dates.To)), "{xformat}", n.Dates.Code,
		"{xstep}", strconv.Itoa(n.Dates.Step), "{xunit}", n.Dates.Unit,
		"{ymin}", plainNumber(n.Scale.Min), "{ymax}", plainNumber(n.Scale.Max), "{ystep}", plainNumber(n.Scale.Step()),
		"{yformat}", escaped(n.Code),
		"{font}", `<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="800"><a:solidFill><a:srgbClr val="`+softColor+
			`"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang="en-US"/></a:p></c:txPr>`,
		"{faint}", `<a:ln w="6350"><a:solidFill><a:srgbClr val="`+lineColor+`"/></a:solidFill></a:ln>`,
		"{ink}", inkColor,
	).Replace(chartXML)
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
