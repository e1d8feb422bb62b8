-- One row per block at which what a vault has in a venue was read of all its accounts.
-- Of an adapter of Morpho V2 it is what it answers, as long as the vault has it.
-- grain: vault_id, venue, market, log_position
-- stored
with

changes as (

    select
        vault_id,
        log_position,
        adapter,
        is_removed
    from intermediate.morpho_v2_adapter_changes

),

levels as (

    select
        vault_id,
        address as venue,
        market,
        log_position,
        any_value(block_at) as block_at,
        sum(amount_raw) as value_raw
    from intermediate.read_levels
    where side != 'debt'
    group by vault_id, address, market, log_position

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
