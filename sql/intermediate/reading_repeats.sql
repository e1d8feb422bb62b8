-- One row per moment at which a vault has several readings: whether they agree.
-- Prices that agree to 1e-9 do, and the last of them stands.
-- grain: vault_id, observed_at
-- stored
with

prices as (

    select
        vault_id,
        observed_at,
        share_price,
        reading_position
    from intermediate.reading_prices

)

select
    vault_id,
    observed_at,
    max(reading_position) as last_position,
    max(share_price) - min(share_price) > 1e-9 * max(share_price) as is_conflict
from prices
group by vault_id, observed_at
having count(*) > 1
