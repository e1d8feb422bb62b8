package marts

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Read reads everything a report shows, the listings as they are asked for. Only
// the maxPages vaults with the most assets that have a reading get HasPage, and
// with it their series and listings.
func Read(ctx context.Context, db *sql.DB, maxPages int, listings []Listing) (*Data, error) {
	d := &Data{}
	r := &reader{db: db, data: d, vaults: map[string]*Vault{}}
	for _, step := range []struct {
		name string
		read func(context.Context) error
	}{
		{"run", r.run},
		{"vaults", r.allVaults},
		{"metric_definitions", r.metrics},
		{"column_definitions", r.columns},
		{"reasons", r.reasons},
		{"performance", r.performance},
		{"performance_reasons", r.performanceReasons},
		{"warnings", r.warnings},
		{"ineligibilities", r.ineligibilities},
		{"thresholds", r.thresholds},
		{"backing", r.backing},
		{"imports", r.imports},
		{"import_reasons", r.importReasons},
		{"sparklines", r.sparks},
		{"rankings", r.places},
	} {
		if err := step.read(ctx); err != nil {
			return nil, fmt.Errorf("read marts.%s: %w", step.name, err)
		}
	}
	giveSlugs(d.Vaults)
	choosePages(d.Vaults, maxPages)
	if err := r.series(ctx); err != nil {
		return nil, err
	}
	if err := r.closes(ctx); err != nil {
		return nil, fmt.Errorf("read weekly closes of marts.share_prices: %w", err)
	}
	if err := r.listings(ctx, listings); err != nil {
		return nil, err
	}
	return d, nil
}

// choosePages marks the vaults that get a page: the n with the most assets, a
// vault of unknown assets after all others, the config's order between equals.
func choosePages(vaults []*Vault, n int) {
	var candidates []*Vault
	for _, v := range vaults {
		if v.PricesCount > 0 {
			candidates = append(candidates, v)
		}
	}
	assets := func(v *Vault) float64 {
		if v.TotalAssets == nil {
			return -1
		}
		return *v.TotalAssets
	}
	slices.SortStableFunc(candidates, func(a, b *Vault) int {
		switch x, y := assets(a), assets(b); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return a.Position - b.Position
	})
	for _, v := range candidates[:min(max(n, 0), len(candidates))] {
		v.HasPage = true
	}
}

// A reader fills data from the marts.
type reader struct {
	db     *sql.DB
	data   *Data
	vaults map[string]*Vault

	hasFacts bool // something is known of what stands behind a price, on any day
}

// each runs a query and hands its rows to scan one by one.
func (r *reader) each(ctx context.Context, query string, scan func(*sql.Rows) error, args ...any) (err error) {
	rows, err := r.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (r *reader) run(ctx context.Context) error {
	d := r.data
	return r.db.QueryRowContext(ctx,
		`select as_of, until_at, risk_free_rate, coalesce(risk_free_series, ''), min_total_assets from marts.run`,
	).Scan(&d.AsOf, &d.Until, orNull{&d.RiskFreeRate}, &d.RiskFreeSeries, orNull{&d.MinTotalAssets})
}

func (r *reader) allVaults(ctx context.Context) error {
	return r.each(ctx, `
select vault_id, config_position::integer, chain_id::bigint, address, name, coalesce(label, family), asset_symbol,
    asset_decimals::integer, share_decimals::integer, coalesce(safe, ''), coalesce(source_note, ''),
    status, is_flat, first_at, last_at, last_change_at, share_price, total_assets,
    block_number::bigint, readings_count::bigint, price_points_count::bigint, days_count::bigint,
    days_with_price::bigint, coverage, longest_gap_days::double, largest_total_assets,
    start_rule_applied, lost_assets, lost_share, coalesce(paused, ''), paused_since, cooldown_days, waiting_shares,
    coalesce(inexact_points, 0)::bigint
from marts.vaults
left join (select family, label from marts.families) using (family)
left join (select vault_id, inexact_points from marts.quality) using (vault_id)
order by config_position`, func(rows *sql.Rows) error {
		v := &Vault{}
		r.data.Vaults = append(r.data.Vaults, v)
		err := rows.Scan(&v.ID, &v.Position, &v.ChainID, &v.Address, &v.Name, &v.Family, &v.AssetSymbol,
			&v.AssetDecimals, &v.ShareDecimals, &v.Safe, &v.SourceNote,
			&v.Status, &v.IsFlat, &v.FirstAt, &v.LastAt, &v.LastChangeAt, orNull{&v.SharePrice}, orNull{&v.TotalAssets},
			&v.BlockNumber, &v.ReadingsCount, &v.PricesCount, &v.DaysCount,
			&v.DaysWithPrice, orNull{&v.Coverage}, orNull{&v.LongestGapDays}, orNull{&v.LargestTotalAssets},
			&v.StartRuleApplied, orNull{&v.LostAssets}, orNull{&v.LostShare}, &v.Paused, &v.PausedSince,
			orNull{&v.CooldownDays}, orNull{&v.WaitingShares}, &v.InexactPoints)
		r.vaults[v.ID] = v
		return err
	})
}

func (r *reader) metrics(ctx context.Context) error {
	return r.each(ctx, `
select metric, label, metric_group, definition, formula, unit, source, null_when
from marts.metric_definitions
order by position, metric`, func(rows *sql.Rows) error {
		var m Metric
		err := rows.Scan(&m.Name, &m.Label, &m.Group, &m.Definition, &m.Formula, &m.Unit, &m.Source, &m.NullWhen)
		r.data.Metrics = append(r.data.Metrics, m)
		return err
	})
}

func (r *reader) columns(ctx context.Context) error {
	r.data.Columns = map[string]Definition{}
	return r.each(ctx, `
select mart, column_name, definition, unit, sql_file
from marts.column_definitions
where unit != ''`, func(rows *sql.Rows) error {
		var mart, column string
		var d Definition
		err := rows.Scan(&mart, &column, &d.Text, &d.Unit, &d.File)
		r.data.Columns[mart+"."+column] = d
		return err
	})
}

func (r *reader) reasons(ctx context.Context) error {
	return r.each(ctx, `select reason, meaning from marts.reasons order by reason`, func(rows *sql.Rows) error {
		var reason Reason
		err := rows.Scan(&reason.Code, &reason.Meaning)
		r.data.Reasons = append(r.data.Reasons, reason)
		return err
	})
}

// performance reads one column for each defined metric, so that a new metric
// needs no change here.
func (r *reader) performance(ctx context.Context) error {
	var columns strings.Builder
	for _, m := range r.data.Metrics {
		fmt.Fprintf(&columns, `, "%s"::double`, strings.ReplaceAll(m.Name, `"`, `""`))
	}
	query := `
select vault_id, period, start_at, end_at, elapsed_days::double, is_partial, returns_count::bigint` + columns.String() + `
from marts.performance
order by vault_id, period_position`
	return r.each(ctx, query, func(rows *sql.Rows) error {
		var id string
		p := Period{Values: make(map[string]Value, len(r.data.Metrics))}
		numbers := make([]*float64, len(r.data.Metrics))
		into := []any{&id, &p.Period, &p.StartAt, &p.EndAt, orNull{&p.ElapsedDays}, &p.IsPartial, &p.ReturnsCount}
		for i := range numbers {
			into = append(into, orNull{&numbers[i]})
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, m := range r.data.Metrics {
			p.Values[m.Name] = Value{Number: numbers[i]}
		}
		if v := r.vaults[id]; v != nil {
			v.Periods = append(v.Periods, p)
		}
		return nil
	})
}

func (r *reader) performanceReasons(ctx context.Context) error {
	return r.each(ctx, `select vault_id, period, metric, reason from marts.performance_reasons`, func(rows *sql.Rows) error {
		var id, period, metric, reason string
		if err := rows.Scan(&id, &period, &metric, &reason); err != nil {
			return err
		}
		v := r.vaults[id]
		if v == nil {
			return nil
		}
		if p := v.Period(period); p != nil {
			p.Values[metric] = Value{Reason: reason}
		}
		return nil
	})
}

// sparks reads the last price of each fortieth of every vault's life.
func (r *reader) sparks(ctx context.Context) error {
	return r.each(ctx, `
select vault_id, max(observed_at), arg_max(share_price, observed_at)
from marts.share_prices
inner join (
    select vault_id, epoch(first_at) as begins, epoch(last_at) - epoch(first_at) as life
    from marts.vaults
) using (vault_id)
group by vault_id, floor(39 * (epoch(observed_at) - begins) / nullif(life, 0))
order by vault_id, max(observed_at)`, func(rows *sql.Rows) error {
		var id string
		var s Spark
		if err := rows.Scan(&id, &s.At, finite{&s.SharePrice}); err != nil {
			return err
		}
		if v := r.vaults[id]; v != nil {
			v.Spark = append(v.Spark, s)
		}
		return nil
	})
}
