-- One row per event that moves a vault's assets to or from a venue, or values them.
-- basis says what is known: books, where the vault itself keeps the amount (Yearn,
-- Morpho V2); shares, where the venue's shares tell what was left at the price of the
-- move; flows, where only what went in and out is known, so that gains are not. Amounts
-- are exact and in raw units of the asset: value after the event (books), what moved
-- (positive: into the venue; null where shares alone did), by how much it changed what
-- is there (flows), gain (books), shares moved (shares). price is what a raw share is
-- worth in raw assets, where the event tells it; of a vault of the Euler Vault Kit each
-- day's last status does, without a move.
-- grain: vault_id, venue, market, log_position
-- stored
with

accounts as (

    select * from intermediate.asset_accounts

),

assets as (

    select * from intermediate.vault_assets

),

families as (

    select * from staging.families

),

tokens as (

    select * from intermediate.market_tokens

),

-- an adapter's positions are in the vault's own books
adapters as (

    select distinct
        vault_id,
        adapter
    from intermediate.morpho_v2_adapter_changes

),

records as (

    select
        records.*,
        coalesce(
            records.token,
            if(records.side = 'collateral', tokens.collateral_token, tokens.token)
        ) as moved_token
    from intermediate.market_records as records
    left join tokens
        on records.vault_id = tokens.vault_id
        and records.address = tokens.address
        and records.market = tokens.market
    where side != 'debt'

),

-- only what is of the vault's asset adds up with it
known as (

    select records.*
    from records
    semi join assets
        on records.vault_id = assets.vault_id and moved_token = asset
    anti join adapters
        on records.vault_id = adapters.vault_id and account = adapter

),

-- a pool's token that is followed too tells of the same
repeated as (

    select distinct
        vault_id,
        transaction_hash,
        account
    from known
    where family = 'aave_token'

),

trades as (

    select
        known.vault_id,
        log_position,
        any_value(block_at) as block_at,
        known.address as venue,
        market,
        sum(moved_raw) as moved_raw,
        sum(amount_raw) as change_raw,
        sum(shares_raw) as shares_raw
    from known
    left join repeated using (vault_id, transaction_hash, account)
    where repeated.vault_id is null or family not in ('aave_v2', 'aave_v3')
    group by known.vault_id, log_position, known.address, market

),

-- a venue without such events is followed by the asset's transfers
silent_venues as (

    select
        vault_id,
        address as venue
    from staging.contracts
    inner join families using (family)
    where role = 'venue' and owner_argument is null
        and market is null and family != 'aave_token'

),

transfers as (

    select
        vault_id,
        log_position,
        block_at,
        arguments->>'from' as sender,
        arguments->>'to' as receiver,
        (arguments->>'value')::bignum as assets_raw
    from staging.contract_events
    where role = 'asset' and event = 'Transfer'

),

sent as (

    select
        transfers.vault_id,
        log_position,
        block_at,
        venue,
        if(receiver = venue, 1, -1) as direction,
        assets_raw
    from transfers
    inner join silent_venues
        on transfers.vault_id = silent_venues.vault_id
        and venue in (sender, receiver)
    inner join accounts
        on transfers.vault_id = accounts.vault_id
        and account in (sender, receiver)
        and account != venue

)

select
    vault_id,
    log_position,
    block_at,
    strategy as venue,
    '' as market,
    'books' as basis,
    value_raw,
    moved_raw,
    null::bignum as change_raw,
    gain_raw,
    null::bignum as shares_raw,
    null::double as price
from intermediate.yearn_strategy_debts

union all

select
    vault_id,
    log_position,
    block_at,
    adapter,
    '',
    'books',
    value_raw,
    moved_raw,
    null,
    gain_raw,
    null,
    null
from intermediate.morpho_v2_adapter_changes

union all

select
    vault_id,
    log_position,
    block_at,
    venue,
    market,
    if(shares_raw is null, 'flows', 'shares'),
    null,
    moved_raw,
    change_raw,
    null,
    shares_raw,
    moved_raw::double / nullif(shares_raw::double, 0)
from trades

union all

select
    vault_id,
    log_position,
    block_at,
    venue,
    '',
    'shares',
    null,
    0::bignum,
    0::bignum,
    null,
    0::bignum,
    price
from intermediate.evk_venue_prices
semi join trades using (vault_id, venue)

union all

select
    vault_id,
    log_position,
    block_at,
    venue,
    '',
    'flows',
    null,
    if(direction > 0, assets_raw, 0::bignum - assets_raw),
    if(direction > 0, assets_raw, 0::bignum - assets_raw),
    null,
    null,
    null
from sent
