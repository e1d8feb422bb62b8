package extract

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	models "github.com/vaultperf/vaultperf/sql"
)

// What a night did with a file.
const (
	stateNew       = "new"
	stateUnchanged = "unchanged" // same bytes, same question: not read again
	stateReread    = "reread"    // same bytes, but the config asks another question of them
	stateReplaced  = "replaced"  // readings, other bytes: the file's earlier rows are gone
	stateExtended  = "extended"  // logs and blocks, other bytes: earlier rows stay, new ones came
	stateAbsent    = "absent"    // no archive matches it any more; its logs stay, its readings count for nothing
)

// Run imports the archives of a night into the raw tables and decodes what is
// new. It works in one transaction: after an error the database is as it was.
// Input that cannot be read at all is an *InputError. Then it fetches what nodes
// have, where a failure keeps what came before it: an endpoint's is a *NodeError.
//
// A file is imported again only if its bytes changed or the config asks another
// question of it: other vaults, columns, chain, or format. A path that several
// archives match is read once if they ask the same of it, and refused if not.
func Run(ctx context.Context, db *sql.DB, opt Options) (files []File, err error) {
	asked := opt // what is found out is no part of the question
	// a recording is begun once, and what was learnt of endpoints is kept
	opt.dialed = map[uint64]*dialedChain{}
	if opt.Vaults, err = resolveFamilies(ctx, db, opt); err != nil {
		return nil, err
	}
	err = inTransaction(ctx, db, func(conn *sql.Conn) error {
		if files, err = importFiles(ctx, conn, opt); err != nil {
			return err
		}
		if err := decode(ctx, conn, opt.Vaults); err != nil {
			return fmt.Errorf("decode logs: %w", err)
		}
		return writeAsked(ctx, conn, asked, len(opt.Nodes) == 0)
	})
	if err != nil {
		return nil, err
	}
	if len(opt.Nodes) == 0 {
		return files, nil
	}
	fetched, err := runNodes(ctx, db, opt)
	if err != nil {
		return nil, err
	}
	err = inTransaction(ctx, db, func(conn *sql.Conn) error { return writeAsked(ctx, conn, asked, true) })
	return append(files, fetched...), err
}

// inTransaction commits what work did, or undoes it.
func inTransaction(ctx context.Context, db *sql.DB, work func(*sql.Conn) error) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return inTransactionOn(ctx, conn, func() error { return work(conn) })
}

// inTransactionOn commits on conn what work did, or undoes it.
func inTransactionOn(ctx context.Context, conn *sql.Conn, work func() error) (err error) {
	// a begin that is broken off may have begun
	if _, err := conn.ExecContext(context.WithoutCancel(ctx), "begin"); err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	if err = work(); err == nil {
		if _, err = conn.ExecContext(ctx, "commit"); err == nil {
			return nil
		}
		err = fmt.Errorf("commit the import: %w", err)
	}
	// a cancelled night must be undone too; after a failed commit there is nothing to undo
	for _, q := range []string{"rollback", "set preserve_insertion_order = true"} {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), q)
	}
	return err
}

// importFiles brings the raw tables up to date with the archives, but for what
// is decoded from them.
func importFiles(ctx context.Context, conn *sql.Conn, opt Options) ([]File, error) {
	jobs, total, err := plan(opt)
	if err != nil {
		return nil, err
	}
	if err := writeVaults(ctx, conn, opt.Vaults); err != nil {
		return nil, err
	}
	known, err := knownFiles(ctx, conn)
	if err != nil {
		return nil, err
	}
	n := &night{conn: conn, opt: opt, known: known, nextID: 1, total: total}
	for _, k := range known {
		n.nextID = max(n.nextID, k.id+1)
	}
	var files []File
	for _, j := range jobs {
		file, err := n.file(ctx, j)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	if n.isRead {
		if err := checkBlockTimes(ctx, conn); err != nil {
			return nil, err
		}
		if _, err := conn.ExecContext(ctx, "drop table if exists temp.incoming; drop table temp.wanted"); err != nil {
			return nil, fmt.Errorf("extract: %w", err)
		}
	}
	benchmarks, err := n.importBenchmarks(ctx)
	if err != nil {
		return nil, err
	}
	return append(files, benchmarks...), n.absent(ctx)
}

func writeVaults(ctx context.Context, conn *sql.Conn, vaults []Vault) error {
	if _, err := conn.ExecContext(ctx, "delete from raw.vaults"); err != nil {
		return fmt.Errorf("write vaults: %w", err)
	}
	err := models.Append(ctx, conn, "raw", "vaults", func(add func(values ...any) error) error {
		for i, v := range vaults {
			var safe any
			if v.Safe != "" {
				safe = v.Safe
			}
			err := add(v.ID, int32(i+1), int64(v.ChainID), v.Address, v.Name, v.Family, v.AssetSymbol,
				int32(v.AssetDecimals), int32(v.ShareDecimals), safe)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return writeContracts(ctx, conn, vaults)
}

// Digest is a digest of what opt asks for: vaults, archives and benchmarks, but for
// the folder their paths are relative to. Run leaves it in raw.asked.
func Digest(opt Options) string {
	archives := slices.Clone(opt.Archives)
	for i := range archives {
		archives[i].Dir = ""
	}
	benchmarks := slices.Clone(opt.Benchmarks)
	for i := range benchmarks {
		benchmarks[i].Dir = ""
	}
	text, err := json.Marshal([]any{opt.Vaults, archives, benchmarks})
	if err != nil {
		panic(err) // plain values always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// writeAsked says what is extracted; nothing, until all of it is.
func writeAsked(ctx context.Context, conn *sql.Conn, opt Options, isDone bool) error {
	queries := []string{"delete from raw.asked"}
	if isDone {
		queries = append(queries, "insert into raw.asked values ('"+Digest(opt)+"')")
	}
	for _, q := range queries {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("write raw.asked: %w", err)
		}
	}
	return nil
}

// A night is one run's state.
type night struct {
	conn   *sql.Conn
	opt    Options
	known  map[string]knownFile // by path
	seen   []string             // paths of tonight
	nextID int
	isRead bool // some file was read, not just recognised
	done   int64
	total  int64
}

// file imports one file, or recognises it.
func (n *night) file(ctx context.Context, j job) (File, error) {
	n.seen = append(n.seen, j.path)
	defer n.progress(j.bytes)
	selection := j.selection(n.opt.Vaults)
	old, isKnown := n.known[j.path]
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	digest := digestBeside(ctx, j) // a new file is digested while it is read
	if isKnown && old.selection == selection {
		sum, err := digest()
		if err != nil {
			return File{}, err
		}
		if sum == old.sha256 {
			return n.unchanged(ctx, j, old)
		}
	}
	n.isRead = true
	id := old.id
	if !isKnown {
		id = n.nextID
		n.nextID++
	}
	s, err := inspect(ctx, n.conn, j.path, j.file)
	if err != nil {
		return File{}, err
	}
	kind, format, err := j.recognise(s)
	if err != nil {
		return File{}, err
	}
	if isKnown {
		if _, err := n.conn.ExecContext(ctx, "delete from raw.readings where file_id = ?", id); err != nil {
			return File{}, fmt.Errorf("replace %s: %w", j.path, err)
		}
	}
	in := input{id: id, path: j.path, file: j.file, format: format, archive: j.archive, vaults: n.opt.Vaults, now: n.opt.Now}
	c, err := n.read(ctx, s, in, kind)
	if err != nil {
		return File{}, err
	}
	sum, err := digest()
	if err != nil {
		return File{}, err
	}
	f := File{
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
		return stateNew
	case isSame:
		return stateReread
	case kind == kindReadings:
		return stateReplaced
	default:
		return stateExtended
	}
}

func (n *night) read(ctx context.Context, s source, in input, kind string) (counts, error) {
	switch kind {
	case kindReadings:
		return importReadings(ctx, n.conn, s, in)
	case kindBlocks:
		return importBlocks(ctx, n.conn, s, in)
	default:
		return importLogs(ctx, n.conn, s, in)
	}
}

func (n *night) progress(bytes int64) {
	n.done += bytes
	if n.opt.Progress != nil {
		n.opt.Progress(n.done, n.total)
	}
}
