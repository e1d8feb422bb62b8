package main

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	models "github.com/vaultperf/vaultperf/sql"
)

var update = flag.Bool("update", false, "write the tables of docs/marts.md anew")

// Heads of the tables that are made of headers.
const (
	martsHead  = "| table | what a row is |"
	macrosHead = "| macro | what it answers |"
)

// relation is a row of a mart.
var relation = regexp.MustCompile("^\\| (?:\\[`marts\\.)?([a-z_0-9]+)")

// TestMartsDocument wants docs/marts.md to have every mart and macro with the sentence
// of its header. Under which heading a mart stands is the document's choice; a new one
// is put under the last.
func TestMartsDocument(t *testing.T) {
	const name = "docs/marts.md"
	text := readDocument(t, name)
	marts := sentences(t, "marts", func(string) bool { return true })
	macros := sentences(t, "macros", isForPeople)
	var out []string
	seen := map[string]bool{}
	heading, head := "", "" // of the section, and of the table
	for _, line := range lines(text) {
		isRow := strings.HasPrefix(line, "| ")
		switch {
		case strings.HasPrefix(line, "## "):
			heading = line
		case isRow && head == "":
			head = line
		case isRow && head == martsHead:
			mart := relation.FindStringSubmatch(line)
			if mart == nil || marts[mart[1]] == "" {
				continue // it is gone
			}
			seen[mart[1]] = true
			line = marts[mart[1]]
		case isRow && head == macrosHead:
			continue // all follow
		case line == "":
			switch {
			case head == martsHead && heading == "## The run":
				for _, mart := range slices.Sorted(maps.Keys(marts)) {
					if !seen[mart] {
						out = append(out, marts[mart])
					}
				}
			case head == macrosHead:
				for _, macro := range slices.Sorted(maps.Keys(macros)) {
					out = append(out, macros[macro])
				}
			}
			head = ""
		}
		out = append(out, line)
	}
	want := strings.Join(out, "\n") + "\n"
	if *update {
		if err := os.WriteFile(filepath.Join(repository, name), []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		text = want
	}
	if text != want {
		t.Errorf("%s is not what the headers in sql/ say: run `make golden`", name)
	}
	if n := strings.Count(text, "\n| [`marts."); n != len(marts)+len(macros) {
		t.Errorf("%s has %d marts and macros, want each of %d once", name, n, len(marts)+len(macros))
	}
}

// sentences are the rows of a table of the relations in a folder of sql/: name, linked
// and with its arguments, and first sentence.
func sentences(t *testing.T, folder string, wanted func(text string) bool) map[string]string {
	t.Helper()
	files, err := fs.Glob(models.Files, folder+"/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no file in sql/%s: %v", folder, err)
	}
	all := map[string]string{}
	for _, file := range files {
		content, err := fs.ReadFile(models.Files, file)
		if err != nil {
			t.Fatal(err)
		}
		if !wanted(string(content)) {
			continue
		}
		header := lines(string(content))
		name := strings.TrimSuffix(path.Base(file), ".sql")
		arguments := ""
		for _, line := range header {
			if list, found := strings.CutPrefix(line, "-- arguments: "); found {
				arguments = "(" + list + ")"
			}
		}
		sentence := strings.TrimPrefix(header[0], "-- ")
		all[name] = fmt.Sprintf("| [`marts.%s%s`](../sql/%s) | %s |", name, arguments, file, strings.ReplaceAll(sentence, "|", `\|`))
	}
	return all
}

var headerLines = regexp.MustCompile(`\A(?:--[^\n]*\n)+`)

// isForPeople says whether a macro is a table, as those are that people call.
func isForPeople(text string) bool {
	body := headerLines.ReplaceAllString(text, "")
	return strings.HasPrefix(body, "select") || strings.HasPrefix(body, "with")
}

// martForm is a relation of marts, and no path of docs/marts.md.
var martForm = regexp.MustCompile(`(?:^|[^/\w])marts\.([a-z_0-9]+)`)

// TestDocumentedMarts wants every mart and macro that a document names to be there.
func TestDocumentedMarts(t *testing.T) {
	marts := sentences(t, "marts", func(string) bool { return true })
	maps.Copy(marts, sentences(t, "macros", isForPeople))
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range martForm.FindAllStringSubmatch(string(text), -1) {
			if marts[m[1]] == "" {
				t.Errorf("%s names marts.%s, which does not exist", document, m[1])
			}
		}
	}
}
