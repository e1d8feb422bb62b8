// Package extract fills the raw tables: it reads archived files of event logs,
// price readings and block times, keeps what the configured vaults need, and
// decodes their logs. It counts every row it does not keep and says why.
//
// It writes raw.* and nothing else, computes no price, and reads no clock but
// the one it is given.
package extract

import (
	"fmt"
	"time"
)

// A Vault is one configured vault: what extract must know to pick its rows.
type Vault struct {
	ID            string // vault_id in every table
	Name          string
	ChainID       uint64
	Address       string // lower-case hex with 0x
	Family        string // one of Families
	AssetSymbol   string
	AssetDecimals int
	ShareDecimals int
	Safe          string // lower-case hex with 0x, or empty
	StartBlock    uint64 // first block to ask a node for; 0: the chain's first
	Contracts     []Contract

	first int64 // block of the contract's making or first log, where that was found out; 0: not known

	isProxyKnown bool // an earlier night read its proxy's slots, which have not changed since
}

// A Contract is one whose logs a vault's figures need besides the vault's own.
type Contract struct {
	Address string // lower-case hex with 0x
	Role    string // what it is to the vault, as in raw.contracts
	Family  string // what events it emits
	Name    string
	Shared  bool     // keep only logs with one of the vault's accounts in a topic
	PoolID  string   // the pool in a contract that holds many, 32 bytes of hex with 0x; or empty
	Coins   []string // of a pool, by the number its events have them under; may be empty
}

// An Archive is a set of files that share a layout.
type Archive struct {
	Dir     string            // the folder Path and Blocks are relative to
	Path    string            // glob
	Format  string            // a name of Formats, or "auto"
	ChainID uint64            // of rows that carry none; 0: every row must
	Vault   string            // vault id of readings without a vault column, or empty
	Blocks  string            // glob of block times for logs without, or empty
	Columns map[string]string // our column name to theirs
	Note    string            // where the figures come from, shown in the report

	// Complete: the files together hold every log that the configured contracts
	// emitted between the first row and the last.
	Complete bool
}

// Options are the inputs of a night. Dates come from the command only.
type Options struct {
	Vaults   []Vault
	Archives []Archive
	Now      time.Time               // no row may be later
	Progress func(done, total int64) // bytes of input handled; nil: not wanted

	Benchmarks []Benchmark // their names are unique

	Nodes          []Node             // at most one per chain
	Record, Replay string             // folders: keep what nodes answer, or answer from there; empty: neither
	NodeProgress   func(NodeProgress) // now and then, from other goroutines; nil: not wanted
	Notice         func(text string)  // what a person should know of nodes, harmless to a terminal; nil: not wanted

	dialed map[uint64]*dialedChain // of a night that asks a chain more than once; nil: not kept
}

// A File says what one archived file gave. Rows read = kept + filtered + set
// aside, where an unchanged file repeats last night's counts.
type File struct {
	Path     string // relative to the config, slashes
	Kind     string // logs, readings, blocks or benchmark
	Format   string
	SHA256   string
	State    string // new, unchanged, reread, replaced, extended
	Read     int64
	Kept     int64
	New      int64 // of the kept, not in the database before
	Filtered int64
	SetAside int64
}

// An InputError is input that cannot be read at all; nothing of its file is
// kept.
type InputError struct {
	File string // relative to the config
	Line int64  // from 1, or a row number in Parquet; 0: the whole file
	Want string // what was expected there
	Got  string // what was found, shortened and harmless to a terminal; may be empty
}

func (e *InputError) Error() string {
	where := e.File
	if e.Line > 0 {
		where = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	if e.Got == "" {
		return where + ": want " + e.Want
	}
	return fmt.Sprintf("%s: want %s, got %s", where, e.Want, e.Got)
}
