package main

import "github.com/spf13/cobra"

func (a *app) runCommand() *cobra.Command {
	return a.nodeFlags(a.stagesCommand("run", "Do the whole run: extract, transform, report and publish", extractFiles, buildModels, publishReport))
}
