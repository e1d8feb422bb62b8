-- One row per request to redeem shares later, and what became of it.
-- Settled by the first SettleRedeem whose epochId is at least the requestId (Lagoon),
-- by the claim (ERC-7540), when the cooldown's assets were taken (sUSDe) or when the
-- queue paid (Veda).
-- grain: vault_id, log_position
-- view
-- units:
--   shares: shares
--   asset per share: price_at_request, price_at_settlement, realised_price
--   fraction: price_change, exit_fee, shortfall
--   days: waited_days
--   count: times_passed_over
--   block number: block_number, settled_block
--   log position: log_position
--   smallest unit of the share: shares_raw
-- columns:
--   vault_id: the vault's id in the config
--   log_position: block number and place in it, as one number
--   requested_at: when it was asked for, UTC
--   block_number: block of the request
--   transaction_hash: its transaction; where the archive has none, the block
--   controller: who may claim what it gives
--   request_id: the epoch it was put into, or its id; null where it has none
--   shares_raw: shares asked to be redeemed, exact
--   shares: shares asked to be redeemed
--   status: settled, waiting, cancelled, or unknown where no event tells
--   settled_at: when its assets were set aside at a fixed price, claimed or paid, UTC
--   settled_block: block of the settlement
--   settled_transaction: its transaction
--   waited_days: days from the request to the settlement; of one that waits, to the end
--     of what any source holds of the vault
--   times_passed_over: settlements that it was due for and that left it out (Lagoon)
--   price_at_request: the vault's last price per share by the request
--   price_at_settlement: the vault's price per share at the settlement (Lagoon)
--   realised_price: assets that the settlement paid for each share
--   price_change: realised_price / price_at_request - 1
--   exit_fee: part of the shares that the vault states it kept as a fee on leaving, or
--     a queue's discount below the rate at which it was asked for; null where it is not
--     settled, or of a kind that states none
--   shortfall: realised_price / price_at_settlement - 1, an exit fee included;
--     negative: less than the value
--   reason: why there is no realised price
select
    vault_id,
    log_position,
    requested_at,
    block_number,
    transaction_hash,
    controller,
    request_id,
    shares_raw,
    shares,
    status,
    settled_at,
    settled_block,
    settled_transaction,
    waited_days,
    times_passed_over,
    price_at_request,
    price_at_settlement,
    realised_price,
    price_change,
    exit_fee,
    shortfall,
    reason
from intermediate.redemptions
