-- A log that was imported twice.
select
    chain_id,
    block_number,
    log_index,
    count(*) as copies
from staging.logs
group by all
having copies > 1
