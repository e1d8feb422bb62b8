package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/publish"
	"github.com/vaultperf/vaultperf/report"
)

// manifest says how the run went and what it wrote. Inputs, warnings and proofs are
// read from the marts, so that a report repeated on its own has them too.
func (r *run) manifest(ctx context.Context, files []report.File, rows map[string]int64, day time.Time) (publish.Manifest, error) {
	m := publish.Manifest{
		Version:  version(),
		Go:       runtime.Version(),
		Config:   publish.Config{Name: filepath.Base(r.config.Name), SHA256: r.config.SHA256, Sample: r.sample},
		AsOf:     day.Format(time.DateOnly),
		Started:  r.app.now,
		Rows:     rows,
		Timings:  r.timings,
		ExitCode: r.app.code,
	}
	for _, f := range files {
		m.Files = append(m.Files, publish.File{Path: filepath.ToSlash(f.Path), SHA256: f.SHA256, Bytes: f.Bytes})
	}
	return m, readMarts(ctx, r.db, &m)
}

// readMarts fills in what the marts say of a run.
func readMarts(ctx context.Context, db *sql.DB, m *publish.Manifest) error {
	if err := db.QueryRowContext(ctx, "select version()").Scan(&m.DuckDB); err != nil {
		return err
	}
	m.Inputs = []publish.Input{}
	err := scan(ctx, db, `
		select path, kind, format, sha256, bytes, state, rows_read, rows_kept, rows_filtered, rows_set_aside
		from marts.imports order by path`,
		func(i *publish.Input) []any {
			return []any{&i.Path, &i.Kind, &i.Format, &i.SHA256, &i.Bytes, &i.State, &i.Read, &i.Kept, &i.Filtered, &i.SetAside}
		}, &m.Inputs)
	if err != nil {
		return err
	}
	m.Warnings = []publish.Warning{}
	err = scan(ctx, db, `
		select vault_id, warning, message, coalesce(rows, 0)
		from marts.warnings order by vault_id, warning`,
		func(w *publish.Warning) []any { return []any{&w.Vault, &w.Warning, &w.Message, &w.Rows} }, &m.Warnings)
	if err != nil {
		return err
	}
	m.Proofs = []publish.Proof{}
	return scan(ctx, db, `
		select vault_id, level, verdict, fault_block, detail
		from marts.completeness order by vault_id, level`,
		func(p *publish.Proof) []any { return []any{&p.Vault, &p.Level, &p.Verdict, &p.Fault, &p.Detail} }, &m.Proofs)
}

// countRows counts every mart.
func countRows(ctx context.Context, db *sql.DB) (map[string]int64, error) {
	names, err := column(ctx, db, `
		select view_name from duckdb_views()
		where schema_name = 'marts' and database_name = current_database()
		order by all`)
	if err != nil {
		return nil, err
	}
	type count struct {
		mart string
		rows int64
	}
	var counts []count
	var queries []string
	for _, name := range names { // those of our own models, so that they can be joined in
		queries = append(queries, fmt.Sprintf("select '%s', count(*) from marts.%[1]s", name))
	}
	err = scan(ctx, db, strings.Join(queries, " union all "), func(c *count) []any { return []any{&c.mart, &c.rows} }, &counts)
	rows := map[string]int64{}
	for _, c := range counts {
		rows[c.mart] = c.rows
	}
	return rows, err
}
