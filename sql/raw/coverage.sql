-- One row per stretch of blocks of which all logs of a filter are held, both ends
-- included. filter is the digest of the addresses and topics asked for. end_hash is
-- the hash of the last block, compared by the next run to notice a reorganisation.
create table if not exists raw.coverage (
    chain_id bigint not null,
    filter varchar not null,
    from_block bigint not null,
    to_block bigint not null,
    end_hash blob not null,
    logs bigint not null,
    digest varchar not null,
    endpoint varchar not null,
    fetched_at timestamptz not null,
    primary key (chain_id, filter, from_block)
);
