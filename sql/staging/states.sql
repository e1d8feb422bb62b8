-- One row per value read from a contract at a block, by the as-of date.
-- grain: chain_id, block_number, address, field, argument
select
    chain_id,
    block_number,
    block_timestamp as block_at,
    address,
    field,
    argument,
    status,
    value,
    text
from raw.states
where block_timestamp < (select until_at from raw.run)
