-- One row per vault and UTC day of which files have amounts: what it has in markets.
-- columns:
--   is_sure: each market comes once. As many bits as amounts prove that; where they do
--     not, intermediate.carried_sums has the day
--   allocated_raw: smallest units of the asset, of amounts that something converts
--   judged_raw: of these, in markets of known utilisation
--   stuck_raw: of these, in markets of full utilisation
--   valued_raw: of which the worth is known: what lies in markets whose collateral is
--     priced, of others the part that is not lent out
--   bad_debt_raw: that will not be paid, where it is estimated
--   worst_utilisation: of the markets it has something in
--   worst_key: utilisation_key of the market of it
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
    count(*) = bit_count(
        bit_or(1::hugeint << (amounts.market_number % 126)::integer)
    ) as is_sure,
    sum(assets_raw) as allocated_raw,
    sum(assets_raw) filter (utilisation is not null) as judged_raw,
    sum(assets_raw) filter (utilisation >= full_utilisation) as stuck_raw,
    sum((assets_raw * coalesce(valued_part, 0))::hugeint) as valued_raw,
    sum((assets_raw * lost_part)::hugeint) as bad_debt_raw,
    max(utilisation) filter (assets_raw > 0) as worst_utilisation,
    max(utilisation_key) filter (assets_raw > 0) as worst_key
from intermediate.allocation_amounts as amounts
cross join limits
left join intermediate.lending_days as markets
    on amounts.market_number = markets.market_number
    and amounts.fact_date = markets.fact_date
group by amounts.vault_number, amounts.fact_date
