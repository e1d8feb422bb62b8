-- One row per entry or exit of a Veda vault for which no asset is taken in or paid.
-- Its asset is the zero address: shares come from another chain or leave for one, or
-- are taken from one holder and made anew for another in the same transaction.
-- partner: the other of these two; null where the shares cross to or from a chain.
-- grain: vault_id, log_position
-- stored
with

vaults as (

    select vault_id from staging.vaults where family = 'veda'

),

events as (

    select
        vault_id,
        log_position,
        block_number,
        transaction_hash,
        block_at,
        event = 'Enter' as is_mint,
        arguments->>if(is_mint, 'to', 'from') as holder,
        (arguments->>'shares')::bignum as shares_raw,
        row_number() over (
            partition by vault_id, transaction_hash, event, shares_raw
            order by log_position
        ) as copy
    from intermediate.vault_events
    semi join vaults using (vault_id)
    where event in ('Enter', 'Exit') and (arguments->>'amount') = '0'
        and (arguments->>'asset') = '0x0000000000000000000000000000000000000000'

),

others as (

    select
        vault_id,
        transaction_hash,
        shares_raw,
        copy,
        not is_mint as is_mint,
        holder as partner
    from events

)

select
    vault_id,
    log_position,
    block_number,
    transaction_hash,
    block_at,
    is_mint,
    holder,
    shares_raw,
    partner
from events
left join others using (vault_id, transaction_hash, shares_raw, copy, is_mint)
