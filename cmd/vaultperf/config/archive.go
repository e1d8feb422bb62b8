package config

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/extract"
)

// An archive is one [[archive]].
type archive struct {
	Path    string            `toml:"path"`
	Kind    string            `toml:"kind"`   // empty: what the columns say
	Format  string            `toml:"format"` // empty: auto
	ChainID *int64            `toml:"chain_id"`
	Vault   string            `toml:"vault"`
	Blocks  string            `toml:"blocks"`
	Columns map[string]string `toml:"columns"` // ours = "theirs"
	Units   map[string]string `toml:"units"`   // ours = "raw", "asset" or "usd"
	Where   map[string]string `toml:"where"`   // theirs = "text": the rows to take
	Note    string            `toml:"note"`    // where the figures come from, shown in the report

	DateFormat string `toml:"date_format"` // of observed_at, as strptime has it
	Comment    string `toml:"comment"`     // what begins a line of CSV that is no row

	// Complete: the files together hold every log of the configured contracts
	// between the first row and the last; what they do not show did not happen.
	Complete bool `toml:"complete"`
}

func (f *File) validateArchives(faults *faults) {
	if len(f.Archives)+len(f.RPCs) == 0 {
		faults.add(0, "", "want at least one [[archive]] or [[rpc]]")
	}
	for i, a := range f.Archives {
		who := fmt.Sprintf("archive %q", a.Path)
		if a.Path == "" {
			who = fmt.Sprintf("[[archive]] number %d", i+1)
		}
		a.validate(f, func(format string, args ...any) {
			faults.add(f.lineOfTable("archive", i), who, format, args...)
		})
	}
}

func (a archive) validate(f *File, fault func(format string, args ...any)) {
	if a.Path == "" {
		fault("path is missing: want a file name or a pattern, relative to the config")
	}
	if _, err := filepath.Match(a.Path, ""); err != nil {
		fault("path: want a file name or a pattern as logs/*.parquet, got %q", a.Path)
	}
	if _, err := filepath.Match(a.Blocks, ""); err != nil {
		fault("blocks: want a file name or a pattern as blocks/*.csv, got %q", a.Blocks)
	}
	a.validateKind(fault)
	if a.Format != "" && !slices.Contains(extract.Formats, a.Format) {
		fault("format: want one of %s, got %q", strings.Join(extract.Formats, ", "), a.Format)
	}
	if a.ChainID != nil && *a.ChainID < 1 {
		fault("chain_id: want 1 or more, got %d", *a.ChainID)
	}
	a.validateRows(fault)
	configured := func(v vault) bool { return v.ID == a.Vault }
	if a.Vault != "" && !slices.ContainsFunc(f.Vaults, configured) {
		fault("vault: want the id of a [[vault]], got %q", a.Vault)
	}
}

// validateRows checks what is said of the rows of readings. A map's keys are not checked
// by the decoder.
func (a archive) validateRows(fault func(format string, args ...any)) {
	columns := extract.ColumnsOf(a.Kind)
	if len(columns) == 0 {
		return // of a kind that there is not, a fault of its own
	}
	amounts := slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return extract.Units[c] == nil })
	slices.Sort(amounts)
	for _, ours := range slices.Sorted(maps.Keys(a.Columns)) {
		if !slices.Contains(columns, ours) {
			fault("columns: want ours = \"theirs\" with ours one of %s, got %q", strings.Join(columns, ", "), ours)
		}
		if a.Kind == extract.KindSite && a.Columns[ours] == "" {
			fault("columns: want the file's name for %s, got \"\"", ours)
		}
	}
	if theirs, isMapped := a.Columns["observed_at"]; isMapped && theirs == "" {
		fault("columns: want the file's name for observed_at, got \"\"")
	}
	for _, ours := range slices.Sorted(maps.Keys(a.Units)) {
		units := extract.Units[ours]
		switch {
		case a.Kind == extract.KindSite: // refused as a whole
		case len(amounts) == 0:
			fault("units: an archive of kind %s has no amounts, got %q", a.Kind, ours)
		case !slices.Contains(amounts, ours):
			fault("units: want ours = \"unit\" with ours an amount, one of %s, got %q", strings.Join(amounts, ", "), ours)
		case !slices.Contains(units, a.Units[ours]):
			fault("units: want %s in one of %s, got %q", ours, strings.Join(units, ", "), a.Units[ours])
		}
	}
	if a.Units["total_assets"] == "usd" && a.Columns["total_assets_usd"] != "" {
		fault("units: want total_assets in usd, or a column total_assets_usd, and not both")
	}
	if a.DateFormat != "" {
		if err := extract.CheckDateFormat(a.DateFormat); err != nil {
			fault("date_format: %v, got %q", err, a.DateFormat)
		}
	}
	if c := a.Comment; c != "" && (len(c) != 1 || !strings.Contains("#;%!*/'-~&@$|", c)) {
		fault("comment: want one sign as #, got %q", c)
	}
}

// validateKind refuses what says nothing of rows that are neither logs nor readings.
func (a archive) validateKind(fault func(format string, args ...any)) {
	if a.Kind == "" {
		return
	}
	if !slices.Contains(extract.ArchiveKinds, a.Kind) {
		fault("kind: want %s or none, got %q", strings.Join(extract.ArchiveKinds, ", "), a.Kind)
		return
	}
	if a.Format != "" || a.Blocks != "" || a.Complete {
		fault("format, blocks, complete: an archive of kind %s has none of them", a.Kind)
	}
	if a.Kind != extract.KindSite {
		return
	}
	if len(a.Units) > 0 || len(a.Where) > 0 || a.DateFormat != "" || a.Comment != "" {
		fault("units, where, date_format, comment: an archive of kind %s has none of them", a.Kind)
	}
}

// archives are the configured archives as extract wants them.
func (f *File) archives(dir string) []extract.Archive {
	archives := make([]extract.Archive, len(f.Archives))
	for i, a := range f.Archives {
		archives[i] = extract.Archive{
			Dir:     dir,
			Path:    a.Path,
			Kind:    a.Kind,
			Format:  a.Format,
			Vault:   a.Vault,
			Blocks:  a.Blocks,
			Columns: a.Columns,
			Rows:    extract.RowRules{Units: a.Units, Where: a.Where, DateFormat: a.DateFormat, Comment: a.Comment},
			Note:    a.Note,

			Complete: a.Complete,
		}
		if a.Format == "" {
			archives[i].Format = "auto"
		}
		if a.ChainID != nil {
			archives[i].ChainID = uint64(*a.ChainID)
		}
	}
	return archives
}
