-- One row per moment at which readings of a vault give different prices.
-- Prices that agree to 1e-9 are no conflict: the last of them stands.
-- grain: vault_id, observed_at
select
    vault_id,
    observed_at
from intermediate.reading_prices
group by all
having count(*) > 1 and max(share_price) - min(share_price) > 1e-9 * max(share_price)
