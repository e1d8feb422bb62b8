-- One row per amount that a vault had in a market, in raw units of the vault's asset.
-- US dollars are converted by what the asset cost on the day of the amount. Integers
-- come to the same sum in whatever order they are added.
-- columns:
--   assets_raw: null where nothing converts it; and of 1e33 units and more, which no
--     token has, and the sum of which might be out of range
-- grain: file_id, line
with

amounts as (

    select
        allocations.file_id,
        allocations.line,
        allocations.row_position,
        vaults.vault_number,
        markets.market_number,
        allocations.fact_date,
        allocations.observed_at,
        coalesce(
            allocations.assets::double,
            allocations.assets_usd / dollars.asset_price
                * 10::double ^ vaults.asset_decimals,
            if(allocations.assets_usd = 0, 0, null) -- at any price
        ) as amount
    from staging.allocations as allocations
    inner join staging.vaults as vaults using (vault_id)
    inner join intermediate.lending_markets as markets
        on vaults.chain_id = markets.chain_id and allocations.market = markets.market
    left join intermediate.asset_dollars as dollars
        on allocations.vault_id = dollars.vault_id
        and allocations.fact_date = dollars.price_date
    where allocations.fact_date <= (select as_of from intermediate.fact_limits)

)

select
    file_id,
    line,
    row_position,
    vault_number,
    market_number,
    fact_date,
    observed_at,
    case when abs(amount) < 1e33 then amount::hugeint end as assets_raw
from amounts
