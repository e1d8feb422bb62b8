package main

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/config"
)

// sampleFiles are the archives and the config of two real vaults and two synthetic
// ones, so that a first report shows real figures, and every section of a report.
// Their README names the sources.
//
//go:embed sample
var sampleFiles embed.FS

const sampleConfig = "sample/config.toml"

// readSample is the config of the embedded sample, whose archives lie in dir
// once unpackSample has put them there.
func readSample(dir string) (*config.Config, error) {
	text, err := sampleFiles.ReadFile(sampleConfig)
	if err != nil {
		return nil, fmt.Errorf("read embedded sample: %w", err)
	}
	return config.Parse(sampleConfig, dir, text)
}

// unpackSample replaces dir by the embedded sample.
func unpackSample(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("unpack sample: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("unpack sample: %w", err)
	}
	files, err := fs.Sub(sampleFiles, "sample")
	if err != nil {
		return fmt.Errorf("unpack sample: %w", err)
	}
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("unpack sample: %w", err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return fmt.Errorf("unpack sample: %w", err)
		}
		return nil
	})
}
