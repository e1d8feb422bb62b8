-- One row per event by which an account of a vault owes more or less to a market.
-- amount_raw is what it owes more (positive) or less, in raw units of token, which is
-- null where nobody tells it. A liquidation repays what it covers and what nobody pays.
-- grain: vault_id, log_position, account
-- stored
with

records as (

    select * from intermediate.market_records where side = 'debt'

),

tokens as (

    select * from intermediate.market_tokens

)

select
    records.vault_id,
    records.log_position,
    records.block_number,
    records.block_at,
    records.transaction_hash,
    records.family,
    records.address,
    records.market,
    records.name,
    records.account,
    records.event,
    coalesce(records.token, tokens.token) as token,
    records.amount_raw < 0::bignum as is_repaid,
    records.amount_raw
from records
left join tokens
    on records.vault_id = tokens.vault_id
    and records.address = tokens.address
    and records.market = tokens.market
