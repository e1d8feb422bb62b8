package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// An outcome is what the marts say of a run as a whole.
type outcome struct {
	AsOf      string   // YYYY-MM-DD
	Vaults    int      // configured
	Priced    int      // of them, with a figure to report
	NoReading []string // ids of those without a reading by the as-of day
	SetAside  int64    // rows

	RiskFreeRate, MinTotalAssets *float64 // as computed with; nil: none

	Thresholds map[string]struct{ Value, Usual float64 } // as computed with, by name
}

// readOutcome reads the outcome of the last transform.
func readOutcome(ctx context.Context, db *sql.DB) (outcome, error) {
	var o outcome
	var built bool
	err := db.QueryRowContext(ctx,
		"select count(*) > 0 from duckdb_views() where database_name = current_database() and schema_name = 'marts' and view_name = 'run'").Scan(&built)
	if err != nil {
		return o, fmt.Errorf("read marts: %w", err)
	}
	if !built {
		return o, errors.New("the working database has no figures yet: run vaultperf transform first, or vaultperf run")
	}
	var thresholds string
	const q = `
		select
			(select as_of::varchar from marts.run),
			(select count(*) from marts.vaults),
			(select count(*) from marts.vaults where price_points_count > 0),
			(select coalesce(sum(rows_set_aside), 0)::bigint from marts.imports),
			(select risk_free_rate from marts.run),
			(select min_total_assets from marts.run),
			(select json_group_object(threshold, {value: value, usual: default_value})::varchar from marts.thresholds)`
	if err := db.QueryRowContext(ctx, q).Scan(&o.AsOf, &o.Vaults, &o.Priced, &o.SetAside, &o.RiskFreeRate, &o.MinTotalAssets, &thresholds); err != nil {
		return o, fmt.Errorf("read marts: %w", err)
	}
	if err := json.Unmarshal([]byte(thresholds), &o.Thresholds); err != nil {
		return o, fmt.Errorf("read marts: %w", err)
	}
	o.NoReading, err = column(ctx, db,
		"select vault_id from marts.vaults where status = 'no_reading' order by config_position")
	return o, err
}

// conclude says what the outcome means for the exit code: no vault with a
// reading is a failure, because there is nothing to publish.
func (r *run) conclude(ctx context.Context, o outcome) error {
	if o.Priced == 0 {
		return r.nothingBy(ctx, o.AsOf)
	}
	if o.SetAside > 0 || len(o.NoReading) > 0 {
		r.app.code = exitIncomplete
	}
	return nil
}

// nothingBy explains why no vault has a price by the as-of day.
func (r *run) nothingBy(ctx context.Context, asOf string) error {
	const q = `
		select
			(
				select min(seen_at) from (
					select min(observed_at) as seen_at from staging.readings
					where share_price is not null or share_price_raw is not null or total_supply_raw is not null
					union all
					select min(observed_at) from intermediate.usd_readings
					union all
					select min(block_at) from staging.logs
				)
			),
			(select count(*) from staging.logs where block_at is null),
			(
				select arg_min('block ' || block_number || ' of chain ' || chain_id, (chain_id, block_number))
				from staging.logs where block_at is null
			),
			exists (select 1 from staging.files where kind = 'blocks' and state != 'absent')`
	var first sql.NullTime
	var timeless int64
	var block sql.NullString
	var hasBlocks bool
	if err := r.db.QueryRowContext(ctx, q).Scan(&first, &timeless, &block, &hasBlocks); err != nil {
		return fmt.Errorf("find first reading: %w", err)
	}
	switch {
	case !first.Valid && timeless > 0 && hasBlocks:
		return fmt.Errorf("no vault has a reading: none of %d logs has a block time: %s, the first, is in no file of block times", timeless, block.String)
	case !first.Valid && timeless > 0:
		return fmt.Errorf("no vault has a reading: none of %d logs has a block time, so want the archive's blocks in the config", timeless)
	case !first.Valid:
		return errors.New("no vault has a reading: want a price, or total assets and supply, of at least one configured vault")
	case first.Time.UTC().Format(time.DateOnly) > asOf:
		return fmt.Errorf("no vault has a reading by %s: the first is of %s, so want an as-of day from then on",
			asOf, first.Time.UTC().Format(time.RFC3339))
	}
	return fmt.Errorf("no vault has a price by %s, though there is data from %s on: the start rule leaves it out, its rows were set aside, or its logs hold no price",
		asOf, first.Time.UTC().Format(time.RFC3339))
}

// remark says why a run that is done is incomplete; empty where it is complete.
func (o outcome) remark() string {
	var parts []string
	if o.SetAside > 0 {
		were := "rows were"
		if o.SetAside == 1 {
			were = "row was"
		}
		parts = append(parts, fmt.Sprintf("%d %s set aside (select * from marts.import_reasons)", o.SetAside, were))
	}
	if len(o.NoReading) > 0 {
		shown := o.NoReading
		more := ""
		if len(shown) > 10 {
			shown, more = shown[:10], ", …"
		}
		parts = append(parts, fmt.Sprintf("%d of %d vaults have no reading (%s%s)",
			len(o.NoReading), o.Vaults, strings.Join(shown, ", "), more))
	}
	return strings.Join(parts, "; ")
}
