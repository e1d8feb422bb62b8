-- One row per vault, day and market or venue in which it had something.
-- The rows are the evidence of marts.backing: where the assets lie, and what comes out.
-- A fact counts for fact_days of marts.thresholds after its day.
-- grain: vault_id, day, market
-- view
-- units:
--   asset: assets
--   fraction: share_of_assets, utilisation, lost_part
-- columns:
--   vault_id: the vault's id in the config
--   day: the UTC day, of whose end the row is
--   market: the market or venue, as its files name it
--   collateral: the token against which the market lends, as it is told
--   assets: what the vault has there, in units of the asset; null where nothing
--     converts it
--   share_of_assets: assets / claimed_assets of marts.backing
--   utilisation: part of the market that is lent out; null: its state is not known
--   is_stuck: whether nothing comes out of it, since it is lent out in full; null: its
--     state is not known
--   lost_part: part of it that will not be paid, at least; null: not estimated
--   told_at: the last moment at which the vault's assets in it were told
with

vaults as (

    select * from staging.vaults

),

amounts as (

    select
        amounts.vault_number,
        amounts.fact_date,
        amounts.market_number,
        amounts.observed_at,
        amounts.assets_raw
    from intermediate.allocation_amounts as amounts
    inner join intermediate.allocation_sums as sums
        on amounts.vault_number = sums.vault_number
        and amounts.fact_date = sums.fact_date
    where is_sure
    union all
    select
        vault_number,
        fact_date,
        market_number,
        observed_at,
        assets_raw
    from intermediate.carried_amounts

),

collaterals as (

    select
        market_number,
        arg_max(collateral, observed_at) as collateral
    from staging.markets as states
    inner join intermediate.lending_markets as markets
        on states.market = markets.market
        and coalesce(states.chain_id, markets.chain_id) = markets.chain_id
    group by market_number

)

select
    vaults.vault_id,
    amounts.fact_date as day,
    markets.market,
    coalesce(collateral, '') as collateral,
    assets_raw / 10::double ^ vaults.asset_decimals as assets,
    assets_raw / 10::double ^ vaults.asset_decimals
        / nullif(claimed_assets, 0) as share_of_assets,
    lending.utilisation,
    lending.utilisation >= full_utilisation as is_stuck,
    lost_part,
    amounts.observed_at as told_at
from amounts
cross join intermediate.fact_limits
inner join vaults using (vault_number)
inner join intermediate.lending_markets as markets using (market_number)
left join collaterals using (market_number)
left join intermediate.lending_days as lending
    on amounts.market_number = lending.market_number
    and amounts.fact_date = lending.fact_date
left join intermediate.backing_verdicts as days
    on vaults.vault_id = days.vault_id and amounts.fact_date = days.day
