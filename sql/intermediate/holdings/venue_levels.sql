-- One row per block at which what a vault has in a venue was read of all its accounts.
-- Of an adapter of Morpho V2 it is what the adapter answers, as long as the vault has
-- it: what the adapter has in a market is not counted again as its account's. What a
-- Yearn vault has in a strategy is what its own books say until the next report.
-- grain: vault_id, venue, market, log_position
-- stored
with

assets as (

    select * from intermediate.vault_assets

),

changes as (

    select
        vault_id,
        log_position,
        adapter,
        is_removed
    from intermediate.morpho_v2_adapter_changes

),

adapters as (

    select distinct
        vault_id,
        adapter
    from changes

),

readings as (

    select readings.*
    from intermediate.position_readings as readings
    semi join assets
        on readings.vault_id = assets.vault_id and readings.token = assets.asset
    anti join adapters
        on readings.vault_id = adapters.vault_id
        and readings.account = adapters.adapter
        and readings.address != adapters.adapter
    anti join intermediate.yearn_strategy_debts as books
        on readings.vault_id = books.vault_id and readings.address = books.strategy
    where side in ('supply', 'collateral') and is_day

),

accounts as (

    select
        vault_id,
        address,
        market,
        side,
        count(distinct account) as accounts
    from readings
    group by vault_id, address, market, side

),

sides as (

    select
        vault_id,
        address,
        market,
        side,
        block_number,
        any_value(block_at) as block_at,
        sum(amount_raw) as value_raw
    from readings
    inner join accounts using (vault_id, address, market, side)
    group by vault_id, address, market, side, block_number
    having count(*) = any_value(accounts)

),

-- a block's state is after all its logs
levels as (

    select
        vault_id,
        address as venue,
        market,
        block_number * 1_000_000 + 999_999 as log_position,
        any_value(block_at) as block_at,
        sum(value_raw) as value_raw
    from sides
    group by vault_id, address, market, block_number

),

-- a market in which a vault never had anything is no place of its assets
used as (

    select distinct
        vault_id,
        venue,
        market
    from levels
    where value_raw > 0::bignum

    union

    select distinct
        vault_id,
        venue,
        market
    from intermediate.venue_moves

)

select
    levels.vault_id,
    levels.venue,
    levels.market,
    levels.log_position,
    levels.block_at,
    case when changes.is_removed then 0::bignum else levels.value_raw end as value_raw
from levels
semi join used
    on levels.vault_id = used.vault_id
    and levels.venue = used.venue
    and levels.market = used.market
asof left join changes
    on levels.vault_id = changes.vault_id
    and levels.venue = changes.adapter
    and levels.log_position >= changes.log_position
