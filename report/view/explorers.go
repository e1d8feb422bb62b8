package view

import (
	"regexp"
	"strings"
)

// explorers are where a chain's addresses can be looked up.
var explorers = map[int64]string{
	1: "https://etherscan.io", 10: "https://optimistic.etherscan.io", 56: "https://bscscan.com", 100: "https://gnosisscan.io",
	137: "https://polygonscan.com", 146: "https://sonicscan.org", 250: "https://ftmscan.com", 8453: "https://basescan.org",
	42161: "https://arbiscan.io", 43114: "https://snowtrace.io", 80094: "https://berascan.com", 747474: "https://katanascan.com",
}

var wholeAddress = regexp.MustCompile(`^0x[0-9a-fA-F]{40}$`)

// explorer is the page that tells of an address; empty where none is known, or where the
// text is anything but an address.
func explorer(chain int64, address string) string {
	if explorers[chain] == "" || !wholeAddress.MatchString(address) {
		return ""
	}
	return explorers[chain] + "/address/" + strings.ToLower(address)
}

// addressCell is an address that leads to the explorer.
func addressCell(chain int64, address string) Cell {
	c := words(clean(address, longestText))
	c.URL = explorer(chain, address)
	return c
}
