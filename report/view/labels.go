package view

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// periodLabel names a period of marts.performance.
func periodLabel(period string) string {
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
			return counted(n, "day")
		}
	}
	return inWords(period)
}

// inWords writes a code as words: "no_anchor" is "no anchor".
func inWords(code string) string {
	return strings.ReplaceAll(clean(code, 80), "_", " ")
}

// sentence begins a text with a capital.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// clean makes a stranger's text fit to show: no control, format or bidirectional
// characters, no runs of space or of combining marks, at most longest
// characters. It does not escape; that is the writer's part.
func clean(s string, longest int) string {
	if isClean(s, longest) {
		return s
	}
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

// isClean says of most texts that clean would leave them as they are.
func isClean(s string, longest int) bool {
	space := true
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' && space, c < ' ', c > '~':
			return false
		default:
			space = c == ' '
		}
	}
	return len(s) <= longest && (s == "" || !space)
}

// longestText is as much of a stranger's text as is ever shown; a spreadsheet's
// cell could hold 32,767 characters.
const longestText = 2000

// cut is a stranger's text twice: as a page has room for, and as a sheet has.
func cut(s string, longest int) (text, full string) {
	full = clean(s, longestText)
	return clean(full, longest), full
}

// statusLabel says in a few words how current a vault is.
func statusLabel(status string) string {
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
	return inWords(status)
}

// sourceLabel names a kind of share price.
func sourceLabel(source string) string {
	switch source {
	case "reading":
		return "readings as published"
	case "lagoon_settlement":
		return "Lagoon settlements"
	case "lagoon_event":
		return "Lagoon events"
	case "node_state":
		return "the contract's state, read from a node"
	case "vault_status":
		return "Euler statuses"
	case "posted_rate":
		return "rates that the accountant posted"
	case "erc4626_trade":
		return "ERC-4626 deposits and withdrawals"
	}
	return inWords(source)
}

// chainLabel names a chain.
func chainLabel(id int64) string {
	names := map[int64]string{
		1: "Ethereum", 10: "OP Mainnet", 56: "BNB Smart Chain", 100: "Gnosis", 137: "Polygon", 146: "Sonic", 250: "Fantom",
		8453: "Base", 42161: "Arbitrum One", 43114: "Avalanche", 80094: "Berachain", 747474: "Katana",
	}
	if name := names[id]; name != "" {
		return name + ", chain " + strconv.FormatInt(id, 10)
	}
	return "Chain " + strconv.FormatInt(id, 10)
}

// middle shortens an id made of an address the way people do: its ends tell
// addresses apart, not its start.
func middle(s string, longest int) string {
	r := []rune(clean(s, 1000))
	if len(r) <= longest {
		return string(r)
	}
	tail := longest / 3
	return string(r[:longest-tail-1]) + "…" + string(r[len(r)-tail:])
}
