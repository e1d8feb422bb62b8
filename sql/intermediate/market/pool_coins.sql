-- One row per pool of a vault's shares: its coins, which is the share, and its fee.
-- Coins are what the pool answers, or the log of its beginning names, or else the
-- config; nothing is taken for a coin that nobody names. The asset is what the vault
-- answers, or else the config's. is_apart: the config names other coins than the pool
-- does. fee is the part of what is sold that the pool keeps, where the pool has one for
-- all trades: a fraction, as read last; a pair of Uniswap V2 has it in its code.
-- grain: vault_id, address, pool_id
-- stored where rows are few
with

pools as (

    select * from staging.contracts where role = 'pool'

),

vaults as (

    select
        vault_id,
        chain_id,
        address as share
    from staging.vaults

),

states as (

    select * from staging.states where status = 'ok'

),

coin_reads as (

    select
        chain_id,
        address,
        case field
            when 'token0' then 0
            when 'token1' then 1
            -- the number, and the type that the pool takes it in
            else try_cast(split_part(argument, ' ', 1) as integer)
        end as coin,
        lower(arg_max(text, block_number)) as token
    from states
    where field in ('coins', 'token0', 'token1')
    group by all

),

read_coins as (

    select
        chain_id,
        address,
        list(token order by coin) as coins
    from coin_reads
    where coin is not null
    group by all
    -- without a gap
    having max(coin) + 1 = count(*)

),

logged_coins as (

    select
        vault_id,
        address,
        pool_id,
        [any_value(arguments->>'currency0'), any_value(arguments->>'currency1')]
            as coins
    from staging.contract_events
    where role = 'pool' and event = 'Initialize' and pool_id != ''
    group by vault_id, address, pool_id

),

fees as (

    select
        chain_id,
        address,
        arg_max(value, block_number)::double as fee_raw
    from states
    where field = 'fee'
    group by chain_id, address

),

chosen as (

    select
        pools.vault_id,
        pools.address,
        pools.pool_id,
        pools.family,
        pools.name,
        vaults.share,
        assets.asset,
        coalesce(read_coins.coins, logged_coins.coins, pools.coins) as coins,
        coalesce(pools.coins != coalesce(read_coins.coins, logged_coins.coins), false)
            as is_apart,
        case pools.family
            when 'uniswap_v2' then 0.003
            when 'uniswap_v3' then fee_raw / 1e6
            when 'curve' then fee_raw / 1e10
        end as fee
    from pools
    inner join vaults using (vault_id)
    left join intermediate.vault_assets as assets using (vault_id)
    left join logged_coins using (vault_id, address, pool_id)
    left join read_coins
        on pools.chain_id = read_coins.chain_id and pools.address = read_coins.address
    left join fees
        on pools.chain_id = fees.chain_id and pools.address = fees.address

)

select
    vault_id,
    address,
    pool_id,
    family,
    name,
    asset,
    coins,
    list_position(coins, share) - 1 as share_coin,
    list_position(coins, asset) - 1 as asset_coin,
    is_apart,
    fee
from chosen
