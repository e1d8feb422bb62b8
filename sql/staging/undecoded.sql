-- One row per log of a vault that could not be decoded, and why.
-- grain: chain_id, block_number, log_index
select
    chain_id,
    block_number,
    log_index,
    reason,
    detail
from raw.undecoded
