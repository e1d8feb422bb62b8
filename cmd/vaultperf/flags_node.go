package main

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// nodeFlags are those of the commands that may ask a node.
func (a *app) nodeFlags(cmd *cobra.Command) *cobra.Command {
	flags := cmd.Flags()
	flags.BoolVar(&a.dryRun, "dry-run", false, "only say what would be asked of nodes, and what it costs")
	flags.StringVar(&a.record, "record", "", "keep what nodes are asked and answer in this `folder`, without keys")
	flags.StringVar(&a.replay, "replay", "", "answer from a `folder` made by --record, without a network")
	return cmd
}

func (a *app) checkNodeFlags() error {
	if a.record != "" && a.replay != "" {
		return usageErrorf("want --record or --replay, not both")
	}
	switch {
	case a.record != "" && holdsRecording(a.record):
		return usageErrorf("--record: %s holds a recording already: want a new folder", a.record)
	case a.replay != "" && !holdsRecording(a.replay):
		return usageErrorf("--replay: %s holds no recording: want a folder made by --record", a.replay)
	}
	return nil
}

func holdsRecording(folder string) bool {
	entries, err := os.ReadDir(folder)
	return err == nil && slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), "chain-") })
}
