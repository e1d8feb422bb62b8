-- One row per event that moves a vault's assets to or from a venue, or values them.
-- basis says what is known: books, where the vault itself keeps the amount (Yearn,
-- Morpho V2); shares, where the venue's shares tell what was left at the price of the
-- move; flows, where only what went in and out is known, so that gains are not.
-- Amounts are exact and in raw units of the asset: value after the event (books), what
-- moved (positive: into the venue), gain (books), shares moved (shares).
-- grain: vault_id, venue, market, log_position
with

run as (

    select * from staging.run

),

vaults as (

    select
        vault_id,
        family as vault_family
    from staging.vaults

),

accounts as (

    select * from intermediate.own_accounts

),

assets as (

    select
        vault_id,
        address as asset
    from staging.contracts
    where role = 'asset'

),

own_events as (

    select
        events.*,
        vault_family
    from staging.events as events
    inner join vaults using (vault_id)
    where event in (
        'DebtUpdated', 'StrategyReported', 'WithdrawFromStrategy', 'StrategyMigrated',
        'Allocate', 'Deallocate'
    )
        and block_at < (select until_at from run)

),

yearn as (

    select
        vault_id,
        log_position,
        block_at,
        coalesce(arguments->>'strategy', arguments->>'oldVersion') as venue,
        case event
            when 'DebtUpdated' then (arguments->>'new_debt')::bignum
            when 'StrategyMigrated' then 0::bignum
            else coalesce(arguments->>'current_debt', arguments->>'totalDebt')::bignum
        end as value_raw,
        case event
            when 'DebtUpdated'
                then (arguments->>'new_debt')::bignum
                    - (arguments->>'current_debt')::bignum
            when 'StrategyReported'
                then coalesce(arguments->>'debtAdded', '0')::bignum
                    - coalesce(arguments->>'debtPaid', '0')::bignum
        end as moved_raw,
        case event
            when 'StrategyReported'
                then (arguments->>'gain')::bignum - (arguments->>'loss')::bignum
            when 'WithdrawFromStrategy' then 0::bignum - (arguments->>'loss')::bignum
            else 0::bignum
        end as gain_raw
    from own_events
    where vault_family in ('yearn_v2', 'yearn_v3')

),

morpho as (

    select
        vault_id,
        log_position,
        block_at,
        arguments->>'adapter' as venue,
        sum((arguments->>'change')::bignum) over (
            partition by vault_id, arguments->>'adapter' order by log_position
        ) as value_raw,
        if(event = 'Allocate', 1, -1) as direction,
        (arguments->>'assets')::bignum as assets_raw,
        (arguments->>'change')::bignum as change_raw
    from own_events
    where vault_family = 'morpho_v2'

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
            when family in (
                'erc4626', 'yearn_v3', 'metamorpho', 'morpho_v2', 'euler_earn', 'evk',
                'susde', 'susds', 'sdai', 'fluid_token'
            )
                then arguments->>'owner'
        end as holder
    from venue_events

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
        and (held.holder = accounts.account or held.family = 'evk')
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
    where role = 'venue' and family not in (
        'morpho_blue', 'aave_v3', 'compound_v3', 'erc4626', 'yearn_v3', 'metamorpho',
        'morpho_v2', 'euler_earn', 'evk', 'susde', 'susds', 'sdai', 'fluid_token'
    )

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
    venue,
    '' as market,
    'books' as basis,
    value_raw,
    moved_raw,
    gain_raw,
    null::bignum as shares_raw
from yearn

union all

select
    vault_id,
    log_position,
    block_at,
    venue,
    '',
    'books',
    value_raw,
    if(direction > 0, assets_raw, 0::bignum - assets_raw),
    if(direction > 0, change_raw - assets_raw, change_raw + assets_raw),
    null
from morpho

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
