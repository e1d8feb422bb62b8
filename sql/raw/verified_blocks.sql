-- One row per block whose logs were compared with what a node proves of it: of event
-- blocks, and of all or a sample of the blocks without a log of ours. One row per chain
-- and block. logs and digest are of the logs held then, and of what logs were wanted:
-- if they change, it is verified again. level is 1 where its header was verified, 2
-- where its receipts were too, or its filter shows that they hold no log of ours. A
-- fault is empty where none was found; at level 1 that of the receipts says why they
-- could not be looked at. fault_vaults lists the vaults whose history it is a fault
-- of, with commas between. is_recomputed: the block's hash follows from its header.
create table if not exists raw.verified_blocks (
    chain_id bigint not null,
    block_number bigint not null,
    logs bigint not null,
    digest varchar not null,
    level integer not null,
    is_recomputed boolean not null,
    header_fault varchar not null,
    receipts_fault varchar not null,
    fault_vaults varchar not null
);
