package fetch

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/rpc"
)

// A nodeSource is the row of raw.files that stands for an endpoint of a chain.
type nodeSource struct {
	id        int
	file      input.File
	bytes     int64
	isNew     bool // not in the database yet
	isChanged bool
}

func sourcePath(endpoint string, chain uint64) string {
	return fmt.Sprintf("%s (chain %d)", endpoint, chain)
}

// add counts an answer. The digest is chained over all answers, so that it identifies a
// history of requests; coverage has the digests of the logs.
func (s *nodeSource) add(set *rpc.LogSet, fresh int64) {
	read := int64(len(set.Logs) + set.Duplicate)
	s.file.Read += read
	s.file.Kept += read
	s.file.New += fresh
	s.bytes += set.Bytes
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %d", s.file.SHA256, read, set.Bytes))
	s.file.SHA256 = hex.EncodeToString(sum[:])
	if s.file.State == input.StateUnchanged {
		s.file.State = input.StateExtended
	}
	s.isChanged = true
}

// readSources reads the endpoints' totals of earlier runs, and resets those of this one. A
// new endpoint gets a number, and a row once it has answered.
func (n *Chain) readSources(ctx context.Context) error {
	var next int
	if err := n.db.QueryRowContext(ctx, "select coalesce(max(file_id), 0) + 1 from raw.files").Scan(&next); err != nil {
		return fmt.Errorf("read raw.files: %w", err)
	}
	for _, endpoint := range n.opt.Pool.Endpoints() {
		s := &nodeSource{file: input.File{Path: sourcePath(endpoint, n.opt.ChainID), Kind: input.KindLogs, Format: input.FormatNode, State: input.StateUnchanged}}
		err := n.db.QueryRowContext(ctx, "select file_id, sha256, bytes, rows_read, rows_kept from raw.files where path = ?", s.file.Path).
			Scan(&s.id, &s.file.SHA256, &s.bytes, &s.file.Read, &s.file.Kept)
		if errors.Is(err, sql.ErrNoRows) {
			if n.sources[endpoint] != nil {
				continue // two keys of one host share a name
			}
			s.isNew, s.file.State = true, input.StateNew
			s.id = next
			next++
			n.sources[endpoint] = s
			continue
		}
		if err != nil {
			return fmt.Errorf("read raw.files: %w", err)
		}
		_, err = n.db.ExecContext(ctx, "update raw.files set state = ?, rows_new = 0 where file_id = ?", input.StateUnchanged, s.id)
		if err != nil {
			return fmt.Errorf("record %s: %w", s.file.Path, err)
		}
		n.sources[endpoint] = s
	}
	return nil
}

// recordSources writes the rows of endpoints that answered.
func (n *Chain) recordSources(ctx context.Context, conn *sql.Conn) error {
	for _, s := range n.sources {
		if !s.isChanged {
			continue
		}
		f := s.file
		var err error
		if s.isNew {
			_, err = conn.ExecContext(ctx, "insert into raw.files values (?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, 0)",
				s.id, f.Path, f.Kind, f.Format, f.SHA256, s.bytes, input.FormatNode, f.State, f.Read, f.Kept, f.New)
		} else {
			_, err = conn.ExecContext(ctx, "update raw.files set sha256 = ?, bytes = ?, state = ?, rows_read = ?, rows_kept = ?, rows_new = ? where file_id = ?",
				f.SHA256, s.bytes, f.State, f.Read, f.Kept, f.New, s.id)
		}
		if err != nil {
			return fmt.Errorf("record %s: %w", f.Path, err)
		}
		s.isNew, s.isChanged = false, false
	}
	return nil
}
