-- One row per value read from a contract at a block: what was asked, what came back.
-- field is the function's name (totalAssets, convertToAssets, balanceOf, …), argument
-- its argument as text or empty. holder.* was asked of the vault about the holder with
-- the most shares. What proxy.* and code.* name was found out of the contract at that
-- block: its proxy's slots, the first block with code. value holds an integer exactly,
-- text anything else. status is ok, reverted, no_code, out_of_gas or failed; only ok
-- has a value or text.
create table if not exists raw.states (
    chain_id bigint not null,
    block_number bigint not null,
    block_timestamp timestamptz not null,
    address varchar not null,
    field varchar not null,
    argument varchar not null,
    status varchar not null,
    value bignum,
    text varchar
);
