package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDocumentedExitCodes compares the documents with the constants of exit.go.
func TestDocumentedExitCodes(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "exit.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, "exit") && len(spec.Values) == 1 {
			if value, ok := spec.Values[0].(*ast.BasicLit); ok {
				want = append(want, value.Value)
			}
		}
		return true
	})
	if len(want) < 5 {
		t.Fatalf("exit codes in exit.go: %v", want)
	}
	var got []string
	for _, cells := range rows(section(t, readDocument(t, "docs/formats.md"), "## Exit codes")) {
		got = append(got, cells[0])
	}
	wantSame(t, "exit codes", got, want)
}

// TestDocumentedManifest compares docs/formats.md with the run.json of a run.
func TestDocumentedManifest(t *testing.T) {
	_, _, out := goodRun(t)
	text, err := os.ReadFile(filepath.Join(out, "latest", "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := json.Unmarshal(text, &keys); err != nil {
		t.Fatal(err)
	}
	wantSame(t, "keys of run.json", firstCodes(rows(section(t, readDocument(t, "docs/formats.md"), "## run.json"))), slices.Collect(maps.Keys(keys)))
}

func TestDocumentedQueryFormats(t *testing.T) {
	wantSame(t, "formats of vaultperf sql",
		firstCodes(rows(section(t, readDocument(t, "docs/formats.md"), "## Formats of `vaultperf sql`"))), slices.Collect(maps.Keys(formats)))
}

// TestDocumentedCodes compares what the documents list with what the marts of a run hold.
func TestDocumentedCodes(t *testing.T) {
	_, _, out := goodRun(t)
	for _, c := range []struct{ document, heading, column string }{
		{"docs/metrics.md", "## Periods", "period from marts.performance"},
		{"docs/proofs.md", "## Is the history complete?", "level from marts.completeness"},
		{"docs/proofs.md", "## Do its claims hold?", "claim from marts.claims"},
	} {
		answer := mustCall(t, exitDone, "sql", "--out", out, "--format", "csv", "select distinct "+c.column)
		want := lines(answer.stdout)[1:]
		got := slices.DeleteFunc(firstCodes(rows(section(t, readDocument(t, c.document), c.heading))), func(code string) bool {
			return slices.Contains([]string{"proved", "checked", "unproved"}, code) // verdicts, in a table of their own
		})
		wantSame(t, c.document+" "+c.heading, got, want)
	}
}
