// Package archive reads archived files of event logs, price readings, block times and
// benchmarks into the raw tables. It keeps what the vaults need, counts every row that
// it does not keep, and recognises files that it has read before.
package archive

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// Options say what is imported. Dates come from the command only.
type Options struct {
	Vaults     []vault.Vault
	Archives   []Archive
	Benchmarks []Benchmark             // their names are unique
	Now        time.Time               // no row may be later
	Progress   func(done, total int64) // bytes of input handled; may be nil
}

// Import brings the raw tables up to date with archives and benchmarks, except for decoded
// events, in conn's transaction. raw.vaults and raw.contracts must have been written.
// Input that cannot be read at all is an *InputError, after which the caller must roll
// back.
//
// A file is imported again only if its bytes or what is selected from it changed: the
// vaults, columns, chain, or format. A path that several archives match is read once if
// they select the same from it, and refused otherwise.
func Import(ctx context.Context, conn *sql.Conn, opt Options) ([]input.File, error) {
	jobs, total, err := plan(opt)
	if err != nil {
		return nil, err
	}
	known, err := knownFiles(ctx, conn)
	if err != nil {
		return nil, err
	}
	n := &importer{conn: conn, opt: opt, known: known, nextID: 1, total: total, same: map[string]bool{}, again: map[int]bool{}}
	for _, k := range known {
		n.nextID = max(n.nextID, k.id+1)
	}
	if err := n.withdraw(ctx, jobs); err != nil {
		return nil, err
	}
	var files []input.File
	for _, j := range jobs {
		file, err := n.file(ctx, j)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	if n.isRead {
		if err := input.CheckBlockTimes(ctx, conn); err != nil {
			return nil, err
		}
		if _, err := conn.ExecContext(ctx, "drop table if exists temp.incoming; drop table if exists temp.tracked"); err != nil {
			return nil, fmt.Errorf("extract: %w", err)
		}
	}
	if err := n.forgetWithdrawn(ctx); err != nil {
		return nil, err
	}
	benchmarks, err := n.importBenchmarks(ctx)
	if err != nil {
		return nil, err
	}
	return append(files, benchmarks...), n.absent(ctx)
}

// An importer is one import in progress.
type importer struct {
	conn   *sql.Conn
	opt    Options
	known  map[string]knownFile // by path
	seen   []string             // paths of this run's files
	nextID int
	isRead bool // some file was read, not just recognised
	done   int64
	total  int64

	same        map[string]bool // paths of files of logs with the same bytes and the same selection
	again       map[int]bool    // files that are to be read whatever their bytes
	isWithdrawn bool            // there is a table of logs whose file changed or is gone
}

// rowTables are those whose rows are known by their file and line.
var rowTables = []string{
	"raw.readings", "raw.usd_readings", "raw.reading_facts", "raw.site_figures",
	"raw.markets", "raw.allocations", "raw.token_prices",
}

// file imports one file, or recognises it.
func (n *importer) file(ctx context.Context, j job) (input.File, error) {
	n.seen = append(n.seen, j.path)
	defer n.progress(j.bytes)
	selection := j.selection(n.opt.Vaults)
	old, isKnown := n.known[j.path]
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if n.same[j.path] && !n.again[old.id] {
		return n.unchanged(ctx, j, old)
	}
	digest := digestInBackground(ctx, j) // a new file is hashed while it is read
	if isKnown && old.selection == selection && !n.again[old.id] {
		sum, err := digest()
		if err != nil {
			return input.File{}, err
		}
		if sum == old.sha256 {
			return n.unchanged(ctx, j, old)
		}
	}
	if !n.isRead {
		if err := createWatched(ctx, n.conn, n.opt.Vaults); err != nil {
			return input.File{}, err
		}
		n.isRead = true
	}
	id := old.id
	if !isKnown {
		id = n.nextID
		n.nextID++
	}
	s, err := inspect(ctx, n.conn, j.path, j.file, j.comment())
	if err != nil {
		return input.File{}, err
	}
	kind, format, err := j.recognise(s)
	if err == nil {
		err = j.checkRules(kind)
	}
	if err != nil {
		return input.File{}, err
	}
	if isKnown {
		for _, table := range rowTables {
			if _, err := n.conn.ExecContext(ctx, "delete from "+table+" where file_id = ?", id); err != nil {
				return input.File{}, fmt.Errorf("replace %s: %w", j.path, err)
			}
		}
	}
	in := fileInput{id: id, path: j.path, file: j.file, format: format, archive: j.archive, vaults: n.opt.Vaults, now: n.opt.Now}
	c, err := n.read(ctx, s, in, kind)
	if err != nil {
		return input.File{}, err
	}
	if kind == input.KindLogs {
		back, err := n.returned(ctx, id)
		if err != nil {
			return input.File{}, err
		}
		c.new -= back
	}
	sum, err := digest()
	if err != nil {
		return input.File{}, err
	}
	f := input.File{
		Path: j.path, Kind: kind, Format: format, SHA256: sum, State: stateOf(isKnown, sum == old.sha256, kind),
		Read: c.read, Kept: c.kept, New: c.new, Filtered: c.filtered,
	}
	for _, a := range c.aside {
		f.SetAside += a.rows
	}
	return f, n.record(ctx, j, id, f, selection, c.aside)
}

func stateOf(isKnown, isSame bool, kind string) string {
	switch {
	case !isKnown:
		return input.StateNew
	case isSame:
		return input.StateReread
	case kind != input.KindLogs && kind != input.KindBlocks:
		return input.StateReplaced
	default:
		return input.StateExtended
	}
}

func (n *importer) read(ctx context.Context, s source, in fileInput, kind string) (counts, error) {
	switch kind {
	case input.KindReadings, kindMarkets, kindAllocations, kindPrices:
		return importReadings(ctx, n.conn, s, in)
	case input.KindSite:
		return importSite(ctx, n.conn, s, in)
	case input.KindBlocks:
		return importBlocks(ctx, n.conn, s, in)
	default:
		return importLogs(ctx, n.conn, s, in)
	}
}

func (n *importer) progress(bytes int64) {
	n.done += bytes
	if n.opt.Progress != nil {
		n.opt.Progress(n.done, n.total)
	}
}

// An Archive is a set of files that share a layout.
type Archive struct {
	Dir     string            // the folder Path and Blocks are relative to
	Path    string            // glob
	Kind    string            // one of ArchiveKinds; empty: what the columns say
	Format  string            // a name of Formats, or "auto"
	ChainID uint64            // of rows without one; 0: every row must have one
	Vault   string            // vault id of readings without a vault column, or empty
	Blocks  string            // glob of block times for logs without, or empty
	Columns map[string]string // names in the file, by column name of the import; empty: the file's is not read
	Rows    RowRules          `json:",omitzero"`
	Note    string            // where the figures come from, shown in the report

	// Complete: the files together contain every log that those of the configured
	// contracts emitted of which they have any, between the first row and the last.
	Complete bool
}
