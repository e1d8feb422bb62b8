package archive

import (
	"time"

	"github.com/vaultperf/vaultperf/extract/vault"
)

// A fileInput is one archived file that is being imported.
type fileInput struct {
	id      int    // file_id
	path    string // as shown to people: relative to the config
	file    string // where it is on disk
	format  string // one of Formats
	archive Archive
	vaults  []vault.Vault
	now     time.Time
}

// counts says what became of a file's rows: read = kept + filtered + set aside.
type counts struct {
	read     int64
	kept     int64
	new      int64 // of the kept, not in the database before
	filtered int64
	aside    map[string]*aside // by reason
}

// aside counts the rows set aside for one reason and keeps the first as an
// example.
type aside struct {
	rows      int64
	firstLine int64
	example   string
}

func (c *counts) setAside(reason string, line int64, example string) {
	a := c.aside[reason]
	if a == nil {
		a = &aside{firstLine: line, example: example}
		c.aside[reason] = a
	}
	a.rows++
}

// Reasons for which a row is set aside; the run goes on without it.
const (
	emptyPrice         = "empty_price"
	vaultNotConfigured = "vault_not_configured"
	priceOutOfRange    = "price_out_of_range"
	emptyValue         = "empty_value" // of a benchmark
)
