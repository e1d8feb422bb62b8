package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/publish"
)

// An app is one call of the command.
type app struct {
	std  streams
	now  time.Time
	code int // of a call that did its work: 0 or 3

	renames publish.Renames // how results are put in place

	config string // --config, empty: the embedded sample
	asOf   string // --as-of, empty: the config's, or the last complete day
	out    string // --out
	db     string // --db, empty: the default of the command

	dryRun         bool   // --dry-run
	record, replay string // --record and --replay, empty: not wanted
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:               "vaultperf",
		Short:             "Performance figures and reports from archived vault history",
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		RunE: func(cmd *cobra.Command, _ []string) error {
			return usageErrorf("want a command: %s", strings.Join(names(cmd), ", "))
		},
		Args: noArgs,
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageErrorf("%w (see %s --help)", err, cmd.CommandPath())
	})
	root.AddCommand(
		a.runCommand(),
		a.extractCommand(),
		a.transformCommand(),
		a.reportCommand(),
		a.sqlCommand(),
		a.discoverCommand(),
		a.versionCommand(),
	)
	return root
}

func names(cmd *cobra.Command) []string {
	var all []string
	for _, c := range cmd.Commands() {
		if !c.Hidden && c.Name() != "help" {
			all = append(all, c.Name())
		}
	}
	return all
}

// stagesCommand makes the command of one or more stages of a run.
func (a *app) stagesCommand(use, short string, stages ...stage) *cobra.Command {
	cmd := &cobra.Command{
		Use:   use,
		Short: short,
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.checkNodeFlags(); err != nil {
				return err
			}
			if a.dryRun {
				return a.run(cmd.Context(), []stage{planNodes})
			}
			return a.run(cmd.Context(), stages)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&a.config, "config", "", "config `file` (TOML; default: the embedded sample)")
	flags.StringVar(&a.asOf, "as-of", "", "UTC `day` to report as of, YYYY-MM-DD (default: the config's, else the last complete day)")
	flags.StringVar(&a.out, "out", "out", "`folder` for everything that is written")
	flags.StringVar(&a.db, "db", "", "working database `file` (default: .work/vaultperf.duckdb in the out folder)")
	return cmd
}

// A stage is a part of a run that can be repeated on its own.
type stage func(ctx context.Context, n *run) error

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasSubCommands() {
		return usageErrorf("unknown command %q: want one of %s", args[0], strings.Join(names(cmd), ", "))
	}
	return usageErrorf("%s takes no argument, got %q", cmd.CommandPath(), args[0])
}

// complain writes an error to stderr, each line with the command's name.
func (a *app) complain(err error) {
	for line := range strings.Lines(strings.TrimRight(harmless(err.Error()), "\n") + "\n") {
		_, _ = fmt.Fprint(a.std.err, "vaultperf: ", line) // there is nowhere else to report it
	}
}

// log writes text even where stderr is not a terminal: people read it in mail or a
// journal, and run.json is for machines.
func (a *app) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(a.std.err, nil))
}
