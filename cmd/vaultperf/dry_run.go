package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/vaultperf/vaultperf/extract"
)

// planNodes is the only stage of a dry run: it prints what would be fetched.
func planNodes(ctx context.Context, r *run) error {
	opt, err := r.extractOptions()
	if err != nil {
		return err
	}
	plans, err := extract.Plan(ctx, r.db, opt)
	if err != nil {
		return err
	}
	r.results = func() error { return writePlans(r, plans) }
	return nil
}

// mostPlanned is how many block ranges a plan lists.
const mostPlanned = 20

func writePlans(r *run, plans []extract.NodePlan) error {
	w := tabwriter.NewWriter(r.app.std.out, 0, 0, 2, ' ', 0)
	if len(plans) == 0 {
		_, _ = fmt.Fprintln(w, "nothing to ask of nodes: no [[rpc]] has a configured vault's chain")
	}
	for _, p := range plans {
		_, _ = fmt.Fprintf(w, "chain %d\t%s\n", p.ChainID, strings.Join(p.Endpoints, ", then "))
		_, _ = fmt.Fprintf(w, "final\tblock %d of %s\n", p.Final, p.FinalAt.Format(time.RFC3339))
		for i, work := range p.Work {
			if i == mostPlanned {
				_, _ = fmt.Fprintf(w, "missing\t… and %d more block ranges\n", len(p.Work)-i)
				break
			}
			_, _ = fmt.Fprintf(w, "missing\tblocks %d to %d of %d contracts\n", work.From, work.To, work.Contracts)
		}
		for _, step := range p.Steps {
			_, _ = fmt.Fprintf(w, "%s\tabout %d requests, %d compute units", step.Name, step.Requests, step.Units)
			if step.Least > 0 {
				_, _ = fmt.Fprintf(w, ", %s at the configured rate", step.Least.Round(time.Second))
			}
			if step.Each > 0 {
				_, _ = fmt.Fprintf(w, ", and %d for each block with logs", step.Each)
			}
			if step.EachDay > 0 {
				_, _ = fmt.Fprintf(w, ", and %d for each day since the first", step.EachDay)
			}
			_, _ = fmt.Fprintln(w)
		}
		if len(p.Unknown) > 0 {
			_, _ = fmt.Fprintf(w, "unknown\tfamily and first block of %s: a run finds them first, which changes this plan\n", harmless(strings.Join(p.Unknown, ", ")))
		}
	}
	return w.Flush() // the only write that can fail
}
