package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocumentedCommands runs every line "$ vaultperf …" of the sh blocks of
// README.md and docs/*.md, one after the other, in a folder that holds the sample's
// files and its config as vaultperf.toml. A command that stands in several places is
// run once. Lines after a command are what it prints on stdout; a line of … alone
// stands for any lines.
func TestDocumentedCommands(t *testing.T) {
	documents, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := unpackSample(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "config.toml"), filepath.Join(dir, "vaultperf.toml")); err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(os.Args[0], filepath.Join(bin, "vaultperf")); err != nil {
		t.Fatal(err)
	}
	printed := map[string]string{}
	for _, document := range append([]string{filepath.Join("..", "..", "README.md")}, documents...) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		commands := commandsOf(string(text))
		if filepath.Base(document) == "README.md" && len(commands) == 0 {
			t.Error("README.md has no command")
		}
		for _, c := range commands {
			where := filepath.Base(document) + ": " + c.line
			stdout, isKnown := printed[c.line]
			if !isKnown {
				cmd := exec.CommandContext(t.Context(), "sh", "-c", c.line)
				cmd.Dir = dir
				cmd.Env = append(os.Environ(), helperVariable+"=vaultperf", "PATH="+bin+":"+os.Getenv("PATH"))
				var stderr strings.Builder
				cmd.Stderr = &stderr
				output, err := cmd.Output()
				if err != nil {
					t.Errorf("%s: %v\n%s", where, err, stderr.String())
				}
				stdout = string(output)
				printed[c.line] = stdout
			}
			if len(c.prints) > 0 && !matches(c.prints, lines(stdout)) {
				t.Errorf("%s prints\n%s\nthe document says\n%s", where, stdout, strings.Join(c.prints, "\n"))
			}
		}
	}
}

// A documentedCommand is a command and what it prints, as a document has them.
type documentedCommand struct {
	line   string
	prints []string
}

func commandsOf(text string) []documentedCommand {
	var commands []documentedCommand
	inBlock, isOurs := false, false
	for _, line := range lines(text) {
		switch command, isCommand := strings.CutPrefix(line, "$ "); {
		case strings.HasPrefix(line, "```"):
			inBlock, isOurs = line == "```sh", false
		case inBlock && isCommand:
			isOurs = strings.HasPrefix(command, "vaultperf ")
			if isOurs {
				commands = append(commands, documentedCommand{line: command})
			}
		case inBlock && isOurs:
			last := &commands[len(commands)-1]
			last.prints = append(last.prints, strings.TrimRight(line, " "))
		}
	}
	return commands
}

func lines(text string) []string {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i := range all {
		all[i] = strings.TrimRight(all[i], " ")
	}
	return all
}

// matches says whether got is want, where a want of … is any lines.
func matches(want, got []string) bool {
	switch {
	case len(want) == 0:
		return len(got) == 0
	case want[0] != "…":
		return len(got) > 0 && want[0] == got[0] && matches(want[1:], got[1:])
	}
	for i := range len(got) + 1 {
		if matches(want[1:], got[i:]) {
			return true
		}
	}
	return false
}

func TestCommandsOfADocument(t *testing.T) {
	commands := commandsOf("text\n```sh\n$ make\nmade\n$ vaultperf run\nreport x\n…\nend\n```\n$ vaultperf no\n```\n$ vaultperf no\n```\n")
	if len(commands) != 1 || commands[0].line != "vaultperf run" || len(commands[0].prints) != 3 {
		t.Fatalf("commands %q", commands)
	}
	for got, want := range map[string]bool{
		"report x\nend": true, "report x\na\nb\nend": true, "report x\na": false, "a\nend": false,
	} {
		if matches(commands[0].prints, lines(got)) != want {
			t.Errorf("%q matches: %v, want %v", got, !want, want)
		}
	}
}
