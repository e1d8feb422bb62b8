-- One row per block header that a node gave: when the block was.
-- grain: chain_id, block_number
select
    chain_id,
    block_number,
    block_timestamp as block_at
from raw.headers
