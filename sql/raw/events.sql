-- One row per decoded log: the event's name and its arguments as JSON, every integer
-- as a decimal string so that uint256 stays exact, addresses and bytes as 0x hex.
-- signature is the canonical one, e.g. Transfer(address,address,uint256). The
-- arguments are text to DuckDB, which would check and copy each JSON value once more.
create table if not exists raw.events (
    chain_id bigint not null,
    block_number bigint not null,
    log_index bigint not null,
    transaction_hash varchar,
    address varchar not null,
    event varchar not null,
    signature varchar not null,
    arguments varchar not null
);
