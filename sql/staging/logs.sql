-- One row per archived log of a vault's contract, with its block's time if known.
-- grain: chain_id, block_number, log_index
with

logs as (

    select * from raw.logs

),

blocks as (

    select * from raw.blocks

)

select
    logs.chain_id,
    logs.block_number,
    logs.log_index,
    '0x' || lower(hex(logs.address)) as address,
    logs.file_id,
    coalesce(logs.block_timestamp, blocks.block_timestamp) as block_at
from logs
left join blocks using (chain_id, block_number)
