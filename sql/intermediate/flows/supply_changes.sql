-- One row per mint or burn of shares: the exact supply after it.
-- grain: vault_id, log_position
-- stored
with

transfers as (

    select
        vault_id,
        log_position,
        block_at,
        transaction_hash,
        address,
        arguments->>'from' as sender,
        arguments->>'to' as receiver,
        (arguments->>'value')::bignum as shares
    from staging.events
    where event = 'Transfer'

),

sync_deposits as (

    select distinct
        vault_id,
        transaction_hash,
        arguments->>'owner' as receiver,
        true as is_sync_deposit
    from staging.events
    where event = 'DepositSync'

),

changes as (

    select
        *,
        case
            when sender = '0x0000000000000000000000000000000000000000' then shares
            else 0::bignum - shares
        end as change
    from transfers
    left join sync_deposits using (vault_id, transaction_hash, receiver)
    where (sender = '0x0000000000000000000000000000000000000000')
        != (receiver = '0x0000000000000000000000000000000000000000')

)

select
    vault_id,
    log_position,
    block_at,
    transaction_hash,
    change,
    -- the NAV's fees are minted before this point of a Lagoon settlement
    change < 0::bignum or receiver = address
        or is_sync_deposit is not null as is_settlement_leg,
    sum(change) over by_position as total_supply_raw
from changes
window by_position as (
    partition by vault_id order by log_position rows unbounded preceding
)
