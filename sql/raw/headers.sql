-- One row per block header that a node gave: of event blocks, of others whose filter
-- was looked at, of each UTC day's last block and of those looked at to find it. One
-- row per chain and block. is_recomputed: the hash was computed from the header's
-- fields and is the block's.
create table if not exists raw.headers (
    chain_id bigint not null,
    block_number bigint not null,
    block_hash blob not null,
    parent_hash blob not null,
    receipts_root blob not null,
    block_timestamp timestamptz not null,
    is_recomputed boolean not null
);
