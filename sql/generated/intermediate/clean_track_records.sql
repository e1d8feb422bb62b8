-- One row per vault with a price point: how far its record reaches and how full it is.
-- grain: vault_id
-- generated from intermediate.track_records by make golden
with

firsts as (

    select
        vault_number,
        observed_at as first_at,
        price_date as first_date,
        share_price as first_price
    from intermediate.clean_price_returns as price_returns
    where previous_at is null

),

seconds as (

    select
        vault_number,
        price_date as second_date
    from intermediate.clean_price_returns as price_returns
    where point_number = 2

),

lasts as (

    select
        vault_number,
        observed_at as last_at,
        price_date as last_date,
        share_price as last_price,
        point_number as price_points_count
    from intermediate.clean_price_returns as price_returns
    where next_at is null

),

extremes as (

    select
        vault_number,
        max(observed_at) filter (where share_price != previous_price) as changed_at,
        max(total_assets) as largest_total_assets,
        max(elapsed_seconds) as longest_gap_seconds
    from intermediate.clean_price_returns as price_returns
    group by vault_number

)

select
    vault_id,
    vault_number,
    first_at,
    last_at,
    coalesce(changed_at, first_at) as last_change_at,
    first_price,
    last_price,
    largest_total_assets,
    price_points_count,
    last_date - first_date + 1 as days_count,
    -- inception may share its day with that day's last price
    price_points_count - case when second_date = first_date then 1 else 0 end
        as days_with_price,
    longest_gap_seconds / 86400 as longest_gap_days
from staging.vaults
inner join firsts using (vault_number)
inner join lasts using (vault_number)
inner join extremes using (vault_number)
left join seconds using (vault_number)
