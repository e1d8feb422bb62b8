package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/extract/testchain"
)

// The node is a hundred packages; the program that users run carries none of its
// services, nor its execution of blocks.
func TestTheMainBinaryLinksNoNode(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "../vaultperf").Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := strings.Fields(string(out))
	for _, dep := range deps {
		if strings.Contains(dep, "vaultperf/extract/testchain") {
			t.Errorf("links %s", dep)
		}
		for _, part := range []string{"node", "eth", "p2p", "core", "core/vm", "core/state", "core/txpool", "consensus", "rpc"} {
			if dep == "github.com/ethereum/go-ethereum/"+part {
				t.Errorf("links %s", dep)
			}
		}
	}
	if len(deps) < 100 {
		t.Errorf("%d packages listed", len(deps))
	}
}

func TestRunExports(t *testing.T) {
	dir := t.TempDir()
	var out strings.Builder
	err := run(t.Context(), []string{"--export", dir, "--until", "2023-10-15"}, &out, io.Discard)
	if errors.Is(err, testchain.ErrNotCompiled) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{testchain.LogsFile, testchain.ReadingsFile, testchain.ConfigFile} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !strings.HasPrefix(out.String(), "tip 0x") {
		t.Errorf("printed %q", out.String())
	}
}

// It serves until it is stopped, and says where.
func TestRunServes(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	read, write := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, []string{"--addr", "127.0.0.1:0", "--until", "2024-04-30"}, write, io.Discard)
		_ = write.Close()
		done <- err
	}()
	var text strings.Builder
	buffer := make([]byte, 4096)
	for !strings.Contains(text.String(), "http://127.0.0.1:") {
		n, err := read.Read(buffer)
		text.Write(buffer[:n])
		if err != nil {
			break
		}
	}
	stop()
	go func() { _, _ = io.Copy(io.Discard, read) }()
	err := <-done
	if errors.Is(err, testchain.ErrNotCompiled) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"synthetic-good 0x", "synthetic-bad 0x", "donation", "finalized "} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("want %q in\n%s", want, &text)
		}
	}
}

func TestRunExportsOnlyWhatStands(t *testing.T) {
	err := run(t.Context(), []string{"--export", t.TempDir(), "--until", "2023-09-03"}, io.Discard, io.Discard)
	if errors.Is(err, testchain.ErrNotCompiled) {
		t.Skip(err)
	}
	if err == nil || !strings.Contains(err.Error(), "ends on 2023-09-03, before synthetic-good") {
		t.Errorf("got %v", err)
	}
}

func TestRunRefuses(t *testing.T) {
	for _, args := range [][]string{{"--no-such"}, {"surplus"}, {"--seed", "x"}, {"--until", "soon"}} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%v: accepted", args)
		}
	}
}
