-- One row per decoded event by the as-of date of a contract other than the vault.
-- A shared contract's events are those that name one of the vault's accounts, or the
-- pool. Euler's sub-accounts differ from their owner in the last byte only.
-- grain: vault_id, role, address, pool_id, log_position
-- stored
with

run as (

    select * from raw.run

),

accounts as (

    select distinct
        vault_id,
        address[:40] as account_key
    from raw.contracts
    where role in ('vault', 'safe', 'account')

),

contracts as (

    select * from raw.contracts where role != 'vault'

),

events as (

    select * from raw.events

),

logs as (

    select * from raw.logs

),

blocks as (

    select * from raw.blocks

),

matched as (

    select
        contracts.vault_id,
        contracts.role,
        contracts.family,
        contracts.name,
        contracts.is_shared,
        contracts.pool_id,
        events.*
    from events
    inner join contracts using (chain_id, address)
    where contracts.pool_id = '' or (events.arguments->>'id') = contracts.pool_id

),

ours as (

    select distinct
        matched.vault_id,
        matched.chain_id,
        matched.block_number,
        matched.log_index
    from matched
    inner join accounts
        on matched.vault_id = accounts.vault_id
        and contains(matched.arguments::varchar, accounts.account_key)
    where matched.is_shared and matched.pool_id = ''

)

select
    matched.vault_id,
    matched.role,
    matched.family,
    matched.name,
    matched.address,
    matched.pool_id,
    matched.block_number * 1_000_000 + matched.log_index as log_position,
    matched.block_number,
    coalesce(matched.transaction_hash, 'block ' || matched.block_number)
        as transaction_hash,
    matched.event,
    matched.arguments,
    logs.file_id,
    coalesce(logs.block_timestamp, blocks.block_timestamp) as block_at
from matched
inner join logs using (chain_id, block_number, log_index)
left join blocks using (chain_id, block_number)
cross join run
left join ours
    on matched.vault_id = ours.vault_id
    and matched.chain_id = ours.chain_id
    and matched.block_number = ours.block_number
    and matched.log_index = ours.log_index
where coalesce(logs.block_timestamp, blocks.block_timestamp) < run.until_at
    and (not matched.is_shared or matched.pool_id != '' or ours.vault_id is not null)
