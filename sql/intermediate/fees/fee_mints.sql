-- One row per mint of shares for a fee: to whom, for what, and what says so.
-- kind is valuation (of Lagoon), entry, exit, accrual (stated by an event) or
-- mint_to_receiver, which nothing but its receiver shows to be one.
-- management_share is the part for management, the rest being for performance; null
-- where it is for neither, or nobody tells. is_protocol is null where nobody tells.
-- grain: vault_id, log_position
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
    management_share,
    is_protocol,
    rate,
    statement_position,
    valuation_position
from intermediate.undeposited_mints
where kind != 'unexplained'
