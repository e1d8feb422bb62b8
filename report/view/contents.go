package view

import (
	"fmt"
	"strings"
)

// Contents leads to the other sheets of a workbook.
type Contents struct {
	Title string
	Lines []ContentsLine
}

// A ContentsLine is a sheet and what it holds.
type ContentsLine struct{ Sheet, Holds string }

// contentsOf lists all sheets but the first.
func contentsOf(sheets []Sheet) *Contents {
	c := &Contents{Title: "In this workbook"}
	for i := range sheets[1:] {
		c.Lines = append(c.Lines, ContentsLine{sheets[i+1].Name, holds(&sheets[i+1])})
	}
	return c
}

// holds says what a sheet is for.
func holds(s *Sheet) string {
	switch s.Name {
	case sheetPrices:
		return "Every price point, what it comes from, and what follows from it"
	case sheetReturns:
		return "Every return since inception, by a formula from the share prices"
	case sheetAudit:
		return "Figures since inception as formulas over these returns, each beside the database's: " + agreement(s)
	case sheetQuality:
		return "How well the prices cover the vault's life, and what is to be warned of"
	case sheetProvenance:
		return "What the figures were made from, and by what"
	case sheetDefinitions:
		return "What every figure means, its unit, and the file that computes it"
	}
	for _, b := range s.Blocks {
		if t, ok := b.(*Table); ok && t.Caption != "" {
			first, _, _ := strings.Cut(t.Caption, ". ")
			return clean(strings.TrimSuffix(first, "."), 120)
		}
	}
	return ""
}

// agreement says how many of the figures of an audit agree.
func agreement(s *Sheet) string {
	agree, all := 0, 0
	for _, b := range s.Blocks {
		a, ok := b.(*Audit)
		if !ok {
			continue
		}
		for i := range a.Groups {
			for j := range a.Groups[i].Rows {
				if !a.Groups[i].Judged {
					continue
				}
				if all++; a.Groups[i].Rows[j].Agrees() {
					agree++
				}
			}
		}
	}
	if agree == all {
		return fmt.Sprintf("all %d agree", all)
	}
	return fmt.Sprintf("%d of %d DO NOT AGREE", all-agree, all)
}
