package marts

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// series reads the long tables, for the vaults that have a page.
func (r *reader) series(ctx context.Context) error {
	for _, step := range []struct {
		name string
		read func(*sql.Rows) error
		text string
	}{
		{"share_prices", r.price, `
select vault_id, observed_at, price_date, share_price, total_assets, total_supply,
    coalesce(total_assets_raw, ''), coalesce(total_supply_raw, ''), block_number::bigint,
    is_inception, source, is_inexact, previous_at, elapsed_seconds, simple_return, drawdown
from marts.share_prices
left join (
    select vault_id, observed_at, previous_at, elapsed_seconds::double as elapsed_seconds,
        simple_return, drawdown
    from marts.returns
) using (vault_id, observed_at)
where vault_id in (%s)
order by vault_id, observed_at`},
		{"drawdowns", r.drawdown, `
select vault_id, episode::integer, depth, peak_at, first_below_at, trough_at, recovery_at,
    peak_price, trough_price, days_to_trough::double, days_to_recovery::double, days::double, is_open
from marts.drawdowns
where vault_id in (%s)
order by vault_id, episode`},
		{"monthly_returns", r.month, `
select vault_id, month, total_return, coalesce(reason, ''), is_partial, spans_gap
from marts.monthly_returns
where vault_id in (%s)
order by vault_id, month`},
		{"annual_returns", r.year, `
select vault_id, year::integer, total_return, coalesce(reason, ''), is_partial, spans_gap
from marts.annual_returns
where vault_id in (%s)
order by vault_id, year`},
		{"rolling", r.rolling, `
select vault_id, observed_at, days::integer, apy, coalesce(reason, '')
from marts.rolling
where days = 30 and vault_id in (%s)
order by vault_id, days, observed_at`},
	} {
		places, ids := r.paged()
		if len(ids) == 0 {
			return nil
		}
		if err := r.each(ctx, fmt.Sprintf(step.text, places), step.read, ids...); err != nil {
			return fmt.Errorf("read marts.%s: %w", step.name, err)
		}
	}
	return nil
}

// paged lists the vaults that have a page, as the query's parameters.
func (r *reader) paged() (string, []any) {
	var ids []any
	for _, v := range r.data.Vaults {
		if v.HasPage {
			ids = append(ids, v.ID)
		}
	}
	return strings.TrimSuffix(strings.Repeat("?,", len(ids)), ","), ids
}

func (r *reader) price(rows *sql.Rows) error {
	var id string
	var p PricePoint
	err := rows.Scan(&id, &p.At, &p.Date, finite{&p.SharePrice}, orNull{&p.TotalAssets}, orNull{&p.TotalSupply},
		&p.TotalAssetsRaw, &p.TotalSupplyRaw, &p.BlockNumber,
		&p.IsInception, &p.Source, &p.IsInexact, &p.PreviousAt, orNull{&p.ElapsedSeconds}, orNull{&p.Return}, orNull{&p.Drawdown})
	if v := r.vaults[id]; v != nil {
		v.Prices = append(v.Prices, p)
	}
	return err
}

func (r *reader) drawdown(rows *sql.Rows) error {
	var id string
	var e Drawdown
	err := rows.Scan(&id, &e.Episode, finite{&e.Depth}, &e.PeakAt, &e.FirstBelowAt, &e.TroughAt, &e.RecoveryAt,
		finite{&e.PeakPrice}, finite{&e.TroughPrice}, finite{&e.DaysToTrough}, orNull{&e.DaysToRecover}, finite{&e.Days}, &e.IsOpen)
	if v := r.vaults[id]; v != nil {
		v.Drawdowns = append(v.Drawdowns, e)
	}
	return err
}

func (r *reader) month(rows *sql.Rows) error {
	var id string
	var m Month
	err := rows.Scan(&id, &m.Month, orNull{&m.Return}, &m.Reason, &m.IsPartial, &m.SpansGap)
	if v := r.vaults[id]; v != nil {
		v.Months = append(v.Months, m)
	}
	return err
}

func (r *reader) year(rows *sql.Rows) error {
	var id string
	var y Year
	err := rows.Scan(&id, &y.Year, orNull{&y.Return}, &y.Reason, &y.IsPartial, &y.SpansGap)
	if v := r.vaults[id]; v != nil {
		v.Years = append(v.Years, y)
	}
	return err
}

func (r *reader) rolling(rows *sql.Rows) error {
	var id string
	var p Rolling
	err := rows.Scan(&id, &p.At, &p.Days, orNull{&p.APY}, &p.Reason)
	if v := r.vaults[id]; v != nil {
		v.Rolling = append(v.Rolling, p)
	}
	return err
}
