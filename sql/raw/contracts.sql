-- One row per contract whose logs a vault's figures need, the vault's own among them;
-- written anew by each run from the config.
-- role is what it is to the vault: vault, asset, safe, account, roles, proxy_admin,
-- beacon, accountant, governor, fee_receiver, venue, lending, pool or reward. family
-- names what it emits.
-- is_shared: many others use the contract too, so that only logs are kept in which a
-- topic is one of the vault's own accounts (vault, safe, account).
-- pool_id is the pool's in a contract that holds many, else empty; coins are a pool's,
-- by number, joined by commas, or what a venue or market lends, or empty.
create table if not exists raw.contracts (
    vault_id varchar not null,
    chain_id bigint not null,
    address varchar not null,
    role varchar not null,
    family varchar not null,
    name varchar not null,
    is_shared boolean not null,
    pool_id varchar not null,
    coins varchar not null,
    primary key (vault_id, chain_id, address, role, pool_id)
);
