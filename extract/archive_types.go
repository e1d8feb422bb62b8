package extract

// An Archive is a set of files that share a layout.
type Archive struct {
	Dir     string            // the folder Path and Blocks are relative to
	Path    string            // glob
	Format  string            // a name of Formats, or "auto"
	ChainID uint64            // of rows that carry none; 0: every row must
	Vault   string            // vault id of readings without a vault column, or empty
	Blocks  string            // glob of block times for logs without, or empty
	Columns map[string]string // our column name to theirs
	Note    string            // where the figures come from, shown in the report

	// Complete: the files together hold every log that the configured contracts
	// emitted between the first row and the last.
	Complete bool
}
