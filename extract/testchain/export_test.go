package testchain

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestExportIsSmallAndTheSame(t *testing.T) {
	c := startWhole(t)
	first, again := t.TempDir(), t.TempDir()
	for _, dir := range []string{first, again} {
		if err := c.Export(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
	}
	size := 0
	for _, name := range []string{LogsFile, ReadingsFile, ConfigFile} {
		a, err := os.ReadFile(filepath.Join(first, name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(again, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s: other bytes", name)
		}
		size += len(a)
	}
	if size > 600_000 {
		t.Errorf("%d bytes", size)
	}
}
