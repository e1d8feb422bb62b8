-- One row per trade in a pool of a vault's shares: coins and exact amounts.
-- Amounts are what the trader gave (sold) and was given (bought). A Uniswap V3 pool's
-- signs are the pool's, a V4 manager's the trader's; so amounts are taken without sign,
-- and one that is zero or goes the same way as the other is no trade. ratio_after is
-- the pool's price after the trade, raw token 1 for token 0: of V2 that of the
-- reserves, which it logs just before, of V3 and V4 the event's. fee is the part of
-- what was sold that the pool kept, where the event has it.
-- grain: vault_id, address, pool_id, log_position
with

events as (

    select *
    from staging.contract_events
    where role = 'pool' and event in ('TokenExchange', 'Swap')

),

reserves as (

    select
        vault_id,
        address,
        pool_id,
        log_position + 1 as log_position,
        (arguments->>'reserve0')::double as reserve0,
        (arguments->>'reserve1')::double as reserve1
    from staging.contract_events
    where role = 'pool' and event = 'Sync'

),

curve as (

    select
        *,
        (arguments->>'sold_id')::integer as sold_coin,
        (arguments->>'bought_id')::integer as bought_coin,
        (arguments->>'tokens_sold')::bignum as sold_raw,
        (arguments->>'tokens_bought')::bignum as bought_raw,
        null::double as ratio_after,
        -- an amount of what was bought, which is less by it
        (arguments->>'fee')::double as fee_raw,
        fee_raw / (bought_raw::double + fee_raw) as fee
    from events
    where family = 'curve'

),

-- a flash swap moves one coin both ways: what counts is the difference
pairs as (

    select
        *,
        (arguments->>'amount0In')::bignum - (arguments->>'amount0Out')::bignum
            as amount0,
        (arguments->>'amount1In')::bignum - (arguments->>'amount1Out')::bignum
            as amount1,
        reserve1 / nullif(reserve0, 0) as ratio_after,
        null::double as fee
    from events
    left join reserves using (vault_id, address, pool_id, log_position)
    where family = 'uniswap_v2'

),

ranges as (

    select
        *,
        case family when 'uniswap_v4' then 0::bignum - amount0 else amount0 end
            as pool0,
        case family when 'uniswap_v4' then 0::bignum - amount1 else amount1 end
            as pool1,
        ((arguments->>'sqrtPriceX96')::double / 2::double ^ 96) ^ 2 as ratio_after,
        (arguments->>'fee')::double / 1e6 as fee
    from (
        select
            *,
            (arguments->>'amount0')::bignum as amount0,
            (arguments->>'amount1')::bignum as amount1
        from events
        where family in ('uniswap_v3', 'uniswap_v4')
    )

),

signed as (

    select
        * exclude (amount0, amount1, ratio_after, fee, reserve0, reserve1),
        amount0,
        amount1,
        ratio_after,
        fee
    from pairs
    union all
    select
        * exclude (amount0, amount1, pool0, pool1, ratio_after, fee),
        pool0,
        pool1,
        ratio_after,
        fee
    from ranges

),

uniswap as (

    select
        * exclude (amount0, amount1, ratio_after, fee),
        if(amount0 > 0::bignum, 0, 1) as sold_coin,
        if(amount0 > 0::bignum, 1, 0) as bought_coin,
        if(amount0 > 0::bignum, amount0, amount1) as sold_raw,
        0::bignum - if(amount0 > 0::bignum, amount1, amount0) as bought_raw,
        ratio_after,
        fee
    from signed

),

swaps as (

    select * exclude (fee_raw) from curve
    union all
    select * from uniswap

)

select
    vault_id,
    address,
    pool_id,
    family,
    name,
    log_position,
    block_number,
    block_at,
    transaction_hash,
    sold_coin,
    bought_coin,
    sold_raw,
    bought_raw,
    ratio_after,
    fee
from swaps
where sold_raw > 0::bignum and bought_raw > 0::bignum
