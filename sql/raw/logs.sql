-- One row per event log that a configured contract emitted, as archived.
-- unique on (chain_id, block_number, log_index); import keeps it so, because an index
-- would make it ten times slower, and a check proves it.
-- block_timestamp is null until the file, a blocks file or a node supplies it.
create table if not exists raw.logs (
    chain_id bigint not null,
    block_number bigint not null,
    log_index bigint not null,
    block_hash blob,
    block_timestamp timestamptz,
    transaction_hash blob,
    transaction_index bigint,
    address blob not null,
    topic0 blob,
    topic1 blob,
    topic2 blob,
    topic3 blob,
    data blob not null,
    file_id integer not null
);
