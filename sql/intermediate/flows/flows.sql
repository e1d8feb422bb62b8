-- One row per deposit into and withdrawal from a vault, exact, deposits positive.
-- Lagoon: what a settlement settles, synchronous deposits and redemptions, and once
-- closed the withdrawals that burn; request claims repeat it and are not here. All
-- others: Deposit and Withdraw, of ERC-7540 those that claim what was asked for; Enter
-- and Exit of Veda, whose assets are known where they are the vault's own asset.
-- ERC-7540 has no event of settlement: what it mints to a holder or burns of one
-- without a claim has no assets. A Deposit of no assets makes shares of what was the
-- vault's before, and a Withdraw to nobody takes a loss: neither is a flow, nor is an
-- Enter or Exit whose asset is the zero address. Shares are net of entry fees, gross of
-- exit fees. A queue may pay out of its own pocket: then the Exit has no assets, and
-- the queue's own event says what was paid.
-- grain: vault_id, log_position
-- stored
with

events as (

    select * from intermediate.vault_events

),

transfers as (

    select * from intermediate.share_transfers

),

escrows as (

    select * from intermediate.share_escrows

),

base_assets as (

    select * from intermediate.vault_assets

),

settlements as (

    select
        *,
        if(event = 'SettleDeposit', 'settled_deposit', 'settled_redemption') as kind,
        (arguments->>if(event = 'SettleDeposit', 'assetsDeposited', 'assetsWithdrawed'))
            ::bignum as assets,
        (arguments->>if(event = 'SettleDeposit', 'sharesMinted', 'sharesBurned'))
            ::bignum as shares
    from events
    where event in ('SettleDeposit', 'SettleRedeem')

),

-- an entry fee is logged before the event of the deposit it was taken from
deposit_ends as (

    select
        vault_id,
        transaction_hash,
        log_position
    from events
    where event in ('SettleDeposit', 'DepositSync')

),

entry_fees as (

    select
        fees.vault_id,
        deposit_ends.log_position,
        sum((fees.arguments->>'shares')::bignum) as fee_shares
    from events as fees
    asof inner join deposit_ends
        on fees.vault_id = deposit_ends.vault_id
        and fees.transaction_hash = deposit_ends.transaction_hash
        and fees.log_position <= deposit_ends.log_position
    where fees.event = 'FeeTaken' and (fees.arguments->>'feeType') = '2'
    group by all

),

settled as (

    select
        settlements.* exclude (shares),
        null::varchar as holder,
        case
            when fee_shares is null then shares
            else shares - fee_shares
        end as shares
    from settlements
    left join entry_fees using (vault_id, log_position)

),

-- a PreMint is logged twice, and moves no assets
pre_mints as (

    select distinct
        vault_id,
        transaction_hash,
        arguments->>'receiver' as holder,
        arguments->>'shares' as share_text
    from events
    where event = 'PreMint'

),

synchronous as (

    select
        events.*,
        arguments->>'owner' as holder,
        case
            when event = 'WithdrawSync' then 'sync_withdrawal'
            when pre_mints.vault_id is not null then 'pre_mint'
            else 'sync_deposit'
        end as kind,
        (arguments->>'assets')::bignum as assets,
        (arguments->>'shares')::bignum as shares
    from events
    left join pre_mints
        on events.vault_id = pre_mints.vault_id
        and events.transaction_hash = pre_mints.transaction_hash
        and (events.arguments->>'owner') = pre_mints.holder
        and (events.arguments->>'shares') = pre_mints.share_text
    where event in ('DepositSync', 'WithdrawSync')

),

burns as (

    select
        vault_id,
        transaction_hash,
        sender as holder,
        shares_raw as shares,
        copy,
        true as is_burned,
        row_number() over (
            partition by vault_id, transaction_hash, shares order by log_position
        ) as burn_number
    from transfers
    where is_burn

),

-- a Yearn V2 withdrawal names who was paid, its burn whose shares they were
nameless as (

    select
        vault_id,
        transaction_hash,
        log_position,
        (arguments->>'shares')::bignum as shares,
        row_number() over (
            partition by vault_id, transaction_hash, shares order by log_position
        ) as burn_number
    from events
    where event = 'Withdraw' and (arguments->>'owner') is null

),

owners as (

    select
        nameless.vault_id,
        nameless.log_position,
        burns.holder as owner
    from nameless
    inner join burns using (vault_id, transaction_hash, shares, burn_number)

),

queue_payments as (

    select
        vault_id,
        settled_transaction as transaction_hash,
        burnt_raw::varchar as burnt_text,
        any_value(paid_raw) as paid_raw
    from intermediate.veda_withdrawals
    where status = 'settled'
    group by all
    having count(distinct paid_raw) = 1 and count(paid_raw) = count(*)

),

trades as (

    select
        events.*,
        coalesce(
            arguments->>'owner',
            owners.owner,
            arguments->>'recipient',
            arguments->>if(event = 'Enter', 'to', 'from')
        ) as account,
        -- what a queue burns is of those who asked
        case
            when event != 'Exit' or account not in (select account from escrows)
                then account
        end as holder,
        if(event in ('Deposit', 'Enter'), 'deposit', 'withdrawal') as kind,
        coalesce(arguments->>'assets', arguments->>'amount')::bignum as amount,
        -- a Veda vault's amount is of whichever asset was paid
        case
            -- a penalty: shares burn, and what was theirs stays in the vault
            when event = 'Withdraw' and (arguments->>'receiver') = address
                then 0::bignum
            when event = 'Exit' and amount = 0::bignum
                and (arguments->>'to') != account
                then paid_raw
            when event in ('Deposit', 'Withdraw') or (arguments->>'asset') = asset
                then amount
        end as assets,
        case
            when assets is not null then null
            when (arguments->>'asset') != asset then 'other_coin'
            else 'flows_not_priced'
        end as reason,
        (arguments->>'shares')::bignum as shares,
        row_number() over (
            partition by
                events.vault_id, events.transaction_hash, event, account, shares
            order by events.log_position
        ) as copy
    from events
    left join base_assets on events.vault_id = base_assets.vault_id
    left join owners
        on events.vault_id = owners.vault_id
        and events.log_position = owners.log_position
    left join queue_payments as paid
        on events.vault_id = paid.vault_id
        and events.transaction_hash = paid.transaction_hash
        and events.event = 'Exit'
        and (events.arguments->>'shares') = paid.burnt_text
    where event in ('Deposit', 'Withdraw', 'Enter', 'Exit')
        and (event in ('Withdraw', 'Exit') or amount is distinct from 0::bignum)
        and coalesce(arguments->>'asset', '')
            != '0x0000000000000000000000000000000000000000'
        and coalesce(arguments->>'receiver', '')
            != '0x0000000000000000000000000000000000000000'

),

at_once as (

    select *
    from trades
    left join burns using (vault_id, transaction_hash, holder, shares, copy)
    where flow_source != 'settlements'
        or (event = 'Withdraw' and is_burned is not null)

),

-- what a settlement makes or takes in the account where shares wait is told by claims
unpriced as (

    select
        transfers.* exclude (copy),
        if(is_mint, receiver, sender) as holder,
        if(is_mint, 'mint', 'burn') as kind,
        null::bignum as assets,
        shares_raw as shares
    from transfers
    left join escrows
        on transfers.vault_id = escrows.vault_id
        and if(is_mint, receiver, sender) = escrows.account
    left join trades
        on transfers.vault_id = trades.vault_id
        and transfers.transaction_hash = trades.transaction_hash
        and if(is_mint, receiver, sender) = trades.holder
        and if(is_mint, 'deposit', 'withdrawal') = trades.kind
        and shares_raw = trades.shares
        and transfers.copy = trades.copy
    where transfers.flow_source = 'transfers' and (is_mint != is_burn)
        and escrows.account is null and trades.holder is null

),

combined as (

    select
        vault_id,
        log_position,
        block_number,
        transaction_hash,
        block_at,
        kind,
        holder,
        assets,
        shares,
        null::varchar as reason
    from settled

    union all

    select
        vault_id,
        log_position,
        block_number,
        transaction_hash,
        block_at,
        kind,
        holder,
        assets,
        shares,
        null
    from synchronous

    union all

    select
        vault_id,
        log_position,
        block_number,
        transaction_hash,
        block_at,
        kind,
        holder,
        assets,
        shares,
        reason
    from at_once

    union all

    select
        vault_id,
        log_position,
        block_number,
        transaction_hash,
        block_at,
        kind,
        holder,
        assets,
        shares,
        'flows_not_priced'
    from unpriced

)

select
    vault_id,
    log_position,
    block_number,
    transaction_hash,
    block_at,
    kind,
    holder,
    kind in (
        'settled_deposit', 'sync_deposit', 'pre_mint', 'deposit', 'mint'
    ) as is_deposit,
    -- what a PreMint brings in moves no assets
    kind != 'pre_mint' as is_cash,
    case when is_deposit then assets else 0::bignum - assets end as assets_raw,
    case when is_deposit then shares else 0::bignum - shares end as shares_raw,
    reason
from combined
