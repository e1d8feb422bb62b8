package marts

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Weeks is how many weekly closes are read of a vault that has a page.
const Weeks = 160

// WeekEnd is the last day of a week, of which 0 is the oldest and Weeks - 1 the newest.
// Weeks end on the weekday of the as-of day, so that the newest close is as new as the
// prices are and no week is a part of one.
func (d *Data) WeekEnd(week int) time.Time {
	return d.AsOf.AddDate(0, 0, -7*(Weeks-1-week))
}

// closes reads the last price of each week of the vaults that have a page.
func (r *reader) closes(ctx context.Context) error {
	places, ids := r.paged()
	if len(ids) == 0 {
		return nil
	}
	query := fmt.Sprintf(`
select vault_id, %[1]d - 1 - (as_of - price_date) // 7, arg_max(share_price, observed_at)
from marts.share_prices
cross join (select as_of from marts.run)
where as_of - price_date between 0 and %[1]d * 7 - 1 and vault_id in (%[2]s)
group by all`, Weeks, places)
	return r.each(ctx, query, func(rows *sql.Rows) error {
		var id string
		var week int
		var price float64
		if err := rows.Scan(&id, &week, finite{&price}); err != nil {
			return err
		}
		if v := r.vaults[id]; v != nil {
			if v.Closes == nil {
				v.Closes = make([]*float64, Weeks)
			}
			v.Closes[week] = &price
		}
		return nil
	}, ids...)
}

// places reads each vault's place by the headline Sharpe ratio since inception.
func (r *reader) places(ctx context.Context) error {
	return r.each(ctx, `
select vault_id, place::bigint, ranked_count::bigint, deflated_sharpe
from marts.rankings
where period = 'itd' and ranking = 'headline_sharpe'`, func(rows *sql.Rows) error {
		var id string
		var place *int64
		var ranked int64
		var deflated *float64
		if err := rows.Scan(&id, &place, &ranked, orNull{&deflated}); err != nil {
			return err
		}
		r.data.RankedCount = ranked
		if v := r.vaults[id]; v != nil {
			v.Place, v.DeflatedSharpe = place, deflated
		}
		return nil
	})
}
