package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/vaultperf/vaultperf/extract"
)

// A Config is a config file as written. What is required is a pointer where its
// zero value could also be meant; Validate says what is missing.
type Config struct {
	AsOf         any      `toml:"as_of"`          // a TOML date or "YYYY-MM-DD"; nil: the last complete UTC day
	RiskFreeRate *float64 `toml:"risk_free_rate"` // fraction per year; nil: no Sharpe ratio against it
	// RiskFreeSeries names a [[benchmark]] of dated rates, instead of one rate.
	RiskFreeSeries string          `toml:"risk_free_series"`
	Benchmarks     []BenchmarkKeys `toml:"benchmark"`

	MaxPages int         `toml:"max_pages"` // report pages, for the largest vaults
	Start    StartRule   `toml:"start"`
	Vaults   []VaultKeys `toml:"vault"`
	Archives []Archive   `toml:"archive"`
	RPCs     []RPC       `toml:"rpc"`

	name   string // as the call gave it, for messages
	dir    string // what archive paths are relative to
	digest string // sha256 of the file, hex
	source []byte // to find lines for messages
}

// A StartRule says when a vault's history begins.
type StartRule struct {
	MinTotalAssets *float64 `toml:"min_total_assets"` // in the asset; nil: from the first reading
}

// VaultKeys are one [[vault]].
type VaultKeys struct {
	ID            string `toml:"id"`
	Name          string `toml:"name"` // empty: the id
	ChainID       *int64 `toml:"chain_id"`
	Address       string `toml:"address"`
	Family        string `toml:"family"`
	AssetSymbol   string `toml:"asset_symbol"`
	AssetDecimals *int   `toml:"asset_decimals"`
	ShareDecimals *int   `toml:"share_decimals"`
	Safe          string `toml:"safe"`
	StartBlock    int64  `toml:"start_block"` // first block to ask a node for

	Accounts  []string       `toml:"accounts"` // other holders of its assets
	Contracts []ContractKeys `toml:"contract"`
}

// ContractKeys are one [[vault.contract]]: a contract whose logs the vault's
// figures need.
type ContractKeys struct {
	Address string   `toml:"address"`
	Role    string   `toml:"role"`
	Family  string   `toml:"family"`
	Name    string   `toml:"name"`    // empty: the role
	Shared  *bool    `toml:"shared"`  // nil: as the role has it
	PoolID  string   `toml:"pool_id"` // of a pool in Uniswap V4's manager
	Coins   []string `toml:"coins"`   // of a pool, in the order of its numbers
}

// An Archive is one [[archive]].
type Archive struct {
	Path    string            `toml:"path"`
	Format  string            `toml:"format"` // empty: auto
	ChainID *int64            `toml:"chain_id"`
	Vault   string            `toml:"vault"`
	Blocks  string            `toml:"blocks"`
	Columns map[string]string `toml:"columns"` // ours = "theirs"
	Note    string            `toml:"note"`    // where the figures come from, shown in the report

	// Complete: the files together hold every log of the configured contracts
	// between the first row and the last; what they do not show did not happen.
	Complete bool `toml:"complete"`
}

// DefaultConfig is what a config file starts from.
func DefaultConfig() *Config {
	return &Config{MaxPages: 200}
}

// readConfig reads and validates the config file at path.
func readConfig(path string) (*Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, &usageError{fmt.Errorf("read config: %w", err)}
	}
	return parseConfig(path, filepath.Dir(path), text)
}

// parseConfig decodes text strictly and validates it. Every fault found is in
// the error, one line each.
func parseConfig(name, dir string, text []byte) (*Config, error) {
	digest := sha256.Sum256(text)
	c := DefaultConfig()
	c.name, c.dir, c.digest, c.source = name, dir, hex.EncodeToString(digest[:]), text
	decoder := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := decoder.Decode(c); err != nil {
		return nil, &usageError{c.decodeError(err)}
	}
	if err := c.Validate(); err != nil {
		return nil, &usageError{err}
	}
	return c, nil
}

// decodeError names the line of every fault of the decoder.
func (c *Config) decodeError(err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) {
		var all []error
		for i := range unknown.Errors {
			line, _ := unknown.Errors[i].Position()
			key := strings.Join(unknown.Errors[i].Key(), ".")
			all = append(all, fmt.Errorf("%s:%d: unknown key %q", c.name, line, key))
		}
		return errors.Join(all...)
	}
	var fault *toml.DecodeError
	if errors.As(err, &fault) {
		line, _ := fault.Position()
		return fmt.Errorf("%s:%d: %s", c.name, line, decodeMessage(fault))
	}
	return fmt.Errorf("%s: %w", c.name, err)
}

var wrongType = regexp.MustCompile(`cannot decode TOML (.+) into struct field \S+ of type (\S+)$`)

// decodeMessage puts the decoder's words into those of a config's writer.
func decodeMessage(fault *toml.DecodeError) string {
	message := strings.TrimPrefix(fault.Error(), "toml: ")
	if m := wrongType.FindStringSubmatch(message); m != nil {
		want := "a number"
		switch {
		case strings.HasPrefix(m[2], "[]"):
			want = "[[" + strings.Join(fault.Key(), ".") + "]]"
		case strings.HasPrefix(m[2], "int"), strings.HasPrefix(m[2], "*int"):
			want = "a whole number"
		case m[2] == "string":
			want = "text in quotes"
		}
		return fmt.Sprintf("%s: want %s, got TOML %s", strings.Join(fault.Key(), "."), want, m[1])
	}
	if strings.Contains(message, "hexadecimal") {
		message += " (an address needs quotes)"
	}
	return message
}

// asOfDate is the configured as-of day at midnight UTC, or zero.
func (c *Config) asOfDate() (time.Time, error) {
	switch v := c.AsOf.(type) {
	case nil:
		return time.Time{}, nil
	case toml.LocalDate:
		return v.AsTime(time.UTC), nil
	case string:
		if day, err := parseDay(v); err == nil {
			return day, nil
		}
	}
	return time.Time{}, fmt.Errorf("as_of: want a day as 2025-09-04 or \"2025-09-04\", got %q", fmt.Sprint(c.AsOf))
}

func parseDay(s string) (time.Time, error) {
	return time.ParseInLocation(time.DateOnly, s, time.UTC)
}

// vaults are the configured vaults as extract wants them.
func (c *Config) vaults() []extract.Vault {
	vaults := make([]extract.Vault, len(c.Vaults))
	for i, v := range c.Vaults {
		name := v.Name
		if name == "" {
			name = v.ID
		}
		vaults[i] = extract.Vault{
			ID:            v.ID,
			Name:          name,
			ChainID:       uint64(*v.ChainID),
			Address:       strings.ToLower(v.Address),
			Family:        v.Family,
			AssetSymbol:   v.AssetSymbol,
			AssetDecimals: orUnknown(v.AssetDecimals),
			ShareDecimals: orUnknown(v.ShareDecimals),
			Safe:          strings.ToLower(v.Safe),
			Contracts:     v.contracts(),
			StartBlock:    uint64(v.StartBlock),
		}
	}
	return vaults
}

// orUnknown is -1 for decimals that a node finds out.
func orUnknown(decimals *int) int {
	if decimals == nil {
		return -1
	}
	return *decimals
}

// contracts are the vault's accounts and contracts as extract wants them.
func (v VaultKeys) contracts() []extract.Contract {
	var out []extract.Contract
	for _, account := range v.Accounts {
		out = append(out, extract.Contract{Address: strings.ToLower(account), Role: "account", Family: "safe", Name: "account"})
	}
	for _, c := range v.Contracts {
		contract := extract.Contract{
			Address: strings.ToLower(c.Address), Role: c.Role, Family: c.Family, Name: c.Name,
			Shared: extract.SharedByDefault(c.Role, c.Family), PoolID: strings.ToLower(c.PoolID),
		}
		if c.Name == "" {
			contract.Name = c.Role
		}
		if c.Shared != nil {
			contract.Shared = *c.Shared
		}
		for _, coin := range c.Coins {
			contract.Coins = append(contract.Coins, strings.ToLower(coin))
		}
		out = append(out, contract)
	}
	return out
}

// archives are the configured archives as extract wants them.
func (c *Config) archives() []extract.Archive {
	archives := make([]extract.Archive, len(c.Archives))
	for i, a := range c.Archives {
		archives[i] = extract.Archive{
			Dir:     c.dir,
			Path:    a.Path,
			Format:  a.Format,
			Vault:   a.Vault,
			Blocks:  a.Blocks,
			Columns: a.Columns,
			Note:    a.Note,

			Complete: a.Complete,
		}
		if a.Format == "" {
			archives[i].Format = "auto"
		}
		if a.ChainID != nil {
			archives[i].ChainID = uint64(*a.ChainID)
		}
	}
	return archives
}
