package extract

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/vaultperf/vaultperf/extract/archive"
	"github.com/vaultperf/vaultperf/extract/decode"
	"github.com/vaultperf/vaultperf/extract/discover"
	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
)

// Run imports archives into the raw tables and decodes new logs, in one transaction:
// after an error the database is as it was. Input that cannot be read at all is an
// *InputError. Then it fetches from the nodes; what was fetched before a failure is
// kept. An endpoint's failure is a *NodeError.
func Run(ctx context.Context, db *sql.DB, opt Options) (files []input.File, err error) {
	r := &runner{db: db, opt: opt, dialed: map[uint64]dialedChain{}}
	if r.vaults, err = discover.Resolve(ctx, db, opt.Vaults, r.ask); err != nil {
		return nil, err
	}
	err = store.InTransaction(ctx, db, func(conn *sql.Conn) error {
		if files, err = r.importAll(ctx, conn); err != nil {
			return err
		}
		return writeAsked(ctx, conn, opt, len(opt.Nodes) == 0)
	})
	if err != nil || len(opt.Nodes) == 0 {
		return files, err
	}
	for _, node := range opt.Nodes {
		fetched, err := r.fetchNode(ctx, node)
		if err != nil {
			return nil, asNodeError(ctx, node.ChainID, err)
		}
		files = append(files, fetched...)
	}
	return files, store.InTransaction(ctx, db, func(conn *sql.Conn) error { return writeAsked(ctx, conn, opt, true) })
}

// A runner is one run.
type runner struct {
	db     *sql.DB
	opt    Options
	vaults []discover.Known // with what was discovered about them
	dialed map[uint64]dialedChain
}

// importAll imports and decodes the archived files.
func (r *runner) importAll(ctx context.Context, conn *sql.Conn) ([]input.File, error) {
	if err := writeFamilies(ctx, conn); err != nil {
		return nil, err
	}
	vaults := discover.Vaults(r.vaults)
	if err := vault.Write(ctx, conn, vaults); err != nil {
		return nil, err
	}
	files, err := archive.Import(ctx, conn, archive.Options{
		Vaults: vaults, Archives: r.opt.Archives, Benchmarks: r.opt.Benchmarks, Now: r.opt.Now, Progress: r.opt.Progress,
	})
	if err != nil {
		return nil, err
	}
	if err := decode.Logs(ctx, conn, vaults); err != nil {
		return nil, fmt.Errorf("decode logs: %w", err)
	}
	return files, nil
}

// writeFamilies writes the registry of families to raw.families.
func writeFamilies(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, "delete from raw.families"); err != nil {
		return fmt.Errorf("write families: %w", err)
	}
	return models.Append(ctx, conn, "raw", "families", func(add func(values ...any) error) error {
		for _, row := range family.Rows() {
			if err := add(row...); err != nil {
				return err
			}
		}
		return nil
	})
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

// writeAsked records in raw.asked what was extracted. It is empty until all of it is.
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
