-- One row per vault and calendar month (UTC) with a price: how it begins and ends.
-- grain: vault_id, month
-- generated from intermediate.month_closes by make golden
with

closes as (

    select
        vault_number,
        date_trunc('month', price_date) as month,
        max_by(share_price, point_number) as close_price,
        any_value(share_price) filter (where is_inception) as first_price,
        min(observed_at) as first_at,
        max(observed_at) as last_at,
        count(*) as price_points_count,
        bool_or(is_inception) as has_inception
    from intermediate.clean_price_returns as price_returns
    group by all

)

select
    vault_id,
    month,
    close_price,
    first_price,
    first_at,
    last_at,
    price_points_count,
    has_inception
from closes
inner join staging.vaults using (vault_number)
