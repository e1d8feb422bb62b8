package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadmeCommands runs every line "$ vaultperf …" of the README's sh blocks,
// one after the other, in a folder that holds the sample's files and its config
// as vaultperf.toml. Lines after a command are what it prints on stdout; a line
// of … alone stands for any lines.
func TestReadmeCommands(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if os.IsNotExist(err) {
		t.Skip("there is no README.md yet")
	}
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
	for _, c := range readmeCommands(string(text)) {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", c.line)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), helperVariable+"=vaultperf", "PATH="+bin+":"+os.Getenv("PATH"))
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Run(); err != nil {
			t.Errorf("%s: %v\n%s", c.line, err, stderr.String())
		}
		if len(c.prints) > 0 && !matches(c.prints, lines(stdout.String())) {
			t.Errorf("%s prints\n%s\nthe README says\n%s", c.line, stdout.String(), strings.Join(c.prints, "\n"))
		}
	}
}

type readmeCommand struct {
	line   string
	prints []string
}

func readmeCommands(text string) []readmeCommand {
	var commands []readmeCommand
	inBlock, isOurs := false, false
	for _, line := range lines(text) {
		switch command, isCommand := strings.CutPrefix(line, "$ "); {
		case strings.HasPrefix(line, "```"):
			inBlock, isOurs = line == "```sh", false
		case inBlock && isCommand:
			isOurs = strings.HasPrefix(command, "vaultperf ")
			if isOurs {
				commands = append(commands, readmeCommand{line: command})
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

func TestReadmeParser(t *testing.T) {
	commands := readmeCommands("text\n```sh\n$ make\nmade\n$ vaultperf run\nreport x\n…\nend\n```\n$ vaultperf no\n```\n$ vaultperf no\n```\n")
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
