-- One row per decoded log: the event's name and its arguments as JSON, every integer
-- as a decimal string so that uint256 stays exact, addresses and bytes as 0x hex.
-- signature is the canonical one, e.g. Transfer(address,address,uint256).
create table if not exists raw.events (
    chain_id bigint not null,
    block_number bigint not null,
    log_index bigint not null,
    transaction_hash varchar,
    address varchar not null,
    event varchar not null,
    signature varchar not null,
    arguments json not null
);
