package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestUnwritableOutFolder(t *testing.T) {
	dir, config, _ := goodRun(t)
	// A path under a file can be written by nobody, not even by root.
	under := filepath.Join(writeFile(t, filepath.Join(dir, "file"), ""), "out")
	got := mustCall(t, exitFailed, "run", "--config", config, "--out", under)
	if !strings.Contains(got.stderr, "out folder") || !strings.Contains(got.stderr, under[:len(under)-4]) {
		t.Errorf("message: %s", got.stderr)
	}
}

func TestReadOnlyOutFolderKeepsItsRun(t *testing.T) {
	_, config, out := goodRun(t)
	before := published(t, out)
	mount(t, out, "--bind", out)
	mount(t, out, "-o", "remount,bind,ro")
	got := mustCall(t, exitFailed, "run", "--config", config, "--out", out)
	if !strings.Contains(got.stderr, "read-only file system") {
		t.Errorf("message: %s", got.stderr)
	}
	wantUnchanged(t, before, published(t, out))
}

func TestFullDiskKeepsTheRunBefore(t *testing.T) {
	dir, config, _ := goodRun(t)
	out := filepath.Join(dir, "small")
	if err := os.Mkdir(out, 0o755); err != nil {
		t.Fatal(err)
	}
	mount(t, out, "-t", "tmpfs", "-o", "size=64m", "tmpfs")
	mustCall(t, exitDone, "run", "--config", config, "--out", out, "--as-of", "2025-08-03")
	before := published(t, out)
	filler := filepath.Join(out, ".work", "filler")
	// Ever less room, so that one stage after the other meets its end.
	for _, left := range []int{4096 << 10, 2048 << 10, 512 << 10, 64 << 10, 0} {
		fill(t, filler, out, left)
		got := call(t, "run", "--config", config, "--out", out, "--as-of", "2025-08-04")
		if got.code == exitDone {
			t.Logf("%d bytes left were enough", left)
			before = published(t, out)
			continue
		}
		if got.code != exitFailed || !strings.Contains(strings.ToLower(got.stderr), "no space left") {
			t.Errorf("with %d bytes left: exit code %d, %s", left, got.code, got.stderr)
		}
		wantUnchanged(t, before, published(t, out))
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	mustCall(t, exitDone, "run", "--config", config, "--out", out, "--as-of", "2025-08-04")
	wholeRun(t, out)
}

// fill writes a file that leaves so many bytes on the file system of dir.
func fill(t *testing.T, filler, dir string, left int) {
	t.Helper()
	_ = os.Remove(filler)
	f, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 64<<10)
	size := 0
	for {
		n, err := f.Write(block)
		size += n
		if err != nil {
			break // the disk is full
		}
	}
	if err := f.Truncate(int64(max(0, size-left))); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
}

// mount mounts something at dir until the test ends, and skips the test where
// that is not allowed.
func mount(t *testing.T, dir string, args ...string) {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "mount", append(args, dir)...).CombinedOutput()
	if err != nil {
		t.Skipf("needs the right to mount: %v: %s", err, output)
	}
	if args[0] == "-o" { // a remount of what an earlier call unmounts
		return
	}
	t.Cleanup(func() {
		if output, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, output)
		}
	})
}
