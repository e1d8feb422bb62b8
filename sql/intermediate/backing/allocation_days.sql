-- One row per vault and UTC day: what a vault has in markets, by what is known of them.
-- An amount is the last of the day or, for as many days as facts count, of the last day
-- before that the files have of the vault: what a later day does not name any more is
-- gone. Nearly all days have each market once, and need no search for the last amount:
-- as many bits as amounts prove that.
-- columns:
--   allocated_assets: units of the asset, of those amounts that something converts
--   judged_assets: of these, in markets of known utilisation
--   stuck_assets: of these, in markets of full utilisation
--   valued_assets: of which the worth is known: what lies in markets whose collateral
--     is priced, of others the part that is not lent out
--   bad_debt: that will not be paid, where it is estimated
--   worst_utilisation, worst_market_number: of the markets it has something in
-- grain: vault_number, fact_date
-- stored
with

limits as (

    select * from intermediate.fact_limits

),

-- of each day on its own
told as (

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

),

dates as (

    select
        vault_number,
        fact_date,
        is_sure,
        lead(fact_date) over (
            partition by vault_number order by fact_date
        ) as next_date
    from told

),

spans as (

    select
        vault_number,
        fact_date as told_date,
        unnest(
            range(
                fact_date + is_sure::integer,
                least(fact_date + fact_days, as_of, next_date - 1) + 1,
                interval 1 day
            )
        )::date as fact_date
    from dates
    cross join limits
    where not is_sure or coalesce(next_date > fact_date + 1, true)

),

lasts as (

    select
        spans.vault_number,
        spans.fact_date,
        amounts.market_number,
        max(observed_at) as observed_at,
        max_by(
            struct_pack(assets_raw := assets_raw), (observed_at, row_position)
        ).assets_raw as assets_raw
    from intermediate.allocation_amounts as amounts
    inner join spans
        on amounts.vault_number = spans.vault_number
        and amounts.fact_date = spans.told_date
    group by all

),

carried as (

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

),

days as (

    select * exclude (is_sure)
    from told
    where is_sure
    union all by name
    select * from carried

)

select
    vault_number,
    fact_date,
    told_at,
    allocated_raw / 10::double ^ asset_decimals as allocated_assets,
    judged_raw / 10::double ^ asset_decimals as judged_assets,
    case
        when judged_raw is not null
            then coalesce(stuck_raw, 0) / 10::double ^ asset_decimals
    end as stuck_assets,
    valued_raw / 10::double ^ asset_decimals as valued_assets,
    bad_debt_raw / 10::double ^ asset_decimals as bad_debt,
    worst_utilisation,
    (worst_key % 1_000_000_000)::bigint as worst_market_number
from days
inner join staging.vaults using (vault_number)
where allocated_raw is not null
