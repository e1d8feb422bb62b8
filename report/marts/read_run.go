package marts

import (
	"context"
	"database/sql"
)

func (r *reader) warnings(ctx context.Context) error {
	return r.each(ctx, `
select vault_id, warning, message, coalesce(rows, 0)::bigint
from marts.warnings
order by vault_id, warning, message`, func(rows *sql.Rows) error {
		var id string
		var w Warning
		if err := rows.Scan(&id, &w.Code, &w.Message, &w.Rows); err != nil {
			return err
		}
		if v := r.vaults[id]; v != nil {
			v.Warnings = append(v.Warnings, w)
		} else {
			r.data.Warnings = append(r.data.Warnings, w)
		}
		return nil
	})
}

func (r *reader) imports(ctx context.Context) error {
	return r.each(ctx, `
select path, kind, format, sha256, bytes::bigint, coalesce(note, ''), rows_read::bigint,
    rows_kept::bigint, rows_filtered::bigint, rows_set_aside::bigint,
    coalesce(rows_after_as_of, 0)::bigint
from marts.imports
where not (kind = 'readings' and state = 'absent') -- of earlier runs, and of no use to this
order by path`, func(rows *sql.Rows) error {
		var f Import
		err := rows.Scan(&f.Path, &f.Kind, &f.Format, &f.SHA256, &f.Bytes, &f.Note, &f.Read,
			&f.Kept, &f.Filtered, &f.SetAside, &f.After)
		r.data.Imports = append(r.data.Imports, f)
		return err
	})
}

func (r *reader) importReasons(ctx context.Context) error {
	return r.each(ctx, `
select path, reason, rows_set_aside::bigint, coalesce(first_line, 0)::bigint, coalesce(example, '')
from marts.import_reasons
order by path, reason`, func(rows *sql.Rows) error {
		var path string
		var s SetAside
		if err := rows.Scan(&path, &s.Reason, &s.Rows, &s.FirstLine, &s.Example); err != nil {
			return err
		}
		for i := range r.data.Imports {
			if r.data.Imports[i].Path == path {
				r.data.Imports[i].Reasons = append(r.data.Imports[i].Reasons, s)
			}
		}
		return nil
	})
}

func (r *reader) ineligibilities(ctx context.Context) error {
	return r.each(ctx, `
select vault_id, ineligible_reason, badge, meaning
from marts.ineligibilities
order by vault_id, reason_position`, func(rows *sql.Rows) error {
		var id string
		var reason Ineligible
		if err := rows.Scan(&id, &reason.Code, &reason.Badge, &reason.Meaning); err != nil {
			return err
		}
		if v := r.vaults[id]; v != nil {
			v.Ineligible = append(v.Ineligible, reason)
		}
		return nil
	})
}

func (r *reader) thresholds(ctx context.Context) error {
	r.data.Thresholds = map[string]float64{}
	return r.each(ctx, `select threshold, value from marts.thresholds`, func(rows *sql.Rows) error {
		var name string
		var value float64
		err := rows.Scan(&name, finite{&value})
		r.data.Thresholds[name] = value
		return err
	})
}

// backing reads the verdict of the as-of day, which every vault has.
func (r *reader) backing(ctx context.Context) error {
	var days, read int64
	err := r.each(ctx, `
select vault_id, verdict, reason, since::timestamptz, coalesce(last_verdict, ''), last_verdict_on::timestamptz, is_synchronous,
    claimed_assets, known_loss, known_loss_share, lost_assets, bad_debt, stuck_assets, stuck_share,
    valued_share, worst_utilisation, coalesce(worst_market, ''), oldest_request_days::double,
    coalesce(looked_at, ''), coalesce(not_looked_at, ''), (select count(*) from marts.backing)
from marts.backing
where day = (select as_of from marts.run)`, func(rows *sql.Rows) error {
		var id string
		var b Backing
		if err := rows.Scan(&id, &b.Verdict, &b.Reason, &b.Since, &b.LastVerdict, &b.LastVerdictOn, &b.IsSynchronous,
			orNull{&b.ClaimedAssets}, orNull{&b.KnownLoss}, orNull{&b.KnownLossShare}, orNull{&b.LostAssets}, orNull{&b.BadDebt},
			orNull{&b.StuckAssets}, orNull{&b.StuckShare},
			orNull{&b.ValuedShare}, orNull{&b.WorstUtilisation}, &b.WorstMarket, orNull{&b.OldestRequestDays},
			&b.LookedAt, &b.NotLookedAt, &days); err != nil {
			return err
		}
		read++
		r.hasFacts = r.hasFacts || b.LookedAt != ""
		if v := r.vaults[id]; v != nil {
			v.Backing = b
		}
		return nil
	})
	r.hasFacts = r.hasFacts || days > read
	if err != nil || !r.hasFacts {
		return err
	}
	return r.each(ctx, `
select vault_id, market, collateral
from marts.backing_markets
where day = (select as_of from marts.run) and collateral != ''`, func(rows *sql.Rows) error {
		var id, market, collateral string
		if err := rows.Scan(&id, &market, &collateral); err != nil {
			return err
		}
		if v := r.vaults[id]; v != nil && v.Backing.WorstMarket == market {
			v.Backing.WorstCollateral = collateral
		}
		return nil
	})
}
