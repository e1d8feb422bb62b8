package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// staged makes a staged night whose files all hold text.
func staged(t *testing.T, out folder, text string) stagedNight {
	t.Helper()
	s := stagedNight{
		pages:    out.work("staging", "pages"),
		database: out.work("staging", "vaultperf.duckdb"),
		latest:   out.work("staging", "latest"),
	}
	if err := os.RemoveAll(out.work("staging")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(s.pages, 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(s.pages, "index.html"), text)
	writeFile(t, s.database, text)
	return s
}

func TestPublishTakesBackItsStepsWhenOneFails(t *testing.T) {
	day := time.Date(2025, 9, 4, 0, 0, 0, 0, time.UTC)
	for name, spoil := range map[string]func(t *testing.T, out folder){
		"LatestIsAFolder": func(t *testing.T, out folder) {
			if err := os.Remove(out.latest()); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(out.latest(), 0o755); err != nil {
				t.Fatal(err)
			}
		},
		"DatabaseIsAFolder": func(t *testing.T, out folder) {
			if err := os.Remove(out.published()); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(out.published(), 0o755); err != nil {
				t.Fatal(err)
			}
		},
		"PagesAreAFile": func(t *testing.T, out folder) {
			if err := os.RemoveAll(out.of(day)); err != nil {
				t.Fatal(err)
			}
			writeFile(t, out.of(day), "mine")
		},
	} {
		t.Run(name, func(t *testing.T) {
			out := folder(t.TempDir())
			if err := staged(t, out, "old").publish(out, day); err != nil {
				t.Fatal(err)
			}
			spoil(t, out)
			before := published(t, string(out))
			err := staged(t, out, "new").publish(out, day)
			if err == nil || !strings.Contains(err.Error(), "move it away") {
				t.Errorf("error %v", err)
			}
			wantUnchanged(t, before, published(t, string(out)))
		})
	}
}

func TestPublishReplacesAWholeNight(t *testing.T) {
	day := time.Date(2025, 9, 4, 0, 0, 0, 0, time.UTC)
	out := folder(t.TempDir())
	for _, text := range []string{"one", "two", "three"} {
		if err := staged(t, out, text).publish(out, day); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{filepath.Join(out.latest(), "index.html"), out.published()} {
			if got, err := os.ReadFile(path); string(got) != text {
				t.Errorf("%s holds %q, %v, want %q", path, got, err, text)
			}
		}
	}
}

func TestExchange(t *testing.T) {
	for name, exchange := range map[string]func(from, to string) error{
		"AtOnce": exchange, "ByRenaming": exchangeByRenaming,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			a, b := writeFile(t, filepath.Join(dir, "a"), "A"), writeFile(t, filepath.Join(dir, "b"), "B")
			if err := exchange(a, b); err != nil {
				t.Fatal(err)
			}
			for path, want := range map[string]string{a: "B", b: "A"} {
				if got, err := os.ReadFile(path); string(got) != want {
					t.Errorf("%s holds %q, %v", path, got, err)
				}
			}
			if left, err := os.ReadDir(dir); len(left) != 2 {
				t.Errorf("left: %v, %v", left, err)
			}
		})
	}
}
