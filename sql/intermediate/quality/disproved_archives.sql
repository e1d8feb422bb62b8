-- One row per archive called complete and contract of which a node has more logs.
-- What the archive does not show of it may have happened all the same.
-- Counted in the blocks of all its files together. Logs that several of its files have
-- count twice, so that a lack may stay unseen, but none is invented.
-- grain: archive, chain_id, address
-- stored
with

spans as (

    select * from staging.spans

),

archives as (

    select
        archive,
        chain_id,
        address,
        sum(logs) as logs,
        min(from_block) as from_block,
        max(to_block) as to_block,
        list(file_id) as file_ids
    from spans
    where file_id != 0 and is_complete
        and exists (select 1 from spans where file_id = 0)
    group by all

),

logs as (

    select * from staging.logs

),

counted as (

    select
        archives.archive,
        archives.chain_id,
        archives.address,
        count(*) - any_value(archives.logs)::bigint as missing,
        min(logs.block_number) filter (
            not list_contains(archives.file_ids, logs.file_id)
        ) as missing_block
    from logs
    inner join archives using (chain_id, address)
    where logs.block_number between archives.from_block and archives.to_block
    group by all

)

select
    archive,
    chain_id,
    address,
    missing,
    missing_block
from counted
where missing > 0
