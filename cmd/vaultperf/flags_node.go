package main

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// nodeFlags adds the flags of a command that fetches from nodes.
func (a *app) nodeFlags(cmd *cobra.Command) *cobra.Command {
	flags := cmd.Flags()
	flags.BoolVar(&a.dryRun, "dry-run", false, "only print what would be requested from nodes, and the cost")
	flags.StringVar(&a.record, "record", "", "record requests to nodes and their answers in this `folder`, without keys")
	flags.StringVar(&a.replay, "replay", "", "answer requests from a `folder` made by --record, without a network")
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
