-- One row per event by which a vault's account borrowed, repaid or was liquidated.
-- grain: vault_id, log_position, account
-- units:
--   block number: block_number
--   log position: log_position
--   smallest unit of the token: amount_raw
-- columns:
--   vault_id: the vault's id in the config
--   log_position: block number and place in it, as one number
--   changed_at: when, UTC
--   block_number: block of the event
--   transaction_hash: its transaction; where the archive has none, the block
--   protocol: the market's family
--   market: the market's contract, lower case
--   market_name: its name in the config
--   account: which of the vault's accounts owes
--   event: the event's name
--   token: what is owed, where the event, the market or the config says so
--   amount_raw: owed more (positive) or less, in the smallest unit of the token, exact;
--     a liquidation counts with what it repaid and what is left to the lenders
--   market_id: the market within the contract, where it has several; else empty
select
    vault_id,
    log_position,
    block_at as changed_at,
    block_number,
    transaction_hash,
    family as protocol,
    address as market,
    name as market_name,
    account,
    event,
    token,
    amount_raw::varchar as amount_raw,
    market as market_id
from intermediate.debt_events
