-- One row per log of a vault that could not be decoded, and why, by the as-of date.
-- grain: chain_id, block_number, log_index
with

run as (

    select * from raw.run

),

logs as (

    select * from raw.logs

),

blocks as (

    select * from raw.blocks

)

select
    undecoded.chain_id,
    undecoded.block_number,
    undecoded.log_index,
    '0x' || lower(hex(logs.address)) as address,
    logs.file_id,
    undecoded.reason,
    undecoded.detail
from raw.undecoded
inner join logs using (chain_id, block_number, log_index)
left join blocks using (chain_id, block_number)
cross join run
where coalesce(logs.block_timestamp, blocks.block_timestamp, '-infinity') < until_at
