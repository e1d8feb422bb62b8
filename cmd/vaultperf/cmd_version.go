package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	models "github.com/vaultperf/vaultperf/sql"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Say what this binary is made of",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			db, err := models.Open(cmd.Context(), "")
			if err != nil {
				return err
			}
			defer func() { _ = db.Close() }()
			var duckdb string
			if err := db.QueryRowContext(cmd.Context(), "select version()").Scan(&duckdb); err != nil {
				return fmt.Errorf("ask DuckDB's version: %w", err)
			}
			_, err = fmt.Fprintf(a.std.out, "vaultperf %s\ncommit %s\n%s %s/%s\nDuckDB %s\n",
				version(), commit(), runtime.Version(), runtime.GOOS, runtime.GOARCH, duckdb)
			return err
		},
	}
}

// version is the module's version as the Go command recorded it, "devel" where
// it knew none.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}

// commit is the commit built from, "unknown" where the build recorded none.
func commit() string {
	id, modified := "unknown", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				id = s.Value
			case s.Key == "vcs.modified" && s.Value == "true":
				modified = " with changes"
			}
		}
	}
	return id + modified
}
