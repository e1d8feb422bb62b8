package view

import (
	"math"
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

// Code is the spreadsheet's number format for a figure; a time's does not depend
// on it.
func (f Format) Code(x float64) string {
	switch f {
	case Percent, Points:
		return percentCode(x)
	case Price:
		return priceCode(x)
	case Amount, ShortAmount:
		return amountCode(x)
	case Days:
		return "#,##0.0"
	case Count:
		return countCode
	case Integer:
		return "0"
	case Place:
		return ""
	case Date:
		return dateCode
	case Minute:
		return minuteCode
	case Second:
		return secondCode
	default:
		return ratioCode(x)
	}
}

// fixedCode shows n decimals and separators.
func fixedCode(n int) string {
	if n <= 0 {
		return countCode
	}
	return countCode + "." + strings.Repeat("0", n)
}

// percentCode shows a fraction as the page does: see percent.
func percentCode(fraction float64) string {
	switch a := math.Abs(fraction * 100); {
	case a >= 1e9:
		return `0.00E+00"×"` // of a start of 1
	case a >= 1e4:
		return "#,##0%"
	case a < 0.1:
		return fixedCode(significantDecimals(a, 2, 6)) + "%"
	}
	return fixedCode(2) + "%"
}

// percentColumn is one format for fractions of which the largest is given.
func percentColumn(largest float64) string {
	if largest == 0 || largest >= 1 {
		return percentCode(largest)
	}
	return fixedCode(significantDecimals(largest*100, 4, 6)) + "%"
}

// ratioCode shows a number as the page does: see ratio.
func ratioCode(x float64) string {
	switch a := math.Abs(x); {
	case a >= 1e9 || (a != 0 && a < 1e-6):
		return "0.00E+00"
	case a >= 1e4:
		return countCode
	case a < 0.1:
		return fixedCode(significantDecimals(a, 2, 7))
	}
	return fixedCode(2)
}

// priceCode shows the first eight digits of the largest of some prices.
func priceCode(largest float64) string {
	if largest >= 1e12 || (largest != 0 && largest < 1e-7) {
		return "0.0000000E+00"
	}
	return fixedCode(significantDecimals(largest, 8, 14))
}

// amountCode shows amounts of which the largest is given.
func amountCode(largest float64) string {
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
