package transform

import (
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"io/fs"
	"path"
	"strings"

	models "github.com/vaultperf/vaultperf/sql"
)

// loadSeeds writes the facts that no chain tells: each CSV file of seeds/, and of what
// is generated for it, becomes a table of that schema. Its header names the columns,
// which are all text; an empty cell is null. The model that reads it gives types and
// says what the columns mean.
func loadSeeds(ctx context.Context, conn *sql.Conn, fsys fs.FS) error {
	files, err := seedFiles(fsys)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := loadSeed(ctx, conn, fsys, file); err != nil {
			return fmt.Errorf("load %s: %w", file, err)
		}
	}
	return nil
}

func seedFiles(fsys fs.FS) ([]string, error) {
	var files []string
	for _, folder := range []string{"seeds", "generated/seeds"} {
		some, err := fs.Glob(fsys, folder+"/*.csv")
		if err != nil {
			return nil, err
		}
		files = append(files, some...)
	}
	return files, nil
}

// seedName is the table that a file of seeds becomes.
func seedName(file string) string { return strings.TrimSuffix(path.Base(file), ".csv") }

func loadSeed(ctx context.Context, conn *sql.Conn, fsys fs.FS, file string) error {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return fmt.Errorf("want a line that names the columns")
	}
	name := seedName(file)
	if _, err := conn.ExecContext(ctx, "create table seeds."+name+" ("+strings.Join(rows[0], " varchar, ")+" varchar)"); err != nil {
		return err
	}
	return models.Append(ctx, conn, "seeds", name, func(add func(...any) error) error {
		values := make([]any, len(rows[0]))
		for _, row := range rows[1:] {
			for i, cell := range row {
				values[i] = cell
				if cell == "" {
					values[i] = nil
				}
			}
			if err := add(values...); err != nil {
				return err
			}
		}
		return nil
	})
}
