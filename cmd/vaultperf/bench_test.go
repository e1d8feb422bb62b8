package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkStart is a whole process that starts, opens a database in memory and
// ends. It is to stay under 100 ms.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), os.Args[0], "version")
		cmd.Env = append(os.Environ(), helperVariable+"=vaultperf")
		if output, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, output)
		}
	}
}

// BenchmarkSampleRun is the whole job on the embedded sample. It is to stay
// under 2 s.
func BenchmarkSampleRun(b *testing.B) {
	for b.Loop() {
		std := streams{nil, io.Discard, io.Discard}
		if code := vaultperf(b.Context(), []string{"run", "--out", filepath.Join(b.TempDir(), "out")}, std, now); code != exitDone {
			b.Fatalf("exit code %d", code)
		}
	}
}
