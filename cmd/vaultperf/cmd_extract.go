package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/vaultperf/vaultperf/extract"
)

func (a *app) extractCommand() *cobra.Command {
	return a.nodeFlags(a.stagesCommand("extract", "Read archived files and nodes into the working database", extractFiles))
}

// inputs are what the config has extract read. Later stages compare their digest.
func (r *run) inputs() extract.Options {
	return extract.Options{Vaults: r.config.Vaults, Archives: r.config.Archives, Benchmarks: r.config.Benchmarks, Now: r.app.now}
}

// checkExtracted refuses to go on with what another config had extracted.
func (r *run) checkExtracted(ctx context.Context) error {
	digests, err := column(ctx, r.db, "select digest from raw.asked")
	switch {
	case err != nil:
		return err
	case len(digests) == 0:
		return errors.New("nothing was extracted yet: run vaultperf extract first, or vaultperf run")
	case digests[0] != extract.Digest(r.inputs()):
		return usageErrorf("%s names other vaults or archives than those extracted: run vaultperf extract first, or vaultperf run", r.config.Name)
	}
	return nil
}

// extractOptions are the inputs, the nodes to fetch from and the flags for them.
func (r *run) extractOptions() (opt extract.Options, err error) {
	opt = r.inputs()
	opt.Nodes, err = r.config.Nodes(r.app.replay != "")
	opt.Record, opt.Replay = r.app.record, r.app.replay
	opt.Notice = func(text string) { r.log.Warn(harmless(text)) }
	return opt, err
}

// extractFiles is the first stage: archived files, then nodes, into raw tables.
func extractFiles(ctx context.Context, r *run) error {
	return r.timed("extract", func() ([]any, error) {
		opt, err := r.extractOptions()
		if err != nil {
			return nil, err
		}
		bar, report := r.app.progress("extract", true), r.nodeReport()
		defer bar.done()
		defer report.bar.done()
		opt.Progress, opt.NodeProgress = bar.set, report.show
		files, err := extract.Run(ctx, r.db, opt)
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
			r.app.code = exitIncomplete
		}
		absent, err := column(ctx, r.db, "select path from raw.files where state = 'absent'")
		if err != nil {
			return nil, err
		}
		return []any{
			"files", len(files), "absent", len(absent), "read", sum.Read, "kept", sum.Kept,
			"new", sum.New, "filtered", sum.Filtered, "set_aside", sum.SetAside,
		}, nil
	})
}
