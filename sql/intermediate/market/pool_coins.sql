-- One row per pool of a vault's shares: which of its coins is the share or the asset.
-- Coins come from the config, else from what a node read. A Uniswap pool orders its two
-- by address, so that the asset's address is enough.
-- grain: vault_id, address, pool_id
with

pools as (

    select * from staging.contracts where role = 'pool'

),

vaults as (

    select
        vault_id,
        address as share
    from staging.vaults

),

assets as (

    select
        vault_id,
        min(address) as asset
    from staging.contracts
    where role = 'asset'
    group by vault_id

),

coin_reads as (

    select
        chain_id,
        address,
        case field
            when 'token0' then 0
            when 'token1' then 1
            else try_cast(argument as integer)
        end as coin,
        lower(arg_max(text, block_number)) as token
    from staging.states
    where field in ('coins', 'token0', 'token1') and status = 'ok'
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

chosen as (

    select
        pools.vault_id,
        pools.address,
        pools.pool_id,
        pools.family,
        pools.name,
        vaults.share,
        assets.asset,
        coalesce(
            pools.coins,
            read_coins.coins,
            case
                when pools.family like 'uniswap%' and asset is not null
                    then list_sort([vaults.share, assets.asset])
            end
        ) as coins
    from pools
    inner join vaults using (vault_id)
    left join assets using (vault_id)
    left join read_coins
        on pools.chain_id = read_coins.chain_id and pools.address = read_coins.address

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
    -- the only other coin of a pool of two is taken for the asset where none is named
    case
        when asset is not null then list_position(coins, asset) - 1
        when len(coins) = 2 then 2 - list_position(coins, share)
    end as asset_coin
from chosen
