-- One row per vault with a mark: how far its record reaches and how full it is.
-- grain: vault_id
-- stored
select
    vault_id,
    min(observed_at) as first_at,
    max(observed_at) as last_at,
    coalesce(
        max(observed_at) filter (where share_price != previous_price), min(observed_at)
    ) as last_change_at,
    arg_min(share_price, observed_at) as first_price,
    arg_max(share_price, observed_at) as last_price,
    max(total_assets) as largest_total_assets,
    count(*) as marks_count,
    max(price_date) - min(price_date) + 1 as days_count,
    -- inception may share its day with that day's last price
    count(*) - count(*) filter (
        where mark_number = 2
            and price_date = make_timestamp(epoch_us(previous_at))::date
    ) as days_with_mark,
    max(elapsed_seconds) / 86400 as longest_gap_days
from intermediate.marks
group by vault_id
