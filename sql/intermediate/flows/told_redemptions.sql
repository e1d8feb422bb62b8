-- One row per request to redeem of a vault without events of settlement: its outcome.
-- reason: why it has no realised price, if it has none.
-- exit_fee: what was kept on leaving, as a part; null where nothing tells
-- grain: vault_id, log_position
-- stored
with

combined as (

    select * from intermediate.claimed_redemptions
    union all by name
    select * exclude (silo) from intermediate.susde_cooldowns
    union all by name
    select * from intermediate.veda_withdrawals

)

select
    vault_id,
    log_position,
    block_number,
    block_at,
    transaction_hash,
    controller,
    request_id,
    shares_raw,
    status,
    settled_position,
    settled_at,
    settled_transaction,
    paid_raw,
    burnt_raw,
    reason,
    exit_fee
from combined
