// Package sql holds every SQL model of vaultperf, one per file, and opens the
// database they run in. It is imported as models, because its folder's name is
// also the standard library's.
//
// Layers are folders are schemas: raw, seeds, staging, intermediate, metrics, marts.
// The intermediate layer has a folder for each subject; macros, checks and what is
// generated from the models lie beside the layers. This package knows no stage and is
// the only one that imports the DuckDB driver.
package sql

import (
	"cmp"
	"embed"
	"io/fs"
	"path"
	"slices"
)

// Files is every SQL file of the project and every seed, rooted at this folder.
//
//go:embed raw/*.sql seeds/*.csv staging/*.sql intermediate/*/*.sql metrics/*.sql marts/*.sql macros/*.sql checks/*.sql generated
var Files embed.FS

// Schemas are the layers in build order. Only extract writes raw, only
// transform writes the others.
var Schemas = []string{"raw", "seeds", "staging", "intermediate", "metrics", "marts"}

// FilesIn are the paths of the files of a folder of fsys and of its subfolders that end
// in ext, such as ".sql", by their names. A folder that is not there has none.
func FilesIn(fsys fs.FS, folder, ext string) ([]string, error) {
	var files []string
	for _, pattern := range []string{folder + "/*" + ext, folder + "/*/*" + ext} {
		found, err := fs.Glob(fsys, pattern)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	slices.SortFunc(files, func(a, b string) int {
		return cmp.Or(cmp.Compare(path.Base(a), path.Base(b)), cmp.Compare(a, b))
	})
	return files, nil
}
