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
	// line is only asked where a text is refused
	check := func(line func() int, who, key, text string) {
		if n := utf8.RuneCountInString(text); n > LongestText {
			faults.add(line(), who, "%s: want at most %d characters, got %d", key, LongestText, n)
		}
		if i := strings.IndexFunc(text, IsHarmful); i >= 0 {
			r, _ := utf8.DecodeRuneInString(text[i:])
			faults.add(line(), who, "%s: want one line of plain text, got the control or formatting character %U", key, r)
		}
	}
	in := func(table string, i int, key string) func() int {
		return func() int { return f.lineOfKey(f.lineOfTable(table, i), key) }
	}
	for i, v := range f.Vaults {
		who := fmt.Sprintf("vault %q", v.ID)
		check(in("vault", i, "name"), who, "name", v.Name)
		check(in("vault", i, "asset_symbol"), who, "asset_symbol", v.AssetSymbol)
		for n, c := range v.Contracts {
			line := func() int { return f.lineOfContractKey(i, n, "name") }
			check(line, fmt.Sprintf("%s: contract %q", who, c.Address), "name", c.Name)
		}
	}
	for i, a := range f.Archives {
		check(in("archive", i, "note"), fmt.Sprintf("archive %q", a.Path), "note", a.Note)
	}
	for i, b := range f.Benchmarks {
		check(in("benchmark", i, "note"), fmt.Sprintf("benchmark %q", b.Name), "note", b.Note)
	}
}

// IsHarmful says whether r is a control or a formatting character: those break a line, act
// on a terminal, change the direction of text or hide in it.
func IsHarmful(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
