-- One row per log and further file or node that has it too, next to the one that
-- raw.logs names: a log stays while one of them is there and still has it.
create table if not exists raw.log_copies (
    chain_id bigint not null,
    block_number bigint not null,
    log_index bigint not null,
    file_id integer not null
);
