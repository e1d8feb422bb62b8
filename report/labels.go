package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// PeriodLabel names a period of marts.performance.
func PeriodLabel(period string) string {
	switch period {
	case "mtd":
		return "Month to date"
	case "qtd":
		return "Quarter to date"
	case "ytd":
		return "Year to date"
	case "itd":
		return "Since inception"
	}
	if days, ok := strings.CutSuffix(period, "d"); ok {
		if n, err := strconv.ParseInt(days, 10, 64); err == nil {
			return Counted(n, "day")
		}
	}
	return Words(period)
}

// Words writes a code as words: "no_anchor" is "no anchor".
func Words(code string) string {
	return strings.ReplaceAll(Text(code, 80), "_", " ")
}

// Sentence begins a text with a capital.
func Sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// Text makes a stranger's text fit to show: no control, format or bidirectional
// characters, no runs of space or of combining marks, at most longest
// characters. It does not escape; that is the writer's part.
func Text(s string, longest int) string {
	var out []rune
	space, combining := false, 0
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = len(out) > 0
			continue
		case r == unicode.ReplacementChar || !unicode.IsPrint(r):
			continue
		case unicode.Is(unicode.M, r):
			if combining++; combining > 2 {
				continue
			}
		default:
			combining = 0
		}
		if space {
			out = append(out, ' ')
			space = false
		}
		if out = append(out, r); len(out) > longest {
			return string(out[:longest-1]) + "…"
		}
	}
	return string(out)
}

// StatusLabel says in a few words how current a vault is.
func StatusLabel(status string) string {
	switch status {
	case "live":
		return "Current"
	case "stale":
		return "Stale"
	case "closed":
		return "Closed at zero"
	case "no_reading":
		return "No reading"
	case "not_started":
		return "Not started"
	}
	return Words(status)
}

// SourceLabel names a kind of share price.
func SourceLabel(source string) string {
	switch source {
	case "reading":
		return "readings as published"
	case "lagoon_settlement":
		return "Lagoon settlements"
	case "lagoon_event":
		return "Lagoon events"
	case "node_state":
		return "the contract's state, read from a node"
	case "erc4626_trade":
		return "ERC-4626 deposits and withdrawals"
	}
	return Words(source)
}

// FamilyLabel names a family of vaults.
func FamilyLabel(family string) string {
	switch family {
	case "lagoon":
		return "Lagoon"
	case "erc4626":
		return "ERC-4626"
	case "erc7540":
		return "ERC-7540"
	case "observed":
		return "Observed prices"
	}
	return Words(family)
}

// ChainLabel names a chain.
func ChainLabel(id int64) string {
	names := map[int64]string{
		1: "Ethereum", 10: "OP Mainnet", 56: "BNB Smart Chain", 100: "Gnosis", 137: "Polygon", 146: "Sonic", 250: "Fantom",
		8453: "Base", 42161: "Arbitrum One", 43114: "Avalanche", 80094: "Berachain", 747474: "Katana",
	}
	if name := names[id]; name != "" {
		return name + ", chain " + strconv.FormatInt(id, 10)
	}
	return "Chain " + strconv.FormatInt(id, 10)
}

// Middle shortens an id made of an address the way people do: its ends tell
// addresses apart, not its start.
func Middle(s string, longest int) string {
	r := []rune(Text(s, 1000))
	if len(r) <= longest {
		return string(r)
	}
	tail := longest / 3
	return string(r[:longest-tail-1]) + "…" + string(r[len(r)-tail:])
}
