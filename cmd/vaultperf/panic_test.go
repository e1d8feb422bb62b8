package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestPanic: a panic of the main goroutine, and of one beside it while pages are made,
// ends the process with one line and exit code 1. What was published stands, the trace
// is in a file, and the next run works.
func TestPanic(t *testing.T) {
	dir, config, out := goodRun(t)
	before := published(t, out)
	for word, in := range map[string]string{"msg=extract": "extractFiles", "msg=report": "errgroup.(*Group).Go"} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "run", "--config", config, "--out", out, "--as-of", "2025-08-03")
		cmd.Env = append(os.Environ(), helperVariable+"=vaultperf", panicVariable+"="+word)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		err := cmd.Run()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != exitFailed {
			t.Fatalf("%s: %v, want exit code 1\n%s", word, err, stderr.String())
		}
		var lines []string
		for line := range strings.Lines(stderr.String()) {
			if strings.HasPrefix(line, "vaultperf: ") {
				lines = append(lines, line)
			} else if !strings.HasPrefix(line, "time=") {
				t.Errorf("%s: %s", word, line)
			}
		}
		if len(lines) != 1 || !strings.HasPrefix(lines[0], "vaultperf: internal error: at [31m"+word+" xxx") || utf8.RuneCountInString(lines[0]) > 600 {
			t.Errorf("%s: messages %q", word, lines)
		}
		traces, err := filepath.Glob(filepath.Join(out, ".work", "trace-20251001T093000Z-*.txt"))
		if err != nil || len(traces) != 1 || !strings.Contains(lines[0], filepath.ToSlash(traces[0])) {
			t.Fatalf("%s: traces %v, %v", word, traces, err)
		}
		trace, err := os.ReadFile(traces[0])
		if err != nil || !strings.Contains(string(trace), in) || !strings.Contains(string(trace), "panicsAt") {
			t.Errorf("%s: %v, want a trace with %s\n%s", word, err, in, trace)
		}
		if err := os.Remove(traces[0]); err != nil {
			t.Fatal(err)
		}
		wantUnchanged(t, before, published(t, out))
	}
	mustCall(t, exitDone, "run", "--config", filepath.Join(dir, "good.toml"), "--out", out, "--as-of", "2025-08-03")
	wholeRun(t, out)
}

// TestTraceWithoutAnOutFolder: a trace creates no out folder, and is not lost where .work
// cannot be written.
func TestTraceWithoutAnOutFolder(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken")
	if err := os.Mkdir(taken, 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(taken, ".work"), "no folder")
	for _, out := range []string{filepath.Join(dir, "absent"), taken} {
		path, err := (&app{out: out}).writeTrace([]byte("the trace"))
		if err != nil || filepath.Dir(path) != filepath.ToSlash(temporary) {
			t.Fatalf("%s: trace %q, %v, want it in %s", out, path, err, temporary)
		}
		if text, err := os.ReadFile(path); err != nil || string(text) != "the trace" {
			t.Errorf("%s: got %q, %v", out, text, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "absent")); !os.IsNotExist(err) {
		t.Errorf("an out folder was created: %v", err)
	}
}
