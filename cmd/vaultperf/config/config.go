// Package config reads the TOML file that says which vaults to report on and where
// their history comes from. It refuses a file that cannot be right, naming the line of
// every fault, and fills in what the file leaves out.
package config

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/vaultperf/vaultperf/extract"
)

// A Config is a valid config file in the terms of the stages.
type Config struct {
	Name   string // the file's, as the call gave it
	SHA256 string // of the file, hex

	AsOf           time.Time // midnight UTC of the day; zero: the last complete one
	RiskFreeRate   *float64  // fraction per year; nil: no Sharpe ratio against it
	MinTotalAssets *float64  // in the asset, where a vault's history begins; nil: from the first reading
	MaxPages       int       // report pages, for the largest vaults

	Thresholds map[string]float64 // of verdicts, by name, where they are not the usual ones

	Vaults     []extract.Vault
	Archives   []extract.Archive
	Benchmarks []extract.Benchmark

	file *File
}

// An Error says why a config cannot be used. Each fault is a line of its own that
// names the file, the line in it where that is known, and what was wanted.
type Error struct{ err error }

func (e *Error) Error() string { return e.err.Error() }

// Unwrap gives the cause, for errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.err }

// Read reads the config file at path. Archives are found relative to its folder.
// Every error is an *Error.
func Read(path string) (*Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, &Error{fmt.Errorf("read config: %w", err)}
	}
	return Parse(path, filepath.Dir(path), text)
}

// Parse reads the text of a config that messages call name and whose archives lie
// relative to dir. Every error is an *Error and holds every fault found.
func Parse(name, dir string, text []byte) (*Config, error) {
	f, err := decode(name, text)
	if err != nil {
		return nil, &Error{err}
	}
	if err := f.validate(); err != nil {
		return nil, &Error{err}
	}
	asOf, err := f.asOf()
	if err != nil {
		return nil, &Error{err}
	}
	digest := sha256.Sum256(text)
	return &Config{
		Name: name, SHA256: hex.EncodeToString(digest[:]),
		AsOf: asOf, RiskFreeRate: f.RiskFreeRate, MinTotalAssets: f.Start.MinTotalAssets, MaxPages: f.MaxPages,
		Thresholds: f.Backing.thresholds(),
		Vaults:     f.vaults(), Archives: f.archives(dir), Benchmarks: f.benchmarks(dir),
		file: f,
	}, nil
}

// Place is where the config sets a key of its top level, for messages.
func (c *Config) Place(key string) string { return c.file.place(c.file.lineOf(key)) }

// Nodes are the nodes of every [[rpc]], with the URLs that the environment holds; a
// replay sends no request and does without those. Every error is an *Error.
func (c *Config) Nodes(isReplay bool) ([]extract.Node, error) {
	nodes := make([]extract.Node, len(c.file.RPCs))
	for i, r := range c.file.RPCs {
		var err error
		if nodes[i], err = r.node(isReplay); err != nil {
			return nil, &Error{fmt.Errorf("%s: %w", c.file.place(c.file.lineOfTable("rpc", i)), err)}
		}
	}
	return nodes, nil
}

// Node is the node of a chain whose URLs, or env:NAME of variables that hold them,
// were given elsewhere than in a config, as flags for example. Messages call that
// place name. Every error is an *Error.
func Node(name string, chainID int64, urls []string) (extract.Node, error) {
	r := rpc{ChainID: &chainID, URLs: urls}
	faults := &faults{file: &File{name: name}}
	r.validate(func(format string, args ...any) { faults.add(0, "", format, args...) })
	if err := errors.Join(faults.all...); err != nil {
		return extract.Node{}, &Error{err}
	}
	node, err := r.node(false)
	if err != nil {
		return extract.Node{}, &Error{fmt.Errorf("%s: %w", name, err)}
	}
	return node, nil
}
