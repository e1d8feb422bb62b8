-- One row per log that shows that another is missing: which, and how.
-- mint_without_event: of a vault whose logs tell what each mint is for, or the asset
-- came in with it. burn_without_event: the same of burns. event_without_transfer: a
-- deposit or withdrawal, a stated fee or a redistribution, whose shares were never
-- minted or burned.
-- gap_in_deposits, gap_in_redemptions: Lagoon numbers settlements of deposits 1, 3, 5
-- and so on, of redemptions 2, 4, 6; the one before this is not there. Numbers of
-- requests may have gaps. A gap that a mint or burn shows already is not told twice.
-- gap_in_rates: a Veda accountant's post states another rate before it than the last.
-- settlement_without_valuation: each settles at one that the same transaction logs.
-- An archive that begins mid-life is known by its supply, not by its first settlement.
-- None where a node proved that the logs are all there.
-- grain: vault_id, log_position, trace
-- stored
with

vaults as (

    select
        vault_id,
        address,
        flow_source,
        tells_every_mint
    from staging.vaults
    inner join staging.families using (family)
    where flow_source != 'transfers'
        and vault_id not in (select vault_id from intermediate.proved_histories)

),

-- a vault that locks profit mints and burns its own shares without an event
changes as (

    select
        transfers.vault_id,
        transfers.log_position,
        transfers.block_number,
        transfers.transaction_hash,
        tells_every_mint,
        sender,
        receiver = vaults.address as is_own,
        case when is_mint then shares_raw else 0::bignum - shares_raw end as change_raw,
        row_number() over (
            partition by
                transfers.vault_id, transfers.transaction_hash, is_mint, shares_raw
            order by transfers.log_position
        ) as copy
    from intermediate.share_transfers as transfers
    inner join vaults using (vault_id)
    where is_mint != is_burn
        and (
            vaults.flow_source = 'settlements'
            or vaults.address not in (sender, receiver)
        )

),

flows as (

    select
        vault_id,
        log_position as flow_position,
        block_number as flow_block,
        transaction_hash,
        shares_raw as change_raw,
        row_number() over (
            partition by vault_id, transaction_hash, shares_raw order by log_position
        ) as copy
    from intermediate.flows
    where shares_raw != 0::bignum

),

paired as (

    select *
    from changes
    full join flows using (vault_id, transaction_hash, change_raw, copy)

),

redistributed as (

    select
        vault_id,
        transaction_hash,
        seized as sender,
        0::bignum - shares_raw as change_raw
    from intermediate.redistributions

    union all

    select
        vault_id,
        transaction_hash,
        holder,
        0::bignum - shares_raw
    from intermediate.veda_unpaid_moves
    where not is_mint and partner is null

),

assets as (

    select * from intermediate.unexplained_assets

),

burns as (

    select
        paired.vault_id,
        log_position,
        block_number
    from paired
    anti join redistributed using (vault_id, transaction_hash, sender, change_raw)
    left join assets using (vault_id, transaction_hash)
    where flow_position is null and change_raw < 0::bignum
        and (tells_every_mint or coalesce(surplus_raw < 0::bignum, false))

),

-- only the vault itself is minted what nobody else gets
own_mints as (

    select
        vault_id,
        log_position,
        block_number
    from paired
    where flow_position is null and change_raw > 0::bignum and is_own

),

unfounded_flows as (

    select
        paired.vault_id,
        flow_position as log_position,
        flow_block as block_number
    from paired
    inner join vaults using (vault_id)
    where log_position is null and vaults.tells_every_mint

),

stated_mints as (

    select
        vault_id,
        statement_position as log_position,
        statement_part as part
    from intermediate.undeposited_mints
    where statement_position is not null

),

-- a part of a fee is worth no share where it has fewer raw units than one raw share
-- costs, or twice that, as two divisions round down. Yearn, which alone states assets,
-- has shares of its asset's decimals: 1,000 units buy one as long as a share is worth
-- less than 500 of the asset.
reports as (

    select
        vault_id,
        log_position,
        any_value(block_number) as block_number,
        count(*) as parts_count
    from intermediate.stated_fees
    where assets_raw >= 1000::bignum and is_protocol is not null
    group by vault_id, log_position

),

report_mints as (

    select
        vault_id,
        log_position,
        count(*) as mints_count
    from stated_mints
    where part is null
    group by vault_id, log_position

),

-- of which share_transfers makes one transfer of two
moves as (

    select
        vault_id,
        log_position,
        block_number,
        transaction_hash,
        seized as sender,
        given as receiver,
        shares_raw
    from intermediate.redistributions
    where given is not null

    union all

    select
        vault_id,
        log_position,
        block_number,
        transaction_hash,
        if(is_mint, '0x0000000000000000000000000000000000000000', holder),
        if(is_mint, holder, '0x0000000000000000000000000000000000000000'),
        shares_raw
    from intermediate.veda_unpaid_moves
    where partner is null

),

unfounded as (

    select
        stated.vault_id,
        stated.log_position,
        stated.block_number
    from intermediate.stated_fees as stated
    anti join stated_mints using (vault_id, log_position, part)
    where stated.shares_raw is not null

    union

    select
        reports.vault_id,
        reports.log_position,
        reports.block_number
    from reports
    left join report_mints using (vault_id, log_position)
    where coalesce(mints_count, 0) < parts_count

    union

    select
        moves.vault_id,
        moves.log_position,
        moves.block_number
    from moves
    anti join intermediate.share_transfers as transfers
        using (vault_id, transaction_hash, sender, receiver, shares_raw)

),

openings as (

    select
        vault_id,
        true as is_whole
    from intermediate.lagoon_openings

),

legs as (

    select
        events.vault_id,
        log_position,
        block_number,
        transaction_hash,
        event = 'SettleDeposit' as is_deposit,
        (arguments->>'settledId')::bigint as settled_id,
        lag(settled_id) over by_kind as previous_settled_id,
        coalesce(
            previous_settled_id,
            case when is_whole and is_deposit then -1 when is_whole then 0 end
        ) as previous_id,
        coalesce(lag(log_position) over by_kind, 0) as previous_position
    from intermediate.vault_events as events
    left join openings using (vault_id)
    where event in ('SettleDeposit', 'SettleRedeem')
    window by_kind as (partition by events.vault_id, event order by log_position)

),

valuations as (

    select distinct
        vault_id,
        transaction_hash
    from intermediate.vault_events
    where event = 'TotalAssetsUpdated'

),

gaps as (

    select
        *,
        (settled_id - previous_id) // 2 - 1 as missing_count
    from legs
    where settled_id > previous_id + 2

),

unsettled as (

    select
        *,
        true as is_deposit
    from own_mints

    union all

    select
        *,
        false
    from burns

),

-- what a burn or a mint shows already is no second trace
unseen_gaps as (

    select
        gaps.vault_id,
        gaps.log_position,
        gaps.block_number,
        gaps.is_deposit
    from gaps
    left join unsettled
        on gaps.vault_id = unsettled.vault_id
        and gaps.is_deposit = unsettled.is_deposit
        and unsettled.log_position between gaps.previous_position
        and gaps.log_position
    group by
        gaps.vault_id,
        gaps.log_position,
        gaps.block_number,
        gaps.is_deposit,
        gaps.missing_count
    having count(unsettled.vault_id) < gaps.missing_count

),

traces as (

    select
        vault_id,
        log_position,
        block_number,
        'mint_without_event' as trace
    from intermediate.undeposited_mints
    where is_log_missing

    union all

    select
        *,
        'mint_without_event'
    from own_mints

    union all

    select
        *,
        'burn_without_event'
    from burns

    union all

    select
        *,
        'event_without_transfer'
    from unfounded_flows

    union all

    select
        *,
        'event_without_transfer'
    from unfounded

    union all

    select
        vault_id,
        log_position,
        block_number,
        if(is_deposit, 'gap_in_deposits', 'gap_in_redemptions')
    from unseen_gaps

    union all

    select
        vault_id,
        log_position,
        block_number,
        'settlement_without_valuation'
    from legs
    anti join valuations using (vault_id, transaction_hash)

    union all

    select
        vault_id,
        log_position,
        block_number,
        'gap_in_rates'
    from intermediate.veda_rates
    where is_after_gap

    union all

    select
        vault_id,
        log_position,
        log_position // 1_000_000,
        if(kind = 'transfer_missing', 'event_without_transfer', 'burn_without_event')
    from intermediate.flow_gaps
    where kind in ('transfer_missing', 'event_missing')

)

select distinct
    vault_id,
    log_position,
    block_number,
    trace
from traces
semi join vaults using (vault_id)
