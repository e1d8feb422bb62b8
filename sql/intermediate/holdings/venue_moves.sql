-- One row per event that moves a vault's assets to or from a venue, or values them.
-- basis says what is known: books, where the vault itself keeps the amount (Yearn,
-- Morpho V2); shares, where the venue's shares tell what was left at the price of the
-- move; flows, where only what went in and out is known, so that gains are not.
-- Amounts are exact and in raw units of the asset: value after the event (books), what
-- moved (positive: into the venue), gain (books), shares moved (shares).
-- grain: vault_id, venue, market, log_position
-- stored
with

accounts as (

    select * from intermediate.asset_accounts

),

assets as (

    select
        vault_id,
        address as asset
    from staging.contracts
    where role = 'asset'

),

families as (

    select
        family,
        owner_argument,
        has_sub_accounts
    from staging.families

),

-- a market to borrow from may be supplied to
venue_events as (

    select distinct on (vault_id, log_position) *
    from staging.contract_events
    where role in ('venue', 'lending') and event in ('Deposit', 'Withdraw', 'Supply')
    order by vault_id, log_position, role

),

held as (

    select
        *,
        case
            when event = 'Deposit' or event = 'Supply' then 1
            when event = 'Withdraw' then -1
        end as direction,
        case
            when family = 'morpho_blue' then arguments->>'onBehalf'
            when family = 'aave_v3'
                then if(
                    event = 'Supply', arguments->>'onBehalfOf', arguments->>'user'
                )
            when family = 'compound_v3'
                then if(event = 'Supply', arguments->>'dst', arguments->>'src')
            else arguments->>owner_argument
        end as holder
    from venue_events
    inner join families using (family)

),

-- Aave's pool holds many reserves: only the vault's asset is of its kind
trades as (

    select
        held.vault_id,
        held.log_position,
        held.block_at,
        held.address as venue,
        case when held.family = 'morpho_blue' then arguments->>'id' else '' end
            as market,
        direction,
        coalesce(arguments->>'assets', arguments->>'amount')::bignum as assets_raw,
        (arguments->>'shares')::bignum as shares_raw
    from held
    inner join accounts
        on held.vault_id = accounts.vault_id
        and held.holder[:40] = accounts.account_key
        and (held.holder = accounts.account or held.has_sub_accounts)
    left join assets on held.vault_id = assets.vault_id
    where direction is not null
        and (
            held.family != 'aave_v3' or asset is null
            or (arguments->>'reserve') = asset
        )

),

-- a venue without such events is followed by the asset's transfers
silent_venues as (

    select
        vault_id,
        address as venue
    from staging.contracts
    inner join families using (family)
    where role = 'venue' and owner_argument is null
        and family not in ('morpho_blue', 'aave_v3', 'compound_v3')

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
    gain_raw,
    null::bignum as shares_raw
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
    if(direction > 0, assets_raw, 0::bignum - assets_raw),
    if(direction > 0, change_raw - assets_raw, change_raw + assets_raw),
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
    if(direction > 0, assets_raw, 0::bignum - assets_raw),
    null,
    if(direction > 0, shares_raw, 0::bignum - shares_raw)
from trades

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
    null,
    null
from sent
