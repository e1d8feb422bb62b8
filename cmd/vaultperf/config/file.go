package config

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// A File is a config file as written; its tags are the keys that a config may have.
// A required key is a pointer where its zero value is a value too.
type File struct {
	AsOf         any      `toml:"as_of"` // a TOML date or "YYYY-MM-DD"
	RiskFreeRate *float64 `toml:"risk_free_rate"`
	// RiskFreeSeries names a [[benchmark]] of dated rates, instead of one rate.
	RiskFreeSeries string  `toml:"risk_free_series"`
	MaxPages       int     `toml:"max_pages"`
	Start          start   `toml:"start"`
	Backing        backing `toml:"backing"`

	Vaults     []vault     `toml:"vault"`
	Archives   []archive   `toml:"archive"`
	Benchmarks []benchmark `toml:"benchmark"`
	RPCs       []rpc       `toml:"rpc"`

	name   string // as the call gave it
	source []byte // to find lines for messages
}

// start is the table [start]: when a vault's history begins.
type start struct {
	MinTotalAssets *float64 `toml:"min_total_assets"`
}

// mostPages is how many vaults have a page where the config does not say.
const mostPages = 200

// validate says what is wrong with f, all of it, and changes nothing.
func (f *File) validate() error {
	faults := &faults{file: f}
	if _, err := f.asOf(); err != nil {
		faults.add(f.lineOf("as_of"), "", "%w", err)
	}
	if r := f.RiskFreeRate; r != nil && !(*r > -1 && !math.IsInf(*r, 0)) {
		faults.add(f.lineOf("risk_free_rate"), "", "risk_free_rate: want a fraction per year above -1, got %v", *r)
	}
	if f.MaxPages < 1 {
		faults.add(f.lineOf("max_pages"), "", "max_pages: want 1 or more, got %d", f.MaxPages)
	}
	if m := f.Start.MinTotalAssets; m != nil && !(*m >= 0 && !math.IsInf(*m, 0)) {
		faults.add(f.lineOf("min_total_assets"), "", "min_total_assets: want an amount of the asset, 0 or more, got %v", *m)
	}
	f.Backing.validate(func(key string, format string, args ...any) {
		faults.add(f.lineOf(key), "", format, args...)
	})
	f.validateVaults(faults)
	f.validateContracts(faults)
	f.validateArchives(faults)
	f.validateRPCs(faults)
	f.validateBenchmarks(faults)
	f.validateTexts(faults)
	return errors.Join(faults.all...)
}

// asOf is the configured as-of day at midnight UTC, or zero.
func (f *File) asOf() (time.Time, error) {
	switch v := f.AsOf.(type) {
	case nil:
		return time.Time{}, nil
	case toml.LocalDate:
		return v.AsTime(time.UTC), nil
	case string:
		if day, err := time.ParseInLocation(time.DateOnly, v, time.UTC); err == nil {
			return day, nil
		}
	}
	return time.Time{}, fmt.Errorf("as_of: want a day as 2025-09-04 or \"2025-09-04\", got %q", fmt.Sprint(f.AsOf))
}
