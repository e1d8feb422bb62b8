-- One row per vault, UTC day and market or venue in which a file says it has something.
-- It is the last of the day or, for as many days as facts count, of the last day before
-- that the files have of the vault: what a later day does not name any more is gone.
-- US dollars are converted by what the vault's asset cost on the day of the amount.
-- columns:
--   assets: units of the asset; null where nothing converts them
--   collateral: token against which the market lends, as it is told
--   utilisation: the market's, as intermediate.lending_days; null: no state is known
--   lost_part: part of it that will not be paid; null: not estimated
-- grain: vault_id, fact_date, market
-- stored
with

limits as (

    select * from intermediate.fact_limits

),

vaults as (

    select * from staging.vaults

),

lasts as (

    select
        vault_id,
        fact_date,
        market,
        max(observed_at) as observed_at,
        max_by(
            struct_pack(assets := assets, assets_usd := assets_usd),
            (observed_at, row_position)
        ) as amount
    from staging.allocations
    where fact_date <= (select as_of from limits)
    group by all

),

dates as (

    select
        vault_id,
        fact_date,
        lead(fact_date - 1) over (
            partition by vault_id order by fact_date
        ) as before_next
    from lasts
    group by vault_id, fact_date

),

spans as (

    select
        vault_id,
        fact_date as told_date,
        unnest(
            range(
                fact_date,
                least(fact_date + fact_days, as_of, before_next) + 1,
                interval 1 day
            )
        )::date as fact_date
    from dates
    cross join limits

),

amounts as (

    select
        spans.vault_id,
        spans.fact_date,
        lasts.market,
        lasts.observed_at,
        vaults.chain_id,
        coalesce(
            lasts.amount.assets::double / 10::double ^ vaults.asset_decimals,
            lasts.amount.assets_usd / dollars.asset_price,
            if(lasts.amount.assets_usd = 0, 0, null) -- at any price
        ) as assets
    from spans
    inner join lasts
        on spans.vault_id = lasts.vault_id and spans.told_date = lasts.fact_date
    inner join vaults on spans.vault_id = vaults.vault_id
    left join intermediate.asset_dollars as dollars
        on spans.vault_id = dollars.vault_id and spans.told_date = dollars.price_date

)

select
    amounts.vault_id,
    amounts.fact_date,
    amounts.market,
    amounts.observed_at,
    amounts.assets,
    markets.collateral,
    markets.utilisation,
    markets.lost_part
from amounts
left join intermediate.lending_days as markets
    on amounts.chain_id = markets.chain_id
    and amounts.market = markets.market
    and amounts.fact_date = markets.fact_date
