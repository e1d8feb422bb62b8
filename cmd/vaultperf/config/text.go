package config

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// LongestText is how many characters a name or a note may have.
const LongestText = 200

// validateTexts checks what people wrote for people to read: names and notes, which
// pages, workbooks and terminals show.
func (f *File) validateTexts(faults *faults) {
	check := func(table int, who, key, text string) {
		line := f.lineOfKey(table, key)
		if n := utf8.RuneCountInString(text); n > LongestText {
			faults.add(line, who, "%s: want at most %d characters, got %d", key, LongestText, n)
		}
		if i := strings.IndexFunc(text, isControl); i >= 0 {
			r, _ := utf8.DecodeRuneInString(text[i:])
			faults.add(line, who, "%s: want one line of plain text, got the control character %U", key, r)
		}
	}
	for i, v := range f.Vaults {
		who, table := fmt.Sprintf("vault %q", v.ID), f.lineOfTable("vault", i)
		check(table, who, "name", v.Name)
		check(table, who, "asset_symbol", v.AssetSymbol)
		for n, c := range v.Contracts {
			check(f.lineOfContract(i, n), fmt.Sprintf("%s: contract %q", who, c.Address), "name", c.Name)
		}
	}
	for i, a := range f.Archives {
		check(f.lineOfTable("archive", i), fmt.Sprintf("archive %q", a.Path), "note", a.Note)
	}
	for i, b := range f.Benchmarks {
		check(f.lineOfTable("benchmark", i), fmt.Sprintf("benchmark %q", b.Name), "note", b.Note)
	}
}

// isControl says whether a character breaks a line, acts on a terminal or turns the
// direction of what follows.
func isControl(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
}
