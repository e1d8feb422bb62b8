package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/vaultperf/vaultperf/transform"
)

func (a *app) transformCommand() *cobra.Command {
	return a.nightly("transform", "Compute prices, returns and metrics from what was extracted", buildModels)
}

// buildModels is the second stage: raw tables into marts.
func buildModels(ctx context.Context, n *night) error {
	return n.timed("transform", func() ([]any, error) {
		if err := n.checkAsked(ctx); err != nil {
			return nil, err
		}
		err := transform.Run(ctx, n.db, transform.Options{
			AsOf:           n.asOf,
			RiskFreeRate:   n.config.RiskFreeRate,
			MinTotalAssets: n.config.MinTotalAssets,
		})
		if err != nil {
			return nil, err
		}
		state, err := readOutcome(ctx, n.db)
		if err != nil {
			return nil, err
		}
		if err := n.conclude(ctx, state); err != nil {
			return nil, err
		}
		return []any{"as_of", state.AsOf, "vaults", state.Vaults, "without_reading", len(state.NoReading)}, nil
	})
}
