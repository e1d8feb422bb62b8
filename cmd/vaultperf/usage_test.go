package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestUsageErrors(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"NoCommand":      {nil, "want a command: discover, extract, report, run, sql, transform, version"},
		"UnknownCommand": {[]string{"rum"}, `unknown command "rum"`},
		"UnknownFlag":    {[]string{"run", "--configs", "x"}, "unknown flag: --configs"},
		"Argument":       {[]string{"run", "x"}, `takes no argument, got "x"`},
		"MissingConfig":  {[]string{"run", "--config", "nope.toml"}, "nope.toml"},
		"AsOfNoDay":      {[]string{"run", "--as-of", "2025-9-4"}, "--as-of: want a day"},
		"AsOfTomorrow":   {[]string{"run", "--as-of", "2025-10-02"}, "want a day up to today, 2025-10-01, got 2025-10-02"},
		"OutEmpty":       {[]string{"run", "--out", ""}, "--out: want a folder"},
		"DBIsPublished":  {[]string{"run", "--db", filepath.Join(out, "vaultperf.duckdb")}, "is a published one"},
		"DBWithQuestion": {[]string{"run", "--db", "a?b"}, "without ?"},
		"NoQuery":        {[]string{"sql"}, "want one query"},
		"UnknownFormat":  {[]string{"sql", "select 1", "--format", "xml"}, "want table, csv, json or markdown"},
	} {
		t.Run(name, func(t *testing.T) {
			args := c.args
			if len(args) > 0 && name != "UnknownCommand" && name != "OutEmpty" {
				args = append(args, "--out", out)
			}
			got := mustCall(t, exitUsage, args...)
			if !strings.Contains(got.stderr, c.want) {
				t.Errorf("stderr lacks %q: %s", c.want, got.stderr)
			}
		})
	}
	if left, _ := filepath.Glob(out); left != nil {
		t.Error("a refused call made the out folder")
	}
}

func TestVersion(t *testing.T) {
	got := mustCall(t, exitDone, "version")
	for _, want := range []string{"vaultperf ", "commit ", "go1.", "DuckDB v1.5"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("stdout lacks %q:\n%s", want, got.stdout)
		}
	}
}

func TestHarmlessText(t *testing.T) {
	const hostile = "a\x1b[31mb\u202ec\x00d\u200fe\rf\u2028g\x7fh\u0085i\tj\nk\u2066l"
	if got, want := harmless(hostile), "a[31mbcdefghi\tj\nkl"; got != want {
		t.Errorf("harmless: %q, want %q", got, want)
	}
	if got, want := oneLine(hostile), "a[31mbcde fghi j kl"; got != want {
		t.Errorf("oneLine: %q, want %q", got, want)
	}
}

func TestMessagesAreHarmless(t *testing.T) {
	got := mustCall(t, exitUsage, "run", "--as-of", "\x1b]0;owned\a")
	if strings.ContainsAny(got.stderr, "\x1b\a") {
		t.Errorf("stderr: %q", got.stderr)
	}
}
