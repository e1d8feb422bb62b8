package view

import (
	"strings"
)

// Number formats that never change. Excel reads them as US English and shows
// them as the reader's country writes numbers; dates stay as they are here.
const (
	dateCode   = "yyyy-mm-dd"
	minuteCode = "yyyy-mm-dd hh:mm"
	secondCode = "yyyy-mm-dd hh:mm:ss"
	countCode  = "#,##0"
	textCode   = "@"
)

// Code is the spreadsheet's number format that shows a figure as Text writes it,
// but for the minus, the power of ten and the space, which are the spreadsheet's
// own. It is read off the text, so that the two cannot differ.
func (f Format) Code(x float64) string {
	switch f {
	case Integer:
		return "0"
	case Place:
		return ""
	case Points: // of a cell nobody can tell that its column is all percent
		f = Percent
	default:
	}
	digits, unit := f.Text(&x), ""
	switch {
	case strings.HasPrefix(digits, nearZero):
		shown := strings.Replace(digits, " %", "%", 1)
		return `"` + shown + `";"` + shown + `"`
	case f == Percent && strings.Contains(digits, "e"):
		return `0.00E+00"×"` // of a start of 1: no format has both a power and a percentage
	case f == Percent:
		digits, unit = strings.TrimSuffix(digits, " %"), "%"
	case f == LongDays:
		digits, unit = strings.TrimSuffix(digits, " d"), `" d"`
	}
	number, _, isPower := strings.Cut(digits, "e")
	_, decimals, _ := strings.Cut(number, ".")
	if isPower {
		return strings.TrimPrefix(fixedCode(len(decimals)), "#,##") + "E+00"
	}
	return fixedCode(len(decimals)) + unit
}

// momentCode is the number format of times.
func (f Format) momentCode() string {
	switch f {
	case Date:
		return dateCode
	case Second:
		return secondCode
	default:
		return minuteCode
	}
}

// Column is one number format for a whole column of a series, such that the
// largest of its figures has some digits more than Text would give it.
func (f Format) Column(largest float64) string {
	switch f {
	case Percent:
		if largest == 0 || largest >= 1 {
			return f.Code(largest)
		}
		return fixedCode(significantDecimals(largest*100, 4, 6)) + "%"
	case Price:
		if largest >= 1e12 || (largest != 0 && largest < 1e-7) {
			return "0.0000000E+00"
		}
		return fixedCode(significantDecimals(largest, 8, 14))
	default:
		return amountColumn(largest)
	}
}

// amountColumn is a column's of amounts.
func amountColumn(largest float64) string {
	switch {
	case largest >= 1e15 || (largest != 0 && largest < 1e-8):
		return "0.000E+00"
	case largest >= 1e9:
		return countCode
	case largest >= 100:
		return fixedCode(2)
	}
	return fixedCode(max(4, significantDecimals(largest, 4, 12)))
}

// fixedCode shows n decimals and separators.
func fixedCode(n int) string {
	if n <= 0 {
		return countCode
	}
	return countCode + "." + strings.Repeat("0", n)
}
