-- One row per block whose time a blocks file supplied.
create table if not exists raw.blocks (
    chain_id bigint not null,
    block_number bigint not null,
    block_timestamp timestamptz not null,
    file_id integer not null,
    primary key (chain_id, block_number)
);
