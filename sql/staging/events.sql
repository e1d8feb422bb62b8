-- One row per decoded event of a configured vault, with its block's time if known.
-- Events after the as-of date are left out: they must not change a past run.
-- grain: vault_id, log_position
-- stored
with

vaults as (

    select * from raw.vaults

),

events as (

    select * from raw.events

),

logs as (

    select * from raw.logs

),

blocks as (

    select * from raw.blocks

)

select
    vaults.vault_id,
    -- orders a chain's logs: no block holds a million of them
    events.block_number * 1_000_000 + events.log_index as log_position,
    events.block_number,
    -- where an archive has no hashes, the block holds a transaction's logs together
    coalesce(events.transaction_hash, 'block ' || events.block_number)
        as transaction_hash,
    events.address,
    events.event,
    events.arguments,
    logs.file_id,
    coalesce(logs.block_timestamp, blocks.block_timestamp) as block_at
from events
inner join vaults using (chain_id, address)
inner join logs using (chain_id, block_number, log_index)
left join blocks using (chain_id, block_number)
where block_at is null or block_at < (select until_at from raw.run)
