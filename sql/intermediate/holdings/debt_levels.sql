-- One row per moment at which it is known what a vault owes a market in its own asset.
-- Read, it is what the market answered of all accounts; in between the sum of what was
-- borrowed and repaid since, not less than zero, from where it starts again: interest
-- makes the last repayment larger than the debt that events tell of.
-- formula: b + sum - min(0, least b + sum so far), b the debt last read
-- changed_raw: what was borrowed (positive) or repaid by events of the moment
-- grain: vault_id, venue, market, log_position
-- stored
with

assets as (

    select * from intermediate.vault_assets

),

events as (

    select
        vault_id,
        address,
        market,
        log_position,
        any_value(block_at) as block_at,
        sum(amount_raw) as amount_raw
    from intermediate.debt_events
    semi join assets
        on debt_events.vault_id = assets.vault_id and debt_events.token = assets.asset
    group by vault_id, address, market, log_position

),

moments as (

    select
        vault_id,
        address,
        market,
        log_position,
        block_at,
        false as is_read,
        amount_raw
    from events

    union all

    select
        vault_id,
        address,
        market,
        log_position,
        block_at,
        true as is_read,
        amount_raw
    from intermediate.read_levels
    where side = 'debt'

),

numbered as (

    select
        *,
        count(*) filter (is_read) over (
            partition by vault_id, address, market order by log_position
        ) as readings_so_far
    from moments

),

summed as (

    select
        *,
        sum(amount_raw) over (
            partition by vault_id, address, market, readings_so_far
            order by log_position
        ) as sum_raw
    from numbered

),

lowest as (

    select
        *,
        min(sum_raw) over (
            partition by vault_id, address, market, readings_so_far
            order by log_position
        ) as lowest_raw
    from summed

)

select
    vault_id,
    address as venue,
    market,
    log_position,
    block_at,
    is_read,
    case when is_read then 0::bignum else amount_raw end as changed_raw,
    sum_raw - least(lowest_raw, 0::bignum) as debt_raw
from lowest
