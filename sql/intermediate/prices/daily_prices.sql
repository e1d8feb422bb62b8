-- One row per price point of a vault: its inception, or the last price of a UTC day.
-- A day's price point comes from the most trusted source that day.
-- The vault is known by its number alone, because a million ids take long to sort.
-- grain: vault_number, observed_at
select
    vault_number,
    observed_at,
    price_date,
    source_rank,
    share_price,
    total_assets,
    block_number,
    is_inexact
from intermediate.price_observations
inner join intermediate.inceptions using (vault_number)
left join intermediate.multi_price_days using (vault_number, price_date)
left join intermediate.day_closes using (vault_number, observed_at, source_rank)
where observed_at >= started_at
    and (multi_price_days.vault_number is null or day_closes.vault_number is not null)
