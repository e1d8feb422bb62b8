package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/report"
)

// manifestSchema is raised when a key of run.json changes its meaning or goes.
const manifestSchema = 1

// A manifest is run.json: what a night was made of, how it went and what it
// wrote. It holds no path outside the out folder and the config's, and no
// secret.
type manifest struct {
	Schema   int              `json:"schema"`
	Version  string           `json:"version"`
	Go       string           `json:"go"`
	DuckDB   string           `json:"duckdb"`
	Config   manifestConfig   `json:"config"`
	AsOf     string           `json:"as_of"`
	Started  time.Time        `json:"started_at"`
	Inputs   []manifestInput  `json:"inputs"`
	Rows     map[string]int64 `json:"rows"` // by mart
	Warnings []manifestNotice `json:"warnings"`
	Proofs   []manifestProof  `json:"completeness"`
	Timings  []timing         `json:"timings"`
	Database manifestFile     `json:"database"` // beside run.json too
	Files    []manifestFile   `json:"files"`    // pages and workbooks, beside run.json
	ExitCode int              `json:"exit_code"`
}

type manifestConfig struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Sample bool   `json:"sample"`
}

type manifestInput struct {
	Path     string `json:"path"` // relative to the config
	Kind     string `json:"kind"`
	Format   string `json:"format"`
	SHA256   string `json:"sha256"`
	Bytes    int64  `json:"bytes"`
	State    string `json:"state"`
	Read     int64  `json:"rows_read"`
	Kept     int64  `json:"rows_kept"`
	Filtered int64  `json:"rows_filtered"`
	SetAside int64  `json:"rows_set_aside"`
}

type manifestNotice struct {
	Vault   string `json:"vault_id"` // empty: the whole night
	Warning string `json:"warning"`
	Message string `json:"message"`
	Rows    int64  `json:"rows"`
}

// A manifestProof is how far one level of proof came for a vault's history.
type manifestProof struct {
	Vault   string `json:"vault_id"`
	Level   string `json:"level"`   // L0 to L3
	Verdict string `json:"verdict"` // proved, checked or unproved
	Fault   *int64 `json:"fault_block"`
	Detail  string `json:"detail"`
}

type manifestFile struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// writeManifest writes run.json beside the staged pages. Inputs, rows, warnings
// and proofs are read from the marts, so that a report made again on its own has
// them too.
func (n *night) writeManifest(ctx context.Context, staged stagedNight, files []report.File, rows map[string]int64, day time.Time) error {
	m := manifest{
		Schema:   manifestSchema,
		Version:  version(),
		Go:       runtime.Version(),
		Config:   manifestConfig{filepath.Base(n.config.name), n.config.digest, n.sample},
		AsOf:     day.Format(time.DateOnly),
		Started:  n.app.now,
		Rows:     rows,
		Timings:  n.timings,
		ExitCode: n.app.code,
	}
	for _, f := range files {
		m.Files = append(m.Files, manifestFile{filepath.ToSlash(f.Path), f.SHA256, f.Bytes})
	}
	slices.SortFunc(m.Files, func(a, b manifestFile) int { return strings.Compare(a.Path, b.Path) })
	var err error
	if m.Database, err = describeFile(staged.database()); err != nil {
		return err
	}
	if err := m.readMarts(ctx, n.db); err != nil {
		return err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(staged.pages, "run.json"), append(text, '\n'), 0o644)
}

// readManifest reads the manifest of a published night in folder.
func readManifest(folder string) (m manifest, err error) {
	text, err := os.ReadFile(filepath.Join(folder, "run.json"))
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(text, &m)
}

func (m *manifest) readMarts(ctx context.Context, db *sql.DB) error {
	if err := db.QueryRowContext(ctx, "select version()").Scan(&m.DuckDB); err != nil {
		return err
	}
	m.Inputs = []manifestInput{}
	err := scan(ctx, db, `
		select path, kind, format, sha256, bytes, state, rows_read, rows_kept, rows_filtered, rows_set_aside
		from marts.imports order by path`,
		func(i *manifestInput) []any {
			return []any{&i.Path, &i.Kind, &i.Format, &i.SHA256, &i.Bytes, &i.State, &i.Read, &i.Kept, &i.Filtered, &i.SetAside}
		}, &m.Inputs)
	if err != nil {
		return err
	}
	m.Warnings = []manifestNotice{}
	err = scan(ctx, db, `
		select vault_id, warning, message, coalesce(rows, 0)
		from marts.warnings order by vault_id, warning`,
		func(w *manifestNotice) []any { return []any{&w.Vault, &w.Warning, &w.Message, &w.Rows} }, &m.Warnings)
	if err != nil {
		return err
	}
	m.Proofs = []manifestProof{}
	return scan(ctx, db, `
		select vault_id, level, verdict, fault_block, detail
		from marts.completeness order by vault_id, level`,
		func(p *manifestProof) []any { return []any{&p.Vault, &p.Level, &p.Verdict, &p.Fault, &p.Detail} }, &m.Proofs)
}

// countRows counts every mart, tables and views.
func countRows(ctx context.Context, db *sql.DB) (map[string]int64, error) {
	names, err := column(ctx, db, `
		select table_name from duckdb_tables() where schema_name = 'marts'
		union all
		select view_name from duckdb_views() where schema_name = 'marts'
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

// scan appends a query's rows to values; into says where a row's columns go.
func scan[T any](ctx context.Context, db *sql.DB, query string, into func(*T) []any, values *[]T) (err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return fmt.Errorf("read marts: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var value T
		if err := rows.Scan(into(&value)...); err != nil {
			return fmt.Errorf("read marts: %w", err)
		}
		*values = append(*values, value)
	}
	return rows.Err()
}

func describeFile(path string) (manifestFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return manifestFile{}, err
	}
	digest := sha256.New()
	size, err := io.Copy(digest, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return manifestFile{}, fmt.Errorf("read %s: %w", path, err)
	}
	return manifestFile{filepath.Base(path), hex.EncodeToString(digest.Sum(nil)), size}, nil
}
