package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/vaultperf/vaultperf/extract"
)

func (a *app) extractCommand() *cobra.Command {
	return a.nodeFlags(a.nightly("extract", "Read archived files and nodes into the working database", extractFiles))
}

// question is what the config asks extract for.
func (n *night) question() extract.Options {
	return extract.Options{Vaults: n.config.Vaults, Archives: n.config.Archives, Benchmarks: n.config.Benchmarks, Now: n.app.now}
}

// checkAsked refuses to go on with what another config had extracted.
func (n *night) checkAsked(ctx context.Context) error {
	digests, err := column(ctx, n.db, "select digest from raw.asked")
	switch {
	case err != nil:
		return err
	case len(digests) == 0:
		return errors.New("nothing was extracted yet: run vaultperf extract first, or vaultperf run")
	case digests[0] != extract.Digest(n.question()):
		return usageErrorf("%s asks for other vaults or archives than those extracted: run vaultperf extract first, or vaultperf run", n.config.Name)
	}
	return nil
}

// extractOptions are the question, and how to go about it.
func (n *night) extractOptions() (opt extract.Options, err error) {
	opt = n.question()
	opt.Nodes, err = n.config.Nodes(n.app.replay != "")
	opt.Record, opt.Replay = n.app.record, n.app.replay
	opt.Notice = func(text string) { n.log.Warn(harmless(text)) }
	return opt, err
}

// extractFiles is the first stage: archived files, then nodes, into raw tables.
func extractFiles(ctx context.Context, n *night) error {
	return n.timed("extract", func() ([]any, error) {
		opt, err := n.extractOptions()
		if err != nil {
			return nil, err
		}
		bar, report := n.app.progress("extract", true), n.nodeReport()
		defer bar.done()
		defer report.bar.done()
		opt.Progress, opt.NodeProgress = bar.set, report.show
		files, err := extract.Run(ctx, n.db, opt)
		if err != nil {
			return nil, err
		}
		var sum extract.File
		for _, f := range files {
			sum.Read += f.Read
			sum.Kept += f.Kept
			sum.New += f.New
			sum.Filtered += f.Filtered
			sum.SetAside += f.SetAside
		}
		if sum.SetAside > 0 {
			n.app.code = exitIncomplete
		}
		absent, err := column(ctx, n.db, "select path from raw.files where state = 'absent'")
		if err != nil {
			return nil, err
		}
		return []any{
			"files", len(files), "absent", len(absent), "read", sum.Read, "kept", sum.Kept,
			"new", sum.New, "filtered", sum.Filtered, "set_aside", sum.SetAside,
		}, nil
	})
}
