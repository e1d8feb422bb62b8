package main

import (
	"strings"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/config"
)

// harmless removes what a terminal would obey instead of showing it: control
// characters except newline and tab, and characters that reorder or hide text. Names
// and symbols come from chains, where anybody can choose them.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && config.IsHarmful(r) {
			return -1
		}
		return r
	}, s)
}

// oneLine is harmless text without line breaks, for a cell of a table.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\r':
			return ' '
		case config.IsHarmful(r):
			return -1
		}
		return r
	}, s)
}
