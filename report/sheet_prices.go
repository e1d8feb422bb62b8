package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// The columns of sheetPrices that formulas and charts point at.
const (
	priceDate     = 2
	priceValue    = 3
	priceReturn   = 4
	priceDrawdown = 5
	pricePeak     = 6
	priceDays     = 7
	priceRaw      = 11 // and the next
	priceBlock    = 13
	priceColumns  = 15
)

// prices writes one row per mark.
func (b *book) prices() error {
	s := b.begin(sheetPrices, layout{
		widths: []float64{
			19, 11, 15, 13, 12, 15, 13, 12, 17, 17, rawWidth(b.marks, func(m *Mark) string { return m.TotalAssetsRaw }),
			rawWidth(b.marks, func(m *Mark) string { return m.TotalSupplyRaw }), 12, 24, 44,
		},
		landscape: true, header: 1, columns: 1,
	})
	unit := assetUnit(b.vault)
	s.headers(40,
		"Time (UTC)", "Date", "Share price"+unit+"\t", "Return since the mark before\t", "Drawdown\t", "Highest price so far\t",
		"Days since the mark before\t", fmt.Sprintf("APY over %d days\t", rollingDays), "Total assets"+unit+"\t",
		"Total supply (shares)\t", "Total assets, raw integer\t", "Total supply, raw integer\t", "Block\t", "\tSource", "Note")
	looks := priceLooks(b.marks)
	rolling := rollingByTime(b.vault.Rolling)
	peak := 0.0
	for _, m := range b.vault.Marks[:len(b.vault.Marks)-len(b.marks)] {
		peak = max(peak, m.SharePrice)
	}
	for i := range b.marks {
		m := &b.marks[i]
		peak = max(peak, m.SharePrice)
		s.mark(m, looks, rolling[m.At.UnixNano()], peak)
	}
	s.filter(1, priceColumns, max(s.row, 1))
	s.asText(priceRaw, priceBlock)
	return s.end()
}

// mark writes the row of one mark.
func (s *sheet) mark(m *Mark, looks markLooks, rolling *Rolling, peak float64) {
	row := s.row + 1
	highest := s.number(looks.price, &peak)
	if row > 2 {
		highest.Formula = fmt.Sprintf("MAX(%s,%s)", at(pricePeak, row-1), at(priceValue, row))
	}
	var days, apy *float64
	if m.ElapsedSeconds != nil {
		x := *m.ElapsedSeconds / 86400
		days = &x
	}
	if rolling != nil {
		apy = rolling.APY
	}
	block := s.cell(plain, nil)
	if m.BlockNumber != nil {
		block = s.integer(plain.with("0"), *m.BlockNumber)
	}
	s.line(rowHeight,
		s.moment(leftward.with(dateTimeFormat), &m.At), s.moment(leftward.with(dateFormat), &m.Date),
		s.number(looks.price, &m.SharePrice), s.number(looks.change, m.Return), s.number(looks.fall, m.Drawdown),
		highest, s.number(plain.with("0.000"), days), s.number(looks.apy, apy),
		s.number(looks.assets, m.TotalAssets), s.number(looks.supply, m.TotalSupply),
		s.text(textual.right(), m.TotalAssetsRaw), s.text(textual.right(), m.TotalSupplyRaw),
		block, s.text(after, SourceLabel(m.Source)), s.text(soft, markNote(m, rolling)))
}

// markNote says what a reader of a mark's row must know, blank cells first.
func markNote(m *Mark, rolling *Rolling) string {
	var notes []string
	if m.IsInception {
		notes = append(notes, "inception")
	}
	if m.IsInexact {
		notes = append(notes, "its source had rounded the integers")
	}
	if rolling != nil && rolling.APY == nil && rolling.Reason != "" {
		notes = append(notes, "no APY: "+Words(rolling.Reason))
	}
	return strings.Join(notes, "; ")
}

// rawWidth is the width a column of exact integers needs.
func rawWidth(marks []Mark, raw func(*Mark) string) float64 {
	width := 14
	for i := range marks {
		width = max(width, len(raw(&marks[i])))
	}
	return float64(min(width, 80))*1.1 + 1
}

// rollingByTime finds the rolling figures by their mark's time.
func rollingByTime(all []Rolling) map[int64]*Rolling {
	out := map[int64]*Rolling{}
	for i := range all {
		if all[i].Days == rollingDays {
			out[all[i].At.UnixNano()] = &all[i]
		}
	}
	return out
}

// markLooks are the number formats of the columns, chosen by their values so
// that a column has one format.
type markLooks struct{ price, change, fall, apy, assets, supply look }

func priceLooks(marks []Mark) markLooks {
	var price, change, fall, assets, supply float64
	largest := func(to *float64, x *float64) {
		if x != nil {
			*to = max(*to, math.Abs(*x))
		}
	}
	for i := range marks {
		m := &marks[i]
		largest(&price, &m.SharePrice)
		largest(&change, m.Return)
		largest(&fall, m.Drawdown)
		largest(&assets, m.TotalAssets)
		largest(&supply, m.TotalSupply)
	}
	return markLooks{
		price: plain.with(priceFormat(price)), change: plain.with(percentColumn(change)), fall: plain.with(percentColumn(fall)),
		apy: plain.with("#,##0.00%"), assets: plain.with(amountFormat(assets)), supply: plain.with(amountFormat(supply)),
	}
}

// asText says of some columns that their numbers are text on purpose.
func (s *sheet) asText(from, to int) {
	if s.err == nil {
		s.try(s.file.AddIgnoredErrors(s.name, at(from, 2)+":"+at(to, max(2, s.row)), excelize.IgnoredErrorsNumberStoredAsText))
	}
}

// assetUnit is the asset's symbol in brackets, to follow a column's name.
func assetUnit(v *Vault) string {
	if symbol := Text(v.AssetSymbol, 16); symbol != "" {
		return " (" + symbol + ")"
	}
	return ""
}

// priceRange names the rows of a column of sheetPrices, the last count of them.
func (b *book) priceRange(column, count int) string {
	last := len(b.marks) + 1
	return fmt.Sprintf("'%s'!$%s:$%s", sheetPrices, fixed(column, last-count+1), fixed(column, last))
}

// priceCell names one cell of sheetPrices by its mark's index.
func (b *book) priceCell(column, index int) string {
	return fmt.Sprintf("'%s'!$%s", sheetPrices, fixed(column, index+2))
}

// fixed is a cell's name without its first "$": fixed(2, 3) is "B$3".
func fixed(column, row int) string {
	name := at(column, row)
	digits := strconv.Itoa(row)
	return strings.TrimSuffix(name, digits) + "$" + digits
}
