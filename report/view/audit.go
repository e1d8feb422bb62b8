package view

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/report/marts"
)

// An Audit is figures since inception that formulas of the workbook compute again from
// its prices, each beside the database's, and the steps on the way. A reader can follow
// every one of them to a price.
type Audit struct {
	Heads  []string // of a row's cells but its label
	Groups []AuditGroup
}

// An AuditGroup is rows under a heading.
type AuditGroup struct {
	Title string
	Head  string // of the labels
	Rows  []AuditRow
	// Name is what formulas call the values of all rows together, and Numbers their
	// labels, which are numbers then; empty: nothing does.
	Name, Numbers string
	Judged        bool // each row has the database's value, and a verdict
}

// An AuditRow is a value by a formula. The value is computed here, too, for readers
// that show a workbook without computing it. In the formula "{prices.price:3}" stands
// for the cell of a series' column in a row, counted from 0, "{prices.price:3:9}" for
// the cells of some rows; all else is the spreadsheet's, and names of rows and columns.
type AuditRow struct {
	Label    string
	Number   int // instead, of a group with Numbers
	Is       *Definition
	Name     string // what other formulas call the value; empty: none does
	Reported *Cell  // the database's value, or why it has none; nil: it holds none
	Formula  string // empty: an input
	Value    any    // a float64, or the words of a reason
	Code     string // number format
	Note     string
}

// Agrees says whether a formula gives the database's figure: whether the difference is
// under Tolerance of the figure, or of one where the figure is smaller. The reason of an
// undefined figure must be the same.
func (r *AuditRow) Agrees() bool {
	x, isNumber := r.Value.(float64)
	if !isNumber || r.Reported.Number == nil {
		return r.Reported.Number == nil && r.Value == r.Reported.Text
	}
	return math.Abs(x-*r.Reported.Number) <= Tolerance*max(1, math.Abs(*r.Reported.Number))
}

// Tolerance is how far a formula may be off, relative to the figure.
const Tolerance = 1e-9

// Names of the sheets of the audit.
const (
	sheetReturns = "Returns"
	sheetAudit   = "Audit"
)

// auditSheets are empty where there is nothing to compute again.
func (w *View) auditSheets(v *marts.Vault, p *parts) []Sheet {
	if p.audit == nil {
		return nil
	}
	a := w.audit(v, p.audit)
	return []Sheet{p.returns.sheet(sheetReturns), {
		Name: sheetAudit, Landscape: true, Across: 7,
		Widths: []float64{34, 20, 20, 13, 9, 21, 78},
		Blocks: []Block{
			Title{"Audit", "Figures of " + displayName(v) + " since inception, computed again from the share prices in this workbook"},
			Prose("The values under Formula are live: each is a formula over the sheets " + sheetPrices + " and " + sheetReturns +
				" and over the steps below, which have names. The values under Database are as DuckDB computed them. They agree where the difference is " +
				"under a billionth of the figure, or of one where the figure is smaller, and where both are undefined for the same reason."),
			a,
			Prose(w.notLive(a)),
		},
	}}
}

// notLive says which figures the audit leaves out.
func (w *View) notLive(a *Audit) string {
	live := map[*Definition]bool{}
	for i := range a.Groups {
		for j := range a.Groups[i].Rows {
			live[a.Groups[i].Rows[j].Is] = true
		}
	}
	var rest []string
	for _, m := range w.data.Metrics {
		if !live[w.defined(m)] {
			rest = append(rest, w.metricLabel(m))
		}
	}
	text := "Not live, and on Summary as DuckDB computed them: all figures of shorter periods"
	if len(rest) > 0 {
		text += ", and of those since inception " + strings.Join(rest, ", ")
	}
	return text + "."
}

// audit makes the rows: the figures first, then how they come about.
func (w *View) audit(v *marts.Vault, a *auditor) *Audit {
	out := &Audit{Heads: []string{"Database", "Formula, live", "Difference", "Agrees", "Name in formulas", "How"}}
	figures := AuditGroup{Title: "Figures", Head: "Figure", Judged: true}
	for _, f := range a.figures() {
		m := w.metric(f.name)
		value := v.Value("itd", f.name)
		if m.Label == "" || value.Number == nil && value.Reason == "" {
			continue // the database has no such figure
		}
		row := AuditRow{
			Label: w.metricLabel(m), Is: w.defined(m), Name: f.name, Reported: reported(value), Formula: f.formula, Value: f.value,
			Code: auditCode(m.Unit, value.Number), Note: clean(m.Formula, 300),
		}
		if f.name == "win_rate" {
			row.Note += "; of the returns as in the database, because a spreadsheet takes a change of a price's last digit for none"
		}
		figures.Rows = append(figures.Rows, row)
	}
	out.Groups = append(out.Groups, figures, AuditGroup{Title: "Inputs and steps", Head: "Step", Rows: w.auditSteps(v, a)})
	if len(a.covariances) > 1 {
		lags := AuditGroup{Title: "Autocovariances of the returns, by lag", Head: "Lag", Name: "autocovariances", Numbers: "lag_numbers"}
		for k, c := range a.covariances[1:] {
			lags.Rows = append(lags.Rows, AuditRow{
				Number: k + 1, Value: c, Code: "0.000000E+00",
				Formula: fmt.Sprintf("SUMPRODUCT({returns.deviation:0:%d},{returns.deviation:%d:%d})/returns_count", a.last()-k-1, k+1, a.last()),
			})
		}
		lags.Rows[0].Note = "sum of the products of two deviations so many returns apart / number of returns"
		out.Groups = append(out.Groups, lags)
	}
	return out
}

// reported is a figure's cell, or the words of its reason.
func reported(v marts.Value) *Cell {
	if v.Number == nil {
		return &Cell{Text: inWords(v.Reason), Tone: Why}
	}
	return &Cell{Number: v.Number}
}

// auditCode shows more digits than Summary does.
func auditCode(unit string, x *float64) string {
	switch {
	case x != nil && math.Abs(*x) >= 1e6:
		return "0.0000000000E+00"
	case strings.HasPrefix(unit, "fraction"):
		return "#,##0.0000000000%"
	}
	return "#,##0.0000000000"
}

// auditSteps are what the figures' formulas are made of.
func (w *View) auditSteps(v *marts.Vault, a *auditor) []AuditRow {
	price := w.column("share_prices", "share_price", "Share price")
	count := &Cell{Whole: &v.Period("itd").ReturnsCount}
	rate := AuditRow{Label: "Risk-free rate, a year", Is: w.column("run", "risk_free_rate", "Risk-free rate"), Name: "risk_free_rate", Value: "none configured", Code: "0.00####%", Note: "from the config"}
	switch {
	case a.rate != nil:
		rate.Value = *a.rate
	case w.data.RiskFreeSeries != "":
		rate.Value, rate.Note = "dated rates", "those of "+w.riskFreeLabel()+", which are not in this workbook"
	}
	const number, long = "0.000000000000E+00", "#,##0.000000"
	rows := []AuditRow{
		rate,
		{Label: "First share price", Is: price, Name: "first_price", Formula: "{prices.price:0}", Value: a.points[0].SharePrice, Code: "General"},
		{Label: "Last share price", Is: price, Name: "last_price", Formula: fmt.Sprintf("{prices.price:%d}", a.last()+1), Value: a.points[a.last()+1].SharePrice, Code: "General"},
		{Label: "Returns", Name: "returns_count", Reported: count, Formula: "COUNT(returns)", Value: a.n, Code: "0"},
		{Label: "Seconds from first to last price", Name: "elapsed_seconds", Formula: "SUM(seconds)", Value: a.elapsed, Code: "#,##0"},
		{Label: "Periods per year", Name: "periods_per_year", Formula: "returns_count/(elapsed_seconds/31536000)", Value: a.perYear, Code: long, Note: "by elapsed time; a year has 365 days"},
		{Label: "Growth in a year", Name: "growth_per_year", Formula: `IFERROR((last_price/first_price)^(31536000/elapsed_seconds),"out of range")`, Value: a.growth, Code: "General"},
		{Label: "Mean return", Name: "mean_return", Formula: "AVERAGE(returns)", Value: a.mean, Code: number},
		{Label: "Standard deviation of the returns", Name: "return_deviation", Formula: `IF(returns_count<2,"insufficient data",STDEV(returns))`, Value: orWords(a.deviation), Code: number, Note: "of the sample, by number of returns - 1"},
		{Label: "Largest less smallest return", Name: "returns_spread", Formula: "MAX(returns)-MIN(returns)", Value: a.spread, Code: number, Note: "up to 1E-13 it is rounding alone, and there is no dispersion"},
		{Label: "Downside deviation of a return", Name: "downside_per_return", Formula: "SQRT(SUMPRODUCT((returns<0)*returns^2)/returns_count)", Value: a.downside, Code: number, Note: "over all returns, with no hurdle"},
		{Label: "Lags that are counted", Name: "lags", Formula: "IF(MEDIAN(seconds)>4*86400,3,28)", Value: float64(a.lags), Code: "0", Note: "28, or 3 where price points are in the median over four days apart"},
		{Label: "Variance of the returns", Name: "variance", Formula: "SUMPRODUCT(deviations,deviations)/returns_count", Value: a.covariances[0], Code: number, Note: "by number of returns"},
	}
	if a.rate != nil {
		rows = append(rows,
			AuditRow{Label: "Mean return above the risk-free", Name: "mean_excess_return", Formula: "AVERAGE(excess_returns)", Value: a.meanExcess, Code: number},
			AuditRow{Label: "Standard deviation of these", Name: "excess_deviation", Formula: `IF(returns_count<2,"insufficient data",STDEV(excess_returns))`, Value: orWords(a.excessDeviation), Code: number})
	}
	if a.hasLags() {
		rows = append(rows,
			AuditRow{Label: "Long-run variance", Name: "long_run_variance", Formula: "(variance+2*SUMPRODUCT((lag_numbers<=lags)*(1-lag_numbers/(lags+1))*autocovariances))*returns_count/(returns_count-1)", Value: a.longRun, Code: number, Note: "Newey and West, with Bartlett weights"},
			AuditRow{Label: "Half of the Ljung-Box statistic", Name: "ljung_box_half", Formula: a.orNoDispersion("returns_count*(returns_count+2)/2*SUMPRODUCT((lag_numbers<=6)*(autocovariances/variance)^2/(returns_count-lag_numbers))"), Value: a.dispersed(a.half), Code: long, Note: "to lag 6"})
	}
	return append(rows,
		AuditRow{Label: "Largest difference of a return from the database's", Is: w.column("returns", "simple_return", "Return"), Formula: "SUMPRODUCT(MAX(ABS(returns-database_returns)))", Value: a.largest, Code: "0.0E+00"})
}

// An auditor computes what the audit's formulas compute.
type auditor struct {
	points  []marts.PricePoint
	rate    *float64 // one for all time, a year
	dated   bool     // the rates have dates instead
	hasZero bool     // a price before the last

	seconds, returns, falls, deviations, riskFree, excess []float64

	n, elapsed, perYear, mean, deviation, spread, downside, deepest float64
	growth                                                          any
	meanExcess, excessDeviation, longRun, half, largest             float64
	lags                                                            int
	covariances                                                     []float64 // from lag 0
}

// auditor is nil where there is nothing to compute, or where the series does not hold
// all points since inception.
func (w *View) auditor(v *marts.Vault, prices *Series) *auditor {
	p := v.Period("itd")
	points := v.Prices[len(v.Prices)-prices.Len:]
	if p == nil || p.StartAt == nil || p.EndAt == nil || len(points) < 2 || points[0].SharePrice <= 0 {
		return nil
	}
	if !points[0].At.Equal(*p.StartAt) || !points[len(points)-1].At.Equal(*p.EndAt) {
		return nil
	}
	a := &auditor{points: points, dated: w.data.RiskFreeSeries != ""}
	if !a.dated {
		a.rate = w.data.RiskFreeRate
	}
	a.series()
	a.moments()
	a.inTime()
	return a
}

// last is the place of the last return.
func (a *auditor) last() int { return len(a.returns) - 1 }

// series computes what each return's row holds.
func (a *auditor) series() {
	rows := len(a.points) - 1
	all := make([]float64, 6*rows)
	for i, to := range []*[]float64{&a.seconds, &a.returns, &a.falls, &a.deviations, &a.riskFree, &a.excess} {
		*to = all[i*rows : (i+1)*rows]
	}
	peak := a.points[0].SharePrice
	for i := range rows {
		from, to := &a.points[i], &a.points[i+1]
		a.seconds[i] = math.Round(to.At.Sub(from.At).Seconds()*1e5) / 1e5
		if from.SharePrice == 0 {
			a.hasZero = true
		} else {
			a.returns[i] = to.SharePrice/from.SharePrice - 1
		}
		peak = max(peak, to.SharePrice)
		a.falls[i] = to.SharePrice/peak - 1
		if r := to.Return; r != nil {
			a.largest = max(a.largest, math.Abs(a.returns[i]-*r))
		}
		if a.rate != nil {
			a.riskFree[i] = math.Pow(1+*a.rate, a.seconds[i]/secondsPerYear) - 1
			a.excess[i] = a.returns[i] - a.riskFree[i]
		}
	}
}

// moments computes what does not depend on the order of the returns.
func (a *auditor) moments() {
	a.n = float64(len(a.returns))
	squares := 0.0
	for i, r := range a.returns {
		a.elapsed += a.seconds[i]
		squares += min(r, 0) * min(r, 0)
	}
	a.deepest = min(0, slices.Min(a.falls))
	a.perYear = a.n / (a.elapsed / secondsPerYear)
	a.growth = math.Pow(a.points[a.last()+1].SharePrice/a.points[0].SharePrice, secondsPerYear/a.elapsed)
	if math.IsInf(a.growth.(float64), 0) {
		a.growth = "out of range"
	}
	a.mean, a.deviation = spread(a.returns)
	a.meanExcess, a.excessDeviation = spread(a.excess)
	a.spread = slices.Max(a.returns) - slices.Min(a.returns)
	a.downside = math.Sqrt(squares / a.n)
}

// spread is the mean and the sample's standard deviation, NaN of one value alone.
func spread(values []float64) (mean, deviation float64) {
	for _, x := range values {
		mean += x
	}
	mean /= float64(len(values))
	for _, x := range values {
		deviation += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(deviation / float64(len(values)-1))
}

// inTime computes what depends on the order of the returns.
func (a *auditor) inTime() {
	sorted := slices.Sorted(slices.Values(a.seconds))
	middle := len(sorted) / 2
	median := sorted[middle]
	if len(sorted)%2 == 0 {
		median = (sorted[middle-1] + sorted[middle]) / 2
	}
	a.lags = 28
	if median > 4*86400 {
		a.lags = 3
	}
	for i, r := range a.returns {
		a.deviations[i] = r - a.mean
	}
	a.covariances = make([]float64, 1, 29)
	if a.hasLags() {
		a.covariances = a.covariances[:min(28, a.last())+1]
	}
	for k := range a.covariances {
		for i := k; i <= a.last(); i++ {
			a.covariances[k] += a.deviations[i-k] * a.deviations[i]
		}
		a.covariances[k] /= a.n
	}
	a.longRun = a.covariances[0]
	for k, c := range a.covariances[1:] {
		if k+1 <= a.lags {
			a.longRun += 2 * (1 - float64(k+1)/float64(a.lags+1)) * c
		}
		if k+1 <= 6 {
			a.half += c / a.covariances[0] * c / a.covariances[0] / (a.n - float64(k+1))
		}
	}
	a.longRun *= a.n / (a.n - 1)
	a.half *= a.n * (a.n + 2) / 2
}

// hasLags says whether a figure by lags can have a value.
func (a *auditor) hasLags() bool { return a.n > 6 }

// A formula is a metric's, and what it gives.
type formula struct {
	name    string
	formula string
	value   any
}

// orWords is a number, or the reason why a single return has none.
func orWords(x float64) any {
	if math.IsNaN(x) {
		return "insufficient data"
	}
	return x
}

// dispersed is a number, or the reason why returns that are all the same have none.
func (a *auditor) dispersed(x float64) any {
	if a.spread <= 1e-13 {
		return "zero dispersion"
	}
	return x
}

// orNoDispersion is its formula.
func (*auditor) orNoDispersion(formula string) string {
	return `IF(returns_spread<=1E-13,"zero dispersion",` + formula + ")"
}

// ofTwo is the formula of a figure that needs two returns that differ.
func (a *auditor) ofTwo(formula string) string {
	return `IF(returns_count<2,"insufficient data",` + a.orNoDispersion(formula) + ")"
}

// figures are such that every spreadsheet reads alike: nothing spills, and an array is
// only ever inside SUMPRODUCT.
func (a *auditor) figures() []formula {
	root := math.Sqrt(a.perYear)
	depth := 0.0
	if a.deepest < -1e-12 { // less is rounding alone
		depth = a.deepest
	}
	var apy, volatility, sortino, calmar any = a.growth, "insufficient data", "no downside", "no drawdown"
	if x, ok := a.growth.(float64); ok {
		apy = x - 1
	}
	if a.n >= 2 {
		volatility = a.deviation * root
	}
	if a.downside > 0 {
		sortino = a.mean / a.downside * root
	}
	if depth < 0 {
		calmar = "out of range"
		if x, ok := apy.(float64); ok && !math.IsInf(x/-depth, 0) {
			calmar = x / -depth
		}
	}
	current := a.falls[a.last()]
	if current >= -1e-12 {
		current = 0
	}
	wins := 0.0
	for i := range a.points { // a spreadsheet takes a change of a price's last digit for none
		if r := a.points[i].Return; r != nil && *r > 0 {
			wins++
		}
	}
	plain := a.ratio(a.mean / a.deviation * root)
	out := []formula{
		{"total_return", "last_price/first_price-1", a.points[a.last()+1].SharePrice/a.points[0].SharePrice - 1},
		{"apy", `IF(ISNUMBER(growth_per_year),growth_per_year-1,growth_per_year)`, apy},
		{"volatility", `IF(returns_count<2,"insufficient data",STDEV(returns)*SQRT(periods_per_year))`, volatility},
		{"headline_sharpe", "IF(AND(ISNUMBER(ljung_box_p),ljung_box_p<0.05),newey_west_sharpe,sharpe_ratio_zero)", a.headline(plain)},
		{"sharpe_ratio_zero", a.ofTwo("mean_return/return_deviation*SQRT(periods_per_year)"), plain},
	}
	if !a.dated {
		out = append(out, a.sharpe(root))
	}
	return append(out, a.neweyWest(root), a.ljungBox(),
		formula{"downside_deviation", "downside_per_return*SQRT(periods_per_year)", a.downside * root},
		formula{"sortino_ratio", `IF(COUNTIF(returns,"<0")=0,"no downside",mean_return/downside_per_return*SQRT(periods_per_year))`, sortino},
		formula{"max_drawdown", "IF(MIN(falls)<-1E-12,MIN(falls),0)", depth},
		formula{"current_drawdown", fmt.Sprintf("IF({returns.fall:%[1]d}<-1E-12,{returns.fall:%[1]d},0)", a.last()), current},
		formula{"calmar_ratio", `IF(max_drawdown=0,"no drawdown",IFERROR((growth_per_year-1)/-max_drawdown,"out of range"))`, calmar},
		formula{"value_at_risk_95", "PERCENTILE(returns,0.05)", quantile(a.returns, 0.05)},
		formula{"win_rate", `COUNTIF(database_returns,">0")/returns_count`, wins / a.n},
	)
}

// ratio is a Sharpe ratio, or why there is none.
func (a *auditor) ratio(x float64) any {
	if a.n < 2 {
		return "insufficient data"
	}
	return a.dispersed(x)
}

// sharpe is measured against the rate.
func (a *auditor) sharpe(root float64) formula {
	const name = "sharpe_ratio"
	if a.rate == nil {
		return formula{name, `IF(returns_count<2,"insufficient data","no risk free rate")`, cmp.Or(map[bool]string{true: "insufficient data"}[a.n < 2], "no risk free rate")}
	}
	value := a.ratio(a.meanExcess / a.excessDeviation * root)
	if _, isNumber := value.(float64); isNumber && a.excessDeviation <= 1e-13 {
		value = "zero dispersion"
	}
	return formula{name, a.ofTwo(`IF(excess_deviation<=1E-13,"zero dispersion",mean_excess_return/excess_deviation*SQRT(periods_per_year))`), value}
}

// neweyWest divides by the long-run deviation.
func (a *auditor) neweyWest(root float64) formula {
	const name = "newey_west_sharpe"
	value := a.ratio(a.mean / math.Sqrt(a.longRun) * root)
	if _, isNumber := value.(float64); isNumber {
		switch {
		case a.n <= float64(2*a.lags):
			value = "insufficient data"
		case a.longRun <= 0:
			value = "variance not positive"
		}
	}
	if !a.hasLags() {
		return formula{name, a.ofTwo(`"insufficient data"`), value}
	}
	return formula{name, a.ofTwo(`IF(returns_count<=2*lags,"insufficient data",IF(long_run_variance<=0,"variance not positive",mean_return/SQRT(long_run_variance)*SQRT(periods_per_year)))`), value}
}

// ljungBox tells whether the returns are serially correlated.
func (a *auditor) ljungBox() formula {
	const name = "ljung_box_p"
	if !a.hasLags() {
		return formula{name, `IF(returns_count<=6,"insufficient data","")`, "insufficient data"}
	}
	return formula{
		name, a.orNoDispersion("EXP(-ljung_box_half)*(1+ljung_box_half+ljung_box_half^2/2)"),
		a.dispersed(math.Exp(-a.half) * (1 + a.half + a.half*a.half/2)),
	}
}

// headline is the ratio by Newey and West where returns are serially correlated.
func (a *auditor) headline(plain any) any {
	if p, isNumber := a.ljungBox().value.(float64); isNumber && p < 0.05 {
		return a.neweyWest(math.Sqrt(a.perYear)).value
	}
	return plain
}

// quantile lies between the two nearest values.
func quantile(values []float64, share float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	place := share * float64(len(sorted)-1)
	low := int(place)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (place-float64(low))*(sorted[high]-sorted[low])
}
