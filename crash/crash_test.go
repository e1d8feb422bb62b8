package crash

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestEveryGoroutineIsWatched: what is started with go, or by a method Go, begins by
// deferring Watch; so does a function literal that is called after something else.
func TestEveryGoroutineIsWatched(t *testing.T) {
	watched := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".") && entry.Name() != "..") {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		isOurs := strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !isForTests(filepath.Dir(path))
		if !isOurs {
			return nil
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			var started ast.Expr
			switch n := n.(type) {
			case *ast.GoStmt:
				started = n.Call.Fun
			case *ast.CallExpr:
				method, ok := n.Fun.(*ast.SelectorExpr)
				switch {
				case !ok:
				case method.Sel.Name == "Go" && len(n.Args) == 1:
					started = n.Args[0]
				case method.Sel.Name == "AfterFunc" && len(n.Args) == 2:
					// a function that has a name, as a context's cancel, is another package's
					if function, ok := n.Args[1].(*ast.FuncLit); ok {
						started = function
					}
				}
			}
			if started == nil {
				return true
			}
			if !isWatched(started) {
				t.Errorf("%s: want defer crash.Watch() first", files.Position(started.Pos()))
			}
			watched++
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if watched < 10 {
		t.Errorf("only %d goroutines found", watched)
	}
}

// isForTests says whether a folder holds what only tests use.
func isForTests(folder string) bool {
	return slices.ContainsFunc(strings.Split(filepath.ToSlash(folder), "/"), func(name string) bool {
		return strings.HasSuffix(name, "test") || name == "testchain" || name == "testdata"
	})
}

func isWatched(started ast.Expr) bool {
	function, ok := started.(*ast.FuncLit)
	if !ok || len(function.Body.List) == 0 {
		return false
	}
	first, ok := function.Body.List[0].(*ast.DeferStmt)
	if !ok {
		return false
	}
	watch, ok := first.Call.Fun.(*ast.SelectorExpr)
	return ok && watch.Sel.Name == "Watch"
}

func TestWithoutAHandlerAPanicTakesItsCourse(t *testing.T) {
	defer func() {
		if recover() != "gone" {
			t.Error("want the panic")
		}
	}()
	defer Watch()
	panic("gone")
}
