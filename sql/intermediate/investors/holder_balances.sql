-- One row per vault and account that ever held its shares: the exact balance.
-- grain: vault_id, holder
-- stored
with

changes as (

    select
        vault_id,
        receiver as holder,
        block_at,
        shares_raw as change
    from intermediate.share_transfers
    where not is_burn

    union all

    select
        vault_id,
        sender,
        block_at,
        0::bignum - shares_raw
    from intermediate.share_transfers
    where not is_mint

)

select
    vault_id,
    holder,
    sum(change) as balance_raw,
    count(*) as transfers_count,
    min(block_at) as first_at,
    max(block_at) as last_at
from changes
group by vault_id, holder
