-- One row per vault, day of intermediate.carried_days and market: what counts.
-- It is the market's last amount of the day that has it.
-- grain: vault_number, fact_date, market_number
-- stored
select
    days.vault_number,
    days.fact_date,
    amounts.market_number,
    max(observed_at) as observed_at,
    max_by(
        struct_pack(assets_raw := assets_raw), (observed_at, row_position)
    ).assets_raw as assets_raw
from intermediate.carried_days as days
inner join intermediate.allocation_amounts as amounts
    on days.vault_number = amounts.vault_number
    and days.told_date = amounts.fact_date
group by all
