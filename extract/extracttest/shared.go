package extracttest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// JSON is a value as JSON.
func JSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// WriteFile writes a file.
func WriteFile(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// SharedData is the folder of real files, which lies next to the repository
// where it is worked on.
func SharedData(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../../shared/data")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("../shared is absent: real files are not tested")
	}
	return dir
}
