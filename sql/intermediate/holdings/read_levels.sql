-- One row per block at which what a vault has in a market, or owes it, was read.
-- In the vault's own asset, of all its accounts: what was read of some alone is no
-- level. What an adapter of Morpho V2 has in a market is not counted again as its
-- account's, nor in a strategy what a Yearn vault's own books say.
-- log_position comes after all logs of the block, as the block's state does.
-- grain: vault_id, address, market, side, block_number
-- stored
with

assets as (

    select * from intermediate.vault_assets

),

adapters as (

    select distinct
        vault_id,
        adapter
    from intermediate.morpho_v2_adapter_changes

),

readings as (

    select readings.*
    from intermediate.position_readings as readings
    semi join assets
        on readings.vault_id = assets.vault_id and readings.token = assets.asset
    where is_day and side in ('supply', 'collateral', 'debt')

),

own_readings as (

    select * from readings where side = 'debt'

    union all

    select *
    from readings
    anti join adapters
        on readings.vault_id = adapters.vault_id
        and readings.account = adapters.adapter
        and readings.address != adapters.adapter
    anti join intermediate.yearn_strategy_debts as books
        on readings.vault_id = books.vault_id and readings.address = books.strategy
    where side != 'debt'

),

accounts as (

    select
        vault_id,
        address,
        market,
        side,
        count(distinct account) as accounts
    from own_readings
    group by vault_id, address, market, side

)

select
    vault_id,
    address,
    market,
    side,
    block_number,
    block_number * 1_000_000 + 999_999 as log_position,
    any_value(block_at) as block_at,
    sum(amount_raw) as amount_raw
from own_readings
inner join accounts using (vault_id, address, market, side)
group by vault_id, address, market, side, block_number
having count(*) = any_value(accounts)
