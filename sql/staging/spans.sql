-- One row per source and contract: from which block to which its logs lie in it.
-- grain: file_id, chain_id, address, from_block
select
    file_id,
    archive,
    chain_id,
    address,
    logs,
    from_block,
    to_block,
    is_complete
from raw.spans
