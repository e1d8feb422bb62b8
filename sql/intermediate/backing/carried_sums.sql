-- One row per vault and UTC day of intermediate.carried_days: what it has in markets.
-- Columns are those of intermediate.allocation_sums.
-- grain: vault_number, fact_date
-- stored
with

limits as (

    select * from intermediate.fact_limits

)

select
    amounts.vault_number,
    amounts.fact_date,
    max(amounts.observed_at) as told_at,
    sum(assets_raw) as allocated_raw,
    sum(assets_raw) filter (utilisation is not null) as judged_raw,
    sum(assets_raw) filter (utilisation >= full_utilisation) as stuck_raw,
    sum((assets_raw * coalesce(valued_part, 0))::hugeint) as valued_raw,
    sum((assets_raw * lost_part)::hugeint) as bad_debt_raw,
    max(utilisation) filter (assets_raw > 0) as worst_utilisation,
    max(utilisation_key) filter (assets_raw > 0) as worst_key
from intermediate.carried_amounts as amounts
cross join limits
left join intermediate.lending_days as markets
    on amounts.market_number = markets.market_number
    and amounts.fact_date = markets.fact_date
group by amounts.vault_number, amounts.fact_date
