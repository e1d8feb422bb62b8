package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/vaultperf/vaultperf/transform"
)

func (a *app) transformCommand() *cobra.Command {
	return a.stagesCommand("transform", "Compute prices, returns and metrics from what was extracted", buildModels)
}

// buildModels is the second stage: raw tables into marts.
func buildModels(ctx context.Context, r *run) error {
	return r.timed("transform", func() ([]any, error) {
		if err := r.checkExtracted(ctx); err != nil {
			return nil, err
		}
		err := transform.Run(ctx, r.db, transform.Options{
			AsOf:           r.asOf,
			RiskFreeRate:   r.config.RiskFreeRate,
			MinTotalAssets: r.config.MinTotalAssets,
			Thresholds:     r.config.Thresholds,
		})
		if err != nil {
			return nil, err
		}
		state, err := readOutcome(ctx, r.db)
		if err != nil {
			return nil, err
		}
		if err := r.conclude(ctx, state); err != nil {
			return nil, err
		}
		return []any{"as_of", state.AsOf, "vaults", state.Vaults, "without_reading", len(state.NoReading)}, nil
	})
}
