package report

import (
	"os"
	"path/filepath"
	"testing"
)

func TestShot(t *testing.T) {
	dir := os.Getenv("SHOT_DIR")
	if dir == "" {
		t.Skip()
	}
	rate := 0.043
	db := openFixture(t, &rate, fixtureVaults()...)
	os.RemoveAll(dir)
	os.MkdirAll(dir, 0o755)
	files, err := Run(t.Context(), db, Options{Dir: dir, MaxPages: 5, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		t.Log(f.Path, f.Bytes)
	}
	_ = filepath.Join
}
