-- One row per vault and calendar month (UTC) with a mark: how it begins and ends.
-- grain: vault_id, month
-- stored
select
    vault_id,
    date_trunc('month', price_date) as month,
    arg_max(share_price, observed_at) as close_price,
    arg_min(share_price, observed_at) as first_price,
    min(observed_at) as first_at,
    count(*) as marks_count,
    bool_or(is_inception) as has_inception
from intermediate.marks
group by all
