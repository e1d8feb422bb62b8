-- A mark with a negative price.
select
    vault_id,
    observed_at,
    share_price
from marts.share_prices
where not share_price >= 0
