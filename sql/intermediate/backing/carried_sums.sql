-- One row per vault and UTC day of intermediate.carried_days: what it has in markets.
-- Of each market the last amount of the day that has it counts. Columns are those of
-- intermediate.allocation_sums.
-- grain: vault_number, fact_date
-- stored
with

limits as (

    select * from intermediate.fact_limits

),

lasts as (

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

)

select
    lasts.vault_number,
    lasts.fact_date,
    max(lasts.observed_at) as told_at,
    sum(assets_raw) as allocated_raw,
    sum(assets_raw) filter (utilisation is not null) as judged_raw,
    sum(assets_raw) filter (utilisation >= full_utilisation) as stuck_raw,
    sum((assets_raw * coalesce(valued_part, 0))::hugeint) as valued_raw,
    sum((assets_raw * lost_part)::hugeint) as bad_debt_raw,
    max(utilisation) filter (assets_raw > 0) as worst_utilisation,
    max(utilisation_key) filter (assets_raw > 0) as worst_key
from lasts
cross join limits
left join intermediate.lending_days as markets
    on lasts.market_number = markets.market_number
    and lasts.fact_date = markets.fact_date
group by lasts.vault_number, lasts.fact_date
