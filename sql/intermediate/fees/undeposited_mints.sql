-- One row per mint of shares that no deposit asked for: a fee, or one unexplained.
-- Lagoon: all mints but those to the vault and of synchronous deposits. ERC-7540: none,
-- as its logs do not tell which mints are deposits. All others: mints without a Deposit
-- of the same shares to the same owner that brought assets, or an event that says that
-- they come from elsewhere. Mints to the vault itself
-- pay nobody, but in Yearn V2, which sends them on as fees.
-- A mint is a fee where an event of the vault states it, where it is made for a Lagoon
-- valuation before anything is settled at it, and where the contract or the config
-- names its receiver. The kind of all others is unexplained.
-- Of a fee stated in assets, the mint whose part of the shares is nearest to the
-- protocol's part of the assets is the protocol's.
-- is_log_missing: the vault's logs tell what each mint is for, and this one's does not;
-- or the asset came in with it. Not where a node proved that the logs are all there.
-- grain: vault_id, log_position
-- stored
with

vaults as (

    select
        vault_id,
        tells_every_mint,
        mints_fees_to_itself
    from staging.vaults
    inner join staging.families using (family)

),

mints as (

    select
        transfers.*,
        receiver = address as is_to_itself
    from intermediate.share_transfers as transfers
    inner join vaults using (vault_id)
    where is_mint and not is_burn and flow_source != 'transfers'
        and (receiver != address or mints_fees_to_itself)

),

deposits as (

    select
        vault_id,
        log_position,
        transaction_hash,
        holder as receiver,
        shares_raw
    from intermediate.flows
    where is_deposit and holder is not null and assets_raw is distinct from 0::bignum

    union all

    select
        vault_id,
        log_position,
        transaction_hash,
        holder,
        shares_raw
    from intermediate.veda_unpaid_moves
    where is_mint

),

numbered as (

    select
        * exclude (log_position),
        row_number() over (
            partition by vault_id, transaction_hash, receiver, shares_raw
            order by log_position
        ) as copy
    from deposits

),

undeposited as (

    select * exclude (copy)
    from mints
    anti join numbered using (vault_id, transaction_hash, receiver, shares_raw, copy)

),

stated as (

    select * from intermediate.stated_fees

),

parts as (

    select
        vault_id,
        transaction_hash,
        shares_raw,
        log_position as statement_position,
        part as statement_part,
        kind as stated_kind,
        purpose,
        is_protocol,
        rate,
        row_number() over (
            partition by vault_id, transaction_hash, shares_raw
            order by log_position, part
        ) as copy
    from stated
    where shares_raw is not null

),

reports as (

    select
        vault_id,
        transaction_hash,
        log_position as report_position,
        case
            when bool_and(purpose is not null)
                then coalesce(
                    sum(assets_raw) filter (purpose = 'management'), 0::bignum
                )::double / sum(assets_raw)::double
        end as reported_management,
        case
            when bool_and(is_protocol is not null)
                then coalesce(sum(assets_raw) filter (is_protocol), 0::bignum)::double
                    / sum(assets_raw)::double
        end as protocol_share
    from stated
    where assets_raw is not null
    group by all

),

stated_mints as (

    select
        vault_id,
        transaction_hash,
        shares_raw,
        log_position,
        row_number() over (
            partition by vault_id, transaction_hash, shares_raw order by log_position
        ) as copy
    from undeposited
    semi join parts using (vault_id, transaction_hash, shares_raw)

),

statements as (

    select
        vault_id,
        log_position,
        parts.* exclude (vault_id, transaction_hash, shares_raw, copy)
    from stated_mints
    inner join parts using (vault_id, transaction_hash, shares_raw, copy)

),

reported as (

    select
        undeposited.vault_id,
        undeposited.transaction_hash,
        undeposited.log_position,
        shares_raw,
        reports.* exclude (vault_id, transaction_hash)
    from undeposited
    asof inner join reports
        on undeposited.vault_id = reports.vault_id
        and undeposited.transaction_hash = reports.transaction_hash
        and undeposited.log_position <= reports.report_position

),

divided as (

    select
        *,
        abs(
            shares_raw::double / (sum(shares_raw) over by_report)::double
            - protocol_share
        ) as protocol_distance
    from reported
    window by_report as (partition by vault_id, transaction_hash, report_position)

),

ranked as (

    select
        * exclude (transaction_hash, shares_raw),
        row_number() over (
            partition by vault_id, transaction_hash, report_position
            order by protocol_distance, log_position desc
        ) as place
    from divided

),

matched as (

    select *
    from undeposited
    left join statements using (vault_id, log_position)
    left join ranked using (vault_id, log_position)

),

-- what parts a valuation's own mints from those of the flows after it
valuations as (

    select
        vault_id,
        transaction_hash,
        log_position,
        true as is_valuation
    from intermediate.vault_events
    where event = 'TotalAssetsUpdated'

),

turns as (

    select * from valuations
    union all
    select
        vault_id,
        transaction_hash,
        log_position,
        false as is_valuation
    from intermediate.supply_changes
    where is_settlement_leg

),

receivers as (

    select
        vault_id,
        account as receiver,
        true as is_named
    from intermediate.fee_receivers

),

assets as (

    select * from intermediate.unexplained_assets

),

proved as (

    select
        vault_id,
        true as is_proved
    from intermediate.proved_histories

),

judged as (

    select
        matched.*,
        case
            -- of a valuation whose log is missing
            when stated_kind = 'valuation' and not coalesce(turns.is_valuation, false)
                then 'accrual'
            when stated_kind is not null then stated_kind
            when report_position is not null or is_to_itself then 'accrual'
            when turns.is_valuation then 'valuation'
            when receivers.is_named then 'mint_to_receiver'
            else 'unexplained'
        end as kind,
        turns.log_position as turn_position,
        tells_every_mint,
        surplus_raw,
        coalesce(is_proved, false) as is_proved
    from matched
    inner join vaults using (vault_id)
    left join receivers using (vault_id, receiver)
    left join assets using (vault_id, transaction_hash)
    left join proved using (vault_id)
    asof left join turns
        on matched.vault_id = turns.vault_id
        and matched.transaction_hash = turns.transaction_hash
        and matched.log_position >= turns.log_position

)

select
    vault_id,
    flow_source,
    log_position,
    block_number,
    transaction_hash,
    block_at,
    receiver,
    is_to_itself,
    shares_raw,
    kind,
    case
        when stated_kind is null then reported_management
        when purpose is not null then (purpose = 'management')::integer::double
    end as management_share,
    case
        when stated_kind is not null then is_protocol
        -- a single mint is the protocol's where most of the fee is
        when protocol_share = 0 then false
        when protocol_share > 0 then place = 1 and protocol_distance <= 0.5
    end as is_protocol,
    rate,
    coalesce(statement_position, report_position) as statement_position,
    statement_part,
    case when kind = 'valuation' then turn_position end as valuation_position,
    not is_proved
    and case kind
        when 'mint_to_receiver' then tells_every_mint
        when 'unexplained'
            then tells_every_mint or coalesce(surplus_raw > 0::bignum, false)
        else false
    end as is_log_missing
from judged
