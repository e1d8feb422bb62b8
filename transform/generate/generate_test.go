package generate

import (
	"database/sql"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform/model"
)

var update = flag.Bool("update", false, "rewrite expected outputs")

func database(t *testing.T) *sql.DB {
	t.Helper()
	db, err := models.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

const root = "../../sql"

// TestGenerated: sql/generated is what the models say today; -update writes it anew.
func TestGenerated(t *testing.T) {
	files, err := Files(t.Context(), database(t), os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	err = fs.WalkDir(os.DirFS(root), "generated", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path != "generated/families.csv" && path != model.ColumnsFile {
			there[path] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range files {
		delete(there, path)
		full := filepath.Join(root, path)
		got, err := os.ReadFile(full)
		if err == nil && string(got) == want {
			continue
		}
		if !*update {
			t.Errorf("sql/%s is not what its models say: run `make golden`", path)
			continue
		}
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for path := range there {
		if !*update {
			t.Errorf("sql/%s is generated from nothing any more: run `make golden`", path)
		} else if err := os.Remove(filepath.Join(root, path)); err != nil {
			t.Fatal(err)
		}
	}
}
