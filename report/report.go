// Package report writes what the marts hold: an index of all vaults, a comparison of
// those that a reader chooses, and for each of the largest a page and a workbook. Package marts reads, package view says
// what is shown and how, and packages html and xlsx write it.
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

	"github.com/vaultperf/vaultperf/crash"
	"github.com/vaultperf/vaultperf/report/html"
	"github.com/vaultperf/vaultperf/report/marts"
	"github.com/vaultperf/vaultperf/report/view"
	"github.com/vaultperf/vaultperf/report/xlsx"
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

// Run reads the marts and writes index.html, compare.html and vaults.xlsx, and report.html and
// report.xlsx of each vault that has a page. The same marts give the same bytes. The files are
// returned sorted by path.
func Run(ctx context.Context, db *sql.DB, opt Options) ([]File, error) {
	data, err := marts.Read(ctx, db, opt.MaxPages, view.Listings())
	if err != nil {
		return nil, err
	}
	pages, err := html.New()
	if err != nil {
		return nil, err
	}
	w := &writer{
		view:  view.New(data, view.Options{Version: opt.Version, SheetRows: xlsx.MaxRows}),
		pages: pages,
		out:   &output{dir: opt.Dir},
	}
	if err := w.out.write("index.html", func(to io.Writer) error { return pages.Index(to, w.view.Index()) }); err != nil {
		return nil, err
	}
	if err := w.out.write("vaults.xlsx", func(to io.Writer) error { return xlsx.Write(to, w.view.Vaults()) }); err != nil {
		return nil, err
	}
	if err := w.out.write("compare.html", func(to io.Writer) error { return pages.Compare(to, w.view.Comparison()) }); err != nil {
		return nil, err
	}
	if err := w.vaults(ctx, data.Vaults, opt.Progress); err != nil {
		return nil, err
	}
	slices.SortFunc(w.out.files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return w.out.files, nil
}

// A writer writes what a view says.
type writer struct {
	view  *view.View
	pages *html.Renderer
	out   *output
}

// vaults writes the folders of all vaults that have a page, several at once: each
// is independent of the others.
func (w *writer) vaults(ctx context.Context, all []*marts.Vault, progress func(done, total int)) error {
	var vaults []*marts.Vault
	for _, v := range all {
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
			defer crash.Watch()
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := w.vault(v); err != nil {
				return fmt.Errorf("report of vault %s: %w", v.Slug, err)
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

func (w *writer) vault(v *marts.Vault) error {
	r, err := w.view.Report(v)
	if err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(w.out.dir, v.Slug), 0o755); err != nil {
		return err
	}
	if err := w.out.write(v.Slug+"/report.html", func(to io.Writer) error { return w.pages.Report(to, r) }); err != nil {
		return err
	}
	return w.out.write(v.Slug+"/report.xlsx", func(to io.Writer) error { return xlsx.Write(to, &r.Workbook) })
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
