package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const manifestName = "run.json"

// manifestSchema is raised when a key of run.json changes its meaning or goes.
const manifestSchema = 1

// A Manifest is run.json: what a run was made of, how it went and what it wrote.
// It holds no path outside the out folder and the config's, and no secret.
type Manifest struct {
	Schema   int              `json:"schema"` // WriteManifest sets it
	Version  string           `json:"version"`
	Go       string           `json:"go"`
	DuckDB   string           `json:"duckdb"`
	Config   Config           `json:"config"`
	AsOf     string           `json:"as_of"` // YYYY-MM-DD
	Started  time.Time        `json:"started_at"`
	Inputs   []Input          `json:"inputs"`
	Rows     map[string]int64 `json:"rows"` // by mart
	Warnings []Warning        `json:"warnings"`
	Proofs   []Proof          `json:"completeness"`
	Timings  []Timing         `json:"timings"`
	Database File             `json:"database"` // WriteManifest sets it
	Files    []File           `json:"files"`    // pages and workbooks, which lie with run.json
	ExitCode int              `json:"exit_code"`
}

// A Config names the config of a run.
type Config struct {
	Name   string `json:"name"` // of the file, without its folder
	SHA256 string `json:"sha256"`
	Sample bool   `json:"sample"` // it is the embedded one
}

// An Input is one archived file, with its rows by what became of them.
type Input struct {
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

// A Warning is what a reader of a vault's figures should know.
type Warning struct {
	Vault   string `json:"vault_id"` // empty: the whole run
	Warning string `json:"warning"`
	Message string `json:"message"`
	Rows    int64  `json:"rows"`
}

// A Proof is how far one level of proof came for a vault's history.
type Proof struct {
	Vault   string `json:"vault_id"`
	Level   string `json:"level"`       // L0 to L3
	Verdict string `json:"verdict"`     // proved, checked or unproved
	Fault   *int64 `json:"fault_block"` // the block that failed; nil: none
	Detail  string `json:"detail"`
}

// A Timing says how long a stage took.
type Timing struct {
	Stage   string  `json:"stage"`
	Seconds float64 `json:"seconds"`
}

// A File is one written file.
type File struct {
	Path   string `json:"path"` // relative to the run's folder, slashes
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// WriteManifest writes run.json, with its files sorted by path, once the run's
// database is there.
func (s *Staged) WriteManifest(m Manifest) (err error) {
	m.Schema = manifestSchema
	slices.SortFunc(m.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	if m.Database, err = describe(s.Database()); err != nil {
		return err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.Dir(), manifestName), append(text, '\n'), 0o644)
}

// ReadManifest reads the manifest of the published run in dir.
func ReadManifest(dir string) (m Manifest, err error) {
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(text, &m)
}

func describe(path string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	digest := sha256.New()
	size, err := io.Copy(digest, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return File{}, fmt.Errorf("read %s: %w", path, err)
	}
	return File{filepath.Base(path), hex.EncodeToString(digest.Sum(nil)), size}, nil
}
