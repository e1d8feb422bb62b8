package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/crash"
	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/snippet"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// A job is one file of this run.
type job struct {
	path    string // relative to the config, slashes; with a number where it is not the first archive's
	file    string // on disk, absolute
	bytes   int64
	archive Archive
	blocks  bool // a file of block times
	isOther bool // another archive asks for other rows of the file
}

// plan lists the files of all archives in the config's order, each archive's
// by name, its block times first. A file that several archives match is one job for all
// that ask the same of it.
func plan(opt Options) (jobs []job, total int64, err error) {
	index := map[string][]int{}
	times, err := blockFiles(opt)
	if err != nil {
		return nil, 0, err
	}
	for _, a := range opt.Archives {
		if a.Format == "" {
			a.Format = "auto"
		}
		if !slices.Contains(Formats, a.Format) {
			return nil, 0, &input.Error{File: a.Path, Want: "a format among " + strings.Join(Formats, ", "), Got: snippet.Of(a.Format, 40)}
		}
		var matched []job
		if a.Blocks != "" {
			blocks, err := glob(a, a.Blocks)
			if err != nil {
				return nil, 0, err
			}
			for _, j := range blocks {
				j.blocks = true
				matched = append(matched, j)
			}
		}
		files, err := glob(a, a.Path)
		if err != nil {
			return nil, 0, err
		}
		files = slices.DeleteFunc(files, func(j job) bool { return times[j.path] })
		if len(files) == 0 {
			return nil, 0, &input.Error{File: a.Path, Want: "at least one file other than those of block times", Got: "none"}
		}
		for _, j := range append(matched, files...) {
			same := func(i int) bool { return jobs[i].selection(opt.Vaults) == j.selection(opt.Vaults) }
			if slices.ContainsFunc(index[j.file], same) {
				continue
			}
			index[j.file] = append(index[j.file], len(jobs))
			jobs = append(jobs, j)
			total += j.bytes
		}
	}
	numberOthers(jobs)
	return jobs, total, nil
}

// numberOthers gives the second and later archives of a file a path of their own, by which
// what they took is known again.
func numberOthers(jobs []job) {
	taken := map[string]bool{}
	for _, j := range jobs {
		taken[j.path] = true
	}
	first := map[string]bool{}
	for i := range jobs {
		j := &jobs[i]
		if !first[j.path] {
			first[j.path] = true
			continue
		}
		j.isOther = true
		path := j.path
		for n := 2; taken[j.path]; n++ {
			j.path = fmt.Sprintf("%s (%d)", path, n)
		}
		taken[j.path] = true
	}
}

// blockFiles are the paths of all files of block times: a pattern for logs may
// match them too.
func blockFiles(opt Options) (map[string]bool, error) {
	paths := map[string]bool{}
	for _, a := range opt.Archives {
		if a.Blocks == "" {
			continue
		}
		files, err := glob(a, a.Blocks)
		if err != nil {
			return nil, err
		}
		for _, j := range files {
			paths[j.path] = true
		}
	}
	return paths, nil
}

var globSigns = regexp.MustCompile(`[*?\[\\]`)

// glob finds the regular files that a pattern of the archive matches; opening anything
// else, such as a pipe, could block forever.
func glob(a Archive, pattern string) ([]job, error) {
	full := filepath.FromSlash(pattern)
	if !filepath.IsAbs(full) {
		full = filepath.Join(globSigns.ReplaceAllString(a.Dir, `\$0`), full)
	}
	found, err := filepath.Glob(full)
	if err != nil {
		return nil, &input.Error{File: pattern, Want: "a pattern of file names", Got: err.Error()}
	}
	var jobs []job
	for _, file := range found {
		info, err := os.Stat(file)
		if err != nil {
			return nil, unreadable(pattern, err)
		}
		if !info.Mode().IsRegular() {
			continue
		}
		path := file
		if relative, err := filepath.Rel(a.Dir, file); err == nil && !filepath.IsAbs(filepath.FromSlash(pattern)) {
			path = relative
		}
		absolute, err := filepath.Abs(file)
		if err != nil {
			return nil, fmt.Errorf("find %s: %w", pattern, err)
		}
		jobs = append(jobs, job{path: filepath.ToSlash(path), file: absolute, bytes: info.Size(), archive: a})
	}
	if len(jobs) == 0 {
		return nil, &input.Error{File: pattern, Want: "at least one regular file", Got: "none"}
	}
	return jobs, nil
}

// selection is a digest of everything that decides which rows are taken from a file.
func (j job) selection(vaults []vault.Vault) string {
	type selected struct {
		ID, Address, Family          string
		ChainID                      uint64
		AssetDecimals, ShareDecimals int
		Keys                         []string
		Shared                       bool
	}
	question := struct {
		Blocks        bool
		Vaults        []selected
		ChainID       uint64
		Vault, Format string
		Kind          string `json:",omitempty"`
		Columns       map[string]string
		Complete      bool
		Vouches       bool      `json:",omitempty"` // it is known which of its logs others have too
		Rows          *RowRules `json:",omitempty"`
	}{Blocks: j.blocks, ChainID: j.archive.ChainID}
	if !j.blocks {
		question.Vault, question.Format, question.Columns = j.archive.Vault, j.archive.Format, j.archive.Columns
		question.Complete, question.Kind, question.Vouches = j.archive.Complete, j.archive.Kind, true
		if !j.archive.Rows.isEmpty() {
			question.Rows = &j.archive.Rows
		}
	}
	for _, v := range vaults {
		if j.blocks {
			question.Vaults = append(question.Vaults, selected{ChainID: v.ChainID})
			continue
		}
		question.Vaults = append(question.Vaults, selected{
			ID: v.ID, Address: strings.ToLower(v.Address), Family: v.Family, ChainID: v.ChainID,
			AssetDecimals: v.AssetDecimals, ShareDecimals: v.ShareDecimals,
		})
	}
	if !j.blocks {
		for _, w := range vault.Watches(vaults) {
			question.Vaults = append(question.Vaults, selected{Address: w.Address, ChainID: w.ChainID, Keys: w.Keys(), Shared: w.IsShared})
		}
	}
	slices.SortFunc(question.Vaults, func(a, b selected) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	question.Vaults = slices.CompactFunc(question.Vaults, func(a, b selected) bool { return fmt.Sprint(a) == fmt.Sprint(b) })
	text, err := json.Marshal(question)
	if err != nil {
		panic(err) // plain values always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// recognise determines a file's kind and format.
func (j job) recognise(s source) (kind, format string, err error) {
	if j.blocks {
		return input.KindBlocks, input.KindBlocks, nil
	}
	if kind := j.archive.Kind; kind != "" {
		return kind, kind, nil
	}
	format = j.archive.Format
	switch {
	case format == input.KindReadings:
		return input.KindReadings, input.KindReadings, nil
	case format != "auto" && (s.nested || s.empty):
		if format != "rpc" && format != "etherscan" {
			return "", "", &input.Error{File: s.path, Want: "a file of format " + format, Got: "answers of a node"}
		}
		return input.KindLogs, format, nil
	case format != "auto":
		if missing := layoutOf(format).missing(s.columns); missing != "" {
			return "", "", &input.Error{File: s.path, Want: fmt.Sprintf("a column %s, as in format %s", missing, format), Got: "columns " + s.names()}
		}
		return input.KindLogs, format, nil
	case s.nested:
		return input.KindLogs, "rpc", nil
	}
	if format := guess(s); format != "" {
		return input.KindLogs, format, nil
	}
	switch {
	case isReadings(s.list(), j.archive):
		return input.KindReadings, input.KindReadings, nil
	case s.empty:
		return input.KindLogs, "rpc", nil
	}
	want, got := refusal(s)
	return "", "", &input.Error{File: s.path, Want: want, Got: got}
}

// digestInBackground digests a file on another core; the function it returns waits for
// the result.
func digestInBackground(ctx context.Context, j job) func() (string, error) {
	var sum string
	var err error
	done := make(chan struct{})
	go func() {
		defer crash.Watch()
		defer close(done)
		sum, err = digest(ctx, j)
	}()
	return func() (string, error) {
		<-done
		return sum, err
	}
}

// digest is the SHA-256 of a file.
func digest(ctx context.Context, j job) (string, error) {
	f, err := os.Open(j.file)
	if err != nil {
		return "", unreadable(j.path, err)
	}
	defer func() { _ = f.Close() }()
	hash := sha256.New()
	buf := make([]byte, 1<<20)
	for {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		n, err := f.Read(buf)
		hash.Write(buf[:n])
		if err == io.EOF {
			return hex.EncodeToString(hash.Sum(nil)), nil
		}
		if err != nil {
			return "", unreadable(j.path, err)
		}
	}
}

// A knownFile is a row of raw.files.
type knownFile struct {
	id        int
	sha256    string
	selection string
	file      input.File
}

func knownFiles(ctx context.Context, conn *sql.Conn) (map[string]knownFile, error) {
	known := map[string]knownFile{}
	err := store.Each(ctx, conn, `
select
    files.file_id, files.path, files.kind, files.format, files.sha256, files.selection, files.state,
    files.rows_read, files.rows_kept, files.rows_filtered,
    coalesce((select sum(rows) from raw.set_aside where file_id = files.file_id), 0)::bigint
from raw.files as files`, nil, func(rows *sql.Rows) error {
		var k knownFile
		f := &k.file
		err := rows.Scan(&k.id, &f.Path, &f.Kind, &f.Format, &k.sha256, &k.selection, &f.State, &f.Read, &f.Kept, &f.Filtered, &f.SetAside)
		f.SHA256 = k.sha256
		known[f.Path] = k
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read raw.files: %w", err)
	}
	return known, nil
}
