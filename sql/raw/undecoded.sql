-- One row per log kept that was not decoded, and why: unknown_event when the
-- family has no such topic0, undecodable when topics or data do not fit the event.
create table if not exists raw.undecoded (
    chain_id bigint not null,
    block_number bigint not null,
    log_index bigint not null,
    reason varchar not null,
    detail varchar not null
);
