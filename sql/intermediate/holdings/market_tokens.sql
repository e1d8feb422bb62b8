-- One row per market or venue of a vault whose token is known.
-- It is told by the contract, or by the config, or seen, where an amount of the vault's
-- asset moved to or from an account with an event of just that amount.
-- grain: vault_id, address, market
-- stored
with

contracts as (

    select
        vault_id,
        chain_id,
        address,
        any_value(coins[1]) as coin
    from staging.contracts
    where role in ('venue', 'lending')
    group by vault_id, chain_id, address

),

told as (

    select
        vault_id,
        address,
        argument as market,
        arg_max(text, block_number) filter (
            field in (
                'market.baseToken', 'market.underlying', 'market.asset',
                'market.UNDERLYING_ASSET_ADDRESS', 'market.loanToken'
            )
        ) as token,
        arg_max(text, block_number) filter (
            field = 'market.collateralToken'
        ) as collateral_token
    from staging.states
    inner join contracts using (chain_id, address)
    where status = 'ok' and field in (
        'market.baseToken', 'market.underlying', 'market.asset',
        'market.UNDERLYING_ASSET_ADDRESS', 'market.loanToken', 'market.collateralToken'
    )
    group by vault_id, address, argument

),

configured as (

    select
        vault_id,
        address,
        '' as market,
        coin as token
    from contracts
    where coin is not null

),

transfers as (

    select
        vault_id,
        address as asset,
        transaction_hash,
        arguments->>'from' as sender,
        arguments->>'to' as receiver,
        (arguments->>'value')::bignum as size_raw
    from staging.contract_events
    where role = 'asset' and event = 'Transfer'

),

-- Compound V3's own events tell what moved, its mints and burns what is left of it
moved as (

    select
        vault_id,
        address,
        market,
        transaction_hash,
        side,
        account,
        amount_raw
    from intermediate.market_records
    where token is null

    union all

    select
        events.vault_id,
        events.address,
        '' as market,
        events.transaction_hash,
        'supply' as side,
        accounts.account,
        (events.arguments->>'amount')::bignum as amount_raw
    from staging.contract_events as events
    inner join intermediate.asset_accounts as accounts
        on events.vault_id = accounts.vault_id
        and accounts.account in (
            events.arguments->>'dst', events.arguments->>'src'
        )
    where events.family = 'compound_v3' and events.event in ('Supply', 'Withdraw')

),

-- one token may not be lent against itself, so that one side tells of one token
seen as (

    select
        records.vault_id,
        records.address,
        records.market,
        any_value(asset) filter (side != 'collateral') as token,
        any_value(asset) filter (side = 'collateral') as collateral_token
    from moved as records
    inner join transfers
        on records.vault_id = transfers.vault_id
        and records.transaction_hash = transfers.transaction_hash
        and records.account in (sender, receiver)
    where transfers.size_raw > 0::bignum
        and (
            records.amount_raw = transfers.size_raw
            or records.amount_raw = 0::bignum - transfers.size_raw
        )
    group by records.vault_id, records.address, records.market

),

known as (

    select
        vault_id,
        address,
        market,
        1 as rank,
        token,
        collateral_token
    from told

    union all

    select
        vault_id,
        address,
        market,
        2 as rank,
        token,
        null as collateral_token
    from configured

    union all

    select
        vault_id,
        address,
        market,
        3 as rank,
        token,
        collateral_token
    from seen

)

select
    vault_id,
    address,
    market,
    arg_min(token, rank) as token,
    arg_min(collateral_token, rank) as collateral_token
from known
group by vault_id, address, market
