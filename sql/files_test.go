package sql

import (
	"encoding/csv"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
)

// TestNamesAreUnique: a relation is found by its file's name, whatever folder of its
// layer the file is in.
func TestNamesAreUnique(t *testing.T) {
	for _, layer := range Schemas {
		files, err := FilesIn(Files, layer, ".sql")
		if err != nil {
			t.Fatal(err)
		}
		there := map[string]string{}
		for _, file := range files {
			if other := there[path.Base(file)]; other != "" {
				t.Errorf("%s and %s are one relation", file, other)
			}
			there[path.Base(file)] = file
		}
	}
}

var columnName = regexp.MustCompile(`^[a-z][a-z_]*$`)

// TestSeeds: each seed has a header of column names, rows as long as it, and a model
// that reads it, which says what the columns mean.
func TestSeeds(t *testing.T) {
	seeds, err := FilesIn(Files, "seeds", ".csv")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, layer := range Schemas {
		files, err := FilesIn(Files, layer, ".sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := fs.ReadFile(Files, file)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(text)
		}
	}
	for _, file := range seeds {
		text, err := fs.ReadFile(Files, file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if len(rows) < 2 {
			t.Errorf("%s has no rows", file)
		}
		for _, name := range rows[0] {
			if !columnName.MatchString(name) {
				t.Errorf("%s: %q is no name of a column", file, name)
			}
		}
		if name := "seeds." + strings.TrimSuffix(path.Base(file), ".csv"); !regexp.MustCompile(`\b` + name + `\b`).MatchString(code.String()) {
			t.Errorf("no model reads %s", name)
		}
	}
}
