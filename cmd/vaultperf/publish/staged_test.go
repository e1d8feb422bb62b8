package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// stage makes a staged run whose files all hold text.
func stage(t *testing.T, out Folder, text string) *Staged {
	t.Helper()
	s, err := out.Stage()
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(s.Dir(), "index.html"), text)
	writeFile(t, s.Database(), text)
	return s
}

// publish publishes such a run as the latest and clears away what is left.
func publish(t *testing.T, out Folder, day time.Time, text string) error {
	t.Helper()
	s := stage(t, out, text)
	defer func() {
		if err := s.Discard(); err != nil {
			t.Error(err)
		}
	}()
	return s.Publish(day, true, Renames{})
}

func TestPublishTakesBackItsStepsWhenOneFails(t *testing.T) {
	day := time.Date(2025, 9, 4, 0, 0, 0, 0, time.UTC)
	for name, spoil := range map[string]func(t *testing.T, out Folder){
		"LatestIsAFolder": func(t *testing.T, out Folder) {
			if err := os.Remove(out.Latest()); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(out.Latest(), 0o755); err != nil {
				t.Fatal(err)
			}
		},
		"DatabaseWithoutANight": func(t *testing.T, out Folder) {
			for _, name := range []string{out.Database(), out.Latest()} {
				if err := os.Remove(name); err != nil {
					t.Fatal(err)
				}
			}
			writeFile(t, out.Database(), "mine")
		},
		"DatabaseIsAFolder": func(t *testing.T, out Folder) {
			if err := os.Remove(out.Database()); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(out.Database(), 0o755); err != nil {
				t.Fatal(err)
			}
		},
		"PagesAreAFile": func(t *testing.T, out Folder) {
			if err := os.RemoveAll(out.Of(day)); err != nil {
				t.Fatal(err)
			}
			writeFile(t, out.Of(day), "mine")
		},
	} {
		t.Run(name, func(t *testing.T) {
			out := Folder(t.TempDir())
			if err := publish(t, out, day, "old"); err != nil {
				t.Fatal(err)
			}
			spoil(t, out)
			before := shown(t, out)
			err := publish(t, out, day, "new")
			if err == nil || !strings.Contains(err.Error(), "move it away") {
				t.Errorf("error %v", err)
			}
			if after := shown(t, out); !maps.Equal(before, after) {
				t.Errorf("what is published was\n%v\nis\n%v", before, after)
			}
		})
	}
}

func TestPublishReplacesAWholeNight(t *testing.T) {
	day := time.Date(2025, 9, 4, 0, 0, 0, 0, time.UTC)
	out := Folder(t.TempDir())
	for _, text := range []string{"one", "two", "three"} {
		if err := publish(t, out, day, text); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{filepath.Join(out.Latest(), "index.html"), out.Database()} {
			if got, err := os.ReadFile(path); string(got) != text {
				t.Errorf("%s holds %q, %v, want %q", path, got, err, text)
			}
		}
	}
}

func TestExchange(t *testing.T) {
	for name, exchange := range map[string]func(from, to string) error{
		"AtOnce": Renames{}.exchange, "InSteps": Renames{NoExchange: true}.exchange,
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

// shown is what lies in an out folder but for the command's own files: by path, a
// digest of a file or the target of a link.
func shown(t *testing.T, out Folder) map[string]string {
	t.Helper()
	tree := map[string]string{}
	err := filepath.WalkDir(string(out), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path == out.Work():
			return fs.SkipDir
		case entry.IsDir():
			tree[path] = "folder"
		case entry.Type()&fs.ModeSymlink != 0:
			tree[path], err = os.Readlink(path)
		default:
			tree[path], err = digest(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func digest(path string) (string, error) {
	content, err := os.ReadFile(path)
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]), err
}

func writeFile(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
