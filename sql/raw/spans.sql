-- One row per source and contract: from which block to which its logs lie in it, kept
-- or not. file_id is 0 for a node; archive is the pattern of the config that the file
-- belongs to. is_complete: the source holds every log that the contract emitted between
-- the two, as a node has shown, or as the config says of all files of an archive.
create table if not exists raw.spans (
    file_id integer not null,
    archive varchar not null,
    chain_id bigint not null,
    address varchar not null,
    logs bigint not null,
    from_block bigint not null,
    to_block bigint not null,
    is_complete boolean not null,
    primary key (file_id, chain_id, address, from_block)
);
