package main

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What the documents list and the code knows is compared in docs_*_test.go, so that
// neither can change alone.

const repository = "../.."

func readDocument(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// documents are the paths of all documents that are compared with the code.
func documents(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, folder := range []string{"docs", "docs/families"} {
		found, err := filepath.Glob(filepath.Join(repository, folder, "*.md"))
		if err != nil || len(found) == 0 {
			t.Fatalf("no document in %s: %v", folder, err)
		}
		all = append(all, found...)
	}
	for _, name := range []string{"README.md", "CONTRIBUTING.md", "cmd/vaultperf/sample/README.md"} {
		all = append(all, filepath.Join(repository, name))
	}
	return all
}

// section is a document from a heading to the next of its rank or above.
func section(t *testing.T, text, heading string) string {
	t.Helper()
	_, rest, found := strings.Cut("\n"+text, "\n"+heading+"\n")
	if !found {
		t.Fatalf("no heading %q", heading)
	}
	var out strings.Builder
	inCode := false
	for line := range strings.Lines(rest) {
		if strings.HasPrefix(line, "```") {
			inCode = !inCode
		}
		if rank := rankOf(line); !inCode && rank > 0 && rank <= rankOf(heading) {
			break
		}
		out.WriteString(line)
	}
	return out.String()
}

// rankOf is the number of # before a heading; 0: the line is none.
func rankOf(line string) int {
	rank := len(line) - len(strings.TrimLeft(line, "#"))
	if !strings.HasPrefix(line[rank:], " ") {
		return 0
	}
	return rank
}

// rows are the cells of a text's Markdown tables, without their heads.
func rows(text string) (all [][]string) {
	isHead := true
	for _, line := range lines(text) {
		switch {
		case !strings.HasPrefix(line, "|"):
			isHead = true
		case strings.HasPrefix(line, "|---"):
			isHead = false
		case !isHead:
			cells := strings.Split(strings.ReplaceAll(strings.Trim(line, "| "), `\|`, "¦"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(strings.ReplaceAll(cells[i], "¦", "|"))
			}
			all = append(all, cells)
		}
	}
	return all
}

var codeForm = regexp.MustCompile("`([^`]+)`")

// codes are the texts in backticks.
func codes(text string) (all []string) {
	for _, m := range codeForm.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

// firstCodes are the texts in backticks of the first cells.
func firstCodes(rows [][]string) (all []string) {
	for _, cells := range rows {
		all = append(all, codes(cells[0])...)
	}
	return all
}

// wantSame wants a document to list what the code has, each once.
func wantSame(t *testing.T, what string, document, code []string) {
	t.Helper()
	document, code = slices.Sorted(slices.Values(document)), slices.Sorted(slices.Values(code))
	if slices.Equal(document, code) {
		return
	}
	for _, name := range code {
		if !slices.Contains(document, name) {
			t.Errorf("%s: %s is not in the document", what, name)
		}
	}
	for i, name := range document {
		switch {
		case !slices.Contains(code, name):
			t.Errorf("%s: %s is in the document only", what, name)
		case i > 0 && document[i-1] == name:
			t.Errorf("%s: %s is in the document twice", what, name)
		}
	}
}

// fenced are the blocks of a language.
func fenced(text, language string) (blocks []string) {
	for _, part := range strings.Split("\n"+text, "\n```"+language+"\n")[1:] {
		block, _, _ := strings.Cut(part, "\n```")
		blocks = append(blocks, block)
	}
	return blocks
}

// TestReadmeTree wants every folder with a Go package to stand in the README's tree, and
// nothing else.
func TestReadmeTree(t *testing.T) {
	tree := fenced(section(t, readDocument(t, "README.md"), "## Extend it"), "text")
	if len(tree) == 0 {
		t.Fatal("README.md has no tree")
	}
	listed, isPackage := map[string]bool{}, map[string]bool{}
	top := ""
	for _, line := range lines(tree[0]) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if strings.HasPrefix(line, " ") {
			name = top + "/" + name
		} else {
			top = name
		}
		listed[name] = true
	}
	err := filepath.WalkDir(repository, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(repository, file)
		if err != nil {
			return err
		}
		switch base := entry.Name(); {
		case entry.IsDir() && name != "." && (strings.HasPrefix(base, ".") || base == "node_modules" || base == "testdata" || name == "out"):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go"):
			return nil
		}
		isPackage[filepath.ToSlash(filepath.Dir(name))] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, "the tree of README.md", slices.Collect(maps.Keys(listed)), slices.Collect(maps.Keys(isPackage)))
}

// TestDocumentLinks wants every relative link of a document to lead to a file, and to a
// heading where it names one.
func TestDocumentLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)]+)\)`)
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			file, anchor, _ := strings.Cut(m[1], "#")
			target := document
			if file != "" {
				target = filepath.Join(filepath.Dir(document), filepath.FromSlash(file))
			}
			content, err := os.ReadFile(target)
			if info, statErr := os.Stat(target); statErr != nil || err != nil && !info.IsDir() {
				t.Errorf("%s: the link %s leads nowhere", document, m[1])
				continue
			}
			if anchor != "" && !slices.Contains(anchors(string(content)), anchor) {
				t.Errorf("%s: %s has no heading for %s", document, target, m[1])
			}
		}
	}
}

var notInAnchors = regexp.MustCompile(`[^a-z0-9_ -]`)

// anchors are the headings' names in links, as GitHub makes them.
func anchors(text string) (all []string) {
	for _, line := range lines(text) {
		if heading, found := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); found && strings.HasPrefix(line, "#") {
			all = append(all, strings.ReplaceAll(notInAnchors.ReplaceAllString(strings.ToLower(heading), ""), " ", "-"))
		}
	}
	return all
}
