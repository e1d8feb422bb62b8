package main

import "github.com/spf13/cobra"

func (a *app) runCommand() *cobra.Command {
	return a.nodeFlags(a.stagesCommand("run", "Extract, transform, report and publish in one go", prepareDatabase, extractFiles, buildModels, publishReport))
}
