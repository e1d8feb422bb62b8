-- One row per receipt of a reward token by a vault or its accounts.
-- Rewards are kept apart from the price per share: they are in it only once they were
-- sold for the asset. Points are no tokens and are never counted.
-- grain: vault_id, token, log_position
-- units:
--   block number: block_number
--   log position: log_position
--   smallest unit of the token: amount_raw
-- columns:
--   vault_id: the vault's id in the config
--   token: the token's contract, lower case
--   token_name: its name in the config
--   log_position: block number and place in it, as one number
--   received_at: when, UTC
--   block_number: block of the transfer
--   transaction_hash: its transaction; where the archive has none, the block
--   sender: who sent it
--   receiver: which of the vault's accounts received it
--   amount_raw: how much, in the token's smallest unit, exact
with

accounts as (

    select
        vault_id,
        account
    from intermediate.asset_accounts

),

transfers as (

    select
        *,
        arguments->>'from' as sender,
        arguments->>'to' as receiver
    from staging.contract_events
    where role = 'reward' and event = 'Transfer'

),

others as (

    select transfers.*
    from transfers
    anti join accounts
        on transfers.vault_id = accounts.vault_id
        and transfers.sender = accounts.account

)

select
    others.vault_id,
    others.address as token,
    others.name as token_name,
    others.log_position,
    others.block_at as received_at,
    others.block_number,
    others.transaction_hash,
    others.sender,
    others.receiver,
    arguments->>'value' as amount_raw
from others
inner join accounts
    on others.vault_id = accounts.vault_id and others.receiver = accounts.account
