package family

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestNothingElseKnowsAFamilyByName: Go outside this package, and models that are not a
// family's own, tell vaults apart by what is true of their families, not by their names.
func TestNothingElseKnowsAFamilyByName(t *testing.T) {
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if isPassedOver(file) {
				return fs.SkipDir
			}
			return nil
		}
		text, err := fs.ReadFile(root, file)
		if err != nil {
			return err
		}
		for _, found := range branches(file, string(text)) {
			t.Error(found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestBranchesAreFound plants some.
func TestBranchesAreFound(t *testing.T) {
	for _, planted := range []struct{ file, text string }{
		{"cmd/a.go", "package a\nvar _ = f == \"lagoon\""},
		{"cmd/a.go", "package a\nfunc f(x string) { switch x {\ncase \"erc20\", \"veda\":\n} }"},
		{"sql/intermediate/fees/a.sql", "select 1 where family in ('evk', 'x')"},
		{"sql/marts/lagoo.sql", "select 1 where family != 'lagoon'"},
	} {
		if got := branches(planted.file, planted.text); len(got) != 1 {
			t.Errorf("%s: found %q, want one", planted.text, got)
		}
	}
	for _, harmless := range []struct{ file, text string }{
		{"cmd/a.go", "package a\nvar _ = f == \"lagoon_proxy\" // \"lagoon\""},
		{"cmd/a_test.go", "package a\nvar _ = f == \"lagoon\""},
		{"sql/intermediate/prices/lagoon_prices.sql", "select 1 where family = 'lagoon'"},
		{"sql/intermediate/yearn_debts.sql", "select 1 where family = 'yearn_v2'"},
		{"sql/marts/a.sql", "-- of 'lagoon'\nselect 1 where family = 'aave_v3'"},
	} {
		if got := branches(harmless.file, harmless.text); len(got) > 0 {
			t.Errorf("%s: found %q, want none", harmless.file, got)
		}
	}
}

// isPassedOver says whether a folder's files may name families: this package's, those of
// the test chain, which plays vaults of some, and data.
func isPassedOver(folder string) bool {
	name := path.Base(folder)
	return slices.Contains([]string{"extract/family", "extract/testchain", "sql/raw", "sql/seeds", "sql/generated", "out"}, folder) ||
		name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") && name != "."
}

// branches are the places in a file that compare with the name of a vault family.
func branches(file, text string) []string {
	switch {
	case strings.HasSuffix(file, "_test.go"):
		return nil
	case strings.HasSuffix(file, ".go"):
		return branchesInGo(file, text)
	case strings.HasSuffix(file, ".sql"):
		return branchesInSQL(file, text)
	}
	return nil
}

func branchesInGo(file, text string) (found []string) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, text, 0)
	if err != nil {
		return []string{err.Error()}
	}
	look := func(expressions ...ast.Expr) {
		for _, e := range expressions {
			if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if name, err := strconv.Unquote(l.Value); err == nil && slices.Contains(Vaults(), name) {
					found = append(found, fmt.Sprintf("%s: compares with %q", files.Position(l.Pos()), name))
				}
			}
		}
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CaseClause:
			look(n.List...)
		case *ast.BinaryExpr:
			if n.Op == token.EQL || n.Op == token.NEQ {
				look(n.X, n.Y)
			}
		}
		return true
	})
	return found
}

var sqlComment = regexp.MustCompile(`--[^\n]*`)

func branchesInSQL(file, text string) (found []string) {
	code := sqlComment.ReplaceAllString(text, "")
	for _, name := range Vaults() {
		protocol, _, _ := strings.Cut(name, "_")
		if !strings.HasPrefix(path.Base(file), protocol+"_") && strings.Contains(code, "'"+name+"'") {
			found = append(found, fmt.Sprintf("%s: names '%s'", file, name))
		}
	}
	return found
}
