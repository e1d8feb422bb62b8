-- One row per event by which shares are taken from one holder, for another or for none.
-- The vault burns them of the one and makes them anew for the other.
-- given: who gets them; null where nobody does
-- grain: vault_id, log_position
-- stored
with

stated as (

    select
        *,
        nullif(arguments->>'to', '0x0000000000000000000000000000000000000000') as given
    from intermediate.vault_events
    where event = 'LockedAmountRedistributed'

),

unpaid as (

    select * from intermediate.veda_unpaid_moves

)

select
    vault_id,
    log_position,
    block_number,
    transaction_hash,
    arguments->>'from' as seized,
    given,
    (arguments->>'amount')::bignum as shares_raw
from stated

union all

select
    vault_id,
    log_position,
    block_number,
    transaction_hash,
    holder as seized,
    partner as given,
    shares_raw
from unpaid
where not is_mint and partner is not null
