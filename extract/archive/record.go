package archive

import (
	"context"
	"fmt"
	"slices"

	"github.com/vaultperf/vaultperf/extract/input"
)

// unchanged repeats the last run's counts, without new rows.
func (n *importer) unchanged(ctx context.Context, j job, old knownFile) (input.File, error) {
	_, err := n.conn.ExecContext(ctx, "update raw.files set state = ?, note = ?, rows_new = 0 where file_id = ?",
		input.StateUnchanged, j.archive.Note, old.id)
	if err != nil {
		return input.File{}, fmt.Errorf("record %s: %w", j.path, err)
	}
	f := old.file
	f.State, f.New = input.StateUnchanged, 0
	return f, nil
}

// record writes what became of a file.
func (n *importer) record(ctx context.Context, j job, id int, f input.File, selection string, asides map[string]*aside) error {
	for _, table := range []string{"raw.files", "raw.set_aside"} {
		if _, err := n.conn.ExecContext(ctx, "delete from "+table+" where file_id = ?", id); err != nil {
			return fmt.Errorf("record %s: %w", f.Path, err)
		}
	}
	_, err := n.conn.ExecContext(ctx, "insert into raw.files values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		id, f.Path, f.Kind, f.Format, f.SHA256, j.bytes, selection, f.State, j.archive.Note, f.Read, f.Kept, f.New, f.Filtered)
	if err != nil {
		return fmt.Errorf("record %s: %w", f.Path, err)
	}
	for reason, a := range asides {
		_, err := n.conn.ExecContext(ctx, "insert into raw.set_aside values (?, ?, ?, ?, ?)", id, reason, a.rows, a.firstLine, a.example)
		if err != nil {
			return fmt.Errorf("record %s: %w", f.Path, err)
		}
	}
	return nil
}

// absent marks the files that no archive matches in this run.
func (n *importer) absent(ctx context.Context) error {
	for path, k := range n.known {
		if slices.Contains(n.seen, path) || k.file.Format == input.FormatNode {
			continue
		}
		if _, err := n.conn.ExecContext(ctx, "update raw.files set state = ?, rows_new = 0 where file_id = ?", input.StateAbsent, k.id); err != nil {
			return fmt.Errorf("record %s: %w", path, err)
		}
	}
	return nil
}
