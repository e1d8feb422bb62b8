// Package input describes what was read from each file and endpoint, and what is wrong
// with one that cannot be used.
package input

// A File says what was read from one archived file. Rows read = kept + filtered + set
// aside; an unchanged file repeats the last run's counts.
type File struct {
	Path     string // relative to the config, slashes
	Kind     string // logs, readings, blocks, site, markets, allocations, prices or benchmark
	Format   string
	SHA256   string
	State    string // new, unchanged, reread, replaced, extended
	Read     int64
	Kept     int64
	New      int64 // of the kept, not in the database before
	Filtered int64
	SetAside int64
}

// States of a file.
const (
	StateNew       = "new"
	StateUnchanged = "unchanged" // same bytes, same question: not read again
	StateReread    = "reread"    // same bytes, but the config asks another question of them, or another file of their logs changed
	StateReplaced  = "replaced"  // readings, other bytes: the file's earlier rows are gone
	StateExtended  = "extended"  // logs and blocks, other bytes: rows that it still has stay, new ones came
	StateAbsent    = "absent"    // no archive matches it any more; what only it had counts for nothing
)

// Kinds of archived files.
const (
	KindLogs     = "logs"
	KindReadings = "readings"
	KindBlocks   = "blocks"
	KindSite     = "site" // figures that another site printed

	KindMarkets     = "markets"     // the state of lending markets
	KindAllocations = "allocations" // what vaults have in markets and venues
	KindPrices      = "prices"      // what tokens cost
)

// FormatNode is the format of a node's answers.
const FormatNode = "eth_getLogs"

// NodeFiles selects the file_id of each node.
const NodeFiles = "(select file_id from raw.files where format = '" + FormatNode + "')"
