-- One row per vault and UTC day: what it has in markets, in units of the asset.
-- An amount is the last of the day or, for as many days as facts count, of the last day
-- before that the files have of the vault: what a later day does not name any more is
-- gone. Columns are those of intermediate.allocation_sums.
-- grain: vault_number, fact_date
with

units as (

    select
        vault_number,
        10::double ^ asset_decimals as unit
    from staging.vaults

),

days as (

    select
        vault_number,
        fact_date,
        told_at,
        allocated_raw,
        judged_raw,
        stuck_raw,
        valued_raw,
        bad_debt_raw,
        worst_utilisation,
        worst_key
    from intermediate.allocation_sums
    where is_sure
    union all
    select
        vault_number,
        fact_date,
        told_at,
        allocated_raw,
        judged_raw,
        stuck_raw,
        valued_raw,
        bad_debt_raw,
        worst_utilisation,
        worst_key
    from intermediate.carried_sums

)

select
    vault_number,
    fact_date,
    told_at,
    allocated_raw / unit as allocated_assets,
    judged_raw / unit as judged_assets,
    if(judged_raw is not null, coalesce(stuck_raw, 0), null) / unit as stuck_assets,
    valued_raw / unit as valued_assets,
    bad_debt_raw / unit as bad_debt,
    worst_utilisation,
    worst_key % 1_000_000_000 as worst_market_number
from days
inner join units using (vault_number)
where allocated_raw is not null
