-- One row per configured vault, in the order of the config; each run writes them anew.
-- addresses are lower case with 0x; decimals scale raw integers to units.
create table if not exists raw.vaults (
    vault_id varchar primary key,
    config_position integer not null,
    chain_id bigint not null,
    address varchar not null,
    name varchar not null,
    family varchar not null,
    asset_symbol varchar not null,
    asset_decimals integer not null,
    share_decimals integer not null,
    safe varchar,
    unique (chain_id, address)
);
