package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Options say where a report goes and how large it may become.
type Options struct {
	Dir      string                // an existing folder to fill
	MaxPages int                   // vaults that get a page and a workbook
	Version  string                // of the program, printed on each page
	Progress func(done, total int) // vaults written; nil: not wanted
}

// A File is one file of the report.
type File struct {
	Path   string // relative to Dir, slashes
	SHA256 string
	Bytes  int64
}

// Run reads the marts and writes index.html, and report.html and report.xlsx of
// each vault that has a page. The same marts give the same bytes. The files are
// returned sorted by path.
func Run(ctx context.Context, db *sql.DB, opt Options) ([]File, error) {
	d, err := Read(ctx, db, opt.MaxPages)
	if err != nil {
		return nil, err
	}
	library, err := library()
	if err != nil {
		return nil, err
	}
	pages, err := newPages(opt.Version, library)
	if err != nil {
		return nil, err
	}
	out := &output{dir: opt.Dir}
	if err := out.write("index.html", func(w io.Writer) error { return pages.writeIndex(w, d) }); err != nil {
		return nil, err
	}
	if err := writeVaults(ctx, d, pages, out, opt.Progress); err != nil {
		return nil, err
	}
	slices.SortFunc(out.files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return out.files, nil
}

// writeVaults writes the folders of all vaults that have a page, several at
// once: each is independent of the others.
func writeVaults(ctx context.Context, d *Data, pages *pages, out *output, progress func(done, total int)) error {
	var vaults []*Vault
	for _, v := range d.Vaults {
		if v.HasPage {
			vaults = append(vaults, v)
		}
	}
	var done int
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, runtime.GOMAXPROCS(0)))
	for _, v := range vaults {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := writeVault(d, v, pages, out); err != nil {
				return fmt.Errorf("report of vault %s: %w", Text(v.ID, 64), err)
			}
			if progress != nil {
				mu.Lock()
				defer mu.Unlock()
				done++
				progress(done, len(vaults))
			}
			return nil
		})
	}
	return group.Wait()
}

func writeVault(d *Data, v *Vault, pages *pages, out *output) error {
	if err := os.Mkdir(filepath.Join(out.dir, v.Slug), 0o755); err != nil {
		return err
	}
	if err := out.write(v.Slug+"/report.html", func(w io.Writer) error { return pages.writePage(w, d, v) }); err != nil {
		return err
	}
	return out.write(v.Slug+"/report.xlsx", func(w io.Writer) error { return writeWorkbook(w, d, v) })
}

// output collects the files written below dir.
type output struct {
	dir   string
	mu    sync.Mutex
	files []File
}

// write lets draw fill a file and keeps its digest.
func (o *output) write(path string, draw func(io.Writer) error) error {
	var b bytes.Buffer
	if err := draw(&b); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := os.WriteFile(filepath.Join(o.dir, filepath.FromSlash(path)), b.Bytes(), 0o644); err != nil {
		return err
	}
	digest := sha256.Sum256(b.Bytes())
	o.mu.Lock()
	defer o.mu.Unlock()
	o.files = append(o.files, File{Path: path, SHA256: hex.EncodeToString(digest[:]), Bytes: int64(b.Len())})
	return nil
}
