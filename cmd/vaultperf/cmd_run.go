package main

import "github.com/spf13/cobra"

func (a *app) runCommand() *cobra.Command {
	return a.nodeFlags(a.nightly("run", "Do the whole night: extract, transform, report and publish", extractFiles, buildModels, publishReport))
}
